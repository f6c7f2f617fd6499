package ical

import (
	"fmt"
	"time"
)

// years is how far ahead a zone's rule has to hold to be written as a rule.
const years = 5

// A change is when the clocks of a zone are put forward or back.
type change struct {
	at       time.Time // the moment, in UTC
	from, to int       // offsets in seconds
	wall     time.Time // what the clocks showed just then, labelled UTC
	name     string    // of the time after it
}

// timezone writes a zone's clock changes as yearly rules that begin in 1970,
// the one form that every calendar program reads. It reports false for zones
// whose changes follow no such rule; their times are written in UTC.
func (f *file) timezone(loc *time.Location, year int) bool {
	f.value("BEGIN", "VTIMEZONE")
	f.value("TZID", loc.String())
	all := changes(loc, year)
	if len(all) == 0 {
		name, offset := time.Date(year, 1, 1, 0, 0, 0, 0, loc).Zone()
		f.observance("STANDARD", time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), offset, offset, name, "")
	}
	for i, c := range all {
		n, ok := sameEveryYear(loc, year, i, len(all))
		if !ok {
			return false
		}
		kind := "STANDARD"
		if c.to > c.from {
			kind = "DAYLIGHT"
		}
		day := nthWeekday(1970, c.wall.Month(), c.wall.Weekday(), n)
		start := day.Add(c.wall.Sub(c.wall.Truncate(24 * time.Hour)))
		rule := fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", c.wall.Month(), n, weekdays[c.wall.Weekday()])
		f.observance(kind, start, c.from, c.to, c.name, rule)
	}
	f.value("END", "VTIMEZONE")
	return true
}

var weekdays = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func (f *file) observance(kind string, start time.Time, from, to int, name, rule string) {
	f.value("BEGIN", kind)
	f.value("DTSTART", start.Format("20060102T150405"))
	f.value("TZOFFSETFROM", offset(from))
	f.value("TZOFFSETTO", offset(to))
	f.text("TZNAME", name)
	if rule != "" {
		f.value("RRULE", rule)
	}
	f.value("END", kind)
}

// offset writes seconds east of Greenwich as "+0100".
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
}

// changes returns the clock changes of a year, in order.
func changes(loc *time.Location, year int) []change {
	var all []change
	day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	for ; day.Year() == year; day = day.AddDate(0, 0, 1) {
		_, from := day.In(loc).Zone()
		_, to := day.AddDate(0, 0, 1).In(loc).Zone()
		if from == to {
			continue
		}
		at := day
		for step := 12 * time.Hour; step >= time.Minute; step /= 2 {
			step = step.Truncate(time.Minute)
			for _, o := at.Add(step).In(loc).Zone(); o == from; _, o = at.Add(step).In(loc).Zone() {
				at = at.Add(step)
			}
		}
		at = at.Add(time.Minute)
		name, _ := at.In(loc).Zone()
		all = append(all, change{at, from, to, at.Add(time.Duration(from) * time.Second), name})
	}
	return all
}

// sameEveryYear finds n for which the i-th change of every year is the n-th
// such weekday of the same month, at the same hour.
func sameEveryYear(loc *time.Location, year, i, count int) (n int, ok bool) {
	base := changes(loc, year)[i]
	fromStart, fromEnd := true, true
	for y := year; y < year+years; y++ {
		all := changes(loc, y)
		if len(all) != count {
			return 0, false
		}
		c := all[i]
		if c.wall.Month() != base.wall.Month() || c.wall.Weekday() != base.wall.Weekday() || c.from != base.from || c.to != base.to ||
			c.wall.Hour() != base.wall.Hour() || c.wall.Minute() != base.wall.Minute() {
			return 0, false
		}
		fromStart = fromStart && nth(c.wall) == nth(base.wall)
		fromEnd = fromEnd && nthLast(c.wall) == nthLast(base.wall)
	}
	if fromEnd {
		return nthLast(base.wall), true
	}
	return nth(base.wall), fromStart
}

func nth(day time.Time) int { return (day.Day()-1)/7 + 1 }

func nthLast(day time.Time) int {
	last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return -((last-day.Day())/7 + 1)
}

// nthWeekday returns midnight of the n-th such weekday of a month; n is
// negative to count from its end.
func nthWeekday(year int, month time.Month, w time.Weekday, n int) time.Time {
	if n > 0 {
		first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return first.AddDate(0, 0, (int(w-first.Weekday())+7)%7+7*(n-1))
	}
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	return last.AddDate(0, 0, -(int(last.Weekday()-w)+7)%7+7*(n+1))
}
