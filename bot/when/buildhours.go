package when

import "time"

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
