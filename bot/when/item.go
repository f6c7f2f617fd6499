package when

import "time"

type relation uint8

const (
	plainly   relation = iota
	by                 // due then
	after              // later than the day
	before             // earlier than the day
	notBefore          // the day or later
	until              // the day or earlier
)

// An item is one place in time as a phrase names it; a list has several.
type item struct {
	rel        relation
	day        *day
	times      times
	part       *Part
	hint       meridiem // what the day part says about the clock
	plural     bool     // mornings
	minutes    int
	moment     time.Time // "in two hours"
	zone       *zoneName
	any        bool // "any time": a window, not a meeting
	approx     bool
	conflict   bool // two days that differ: "tomorrow (Friday)"
	begin, end int  // tokens
	dayEnd     int
}

func (it *item) empty() bool {
	return it.day == nil && it.times.kind == noTime && it.part == nil && it.moment.IsZero()
}
func (it *item) onlyTime() bool   { return it.day == nil && !it.empty() && it.moment.IsZero() }
func (it *item) timeless() bool   { return it.times.kind == noTime && it.part == nil }
func (it *item) onlyLength() bool { return it.empty() && it.minutes > 0 }

// item reads days, hours, a length and a zone in whatever order they come.
func (p *parser) item() (item, bool) {
	it := item{begin: p.i, end: p.i}
	for {
		if p.slot(&it) {
			it.end = p.i
			continue
		}
		if !p.filler() {
			break
		}
		if approxWords[p.at(-1).text] && !p.at(-2).word("how") && !p.at(-2).word("what") && !p.at(-2).word("not") && !p.at(-2).word("i'm") {
			it.approx = true
		}
	}
	p.i = it.end
	return it, !it.empty() || it.minutes > 0
}

var approxWords = wordSet("about around approx approximately roughly circa maybe possibly perhaps probably")

// filler passes one token that says nothing about time.
func (p *parser) filler() bool {
	t := p.at(0)
	quiet := t.kind == tPunct && (t.text == "," || t.text == "(" || t.text == ")" || t.text == ":" || t.text == "-" || t.text == "|" || t.text == "\"")
	if t.text == "(" && p.at(1).isClass(cNone) {
		quiet = false
	}
	if quiet || t.isClass(cFill) {
		p.i++
		return true
	}
	return false
}

// skip passes all of it.
func (p *parser) skip() {
	for p.filler() {
	}
}

// slot reads one more thing into the item.
func (p *parser) slot(it *item) bool {
	for _, read := range []func(*parser, *item) bool{
		(*parser).relationSlot, (*parser).betweenSlot, (*parser).fromSlot, (*parser).anySlot, (*parser).daySlot, (*parser).partSlot, (*parser).elapsedSlot,
		(*parser).timeSlot, (*parser).lengthSlot, (*parser).zoneSlot, (*parser).lateSlot,
	} {
		kept := *it
		if p.try(func() bool { return read(p, it) }) {
			return true
		}
		*it = kept
	}
	return false
}

// relationSlot reads by, after, before, until and what they are about.
func (p *parser) relationSlot(it *item) bool {
	var rel relation
	anyTime := p.acceptAny("any time", "anytime", "some time", "sometime")
	switch {
	case p.acceptAny("by", "no later than", "not later than", "on or before", "due by", "due on", "due", "deadline is", "deadline", "latest by"):
		rel = by
		p.acceptAny("on")
	case p.acceptAny("not before", "no earlier than", "not earlier than", "no sooner than", "on or after", "not until"):
		rel = notBefore
	case p.acceptAny("after", "later than"):
		rel = after
	case p.acceptAny("but before", "and before", "before", "earlier than", "ahead of", "prior to"):
		rel = before
	case p.acceptAny("until", "till", "til", "up to", "up until", "not after"):
		rel = until
	default:
		return false
	}
	p.mark(":")
	p.acceptAny("about", "around")
	if p.try(func() bool { return p.relationTime(it, rel) }) {
		it.any = it.any || anyTime
		return true
	}
	if it.rel != plainly || it.day != nil && rel == by {
		return false
	}
	n, ok := p.target()
	if !ok {
		return false
	}
	if it.day != nil {
		it.dayEnd = p.i
		return rel.holds(p.resolve(it.day), p.resolve(n))
	}
	it.rel, it.day, it.dayEnd = rel, n, p.i
	return true
}

// relationTime reads the hour after by, after, before and until.
func (p *parser) relationTime(it *item, rel relation) bool {
	if rel == by && it.rel == plainly && it.times.kind == noTime {
		p.acceptAny("the")
		if p.closing() {
			it.rel, it.times = by, times{kind: closeTime}
			return true
		}
		if p.acceptAny("end of day", "end of the day", "eod") {
			it.rel, it.times = by, times{kind: allDay}
			return true
		}
	}
	if index, _, _, today, ok := p.dayPart(false); ok && !today && it.part == nil && it.times.kind == noTime {
		return p.relationPart(it, rel, parts[index])
	}
	mark := p.i
	if n, ok := p.day(); ok && !n.pair {
		return false
	}
	p.i = mark
	c, ok := p.clock(true)
	if !ok || p.at(0).isClass(cUnit) {
		return false
	}
	if rel == by {
		if it.rel != plainly || it.times.kind != noTime {
			return false
		}
		it.rel, it.times = by, times{kind: atTime, from: &c}
		return true
	}
	lower := rel == after || rel == notBefore
	switch {
	case it.times.kind == noTime && lower:
		it.times = times{kind: windowTime, from: &c}
	case it.times.kind == noTime:
		it.times = times{kind: windowTime, to: &c}
	case it.times.kind == windowTime && lower && it.times.from == nil:
		it.times.from = &c
	case it.times.kind == windowTime && !lower && it.times.to == nil:
		it.times.to = &c
	default:
		return false
	}
	return true
}

// relationPart is "after lunch", "before the evening".
func (p *parser) relationPart(it *item, rel relation, part Part) bool {
	switch rel {
	case after:
		it.part = &Part{From: part.To}
	case notBefore:
		it.part = &Part{From: part.From}
	case before:
		it.part = &Part{To: part.From}
	default:
		return false
	}
	return true
}

func (p *parser) betweenSlot(it *item) bool {
	anyTime := p.acceptAny("any time", "anytime", "some time", "sometime", "somewhere")
	if n, ok := p.holiday(); ok && it.day == nil && n.span.shape == search { // between Christmas and New Year
		it.day, it.dayEnd, it.any = n, p.i, true
		return true
	} else if ok {
		return false
	}
	if !p.acceptAny("between", "in between") {
		return false
	}
	p.acceptAny("the", "about")
	if it.day == nil && p.try(func() bool {
		first, ok := p.oneDay()
		if !ok && p.accept("now") {
			first, ok = single(p.today), true
		}
		if !ok || first.pair || !(p.mark("-") || p.acceptAny("and", "to")) {
			return false
		}
		last, ok := p.endOfBetween()
		if !ok {
			return false
		}
		n := *first
		n.until = last
		it.day, it.any, it.dayEnd = &n, true, p.i
		return true
	}) {
		return true
	}
	t, ok := p.betweenTimes()
	if ok && it.times.kind == noTime {
		it.times, it.any = t, it.any || anyTime
		return true
	}
	return false
}

// endOfBetween reads the second day of "between"; an anchor itself is left out.
func (p *parser) endOfBetween() (*day, bool) {
	if a, ok := p.anchor(); ok {
		if a.date.IsZero() {
			return a.day(), true
		}
		return single(a.date.AddDays(-1)), true
	}
	p.accept("the")
	return p.oneDay()
}

// fromSlot reads "from 6 January" and "from 2 till 3".
func (p *parser) fromSlot(it *item) bool {
	anyTime := p.acceptAny("any time", "anytime", "free", "available")
	if !p.acceptAny("starting from", "as of", "as from", "from", "effective") {
		return false
	}
	if it.day == nil && it.rel == plainly {
		mark := p.i
		if n, ok := p.target(); ok && !n.pair {
			it.day, it.dayEnd = n, p.i
			if n.until == nil {
				it.rel = notBefore
			}
			p.acceptAny("onwards", "onward", "on")
			return true
		}
		p.i = mark
	}
	if it.times.kind != noTime {
		return false
	}
	t, ok := p.timesOf(true)
	if ok && t.kind == atTime && anyTime {
		t.kind = windowTime
	}
	it.times = t
	return ok
}

func (p *parser) anySlot(it *item) bool {
	if !p.acceptAny("any time", "anytime", "some time", "sometime", "at some point", "any day", "some day", "one day", "any point") {
		return false
	}
	mark := p.i
	p.skip()
	if p.done() && it.empty() {
		return false
	}
	p.i = mark
	it.any = true
	return true
}

// daySlot reads a day; a second one must agree with the first, or narrow it.
func (p *parser) daySlot(it *item) bool {
	direct := it.day != nil && !p.at(-1).is(",") && (p.i == it.dayEnd || p.at(-1).is("("))
	n, ok := p.day()
	if !ok {
		return false
	}
	if it.day == nil {
		it.day, it.dayEnd = n, p.i
		if p.acceptAny("onwards", "onward", "or later", "at the earliest") {
			it.rel = notBefore
		}
		return true
	}
	if w := n.span; it.day.onlyWeekday() && it.day.mod == modNone && it.day.weeks == 0 && w != nil && w.clear() && w.shape == namedWeek && w.first.DaysTo(w.last) == 6 {
		it.day, it.dayEnd = &day{hasWd: true, wd: it.day.wd, monday: w.first.Monday()}, p.i
		return true
	}
	first := p.resolve(it.day)
	if it.rel != plainly && it.rel != by {
		if second := p.resolve(n); !it.rel.holds(second, first) {
			return false
		}
		it.day, it.rel, it.dayEnd = n, plainly, p.i
		return true
	}
	switch {
	case it.day.until != nil || n.until != nil || !first.clear():
		return false
	case n.onlyWeekday() && n.mod == modNone && n.weeks == 0 && first.shape == namedWeek:
		it.day = &day{hasWd: true, wd: n.wd, monday: first.first.Monday()}
	case n.onlyNumber() && first.shape == search && first.first.Day == 1 && first.last == first.first.EndOfMonth():
		m := *n
		m.month, it.day = first.first, &m
	default:
		return p.sameDay(it, n, first, direct)
	}
	it.dayEnd = p.i
	return true
}

// holds reports whether days lie as the relation to a bound demands: "before Christmas, next week".
func (rel relation) holds(days, bound span) bool {
	if !days.clear() || !bound.clear() || days.first.IsZero() || days.last.IsZero() || bound.first.IsZero() || bound.last.IsZero() {
		return false
	}
	switch rel {
	case before:
		return days.last.Before(bound.first)
	case until:
		return !days.last.After(bound.last)
	case after:
		return days.first.After(bound.last)
	}
	return !days.first.Before(bound.first)
}

// sameDay holds a second naming of the day against the first.
func (p *parser) sameDay(it *item, n *day, first span, direct bool) bool {
	if first.shape != oneDay || first.first.IsZero() {
		return false
	}
	second := p.resolve(n)
	if n.onlyWeekday() && first.first.Weekday() == n.wd || second.clear() && second.first == first.first && second.last == first.last {
		it.dayEnd = p.i
		return true
	}
	if direct && (second.clear() && second.shape == oneDay || n.onlyWeekday()) {
		it.conflict, it.dayEnd = true, p.i
		return true
	}
	return false
}

func (p *parser) partSlot(it *item) bool {
	index, plural, approx, today, ok := p.dayPart(it.day != nil && p.i == it.dayEnd)
	if !ok || it.part != nil {
		return false
	}
	if today {
		if it.day != nil {
			return false
		}
		it.day, it.dayEnd = single(p.today), p.i
	}
	part := parts[index]
	it.part, it.plural, it.approx = &part, plural, it.approx || approx
	it.hint = merPM
	if index == pMorning {
		it.hint = merAM
	} else if index == pWorkHours {
		it.hint = merNone
	}
	return true
}

func (p *parser) timeSlot(it *item) bool {
	if it.times.kind != noTime {
		return false
	}
	if t := p.at(0); t.kind == tNum && t.width[0] <= 2 && p.leansFrom(1) {
		return false
	}
	t, ok := p.timesOf(it.day != nil && p.i == it.dayEnd || p.leadsToTime(p.i) || it.part != nil || p.i > 0 && p.at(-1).is(":"))
	if !ok {
		return false
	}
	it.times = t
	if t.from != nil && t.from.approx {
		it.approx = true
	}
	if z, ok := p.zoneName(); ok && it.zone == nil {
		it.zone = z
	}
	return true
}

func (p *parser) lengthSlot(it *item) bool {
	minutes, ok := p.length()
	if !ok || it.minutes > 0 || p.at(0).word("before") || p.at(0).word("after") || p.at(0).word("later") || p.at(0).word("earlier") || p.at(0).word("from") ||
		p.at(0).word("ago") {
		return false
	}
	it.minutes = minutes
	return true
}

// elapsedSlot reads "in two hours", which counts elapsed time (C16).
func (p *parser) elapsedSlot(it *item) bool {
	if !it.empty() {
		return false
	}
	in := p.acceptAny("in", "within")
	if in {
		p.acceptAny("about", "around", "roughly")
	}
	minutes, ok := p.bareLength()
	behind := p.mark("'") && p.accept("time") || p.acceptAny("from now", "hence")
	if !ok || !in && !behind || p.at(0).word("before") || p.at(0).word("after") {
		return false
	}
	it.moment = p.now.Add(time.Duration(minutes) * time.Minute)
	if rest := it.moment.Second(); rest > 0 || it.moment.Nanosecond() > 0 {
		it.moment = it.moment.Truncate(time.Minute).Add(time.Minute)
	}
	return true
}

func (p *parser) zoneSlot(it *item) bool {
	if it.zone != nil || it.times.kind == noTime && !p.at(1).word("time") {
		return false
	}
	z, ok := p.zoneName()
	if ok {
		it.zone = z
	}
	return ok
}

// lateSlot reads what comes behind: "at the latest".
func (p *parser) lateSlot(it *item) bool {
	if it.empty() || it.rel != plainly {
		return false
	}
	switch {
	case p.acceptAny("at the latest", "at latest", "latest", "or earlier", "or before", "or sooner"):
		it.rel = by
	case p.acceptAny("at the earliest", "onwards", "onward", "or later", "or after"):
		if it.times.kind == atTime {
			it.times.kind = windowTime
		} else {
			it.rel = notBefore
		}
	default:
		return false
	}
	return true
}
