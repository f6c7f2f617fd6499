package when

import (
	"slices"
	"time"
)

// listed is how many instances of a series a reading shows.
const listed = 12

// buildSeries turns what was said about a series into a reading (C18).
func (p *parser) buildSeries(s spec) Reading {
	if r, ok := p.completeRule(&s); !ok {
		return r
	}
	hours, r, ok := p.seriesTime(s)
	if !ok {
		return r
	}
	from, r, ok := p.seriesFrom(s)
	if !ok {
		return r
	}
	r = Reading{Kind: Recurrence, Part: hours.part, HasClock: hours.known, Minutes: hours.minutes, Assumed: hours.assumed}
	r.Series = Series{Rule: s.rule(), Start: from, Clock: hours.clock, Minutes: hours.minutes, Zone: p.zone}
	if s.undated() {
		r.Needs = append(r.Needs, "date")
	}
	if !hours.known {
		r.Needs = append(r.Needs, "time")
	}
	if r.Series.Rule.Interval > 1 && s.from == nil && !s.undated() {
		r.Assumed = addNew(r.Assumed, AssumedStart)
	}
	return p.materialise(r, s)
}

// completeRule fills in what a rule needs and asks about what it leaves open.
func (p *parser) completeRule(s *spec) (Reading, bool) {
	for _, n := range s.numbers {
		if n > 28 {
			s.doubt = addNew(s.doubt, SkipsMonths)
			s.offers = append(s.offers, "FREQ=MONTHLY;BYMONTHDAY=-1", Rule{Every: Monthly, MonthDays: []int{n}}.String())
		}
	}
	for _, d := range s.days {
		if d.N > 4 {
			s.doubt = addNew(s.doubt, SkipsMonths)
			s.offers = append(s.offers, Rule{Every: Monthly, Days: []Nth{{-1, d.Day}}}.String(), Rule{Every: Monthly, Days: []Nth{d}}.String())
		}
	}
	if s.every == Monthly && len(s.days) > 0 && s.days[0].N == 0 && s.setPos == 0 { // once a month on a Thursday: which?
		s.doubt = addNew(s.doubt, HowOften)
		for _, n := range []int{1, -1} {
			s.offers = append(s.offers, Rule{Every: Monthly, Interval: s.interval, Days: []Nth{{n, s.days[0].Day}}}.String())
		}
	}
	if s.every == Daily && len(s.days)+len(s.offDays) > 0 {
		s.every = Weekly
	}
	s.dropOffDays()
	if s.every == Weekly && len(s.days) > 0 && s.days[0].N != 0 || s.every == Yearly && len(s.days) > 0 {
		s.doubt = addNew(s.doubt, Vague)
	}
	p.ruleFromStart(s)
	if len(s.doubt) > 0 {
		return ask(s.doubt...).offering(s.offers...), false
	}
	if s.setPos > 0 && s.setPos > 15 {
		return wrong(NoSuchDate), false
	}
	return Reading{}, true
}

// dropOffDays takes the weekdays out that were excepted.
func (s *spec) dropOffDays() {
	if len(s.offDays) == 0 {
		return
	}
	days := s.days
	if len(days) == 0 && s.every == Weekly {
		for d := time.Sunday; d <= time.Saturday; d++ {
			days = append(days, Nth{0, d})
		}
	}
	s.days = nil
	for _, d := range days {
		if d.N != 0 || s.every != Weekly {
			s.doubt = addNew(s.doubt, Vague)
		}
		if !contains(s.offDays, d.Day) {
			s.days = append(s.days, d)
		}
	}
	if len(s.days) == 0 || len(s.days) == len(days) {
		s.doubt = addNew(s.doubt, Vague)
	}
}

// ruleFromStart takes the day from the date that the series begins with: "every two weeks from Thu 5 March".
func (p *parser) ruleFromStart(s *spec) {
	if s.from == nil || len(s.days)+len(s.numbers) > 0 || s.every == Daily {
		return
	}
	first := p.resolve(s.from)
	if !first.clear() || first.shape != oneDay || first.first.IsZero() {
		return
	}
	d := first.first
	nth := (d.Day-1)/7 + 1
	switch {
	case s.every == Weekly:
		s.days = []Nth{{0, d.Weekday()}}
	case s.every == Monthly && s.from.hasWd:
		s.doubt = addNew(s.doubt, HowOften)
		s.offers = append(s.offers, Rule{Every: Monthly, Interval: s.interval, Days: []Nth{{nth, d.Weekday()}}}.String(),
			Rule{Every: Monthly, Interval: s.interval, MonthDays: []int{d.Day}}.String())
	case d.Day > 28:
		s.doubt = addNew(s.doubt, SkipsMonths)
	case s.every == Monthly:
		s.numbers = []int{d.Day}
	case s.every == Yearly:
		s.numbers, s.months = []int{d.Day}, []time.Month{d.Month}
	}
}

// undated reports whether the day of an instance is not known.
func (s *spec) undated() bool { return s.every != Daily && len(s.days)+len(s.numbers) == 0 }

// rule puts the parts together; the end is added when the first instance is known.
func (s *spec) rule() Rule {
	r := Rule{Every: s.every, Interval: s.interval, Days: s.days, MonthDays: s.numbers, Months: s.months, Count: s.times}
	if s.setPos != 0 {
		r.SetPos = []int{s.setPos}
	}
	if len(s.without) > 0 {
		months := r.Months
		if len(months) == 0 {
			for m := time.January; m <= time.December; m++ {
				months = append(months, m)
			}
		}
		r.Months = nil
		for _, m := range months {
			if !contains(s.without, m) {
				r.Months = append(r.Months, m)
			}
		}
	}
	slices.Sort(r.Months)
	return r
}
