package whohas

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"sort"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// legal are the parts of a co-op's name that people leave out.
var legal = regexp.MustCompile(`(?i)\b(?:the|co-?op(?:erative)?s?|ltd|limited|llp|cic|c\.i\.c\.|cyf|society)\b\.?|^the\s+`)

// coopKey is a co-op's name as it is compared.
func coopKey(name string) string { return directory.Key(name) }

// shortKey is a co-op's name without its legal parts; the whole name if
// nothing else is left.
func shortKey(name string) string {
	if k := directory.Key(legal.ReplaceAllString(name, " ")); k != "" {
		return k
	}
	return directory.Key(name)
}

//go:embed names.txt
var nicknames string

// nicknamed are the names that people of the network use for co-ops, by key.
var nicknamed = func() map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(nicknames) {
		full, also, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(full, "#") {
			continue
		}
		for _, a := range strings.Split(also, ",") {
			names[directory.Key(a)] = directory.Key(full)
		}
	}
	return names
}()

// coop finds the co-op that a name means. It refuses, with the names that come
// near, when there is none or more than one.
func (d *desk) coop(ctx context.Context, name string) (storage.Coop, error) {
	name = tidy(name)
	all, err := d.db.Coops(ctx)
	if err != nil {
		return storage.Coop{}, err
	}
	aliases, err := d.db.CoopAliases(ctx)
	if err != nil {
		return storage.Coop{}, err
	}
	found := findCoops(all, aliases, name)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return storage.Coop{}, bot.Errorf("%s", unknownCoop(all, name))
	}
	var names []string
	for _, c := range found[:min(len(found), 5)] {
		names = append(names, "“"+bot.Plain(c.Name)+"”")
	}
	return storage.Coop{}, bot.Errorf("Which one do you mean: %s? Please give me more of the name.", strings.Join(names, " or "))
}

// findCoops returns the co-ops that a name can mean: those that are called
// just that, else those whose name begins with it or has it as a word.
func findCoops(all []storage.Coop, aliases map[string]int64, name string) []storage.Coop {
	key, short := coopKey(name), shortKey(name)
	if key == "" {
		return nil
	}
	for alias, id := range aliases {
		if directory.Key(alias) == key {
			return byID(all, id)
		}
	}
	if full, ok := nicknamed[key]; ok {
		key = full
	}
	ways := []func(c storage.Coop) bool{
		func(c storage.Coop) bool {
			return coopKey(c.Name) == key || c.Slug != "" && strings.EqualFold(c.Slug, name)
		},
		func(c storage.Coop) bool { return shortKey(c.Name) == short },
		func(c storage.Coop) bool { return strings.HasPrefix(coopKey(c.Name), key) && len(key) >= 3 },
		func(c storage.Coop) bool { return len(short) >= 3 && hasWord(c.Name, short) },
	}
	for _, way := range ways {
		var found []storage.Coop
		for _, c := range all {
			if way(c) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return preferListed(found)
		}
	}
	return nil
}

func byID(all []storage.Coop, id int64) []storage.Coop {
	for _, c := range all {
		if c.ID == id {
			return []storage.Coop{c}
		}
	}
	return nil
}

// preferListed leaves out co-ops that have left, if one that has not remains.
func preferListed(found []storage.Coop) []storage.Coop {
	var listed []storage.Coop
	for _, c := range found {
		if c.Status == "listed" {
			listed = append(listed, c)
		}
	}
	if len(listed) > 0 {
		return listed
	}
	return found
}

func hasWord(name, key string) bool {
	for _, w := range strings.Fields(name) {
		if strings.HasPrefix(directory.Key(w), key) {
			return true
		}
	}
	return false
}

// unknownCoop says that there is no such co-op, and which come near.
func unknownCoop(all []storage.Coop, name string) string {
	if name == "" {
		return "Which co-op? Try `!coops` for all of them."
	}
	key := shortKey(name)
	type near struct {
		name string
		far  int
	}
	var found []near
	for _, c := range all {
		if far := bot.Distance(key, shortKey(c.Name)); len(key) >= 4 && far <= 2 || far == 3 && len(key) > 8 {
			found = append(found, near{c.Name, far})
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].far < found[j].far })
	text := fmt.Sprintf("I do not know a co-op called “%s”.", bot.Plain(bot.Clip(name, 60)))
	if len(found) > 0 {
		return text + fmt.Sprintf(" Did you mean %s?", bot.Plain(found[0].name))
	}
	return text + " `!coops` lists those I know."
}
