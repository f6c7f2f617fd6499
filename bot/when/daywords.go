package when

// day reads days: one, a run, a week, a month.
func (p *parser) day() (*day, bool) {
	if p.depth > 3 {
		return nil, false
	}
	p.depth++
	defer func() { p.depth-- }()
	n, ok := p.oneDay()
	if !ok {
		return nil, false
	}
	p.try(func() bool {
		if !p.through() {
			return false
		}
		p.acceptAny("the", "on the", "on", "and including")
		last, ok := p.oneDay()
		if ok {
			first := *n
			first.until = last
			n = &first
		}
		return ok
	})
	return n, true
}

// through reads what stands between the ends of a run.
func (p *parser) through() bool {
	if p.at(0).is("'") && (p.at(1).word("til") || p.at(1).word("till")) {
		p.i++
	}
	return p.mark("-") || p.acceptAny("to", "until", "till", "til", "through", "thru", "up to")
}

// oneDay reads a single expression, without looking for the end of a run.
func (p *parser) oneDay() (*day, bool) {
	mark := p.i
	for _, read := range []func(*parser) (*day, bool){
		(*parser).relativeDay, (*parser).offsetDay, (*parser).holiday, (*parser).nthDay, (*parser).partOfMonth, (*parser).week, (*parser).weekend,
		(*parser).calendarDay, (*parser).monthOrLonger,
	} {
		p.accept("the")
		if n, ok := read(p); ok {
			return n, true
		}
		p.i = mark
	}
	return nil, false
}

// relativeDay reads today, tomorrow, the day after tomorrow, and a week from them.
func (p *parser) relativeDay() (*day, bool) {
	var d Date
	switch {
	case p.accept("today"):
		d = p.today
	case p.acceptAny("tomorrow", "tmrw", "tmw", "tomoz", "tomorrow's"):
		d = p.today.AddDays(1)
	case p.acceptAny("day after tomorrow", "overmorrow"):
		d = p.today.AddDays(2)
	case p.acceptAny("last week", "last month", "last weekend") && (p.at(0).word("of") || p.at(0).word("in") || p.at(0).word("before")):
		return nil, false
	case p.acceptAny("yesterday", "day before yesterday", "last night", "last week", "last month", "last year", "last weekend"):
		return &day{span: &span{reasons: []Reason{Past}, fatal: true}}, true
	default:
		return nil, false
	}
	return single(d.AddDays(7 * p.weekSuffix())), true
}

// weekSuffix reads the "week" of "Thursday week" and gives how many weeks to add.
func (p *parser) weekSuffix() int {
	switch {
	case p.at(0).word("week") && !weekLike[p.at(1).text]:
		p.i++
		return 1
	case p.accept("fortnight"):
		return 2
	}
	return 0
}

// weekLike are the words that give "week" another meaning.
var weekLike = map[string]bool{"commencing": true, "beginning": true, "starting": true, "of": true, "ending": true}

// target reads what one counts from: an anchor, or a day.
func (p *parser) target() (*day, bool) {
	if a, ok := p.anchor(); ok {
		return a.day(), true
	}
	return p.day()
}
