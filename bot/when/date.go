package when

import (
	"fmt"
	"time"
)

// A Date is a day of the Gregorian calendar without a zone. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf gives the day that t shows in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-03-05".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return Date{}, fmt.Errorf("when: date %q: %w", s, err)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is no day at all.
func (d Date) IsZero() bool { return d == Date{} }

// Valid reports whether the calendar has such a day.
func (d Date) Valid() bool {
	return d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= monthDays(d.Year, d.Month)
}

// utc is midnight of d in UTC, where all days are 24 hours long.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// number counts days since 1 January 1970.
func (d Date) number() int {
	s := d.utc().Unix()
	if s < 0 {
		s -= 86399
	}
	return int(s / 86400)
}

// AddDays gives the day n days later; n may be negative.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// AddMonths gives the same day n months later, or the last day of a month that is too short.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	y, m, _ := first.Date()
	return Date{y, m, min(d.Day, monthDays(y, m))}
}

// DaysTo counts the days from d to e; it is negative if e comes first.
func (d Date) DaysTo(e Date) int { return e.number() - d.number() }

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Before reports whether d comes before e.
func (d Date) Before(e Date) bool { return d.compare(e) < 0 }

// After reports whether d comes after e.
func (d Date) After(e Date) bool { return d.compare(e) > 0 }

func (d Date) compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return d.Year - e.Year
	case d.Month != e.Month:
		return int(d.Month - e.Month)
	}
	return d.Day - e.Day
}

// String gives "2026-03-05", and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText implements [encoding.TextMarshaler].
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; the empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// Monday gives the first day of d's week; weeks run Monday to Sunday.
func (d Date) Monday() Date { return d.AddDays(-((int(d.Weekday()) + 6) % 7)) }

// EndOfMonth gives the last day of d's month.
func (d Date) EndOfMonth() Date { return Date{d.Year, d.Month, monthDays(d.Year, d.Month)} }

// next gives the first w after d.
func (d Date) next(w time.Weekday) Date { return d.AddDays((int(w)-int(d.Weekday())+6)%7 + 1) }

// in gives the w of d's Monday-to-Sunday week.
func (d Date) in(w time.Weekday) Date { return d.Monday().AddDays((int(w) + 6) % 7) }

// nearest gives the w closest to d.
func (d Date) nearest(w time.Weekday) Date { return d.AddDays(-4).next(w) }

// NthWeekday gives the n-th w of a month; n is negative to count from its end (-1 is the last). It reports false where
// there is none, as for a fifth Thursday.
func NthWeekday(year int, month time.Month, w time.Weekday, n int) (Date, bool) {
	var d Date
	if n > 0 {
		d = Date{year, month, 1}.AddDays(-1).next(w).AddDays(7 * (n - 1))
	} else {
		d = Date{year, month, monthDays(year, month)}.AddDays(-7).next(w).AddDays(7 * (n + 1))
	}
	return d, n != 0 && d.Year == year && d.Month == month
}

func monthDays(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// A Clock is a wall time in minutes after midnight; 24:00 ends a day.
type Clock int

// HM makes a Clock of hours and minutes.
func HM(hour, minute int) Clock { return Clock(hour*60 + minute) }

// ClockOf gives the wall time that t shows in its own zone.
func ClockOf(t time.Time) Clock { return HM(t.Hour(), t.Minute()) }

// String gives "14:05".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText implements [encoding.TextMarshaler].
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Clock) UnmarshalText(text []byte) error {
	var h, m int
	if _, err := fmt.Sscanf(string(text), "%d:%d", &h, &m); err != nil {
		return fmt.Errorf("when: clock %q: %w", text, err)
	}
	*c = HM(h, m)
	return nil
}
