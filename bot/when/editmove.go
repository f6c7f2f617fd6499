package when

import "time"

// editAmount reads "by half an hour", "a week later". needs says that later or earlier must be named.
func (p *parser) editAmount(dir direction, needs bool) (Reading, bool) {
	p.acceptAny("by", "about", "for")
	p.acceptAny("about", "around", "another", "a further")
	minutes, ok := p.length()
	c, unit := count{}, uMinute
	if !ok {
		if c, ok = p.count(); !ok {
			return Reading{}, false
		}
		if unit, ok = p.unit(); !ok || unit < uDay || c.n > 400 {
			return Reading{}, false
		}
	}
	start := p.acceptAny("start")
	switch {
	case p.acceptAny("later"):
		dir = agree(dir, later)
	case p.acceptAny("earlier", "sooner"):
		dir = agree(dir, earlier)
	case p.acceptAny("back", "forward", "forwards"):
		if dir == neutral {
			dir = unclear
		}
	case needs && !start, p.acceptAny("longer", "shorter"):
		return Reading{}, false
	}
	p.acceptAny("than planned", "please", "instead")
	if p.wordsLeft() {
		return Reading{}, false
	}
	if c.few {
		return ask(Vague), true
	}
	return p.moveBy(dir, minutes, c.n, unit), true
}

func agree(a, b direction) direction {
	if a != neutral && a != unclear && a != b {
		return unclear
	}
	return b
}

// moveBy shifts the meeting by elapsed minutes, or by days that keep its wall time.
func (p *parser) moveBy(dir direction, minutes, n, unit int) Reading {
	m := p.opt.Meeting
	if m == nil {
		return ask(MissingAnchor, NoDate)
	}
	old := m.Start.In(p.zone)
	shifted := func(sign int) (time.Time, Reading, bool) {
		if n == 0 {
			return old.Add(time.Duration(sign*minutes) * time.Minute), Reading{}, true
		}
		return p.ownMoment(p.shift(DateOf(old), sign*n, unit), ClockOf(old))
	}
	after, rAfter, okAfter := shifted(1)
	earlyAt, rEarly, okEarly := shifted(-1)
	switch {
	case dir == neutral || dir == unclear:
		if !okAfter || !okEarly {
			return ask(Direction)
		}
		return ask(Direction).offering(wallText(after), wallText(earlyAt))
	case dir == later && !okAfter:
		return rAfter
	case dir == earlier && !okEarly:
		return rEarly
	case dir == later:
		return p.moved(after, m.End.Sub(m.Start))
	}
	return p.moved(earlyAt, m.End.Sub(m.Start))
}

// moved is the meeting at its new time, with its old length.
func (p *parser) moved(at time.Time, length time.Duration) Reading {
	if !at.After(p.now) {
		return wrong(Past)
	}
	if p.opt.Meeting.End.IsZero() {
		length = 0
	}
	it := item{minutes: int(length / time.Minute)}
	return p.atMoment(it, at, 0)
}

// moveTo puts the meeting on the day and time of an item; what the item does not say stays.
func (p *parser) moveTo(it item, dir direction) Reading {
	m := p.opt.Meeting
	if m == nil {
		if it.day == nil {
			return ask(MissingAnchor, NoDate)
		}
		return p.build(it)
	}
	old := m.Start.In(p.zone)
	if it.day != nil && it.day.onlyWeekday() && it.day.mod == modNone && it.day.weeks == 0 {
		if r, ok := p.whichWeek(it, old); !ok {
			if dir == unclear {
				r.Reasons = []Reason{Direction, Vague}
			}
			return r
		}
	}
	if it.day == nil {
		it.day = single(DateOf(old))
	}
	if it.timeless() {
		s := p.resolve(it.day)
		if s.clear() && s.shape != oneDay || it.rel != plainly {
			return ask(Vague, NoDate)
		}
		it.times = times{kind: atTime, from: &clock{h: old.Hour(), m: old.Minute(), mer: mer24}}
	}
	if it.times.kind == atTime && it.minutes == 0 && !m.End.IsZero() {
		it.minutes = int(m.End.Sub(m.Start) / time.Minute)
	}
	r := p.build(it)
	if r.Kind != Instant && r.Kind != Range {
		return r
	}
	if dir == unclear || dir == later && !r.Start.After(old) || dir == earlier && !r.Start.Before(old) {
		return ask(Direction).offering(wallText(r.Start))
	}
	return r
}

// whichWeek asks about "move it to Friday" where the coming one does not lie in the meeting's week.
func (p *parser) whichWeek(it item, old time.Time) (Reading, bool) {
	s := p.resolve(it.day)
	own := DateOf(old).in(it.day.wd)
	if !s.clear() || s.first == own || own.Before(p.today) {
		return Reading{}, true
	}
	at := ClockOf(old)
	if f := it.times.from; f != nil {
		if h := f.settle(it.hint); h.reason == "" {
			at = h.at
		}
	}
	return ask(Vague).offering(wallAt(own, at), wallAt(s.first, at)), false
}
