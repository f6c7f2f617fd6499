package whohas

import (
	"context"
	"strings"
	"sync"

	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// A lexicon is every word that is known, made ready for comparing. It is made
// again when the directory has other skills than it was made of.
type lexicon struct {
	names  map[string]string // what each word stands for, by the word's key
	own    map[string]bool   // keys of names themselves, not of aliases
	skills []storage.Skill
	parts  [][]string // the keys of the words in each skill's name

	edition, mark int64 // of the directory, and of its skills
}

type lexicons struct {
	mu   sync.Mutex
	last *lexicon
}

// lexicon returns the words as they are now.
func (d *desk) lexicon(ctx context.Context) (*lexicon, error) {
	edition, err := d.db.Edition(ctx)
	if err != nil {
		return nil, err
	}
	d.lex.mu.Lock()
	defer d.lex.mu.Unlock()
	if d.lex.last != nil && d.lex.last.edition == edition {
		return d.lex.last, nil
	}
	mark, err := d.db.SkillsMark(ctx)
	if err != nil {
		return nil, err
	}
	if d.lex.last == nil || d.lex.last.mark != mark {
		skills, err := d.db.Skills(ctx)
		if err != nil {
			return nil, err
		}
		d.lex.last = newLexicon(d.words, skills)
	}
	d.lex.last.edition, d.lex.last.mark = edition, mark
	return d.lex.last, nil
}

func newLexicon(words *directory.Words, skills []storage.Skill) *lexicon {
	l := &lexicon{names: map[string]string{}, own: map[string]bool{}, skills: skills, parts: make([][]string, len(skills))}
	for _, t := range words.All() {
		for _, a := range append([]string{t.Name}, t.Aliases...) {
			l.names[directory.Key(a)] = t.Name
		}
		l.own[directory.Key(t.Name)] = true
	}
	for i, s := range skills {
		if _, ok := l.names[s.Key]; !ok {
			l.names[s.Key] = s.Name
			l.own[s.Key] = true
		}
		for _, part := range strings.FieldsFunc(s.Name, notLetter) {
			l.parts[i] = append(l.parts[i], directory.Key(part))
		}
	}
	return l
}
