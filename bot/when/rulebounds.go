package when

import "time"

// exceptSlot reads "except Aug and Dec", "but not on 19 February", "excluding bank holidays".
func (p *parser) exceptSlot(s *spec) bool {
	p.mark("(")
	p.acceptAny("but", "and", "with")
	if !p.acceptAny("except for the", "except for", "except in", "except on", "except during", "except the", "except", "excepting", "apart from", "other than",
		"excluding", "excl", "not in", "not on", "not during", "skipping", "skip", "skips", "omitting", "leaving out", "missing out", "no meetings in",
		"no meeting in", "no meetings on", "no meeting on", "none in", "minus", "without", "never in", "never on", "bar", "not the", "not") {
		return false
	}
	p.mark(":.")
	read := 0
	for {
		mark := p.i
		if read > 0 {
			p.mark(",;/")
			p.acceptAny("and in", "and on", "or in", "or on", "and also", "and", "or", "nor")
			if p.i == mark {
				break
			}
		}
		p.acceptAny("in the", "on the", "in", "on", "the", "month of")
		switch t := p.at(0); {
		case t.isClass(cMonth) && p.at(1).kind != tNum && !p.at(1).isClass(cOrd):
			p.i++
			p.abbreviated()
			s.without = append(s.without, time.Month(t.val))
		case t.isClass(cWeekday) && p.at(1).kind != tNum && !p.at(1).isClass(cMonth) && !p.at(1).isClass(cOrd):
			p.i++
			s.offDays = append(s.offDays, weekdayVal(t))
		case p.acceptAny("bank holidays", "public holidays", "bank holiday", "bank holiday mondays"):
			s.holidays = true
		default:
			n, ok := p.day()
			if !ok {
				p.i = mark
				return read > 0
			}
			s.except = append(s.except, n)
		}
		read++
	}
	p.mark(")")
	return read > 0
}

// fromDaySlot reads where a series begins: "starting 5 March", "from next week", "from March to June".
func (p *parser) fromDaySlot(s *spec) bool {
	if s.from != nil || !p.acceptAny("starting from", "starting on", "starting in", "starting with", "starting the", "starting", "beginning on", "beginning",
		"commencing on", "commencing", "from the", "from", "as of", "as from", "first one on", "first one", "first on", "first meeting on", "first meeting",
		"begins on", "begins", "start on", "starts on", "start", "starts") {
		return false
	}
	p.mark(":")
	mark := p.i
	n, ok := p.day()
	if !ok || n.pair {
		p.i = mark
		return false
	}
	if n.until != nil {
		first := *n
		first.until = nil
		s.to, n = n.until, &first
		p.lend(n, s.to)
	}
	s.from = n
	return true
}

// untilSlot reads where a series ends: "until the end of June".
func (p *parser) untilSlot(s *spec) bool {
	if s.to != nil || !p.acceptAny("until and including", "up to and including", "until", "till", "til", "through to", "through", "up to", "up until", "ending on",
		"ending", "ends on", "finishing on", "finishing", "to") {
		return false
	}
	if p.accept("further notice") {
		return true
	}
	n, ok := p.target()
	if !ok || n.pair || n.until != nil {
		return false
	}
	s.to = n
	return true
}

// timesSlot reads how long or how often: "for six weeks", "8 times".
func (p *parser) timesSlot(s *spec) bool {
	if s.times > 0 || s.forN.n > 0 {
		return false
	}
	isFor := p.acceptAny("for the next", "for a total of", "for", "lasting", "over", "next")
	c, ok := p.count()
	if !ok || c.few || c.half || c.n == 0 || c.n > 500 {
		return false
	}
	if p.acceptAny("times", "sessions", "meetings", "occurrences", "calls", "instances", "in total", "occasions") {
		s.times = c.n
		return true
	}
	unit, ok := p.unit()
	if !ok || unit < uDay || !isFor {
		return false
	}
	s.forN, s.forUnit = c, unit
	return true
}

// monthsSlot reads "in May and June".
func (p *parser) monthsSlot(s *spec) bool {
	if !s.trigger || !p.acceptAny("only in", "in", "during", "throughout", "of") {
		return false
	}
	var months []time.Month
	for {
		mark := p.i
		if len(months) > 0 {
			p.mark(",/")
			p.acceptAny("and", "or")
			if p.i == mark {
				break
			}
		}
		t, ok := p.class(cMonth)
		if !ok || p.at(0).kind == tNum {
			p.i = mark
			break
		}
		p.abbreviated()
		months = append(months, time.Month(t.val))
	}
	if len(months) == 1 && s.every != Yearly && s.from == nil && s.to == nil { // every Thursday in March: that March
		first := Date{p.today.Year, months[0], 1}
		if first.EndOfMonth().Before(p.today) {
			first = first.AddMonths(12)
		}
		s.from, s.to = single(first), single(first.EndOfMonth())
		return true
	}
	s.months = append(s.months, months...)
	return len(months) > 0
}

// hourSlots reads the time of day, the length and the zone.
func (p *parser) hourSlots(s *spec) bool {
	for _, read := range []func(*parser, *item) bool{
		(*parser).seriesHours, (*parser).partSlot, (*parser).timeSlot, (*parser).lengthSlot, (*parser).zoneSlot,
	} {
		if p.try(func() bool { return read(p, &s.item) && s.item.day == nil }) {
			return true
		}
	}
	return false
}

// seriesHours reads "between 2 and 4", "after 3pm", "from 2 till 3".
func (p *parser) seriesHours(it *item) bool {
	if it.times.kind != noTime {
		return false
	}
	if p.acceptAny("any time between", "between") {
		t, ok := p.betweenTimes()
		if t.kind = rangeTime; p.at(0).kind == tEnd || ok {
			it.times = t
		}
		return ok
	}
	if p.accept("from") {
		mark := p.i
		if n, ok := p.day(); ok && !n.pair {
			return false
		}
		p.i = mark
		t, ok := p.timesOf(true)
		it.times = t
		return ok
	}
	rel := after
	if p.at(0).word("before") {
		rel = before
	}
	if !p.acceptAny("any time after", "after", "before") {
		return false
	}
	return p.relationTime(it, rel)
}
