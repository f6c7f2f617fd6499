package when

import "time"

// Awake gives the first moment at or after t at which people may be told what
// they did not ask for: not between 20:00 and 08:00, at weekends, on bank
// holidays or from 24 December to 2 January, by the clocks of loc.
func Awake(t time.Time, loc *time.Location, nation Nation) time.Time {
	day, at := DateOf(t.In(loc)), ClockOf(t.In(loc))
	switch {
	case at >= HM(20, 0):
		day = day.AddDays(1)
	case at >= HM(8, 0) && !restDay(day, nation):
		return t
	}
	for restDay(day, nation) {
		day = day.AddDays(1)
	}
	return At(day, HM(8, 0), loc)
}

// restDay reports whether nobody is to be bothered on a day.
func restDay(d Date, nation Nation) bool {
	turn := d.Month == time.December && d.Day >= 24 || d.Month == time.January && d.Day <= 2
	return turn || !WorkingDay(d, nation)
}
