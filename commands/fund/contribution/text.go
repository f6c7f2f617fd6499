package contribution

import (
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

// Total says the total: "£468.00", "£156.00 and 24 h", "156 h", "¥12,000".
func (r Result) Total() string {
	switch {
	case !r.HasTime:
		return r.Amount().String()
	case r.Minor == 0:
		return duration(r.Minutes)
	case r.Minutes == 0:
		return r.Amount().String()
	}
	return r.Amount().String() + " and " + duration(r.Minutes)
}

// Text says everything about the result, a line each: the total with its parts, formula, rounding, standing, source
// and notes.
func (r Result) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Name, r.Total())
	if len(r.Parts) > 0 {
		var parts []string
		for _, p := range r.Parts {
			parts = append(parts, p.Name+" "+money.Amount{Minor: p.Minor, Currency: r.Currency}.String())
		}
		fmt.Fprintf(&b, " (%s)", strings.Join(parts, ", "))
	} else if len(r.Shares) > 0 {
		fmt.Fprintf(&b, " (%s)", r.shares())
	}
	fmt.Fprintf(&b, "\nFormula: %s\nRounding: %s\nStanding: %s\nSource: %s\n", r.Formula, r.Rounding, r.Standing, r.Source)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "Note: %s\n", n)
	}
	return b.String()
}

// shares says equal shares together: "1 of £3,333.34, 2 of £3,333.33".
func (r Result) shares() string {
	var out []string
	for i := 0; i < len(r.Shares); {
		n := i
		for n < len(r.Shares) && r.Shares[n] == r.Shares[i] {
			n++
		}
		out = append(out, fmt.Sprintf("%d of %v", n-i, money.Amount{Minor: r.Shares[i], Currency: r.Currency}))
		i = n
	}
	return strings.Join(out, ", ")
}

func duration(minutes int64) string {
	if minutes%60 == 0 {
		return fmt.Sprintf("%d h", minutes/60)
	}
	return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
