package when

type timeKind uint8

const (
	noTime     timeKind = iota
	atTime              // from
	rangeTime           // from to to
	windowTime          // somewhere between from and to, either may be missing
	closeTime           // close of business
	allDay
)

// times is the part of a phrase about hours.
type times struct {
	kind     timeKind
	from, to *clock
	toDay    *day // the range ends on another day
}

// between reads "between 2 and 4".
func (p *parser) betweenTimes() (times, bool) {
	from, ok := p.clock(true)
	if !ok || !(p.mark("-") || p.acceptAny("and", "to")) {
		return times{}, false
	}
	to, ok := p.clock(true)
	return times{kind: windowTime, from: &from, to: &to}, ok && !p.at(0).isClass(cMonth)
}

// timesOf reads a time or a range of times. expected says that the phrase leads one to expect a time here, so that a
// bare number may be one.
func (p *parser) timesOf(expected bool) (times, bool) {
	mark := p.i
	if p.acceptAny("all day", "whole day", "the whole day") {
		return times{kind: allDay}, true
	}
	if p.closing() {
		return times{kind: closeTime}, true
	}
	from, ok := p.clock(true)
	if !ok || p.at(0).isClass(cUnit) || p.at(0).is("%") || from.bare && from.mer == merNone && (p.at(0).isClass(cMonth) || p.at(0).word("of")) {
		p.i = mark
		return times{}, false
	}
	t := times{kind: atTime, from: &from}
	p.try(func() bool { return p.rangeEnd(&t) })
	switch {
	case t.kind == rangeTime && from.bare && t.to.bare && t.to.mer == merNone && from.mer == merNone && !p.safeBehind(expected):
		p.i = mark
		return times{}, false
	case t.kind == atTime && from.bare && from.mer == merNone && !from.approx && !(expected && p.safeBehind(p.leadsToTime(mark))):
		p.i = mark
		return times{}, false
	}
	if t.kind == atTime && p.acceptAny("onwards", "onward", "or later", "or after", "at the earliest", "plus") {
		t.kind = windowTime
	}
	return t, true
}

// leadsToTime reports whether the word before a place makes a number there a time.
func (p *parser) leadsToTime(mark int) bool {
	return mark > 0 && p.toks[mark-1].kind == tWord && timeLeads[p.toks[mark-1].text]
}

var timeLeads = wordSet("at from about around after before until till by between say start starts starting")

// safeBehind reports whether what follows a bare number leaves it a time: not "3 people".
func (p *parser) safeBehind(sure bool) bool {
	t := p.at(0)
	if t.kind != tWord {
		return t.kind == tEnd || t.kind == tPunct && t.text != "%" && t.text != "/" && t.text != "$"
	}
	if t.isClass(cUnit) || t.word("people") || t.word("of") || t.word("members") || t.word("co") {
		return false
	}
	return sure || t.class != cNone || strongWords[t.text] || t.word("next") || t.word("this") || t.word("over") || t.word("with") || t.word("any") || t.word("or") || t.word("and") || t.word("uk")
}

// rangeEnd reads the end of a range.
func (p *parser) rangeEnd(t *times) bool {
	if k := p.i - 2; k >= 0 && p.at(0).is("-") && p.at(0).glued && p.toks[k].kind == tTriple && p.toks[k+1].glued {
		return false // 2026-03-05T14:00-05:00 ends with an offset
	}
	interval := p.at(0).is("/") && p.at(1).kind == tTriple && p.at(1).width[0] == 4 // ISO 8601
	if interval {
		p.i++
	}
	if !interval && !p.through() && !p.acceptAny("finishing at", "ending at", "ends at", "finish at") {
		return false
	}
	p.acceptAny("at", "about", "around")
	mark := p.i
	if n, ok := p.oneDay(); ok && !n.pair {
		p.skip()
		if to, ok := p.clock(p.at(-1).word("at")); ok {
			t.kind, t.to, t.toDay = rangeTime, &to, n
			return true
		}
	}
	p.i = mark
	to, ok := p.clock(true)
	if !ok || p.at(0).isClass(cUnit) || p.at(0).isClass(cMonth) && to.bare {
		return false
	}
	t.kind, t.to = rangeTime, &to
	return true
}

// closing reads close of business and end of play.
func (p *parser) closing() bool {
	p.accept("the")
	return p.acceptAny("close of business", "close of play", "end of play", "end of business", "cob", "eop", "cop")
}

// dayPart reads morning, lunchtime, afternoon, evening. today is true for "this morning" and "tonight".
func (p *parser) dayPart(behindDay bool) (index int, approx, today, ok bool) {
	mark := p.i
	if p.accept("tonight") {
		return pEvening, false, true, true
	}
	if behindDay && p.at(0).kind == tWord && (p.at(0).text == "am" || p.at(0).text == "pm") {
		index = map[string]int{"am": pMorning, "pm": pAfternoon}[p.at(0).text]
		p.i++
		return index, false, false, true
	}
	if p.acceptAny("first thing") && !p.at(0).word("in") && !p.at(0).isClass(cPart) && !p.at(1).isClass(cPart) && !p.at(2).isClass(cPart) {
		return pMorning, true, false, true
	}
	p.i = mark
	if p.acceptAny("last thing") && !p.at(0).isClass(cPart) && !p.at(1).word("night") {
		return pAfternoon, true, false, true
	}
	p.i = mark
	if p.acceptAny("working hours", "office hours", "business hours", "work hours") {
		return pWorkHours, false, false, true
	}
	today = p.acceptAny("this", "later this")
	if !today {
		p.acceptAny("in the", "on the", "during the", "during", "the", "in", "over")
	}
	approx = p.acceptAny("early", "late", "mid", "later", "first thing")
	if p.at(-1).word("thing") && p.acceptAny("in the", "on the") {
		approx = true
	}
	if p.at(0).is("-") && approx {
		p.i++
	}
	t, found := p.class(cPart)
	if !found {
		p.i = mark
		return 0, false, false, false
	}
	return t.val, approx, today, true
}
