package money

import (
	"fmt"
	"slices"
	"strings"
)

// Reading is how a text was understood: an amount, a question (Ask) or a refusal (Why). Exactly one of the three.
type Reading struct {
	Amount Amount   // what was read; zero if there is a question or a refusal
	Bare   bool     // no currency was written; it is the default one
	Ask    string   // what to ask, a sentence
	Offers []Amount // with Ask: what may have been meant, likeliest first
	Why    string   // why it was refused, a sentence
}

// OK reports whether there is an amount.
func (r Reading) OK() bool { return r.Ask == "" && r.Why == "" }

// Read reads the whole text as one positive amount: "£1,250.50", "300 quid", "£2k", "EUR 40", "50p". A number without
// a currency is in the given one (ISO 4217, upper case) and Bare is set.
func Read(text, currency string) Reading {
	r := read(text, currency, false)
	if r.OK() && r.Amount.Minor == 0 || len(r.Offers) > 0 && r.Offers[0].Minor == 0 {
		return Reading{Why: "That is nothing at all; please give an amount above zero."}
	}
	return r
}

// ReadSigned is [Read] for sums that may be zero or below it, such as a profit: "-£30k", "£-5", "0".
func ReadSigned(text, currency string) Reading { return read(text, currency, true) }

func read(text, currency string, signed bool) Reading {
	if !Known(currency) {
		return refuse("I do not know the currency %q.", currency)
	}
	s, why := plain(text)
	if why != "" {
		return Reading{Why: why}
	}
	ts, negative := tokens(s), false
	if signed {
		ts, negative = unsign(ts)
	}
	before, number, after, why := cut(ts)
	if why != "" {
		return Reading{Why: why}
	}
	f, ok := readFigure(number)
	if !ok {
		return refuse("I cannot read %q as a number; a comma has three digits after it, and a point one or two.", number)
	}
	w, why := wordsOf(before, after)
	if why != "" {
		return Reading{Why: why}
	}
	r := w.read(f, currency)
	if negative {
		return r.opposite()
	}
	return r
}

// opposite is the reading of the same text with a minus before it.
func (r Reading) opposite() Reading {
	r.Amount.Minor = -r.Amount.Minor
	for i, o := range r.Offers {
		r.Offers[i].Minor = -o.Minor
		r.Ask = strings.Replace(r.Ask, o.String(), r.Offers[i].String(), 1)
	}
	return r
}

func refuse(format string, args ...any) Reading { return Reading{Why: fmt.Sprintf(format, args...)} }

const minuses = "-−–—‐‑"

// unsign takes away a minus that begins ts, or follows a currency that begins it.
func unsign(ts []token) (rest []token, negative bool) {
	for i := range min(2, len(ts)) {
		if strings.Contains(minuses, ts[i].text) {
			return slices.Delete(slices.Clone(ts), i, i+1), true
		}
		if _, ok := lookUp(ts[i].text); !ok {
			break
		}
	}
	return ts, false
}

// cut finds the only number among ts.
func cut(ts []token) (before []token, number string, after []token, why string) {
	isNumber := func(t token) bool { return t.number }
	i := slices.IndexFunc(ts, isNumber)
	if i < 0 {
		return nil, "", nil, "I see no amount; try something like £250 or £1,250.50."
	}
	before, after = ts[:i], ts[i+1:]
	for _, t := range before {
		if strings.Contains(minuses+"(", t.text) {
			return nil, "", nil, "An amount cannot be below zero."
		}
	}
	if j := slices.IndexFunc(after, isNumber); j >= 0 {
		return nil, "", nil, whyTwo(ts[i], after[:j], after[j])
	}
	return before, ts[i].text, after, ""
}

// whyTwo says what is wrong with a second number.
func whyTwo(first token, between []token, second token) string {
	if len(between) == 1 {
		switch strings.ToLower(between[0].text) {
		case "e":
			return fmt.Sprintf("Please write the number out, not as %se%s.", first.text, second.text)
		case "x":
			return "Please write an ordinary number."
		}
	}
	if len(between) == 0 {
		return "I see two numbers; please give one amount, with commas and no spaces inside: £1,250."
	}
	return "I see two amounts; please give one."
}
