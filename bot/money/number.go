package money

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// figure is a number as it was written, without its separators.
type figure struct {
	whole, decimals string
	unsure          bool // the separators are those of another country; this is the likely meaning
}

var (
	// usual is how numbers are written in Britain: 1250, 1250.5, .50, 1,250.50.
	usual = regexp.MustCompile(`^(\d+|[1-9]\d{0,2}(?:,\d{3})+|)(?:\.(\d+))?$`)
	// foreign is a decimal comma, or groups of three with dots, spaces or (before a decimal comma) commas.
	foreign = regexp.MustCompile(`^(?:(\d+|[1-9]\d{0,2}(?:[.,\x{a0}]\d{3})+),(\d{1,2})|([1-9]\d{0,2}(?:\.\d{3}){2,})|([1-9]\d{0,2}(?:\x{a0}\d{3})+)(?:\.(\d+))?)$`)
)

// readFigure reads a number token; ok is false if nobody writes numbers so.
func readFigure(s string) (f figure, ok bool) {
	if m := usual.FindStringSubmatch(s); m != nil {
		return figure{whole: strip(m[1]), decimals: m[2]}, true
	}
	if m := foreign.FindStringSubmatch(s); m != nil {
		return figure{whole: strip(m[1] + m[3] + m[4]), decimals: m[2] + m[5], unsure: true}, true
	}
	return figure{}, false
}

// strip leaves only the digits of s.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
}

// amount returns the figure moved places to the left and with zeros added, in the currency's minor units, or why not.
// places is how many decimals the unit has, zeros what a word such as "k" adds.
func (f figure) amount(currency string, places, zeros int) (a Amount, why string) {
	add := places + zeros - len(f.decimals)
	if add < 0 {
		return Amount{}, tooFine(currency, places)
	}
	digits := strings.TrimLeft(f.whole+f.decimals, "0")
	if digits == "" {
		return Amount{0, currency}, ""
	}
	minor, err := strconv.ParseInt(digits+strings.Repeat("0", add), 10, 64)
	if err != nil {
		return Amount{}, "That is more than I can count."
	}
	return Amount{minor, currency}, ""
}

func tooFine(currency string, places int) string {
	switch {
	case currency == "GBP" && places == 0:
		return "There is nothing smaller than a penny; please give whole pence."
	case places == 0:
		return fmt.Sprintf("There is nothing smaller than one %s; please give a whole number.", currency)
	}
	return fmt.Sprintf("That has too many decimals; %s has %d.", currency, places)
}
