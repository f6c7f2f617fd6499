package when

import (
	"slices"
	"time"
)

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
