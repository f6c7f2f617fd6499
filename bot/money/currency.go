package money

import "strings"

// Known reports whether code is a currency that can be read and written here; upper case counts.
func Known(code string) bool {
	_, ok := decimals[code]
	return ok
}

// Decimals returns how many decimal places the currency has: 2 for GBP, 0 for JPY. Unknown ones have 2.
func Decimals(code string) int {
	if n, ok := decimals[code]; ok {
		return n
	}
	return 2
}

// decimals are the places after the point, by ISO 4217.
var decimals = map[string]int{
	"AUD": 2, "BGN": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2,
	"HUF": 2, "INR": 2, "ISK": 0, "JPY": 0, "KES": 2, "KRW": 0, "KWD": 3, "MXN": 2, "NOK": 2, "NZD": 2, "PLN": 2,
	"RON": 2, "SEK": 2, "SGD": 2, "TRY": 2, "UAH": 2, "USD": 2, "ZAR": 2,
}

// prefixes are how an amount of the currency begins when it is written; others begin with their code and a space.
var prefixes = map[string]string{"GBP": "£", "EUR": "€", "JPY": "¥", "USD": "US$", "NZD": "NZ$", "AUD": "A$", "CAD": "CA$"}

// mark is what a word or sign beside a number says about it.
type mark struct {
	currency string // "" for a multiplier
	zeros    int    // how many zeros the multiplier adds
	minor    bool   // the number counts minor units
}

// marks are the words and signs that may stand beside a number, in lower case. A bare $ is taken for US dollars and
// ¥ for yen; a fund has one currency, so nothing is promised in either by mistake.
var marks = map[string]mark{
	"£": {currency: "GBP"}, "quid": {currency: "GBP"}, "pound": {currency: "GBP"}, "pounds": {currency: "GBP"},
	"sterling": {currency: "GBP"},
	"p":        {currency: "GBP", minor: true}, "pence": {currency: "GBP", minor: true}, "penny": {currency: "GBP", minor: true},
	"€": {currency: "EUR"}, "euro": {currency: "EUR"}, "euros": {currency: "EUR"},
	"$": {currency: "USD"}, "us$": {currency: "USD"}, "dollar": {currency: "USD"}, "dollars": {currency: "USD"},
	"nz$": {currency: "NZD"}, "a$": {currency: "AUD"}, "au$": {currency: "AUD"}, "c$": {currency: "CAD"}, "ca$": {currency: "CAD"},
	"¥": {currency: "JPY"}, "yen": {currency: "JPY"},
	"k": {zeros: 3}, "grand": {zeros: 3}, "thousand": {zeros: 3},
	"m": {zeros: 6}, "million": {zeros: 6},
}

// lookUp returns what a word beside a number means. Letters that only become k or s when their case is folded, such as
// the sign for kelvin, do not count.
func lookUp(word string) (mark, bool) {
	if strings.ContainsAny(word, "\u212a\u017f") {
		return mark{}, false
	}
	word = strings.ToLower(word)
	if m, ok := marks[word]; ok {
		return m, true
	}
	code := strings.ToUpper(word)
	return mark{currency: code}, Known(code)
}
