package when

import (
	"cmp"
	"slices"
	"strings"
)

// An anchor is a named day that others hang on; its date is zero where the context does not know it.
type anchor struct {
	name string
	date Date
}

func (a anchor) day() *day {
	if a.date.IsZero() {
		return doubtful(MissingAnchor)
	}
	return single(a.date)
}

// gatherings are the nouns that end the name of something one may meet for.
var gatherings = wordSet("meeting meetings agm egm assembly gathering conference board call deadline launch workshop event session review retreat summit " +
	"demo hackathon election vote weekender festival seminar webinar course training deploy release")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// anchor reads the name of an anchor: one of the context, or an unknown noun that one could meet for.
func (p *parser) anchor() (anchor, bool) {
	mark := p.i
	p.acceptAny("the next", "our next", "the", "our", "your", "their", "next", "this")
	for _, name := range p.anchorNames() {
		spoken := strings.ToLower(strings.Join(strings.Fields(name), " "))
		if spoken != "" && (p.accept(spoken) || p.accept(strings.TrimSuffix(spoken, " meeting"))) {
			p.acceptAny("meeting", "call")
			return anchor{name, p.opt.Anchors[name]}, true
		}
	}
	if a, ok := p.unknownAnchor(); ok {
		return a, true
	}
	p.i = mark
	return anchor{}, false
}

// anchorNames lists the known anchors, the longest first.
func (p *parser) anchorNames() []string {
	names := make([]string, 0, len(p.opt.Anchors))
	for name := range p.opt.Anchors {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	return names
}

func (p *parser) unknownAnchor() (anchor, bool) {
	mark, longest := p.i, 0
	for k := 0; k < 4 && p.at(k).kind == tWord; k++ {
		t := p.at(k)
		if t.class != cNone && t.class != cFill || t.class == cFill && t.text != "meeting" && t.text != "meet" {
			break
		}
		if gatherings[t.text] {
			longest = k + 1
		}
	}
	if longest == 0 {
		return anchor{}, false
	}
	p.i += longest
	words := strings.Fields(p.src[p.toks[mark].begin:p.toks[p.i-1].end])
	for i, w := range words {
		if w != strings.ToUpper(w) {
			words[i] = strings.ToLower(w)
		}
	}
	return anchor{name: strings.Join(words, " ")}, true
}
