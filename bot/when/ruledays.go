package when

import "time"

// weekdayList reads "Tue", "Tuesday and Thursday", "Mon–Thu".
func (p *parser) weekdayList() ([]Nth, bool) {
	first, ok := p.class(cWeekday)
	if !ok {
		return nil, false
	}
	days := []Nth{{0, weekdayVal(first)}}
	for {
		mark := p.i
		run := p.at(0).is("-") || p.at(0).word("to") || p.at(0).word("through")
		if run {
			p.i++
		} else {
			p.mark(",/")
			p.acceptAny("and on", "and every", "and", "or")
		}
		p.accept("on")
		next, ok := p.class(cWeekday)
		if !ok || p.i == mark+1 {
			p.i = mark
			return days, true
		}
		if run {
			for d := (days[len(days)-1].Day + 1) % 7; d != weekdayVal(next) && len(days) < 7; d = (d + 1) % 7 {
				days = append(days, Nth{0, d})
			}
		}
		days = append(days, Nth{0, weekdayVal(next)})
	}
}

// ordinalDays reads "1st and 3rd Thursday".
func (p *parser) ordinalDays() (numbers []int, days []Nth, ok bool) {
	for {
		n, ok := p.ordinal()
		if !ok {
			return nil, nil, false
		}
		numbers = append(numbers, n)
		mark := p.i
		p.mark(",/")
		if !p.acceptAny("and the", "and", "or") && p.i == mark {
			break
		}
		p.accept("the")
		if p.at(0).isClass(cWeekday) {
			p.i = mark
			return nil, nil, false
		}
	}
	days, ok = p.weekdayList()
	return numbers, days, ok
}

// ofMonth reads "of the month" and the like, which make a series of the ordinal before.
func (p *parser) ofMonth(s *spec) bool {
	switch {
	case p.acceptAny("of the month", "of each month", "of every month", "in the month", "in each month", "in every month", "each month", "every month",
		"of a month", "a month", "of month", "monthly", "per month", "of the calendar month", "of each calendar month"):
		s.trigger = true
		return true
	case p.acceptAny("of every other month", "of alternate months", "every other month", "in alternate months", "every second month",
		"of every second month"):
		s.trigger, s.interval = true, 2
		return true
	case p.acceptAny("of the quarter", "of each quarter", "of every quarter", "each quarter", "every quarter", "in each quarter"):
		s.trigger, s.months = true, []time.Month{1, 4, 7, 10}
		if len(s.days) > 0 && s.days[0].N < 0 {
			s.months = []time.Month{3, 6, 9, 12}
		}
		return true
	}
	return false
}

// ordinalSlot reads "the 3rd Thursday [of the month]" and "the last working day of the month".
func (p *parser) ordinalSlot(s *spec) bool {
	p.acceptAny("on the", "the", "on")
	mark := p.i
	if numbers, days, ok := p.ordinalDays(); ok {
		s.trigger = s.trigger || p.at(-1).plural
		if p.at(-1).plural && s.every == "" {
			s.every, s.interval = Monthly, 1
		}
		for _, n := range numbers {
			for _, d := range days {
				s.days = append(s.days, Nth{n, d.Day})
			}
		}
		if p.ofMonth(s) || s.trigger && (s.every == Monthly || s.every == Yearly) || p.monthlyAhead() || p.exceptMonthAhead() {
			s.trigger = true
			s.every = Monthly
			s.interval = max(s.interval, 1)
			return !p.at(0).isClass(cMonth) && !(p.at(0).word("of") || p.at(0).word("in") && p.at(1).isClass(cMonth) && !s.trigger)
		}
		s.days = s.days[:len(s.days)-len(numbers)*len(days)]
		return false
	}
	p.i = mark
	n, ok := p.ordinal()
	if !ok {
		return false
	}
	switch {
	case p.acceptAny("day") && (p.ofMonth(s) || s.trigger && s.every == Monthly) && (n == -1 || n > 0 && n < 32):
		s.numbers = append(s.numbers, n)
	case p.acceptAny("working day", "weekday", "business day", "workday") && (p.ofMonth(s) || s.trigger && s.every == Monthly):
		s.set(Monthly, 1, true)
		s.setPos = n
	default:
		return false
	}
	s.every, s.interval = Monthly, max(s.interval, 1)
	return true
}

// monthlyAhead reports whether "monthly" or "every month" stands a little further on.
func (p *parser) monthlyAhead() bool {
	for k := 0; k < 8; k++ {
		t := p.at(k)
		if t.isClass(cAdverb) && adverbs[t.val].every == Monthly && adverbs[t.val].interval > 0 ||
			(t.word("every") || t.word("each") || t.word("a")) && (p.at(k+1).word("month") || p.at(k+2).word("month") || p.at(k+2).word("months")) {
			return true
		}
	}
	return false
}

// exceptMonthAhead reports whether months are left out just behind: "last Wednesday except August and December".
func (p *parser) exceptMonthAhead() bool {
	k := 0
	for p.at(k).is(",") || p.at(k).is("(") || p.at(k).word("but") {
		k++
	}
	if t := p.at(k); !t.word("except") && !t.word("excluding") && !t.word("excl") && !t.word("skipping") && !t.word("apart") && !t.word("not") {
		return false
	}
	for k++; p.at(k).word("in") || p.at(k).word("for") || p.at(k).word("from"); k++ {
	}
	return p.at(k).isClass(cMonth) && p.at(k+1).kind != tNum && !p.at(k+1).isClass(cOrd)
}

// numberSlot reads "on the 15th [of each month]", "the 1st and 15th of every month".
func (p *parser) numberSlot(s *spec) bool {
	if s.every == Yearly || s.every == Weekly || len(s.days) > 0 {
		return false
	}
	p.acceptAny("on the", "the", "on")
	var numbers []int
	for {
		t := p.at(0)
		n, ok := p.ordinal()
		if !ok || n > 31 || n < 1 || t.isClass(cOrd) && n < 3 {
			return false
		}
		numbers = append(numbers, n)
		mark := p.i
		p.mark(",")
		if !p.acceptAny("and the", "and") && p.i == mark {
			break
		}
		p.accept("the")
	}
	if p.at(0).isClass(cUnit) || p.at(0).isClass(cWeekday) || p.at(0).isClass(cMonth) {
		return false
	}
	if !p.ofMonth(s) && !(s.trigger && s.every == Monthly) && !p.monthlyAhead() || p.at(0).word("of") {
		return false
	}
	s.numbers = append(s.numbers, numbers...)
	s.every, s.interval = Monthly, max(s.interval, 1)
	return true
}

// pluralSlot reads "Thursdays", "on Mondays and Wednesdays", "Tuesday evenings".
func (p *parser) pluralSlot(s *spec) bool {
	p.acceptAny("on", "only on")
	if s.every == "" && p.acceptAny("weekdays", "working days", "week days") {
		return s.set(Weekly, 1, true)
	}
	t := p.at(0)
	if !t.isClass(cWeekday) || s.every != "" && s.every != Weekly && s.every != Daily || len(s.days) > 0 {
		return false
	}
	days, _ := p.weekdayList()
	last := p.at(-1)
	if !t.plural && !last.plural && !(p.at(0).isClass(cPart) && p.at(0).plural) {
		return false
	}
	s.days, s.trigger, s.every = days, true, Weekly
	s.interval = max(s.interval, 1)
	return true
}

// weekdaySlot reads the day of "weekly on Thursday", and a date that a series begins with.
func (p *parser) weekdaySlot(s *spec) bool {
	mark := p.i
	if s.from == nil {
		if n, ok := p.day(); ok && n.dated() && n.until == nil {
			s.from = n
			return true
		}
		p.i = mark
	}
	p.acceptAny("on a", "on")
	if p.at(0).isClass(cWeekday) && len(s.days) == 0 && (s.trigger || p.seriesAhead()) {
		days, _ := p.weekdayList()
		s.days, s.daysBare = days, true
		return true
	}
	return false
}

// seriesAhead reports whether a word that makes a series stands further on.
func (p *parser) seriesAhead() bool {
	for k := 0; k < 12; k++ {
		t := p.at(k)
		if t.word("every") || t.word("each") || t.isClass(cAdverb) || t.word("biweekly") || t.word("bi") || t.word("once") {
			return true
		}
		if t.kind == tEnd || t.is(".") {
			break
		}
	}
	return false
}
