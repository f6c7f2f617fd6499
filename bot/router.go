package bot

import (
	"sort"
	"strings"
	"unicode"
)

// A words table finds commands by the words people type.
type words struct {
	names   []string // the bot's own, lower case
	byWord  map[string]*Command
	listed  []*Command
	feature map[*Command]string
}

func newWords(names []string, features []Feature) *words {
	w := &words{byWord: map[string]*Command{}, feature: map[*Command]string{}}
	for _, n := range names {
		w.names = append(w.names, strings.ToLower(n))
	}
	for f := range features {
		for i := range features[f].Commands {
			w.add(&features[f].Commands[i], features[f].Name)
		}
	}
	return w
}

func (w *words) add(c *Command, feature string) {
	for _, word := range append([]string{c.Name}, c.Aliases...) {
		if w.byWord[word] != nil {
			panic("bot: two commands called " + word)
		}
		w.byWord[word] = c
	}
	w.listed = append(w.listed, c)
	w.feature[c] = feature
}

// line returns what is said to the bot in text: the words after the prefix.
// called is true if the bot was meant by name, not only by the prefix "!".
// Quoted lines and the names of people who are answered are left out first.
func (w *words) line(m *Message) (line string, called, ok bool) {
	text := unquoted(m.Text)
	if rest, ok := w.afterName(text); ok {
		return strings.TrimPrefix(rest, "!"), true, true
	}
	if rest, ok := strings.CutPrefix(text, "!"); ok && startsWord(rest) {
		return rest, m.Direct, true
	}
	if m.Direct && text != "" {
		return strings.TrimPrefix(text, "!"), true, true
	}
	if m.Named {
		if line, ok := w.withoutName(text); ok {
			return strings.TrimPrefix(line, "!"), true, true
		}
	}
	return "", false, false
}

// addressed reports whether a message's text is meant for the bot.
func (w *words) addressed(m *Message) bool {
	_, _, ok := w.line(m)
	return ok
}

// unquoted returns text without quoted lines and outer space.
func unquoted(text string) string {
	if !strings.Contains(text, ">") {
		return strings.TrimSpace(text)
	}
	kept := make([]string, 0, 8)
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimLeft(line, " "), ">") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

func startsWord(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return false
}

// afterName cuts "wortley: ", "@wortley " and the like off the front. Without
// a colon or an at sign, one of our words has to follow.
func (w *words) afterName(text string) (string, bool) {
	t, at := strings.CutPrefix(text, "@")
	for _, name := range w.names {
		if len(t) < len(name) || !strings.EqualFold(t[:len(name)], name) {
			continue
		}
		rest := t[len(name):]
		cut := strings.TrimSpace(strings.TrimLeft(rest, ":,"))
		switch {
		case rest == "", rest[0] == ':', rest[0] == ',':
			return cut, true
		case !unicode.IsSpace(rune(rest[0])):
			continue
		}
		word, _ := cutWord(cut)
		if at || strings.HasPrefix(word, "!") || w.byWord[strings.ToLower(word)] != nil {
			return cut, true
		}
	}
	return "", false
}

// withoutName takes the bot's name out of the middle of a message that
// mentions it: "could you, @wortley, whohas drupal" has no command, but
// "@wortley whohas drupal" after a greeting has.
func (w *words) withoutName(text string) (string, bool) {
	lower := strings.ToLower(text)
	for _, name := range w.names {
		if i := strings.Index(lower, "@"+name); i >= 0 {
			return strings.TrimSpace(strings.TrimLeft(text[i+1+len(name):], ":, ")), true
		}
	}
	return text, true
}

// find returns the command that a line calls and what follows its words.
// When there is none, word is the one that was not understood.
func (w *words) find(line string) (c *Command, args, word string) {
	word, args = cutWord(line)
	c = w.byWord[strings.ToLower(word)]
	for c != nil && len(c.Sub) > 0 {
		next, rest := cutWord(args)
		sub := subcommand(c, strings.ToLower(next))
		if sub == nil {
			break
		}
		c, args = sub, rest
	}
	return c, args, word
}

func subcommand(c *Command, word string) *Command {
	for i := range c.Sub {
		if c.Sub[i].Name == word {
			return &c.Sub[i]
		}
		for _, a := range c.Sub[i].Aliases {
			if a == word {
				return &c.Sub[i]
			}
		}
	}
	return nil
}

func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// near returns our words that a mistyped one may have meant, best first.
func (w *words) near(word string, role Role) []string {
	word = strings.ToLower(word)
	if n := len([]rune(word)); n < 3 || n > 24 {
		return nil
	}
	type match struct {
		word string
		far  int
	}
	var found []match
	for known, c := range w.byWord {
		if c.Hidden || c.Needs > role {
			continue
		}
		far := Distance(word, known)
		if far <= 1 || far == 2 && len(word) > 4 || strings.HasPrefix(known, word) {
			found = append(found, match{known, far})
		}
	}
	sort.Slice(found, func(i, j int) bool {
		return found[i].far < found[j].far || found[i].far == found[j].far && found[i].word < found[j].word
	})
	var names []string
	seen := map[*Command]bool{}
	for _, f := range found {
		if c := w.byWord[f.word]; !seen[c] && len(names) < 2 {
			seen[c] = true // its other words say nothing new
			names = append(names, f.word)
		}
	}
	return names
}

// Distance returns how many single letters have to be typed, dropped,
// changed or swapped with their neighbour to make b of a
// (the restricted Damerau–Levenshtein distance).
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
