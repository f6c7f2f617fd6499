package money

import (
	"fmt"
	"strings"
)

// words is what stands beside the number, put together.
type words struct {
	currency       string // "" if none is written
	zeros          int
	minor          bool
	poundsAndPence bool // "£1.50p"
}

// wordsOf reads what stands before and after the number: at most one currency on each side, and directly after the
// number at most one multiplier.
func wordsOf(before, after []token) (w words, why string) {
	for i, t := range before {
		m, ok := lookUp(t.text)
		if !ok || i > 0 || m.zeros > 0 || m.minor {
			return words{}, unread(t)
		}
		w.currency = m.currency
	}
	currencies := 0
	for i, t := range after {
		m, ok := lookUp(t.text)
		switch {
		case i > 0 && strings.ToLower(t.text) == "sterling" && strings.HasPrefix(strings.ToLower(after[i-1].text), "pound"):
			continue
		case !ok:
			return words{}, unread(t)
		case m.zeros > 0 && i == 0:
			w.zeros = m.zeros
			continue
		case m.zeros > 0 || currencies > 0 || m.minor && w.zeros > 0:
			return words{}, unread(t)
		case w.currency != "" && w.currency != m.currency:
			return words{}, fmt.Sprintf("I see two currencies, %s and %s; please give one.", w.currency, m.currency)
		}
		currencies++
		w.poundsAndPence = m.minor && w.currency != ""
		w.currency, w.minor = m.currency, m.minor
	}
	return w, ""
}

func unread(t token) string {
	return fmt.Sprintf("I do not understand %q there; please give only the amount.", t.text)
}

// read puts the number and the words together.
func (w words) read(f figure, currency string) Reading {
	bare := w.currency == ""
	if !bare {
		currency = w.currency
	}
	if w.poundsAndPence {
		return poundsOrPence(f)
	}
	places := Decimals(currency)
	if w.minor {
		places = 0
	}
	a, why := f.amount(currency, places, w.zeros)
	switch {
	case why != "":
		return Reading{Why: why}
	case f.unsure:
		return Reading{Ask: fmt.Sprintf("Do you mean %v? Please write it so, or with three digits after each comma.", a), Offers: []Amount{a}, Bare: bare}
	}
	return Reading{Amount: a, Bare: bare}
}

// poundsOrPence asks about "£1.50p" and "£50p".
func poundsOrPence(f figure) Reading {
	pounds, why := f.amount("GBP", 2, 0)
	if why != "" {
		return Reading{Why: why}
	}
	pence, why := f.amount("GBP", 0, 0)
	if why != "" {
		return Reading{Ask: fmt.Sprintf("Do you mean %v?", pounds), Offers: []Amount{pounds}}
	}
	return Reading{Ask: fmt.Sprintf("Pounds or pence: %v or %v?", pounds, pence), Offers: []Amount{pounds, pence}}
}
