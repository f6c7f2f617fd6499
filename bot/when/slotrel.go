package when

// relationSlot reads by, after, before, until and what they are about.
func (p *parser) relationSlot(it *item) bool {
	var rel relation
	anyTime := p.acceptAny("any time", "anytime", "some time", "sometime")
	switch {
	case p.acceptAny("by", "no later than", "not later than", "on or before", "due by", "due on", "due", "deadline is", "deadline", "latest by"):
		rel = by
		p.acceptAny("on")
	case p.acceptAny("not before", "no earlier than", "not earlier than", "no sooner than", "on or after", "not until"):
		rel = notBefore
	case p.acceptAny("after", "later than"):
		rel = after
	case p.acceptAny("but before", "and before", "before", "earlier than", "ahead of", "prior to"):
		rel = before
	case p.acceptAny("until", "till", "til", "up to", "up until", "not after"):
		rel = until
	default:
		return false
	}
	p.mark(":")
	p.acceptAny("about", "around")
	if p.try(func() bool { return p.relationTime(it, rel) }) {
		it.any = it.any || anyTime
		return true
	}
	if it.rel != plainly || it.day != nil && rel == by {
		return false
	}
	n, ok := p.target()
	if !ok && rel == by && p.acceptAny("the end of", "end of") { // the end of today
		n, ok = p.oneDay()
	}
	if !ok {
		return false
	}
	if it.day != nil {
		it.dayEnd = p.i
		return rel.holds(p.resolve(it.day), p.resolve(n))
	}
	it.rel, it.day, it.dayEnd = rel, n, p.i
	return true
}

// relationTime reads the hour after by, after, before and until.
func (p *parser) relationTime(it *item, rel relation) bool {
	if rel == by && it.rel == plainly && it.times.kind == noTime {
		p.acceptAny("the")
		if p.closing() {
			it.rel, it.times = by, times{kind: closeTime}
			return true
		}
		if p.acceptAny("end of day", "end of the day", "eod") {
			it.rel, it.times = by, times{kind: allDay}
			return true
		}
	}
	if index, _, today, ok := p.dayPart(false); ok && !today && it.part == nil && it.times.kind == noTime {
		return p.relationPart(it, rel, parts[index])
	}
	mark := p.i
	hour := it.day != nil && p.at(0).kind == tNum && !p.at(0).ordinal && !p.at(1).isClass(cMonth) // after 4 or 11 Feb
	if n, ok := p.day(); ok && !n.pair && !hour {
		return false
	}
	p.i = mark
	c, ok := p.clock(true)
	if !ok || p.at(0).isClass(cUnit) {
		return false
	}
	if rel == by {
		if it.rel != plainly || it.times.kind != noTime {
			return false
		}
		it.rel, it.times = by, times{kind: atTime, from: &c}
		return true
	}
	lower := rel == after || rel == notBefore
	switch {
	case it.times.kind == noTime && lower:
		it.times = times{kind: windowTime, from: &c}
	case it.times.kind == noTime:
		it.times = times{kind: windowTime, to: &c}
	case it.times.kind == atTime && rel == until: // noon tomorrow till 1
		it.times.kind, it.times.to = rangeTime, &c
	case it.times.kind == windowTime && lower && it.times.from == nil:
		it.times.from = &c
	case it.times.kind == windowTime && !lower && it.times.to == nil:
		it.times.to = &c
	default:
		return false
	}
	return true
}

// relationPart is "after lunch", "before the evening".
func (p *parser) relationPart(it *item, rel relation, part Part) bool {
	switch rel {
	case after:
		it.part = &Part{From: part.To}
	case notBefore:
		it.part = &Part{From: part.From}
	case before:
		it.part = &Part{To: part.From}
	default:
		return false
	}
	return true
}

func (p *parser) betweenSlot(it *item) bool {
	anyTime := p.acceptAny("any time", "anytime", "some time", "sometime", "somewhere")
	if n, ok := p.holiday(); ok && it.day == nil && n.span.shape == search { // between Christmas and New Year
		it.day, it.dayEnd, it.any = n, p.i, true
		return true
	} else if ok {
		return false
	}
	if !p.acceptAny("between", "in between") {
		return false
	}
	p.acceptAny("the", "about")
	if it.day == nil && p.try(func() bool {
		first, ok := p.oneDay()
		if !ok && p.accept("now") {
			first, ok = single(p.today), true
		}
		if !ok || first.pair || !(p.mark("-") || p.acceptAny("and", "to")) {
			return false
		}
		last, ok := p.endOfBetween()
		if !ok {
			return false
		}
		n := *first
		n.until = last
		it.day, it.any, it.dayEnd = &n, true, p.i
		return true
	}) {
		return true
	}
	t, ok := p.betweenTimes()
	if ok && it.times.kind == noTime {
		it.times, it.any = t, it.any || anyTime
		return true
	}
	return false
}

// endOfBetween reads the second day of "between"; an anchor itself is left out.
func (p *parser) endOfBetween() (*day, bool) {
	if a, ok := p.anchor(); ok {
		if a.date.IsZero() {
			return a.day(), true
		}
		return single(a.date.AddDays(-1)), true
	}
	p.accept("the")
	return p.oneDay()
}

// fromSlot reads "from 6 January" and "from 2 till 3".
func (p *parser) fromSlot(it *item) bool {
	anyTime := p.acceptAny("any time", "anytime", "free", "available")
	if !p.acceptAny("starting from", "as of", "as from", "from", "effective") {
		return false
	}
	if it.day == nil && it.rel == plainly {
		mark := p.i
		if n, ok := p.target(); ok && !n.pair {
			it.day, it.dayEnd = n, p.i
			if n.until == nil {
				it.rel = notBefore
			}
			p.acceptAny("onwards", "onward", "on")
			return true
		}
		p.i = mark
	}
	if it.times.kind != noTime {
		return false
	}
	t, ok := p.timesOf(true)
	if ok && t.kind == atTime && anyTime {
		t.kind = windowTime
	}
	it.times = t
	return ok
}

// holds reports whether days lie as the relation to a bound demands: "before Christmas, next week".
func (rel relation) holds(days, bound span) bool {
	if !days.clear() || !bound.clear() || days.first.IsZero() || days.last.IsZero() || bound.first.IsZero() || bound.last.IsZero() {
		return false
	}
	switch rel {
	case before:
		return days.last.Before(bound.first)
	case until:
		return !days.last.After(bound.last)
	case after:
		return days.first.After(bound.last)
	}
	return !days.first.Before(bound.first)
}

// endOfDaySlot reads "EOD Friday": by then.
func (p *parser) endOfDaySlot(it *item) bool {
	if !it.empty() || it.rel != plainly || !p.acceptAny("eod", "end of day", "end of the day") {
		return false
	}
	p.mark(",")
	p.acceptAny("on")
	n, ok := p.oneDay()
	it.rel, it.day, it.dayEnd = by, n, p.i
	return ok
}

// lateSlot reads what comes behind: "at the latest".
func (p *parser) lateSlot(it *item) bool {
	if it.empty() || it.rel != plainly {
		return false
	}
	switch {
	case p.acceptAny("end of the day", "end of day", "eod") && it.day != nil:
		it.rel = by
	case p.acceptAny("at the latest", "at latest", "latest", "or earlier", "or before", "or sooner"):
		it.rel = by
	case p.acceptAny("at the earliest", "onwards", "onward", "or later", "or after"):
		if it.times.kind == atTime {
			it.times.kind = windowTime
		} else {
			it.rel = notBefore
		}
	default:
		return false
	}
	return true
}
