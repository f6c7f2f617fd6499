package when

import "time"

// instantOn puts one clock time on a day, with a length if there is one.
func (p *parser) instantOn(it item, d Date) Reading {
	h := it.times.from.settle(it.hint)
	if h.fatal {
		return wrong(h.reason)
	}
	if h.reason != "" {
		r := ask(h.reason)
		r.Minutes = it.minutes
		for _, c := range h.alts {
			r = r.offering(wallAt(d, c))
		}
		return r
	}
	if h.at >= HM(24, 0) {
		return ask(Vague).offering(wallAt(d, h.at))
	}
	at, r, ok := p.moment(d, h.at, it.zone)
	if !ok {
		return r
	}
	r = p.atMoment(it, at, it.minutes)
	if h.assumed {
		r.Assumed = addNew(r.Assumed, AssumedMeridiem)
	}
	if it.rel == plainly || it.rel == by {
		return p.notPast(r, at, d)
	}
	return p.openFrom(r, it, at, d)
}

// openFrom is "after Thursday 3pm": a window with that moment as its bound.
func (p *parser) openFrom(r Reading, it item, at time.Time, d Date) Reading {
	w := Reading{Kind: Window, Assumed: r.Assumed, Minutes: it.minutes}
	if it.rel == after || it.rel == notBefore {
		w.From.At = at
	} else {
		w.To.At = at
		if at.Before(p.now) {
			return wrong(Past)
		}
	}
	return w
}

// atMoment is an instant, or a range where a length is known.
func (p *parser) atMoment(it item, at time.Time, minutes int) Reading {
	if minutes == 0 {
		minutes = it.minutes
	}
	if minutes == 0 {
		return p.mention(Reading{Kind: Instant, Start: at}, daySpan(DateOf(at)))
	}
	end := at.Add(time.Duration(minutes) * time.Minute)
	return p.mention(Reading{Kind: Range, Start: at, End: end, Minutes: minutes}, daySpan(DateOf(at)))
}

// notPast refuses a time that has gone by; it can only be today's.
func (p *parser) notPast(r Reading, at time.Time, d Date) Reading {
	if at.After(p.now) {
		return r
	}
	return wrong(Past)
}

// rangeOn puts a range on a day (C9, C11).
func (p *parser) rangeOn(it item, d Date) Reading {
	start, end := settleRange(*it.times.from, *it.times.to, it.hint)
	for _, h := range []hour{start, end} {
		if h.fatal {
			return wrong(h.reason)
		}
	}
	if start.reason != "" || end.reason != "" {
		return p.askRange(start, end, d)
	}
	last := d
	if start.at >= HM(24, 0) {
		return ask(Vague)
	}
	if end.at <= start.at {
		if end.at+HM(24, 0)-start.at > HM(6, 0) || end.at == start.at {
			return wrong(EndBeforeStart)
		}
		last = d.AddDays(1)
	}
	from, r, ok := p.moment(d, start.at, it.zone)
	if !ok {
		return r
	}
	to, r, ok := p.moment(last, end.at, it.zone)
	if !ok {
		return r
	}
	if !to.After(from) {
		return wrong(EndBeforeStart)
	}
	r = Reading{Kind: Range, Start: from, End: to, Minutes: int(to.Sub(from) / time.Minute)}
	if it.minutes > 0 && it.minutes != r.Minutes {
		return ask(Vague).offering(wallText(from))
	}
	if start.assumed || end.assumed {
		r.Assumed = []Assumption{AssumedMeridiem}
	}
	return p.mention(p.notPast(r, from, d), daySpan(DateOf(from)))
}

func (p *parser) askRange(start, end hour, d Date) Reading {
	r := Reading{Kind: Ask}
	for _, h := range []hour{start, end} {
		if h.reason != "" {
			r.Reasons = addNew(r.Reasons, h.reason)
		}
	}
	alts := start.alts
	if start.reason == "" {
		alts = []Clock{start.at}
	}
	for _, c := range alts {
		r = r.offering(wallAt(d, c))
	}
	return r
}

// moment maps a wall time to the one moment it means, in the zone named or in ours. It reports false with the reading to
// give instead: a question about the zone (C1) or a clock change (C17).
func (p *parser) moment(d Date, c Clock, z *zoneName) (time.Time, Reading, bool) {
	switch {
	case z == nil || z.loc == p.zone:
		return p.ownMoment(d, c)
	case z.doubtful:
		return time.Time{}, ask(ZoneSeason).offering(wallAt(d, c)), false
	}
	at := Instants(d, c, z.loc)
	switch {
	case len(at) == 0:
		moved := At(d, c, z.loc).In(p.zone)
		return time.Time{}, ask(DSTGap).offering(wallText(moved), wallText(moved.Add(-2*time.Hour))), false
	case len(at) == 2:
		return time.Time{}, ask(DSTOverlap).offering(wallText(at[0].In(p.zone)), wallText(at[1].In(p.zone))), false
	}
	own := at[0].In(p.zone)
	if _, offset := own.Zone(); z.seasonal {
		if _, named := at[0].Zone(); named != offset {
			return time.Time{}, ask(ZoneSeason).offering(wallAt(d, c), wallText(own)), false
		}
	}
	return own, Reading{}, true
}

func (p *parser) ownMoment(d Date, c Clock) (time.Time, Reading, bool) {
	at := Instants(d, c, p.zone)
	switch len(at) {
	case 1:
		return at[0], Reading{}, true
	case 0:
		return time.Time{}, ask(DSTGap).offering(wallAt(d, c+60), wallAt(d, c-60)), false
	}
	r := ask(DSTOverlap)
	for _, t := range at {
		r = r.offering(t.Format("2006-01-02T15:04-07:00"))
	}
	return time.Time{}, r, false
}

// sameZone reports whether a named zone is ours.
func (p *parser) sameZone(z *zoneName) bool { return z.loc.String() == p.zone.String() && !z.doubtful }
