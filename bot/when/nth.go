package when

import "time"

func weekdayVal(t token) time.Weekday { return time.Weekday(t.val) }

// nthDay reads "the first Monday in March", "the 2nd or 3rd week of Jan", "the last working day of the month" and "the
// first Tuesday after Easter".
func (p *parser) nthDay() (*day, bool) {
	n, ok := p.ordinal()
	if !ok {
		return nil, false
	}
	switch t := p.at(0); {
	case t.word("half"):
		p.i++
		return p.halfOf(n)
	case t.isClass(cWeekday) && !t.plural:
		p.i++
		return p.nthWeekday(n, weekdayVal(t))
	case t.word("week"), t.word("wk"):
		p.i++
		return p.nthWeeks(n, n)
	case p.acceptAny("day"):
		return p.nthOf(n, func(Date) bool { return true })
	case p.acceptAny("working day", "weekday", "workday", "business day"):
		return p.nthOf(n, func(d Date) bool { return WorkingDay(d, p.opt.Nation) })
	case p.acceptAny("weekend") && p.of():
		return p.nthSaturday(n)
	case p.acceptAny("or", "and", "to") || p.mark("-/"):
		p.accept("the")
		if m, ok := p.ordinal(); ok && m-n == 1 && p.acceptAny("week", "weeks") {
			return p.nthWeeks(n, m)
		}
	case n == 1 || n == -1:
		return p.firstWeeks(n)
	}
	return nil, false
}

func (p *parser) of() bool {
	return p.acceptAny("of", "in", "of the", "in the", "of this", "in this") || p.at(0).isClass(cMonth)
}

// monthNamed reads a month with or without a year, or next and this month; any is false where the year was given.
// It does not take "the month", which is every month.
func (p *parser) monthNamed() (first Date, any, ok bool) {
	this := Date{p.today.Year, p.today.Month, 1}
	switch {
	case p.acceptAny("next month"):
		return this.AddMonths(1), false, true
	case p.acceptAny("this month"):
		return this, false, true
	case p.acceptAny("new year", "the new year"):
		return Date{p.today.Year + 1, time.January, 1}, false, true
	}
	p.accept("the month of")
	t, ok := p.class(cMonth)
	if !ok {
		return Date{}, false, false
	}
	p.abbreviated()
	first = Date{p.today.Year, time.Month(t.val), 1}
	if y, ok := p.year(); ok {
		first.Year = y
		return first, false, true
	}
	if p.accept("next year") {
		first.Year++
		return first, false, true
	}
	return first, true, true
}

// inMonth settles a stretch that find gives for a month: that of the coming month of that name which is not over. One
// that was over at most 60 days ago is asked about (C3).
func (p *parser) inMonth(first Date, any bool, find func(month Date) (*day, bool)) (*day, bool) {
	n, ok := find(first)
	if !ok {
		return &day{span: &span{reasons: []Reason{NoSuchDate}, fatal: true}}, true
	}
	if !n.span.last.Before(p.today) {
		return n, true
	}
	ago := n.span.last.DaysTo(p.today)
	if !any {
		return &day{span: &span{reasons: []Reason{Past}, fatal: true}}, true
	}
	first.Year++
	later, ok := find(first)
	if ok && ago <= recent {
		return doubtful(Past, later.span.first, n.span.first), true
	}
	return later, ok
}

func (p *parser) nthWeekday(n int, wd time.Weekday) (*day, bool) {
	if p.acceptAny("after", "following") {
		if target, ok := p.target(); ok && n > 0 {
			s := p.resolve(target)
			return p.movedTo(s, func(d Date) Date { return d.next(wd).AddDays(7 * (n - 1)) }), true
		}
		return nil, false
	}
	if p.accept("before") {
		if target, ok := p.target(); ok && n == -1 {
			s := p.resolve(target)
			return p.movedTo(s, func(d Date) Date { return d.AddDays(-8).next(wd) }), true
		}
		return nil, false
	}
	p.acceptAny("of", "in")
	first, any, ok := p.monthNamed()
	if !ok {
		return nil, false
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) {
		d, ok := NthWeekday(m.Year, m.Month, wd, n)
		return single(d), ok
	})
}

// movedTo applies move to the edge of what a target came to.
func (p *parser) movedTo(s span, move func(Date) Date) *day {
	if !s.clear() || s.first.IsZero() || s.last.IsZero() {
		if s.clear() {
			s.reasons = []Reason{Vague}
		}
		for i := range s.cands {
			s.cands[i] = move(s.cands[i])
		}
		return &day{span: &s}
	}
	d := move(s.last)
	if d.Before(s.first) {
		d = move(s.first)
	}
	if d.Before(p.today) {
		return &day{span: &span{reasons: []Reason{Past}, fatal: true}}
	}
	return single(d)
}

// nthOf counts the days of a month that fit.
func (p *parser) nthOf(n int, fits func(Date) bool) (*day, bool) {
	if !p.acceptAny("of", "in") {
		return nil, false
	}
	first, any, ok := p.monthNamed()
	if !ok {
		return nil, false
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) {
		d, step, left := m, 1, n
		if n < 0 {
			d, step, left = m.EndOfMonth(), -1, -n
		}
		for ; d.Month == m.Month; d = d.AddDays(step) {
			if fits(d) {
				if left--; left == 0 {
					return single(d), true
				}
			}
		}
		return nil, false
	})
}

// nthWeeks reads the month of "the 2nd or 3rd week of Jan". Week N holds the month's N-th Thursday (C13).
func (p *parser) nthWeeks(from, to int) (*day, bool) {
	if !p.acceptAny("of", "in") {
		return nil, false
	}
	first, any, ok := p.monthNamed()
	if !ok {
		return nil, false
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) {
		a, okA := NthWeekday(m.Year, m.Month, time.Thursday, from)
		b, okB := NthWeekday(m.Year, m.Month, time.Thursday, to)
		if !okA || !okB {
			return nil, false
		}
		n := settled(a.Monday(), b.Monday().AddDays(6), namedWeek)
		n.span.assumed = []Assumption{AssumedWeek}
		return n, true
	})
}

// firstWeeks reads "the first two weeks of March".
func (p *parser) firstWeeks(n int) (*day, bool) {
	c, ok := p.count()
	unit, okUnit := p.unit()
	if okUnit && unit == uFortnight {
		c.n, unit, ok = 2*max(1, c.n), uWeek, true
	}
	if !ok || !okUnit || unit < uDay || !p.at(0).word("of") && !p.at(0).word("in") {
		return nil, false
	}
	if unit == uWeek && n == 1 {
		return p.nthWeeks(1, c.n)
	}
	if unit == uWeek {
		return p.nthWeeks(-c.n, -1)
	}
	p.i++
	first, any, ok := p.monthNamed()
	if !ok || unit != uDay || c.n > 28 {
		return nil, false
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) {
		if n == 1 {
			return settled(m, m.AddDays(c.n-1), search), true
		}
		return settled(m.EndOfMonth().AddDays(1-c.n), m.EndOfMonth(), search), true
	})
}

// halfOf reads "the first half of March": to the 15th, or from the 16th.
func (p *parser) halfOf(n int) (*day, bool) {
	if n != 1 && n != 2 || !p.acceptAny("of", "in") {
		return nil, false
	}
	first, any, ok := p.monthNamed()
	if !ok {
		return nil, false
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) {
		if n == 1 {
			return settled(m, m.AddDays(14), search), true
		}
		return settled(m.AddDays(15), m.EndOfMonth(), search), true
	})
}

func (p *parser) nthSaturday(n int) (*day, bool) {
	first, any, ok := p.monthNamed()
	if !ok {
		return nil, false
	}
	return p.inMonth(first, any, func(m Date) (*day, bool) {
		d, ok := NthWeekday(m.Year, m.Month, time.Saturday, n)
		return settled(d, d.AddDays(1), namedWeek), ok
	})
}
