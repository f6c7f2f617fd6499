package when

import "time"

type direction uint8

const (
	neutral direction = iota
	later
	earlier
	unclear
)

// edit reads what moves the meeting of the context: "push it back half an hour", "bring forward to 1pm" (C20).
func (p *parser) edit() (Reading, bool) {
	for i := range p.toks {
		if i > 8 {
			break
		}
		p.i = i
		if dir, ok := p.editVerb(); ok {
			return p.editRest(dir), true
		}
		p.i = i
		if r, ok := p.editLength(); ok {
			return r, true
		}
		p.i = i
		if r, ok := p.editAmount(neutral, true); ok {
			return r, true
		}
		p.i = i
		if r, ok := p.sameTime(); ok {
			return r, true
		}
	}
	return p.instead()
}

// editVerb reads the verb, what is moved, and the particle.
func (p *parser) editVerb() (direction, bool) {
	t := p.at(0)
	if t.kind != tWord {
		return neutral, false
	}
	verb := verbs[t.text]
	if verb == "" {
		return neutral, false
	}
	p.i++
	dir := neutral
	if verb == "postpone" || verb == "push" {
		dir = later
	}
	for k := 0; k <= 7; k++ {
		switch w := p.at(k); {
		case w.word("back"):
			p.i += k + 1
			switch verb {
			case "push", "postpone":
				return later, true
			}
			return unclear, true
		case w.word("forward"), w.word("forwards"):
			p.i += k + 1
			if verb == "bring" {
				return earlier, true
			}
			return unclear, true
		case w.word("up") && verb != "postpone":
			p.i += k + 1
			return unclear, true
		case w.word("out") && verb == "push":
			p.i += k + 1
			return later, true
		case w.word("by"), w.word("to"), w.word("until"), w.word("till"), w.kind == tEnd, w.word("a"), w.word("an"), w.isClass(cCard), w.kind == tNum, w.word("half"):
			if verb == "bring" {
				return neutral, false
			}
			if verb == "push" && t.text == "put" {
				return neutral, false
			}
			if w.kind != tEnd || k <= 3 {
				p.i += k
				return dir, verb != "change" || w.kind != tEnd
			}
			return neutral, false
		case w.kind != tWord && !w.is(","):
			if k == 0 || verb != "postpone" {
				return neutral, false
			}
			p.i += k
			return dir, true
		}
	}
	return neutral, false
}

var verbs = map[string]string{
	"push": "push", "put": "push", "postpone": "postpone", "postponed": "postpone", "delay": "postpone", "delayed": "postpone", "defer": "postpone",
	"bring": "bring", "pull": "bring", "move": "move", "moved": "move", "shift": "move", "reschedule": "change", "rearrange": "change", "change": "change",
	"switch": "change", "swap": "change", "slip": "postpone",
}

// editRest reads by how much or to when.
func (p *parser) editRest(dir direction) Reading {
	p.accept("it")
	if r, ok := p.editAmount(dir, false); ok {
		return r
	}
	if p.acceptAny("from") { // from Thursday to Friday
		if _, ok := p.item(); !ok || !p.at(0).word("to") {
			return ask(Vague)
		}
	}
	p.acceptAny("to", "until", "till", "for")
	p.accept("the")
	if p.done() || p.at(0).kind == tPunct {
		if dir == unclear {
			return ask(Direction, Vague)
		}
		return ask(NoDate, Vague)
	}
	mark := p.i
	if r, ok := p.sameTime(); ok {
		return r
	}
	p.i = mark
	f, ok := p.list()
	if !ok {
		return ask(NoDate, Vague)
	}
	p.sameTimeBehind(&f)
	if len(f.items) > 1 || p.wordsLeft() {
		return ask(Vague)
	}
	return p.moveTo(f.items[0], dir)
}

// wordsLeft reports whether the rest of the phrase says anything about time.
func (p *parser) wordsLeft() bool {
	for k := 0; p.at(k).kind != tEnd; k++ {
		if t := p.at(k); t.kind != tPunct && (t.kind != tWord || t.class != cNone && t.class != cFill || meddling[t.text]) {
			return true
		}
	}
	return false
}

// sameTimeBehind drops "same time" from behind a new day: that is what a move does anyway.
func (p *parser) sameTimeBehind(f *fragment) {
	p.mark(",(")
	p.acceptAny("at the", "the", "at")
	p.acceptAny("same time", "usual time", "same place", "instead", "same time and place")
	p.mark(")")
}

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

// editLength reads "extend by half an hour", "make it 90 minutes", "finish at 4".
func (p *parser) editLength() (Reading, bool) {
	m := p.opt.Meeting
	var minutes int
	sign := 0
	switch {
	case p.acceptAny("extend it by", "extend by", "lengthen by", "lengthen it by", "extend the meeting by"):
		sign = 1
	case p.acceptAny("shorten by", "shorten it by", "cut by", "shorten the meeting by"):
		sign = -1
	case p.acceptAny("extend it to", "extend to", "shorten to", "shorten it to", "make it", "make this", "make the meeting", "cut to", "cut it to", "keep it to"):
	default:
		return Reading{}, false
	}
	minutes, ok := p.length()
	if !ok {
		return Reading{}, false
	}
	switch {
	case p.acceptAny("longer"):
		sign = 1
	case p.acceptAny("shorter"):
		sign = -1
	}
	if p.wordsLeft() || p.at(0).word("later") || p.at(0).word("earlier") {
		return Reading{}, false
	}
	if m == nil || m.End.IsZero() {
		return ask(MissingAnchor, NoDate), true
	}
	if sign != 0 {
		minutes = int(m.End.Sub(m.Start)/time.Minute) + sign*minutes
	}
	if minutes <= 0 {
		return wrong(EndBeforeStart), true
	}
	return p.moved(m.Start.In(p.zone), time.Duration(minutes)*time.Minute), true
}

// sameTime reads "same time next week" and "same time tomorrow".
func (p *parser) sameTime() (Reading, bool) {
	p.acceptAny("at the", "the", "at")
	if !p.acceptAny("this time", "same time again", "same time and place", "same time", "same again") {
		return Reading{}, false
	}
	p.mark(",")
	if p.acceptAny("the following week", "following week", "the week after", "the next week", "a week later") && p.done() {
		return p.moveBy(later, 0, 1, uWeek), true
	}
	if p.acceptAny("the following day", "following day", "the next day", "next day", "a day later") && p.done() {
		return p.moveBy(later, 0, 1, uDay), true
	}
	f, ok := p.list()
	if !ok || len(f.items) > 1 || !f.items[0].timeless() || f.items[0].day == nil || p.wordsLeft() {
		return ask(Vague), true
	}
	it := f.items[0]
	old := p.now
	if p.opt.Meeting != nil {
		old = p.opt.Meeting.Start.In(p.zone)
	}
	s := p.resolve(it.day)
	if s.clear() && s.shape == namedWeek && s.first.DaysTo(s.last) == 6 {
		return p.sameTimeInWeek(s, old), true
	}
	if p.opt.Meeting == nil {
		it.times = times{kind: atTime, from: &clock{h: old.Hour(), m: old.Minute(), mer: mer24}}
		return p.build(it), true
	}
	return p.moveTo(it, neutral), true
}

// sameTimeInWeek keeps weekday and hour. Where the week after the meeting is another than the one named, both are
// offered.
func (p *parser) sameTimeInWeek(s span, old time.Time) Reading {
	d := s.first.in(DateOf(old).Weekday())
	if other := DateOf(old).AddDays(7); p.opt.Meeting != nil && other != d {
		return ask(Vague).offering(wallAt(d, ClockOf(old)), wallAt(other, ClockOf(old)))
	}
	at, r, ok := p.ownMoment(d, ClockOf(old))
	if !ok {
		return r
	}
	if p.opt.Meeting == nil {
		return p.atMoment(item{}, at, 0)
	}
	return p.moved(at, p.opt.Meeting.End.Sub(p.opt.Meeting.Start))
}

// instead reads "Thursday instead", "make it 3pm", "start at 3".
func (p *parser) instead() (Reading, bool) {
	if p.opt.Meeting == nil {
		return Reading{}, false
	}
	for i := range min(len(p.toks), 6) {
		p.i = i
		lead := p.acceptAny("make it", "make that", "start at", "how about", "what about", "can we do", "could we do", "let's do", "we do", "instead")
		if f, ok := p.list(); ok && (lead || p.acceptAny("instead", "please") || p.i > 0 && p.at(0).word("instead")) && !f.items[0].onlyLength() {
			p.acceptAny("instead")
			p.sameTimeBehind(&f)
			if len(f.items) > 1 {
				return Reading{}, false
			}
			if p.wordsLeft() {
				return ask(Vague), true
			}
			return p.moveTo(f.items[0], neutral), true
		}
	}
	return Reading{}, false
}
