package money

import (
	"fmt"
	"math"
	"math/bits"
)

// MulDiv returns n·num/den rounded once to the nearest integer, ties away from zero. The product is kept in 128 bits,
// so only a result that does not fit is an error (wrapping [ErrOverflow]); a zero den wraps [ErrFraction].
func MulDiv(n, num, den int64) (int64, error) {
	quo, rem, err := divide(n, num, den)
	if err != nil {
		return 0, err
	}
	if d := magnitude(den); rem >= d-rem {
		quo++
	}
	return signed(quo, (n < 0) != (num < 0) != (den < 0), n, num, den)
}

// divide returns |n·num| divided by |den|, rounded down, and what is left over.
func divide(n, num, den int64) (quo, rem uint64, err error) {
	if den == 0 {
		return 0, 0, fmt.Errorf("money: %d times %d/0: %w", n, num, ErrFraction)
	}
	d := magnitude(den)
	hi, lo := bits.Mul64(magnitude(n), magnitude(num))
	if hi >= d {
		return 0, 0, fmt.Errorf("money: %d times %d/%d: %w", n, num, den, ErrOverflow)
	}
	quo, rem = bits.Div64(hi, lo, d)
	if quo > 1<<63 {
		return 0, 0, fmt.Errorf("money: %d times %d/%d: %w", n, num, den, ErrOverflow)
	}
	return quo, rem, nil
}

// signed gives the quotient its sign back.
func signed(quo uint64, negative bool, n, num, den int64) (int64, error) {
	switch {
	case negative && quo <= 1<<63:
		return int64(-quo), nil
	case quo <= math.MaxInt64:
		return int64(quo), nil
	}
	return 0, fmt.Errorf("money: %d times %d/%d: %w", n, num, den, ErrOverflow)
}

// magnitude returns |n|, which always fits an unsigned integer.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
