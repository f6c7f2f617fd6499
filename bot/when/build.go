package when

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
	r.Minutes = later.Minutes
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
				r.Minutes = one.Minutes
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
