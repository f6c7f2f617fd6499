package main

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// forumKey is the group in which forums are, each under a name of its own.
const forumKey = "forums."

// A namedGroup is a group of settings of which there can be many, each under
// a short name: forums.hub.url.
type namedGroup struct {
	key  string // "forums."
	head string // what init writes above the example
	of   reflect.Value
}

// namedGroups are the groups of a configuration that have names.
func (c *Config) namedGroups() []namedGroup {
	return []namedGroup{
		{forumKey, "Discourse forums, each under a short name of your own.", reflect.ValueOf(&c.Forums).Elem()},
		{webhookKey, "Channels elsewhere that hear of news, each under a short name of your own.", reflect.ValueOf(&c.Webhooks).Elem()},
	}
}

// begin adds a group of that name with its defaults, if there is none yet.
func (g namedGroup) begin(name string) {
	if g.of.IsNil() {
		g.of.Set(reflect.MakeMap(g.of.Type()))
	}
	if k := reflect.ValueOf(name); !g.of.MapIndex(k).IsValid() {
		one := reflect.New(g.of.Type().Elem().Elem())
		setDefaults(fields(one.Elem(), ""))
		g.of.SetMapIndex(k, one)
	}
}

// fields are the settings of one of the group.
func (g namedGroup) fields() []setting {
	return fields(reflect.New(g.of.Type().Elem().Elem()).Elem(), "")
}

// begin adds the forum, or other named group, that a key is about, if there is
// none of that name yet. It reports whether the key is about one at all.
func (c *Config) begin(key string) bool {
	for _, g := range c.namedGroups() {
		rest, ok := strings.CutPrefix(key, g.key)
		name, _, _ := strings.Cut(rest, ".")
		if ok && shortName(name) {
			g.begin(name)
			return true
		}
	}
	return false
}

func shortName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
}

// beginFromEnvironment adds the groups that variables are about:
// WORTLEY_FORUMS_HUB_URL begins hub.
func (c *Config) beginFromEnvironment(set map[string]string) {
	for _, g := range c.namedGroups() {
		prefix := "WORTLEY_" + strings.ToUpper(strings.TrimSuffix(g.key, ".")) + "_"
		for variable := range set {
			rest, ok := strings.CutPrefix(variable, prefix)
			for _, s := range g.fields() {
				field := "_" + strings.ToUpper(s.Key)
				if name, is := strings.CutSuffix(strings.TrimSuffix(rest, "_FILE"), field); ok && is {
					c.begin(g.key + strings.ToLower(name))
				}
			}
		}
	}
}

// named returns the names in a group, in order.
func named[T any](group map[string]T) []string { return slices.Sorted(maps.Keys(group)) }
