package when

import "time"

// everySlot reads "every other Tuesday", "each month", "once a quarter".
func (p *parser) everySlot(s *spec) bool {
	if p.acceptAny("alternate", "alternating", "on alternate", "on alternating", "in alternate") {
		return p.everyUnit(s, 2) || p.everyWeekdays(s, 2)
	}
	if !p.acceptAny("once every", "once each", "once a", "once per", "one per", "every", "each", "per", "of every", "of each", "in every", "in each") {
		return false
	}
	if p.at(-1).word("per") && s.every != "" || s.every != "" && !s.trigger {
		return false
	}
	p.accept("single")
	if p.acceptAny("other", "alternate", "alternating") {
		return p.everyUnit(s, 2) || p.everyWeekdays(s, 2)
	}
	mark := p.i
	if n, ok := p.ordinal(); ok {
		if n > 0 && p.everyUnit(s, n) {
			return true
		}
		p.i = mark
		return p.everyOrdinal(s)
	}
	if n, ok := p.cardinal(); ok && n > 0 {
		return p.everyUnit(s, n) || p.everyWeekdays(s, n)
	}
	if p.acceptAny("couple of") {
		return p.everyUnit(s, 2)
	}
	if t := p.at(0); t.isClass(cMonth) && p.at(1).kind != tNum {
		p.i++
		s.months = append(s.months, time.Month(t.val))
		return s.set(Yearly, 1, false)
	}
	return p.everyUnit(s, 1) || p.everyWeekdays(s, 1) || p.everyPart(s)
}

// everyUnit reads the unit of "every three weeks".
func (p *parser) everyUnit(s *spec, n int) bool {
	unit, ok := p.unit()
	if !ok || unit < uDay || n > 400 {
		return false
	}
	if s.every == Monthly && unit == uMonth && n > 1 { // the first Tuesday of every other month
		s.interval = n
		return true
	}
	return s.set(unitFrequency[unit].every, unitFrequency[unit].times*n, unit == uWorkday)
}

var unitFrequency = [...]struct {
	every Frequency
	times int
}{
	uDay: {Daily, 1}, uWorkday: {Weekly, 1}, uWeek: {Weekly, 1}, uFortnight: {Weekly, 2}, uMonth: {Monthly, 1}, uQuarter: {Monthly, 3}, uYear: {Yearly, 1},
}

// everyWeekdays reads the days of "every Tuesday and Thursday".
func (p *parser) everyWeekdays(s *spec, n int) bool {
	days, ok := p.weekdayList()
	if !ok || p.at(0).kind == tNum && !p.clockAhead() {
		return false
	}
	s.days = append(s.days, days...)
	s.trigger, s.interval = true, max(s.interval, n)
	if s.every == "" {
		s.every = Weekly
	}
	return true
}

func (p *parser) clockAhead() bool {
	mark := p.i
	defer func() { p.i = mark }()
	t, ok := p.timesOf(false)
	return ok && t.kind != noTime
}

// everyOrdinal reads "every 3rd Thursday": a rule only where a month is named or the number is first or last (C18).
func (p *parser) everyOrdinal(s *spec) bool {
	numbers, days, ok := p.ordinalDays()
	if !ok {
		return false
	}
	s.trigger = true
	clear := p.ofMonth(s) || len(numbers) > 1 || numbers[0] < 2
	s.every = Monthly
	s.interval = max(s.interval, 1)
	for _, n := range numbers {
		for _, d := range days {
			s.days = append(s.days, Nth{n, d.Day})
		}
	}
	if !clear {
		s.doubt = addNew(s.doubt, HowOften)
		s.offers = append(s.offers, Rule{Every: Monthly, Days: []Nth{{numbers[0], days[0].Day}}}.String(),
			Rule{Every: Weekly, Interval: numbers[0], Days: days}.String())
	}
	return true
}

func (p *parser) everyPart(s *spec) bool {
	if t := p.at(0); t.isClass(cPart) && !t.plural {
		return s.set(Daily, 1, false) // the part itself is read by its own slot
	}
	return false
}

// adverbSlot reads weekly, fortnightly, biweekly, twice a month.
func (p *parser) adverbSlot(s *spec) bool {
	mark := p.i
	p.acceptAny("on a", "meeting")
	twice := p.at(0).word("twice")
	if p.acceptAny("bi weekly", "bi monthly", "bi annually", "twice weekly", "twice monthly", "twice a week", "twice a month", "twice a year",
		"twice yearly", "semi annually", "half yearly", "half-yearly", "two or three times a month") {
		weekly := p.at(-1).word("weekly") || p.at(-1).word("week")
		s.trigger, s.doubt = true, addNew(s.doubt, HowOften)
		if !twice {
			s.offerUnclear(weekly)
		}
		return true
	}
	if c, ok := p.count(); ok && c.n > 0 && p.acceptAny("times a week", "times a month", "times a year", "times per year", "times per month") {
		s.trigger, s.doubt = true, addNew(s.doubt, HowOften)
		return true
	}
	p.i = mark
	p.acceptAny("on a", "on an")
	t, ok := p.class(cAdverb)
	if !ok {
		return false
	}
	p.accept("basis")
	a := adverbs[t.val]
	if a.interval == 0 {
		s.trigger, s.doubt = true, addNew(s.doubt, HowOften)
		s.offerUnclear(a.every == Weekly)
		return true
	}
	return s.set(a.every, a.interval, false)
}

// offerUnclear names what biweekly and bimonthly can mean.
func (s *spec) offerUnclear(weekly bool) {
	if weekly {
		s.offers = append(s.offers, "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY")
	} else {
		s.offers = append(s.offers, "FREQ=MONTHLY;INTERVAL=2", "FREQ=MONTHLY")
	}
}
