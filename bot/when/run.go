package when

import "time"

// resolveRun settles a first and a last day, each of which may lean on the other: "20–31 July", "Mon to Wed next week".
func (p *parser) resolveRun(n *day) span {
	a, b := *n, *n.until
	a.until = nil
	p.lend(&a, &b)
	first := p.resolve(&a)
	if !first.clear() {
		return first
	}
	last := p.resolveLast(&b, first)
	if !last.clear() {
		return last
	}
	s := span{first: first.first, last: last.last, shape: runOfDays, assumed: addNew(first.assumed, last.assumed...)}
	if first.shape == search || last.shape == search {
		s.shape = search
	}
	switch {
	case s.first.IsZero() || s.last.IsZero():
		return askSpan(nil, Vague)
	case s.last.Before(s.first):
		return errorSpan(EndBeforeStart)
	case s.last == s.first:
		s.shape = oneDay
	}
	return s
}

// lend gives the first day what only the last one says.
func (p *parser) lend(a, b *day) {
	switch {
	case a.onlyNumber() && b.dated():
		a.m, a.y, a.numeric = b.m, b.y, b.numeric
		if a.d > b.d {
			a.m--
			if a.m == 0 {
				a.m, a.y = 12, max(0, a.y-1)
			}
		}
	case a.onlyNumber() && !b.month.IsZero():
		a.month = b.month
	case a.dated() && b.dated() && a.y == 0 && b.y > 0:
		a.y = b.y
		if a.m > b.m {
			a.y--
		}
	case a.onlyWeekday() && a.mod == modNone && b.hasWd && b.d == 0 && !b.monday.IsZero():
		a.monday = b.monday
	case a.onlyWeekday() && a.mod == modNone && b.hasWd && b.mod != modNone:
		a.mod = b.mod
	case a.onlyWeekday() && b.d > 0:
		if s := p.resolve(b); s.clear() {
			*a = *single(s.first.AddDays(-7).next(a.wd))
		}
	}
}

// resolveLast settles the last day of a run that begins with first.
func (p *parser) resolveLast(b *day, first span) span {
	start := first.first
	switch {
	case b.onlyWeekday() && b.mod != modNext && b.mod != modLast:
		return daySpan(start.next(b.wd))
	case b.onlyNumber():
		d := p.numbered(min(b.d, 31), start, 1)
		if b.d > 31 {
			return errorSpan(NoSuchDate)
		}
		return p.agreeing(b, d)
	case b.dated() && b.y == 0 && !b.numeric:
		d := Date{start.Year, time.Month(b.m), b.d}
		if d.Before(start) {
			d.Year++
		}
		if !d.Valid() {
			return errorSpan(NoSuchDate)
		}
		if start.DaysTo(d) > 300 { // 9 March to 5 March
			return errorSpan(EndBeforeStart)
		}
		return p.agreeing(b, d)
	}
	return p.resolve(b)
}

// agreeing is d, if the weekday beside it fits.
func (p *parser) agreeing(n *day, d Date) span {
	if n.hasWd && d.Weekday() != n.wd {
		return askSpan([]Date{d, d.nearest(n.wd)}, WeekdayMismatch)
	}
	return daySpan(d)
}
