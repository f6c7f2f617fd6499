package money

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestString(t *testing.T) {
	for _, tt := range []struct {
		in                   Amount
		want, short, decimal string
	}{
		{Pence(125050), "£1,250.50", "£1,250.50", "1250.50"}, {Pence(25000), "£250.00", "£250", "250.00"},
		{Pence(0), "£0.00", "£0", "0.00"}, {Pence(-5), "-£0.05", "-£0.05", "-0.05"}, {Pence(-100000), "-£1,000.00", "-£1,000", "-1000.00"},
		{Amount{12000, "JPY"}, "¥12,000", "¥12,000", "12000"}, {Amount{4000, "CHF"}, "CHF 40.00", "CHF 40", "40.00"},
		{Amount{1125, "KWD"}, "KWD 1.125", "KWD 1.125", "1.125"}, {Amount{7, ""}, "0.07", "0.07", "0.07"},
		{Pence(math.MinInt64), "-£92,233,720,368,547,758.08", "-£92,233,720,368,547,758.08", "-92233720368547758.08"},
	} {
		if got := tt.in.String(); got != tt.want {
			t.Errorf("String(%d %s) = %s, want %s", tt.in.Minor, tt.in.Currency, got, tt.want)
		}
		if got := tt.in.Short(); got != tt.short {
			t.Errorf("Short(%d %s) = %s, want %s", tt.in.Minor, tt.in.Currency, got, tt.short)
		}
		if got := tt.in.Decimal(); got != tt.decimal {
			t.Errorf("Decimal(%d %s) = %s, want %s", tt.in.Minor, tt.in.Currency, got, tt.decimal)
		}
	}
}

func TestMulDiv(t *testing.T) {
	for _, tt := range []struct{ n, num, den, want int64 }{
		{1, 1, 2, 1}, {-1, 1, 2, -1}, {1, -1, 2, -1}, {1, 1, -2, -1}, {-1, -1, 2, 1}, {1, 1, 3, 0}, {2, 1, 3, 1}, {5, 1, 2, 3},
		{50000000, 125, 100000, 62500}, {100, 28, 72, 39}, {0, 7, 3, 0}, {7, 0, 3, 0},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64}, {math.MinInt64, 1, 1, math.MinInt64}, {math.MinInt64, math.MinInt64, math.MinInt64, math.MinInt64},
	} {
		if got, err := MulDiv(tt.n, tt.num, tt.den); err != nil || got != tt.want {
			t.Errorf("MulDiv(%d, %d, %d) = %d, %v, want %d", tt.n, tt.num, tt.den, got, err, tt.want)
		}
	}
}

func TestArithmeticRefuses(t *testing.T) {
	most, least := Pence(math.MaxInt64), Pence(math.MinInt64)
	for name, tt := range map[string]struct {
		run  func() (Amount, error)
		want error
	}{
		"add over":        {func() (Amount, error) { return most.Add(Pence(1)) }, ErrOverflow},
		"add under":       {func() (Amount, error) { return least.Add(Pence(-1)) }, ErrOverflow},
		"sub over":        {func() (Amount, error) { return Pence(0).Sub(least) }, ErrOverflow},
		"sub under":       {func() (Amount, error) { return least.Sub(Pence(1)) }, ErrOverflow},
		"neg":             {least.Neg, ErrOverflow},
		"times":           {func() (Amount, error) { return most.Times(2) }, ErrOverflow},
		"minus the least": {func() (Amount, error) { return least.Times(-1) }, ErrOverflow},
		"part":            {func() (Amount, error) { return most.Part(3, 2) }, ErrOverflow},
		"by nothing":      {func() (Amount, error) { return Pence(1).Part(1, 0) }, ErrFraction},
		"mixed":           {func() (Amount, error) { return Pence(1).Add(Amount{1, "EUR"}) }, ErrCurrency},
		"mixed sub":       {func() (Amount, error) { return Pence(1).Sub(Amount{1, "EUR"}) }, ErrCurrency},
		"mixed sum":       {func() (Amount, error) { return Sum("GBP", Pence(1), Amount{1, "EUR"}) }, ErrCurrency},
		"long sum":        {func() (Amount, error) { return Sum("GBP", most, Pence(1)) }, ErrOverflow},
	} {
		if got, err := tt.run(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, tt.want)
		}
	}
	if _, err := Pence(1).Cmp(Amount{1, "EUR"}); !errors.Is(err, ErrCurrency) {
		t.Errorf("comparing pounds and euros: %v", err)
	}
	for _, weights := range [][]int64{nil, {}, {0, 0}, {3, -1}} {
		if got, err := Pence(1).Share(weights); !errors.Is(err, ErrWeights) {
			t.Errorf("sharing by %v: %v, %v", weights, got, err)
		}
	}
	if _, err := Pence(1).Share([]int64{math.MaxInt64, 1}); !errors.Is(err, ErrOverflow) {
		t.Errorf("sharing by too much weight: %v", err)
	}
}

// TestAgainstBig compares with arithmetic that cannot overflow.
func TestAgainstBig(t *testing.T) {
	fits := func(x *big.Int) bool { return x.IsInt64() }
	same := func(t *rapid.T, what string, got Amount, err error, want *big.Int) {
		if fits(want) != (err == nil) || err == nil && got.Minor != want.Int64() {
			t.Fatalf("%s = %v, %v, want %v", what, got.Minor, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		edge := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64}))
		a, b, den := edge.Draw(t, "a"), edge.Draw(t, "b"), edge.Draw(t, "den")
		x, y := big.NewInt(a), big.NewInt(b)
		sum, err := Pence(a).Add(Pence(b))
		same(t, "sum", sum, err, new(big.Int).Add(x, y))
		dif, err := Pence(a).Sub(Pence(b))
		same(t, "difference", dif, err, new(big.Int).Sub(x, y))
		if den == 0 {
			return
		}
		part, err := Pence(a).Part(b, den)
		same(t, "part", part, err, nearest(new(big.Int).Mul(x, y), big.NewInt(den)))
	})
}

// nearest rounds n/den by adding half and cutting, on absolute values.
func nearest(n, den *big.Int) *big.Int {
	negative := n.Sign()*den.Sign() < 0
	n, den = new(big.Int).Abs(n), new(big.Int).Abs(den)
	n.Lsh(n, 1).Add(n, den).Quo(n, new(big.Int).Lsh(den, 1))
	if negative {
		n.Neg(n)
	}
	return n
}

func TestShare(t *testing.T) {
	for _, tt := range []struct {
		minor   int64
		weights []int64
		want    []int64
	}{
		{1000000, []int64{1, 1, 1}, []int64{333334, 333333, 333333}}, {-100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{100, []int64{3, 2, 2}, []int64{43, 29, 28}}, {1, []int64{0, 1, 1}, []int64{0, 1, 0}}, {0, []int64{5}, []int64{0}},
		{10, []int64{0, 0, 7}, []int64{0, 0, 10}}, {math.MinInt64, []int64{1, 1}, []int64{math.MinInt64 / 2, math.MinInt64 / 2}},
		{math.MinInt64, []int64{1}, []int64{math.MinInt64}},
	} {
		got, err := Pence(tt.minor).Share(tt.weights)
		if err != nil || len(got) != len(tt.want) {
			t.Errorf("Share(%d, %v) = %v, %v", tt.minor, tt.weights, got, err)
			continue
		}
		for i := range got {
			if got[i].Minor != tt.want[i] {
				t.Errorf("Share(%d, %v)[%d] = %d, want %d", tt.minor, tt.weights, i, got[i].Minor, tt.want[i])
			}
		}
	}
	if got, err := Pence(5).Split(-1); err == nil {
		t.Errorf("splitting among minus one gives %v", got)
	}
}

func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Amount{rapid.Int64().Draw(t, "minor"), "GBP"}
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<50), 1, 12).Draw(t, "weights")
		weights[0]++
		parts, err := a.Share(weights)
		if err != nil {
			t.Fatal(err)
		}
		total, err := Sum("GBP", parts...)
		if err != nil || total != a {
			t.Fatalf("%v shared by %v gives %v, together %v (%v)", a, weights, parts, total, err)
		}
		whole, _ := totalWeight(weights)
		for i, p := range parts {
			// |part·whole − a·weight| < whole: less than one unit from the exact share.
			off := new(big.Int).Mul(big.NewInt(p.Minor), big.NewInt(whole))
			off.Sub(off, new(big.Int).Mul(big.NewInt(a.Minor), big.NewInt(weights[i])))
			if off.CmpAbs(big.NewInt(whole)) >= 0 {
				t.Fatalf("part %d of %v by %v is %v", i, a, weights, p)
			}
		}
	})
}

func BenchmarkPart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Pence(50000000).Part(125, 100000); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkString(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if Pence(125050).String() == "" {
			b.Fatal("nothing")
		}
	}
}
