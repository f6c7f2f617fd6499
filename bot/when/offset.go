package when

// offsetDay counts from today, from another day or from an anchor: "in three weeks", "a week on Thursday", "two days
// before the board meeting".
func (p *parser) offsetDay() (*day, bool) {
	if n, ok := p.within(); ok {
		return n, true
	}
	if p.at(0).word("day") && (p.at(1).word("after") || p.at(1).word("before")) {
		p.i++
		return p.offsetFrom(count{n: 1}, uDay, false)
	}
	if (p.at(0).word("week") || p.at(0).word("fortnight")) && (p.at(1).word("on") || p.at(1).word("today") || p.at(1).word("tomorrow")) { // week on Friday
		unit, _ := p.unit()
		return p.offsetFrom(count{n: 1}, unit, false)
	}
	in := p.accept("in")
	approx := p.acceptAny("about", "around", "roughly", "approximately", "maybe", "say")
	c, ok := p.count()
	if !ok {
		return nil, false
	}
	if until, unit, ok := p.countRange(); in && ok && c.n < until {
		p.ending()
		return p.few(p.today, c.n, until, unit), true
	}
	unit, ok := p.unit()
	if !ok || unit < uDay || c.n > 1000 {
		return nil, false
	}
	if in {
		approx = p.ending() || approx
		if c.few {
			return p.few(p.today, 2, 4, unit), true
		}
		return p.weekdayOf(p.shift(p.today, c.n, unit), approx), true
	}
	return p.offsetFrom(c, unit, approx)
}

// ending reads the rest of "in two weeks' time or so".
func (p *parser) ending() (approx bool) {
	p.mark("'")
	p.acceptAny("time", "from now", "from today")
	return p.acceptAny("or so", "ish")
}

// countRange reads the rest of "2-3 weeks" and "a week or two".
func (p *parser) countRange() (until, unit int, ok bool) {
	mark := p.i
	first, unitFirst := p.unit()
	if p.mark("-") || p.acceptAny("to", "or") {
		if c, okc := p.count(); okc {
			u, oku := p.unit()
			if !oku && unitFirst {
				u, oku = first, true
			}
			if oku && u >= uDay && c.n <= 1000 {
				return c.n, u, true
			}
		}
	}
	p.i = mark
	return 0, 0, false
}

// few is a stretch between so many units after a day and so many more.
func (p *parser) few(from Date, least, most, unit int) *day {
	first, last := p.shift(from, least, unit), p.shift(from, most, unit)
	if last.Before(first) {
		first, last = last, first
	}
	n := settled(first, last, search)
	n.span.assumed = []Assumption{AssumedApproximate}
	return n
}

// weekdayOf reads "on Thursday" after "in two weeks": taken only where both ways of counting agree.
func (p *parser) weekdayOf(d Date, approx bool) *day {
	n := single(d)
	if approx {
		n.span.assumed = []Assumption{AssumedApproximate}
	}
	p.try(func() bool {
		p.accept("on")
		t, ok := p.class(cWeekday)
		if !ok || t.plural || p.at(0).kind == tNum || p.at(0).isClass(cMonth) {
			return false
		}
		wd := weekdayVal(t)
		n = single(d.in(wd))
		if other := d.AddDays(-7 * (p.today.DaysTo(d) / 7)).next(wd).AddDays(7 * (p.today.DaysTo(d) / 7)); other != d.in(wd) {
			n = doubtful(Vague, d.in(wd), other)
		}
		return true
	})
	return n
}

// within reads "within two weeks" and "in the next few days".
func (p *parser) within() (*day, bool) {
	if !p.acceptAny("within the next", "within", "in the next", "over the next", "during the next", "in the coming", "over the coming", "next", "coming",
		"inside") {
		return nil, false
	}
	c, ok := p.count()
	if !ok {
		c, ok = count{n: 1}, p.at(-1).word("next") && p.at(-2).kind == tWord && p.at(0).isClass(cUnit) && p.at(0).val == uFortnight
	}
	unit, okUnit := p.unit()
	if !okUnit && ok && c.few && p.accept("weeks") {
		unit, okUnit = uWeek, true
	}
	if !ok || !okUnit || unit < uDay || c.n > 1000 {
		return nil, false
	}
	p.accept("or so")
	n := settled(p.today, p.shift(p.today, c.n, unit), search)
	if c.few {
		n.span.last = p.shift(p.today, 4, unit)
		n.span.assumed = []Assumption{AssumedApproximate}
	}
	return n, true
}

// offsetFrom reads what a number of days or weeks is counted from.
func (p *parser) offsetFrom(c count, unit int, approx bool) (*day, bool) {
	p.mark("'")
	switch {
	case p.acceptAny("from now", "from today", "hence", "time"):
		return p.weekdayOf(p.shift(p.today, c.n, unit), approx || p.accept("or so")), !c.few
	case p.acceptAny("ago"):
		return &day{span: &span{reasons: []Reason{Past}, fatal: true}}, true
	}
	sign := 1
	switch {
	case p.acceptAny("before", "prior to", "ahead of", "in advance of"):
		sign = -1
	case p.acceptAny("after", "from", "following", "past"):
	case unit == uWeek || unit == uFortnight:
		if !p.accept("on") && !p.at(0).isClass(cWeekday) && !p.at(0).word("today") && !p.at(0).word("tomorrow") {
			return nil, false
		}
	default:
		return nil, false
	}
	target, ok := p.target()
	if !ok {
		return nil, false
	}
	return p.shifted(p.resolve(target), c, sign, unit, approx), true
}

// shifted moves what a target came to.
func (p *parser) shifted(s span, c count, sign, unit int, approx bool) *day {
	if s.fatal || s.first.IsZero() && len(s.cands) == 0 {
		return &day{span: &s}
	}
	var cands []Date
	for _, d := range s.cands {
		cands = append(cands, p.shift(d, sign*c.n, unit))
	}
	if !s.clear() {
		return &day{span: &span{reasons: s.reasons, cands: cands}}
	}
	from := s.first
	if sign > 0 {
		from = s.last
	}
	n := single(p.shift(from, sign*c.n, unit))
	n.span.assumed = s.assumed
	if c.few {
		n = p.few(from, 2*sign, 4*sign, unit)
	}
	if approx {
		n.span.assumed = addNew(n.span.assumed, AssumedApproximate)
	}
	if n.span.last.Before(p.today) {
		return &day{span: &span{reasons: []Reason{Past}, fatal: true}}
	}
	return n
}
