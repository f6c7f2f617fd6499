package meeting

import (
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// Nothing is said unasked in the evening and at night, at weekends, on bank
// holidays and over Christmas.
const (
	dayBegins = 8 * time.Hour
	dayEnds   = 20 * time.Hour
)

// working reports whether things may be said unasked on a day.
func working(d when.Date, nation when.Nation) bool {
	christmas := d.Month == time.December && d.Day >= 24 || d.Month == time.January && d.Day <= 2
	return !christmas && when.WorkingDay(d, nation)
}

// quiet reports whether a moment is one at which nothing is said unasked.
func quiet(t time.Time, zone *time.Location, nation when.Nation) bool {
	t = t.In(zone)
	since := time.Duration(when.ClockOf(t)) * time.Minute
	return since < dayBegins || since >= dayEnds || !working(when.DateOf(t), nation)
}

// earlier returns t, or the last 16:00 before it at which things may be said.
func earlier(t time.Time, zone *time.Location, nation when.Nation) time.Time {
	if !quiet(t, zone, nation) {
		return t
	}
	day := when.DateOf(t.In(zone))
	if at := when.At(day, when.HM(16, 0), zone); at.After(t) || !working(day, nation) {
		day = day.AddDays(-1)
	}
	for !working(day, nation) {
		day = day.AddDays(-1)
	}
	return when.At(day, when.HM(16, 0), zone).UTC()
}

// later returns t, or the next 9:30 after it at which things may be said.
func later(t time.Time, zone *time.Location, nation when.Nation) time.Time {
	if !quiet(t, zone, nation) {
		return t
	}
	day := when.DateOf(t.In(zone))
	for at := when.At(day, when.HM(9, 30), zone); ; at = when.At(day, when.HM(9, 30), zone) {
		if at.After(t) && working(day, nation) {
			return at.UTC()
		}
		day = day.AddDays(1)
	}
}

// workingDays returns the n-th working day after a day.
func workingDays(d when.Date, n int, nation when.Nation) when.Date {
	for n > 0 {
		if d = d.AddDays(1); working(d, nation) {
			n--
		}
	}
	return d
}

// dayBefore is the same wall time some days before a slot begins.
func dayBefore(s storage.Slot, days int) time.Time {
	return when.At(s.Day.AddDays(-days), s.Clock, s.Location()).UTC()
}
