package money

import (
	"fmt"
	"math"
	"slices"
)

// Share divides a among weights so that the parts add up to a exactly: every part is rounded towards zero, then the
// units left over go to the largest fractions, ties to the earlier position (largest remainder). The same call always
// gives the same parts. A negative weight, no weights or only zeros are an error wrapping [ErrWeights].
func (a Amount) Share(weights []int64) ([]Amount, error) {
	whole, err := totalWeight(weights)
	if err != nil {
		return nil, err
	}
	parts, rests := make([]Amount, len(weights)), make([]uint64, len(weights))
	left := magnitude(a.Minor)
	for i, w := range weights {
		quo, rem, err := divide(a.Minor, w, whole)
		if err != nil {
			return nil, err
		}
		minor, err := signed(quo, a.Minor < 0, a.Minor, w, whole)
		if err != nil {
			return nil, err
		}
		parts[i], rests[i] = Amount{minor, a.Currency}, rem
		left -= quo
	}
	for _, i := range largest(rests)[:left] {
		if a.Minor < 0 {
			parts[i].Minor--
		} else {
			parts[i].Minor++
		}
	}
	return parts, nil
}

// Split divides a into n parts that differ by at most one unit; the earlier parts are the larger.
func (a Amount) Split(n int) ([]Amount, error) {
	weights := make([]int64, max(n, 0))
	for i := range weights {
		weights[i] = 1
	}
	return a.Share(weights)
}

func totalWeight(weights []int64) (int64, error) {
	var whole int64
	for _, w := range weights {
		if w < 0 {
			return 0, fmt.Errorf("money: weight %d: %w", w, ErrWeights)
		}
		if whole > math.MaxInt64-w {
			return 0, fmt.Errorf("money: adding weights: %w", ErrOverflow)
		}
		whole += w
	}
	if whole == 0 {
		return 0, fmt.Errorf("money: %d weights: %w", len(weights), ErrWeights)
	}
	return whole, nil
}

// largest returns the positions of rests, largest first, equal ones in order.
func largest(rests []uint64) []int {
	order := make([]int, len(rests))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case rests[i] > rests[j]:
			return -1
		case rests[i] < rests[j]:
			return 1
		}
		return 0
	})
	return order
}
