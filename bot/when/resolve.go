package when

import "time"

// resolve settles a day by the conventions C2 to C8.
func (p *parser) resolve(n *day) span {
	switch {
	case n.until != nil:
		return p.resolveRun(n)
	case n.span != nil:
		return *n.span
	case n.pair:
		s := p.resolveDate(n)
		return span{reasons: addNew([]Reason{DateOrTime}, s.reasons...), cands: append(s.cands, s.first)}
	case n.d == 0:
		return p.resolveWeekday(n)
	case !n.month.IsZero():
		return p.resolveNumberIn(n)
	case n.m == 0:
		return p.resolveNumber(n)
	case n.numeric:
		return p.resolveNumeric(n)
	}
	return p.resolveDate(n)
}

// resolveWeekday follows C6 to C8.
func (p *parser) resolveWeekday(n *day) span {
	if !n.monday.IsZero() {
		d := n.monday.in(n.wd)
		if d.Before(p.today) {
			return askSpan([]Date{p.today.next(n.wd)}, Past)
		}
		return daySpan(d)
	}
	later, coming := 7*n.weeks, p.today.next(n.wd)
	both := []Date{coming.AddDays(later), coming.AddDays(later + 7)}
	switch n.mod {
	case modLast:
		return errorSpan(Past)
	case modThis:
		if d := p.today.in(n.wd); !d.Before(p.today) {
			return daySpan(d.AddDays(later))
		}
		return askSpan(both[:1], Past)
	case modNext, modAfterNext:
		if n.mod == modAfterNext {
			both = []Date{both[1], both[1].AddDays(7)}
		}
		if coming.Monday() == p.today.Monday() {
			return askSpan(both, NextWeekday)
		}
	case modNone:
		if p.today.Weekday() == n.wd {
			return askSpan([]Date{p.today.AddDays(later), both[0]}, SameWeekday)
		}
	}
	return daySpan(both[0])
}

// resolveNumber finds the next day with that number (C5).
func (p *parser) resolveNumber(n *day) span {
	if n.d > 31 {
		return errorSpan(NoSuchDate)
	}
	next := p.numbered(n.d, p.today, 1)
	if !n.hasWd || next.Weekday() == n.wd {
		return daySpan(next, AssumedMonth)
	}
	last := p.numbered(n.d, p.today.AddDays(-1), -1)
	s := p.mismatch(n, next, last)
	if n.bare && n.d <= 24 {
		s.reasons = append(s.reasons, DateOrTime)
	}
	for d, i := next, 0; i < 12; i++ {
		if d = p.numbered(n.d, d.AddDays(1), 1); d.Weekday() == n.wd {
			s.cands = append(s.cands, d)
			break
		}
	}
	return s
}

// numbered looks from a day on, or back, for one with that number.
func (p *parser) numbered(number int, from Date, step int) Date {
	for from.Day != number {
		from = from.AddDays(step)
	}
	return from
}

// resolveNumberIn is "the 18th of next month".
func (p *parser) resolveNumberIn(n *day) span {
	d := Date{n.month.Year, n.month.Month, n.d}
	switch {
	case !d.Valid():
		return errorSpan(NoSuchDate)
	case d.Before(p.today):
		return errorSpan(Past)
	case n.hasWd && d.Weekday() != n.wd:
		return askSpan([]Date{d, d.nearest(n.wd)}, WeekdayMismatch)
	}
	return daySpan(d)
}

// mismatch asks about a weekday that does not fit the coming date (C4).
func (p *parser) mismatch(n *day, next, last Date) span {
	if last.Weekday() == n.wd && last.DaysTo(p.today) <= recent {
		return askSpan([]Date{next, last, next.nearest(n.wd)}, Past)
	}
	return askSpan([]Date{next, next.nearest(n.wd)}, WeekdayMismatch)
}

// recent is how many days ago a date without a year may lie to be meant as past (C3).
const recent = 60

// resolveDate settles day and month, with or without a year (C3, C4).
func (p *parser) resolveDate(n *day) span {
	if n.y > 0 {
		d := Date{n.y, time.Month(n.m), n.d}
		switch {
		case !d.Valid():
			return errorSpan(NoSuchDate)
		case d.Before(p.today):
			return errorSpan(Past)
		case n.hasWd && d.Weekday() != n.wd:
			return askSpan([]Date{d, d.nearest(n.wd)}, WeekdayMismatch)
		}
		return daySpan(d)
	}
	next, last, ok := p.around(n.d, n.m)
	switch {
	case !ok:
		return errorSpan(NoSuchDate)
	case n.hasWd && next.Weekday() != n.wd:
		return p.mismatch(n, next, last)
	case !n.hasWd && last.Valid() && last.DaysTo(p.today) <= recent:
		return askSpan([]Date{next, last}, Past)
	}
	return daySpan(next)
}

// around gives the coming and the last day of that name; today counts as coming. It reports false where the coming
// year has none.
func (p *parser) around(d, m int) (next, last Date, ok bool) {
	next = Date{p.today.Year, time.Month(m), d}
	if next.Before(p.today) {
		next.Year++
	}
	last = Date{next.Year - 1, next.Month, next.Day}
	return next, last, next.Valid()
}

// resolveNumeric settles 3/4 and 25/4/26 (C2).
func (p *parser) resolveNumeric(n *day) span {
	british, american := *n, *n
	british.numeric, american.numeric = false, false
	american.d, american.m = n.m, n.d
	switch {
	case n.m > 12 && n.d <= 12:
		s := p.resolveDate(&american)
		if s.fatal {
			return s
		}
		return askSpan(append(s.cands, s.first), DayMonthOrder)
	case n.m > 12 || n.m == 0:
		return errorSpan(NoSuchDate)
	}
	b := p.resolveDate(&british)
	if n.d > 12 || n.d == n.m || n.hasWd && b.clear() {
		return b
	}
	a := p.resolveDate(&american)
	if b.fatal && a.fatal {
		return b
	}
	var cands []Date
	for _, s := range []span{b, a} {
		if !s.first.IsZero() {
			cands = append(cands, s.first)
		}
		cands = append(cands, s.cands...)
	}
	return askSpan(cands, addNew([]Reason{DayMonthOrder}, b.reasons...)...)
}
