package when

// length reads how long something takes, in minutes: "for an hour and a half", "90 mins", "1h30", "1.5 hours".
func (p *parser) length() (minutes int, ok bool) {
	mark := p.i
	p.acceptAny("for about", "for around", "for roughly", "for", "lasting", "of", "max", "about")
	if minutes, ok = p.bareLength(); !ok {
		p.i = mark
	}
	return minutes, ok
}

func (p *parser) bareLength() (int, bool) {
	mark := p.i
	switch {
	case p.acceptAny("half an hour", "half hour", "half a hour", "a half hour", "a half an hour"):
		return 30, true
	case p.acceptAny("three quarters of an hour", "three quarter hour"):
		return 45, true
	case p.acceptAny("a quarter of an hour", "quarter of an hour", "quarter hour"):
		return 15, true
	}
	if t := p.at(0); t.kind == tPair && t.sep == '.' && t.width[1] <= 2 && p.at(1).isClass(cUnit) || t.kind == tPair && t.sep == '.' && p.at(1).glued {
		p.i++
		if unit, ok := p.unit(); ok && unit == uHour && t.n[0] < 24 {
			part := t.n[1] * 60 / 10
			if t.width[1] == 2 {
				part = t.n[1] * 60 / 100
			}
			return t.n[0]*60 + part, t.n[0]*60+part > 0
		}
		p.i = mark
		return 0, false
	}
	half := p.acceptAny("one and a half", "an and a half")
	c, ok := count{n: 1}, half
	if !ok {
		c, ok = p.count()
		half = ok && p.accept("and a half")
	}
	if ok && p.at(0).is("-") && p.at(1).isClass(cUnit) {
		p.i++
	}
	unit, okUnit := p.unit()
	if !ok || !okUnit || c.few || unit > uHour || c.n == 0 {
		p.i = mark
		return 0, false
	}
	if p.at(0).is("-") && p.at(1).word("long") {
		p.i++
	}
	p.acceptAny("long")
	if unit == uMinute {
		return c.n, !half
	}
	return p.hoursAnd(c.n*60, half), true
}

// hoursAnd adds what follows the hours: "and a half", "and 20 minutes", the 30 of 1h30.
func (p *parser) hoursAnd(minutes int, half bool) int {
	if half || p.acceptAny("and a half", "and half") {
		return minutes + 30
	}
	if p.accept("and a quarter") {
		return minutes + 15
	}
	more := 0
	p.try(func() bool {
		p.accept("and")
		n, ok := p.cardinal()
		if !ok || n > 59 {
			return false
		}
		glued := p.at(-1).glued
		unit, okUnit := p.unit()
		more = n
		return okUnit && unit == uMinute || !okUnit && glued
	})
	return minutes + more
}
