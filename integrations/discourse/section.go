package discourse

import (
	"regexp"
	"strings"
)

// A Section is a part of a post: what was said under one key. Most posts have
// one section. A forum that takes no more replies in a row can still be
// answered by adding a section to the last of them.
type Section struct {
	Text string
	Key  string // "" for what has no mark
}

var markLine = regexp.MustCompile(`(?m)^<!-- ([A-Za-z0-9_-]{1,50}) -->[ \t]*$`)

// Sections splits a raw text at its marks, each of which ends a section.
func Sections(raw string) (all []Section) {
	from := 0
	for _, m := range markLine.FindAllStringSubmatchIndex(raw, -1) {
		all = append(all, Section{strings.TrimSpace(raw[from:m[0]]), raw[m[2]:m[3]]})
		from = m[1]
	}
	if rest := strings.TrimSpace(raw[from:]); rest != "" {
		all = append(all, Section{Text: rest})
	}
	return all
}

// Join puts sections together, the opposite of [Sections].
func Join(all []Section) string {
	texts := make([]string, len(all))
	for i, s := range all {
		if texts[i] = s.Text; s.Key != "" {
			texts[i] = Mark(s.Text, s.Key)
		}
	}
	return strings.Join(texts, "\n\n")
}

// MarksOf returns the keys in a text, in order.
func MarksOf(raw string) (keys []string) {
	for _, m := range markLine.FindAllStringSubmatch(raw, -1) {
		keys = append(keys, m[1])
	}
	return keys
}
