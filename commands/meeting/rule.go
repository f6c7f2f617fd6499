package meeting

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot/when"
)

// sayRule says a rule as people would, and so that it can be read again:
// "last Wednesday of the month except August and December".
func sayRule(r when.Rule) string {
	var t strings.Builder
	n := max(1, r.Interval)
	switch r.Every {
	case when.Daily:
		t.WriteString(every(n, "day"))
	case when.Weekly:
		t.WriteString(weekly(n, r.Days))
	case when.Monthly:
		t.WriteString(monthly(n, r))
	default:
		t.WriteString(yearly(n, r))
	}
	if r.Every != when.Yearly && len(r.Months) > 0 {
		t.WriteString(months(r.Months))
	}
	if !r.Until.IsZero() {
		t.WriteString(" until " + r.Until.In(when.London).Format("2 January 2006"))
	}
	if r.Count > 0 {
		fmt.Fprintf(&t, ", %d times", r.Count)
	}
	return t.String()
}

func every(n int, unit string) string {
	switch n {
	case 1:
		return "every " + unit
	case 2:
		return "every other " + unit
	}
	return fmt.Sprintf("every %d %ss", n, unit)
}

func weekly(n int, days []when.Nth) string {
	names := dayNames(days)
	if len(names) == 0 {
		return every(n, "week")
	}
	if n == 1 {
		return "every " + list(names)
	}
	return every(n, "week") + " on " + list(names)
}

func dayNames(days []when.Nth) []string {
	var names []string
	for _, d := range days {
		names = append(names, d.Day.String())
	}
	return names
}

func monthly(n int, r when.Rule) string {
	of := " of the month"
	if n == 2 {
		of = " of every other month"
	} else if n > 2 {
		of = fmt.Sprintf(" of every %d months", n)
	}
	var which []string
	for _, d := range r.Days {
		if d.N == 0 {
			continue
		}
		which = append(which, nth(d.N)+" "+d.Day.String())
	}
	for _, d := range r.MonthDays {
		if d < 0 {
			which = append(which, nth(d)+" day")
			continue
		}
		which = append(which, nth(d))
	}
	if len(r.SetPos) > 0 {
		which = append(which, nth(r.SetPos[0])+" working day")
	}
	if len(which) == 0 {
		return every(n, "month")
	}
	return list(which) + of
}

func yearly(n int, r when.Rule) string {
	text := every(n, "year")
	var on []string
	for _, m := range r.Months {
		for _, d := range r.MonthDays {
			on = append(on, fmt.Sprintf("%d %s", d, m))
		}
		for _, d := range r.Days {
			on = append(on, fmt.Sprintf("the %s %s of %s", nth(d.N), d.Day, m))
		}
	}
	if len(on) > 0 {
		text += " on " + list(on)
	}
	return text
}

// months says in which months, or in which not, whichever are fewer.
func months(in []time.Month) string {
	var out, names []string
	for m := time.January; m <= time.December; m++ {
		if slices.Contains(in, m) {
			names = append(names, m.String())
		} else {
			out = append(out, m.String())
		}
	}
	if len(out) < len(names) {
		return " except " + list(out)
	}
	return " in " + list(names)
}

func nth(n int) string {
	switch n {
	case -1:
		return "last"
	case 1, 21, 31:
		return itoa(n) + "st"
	case 2, 22:
		return itoa(n) + "nd"
	case 3, 23:
		return itoa(n) + "rd"
	}
	if n < 0 {
		return nth(-n) + " last"
	}
	return itoa(n) + "th"
}
