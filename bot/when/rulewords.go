package when

import "time"

// A spec collects what a phrase says about a series, in whatever order it says it.
type spec struct {
	item               // hours, length and zone
	trigger  bool      // something makes it a series
	every    Frequency // "" where only weekdays say it
	interval int
	days     []Nth
	numbers  []int // days of the month
	setPos   int   // of the working days
	doubt    []Reason
	offers   []string // rules to offer
	from, to *day
	times    int // how often
	forN     count
	forUnit  int
	months   []time.Month // only in these
	without  []time.Month // but not in these
	except   []*day
	offDays  []time.Weekday // "every weekday except Wednesday"
	holidays bool           // not on bank holidays
	daysBare bool           // the weekdays came without a number
}

// series reads a recurrence beginning here.
func (p *parser) series() (spec, bool) {
	s := spec{item: item{begin: p.i, end: p.i}}
	gap := 0
	for {
		slots := seriesSlots
		if gap > 0 {
			slots = slots[:afterGap]
		}
		if p.seriesSlot(&s, slots) {
			s.end, gap = p.i, 0
			continue
		}
		if p.filler() || p.mark(";") {
			continue
		}
		t := p.at(0)
		if !s.trigger || gap == 4 || t.kind != tWord || t.class != cNone || meddling[t.text] || touching[t.text] {
			break
		}
		p.i++
		gap++
	}
	p.i = s.end
	return s, s.trigger
}

// seriesSlots are tried in turn; only the first afterGap of them behind words that were not understood, as in "daily
// stand-up at 9.45".
var (
	seriesSlots = []func(*parser, *spec) bool{
		(*parser).exceptSlot, (*parser).ordinalSlot, (*parser).numberSlot, (*parser).pluralSlot, (*parser).hourSlots,
		(*parser).everySlot, (*parser).adverbSlot, (*parser).fromDaySlot, (*parser).untilSlot, (*parser).timesSlot, (*parser).monthsSlot,
		(*parser).weekdaySlot,
	}
	afterGap = 5
)

func (p *parser) seriesSlot(s *spec, slots []func(*parser, *spec) bool) bool {
	for _, read := range slots {
		kept := *s
		if p.try(func() bool { return read(p, s) }) {
			return true
		}
		*s = kept
	}
	return false
}

// set notes how often; a second word for it must not say otherwise.
func (s *spec) set(every Frequency, interval int, work bool) bool {
	if s.every != "" && s.every != every {
		s.doubt = addNew(s.doubt, Vague)
	}
	s.trigger, s.every = true, every
	s.interval = max(s.interval, interval)
	if work {
		if interval > 1 {
			s.doubt = addNew(s.doubt, Vague)
		}
		s.days = []Nth{{0, time.Monday}, {0, time.Tuesday}, {0, time.Wednesday}, {0, time.Thursday}, {0, time.Friday}}
	}
	return true
}
