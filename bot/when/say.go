package when

import (
	"fmt"
	"strings"
	"time"
)

// Say gives a moment in full with its zone: "Thursday 16 January 2025, 14:00 GMT". The zone nil is London.
func Say(t time.Time, zone *time.Location) string {
	t = in(t, zone)
	return t.Format("Monday 2 January 2006, 15:04 ") + zoneAbbreviation(t)
}

// SayShort gives a moment for lists: "Thu 16 Jan 14:00", with the year where it is not that of now.
func SayShort(t, now time.Time, zone *time.Location) string {
	t = in(t, zone)
	if t.Year() != in(now, zone).Year() {
		return t.Format("Mon 2 Jan 2006 15:04")
	}
	return t.Format("Mon 2 Jan 15:04")
}

// SaySpan gives a start and an end: "Thu 16 Jan 2025, 14:00–15:30 (UK time)". An end on another day is named with its
// day; a zero end is left out.
func SaySpan(start, end time.Time, zone *time.Location) string {
	start = in(start, zone)
	text := start.Format("Mon 2 Jan 2006, 15:04")
	if !end.IsZero() && !end.Equal(start) {
		end = in(end, zone)
		text += "–"
		if DateOf(end) != DateOf(start) {
			text += end.Format("Mon 2 Jan, ")
		}
		text += end.Format("15:04")
	}
	return text + " (" + ZoneLabel(start) + ")"
}

// ZoneLabel names the zone of t for people: "UK time", "GMT" for UTC, else the city or the abbreviation.
func ZoneLabel(t time.Time) string {
	switch name := t.Location().String(); {
	case name == "Europe/London" || name == "GB":
		return "UK time"
	case strings.Contains(name, "/"):
		city := name[strings.LastIndexByte(name, '/')+1:]
		return strings.ReplaceAll(city, "_", " ") + " time"
	}
	return zoneAbbreviation(t)
}

// zoneAbbreviation is GMT, BST, CET; or the offset where the zone has no letters of its own.
func zoneAbbreviation(t time.Time) string {
	name, _ := t.Zone()
	if name == "" || name[0] == '+' || name[0] == '-' {
		return t.Format("UTC-07:00")
	}
	return name
}

// SayDate gives a day in full: "Thursday 16 January 2025".
func SayDate(d Date) string { return d.utc().Format("Monday 2 January 2006") }

// SayDateShort gives a day for lists: "Thu 16 Jan", with the year where it is not that of today.
func SayDateShort(d, today Date) string {
	if d.Year != today.Year {
		return d.utc().Format("Mon 2 Jan 2006")
	}
	return d.utc().Format("Mon 2 Jan")
}

// Relative says how far a moment is from now: "now", "in 20 minutes", "in 3 hours", "tomorrow", "in 3 days", "2 weeks
// ago". From a day on it counts days of the calendar.
func Relative(t, now time.Time, zone *time.Location) string {
	gap := t.Sub(now).Round(time.Minute)
	size := gap.Abs()
	days := DateOf(in(now, zone)).DaysTo(DateOf(in(t, zone)))
	switch {
	case size < time.Minute:
		return "now"
	case size < time.Hour:
		return ahead(int(gap/time.Minute), "minute")
	case days == 0 || size < 6*time.Hour:
		return ahead(int(gap.Round(time.Hour)/time.Hour), "hour")
	}
	return RelativeDays(days)
}

// RelativeDays says how far a day is from today: "today", "tomorrow", "yesterday", "in 3 days", "in 2 weeks", "5 months
// ago". Weeks are named from 14 days on where they are whole, months from 60 days on, about.
func RelativeDays(days int) string {
	switch size := max(days, -days); {
	case days == 0:
		return "today"
	case days == 1:
		return "tomorrow"
	case days == -1:
		return "yesterday"
	case size >= 730:
		return ahead(days/365, "year")
	case size >= 60:
		return ahead((days*2+sign(days)*30)/61, "month")
	case size >= 14 && size%7 == 0:
		return ahead(days/7, "week")
	}
	return ahead(days, "day")
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

func ahead(n int, unit string) string {
	size := max(n, -n)
	if size != 1 {
		unit += "s"
	}
	if n < 0 {
		return fmt.Sprintf("%d %s ago", size, unit)
	}
	return fmt.Sprintf("in %d %s", size, unit)
}

// SayMinutes gives a length: "45 minutes", "an hour", "1 hour 30 minutes", "2 hours".
func SayMinutes(minutes int) string {
	hours, rest := minutes/60, minutes%60
	plural := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return fmt.Sprintf("%d %ss", n, unit)
	}
	switch {
	case minutes == 60:
		return "an hour"
	case hours == 0:
		return plural(rest, "minute")
	case rest == 0:
		return plural(hours, "hour")
	}
	return plural(hours, "hour") + " " + plural(rest, "minute")
}

func in(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = London
	}
	return t.In(zone)
}
