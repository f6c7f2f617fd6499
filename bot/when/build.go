package when

import "time"

// build turns an item into a reading.
func (p *parser) build(it item) Reading {
	if it.conflict {
		r := ask(WeekdayMismatch)
		s := p.resolve(it.day)
		for _, d := range append([]Date{s.first}, s.cands...) {
			if !d.IsZero() {
				r = r.offering(d.String())
			}
		}
		return r
	}
	if !it.moment.IsZero() {
		return p.finish(p.atMoment(it, it.moment, 0), it)
	}
	var s span
	switch {
	case it.day != nil:
		s = p.resolve(it.day)
	case p.opt.Meeting != nil:
		s = daySpan(DateOf(p.opt.Meeting.Start.In(p.zone)))
	default:
		s = daySpan(p.today, AssumedToday)
	}
	if s.fatal {
		return wrong(s.reasons...)
	}
	if !s.clear() {
		return p.orClock(p.askDays(it, s), it.day)
	}
	r := p.place(it, s)
	if it.day == nil && p.opt.Meeting == nil {
		r = p.orTomorrow(r, it, s)
	}
	if r.Kind != Ask && r.Kind != Error {
		r.Assumed = addNew(r.Assumed, s.assumed...)
	}
	return p.finish(r, it)
}

// finish adds what holds for every reading.
func (p *parser) finish(r Reading, it item) Reading {
	if it.approx && r.Kind != Ask && r.Kind != Error {
		r.Assumed = addNew(r.Assumed, AssumedApproximate)
	}
	return r
}

// orTomorrow asks about a time alone that is over for today (C15).
func (p *parser) orTomorrow(r Reading, it item, s span) Reading {
	over := r.Kind == Error && contains(r.Reasons, Past) || r.Kind == Window && !r.From.At.IsZero() && r.From.At.Before(p.now) ||
		r.Kind == Window && r.From.Open() && !r.To.At.IsZero() && r.To.At.Before(p.now)
	if !over {
		return r
	}
	tomorrow := daySpan(s.first.AddDays(1))
	later := p.place(it, tomorrow)
	r = ask(Past)
	switch {
	case !later.Start.IsZero():
		return r.offering(wallText(later.Start))
	case !later.By.At.IsZero():
		return r.offering(wallText(later.By.At))
	}
	return r.offering(tomorrow.first.String())
}

// askDays asks about the day, and about the time as well where that is doubtful too.
func (p *parser) askDays(it item, s span) Reading {
	r := ask(s.reasons...)
	for _, d := range s.cands {
		if d.IsZero() {
			continue
		}
		if it.times.kind == atTime || it.times.kind == rangeTime && it.times.toDay == nil {
			one := p.place(it, daySpan(d))
			switch {
			case one.Kind == Error && !contains(one.Reasons, Past):
				return one
			case one.Kind == Ask:
				r.Reasons = addNew(r.Reasons, one.Reasons...)
				r = r.offering(one.Candidates...)
				continue
			case !one.Start.IsZero():
				r = r.offering(wallText(one.Start))
				continue
			}
		}
		r = r.offering(d.String())
	}
	return r
}

// orClock offers 10.11 as a time, too.
func (p *parser) orClock(r Reading, n *day) Reading {
	if r.Kind != Ask || n == nil || !n.pair || n.hasWd {
		return r
	}
	d, at := p.today, HM(n.d, n.m)
	if !At(d, at, p.zone).After(p.now) {
		d = d.AddDays(1)
	}
	return r.offering(wallAt(d, at))
}

// place puts the hours of an item on settled days.
func (p *parser) place(it item, s span) Reading {
	if it.times.kind == closeTime {
		c := clock{h: int(closeOfBusiness) / 60, mer: mer24}
		it.times = times{kind: atTime, from: &c}
	}
	if it.times.kind == rangeTime && it.any {
		it.times.kind = windowTime
	}
	switch {
	case it.times.kind == noTime && it.part == nil, it.times.kind == allDay:
		return p.wholeDays(it, s)
	case it.rel == by:
		return p.dueAt(it, s)
	case it.rel != plainly && it.rel != notBefore && (it.times.kind == rangeTime || it.times.kind == windowTime):
		return ask(Vague)
	case it.times.kind == rangeTime && it.times.toDay != nil:
		return p.acrossDays(it, s)
	case s.shape == oneDay && it.times.kind == rangeTime:
		return p.rangeOn(it, s.first)
	case s.shape == oneDay && it.times.kind == atTime:
		return p.instantOn(it, s.first)
	case s.shape == oneDay && !s.first.IsZero():
		return p.hoursOn(it, s.first)
	case it.times.kind == atTime:
		return ask(Vague) // "next week at 2": which day?
	}
	return p.hoursOver(it, s)
}

// wholeDays is a reading without a clock.
func (p *parser) wholeDays(it item, s span) Reading {
	day := func(d Date) Bound { return Bound{Date: d} }
	if !s.last.IsZero() && s.last.Before(p.today) && it.rel != after && it.rel != notBefore { // an anchor that is over
		return wrong(Past)
	}
	switch it.rel {
	case by:
		switch {
		case s.last.IsZero() || s.shape == search || s.shape == namedWeek:
			return ask(Vague) // by March: before it begins, or before it ends?
		}
		return p.mention(Reading{Kind: Deadline, By: day(s.last)}, s)
	case after:
		return p.clip(Reading{Kind: Window, From: day(s.last.AddDays(1)), Minutes: it.minutes})
	case notBefore:
		return p.clip(Reading{Kind: Window, From: day(s.first), Minutes: it.minutes})
	case before:
		if !s.first.After(p.today) {
			return wrong(Past)
		}
		return Reading{Kind: Window, From: day(p.today), To: day(s.first.AddDays(-1)), Minutes: it.minutes}
	case until:
		return Reading{Kind: Window, From: day(p.today), To: day(s.last), Minutes: it.minutes}
	}
	switch {
	case s.shape == oneDay && it.any && it.minutes == 0 && it.times.kind == noTime:
		return p.mention(Reading{Kind: Window, From: day(s.first), To: day(s.last)}, s)
	case s.shape == oneDay:
		return p.mention(Reading{Kind: OneDate, Date: s.first, Minutes: it.minutes}, s)
	case s.shape == runOfDays && !it.any:
		return p.mention(Reading{Kind: Dates, Date: s.first, Last: s.last, Minutes: it.minutes}, s)
	}
	return p.mention(p.clip(Reading{Kind: Window, From: day(s.first), To: day(s.last), Minutes: it.minutes}), s)
}

// clip leaves out the days of a window that are over.
func (p *parser) clip(r Reading) Reading {
	if !r.From.Date.IsZero() && r.From.Date.Before(p.today) {
		r.From.Date = p.today
	}
	if !r.To.Date.IsZero() && r.To.Date.Before(p.today) {
		return wrong(Past)
	}
	return r
}

// mention notes the bank holiday on a single day, in a run or in a named week (C21).
func (p *parser) mention(r Reading, s span) Reading {
	if s.shape == search || r.Kind == Error || r.Kind == Ask || s.first.IsZero() || s.last.IsZero() || s.first.DaysTo(s.last) > 100 {
		return r
	}
	for year := s.first.Year; year <= s.last.Year; year++ {
		for _, h := range Holidays(year, p.opt.Nation) {
			if !h.Date.Before(s.first) && !h.Date.After(s.last) {
				r.BankHoliday = &h
				return r
			}
		}
	}
	return r
}

// hoursOver is a window of several days with the same hours on each.
func (p *parser) hoursOver(it item, s span) Reading {
	hours, r, ok := p.partOf(it)
	if !ok {
		return r
	}
	if it.rel == after || it.rel == notBefore || it.rel == before || it.rel == until {
		return ask(Vague)
	}
	w := p.clip(Reading{Kind: Window, From: Bound{Date: s.first}, To: Bound{Date: s.last}, Part: &hours, Minutes: it.minutes})
	w.Assumed = r.Assumed
	return p.mention(w, s)
}

// partOf settles the hours of an item as bounds within a day. It reports false with the reading to give instead.
func (p *parser) partOf(it item) (Part, Reading, bool) {
	var hours Part
	if it.part != nil {
		hours = *it.part
	}
	if it.times.kind == noTime || it.zone != nil && !p.sameZone(it.zone) {
		if it.zone != nil {
			return hours, ask(Vague), false
		}
		return hours, Reading{}, true
	}
	r := Reading{}
	var start, end hour
	switch {
	case it.times.from != nil && it.times.to != nil:
		start, end = settleRange(*it.times.from, *it.times.to, it.hint)
	case it.times.from != nil:
		start = it.times.from.settle(it.hint)
	default:
		end = it.times.to.settle(it.hint)
	}
	for _, h := range []hour{start, end} {
		if h.fatal {
			return hours, wrong(h.reason), false
		}
		if h.reason != "" {
			return hours, ask(h.reason), false
		}
		if h.assumed {
			r.Assumed = addNew(r.Assumed, AssumedMeridiem)
		}
	}
	if it.times.from != nil {
		hours.From = &start.at
	}
	if it.times.to != nil {
		hours.To = &end.at
	}
	if hours.From != nil && hours.To != nil && *hours.To <= *hours.From {
		return hours, wrong(EndBeforeStart), false
	}
	return hours, r, true
}

// hoursOn is a window within one day; its bounds are moments.
func (p *parser) hoursOn(it item, d Date) Reading {
	if it.zone != nil && !p.sameZone(it.zone) && it.part == nil {
		return p.hoursElsewhere(it, d)
	}
	hours, r, ok := p.partOf(it)
	if !ok {
		for i, c := range r.Candidates {
			r.Candidates[i] = d.String() + c
		}
		return r
	}
	w := Reading{Kind: Window, Assumed: r.Assumed, Minutes: it.minutes}
	hours = it.rel.edge(hours)
	if hours.From != nil {
		w.From.At = At(d, *hours.From, p.zone)
	}
	if hours.To != nil {
		w.To.At = At(d, *hours.To, p.zone)
	}
	if !w.To.Open() && !w.To.At.After(p.now) && d == p.today {
		return wrong(Past)
	}
	return p.mention(w, daySpan(d))
}

// edge is the part of the day before or after a part: "before Friday lunchtime".
func (rel relation) edge(part Part) Part {
	switch rel {
	case before:
		return Part{To: part.From}
	case until:
		return Part{To: part.To}
	case after:
		return Part{From: part.To}
	case notBefore:
		return Part{From: part.From}
	}
	return part
}

// hoursElsewhere settles a window whose hours are another zone's.
func (p *parser) hoursElsewhere(it item, d Date) Reading {
	w := Reading{Kind: Window, Minutes: it.minutes}
	for _, end := range []struct {
		c *clock
		b *Bound
	}{{it.times.from, &w.From}, {it.times.to, &w.To}} {
		if end.c == nil {
			continue
		}
		one := it
		one.times = times{kind: atTime, from: end.c}
		r := p.instantOn(one, d)
		if r.Kind != Instant {
			return r
		}
		end.b.At = r.Start
		w.Assumed = addNew(w.Assumed, r.Assumed...)
	}
	if !w.From.Open() && !w.To.Open() && !w.To.At.After(w.From.At) {
		return wrong(EndBeforeStart)
	}
	return w
}

// dueAt is a deadline with a clock.
func (p *parser) dueAt(it item, s span) Reading {
	if it.times.kind != atTime || s.shape != oneDay || s.last.IsZero() {
		return ask(Vague)
	}
	r := p.instantOn(it, s.last)
	if r.Kind != Instant {
		return r
	}
	return p.mention(Reading{Kind: Deadline, By: Bound{At: r.Start}, Assumed: r.Assumed}, s)
}

// acrossDays is a range that ends on another day: "Fri 5 June 17:00 to Sun 7 June 15:00".
func (p *parser) acrossDays(it item, s span) Reading {
	if s.shape != oneDay {
		return ask(Vague)
	}
	last := p.resolveLast(it.times.toDay, s)
	if last.fatal {
		return wrong(last.reasons...)
	}
	if !last.clear() {
		return p.askDays(item{}, last)
	}
	first, second := it, it
	first.times = times{kind: atTime, from: it.times.from}
	second.times = times{kind: atTime, from: it.times.to}
	a := p.instantOn(first, s.first)
	b := p.instantOn(second, last.last)
	for _, r := range []Reading{a, b} {
		if r.Kind != Instant {
			return r
		}
	}
	if !b.Start.After(a.Start) {
		return wrong(EndBeforeStart)
	}
	r := Reading{Kind: Range, Start: a.Start, End: b.Start, Minutes: int(b.Start.Sub(a.Start) / time.Minute), Assumed: addNew(a.Assumed, b.Assumed...)}
	return p.mention(r, span{first: s.first, last: last.last, shape: runOfDays})
}
