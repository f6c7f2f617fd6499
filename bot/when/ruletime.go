package when

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
