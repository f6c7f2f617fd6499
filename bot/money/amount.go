package money

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// What the arithmetic can refuse; compare with errors.Is.
var (
	ErrOverflow = errors.New("amount out of range")
	ErrCurrency = errors.New("different currencies")
	ErrFraction = errors.New("not a fraction")
	ErrWeights  = errors.New("nothing to share by")
)

// Amount is so many minor units of a currency: {125050, "GBP"} is £1,250.50, {12000, "JPY"} is ¥12,000.
// Its JSON is {"minor_units":125050,"currency":"GBP"}.
type Amount struct {
	Minor    int64  `json:"minor_units"`
	Currency string `json:"currency"` // ISO 4217, upper case
}

// Pence returns an amount in pounds sterling.
func Pence(minor int64) Amount { return Amount{minor, "GBP"} }

// Add returns a+b, or an error wrapping [ErrCurrency] or [ErrOverflow].
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("money: %v and %v: %w", a, b, ErrCurrency)
	}
	sum, err := AddMinor(a.Minor, b.Minor)
	if err != nil {
		return Amount{}, err
	}
	return Amount{sum, a.Currency}, nil
}

// Sub returns a−b, or an error wrapping [ErrCurrency] or [ErrOverflow].
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("money: %v and %v: %w", a, b, ErrCurrency)
	}
	d := a.Minor - b.Minor
	if (a.Minor < b.Minor) != (d < 0) {
		return Amount{}, fmt.Errorf("money: %v less %v: %w", a, b, ErrOverflow)
	}
	return Amount{d, a.Currency}, nil
}

// Neg returns −a, or an error wrapping [ErrOverflow] for the one number that has no opposite.
func (a Amount) Neg() (Amount, error) {
	if a.Minor == math.MinInt64 {
		return Amount{}, fmt.Errorf("money: minus %d: %w", a.Minor, ErrOverflow)
	}
	return Amount{-a.Minor, a.Currency}, nil
}

// Times returns n·a, or an error wrapping [ErrOverflow].
func (a Amount) Times(n int64) (Amount, error) { return a.Part(n, 1) }

// Part returns a·num/den rounded once to the nearest minor unit, ties away from zero:
// Pence(1000000).Part(125, 100000) is 0.125 % of £10,000, £12.50.
func (a Amount) Part(num, den int64) (Amount, error) {
	minor, err := MulDiv(a.Minor, num, den)
	return Amount{minor, a.Currency}, err
}

// Cmp returns -1, 0 or +1 as a is less than, equal to or more than b; it returns an error wrapping [ErrCurrency] for
// amounts that cannot be compared.
func (a Amount) Cmp(b Amount) (int, error) {
	if a.Currency != b.Currency {
		return 0, fmt.Errorf("money: %v and %v: %w", a, b, ErrCurrency)
	}
	return cmp.Compare(a.Minor, b.Minor), nil
}

// Sum adds amounts that are all in currency; the sum of none is zero.
func Sum(currency string, amounts ...Amount) (Amount, error) {
	total := Amount{0, currency}
	for _, a := range amounts {
		var err error
		if total, err = total.Add(a); err != nil {
			return Amount{}, err
		}
	}
	return total, nil
}

// AddMinor returns a+b, or an error wrapping [ErrOverflow].
func AddMinor(a, b int64) (int64, error) {
	sum := a + b
	if (b < 0) != (sum < a) {
		return 0, fmt.Errorf("money: %d plus %d: %w", a, b, ErrOverflow)
	}
	return sum, nil
}
