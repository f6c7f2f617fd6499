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

// everySlot reads "every other Tuesday", "each month", "once a quarter".
func (p *parser) everySlot(s *spec) bool {
	if p.acceptAny("alternate", "alternating", "on alternate", "on alternating", "in alternate") {
		return p.everyUnit(s, 2) || p.everyWeekdays(s, 2)
	}
	if !p.acceptAny("once every", "once each", "once a", "once per", "one per", "every", "each", "per", "of every", "of each", "in every", "in each") {
		return false
	}
	if p.at(-1).word("per") && s.every != "" || s.every != "" && !s.trigger {
		return false
	}
	p.accept("single")
	if p.acceptAny("other", "alternate", "alternating") {
		return p.everyUnit(s, 2) || p.everyWeekdays(s, 2)
	}
	mark := p.i
	if n, ok := p.ordinal(); ok {
		if n > 0 && p.everyUnit(s, n) {
			return true
		}
		p.i = mark
		return p.everyOrdinal(s)
	}
	if n, ok := p.cardinal(); ok && n > 0 {
		return p.everyUnit(s, n) || p.everyWeekdays(s, n)
	}
	if p.acceptAny("couple of") {
		return p.everyUnit(s, 2)
	}
	if t := p.at(0); t.isClass(cMonth) && p.at(1).kind != tNum {
		p.i++
		s.months = append(s.months, time.Month(t.val))
		return s.set(Yearly, 1, false)
	}
	return p.everyUnit(s, 1) || p.everyWeekdays(s, 1) || p.everyPart(s)
}

// everyUnit reads the unit of "every three weeks".
func (p *parser) everyUnit(s *spec, n int) bool {
	unit, ok := p.unit()
	if !ok || unit < uDay || n > 400 {
		return false
	}
	if s.every == Monthly && unit == uMonth && n > 1 { // the first Tuesday of every other month
		s.interval = n
		return true
	}
	return s.set(unitFrequency[unit].every, unitFrequency[unit].times*n, unit == uWorkday)
}

var unitFrequency = [...]struct {
	every Frequency
	times int
}{
	uDay: {Daily, 1}, uWorkday: {Weekly, 1}, uWeek: {Weekly, 1}, uFortnight: {Weekly, 2}, uMonth: {Monthly, 1}, uQuarter: {Monthly, 3}, uYear: {Yearly, 1},
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

// everyWeekdays reads the days of "every Tuesday and Thursday".
func (p *parser) everyWeekdays(s *spec, n int) bool {
	days, ok := p.weekdayList()
	if !ok || p.at(0).kind == tNum && !p.clockAhead() {
		return false
	}
	s.days = append(s.days, days...)
	s.trigger, s.interval = true, max(s.interval, n)
	if s.every == "" {
		s.every = Weekly
	}
	return true
}

func (p *parser) clockAhead() bool {
	mark := p.i
	defer func() { p.i = mark }()
	t, ok := p.timesOf(false)
	return ok && t.kind != noTime
}

// weekdayList reads "Tue", "Tuesday and Thursday", "Mon–Thu".
func (p *parser) weekdayList() ([]Nth, bool) {
	first, ok := p.class(cWeekday)
	if !ok {
		return nil, false
	}
	days := []Nth{{0, weekdayVal(first)}}
	for {
		mark := p.i
		run := p.at(0).is("-") || p.at(0).word("to") || p.at(0).word("through")
		if run {
			p.i++
		} else {
			p.mark(",/")
			p.acceptAny("and on", "and every", "and", "or")
		}
		p.accept("on")
		next, ok := p.class(cWeekday)
		if !ok || p.i == mark+1 {
			p.i = mark
			return days, true
		}
		if run {
			for d := (days[len(days)-1].Day + 1) % 7; d != weekdayVal(next) && len(days) < 7; d = (d + 1) % 7 {
				days = append(days, Nth{0, d})
			}
		}
		days = append(days, Nth{0, weekdayVal(next)})
	}
}

// everyOrdinal reads "every 3rd Thursday": a rule only where a month is named or the number is first or last (C18).
func (p *parser) everyOrdinal(s *spec) bool {
	numbers, days, ok := p.ordinalDays()
	if !ok {
		return false
	}
	s.trigger = true
	clear := p.ofMonth(s) || len(numbers) > 1 || numbers[0] < 2
	s.every = Monthly
	s.interval = max(s.interval, 1)
	for _, n := range numbers {
		for _, d := range days {
			s.days = append(s.days, Nth{n, d.Day})
		}
	}
	if !clear {
		s.doubt = addNew(s.doubt, HowOften)
		s.offers = append(s.offers, Rule{Every: Monthly, Days: []Nth{{numbers[0], days[0].Day}}}.String(),
			Rule{Every: Weekly, Interval: numbers[0], Days: days}.String())
	}
	return true
}

// ordinalDays reads "1st and 3rd Thursday".
func (p *parser) ordinalDays() (numbers []int, days []Nth, ok bool) {
	for {
		n, ok := p.ordinal()
		if !ok {
			return nil, nil, false
		}
		numbers = append(numbers, n)
		mark := p.i
		p.mark(",/")
		if !p.acceptAny("and the", "and", "or") && p.i == mark {
			break
		}
		p.accept("the")
		if p.at(0).isClass(cWeekday) {
			p.i = mark
			return nil, nil, false
		}
	}
	days, ok = p.weekdayList()
	return numbers, days, ok
}

// ofMonth reads "of the month" and the like, which make a series of the ordinal before.
func (p *parser) ofMonth(s *spec) bool {
	switch {
	case p.acceptAny("of the month", "of each month", "of every month", "in the month", "in each month", "in every month", "each month", "every month",
		"of a month", "a month", "of month", "monthly", "per month", "of the calendar month", "of each calendar month"):
		s.trigger = true
		return true
	case p.acceptAny("of every other month", "of alternate months", "every other month", "in alternate months", "every second month"):
		s.trigger, s.interval = true, 2
		return true
	case p.acceptAny("of the quarter", "of each quarter", "of every quarter", "each quarter", "every quarter", "in each quarter"):
		s.trigger, s.months = true, []time.Month{1, 4, 7, 10}
		if len(s.days) > 0 && s.days[0].N < 0 {
			s.months = []time.Month{3, 6, 9, 12}
		}
		return true
	}
	return false
}

func (p *parser) everyPart(s *spec) bool {
	if t := p.at(0); t.isClass(cPart) && !t.plural {
		return s.set(Daily, 1, false) // the part itself is read by its own slot
	}
	return false
}

// adverbSlot reads weekly, fortnightly, biweekly, twice a month.
func (p *parser) adverbSlot(s *spec) bool {
	mark := p.i
	p.acceptAny("on a", "meeting")
	twice := p.at(0).word("twice")
	if p.acceptAny("bi weekly", "bi monthly", "bi annually", "twice weekly", "twice monthly", "twice a week", "twice a month", "twice a year",
		"twice yearly", "semi annually", "half yearly", "half-yearly", "two or three times a month") {
		weekly := p.at(-1).word("weekly") || p.at(-1).word("week")
		s.trigger, s.doubt = true, addNew(s.doubt, HowOften)
		if !twice {
			s.offerUnclear(weekly)
		}
		return true
	}
	if c, ok := p.count(); ok && c.n > 0 && p.acceptAny("times a week", "times a month", "times a year", "times per year", "times per month") {
		s.trigger, s.doubt = true, addNew(s.doubt, HowOften)
		return true
	}
	p.i = mark
	p.acceptAny("on a", "on an")
	t, ok := p.class(cAdverb)
	if !ok {
		return false
	}
	p.accept("basis")
	a := adverbs[t.val]
	if a.interval == 0 {
		s.trigger, s.doubt = true, addNew(s.doubt, HowOften)
		s.offerUnclear(a.every == Weekly)
		return true
	}
	return s.set(a.every, a.interval, false)
}

// offerUnclear names what biweekly and bimonthly can mean.
func (s *spec) offerUnclear(weekly bool) {
	if weekly {
		s.offers = append(s.offers, "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY")
	} else {
		s.offers = append(s.offers, "FREQ=MONTHLY;INTERVAL=2", "FREQ=MONTHLY")
	}
}

// ordinalSlot reads "the 3rd Thursday [of the month]" and "the last working day of the month".
func (p *parser) ordinalSlot(s *spec) bool {
	p.acceptAny("on the", "the", "on")
	mark := p.i
	if numbers, days, ok := p.ordinalDays(); ok {
		for _, n := range numbers {
			for _, d := range days {
				s.days = append(s.days, Nth{n, d.Day})
			}
		}
		if p.ofMonth(s) || s.trigger && (s.every == Monthly || s.every == Yearly) || p.monthlyAhead() {
			s.every = Monthly
			s.interval = max(s.interval, 1)
			return !p.at(0).isClass(cMonth) && !(p.at(0).word("of") || p.at(0).word("in") && p.at(1).isClass(cMonth) && !s.trigger)
		}
		s.days = s.days[:len(s.days)-len(numbers)*len(days)]
		return false
	}
	p.i = mark
	n, ok := p.ordinal()
	if !ok {
		return false
	}
	switch {
	case p.acceptAny("day") && (p.ofMonth(s) || s.trigger && s.every == Monthly) && (n == -1 || n > 0 && n < 32):
		s.numbers = append(s.numbers, n)
	case p.acceptAny("working day", "weekday", "business day", "workday") && (p.ofMonth(s) || s.trigger && s.every == Monthly):
		s.set(Monthly, 1, true)
		s.setPos = n
	default:
		return false
	}
	s.every, s.interval = Monthly, max(s.interval, 1)
	return true
}

// monthlyAhead reports whether "monthly" or "every month" stands a little further on.
func (p *parser) monthlyAhead() bool {
	for k := 0; k < 8; k++ {
		t := p.at(k)
		if t.isClass(cAdverb) && adverbs[t.val].every == Monthly && adverbs[t.val].interval > 0 ||
			(t.word("every") || t.word("each") || t.word("a")) && (p.at(k+1).word("month") || p.at(k+2).word("month") || p.at(k+2).word("months")) {
			return true
		}
	}
	return false
}

// numberSlot reads "on the 15th [of each month]", "the 1st and 15th of every month".
func (p *parser) numberSlot(s *spec) bool {
	if s.every == Yearly || s.every == Weekly || len(s.days) > 0 {
		return false
	}
	p.acceptAny("on the", "the", "on")
	var numbers []int
	for {
		t := p.at(0)
		n, ok := p.ordinal()
		if !ok || n > 31 || n < 1 || t.isClass(cOrd) && n < 3 {
			return false
		}
		numbers = append(numbers, n)
		mark := p.i
		p.mark(",")
		if !p.acceptAny("and the", "and") && p.i == mark {
			break
		}
		p.accept("the")
	}
	if p.at(0).isClass(cUnit) || p.at(0).isClass(cWeekday) || p.at(0).isClass(cMonth) {
		return false
	}
	if !p.ofMonth(s) && !(s.trigger && s.every == Monthly) && !p.monthlyAhead() || p.at(0).word("of") {
		return false
	}
	s.numbers = append(s.numbers, numbers...)
	s.every, s.interval = Monthly, max(s.interval, 1)
	return true
}

// pluralSlot reads "Thursdays", "on Mondays and Wednesdays", "Tuesday evenings".
func (p *parser) pluralSlot(s *spec) bool {
	p.acceptAny("on", "only on")
	if s.every == "" && p.acceptAny("weekdays", "working days", "week days") {
		return s.set(Weekly, 1, true)
	}
	t := p.at(0)
	if !t.isClass(cWeekday) || s.every != "" && s.every != Weekly && s.every != Daily || len(s.days) > 0 {
		return false
	}
	days, _ := p.weekdayList()
	last := p.at(-1)
	if !t.plural && !last.plural && !(p.at(0).isClass(cPart) && p.at(0).plural) {
		return false
	}
	s.days, s.trigger, s.every = days, true, Weekly
	s.interval = max(s.interval, 1)
	return true
}

// weekdaySlot reads the day of "weekly on Thursday", and a date that a series begins with.
func (p *parser) weekdaySlot(s *spec) bool {
	mark := p.i
	if s.from == nil {
		if n, ok := p.day(); ok && n.dated() && n.until == nil {
			s.from = n
			return true
		}
		p.i = mark
	}
	p.acceptAny("on a", "on")
	if p.at(0).isClass(cWeekday) && len(s.days) == 0 && (s.trigger || p.seriesAhead()) {
		days, _ := p.weekdayList()
		s.days, s.daysBare = days, true
		return true
	}
	return false
}

// seriesAhead reports whether a word that makes a series stands further on.
func (p *parser) seriesAhead() bool {
	for k := 0; k < 12; k++ {
		t := p.at(k)
		if t.word("every") || t.word("each") || t.isClass(cAdverb) || t.word("biweekly") || t.word("bi") || t.word("once") {
			return true
		}
		if t.kind == tEnd || t.is(".") {
			break
		}
	}
	return false
}
