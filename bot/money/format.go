package money

import (
	"strconv"
	"strings"
)

// String returns the amount as it is said: "£1,250.50", "-£5.00", "¥12,000", "CHF 40.00". [Read] gives a positive
// amount back as it was.
func (a Amount) String() string {
	sign := ""
	if a.Minor < 0 {
		sign = "-"
	}
	prefix, ok := prefixes[a.Currency]
	if !ok && a.Currency != "" {
		prefix = a.Currency + " "
	}
	whole, rest := a.digits()
	return sign + prefix + group(whole) + rest
}

// Decimal returns the number alone, as files want it: "1250.50", "-5.00", "12000".
func (a Amount) Decimal() string {
	whole, rest := a.digits()
	if a.Minor < 0 {
		return "-" + whole + rest
	}
	return whole + rest
}

// Short is String without ".00": "£250", "£1,250.50".
func (a Amount) Short() string {
	s, places := a.String(), Decimals(a.Currency)
	if zeros := "." + strings.Repeat("0", places); places > 0 {
		return strings.TrimSuffix(s, zeros)
	}
	return s
}

// digits returns the digits before the decimal point, and the point with what follows it ("" if the currency has no
// decimals), without a sign.
func (a Amount) digits() (whole, rest string) {
	s, places := strconv.FormatUint(magnitude(a.Minor), 10), Decimals(a.Currency)
	if len(s) <= places {
		s = strings.Repeat("0", places+1-len(s)) + s
	}
	if places == 0 {
		return s, ""
	}
	return s[:len(s)-places], "." + s[len(s)-places:]
}

// group puts a comma before every three digits from the right.
func group(digits string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
