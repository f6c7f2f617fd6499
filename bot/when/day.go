package when

import "time"

type shape uint8

const (
	oneDay    shape = iota
	runOfDays       // explicit first and last
	namedWeek       // a run that one looks for a slot in
	search          // a month or so, or open at an end
)

// A span is what a phrase about days comes to: first to last, both included, zero where open. With reasons it is a
// question (or, fatal, an error) and cands are the days to offer.
type span struct {
	first, last Date
	shape       shape
	reasons     []Reason
	fatal       bool
	cands       []Date
	assumed     []Assumption
}

type modifier uint8

const (
	modNone modifier = iota
	modThis
	modNext
	modComing
	modLast
	modAfterNext
)

// A day is how a phrase names days, before the phrase around it has had its say: "Tue 3" takes its month from "or Thu 5
// March". Either span is settled already, or the calendar parts count; zero parts were not given.
type day struct {
	span    *span
	hasWd   bool
	wd      time.Weekday
	d, m, y int
	mod     modifier
	weeks   int  // "Thursday week": 1
	numeric bool // 3/4: the order of day and month may be doubted
	bare    bool // the 5 of "Thu 5", which might be an hour
	pair    bool // 10.11, which might be a time
	week    bool // named as the week of a day: "the week of the 16th"
	until   *day // the last day of a run
	monday  Date // the week in which the weekday lies, "Thursday next week"
	month   Date // the month in which the number lies, "the 18th of next month"
}

func settled(first, last Date, s shape) *day {
	return &day{span: &span{first: first, last: last, shape: s}}
}

func single(d Date) *day { return settled(d, d, oneDay) }

// doubtful is a day that must be asked about.
func doubtful(r Reason, cands ...Date) *day {
	return &day{span: &span{reasons: []Reason{r}, cands: cands}}
}

func askSpan(cands []Date, r ...Reason) span { return span{reasons: r, cands: cands} }

func errorSpan(r ...Reason) span { return span{reasons: r, fatal: true} }

func daySpan(d Date, a ...Assumption) span { return span{first: d, last: d, assumed: a} }

func (s span) clear() bool { return len(s.reasons) == 0 }

func (n *day) onlyWeekday() bool { return n.span == nil && n.hasWd && n.d == 0 && n.monday.IsZero() }

func (n *day) onlyNumber() bool { return n.span == nil && n.d > 0 && n.m == 0 && n.month.IsZero() }

func (n *day) dated() bool { return n.span == nil && n.d > 0 && n.m > 0 }
