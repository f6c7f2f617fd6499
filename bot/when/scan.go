package when

import "strings"

// strength is how surely a fragment is about time when other words stand around it.
type strength uint8

const (
	weak   strength = iota // "at 3", "3rd": may be anything
	medium                 // "3pm", "in two weeks"
	strong                 // a weekday, a month, a full date, a day counted from today
)

// sentences numbers the sentences, so that words of one do not change another.
func (p *parser) sentences() {
	p.line = make([]int, len(p.toks))
	n := 0
	for i, t := range p.toks {
		p.line[i] = n
		if t.is("\n") || t.is("!") || t.is("?") || t.is(".") && !(i+1 < len(p.toks) && p.toks[i+1].glued) {
			n++
		}
	}
}

// fragments finds everything about time, from the left, the longest each.
func (p *parser) fragments() []fragment {
	if p.found != nil {
		return p.found
	}
	found := []fragment{}
	for p.i = 0; !p.done(); {
		mark := p.i
		if t := p.at(0); t.kind == tPunct || t.kind == tWord && t.class == cNone && !leads[t.text] && len(p.opt.Anchors) == 0 {
			p.i++
			continue
		}
		if f, ok := p.list(); ok && f.end > mark {
			f.begin = f.items[0].begin
			for f.begin < f.end-1 && p.toks[f.begin].isClass(cFill) && !leads[p.toks[f.begin].text] {
				f.begin++
			}
			found = append(found, f)
			p.i = f.end
			continue
		}
		p.i = mark + 1
	}
	p.found = found
	return found
}

// leads are the words a fragment can begin with that the lexicon does not know as a class of their own.
var leads = wordSet("today tomorrow tmrw tmw tomoz yesterday tonight this next last coming upcoming a an in by after before until till from between any anytime " +
	"some sometime not no noon midday midnight half quarter early mid middle late later end beginning start w wc wb weekend easter christmas xmas x boxing good " +
	"bank spring summer autumn winter new q close cob eop cop rest within over couple few several due deadline on all whole day the overmorrow hogmanay " +
	"betwixtmas twixmas between up ahead prior latest either year month first penultimate final tomorrow's past office working for at about around yes but " +
	"eod whenever effective as free available twelve during lasting three one")

func (p *parser) strengthOf(f fragment) strength {
	s := weak
	for i := f.begin; i < f.end; i++ {
		t, next := p.toks[i], token{}
		if i+1 < f.end {
			next = p.toks[i+1]
		}
		switch {
		case t.isClass(cWeekday), t.isClass(cMonth), t.kind == tTriple && t.sep != ':', strongWords[t.text], t.word("this") && next.isClass(cPart):
			return strong
		case (t.kind == tPair && t.sep != '/' && t.width[1] == 2 || t.kind == tNum && t.width[0] == 4) && (p.leadsToTime(i) || len(f.items) > 0 && f.items[0].times.kind == rangeTime),
			t.kind == tTriple, mediumWords[t.text], t.isClass(cPart), t.isClass(cUnit) && t.val > uHour,
			t.kind == tNum && t.ordinal && i > 0 && (p.toks[i-1].word("on") || i > 1 && p.toks[i-1].word("the") && (p.toks[i-2].word("on") || p.verbBehind(i+1))),
			t.kind == tNum && t.width[0] == 8, t.isClass(cUnit) && i > f.begin && p.toks[f.begin].word("in"):
			s = medium
		}
	}
	for _, it := range f.items {
		if it.day != nil && it.day.span != nil && s == weak {
			s = medium
		}
	}
	return s
}

// verbBehind reports whether "works", "is" or the like follows "the 18th".
func (p *parser) verbBehind(i int) bool {
	return i >= len(p.toks) || p.toks[i].kind == tPunct || suits[p.toks[i].text] || p.toks[i].isClass(cFill)
}

var (
	suits = wordSet("works suits would could might is was can looks sounds good fine best seems will should at in then or and if for would'nt won't doesn't " +
		"isn't as please")
	strongWords = wordSet("today tomorrow tmrw tmw tomoz tonight yesterday easter christmas xmas hogmanay boxing overmorrow tomorrow's")
	mediumWords = wordSet("pm am noon midday midnight week weekend cob eop cop fortnight")
)

// fits reports whether a fragment says only the time, or only the days.
func (f fragment) onlyTime() bool {
	return len(f.items) == 1 && f.items[0].onlyTime() && f.items[0].times.kind != allDay
}
func (f fragment) onlyLength() bool { return len(f.items) == 1 && f.items[0].onlyLength() }
func (f fragment) onlyDays() bool {
	for _, it := range f.items {
		if it.day == nil || !it.timeless() || it.rel != plainly {
			return false
		}
	}
	return true
}

// merge joins days said in one place with the hours or the length said in another.
func merge(a, b fragment) (fragment, bool) {
	days, hours := a, b
	if a.onlyTime() || a.onlyLength() {
		days, hours = b, a
	}
	joined := fragment{items: append([]item(nil), days.items...), op: days.op, begin: min(a.begin, b.begin), end: max(a.end, b.end)}
	h := hours.items[0]
	switch {
	case hours.onlyTime() && days.onlyDays():
		for i := range joined.items {
			it := &joined.items[i]
			it.times, it.part, it.hint, it.zone, it.any, it.minutes = h.times, h.part, h.hint, h.zone, h.any, h.minutes
			it.approx = it.approx || h.approx
		}
		return joined, true
	case hours.onlyLength() && len(days.items) > 0 && days.items[0].minutes == 0:
		for i := range joined.items {
			joined.items[i].minutes = h.minutes
		}
		return joined, true
	}
	return fragment{}, false
}

// near collects the words beside a fragment, within its sentence and clause: those before it, last first, and those
// behind.
func (p *parser) near(f fragment, before, behind int) (lead, tail []token) {
	for i := f.begin - 1; i >= 0 && len(lead) < before && p.line[i] == p.line[f.begin] && !p.toks[i].is(",") && !p.toks[i].is(";"); i-- {
		if p.toks[i].word("but") {
			break
		}
		if p.toks[i].kind != tPunct {
			lead = append(lead, p.toks[i])
		}
		if p.toks[i].isClass(cWeekday) || p.toks[i].isClass(cMonth) {
			break
		}
	}
	for i := f.end; i < len(p.toks) && len(tail) < behind && p.line[i] == p.line[f.end-1]; i++ {
		if p.toks[i].kind != tPunct {
			tail = append(tail, p.toks[i])
		} else if p.toks[i].is(",") || p.toks[i].is(";") {
			break
		}
	}
	return lead, tail
}

// rest gives the text that no fragment used.
func (p *parser) rest(begin, end int) string {
	if begin >= end || end > len(p.toks) {
		return trimRest(p.src)
	}
	for begin > 0 && p.toks[begin-1].isClass(cFill) {
		begin--
	}
	for end < len(p.toks) && p.toks[end].is(")") {
		end++
	}
	return trimRest(strings.ToValidUTF8(p.src[:p.toks[begin].begin], "") + " " + strings.ToValidUTF8(p.src[p.toks[end-1].end:], ""))
}
