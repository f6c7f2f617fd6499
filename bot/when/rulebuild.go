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

type seriesHours struct {
	clock   Clock
	known   bool
	minutes int
	part    *Part
	assumed []Assumption
}

// seriesTime settles the time of day of a series.
func (p *parser) seriesTime(s spec) (seriesHours, Reading, bool) {
	h := seriesHours{minutes: s.minutes}
	if s.zone != nil && !p.sameZone(s.zone) {
		return h, ask(ZoneSeason), false // a fixed offset would drift against our clocks
	}
	switch s.item.times.kind {
	case atTime, closeTime, rangeTime:
	default:
		hours, r, ok := p.partOf(s.item)
		if hours.From != nil || hours.To != nil {
			h.part = &hours
		}
		h.assumed = r.Assumed
		return h, r, ok
	}
	from := s.item.times.from
	if s.item.times.kind == closeTime {
		from = &clock{h: int(closeOfBusiness) / 60, mer: mer24}
	}
	start := from.settle(s.hint)
	var end hour
	if s.item.times.kind == rangeTime {
		start, end = settleRange(*from, *s.item.times.to, s.hint)
	}
	for _, x := range []hour{start, end} {
		if x.fatal {
			return h, wrong(x.reason), false
		}
		if x.reason != "" {
			return h, ask(x.reason), false
		}
		if x.assumed {
			h.assumed = []Assumption{AssumedMeridiem}
		}
	}
	if start.at >= HM(24, 0) {
		return h, ask(Vague), false
	}
	h.clock, h.known = start.at, true
	if s.item.times.kind == rangeTime {
		length := int(end.at - start.at)
		if length <= 0 {
			length += 24 * 60
			if length > 6*60 {
				return h, wrong(EndBeforeStart), false
			}
		}
		h.minutes = length
	}
	if s.approx {
		h.assumed = addNew(h.assumed, AssumedApproximate)
	}
	return h, Reading{}, true
}

// seriesFrom settles the day a series may begin on.
func (p *parser) seriesFrom(s spec) (Date, Reading, bool) {
	if s.from == nil {
		return p.today, Reading{}, true
	}
	first := p.resolve(s.from)
	switch {
	case first.fatal:
		return Date{}, wrong(first.reasons...), false
	case !first.clear():
		return Date{}, p.askDays(item{}, first), false
	case first.first.IsZero():
		return Date{}, ask(Vague), false
	}
	if first.first.Before(p.today) {
		first.first = p.today
	}
	return first.first, Reading{}, true
}

// materialise finds the first instances and the end of a series.
func (p *parser) materialise(r Reading, s spec) Reading {
	if s.undated() {
		r.Series.Start = Date{}
		return p.endRule(r, s)
	}
	after := p.now
	if !r.HasClock {
		after = At(p.today, 0, p.zone)
	}
	if s.from != nil {
		if start := At(r.Series.Start, 0, p.zone).Add(-time.Second); start.After(after) || !r.HasClock {
			after = start
		}
	}
	aligned, ok := r.Series.Aligned(after)
	if !ok {
		return wrong(NoSuchDate)
	}
	r.Series = aligned
	if r = p.endRule(r, s); r.Kind != Recurrence {
		return r
	}
	var err error
	if r.Series.Except, err = p.exceptions(r.Series, s); err != nil {
		return ask(Vague)
	}
	if r.Occurrences, err = r.Series.Occurrences(after, listed); err != nil {
		return ask(Vague)
	}
	if len(r.Occurrences) == 0 {
		return wrong(EndBeforeStart)
	}
	return r
}

// endRule adds COUNT or UNTIL; UNTIL covers the whole of the last day.
func (p *parser) endRule(r Reading, s spec) Reading {
	rule := &r.Series.Rule
	start := r.Series.Start
	if start.IsZero() {
		start = p.today
	}
	last := Date{}
	if s.to != nil {
		end := p.resolve(s.to)
		if s.from != nil {
			end = p.resolveLast(s.to, p.resolve(s.from))
		}
		switch {
		case end.fatal:
			return wrong(end.reasons...)
		case !end.clear():
			return p.askDays(item{}, end)
		case end.last.IsZero():
			return ask(Vague)
		}
		last = end.last
	}
	if s.forN.n > 0 {
		unit := unitFrequency[s.forUnit]
		n := s.forN.n * unit.times
		if unit.every == rule.Every && n%max(1, rule.Interval) == 0 && len(rule.Days) <= 1 && len(rule.Months) == 0 {
			rule.Count = n / max(1, rule.Interval)
		} else {
			last = p.shift(start, s.forN.n, s.forUnit).AddDays(-1)
		}
	}
	if last.IsZero() {
		return r
	}
	if last.Before(start) {
		return wrong(EndBeforeStart)
	}
	if rule.Count > 0 {
		return ask(Vague)
	}
	rule.Until = At(last.AddDays(1), 0, p.zone).Add(-time.Second).UTC()
	return r
}

// exceptions finds the instances that fall on the days named as exceptions.
func (p *parser) exceptions(series Series, s spec) ([]Date, error) {
	var off []Date
	add := func(first, last Date, only func(Date) bool) error {
		o, err := series.Occurrences(At(first, 0, p.zone), 400)
		for _, x := range o {
			if x.Date.After(last) {
				break
			}
			if only(x.Date) && !contains(off, x.Date) {
				off = append(off, x.Date)
			}
		}
		return err
	}
	for _, n := range s.except {
		e := p.resolve(n)
		if !e.clear() || e.first.IsZero() || e.last.IsZero() {
			return nil, ErrRule
		}
		if err := add(e.first, e.last, func(Date) bool { return true }); err != nil {
			return nil, err
		}
	}
	if s.holidays {
		holiday := func(d Date) bool { _, ok := BankHoliday(d, p.opt.Nation); return ok }
		if err := add(series.Start, series.Start.AddDays(731), holiday); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(off, Date.compare)
	return off, nil
}
