package health

import (
	"sync"
	"time"

	"git.coop/cotech/wortley/bot/when"
)

// A Clock is a group's own: it counts half days. It stops from 20 December to
// 3 January and while the group is on leave, and runs at half speed in August.
type Clock struct{ leave []Span }

// NewClock returns the clock of a group that is on leave on some days.
func NewClock(leave []Span) Clock { return Clock{leave} }

// Between returns the half days from the end of one day to the end of a later
// one: 2 from a day to the next.
func (c Clock) Between(from, to int32) int {
	n := ticks(from, to)
	for _, s := range c.leave {
		first, last := max(from, Day(s.First)-1), to
		if !s.Last.IsZero() {
			last = min(to, Day(s.Last))
		}
		if last > first {
			n -= ticks(first, last)
		}
	}
	return n
}

// table holds the half days since 1970, by day, until 2100.
var table = sync.OnceValue(func() []int32 {
	end := Day(when.Date{Year: 2100, Month: 1, Day: 1})
	all := make([]int32, end+1)
	d := epoch
	for i := range end {
		all[i+1] = all[i] + int32(speed(d))
		d = d.AddDays(1)
	}
	return all
})

// ticks counts the half days after one day up to another, without leave.
func ticks(from, to int32) int {
	t := table()
	clamp := func(d int32) int32 { return max(0, min(d+1, int32(len(t)-1))) }
	return int(t[clamp(to)] - t[clamp(from)])
}

// speed is how many half days a day counts for.
func speed(d when.Date) int {
	switch {
	case d.Month == time.December && d.Day >= 20, d.Month == time.January && d.Day <= 3:
		return 0
	case d.Month == time.August:
		return 1
	}
	return 2
}

// Still reports whether nobody expects anything on a day.
func Still(d when.Date) bool { return speed(d) == 0 }

// The threshold: the second-longest gap of a year, so that one freak does not
// make the group deaf, and a quarter more; never less than ten days.
const (
	year      = 365
	fewGaps   = 8 // fewer say nothing about a rhythm
	leastHalf = 2 * 10
	guessHalf = 2 * 30
)

// Threshold returns how long the group may be silent, in half days of its
// clock, judged by the days until one.
func Threshold(life []Count, clock Clock, cadence int, today int32) int {
	first, second, gaps := 0, 0, 0
	last := int32(-1)
	for _, c := range life {
		if c.Day > today {
			break
		}
		if c.Day < today-year {
			continue
		}
		if last >= 0 {
			gap := clock.Between(last, c.Day)
			gaps++
			switch {
			case gap > first:
				first, second = gap, first
			case gap > second:
				second = gap
			}
		}
		last = c.Day
	}
	rhythm := cadence * 2 * 135 / 100
	switch {
	case gaps >= fewGaps:
		return max(leastHalf, second*5/4, rhythm)
	case rhythm > 0:
		return max(leastHalf, rhythm)
	}
	return guessHalf
}

// silent returns the half days since anybody wrote, or since the group began.
func silent(g *Group, clock Clock, today int32) int {
	last := Day(g.Made)
	for i := len(g.Life) - 1; i >= 0; i-- {
		if g.Life[i].Day <= today {
			last = max(last, g.Life[i].Day)
			break
		}
	}
	return max(0, clock.Between(last, today))
}
