package contribution

import (
	"regexp"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

// money reads whole pence, or under a plain name an amount as people write it.
func (in Input) money(name, text string, exact bool) (n int64, err error) {
	if exact {
		n, err = whole(name, text)
	} else {
		n, err = spoken(name, text, in.Currency)
	}
	switch {
	case err != nil && exact && in.need() != name && money.ReadSigned(text, "GBP").OK():
		return 0, refuse("%s is whole pence; for an amount write %s=%s", name, in.need(), clip(text))
	case err == nil && n < 0 && in.Kind != Signed:
		return 0, refuse("%s cannot be below zero", name)
	}
	return n, err
}

// spoken reads an amount in the model's currency, pounds unless it says another.
func spoken(name, text, currency string) (int64, error) {
	if currency == "" {
		currency = "GBP"
	}
	switch r := money.ReadSigned(text, currency); {
	case r.Ask != "":
		return 0, refuse("%s: %s", name, r.Ask)
	case r.Why != "":
		return 0, refuse("%s: %s", name, r.Why)
	case r.Amount.Currency != currency:
		return 0, refuse("%s should be in %s, not %s", name, currency, r.Amount.Currency)
	default:
		return r.Amount.Minor, nil
	}
}

var (
	integers = regexp.MustCompile(`^-?[0-9]{1,30}$`)
	decimals = regexp.MustCompile(`^([0-9]{1,15})(?:\.([0-9]{1,2}))?$`)
)

// whole reads an integer written in plain digits.
func whole(name, text string) (int64, error) {
	if !integers.MatchString(text) {
		return 0, refuse("%s is a whole number in plain digits, not %q", name, clip(text))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, tooLarge
	}
	return n, nil
}

func count(name, text string) (int64, error) {
	n, err := whole(name, text)
	if err == nil && n < 0 {
		err = refuse("%s cannot be below zero", name)
	}
	return n, err
}

// decimal reads a number with up to two decimals as hundredths.
func decimal(name, text string) (int64, error) {
	m := decimals.FindStringSubmatch(text)
	switch {
	case m == nil && strings.HasPrefix(text, "-"):
		return 0, refuse("%s cannot be below zero", name)
	case m == nil:
		return 0, refuse("%s is a number with at most two decimals, not %q", name, clip(text))
	}
	return strconv.ParseInt(m[1]+(m[2] + "00")[:2], 10, 64)
}

func flag(name, text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "yes":
		return true, nil
	case "false", "no":
		return false, nil
	}
	return false, refuse("%s is true or false, not %q", name, clip(text))
}
