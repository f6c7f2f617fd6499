package when

import "time"

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
