package contribution

import "git.coop/cotech/wortley/bot/money"

var tooLarge = refuse("those numbers are too large to count")

// reckoner does sums and remembers the first that went wrong, so that formulas read as formulas.
type reckoner struct{ err error }

func (r *reckoner) keep(n int64, err error) int64 {
	if err != nil && r.err == nil {
		r.err = tooLarge
	}
	return n
}

// times multiplies whole numbers.
func (r *reckoner) times(a int64, more ...int64) int64 {
	for _, b := range more {
		a = r.keep(money.MulDiv(a, b, 1))
	}
	return a
}

// of takes a fraction of n, rounded once.
func (r *reckoner) of(n int64, f Fraction) int64 { return r.keep(money.MulDiv(n, f.Num, f.Den)) }

// plus adds.
func (r *reckoner) plus(a ...int64) (sum int64) {
	for _, b := range a {
		sum = r.keep(money.AddMinor(sum, b))
	}
	return sum
}
