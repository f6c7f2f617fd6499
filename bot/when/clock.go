package when

type meridiem uint8

const (
	merNone meridiem = iota
	merAM
	merPM
	mer24 // written so that only one reading is left: 14.00, 09:30, noon
)

// A clock is a time of day as written. The hour may be impossible still.
type clock struct {
	h, m     int
	mer      meridiem
	midnight bool // which end of the day is not said
	approx   bool
	bare     bool // nothing but an hour
}

// clock reads one time of day. A bare number counts only where bareOK says that a time is expected.
func (p *parser) clock(bareOK bool) (clock, bool) {
	mark := p.i
	approx := p.acceptAny("about", "around", "roughly", "approx", "approximately", "circa") || p.mark("~")
	p.accept("say")
	c, ok := p.clockWords()
	if !ok {
		c, ok = p.clockNumber(bareOK || approx)
	}
	if !ok {
		p.i = mark
		return clock{}, false
	}
	if p.at(0).word("ish") || p.at(0).is("-") && p.at(1).word("ish") {
		for !p.accept("ish") {
			p.i++
		}
		approx = true
	}
	p.meridiem(&c)
	approx = p.acceptAny("or so", "or thereabouts", "ish") || approx
	p.acceptAny("sharp", "on the dot", "prompt", "exactly")
	c.approx = approx
	if c.bare && !bareOK && !approx && c.mer == merNone {
		p.i = mark
		return clock{}, false
	}
	return c, true
}

// meridiem reads am, pm, o'clock, "in the morning", where they follow.
func (p *parser) meridiem(c *clock) {
	if c.mer == mer24 && c.h <= 12 && c.m == 0 && p.at(-1).word("noon") {
		return
	}
	switch {
	case p.acceptAny("o'clock", "oclock", "o clock"):
		c.bare = false
		p.dayPartBehind(c)
	case p.acceptAny("am"), p.at(0).word("a") && p.at(0).glued && p.accept("a"):
		c.mer = merAM
	case p.acceptAny("pm"), p.at(0).word("p") && p.at(0).glued && p.accept("p"):
		c.mer = merPM
	case p.acceptAny("noon", "midday") && c.h == 12:
		c.mer = mer24
	case p.accept("midnight"):
		c.midnight, c.h, c.mer = true, 0, mer24
	case p.at(0).word("h") && p.at(0).glued && c.bare && (c.h >= 13 || c.mer == mer24):
		p.i++
		c.mer = mer24
		if t := p.at(0); t.kind == tNum && t.glued && t.width[0] == 2 {
			p.i++
			c.m = t.n[0]
		}
	case !c.bare && (p.acceptAny("hrs", "hours") || p.at(0).word("h") && p.at(0).glued && p.accept("h")):
		c.mer = mer24
	default:
		p.dayPartBehind(c)
	}
}

// dayPartBehind reads "in the morning" after an hour.
func (p *parser) dayPartBehind(c *clock) {
	if c.mer == mer24 {
		return
	}
	switch {
	case p.acceptAny("in the morning"):
		c.mer = merAM
	case p.acceptAny("in the afternoon", "in the evening", "at night"):
		c.mer = merPM
	}
}

// clockWords reads noon, midnight, half two, ten to five.
func (p *parser) clockWords() (clock, bool) {
	switch {
	case p.acceptAny("noon", "midday", "twelve noon"):
		return clock{h: 12, mer: mer24}, true
	case p.acceptAny("midnight", "twelve midnight"):
		return clock{mer: mer24, midnight: true}, true
	}
	mark := p.i
	minutes, to := 0, false
	switch {
	case p.acceptAny("half past"), p.accept("half") && !p.at(0).word("a") && !p.at(0).word("an") && !p.at(0).isClass(cUnit):
		minutes = 30
	case p.acceptAny("quarter past", "a quarter past"):
		minutes = 15
	case p.acceptAny("quarter to", "a quarter to"):
		minutes, to = 15, true
	default:
		p.i = mark
		n, ok := p.cardinal()
		p.acceptAny("minutes", "mins")
		if !ok || n < 1 || n > 29 || !p.acceptAny("past", "to") {
			p.i = mark
			return clock{}, false
		}
		minutes, to = n, p.at(-1).word("to")
		if to && (n%5 != 0 || p.at(-2).kind == tNum && !p.at(-2).isClass(cUnit)) { // "2 to 3" is a range
			p.i = mark
			return clock{}, false
		}
	}
	if p.acceptAny("noon", "midday") {
		if to {
			return clock{h: 11, m: 60 - minutes, mer: mer24}, true
		}
		return clock{h: 12, m: minutes, mer: mer24}, true
	}
	h, ok := p.cardinal()
	if !ok || h < 1 || h > 12 || p.at(0).isClass(cUnit) {
		p.i = mark
		return clock{}, false
	}
	if to {
		if h--; h == 0 {
			h = 12
		}
		return clock{h: h, m: 60 - minutes}, true
	}
	return clock{h: h, m: minutes}, true
}

// clockNumber reads 2, 2pm, 14.00, 1400, two, seven thirty.
func (p *parser) clockNumber(bareOK bool) (clock, bool) {
	t := p.at(0)
	switch t.kind {
	case tPair:
		if t.sep != ':' && t.sep != '.' || t.width[0] > 2 || t.width[1] != 2 {
			return clock{}, false
		}
		p.i++
		return written(t.n[0], t.n[1], t.width[0]), true
	case tTriple:
		if t.sep != ':' || t.width[0] > 2 || t.width[1] != 2 || t.width[2] != 2 {
			return clock{}, false
		}
		p.i++
		c := written(t.n[0], t.n[1], t.width[0])
		if t.n[2] > 59 {
			c.m = 99
		}
		return c, true
	case tNum:
		return p.clockDigits(t)
	}
	if h, ok := p.cardinal(); ok && h <= 12 {
		c := clock{h: h, bare: true}
		if m := p.at(0); m.isClass(cCard) && (m.val == 30 || m.val == 15 || m.val == 45 || m.val == 10 || m.val == 20 || m.val == 40 || m.val == 50) && bareOK {
			p.i++
			c.m, c.bare = m.val, false
			if u, ok := p.unitsDigit(cCard); ok && m.val%10 == 0 && m.val >= 20 {
				c.m += u
			}
		}
		return c, true
	}
	return clock{}, false
}

// clockDigits reads a time without a mark in it.
func (p *parser) clockDigits(t token) (clock, bool) {
	if t.ordinal || t.width[0] == 0 || t.width[0] > 4 {
		return clock{}, false
	}
	next := p.at(1)
	p.i++
	switch {
	case t.width[0] == 4:
		c := clock{h: t.n[0] / 100, m: t.n[0] % 100, mer: mer24}
		if next.word("am") || next.word("pm") {
			c.mer = merNone
		}
		return c, true
	case t.width[0] == 3:
		if !next.word("am") && !next.word("pm") {
			return clock{}, false
		}
		return clock{h: t.n[0] / 100, m: t.n[0] % 100}, true
	case t.width[0] == 2 && t.n[0] < 10 && next.kind != tNum: // 09
		return clock{h: t.n[0], mer: mer24, bare: true}, true
	}
	return clock{h: t.n[0], bare: true}, true
}

// written is a time of hours and minutes: a leading nought or 13 and more leave no doubt.
func written(h, m, width int) clock {
	c := clock{h: h, m: m}
	if h == 0 || h >= 13 || width == 2 && h < 10 {
		c.mer = mer24
	}
	return c
}
