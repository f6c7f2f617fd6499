package when

func (p *parser) anySlot(it *item) bool {
	partAhead := p.at(3).isClass(cPart) || p.at(4).isClass(cPart)
	if partAhead && p.acceptAny("first thing", "last thing") { // on Monday morning
		it.approx = true
		return true
	}
	if !p.acceptAny("any time", "anytime", "some time", "sometime", "at some point", "any day", "some day", "one day", "any point") {
		return false
	}
	mark := p.i
	p.skip()
	if p.done() && it.empty() {
		return false
	}
	p.i = mark
	it.any = true
	return true
}

// daySlot reads a day; a second one must agree with the first, or narrow it.
func (p *parser) daySlot(it *item) bool {
	direct := it.day != nil && !p.at(-1).is(",") && (p.i == it.dayEnd || p.at(-1).is("("))
	n, ok := p.day()
	if !ok {
		return false
	}
	if it.day == nil {
		it.day, it.dayEnd = n, p.i
		if p.acceptAny("onwards", "onward", "or later", "at the earliest") {
			it.rel = notBefore
		}
		return true
	}
	if w := n.span; it.day.onlyWeekday() && it.day.mod == modNone && it.day.weeks == 0 && w != nil && w.clear() && w.shape == namedWeek && w.first.DaysTo(w.last) == 6 {
		it.day, it.dayEnd = &day{hasWd: true, wd: it.day.wd, monday: w.first.Monday()}, p.i
		return true
	}
	first := p.resolve(it.day)
	if first.clear() && first.shape == namedWeek && n.until != nil && n.hasWd && n.d == 0 && n.span == nil && n.until.onlyWeekday() {
		a, b := *n, *n.until
		a.monday, b.monday = first.first.Monday(), first.first.Monday()
		a.until = &b
		it.day, it.dayEnd = &a, p.i
		return true
	}
	if it.rel != plainly && it.rel != by {
		if second := p.resolve(n); !it.rel.holds(second, first) {
			return false
		}
		it.day, it.rel, it.dayEnd = n, plainly, p.i
		return true
	}
	switch {
	case it.day.until != nil || n.until != nil || !first.clear():
		return false
	case n.onlyWeekday() && n.mod == modNone && n.weeks == 0 && first.shape == namedWeek:
		it.day = &day{hasWd: true, wd: n.wd, monday: first.first.Monday()}
	case n.onlyNumber() && first.shape == search && first.first.Day == 1 && first.last == first.first.EndOfMonth():
		m := *n
		m.month, it.day = first.first, &m
	default:
		return p.sameDay(it, n, first, direct)
	}
	it.dayEnd = p.i
	return true
}

// sameDay holds a second naming of the day against the first.
func (p *parser) sameDay(it *item, n *day, first span, direct bool) bool {
	if first.shape != oneDay || first.first.IsZero() {
		return false
	}
	second := p.resolve(n)
	if n.onlyWeekday() && first.first.Weekday() == n.wd || second.clear() && second.first == first.first && second.last == first.last {
		it.dayEnd = p.i
		return true
	}
	if direct && (second.clear() && second.shape == oneDay || n.onlyWeekday()) {
		it.conflict, it.dayEnd = true, p.i
		return true
	}
	return false
}
