package when

// week reads weeks, which run Monday to Sunday (C13).
func (p *parser) week() (*day, bool) {
	monday := p.today.Monday()
	switch {
	case p.acceptAny("week after next", "week following next"):
		return aWeek(monday.AddDays(14)), true
	case p.acceptAny("week after", "week following", "week before"):
		sign := 1
		if p.at(-1).word("before") {
			sign = -1
		}
		return p.weekBeside(sign)
	case p.acceptAny("next week", "following week", "coming week"):
		return aWeek(monday.AddDays(7)), true
	case p.acceptAny("later this week", "later in the week", "rest of the week", "rest of this week"):
		return settled(p.today.AddDays(1), monday.AddDays(6), namedWeek), p.today != monday.AddDays(6)
	case p.acceptAny("this week"):
		return aWeek(monday), true
	case (p.at(0).word("week") || p.at(0).word("wk")) && p.at(1).kind == tNum && !p.at(1).ordinal && p.at(1).n[0] >= 1 && p.at(1).n[0] <= 5 && p.at(2).word("of"):
		p.i += 2
		return p.nthWeeks(p.at(-1).n[0], p.at(-1).n[0])
	case p.weekCommencing():
		return p.weekFrom(true)
	case p.acceptAny("week of", "week with", "week containing", "week ending", "week including"):
		return p.weekFrom(false)
	}
	return nil, false
}

func aWeek(monday Date) *day { return settled(monday, monday.AddDays(6), namedWeek) }

// weekBeside is the week before or after that of a day: "the week after Easter".
func (p *parser) weekBeside(sign int) (*day, bool) {
	target, ok := p.target()
	if !ok {
		return nil, false
	}
	s := p.resolve(target)
	if !s.clear() {
		return &day{span: &s}, true
	}
	if s.first.IsZero() || s.last.IsZero() {
		return nil, false
	}
	edge := s.first
	if sign > 0 {
		edge = s.last
	}
	n := aWeek(edge.Monday().AddDays(7 * sign))
	if n.span.last.Before(p.today) {
		return &day{span: &span{reasons: []Reason{Past}, fatal: true}}, true
	}
	return n, true
}

func (p *parser) weekCommencing() bool {
	return p.acceptAny("week commencing", "week beginning", "week starting", "week from", "wc", "wb") || p.try(func() bool {
		return (p.accept("w") && p.mark("/") && p.acceptAny("c", "b")) && (p.mark(".") || true)
	})
}

// weekFrom reads the day that names a week. After "commencing" it must be a Monday.
func (p *parser) weekFrom(commencing bool) (*day, bool) {
	p.mark(":")
	p.acceptAny("on the", "the", "on")
	n, ok := p.oneDay()
	if !ok && p.at(0).kind == tNum && !p.at(0).ordinal && p.at(0).width[0] < 3 && p.at(0).n[0] > 0 { // w/c 9
		n, ok = &day{d: p.at(0).n[0]}, true
		p.i++
	}
	if !ok {
		return nil, false
	}
	s := p.resolve(n)
	switch {
	case !s.clear():
		return &day{span: &s}, true
	case s.shape != oneDay:
		return nil, false
	}
	monday := s.first.Monday()
	if commencing && monday != s.first {
		return doubtful(WeekdayMismatch, monday), true
	}
	w := aWeek(monday)
	w.span.assumed, w.week = s.assumed, true
	return w, true
}

// weekend reads Saturday and Sunday as one.
func (p *parser) weekend() (*day, bool) {
	saturday := p.today.Monday().AddDays(5)
	switch {
	case p.acceptAny("next weekend"):
		if p.today.Before(saturday) {
			return doubtful(NextWeekday, saturday, saturday.AddDays(7)), true
		}
		saturday = saturday.AddDays(7)
	case p.acceptAny("this weekend", "coming weekend", "this coming weekend"):
	case p.accept("weekend of"):
		n, ok := p.weekFrom(false)
		if !ok || !n.span.clear() {
			return n, ok
		}
		saturday = n.span.first.AddDays(5)
	case p.at(-1).word("the") && p.accept("weekend"):
	default:
		return nil, false
	}
	return settled(saturday, saturday.AddDays(1), namedWeek), true
}
