package when

import "strings"

// cycle reads "every third meeting is strategy, otherwise projects".
func (p *parser) cycle() (Reading, bool) {
	for i := range p.toks {
		p.i = i
		every, ok := p.everyNthMeeting()
		if !ok {
			continue
		}
		r := Reading{Kind: AgendaCycle, Every: every, Finish: len(p.src)}
		r.Theme, r.Otherwise = p.themes(p.i)
		if r.Theme == "" {
			r.Theme = p.cleanTheme(0, i)
		}
		if r.Theme != "" {
			return r, true
		}
	}
	return Reading{}, false
}

// everyNthMeeting reads "every third meeting" and "one meeting in three".
func (p *parser) everyNthMeeting() (int, bool) {
	meeting := func() bool { return p.acceptAny("meeting", "session", "call", "one", "meetup", "meeting's") }
	switch {
	case p.acceptAny("one in every", "one in", "one out of", "one meeting in every", "one meeting in", "1 in"):
		n, ok := p.cardinal()
		meetings := p.acceptAny("meetings", "sessions", "calls")
		return n, ok && n > 1 && (meetings || p.at(-2).word("in") && p.at(-3).word("meeting"))
	case !p.acceptAny("every", "each"):
		return 0, false
	case p.acceptAny("other", "second"):
		return 2, meeting()
	}
	n, ok := p.ordinal()
	if !ok {
		if n, ok = p.cardinal(); ok && !p.acceptAny("meetings", "sessions", "calls") {
			return 0, false
		}
		return n, ok && n > 1
	}
	return n, n > 1 && meeting()
}

var themeStops = wordSet("with otherwise and else rest others remaining while whereas but . ; , ! ?")

// themes splits what follows into the theme and what the other meetings are about.
func (p *parser) themes(i int) (theme, otherwise string) {
	end := i
	for end < len(p.toks) && p.toks[end].kind == tWord && themeLeads[p.toks[end].text] || end < len(p.toks) && (p.toks[end].is(",") || p.toks[end].is(":")) {
		end++
	}
	start := end
	for end < len(p.toks) && !themeStops[p.toks[end].text] {
		end++
	}
	theme = p.cleanTheme(start, end)
	for end < len(p.toks) && (otherLeads[p.toks[end].text] || p.toks[end].is(",") || p.toks[end].is(";") || p.toks[end].is("(")) {
		end++
	}
	start = end
	for end < len(p.toks) && !otherStops[p.toks[end].text] {
		end++
	}
	return theme, p.cleanTheme(start, end)
}

var (
	themeLeads = wordSet("is be can could should will would being for instance example as to about on e.g eg perhaps maybe has have covers cover focuses focus " +
		"does do looks at look the a an dedicated reserved devoted used goes go we discuss talk review")
	otherLeads = wordSet("with otherwise and the else rest others remaining while whereas but other ones meetings are is for on about in all being be of them we do")
	otherStops = wordSet("in . ; , ! ? ) otherwise for")
)

// cleanTheme gives the text of some tokens without articles and "meeting".
func (p *parser) cleanTheme(from, to int) string {
	for from < to && (themeLeads[p.toks[from].text] || p.toks[from].isClass(cFill) || p.toks[from].word("let's")) {
		from++
	}
	for to > from && (p.toks[to-1].kind == tPunct || p.toks[to-1].isClass(cFill) || p.toks[to-1].word("session") || p.toks[to-1].word("one")) {
		to--
	}
	if from >= to {
		return ""
	}
	return strings.TrimSpace(p.src[p.toks[from].begin:p.toks[to-1].end])
}

// anchored reads "two weeks before every board meeting": a series tied to another one.
func (p *parser) anchored() (Reading, bool) {
	for i := range p.toks {
		p.i = i
		days, vague, ok := p.anchorOffset()
		if !ok {
			continue
		}
		a, ok := p.anchor()
		if !ok {
			continue
		}
		if vague {
			return ask(Vague), true
		}
		return Reading{Kind: RecurrenceAnchor, Anchor: a.name, OffsetDays: days, Begin: p.toks[i].begin, Finish: p.toks[p.i-1].end}, true
	}
	return Reading{}, false
}

// anchorOffset reads "two weeks before every".
func (p *parser) anchorOffset() (days int, vague, ok bool) {
	unit := uDay
	c := count{n: 1}
	switch {
	case p.acceptAny("the day", "day"):
	case p.acceptAny("the same day as", "on the day of", "the day of"):
		return 0, false, p.acceptAny("every", "each")
	case p.acceptAny("the week", "week"):
		vague = true
	default:
		if c, ok = p.count(); !ok {
			return 0, false, false
		}
		if unit, ok = p.unit(); !ok || unit < uDay || c.n > 400 {
			return 0, false, false
		}
		vague = c.few
	}
	p.mark("'")
	sign := 1
	switch {
	case p.acceptAny("before", "prior to", "ahead of", "in advance of"):
		sign = -1
	case p.acceptAny("after", "following"):
	default:
		return 0, false, false
	}
	size, fixed := map[int]int{uDay: 1, uWeek: 7, uFortnight: 14}[unit]
	return sign * c.n * size, vague || !fixed, p.acceptAny("every", "each")
}
