package directory

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:embed vocabulary.txt
var vocabularyText string

// Group is the kind of a [Term] that gathers others and that no co-op lists
// for itself: LAMP, Adobe.
const Group Kind = "group"

// Term is a skill with the words people use for it.
type Term struct {
	Name    string // canonical: "Information Security"
	Kind    Kind   // Service, Technology or Group
	Aliases []string
	Files   []string // the website's file names, where they differ
	Parents []string // canonical names of wider terms
	Related []string // canonical names, as the line says; [Words.Related] counts both ways
	Line    int      // where it was read
}

// Words is a vocabulary. It is not changed after it was read.
type Words struct {
	terms   []Term
	byKey   map[string]int // canonical names and aliases
	byFile  map[string]int
	members map[string][]string
	related map[string][]string
}

// Vocabulary returns the words that come with the program. The text is part of
// the program and tested, so that it always reads.
var Vocabulary = sync.OnceValue(func() *Words {
	w, err := ParseVocabulary(strings.NewReader(vocabularyText))
	if err != nil {
		panic(err)
	}
	return w
})

// ParseVocabulary reads the format described at the head of vocabulary.txt.
// The error names the line: a word that belongs to two skills, a parent or
// relative that does not exist, a circle of parents.
func ParseVocabulary(r io.Reader) (*Words, error) {
	w := &Words{byKey: map[string]int{}, byFile: map[string]int{}, members: map[string][]string{}, related: map[string][]string{}}
	lines := bufio.NewScanner(io.LimitReader(r, 4<<20))
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\uFEFF"))
		if text == "" || text[0] == '#' {
			continue
		}
		t, err := parseTerm(text)
		if err != nil {
			return nil, fmt.Errorf("directory: vocabulary line %d: %w", n, err)
		}
		t.Line = n
		w.terms = append(w.terms, t)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("directory: vocabulary: %w", err)
	}
	for _, step := range []func() error{w.index, w.link, w.noCircles} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("directory: vocabulary %w", err)
		}
	}
	return w, nil
}

func parseTerm(line string) (Term, error) {
	fields := strings.Split(line, "|")
	t := Term{Name: clean(fields[0], maxSkill)}
	if len(fields) < 2 || Key(t.Name) == "" {
		return t, fmt.Errorf("want “Name | kind”, have %q", clean(line, 60))
	}
	t.Kind = Kind(strings.TrimSpace(fields[1]))
	if t.Kind != Service && t.Kind != Technology && t.Kind != Group {
		return t, fmt.Errorf("%s: kind %q is not service, technology or group", t.Name, string(t.Kind))
	}
	into := map[string]*[]string{"also": &t.Aliases, "file": &t.Files, "in": &t.Parents, "see": &t.Related}
	for _, f := range fields[2:] {
		name, list, ok := strings.Cut(f, ":")
		to := into[strings.TrimSpace(name)]
		if !ok || to == nil {
			return t, fmt.Errorf("%s: %q is not also:, file:, in: or see:", t.Name, clean(f, 60))
		}
		for _, v := range strings.Split(list, ",") {
			if v = clean(v, maxSkill); v != "" {
				*to = append(*to, v)
			}
		}
	}
	return t, nil
}

// index fills the look-up of names, aliases and website files.
func (w *Words) index() error {
	for i, t := range w.terms {
		for _, word := range append([]string{t.Name}, t.Aliases...) {
			k := Key(word)
			if k == "" {
				return fmt.Errorf("line %d: %q has no letters", t.Line, word)
			}
			if j, taken := w.byKey[k]; taken && j != i {
				return fmt.Errorf("line %d: %q already means %s (line %d)", t.Line, word, w.terms[j].Name, w.terms[j].Line)
			}
			w.byKey[k] = i
		}
		for _, f := range t.Files {
			if j, taken := w.byFile[f]; taken {
				return fmt.Errorf("line %d: file %q is already that of %s", t.Line, f, w.terms[j].Name)
			}
			w.byFile[f] = i
		}
	}
	for i, t := range w.terms { // "c" is the slug of C, but the site's file c is C#
		if _, taken := w.byFile[Slug(t.Name)]; !taken {
			w.byFile[Slug(t.Name)] = i
		}
	}
	return nil
}

// link fills members and related.
func (w *Words) link() error {
	for _, t := range w.terms {
		for _, name := range append(slices.Clone(t.Parents), t.Related...) {
			if other, ok := w.Lookup(name); !ok || other.Name != name || name == t.Name {
				return fmt.Errorf("line %d: %s points to %q, which is no other skill's name", t.Line, t.Name, name)
			}
		}
		for _, p := range t.Parents {
			w.members[p] = addOnce(w.members[p], t.Name)
		}
		for _, r := range t.Related {
			w.related[t.Name] = addOnce(w.related[t.Name], r)
		}
	}
	for _, t := range w.terms { // after the term's own, in the order of the file
		for _, r := range t.Related {
			w.related[r] = addOnce(w.related[r], t.Name)
		}
	}
	return nil
}

func (w *Words) noCircles() error {
	for _, t := range w.terms {
		if slices.Contains(w.Members(t.Name), t.Name) {
			return fmt.Errorf("line %d: %s is its own parent's parent", t.Line, t.Name)
		}
	}
	return nil
}

func addOnce(list []string, v string) []string {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// All returns the terms in the order of the file.
func (w *Words) All() []Term { return slices.Clone(w.terms) }

// Lookup returns the term a word means, by its name or an alias, whatever the
// spelling ([Key]).
func (w *Words) Lookup(word string) (Term, bool) {
	i, ok := w.byKey[Key(word)]
	if !ok {
		return Term{}, false
	}
	return w.terms[i], true
}

// Canonical returns the canonical name for a word, or "" if nobody knows it.
func (w *Words) Canonical(word string) string {
	t, _ := w.Lookup(word)
	return t.Name
}

// File returns the term for a file name of the website's _services or
// _technologies, without ".md": "c" is C#, "ideation" is Idea generation.
func (w *Words) File(slug string) (Term, bool) {
	i, ok := w.byFile[strings.ToLower(strings.TrimSpace(slug))]
	if !ok {
		return Term{}, false
	}
	return w.terms[i], true
}

// Members returns every term below a canonical name, nearest first: Adobe has
// Illustrator, LAMP has Linux and through it Debian.
func (w *Words) Members(name string) []string {
	var all []string
	for queue := slices.Clone(w.members[name]); len(queue) > 0; queue = queue[1:] {
		if !slices.Contains(all, queue[0]) {
			all = append(all, queue[0])
			queue = append(queue, w.members[queue[0]]...)
		}
	}
	return all
}

// Related returns the relatives of a canonical name, its own choice first.
func (w *Words) Related(name string) []string { return slices.Clone(w.related[name]) }
