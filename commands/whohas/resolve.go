package whohas

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"sort"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// A match is what a word was taken to mean.
type match struct {
	label string          // what it is called here
	skill []storage.Skill // the skill and those within it, as far as anybody has them
	note  string          // how the word was read, if that needs saying
	term  string          // the vocabulary's canonical name, "" if it has none
}

func (m match) ids() []int64 {
	ids := make([]int64, len(m.skill))
	for i, s := range m.skill {
		ids[i] = s.ID
	}
	return ids
}

// generic words say nothing about the skill: "drupal developers" want Drupal.
var generic = regexp.MustCompile(`(?i)^(?:who\s+(?:does|has|knows|can\s+do)\s+|(?:any|some)(?:one|body)\s+(?:with|doing|who\s+(?:does|knows))\s+|someone\s+(?:who\s+)?(?:does|knows|for)\s+|people\s+(?:who\s+)?(?:do|know)\s+|experts?\s+in\s+|an?\s+|some\s+|any\s+)|\s+(?:developers?|devs?|experts?|specialists?|programmers?|skills?|people|help|work|projects?|experience)$`)

// known reports whether a phrase is a skill as it stands.
func (d *desk) known(ctx context.Context) func(string) bool {
	seen := map[string]bool{}
	return func(phrase string) bool {
		k := directory.Key(phrase)
		yes, looked := seen[k]
		if !looked {
			_, yes = d.words.Lookup(phrase)
			if !yes && k != "" {
				_, err := d.db.SkillByKey(ctx, k)
				yes = err == nil
			}
			seen[k] = yes
		}
		return yes
	}
}

// resolve finds what a word means: itself, an alias, a slip of the finger, or
// the skills it is part of. A match without skills means that nobody has it.
func (d *desk) resolve(ctx context.Context, word string) (match, error) {
	for _, w := range []string{word, generic.ReplaceAllString(word, ""), strings.TrimSuffix(word, "s")} {
		if m, ok, err := d.exactly(ctx, w); ok || err != nil {
			return m, err
		}
	}
	if m, ok, err := d.slip(ctx, word); ok || err != nil {
		return m, err
	}
	return d.within(ctx, word)
}

// exactly finds a word by its name or an alias.
func (d *desk) exactly(ctx context.Context, word string) (match, bool, error) {
	key := directory.Key(word)
	if key == "" {
		return match{}, false, nil
	}
	if t, ok := d.words.Lookup(word); ok {
		m, err := d.term(ctx, t)
		if directory.Key(t.Name) != key && !sameWords(t.Name, word) {
			m.note = "“" + bot.Plain(word) + "” is listed as " + t.Name
		}
		return m, true, err
	}
	s, err := d.db.SkillByKey(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return match{}, false, nil
	}
	if err != nil {
		return match{}, false, err
	}
	m := match{label: s.Name, skill: []storage.Skill{s}, term: d.words.Canonical(s.Name)}
	if s.Key != key {
		m.note = "“" + bot.Plain(word) + "” is listed as " + bot.Plain(s.Name)
	}
	return m, true, nil
}

// sameWords reports whether two names differ only in their ending: "vm", "VMs".
func sameWords(a, b string) bool {
	return strings.TrimSuffix(directory.Key(a), "s") == strings.TrimSuffix(directory.Key(b), "s")
}

// term gathers the skills of a vocabulary's term and of the terms within it.
func (d *desk) term(ctx context.Context, t directory.Term) (match, error) {
	m := match{label: t.Name, term: t.Name}
	for _, name := range append([]string{t.Name}, d.words.Members(t.Name)...) {
		s, err := d.db.SkillByKey(ctx, directory.Key(name))
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return m, err
		}
		m.skill = append(m.skill, s)
	}
	return m, nil
}

// slip finds the one skill that a mistyped word can have meant.
func (d *desk) slip(ctx context.Context, word string) (match, bool, error) {
	key := directory.Key(word)
	allowed := 0
	switch n := len([]rune(key)); {
	case n >= 7:
		allowed = 2
	case n >= 4:
		allowed = 1
	default:
		return match{}, false, nil
	}
	lex, err := d.lexicon(ctx)
	if err != nil {
		return match{}, false, err
	}
	best, meant := allowed+1, map[string]bool{}
	for k, name := range lex.names {
		if diff := len(k) - len(key); diff > allowed || -diff > allowed || len(k) < 4 {
			continue
		}
		switch far := bot.Distance(key, k); {
		case far < best:
			best, meant = far, map[string]bool{name: true}
		case far == best && far <= allowed:
			meant[name] = true
		}
	}
	if len(meant) != 1 || best > allowed {
		return match{}, false, nil
	}
	for name := range meant {
		m, _, err := d.exactly(ctx, name)
		m.note = "I read “" + bot.Plain(word) + "” as " + bot.Plain(name)
		return m, len(m.skill) > 0, err
	}
	return match{}, false, nil
}

// within finds the skills of whose names a word is a part: "print" is in
// Printing and in Print finishing.
func (d *desk) within(ctx context.Context, word string) (match, error) {
	m := match{label: word}
	key := directory.Key(word)
	if len([]rune(key)) < 3 {
		return m, nil
	}
	lex, err := d.lexicon(ctx)
	if err != nil {
		return m, err
	}
	for i, parts := range lex.parts {
		for _, part := range parts {
			if strings.HasPrefix(part, key) {
				m.skill = append(m.skill, lex.skills[i])
				break
			}
		}
	}
	if len(m.skill) > 8 {
		m.skill = nil
	}
	if len(m.skill) > 0 {
		names := make([]string, len(m.skill))
		for i, s := range m.skill {
			names[i] = bot.Plain(s.Name)
		}
		m.note = "“" + bot.Plain(word) + "” is part of " + sayList(names)
	}
	return m, nil
}

func notLetter(r rune) bool { return r == ' ' || r == '/' || r == '-' || r == '.' || r == ',' }

// A miss is a skill that somebody has and that may serve instead.
type miss struct {
	name string
	n    int
}

// misses returns up to four skills near a word that nobody has, best first.
func (d *desk) misses(ctx context.Context, word string, m match) ([]miss, error) {
	var names []string
	if m.term != "" {
		names = append(names, d.words.Related(m.term)...)
		for _, t := range d.words.All() {
			if t.Name == m.term {
				for _, p := range t.Parents {
					names = append(names, d.words.Members(p)...)
				}
			}
		}
	}
	more, err := d.alike(ctx, word)
	if err != nil {
		return nil, err
	}
	var found []miss
	for _, name := range append(names, more...) {
		if slices.ContainsFunc(found, func(f miss) bool { return f.name == name }) || name == m.label {
			continue
		}
		s, err := d.db.SkillByKey(ctx, directory.Key(name))
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		n, err := d.db.OwnerCount(ctx, []int64{s.ID}, false)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			found = append(found, miss{s.Name, n})
		}
		if len(found) == 4 {
			break
		}
	}
	return found, nil
}

// alike returns skills whose names share a word with what was asked, or are
// spelt nearly like it.
func (d *desk) alike(ctx context.Context, word string) ([]string, error) {
	lex, err := d.lexicon(ctx)
	if err != nil {
		return nil, err
	}
	parts := map[string]bool{}
	for _, p := range strings.FieldsFunc(strings.ToLower(word), notLetter) {
		if len(p) >= 3 {
			parts[directory.Key(p)] = true
		}
	}
	key := directory.Key(word)
	type near struct {
		name string
		far  int
	}
	var found []near
	for k, name := range lex.names {
		far := 9
		if diff := len(k) - len(key); len(key) >= 4 && len(k) >= 4 && diff <= 3 && diff >= -3 {
			far = bot.Distance(key, k)
		}
		if len(key) == 1 && strings.HasPrefix(k, key) && len(k) <= 3 && lex.own[k] {
			far = 0 // "c" may have meant C# or C++
		}
		for p := range parts {
			if k == p || strings.HasPrefix(k, p) && len(p) >= 4 {
				far = min(far, 1)
			}
		}
		if far <= 2 || far == 3 && len(key) >= 8 {
			found = append(found, near{name, far})
		}
	}
	sort.Slice(found, func(i, j int) bool {
		return found[i].far < found[j].far || found[i].far == found[j].far && found[i].name < found[j].name
	})
	list := make([]string, len(found))
	for i, f := range found {
		list[i] = f.name
	}
	return list, nil
}
