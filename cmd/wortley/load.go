package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strings"

	"git.coop/cotech/wortley/bot"
	"gopkg.in/yaml.v3"
)

// loader reads settings from a file and the environment, and gathers every
// mistake, so that they can be mended together.
type loader struct {
	*Config
	from     map[string]string // by key: where its value is written
	mistakes []string
	unknown  []string // environment variables that look like ours and are not
}

// configFile is read where no other is named.
const configFile = "wortley.yaml"

// loadConfig reads the settings. Without a path it reads wortley.yaml here, if
// there is one; the environment goes over the file. The error names every
// mistake with its line or its variable.
func loadConfig(path string, environ []string) (*loader, error) {
	l := &loader{Config: defaults(), from: map[string]string{}}
	named := path != ""
	if !named {
		path = configFile
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
	case err != nil:
		return nil, operatorError{fmt.Errorf("configuration: %w", err)}
	default:
		l.readFile(path, text)
	}
	l.readEnvironment(environ)
	l.judge()
	if len(l.mistakes) > 0 {
		return nil, operatorError{fmt.Errorf("configuration:\n  %s", strings.Join(l.mistakes, "\n  "))}
	}
	return l, nil
}

func (l *loader) add(where, format string, args ...any) {
	l.mistakes = append(l.mistakes, where+": "+fmt.Sprintf(format, args...))
}

func (l *loader) readFile(path string, text []byte) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		l.add(path, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		return
	}
	if len(doc.Content) > 0 {
		l.readMapping(path, doc.Content[0], "")
	}
}

// readMapping reads one level of the file: settings, and the names of groups of them.
func (l *loader) readMapping(path string, n *yaml.Node, prefix string) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // a group in which everything is commented out
	}
	if n.Kind != yaml.MappingNode {
		l.add(at(path, n), "want settings here, as in name: wortley")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		key := prefix + name.Value
		l.begin(key)
		s, known := l.setting(key)
		switch {
		case known:
			l.readValue(path, s, value)
		case l.isGroup(key):
			l.readMapping(path, value, key+".")
		default:
			l.add(at(path, name), "there is no setting called %s%s", key, l.didYouMean(key))
		}
	}
}

func (l *loader) readValue(path string, s setting, n *yaml.Node) {
	where := at(path, n)
	if l.from[s.Key] != "" {
		l.add(where, "%s is set twice", s.Key)
		return
	}
	l.from[s.Key] = where
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
	case n.Kind == yaml.ScalarNode:
		if err := s.set(n.Value); err != nil {
			l.add(where, "%s: %s", s.Key, err)
		}
	case n.Kind == yaml.SequenceNode && s.isList():
		values := make([]string, 0, len(n.Content))
		for _, v := range n.Content {
			if v.Kind != yaml.ScalarNode {
				l.add(at(path, v), "%s: want a list of words", s.Key)
			}
			values = append(values, v.Value)
		}
		s.setList(values)
	default:
		l.add(where, "%s: want one value", s.Key)
	}
}

func at(path string, n *yaml.Node) string { return fmt.Sprintf("%s:%d", path, n.Line) }

func (l *loader) isGroup(key string) bool {
	for _, s := range append(l.settings(), documented("hub").settings()...) {
		if strings.HasPrefix(s.Key, key+".") {
			return true
		}
	}
	return false
}

// didYouMean suggests the setting that was probably meant.
func (l *loader) didYouMean(key string) string {
	best, far := "", len(key)/2
	for _, s := range append(l.settings(), documented("hub").settings()...) {
		_, last, _ := strings.Cut(s.Key, ".")
		if d := bot.Distance(key, s.Key); d < far {
			best, far = s.Key, d
		} else if last == key && best == "" {
			best = s.Key
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// readEnvironment reads WORTLEY_… variables. Empty ones count as not set.
func (l *loader) readEnvironment(environ []string) {
	set := map[string]string{}
	for _, e := range environ {
		if name, value, _ := strings.Cut(e, "="); strings.HasPrefix(name, "WORTLEY_") && value != "" {
			set[name] = value
		}
	}
	delete(set, "WORTLEY_CONFIG")
	l.beginFromEnvironment(set)
	for _, s := range l.settings() {
		value, ok := set[s.Env()]
		delete(set, s.Env())
		where := s.Env()
		if file := s.Env() + "_FILE"; s.Secret && set[file] != "" {
			value, ok = l.secret(file, set[file], ok), true
			delete(set, file)
			where = file
		}
		if !ok {
			continue
		}
		l.from[s.Key] = where
		if err := s.set(value); err != nil {
			l.add(where, "%s", err)
		}
	}
	for name := range set {
		l.unknown = append(l.unknown, name)
	}
	sort.Strings(l.unknown)
}

// secret reads a secret from a file.
func (l *loader) secret(variable, path string, twice bool) string {
	text, err := os.ReadFile(path)
	if err != nil {
		l.add(variable, "%s", err)
	}
	if twice {
		l.add(variable, "%s is set too; want one of the two", strings.TrimSuffix(variable, "_FILE"))
	}
	return string(text)
}

// judge adds what is wrong with the values, where they are written.
func (l *loader) judge() {
	wrong := l.check()
	for _, s := range l.settings() {
		text, bad := wrong[s.Key]
		switch where := l.from[s.Key]; {
		case !bad:
		case where == "" || strings.HasPrefix(where, "WORTLEY_"):
			l.add(s.Env(), "%s", text)
		default:
			l.add(where, "%s: %s", s.Key, text)
		}
	}
}
