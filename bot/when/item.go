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

func (it *item) onlyTime() bool { return it.day == nil && !it.empty() && it.moment.IsZero() }

func (it *item) timeless() bool { return it.times.kind == noTime && it.part == nil }

func (it *item) onlyLength() bool { return it.empty() && it.minutes > 0 }

// item reads days, hours, a length and a zone in whatever order they come.
func (p *parser) item() (item, bool) {
	it := item{begin: p.i, end: p.i}
	for {
		if p.slot(&it) && p.i > it.end {
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
		(*parser).endOfDaySlot, (*parser).relationSlot, (*parser).betweenSlot, (*parser).fromSlot, (*parser).anySlot, (*parser).daySlot, (*parser).partSlot, (*parser).elapsedSlot,
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
