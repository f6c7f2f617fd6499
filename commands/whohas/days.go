package whohas

import (
	"strings"
	"time"

	"git.coop/cotech/wortley/bot/when"
)

// readDay reads the plain days and months that people give their capacity
// with: "now", "March", "6 Jan", "6 January 2026", "2026-01-06", "next month",
// "Monday". A month or day without a year is the next one.
func readDay(s string, today when.Date) (when.Date, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(strings.Trim(s, " .")), " "))
	switch strings.TrimPrefix(s, "the ") {
	case "now", "today", "immediately", "straight away":
		return today, true
	case "tomorrow":
		return today.AddDays(1), true
	case "next week":
		return today.Monday().AddDays(7), true
	case "next month":
		return today.EndOfMonth().AddDays(1), true
	}
	for _, form := range []string{"2006-01-02", "2 January 2006", "2 Jan 2006", "January 2006", "Jan 2006"} {
		if t, err := time.Parse(form, title(s)); err == nil {
			return when.DateOf(t), true
		}
	}
	for _, form := range []string{"2 January", "2 Jan", "January 2", "Jan 2", "January", "Jan"} {
		if t, err := time.Parse(form, title(s)); err == nil {
			d := when.DateOf(t)
			d.Year = today.Year
			if d.Month == today.Month && (form == "January" || form == "Jan") {
				return today, true
			}
			if d.Before(today) {
				d.Year++
			}
			return d, d.Valid()
		}
	}
	for w := time.Sunday; w <= time.Saturday; w++ {
		if name := strings.ToLower(w.String()); s == name || s == name[:3] || s == "next "+name {
			return today.AddDays(1 + (int(w)-int(today.Weekday())+6)%7), true
		}
	}
	return when.Date{}, false
}

// title writes "6th jan" as time.Parse wants it: "6 Jan".
func title(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			for _, end := range []string{"st", "nd", "rd", "th"} {
				w = strings.TrimSuffix(w, end)
			}
		}
		if w == "sept" {
			w = "sep"
		}
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
