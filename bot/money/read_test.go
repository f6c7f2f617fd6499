package money

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Amount
	}{
		{"£1,250.50", Pence(125050)}, {"1,250.50", Pence(125050)}, {"1250.50", Pence(125050)}, {"£1250.5", Pence(125050)},
		{"300 quid", Pence(30000)}, {"300quid", Pence(30000)}, {"£300 quid", Pence(30000)}, {"1 Pound", Pence(100)},
		{"20 pounds sterling", Pence(2000)}, {"20 sterling", Pence(2000)}, {"GBP 20", Pence(2000)}, {"20gbp", Pence(2000)},
		{"£2k", Pence(200000)}, {"2K", Pence(200000)}, {"£2.5k", Pence(250000)}, {"1.250k", Pence(125000)}, {"2 grand", Pence(200000)},
		{"£2.55555k", Pence(255555)}, {"2k quid", Pence(200000)}, {"£1m", Pence(100000000)}, {"1.5 million pounds", Pence(150000000)},
		{"50p", Pence(50)}, {"1,250 pence", Pence(1250)}, {"1 penny", Pence(1)}, {"£.50", Pence(50)}, {"£0.01", Pence(1)},
		{"1250£", Pence(125000)}, {"£ 1,250", Pence(125000)}, {"  £5\n", Pence(500)}, {"£05", Pence(500)}, {"0.05", Pence(5)},
		{"EUR 40", Amount{4000, "EUR"}}, {"€40", Amount{4000, "EUR"}}, {"40 euros", Amount{4000, "EUR"}}, {"40€", Amount{4000, "EUR"}},
		{"$40", Amount{4000, "USD"}}, {"US$40.10", Amount{4010, "USD"}}, {"NZ$2k", Amount{200000, "NZD"}}, {"40 nz$", Amount{4000, "NZD"}},
		{"¥12,000", Amount{12000, "JPY"}}, {"12000 yen", Amount{12000, "JPY"}}, {"1.5k JPY", Amount{1500, "JPY"}},
		{"KWD 1.125", Amount{1125, "KWD"}}, {"CHF 40", Amount{4000, "CHF"}},
		{"￡１，２５０．５０", Pence(125050)}, {"３００", Pence(30000)}, {"£\u00a01,250.50", Pence(125050)}, {"￥１０００", Amount{1000, "JPY"}},
		{"１２\u3000ｑｕｉｄ", Pence(1200)}, {"£92,233,720,368,547,758.07", Pence(1<<63 - 1)},
	} {
		if got := Read(tt.in, "GBP"); !got.OK() || got.Amount != tt.want {
			t.Errorf("Read(%q) = %+v, want %v", tt.in, got, tt.want)
		}
	}
}

func TestReadAsks(t *testing.T) {
	for _, tt := range []struct {
		in     string
		offers []Amount
	}{
		{"£1,25", []Amount{Pence(125)}}, {"1,5", []Amount{Pence(150)}}, {"1,5k", []Amount{Pence(150000)}}, {"£0,50", []Amount{Pence(50)}},
		{"1.250,50 €", []Amount{{125050, "EUR"}}}, {"€1250,50", []Amount{{125050, "EUR"}}}, {"1.250.000 €", []Amount{{125000000, "EUR"}}},
		{"1,250,50", []Amount{Pence(125050)}}, {"1\u00a0250", []Amount{Pence(125000)}}, {"£1\u202f250,50", []Amount{Pence(125050)}},
		{"£1.50p", []Amount{Pence(150)}}, {"£50p", []Amount{Pence(5000), Pence(50)}},
	} {
		got := Read(tt.in, "GBP")
		if got.Ask == "" || got.Why != "" || len(got.Offers) != len(tt.offers) || got.Amount != (Amount{}) {
			t.Errorf("Read(%q) = %+v, want a question offering %v", tt.in, got, tt.offers)
			continue
		}
		for i, o := range got.Offers {
			if o != tt.offers[i] || !strings.Contains(got.Ask, o.String()) {
				t.Errorf("Read(%q) offers %v in %q, want %v", tt.in, o, got.Ask, tt.offers[i])
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ in, why string }{
		{"", "no amount"}, {"   ", "no amount"}, {"lots", "no amount"}, {"NaN", "no amount"}, {"Inf", "no amount"}, {"£", "no amount"},
		{"£1.005", "too many decimals"}, {"£1.250", "too many decimals"}, {"£1.500", "too many decimals"}, {"£2.555555k", "too many decimals"},
		{"50.5p", "whole pence"}, {"¥10.5", "smaller than one JPY"}, {"1e3", "write the number out"}, {"1E3", "write the number out"},
		{"0x10", "ordinary number"}, {"£100 and £50", "two amounts"}, {"£5-10", "two amounts"}, {"100 50", "two numbers"}, {"1 250", "two numbers"},
		{"£2 50p", "two numbers"}, {"£0", "above zero"}, {"0p", "above zero"}, {"0.00", "above zero"}, {"£0,00", "above zero"},
		{"-£5", "below zero"}, {"£-5", "below zero"}, {"−5", "below zero"}, {"–5", "below zero"}, {"(5)", "below zero"},
		{"5-", "understand"}, {"+5", "understand"}, {"£50.", "cannot read"}, {"1,2345", "cannot read"}, {"12,34,567", "cannot read"},
		{"0,500", "cannot read"}, {"1.250.50", "cannot read"}, {"1,,250", "cannot read"}, {"1.250,500", "cannot read"},
		{"£50 each", "understand"}, {"about £50", "understand"}, {"£50?", "understand"}, {"£50/month", "understand"}, {"£50 XYZ", "understand"},
		{"££50", "understand"}, {"2 GBP k", "understand"}, {"2kp", "understand"}, {"2k grand", "understand"}, {"p50", "understand"}, {"k5", "understand"},
		{"£40 EUR", "two currencies"}, {"€50p", "two currencies"}, {"1'250", "two amounts"},
		{"£١٢٣", "0 to 9"}, {"£1²", "0 to 9"}, {"£½", "0 to 9"}, {"①", "0 to 9"}, {"𝟏𝟎", "0 to 9"}, {"Ⅻ", "0 to 9"}, {"五", "no amount"},
		{"£100\u200b", "cannot be seen"}, {"\u202e£100", "cannot be seen"}, {"£1\n2", "cannot be seen"}, {"2\u212a", "understand"}, {"\xff", "readable"},
		{"£92,233,720,368,547,758.08", "more than"}, {strings.Repeat("9", 101), "too long"}, {strings.Repeat("9", 90), "more than"},
	} {
		got := Read(tt.in, "GBP")
		if got.OK() || got.Ask != "" || !strings.Contains(got.Why, tt.why) {
			t.Errorf("Read(%q) = %+v, want a refusal with %q", tt.in, got, tt.why)
		}
	}
	if got := Read("5", "gold"); !strings.Contains(got.Why, "gold") {
		t.Errorf("an unknown default currency gives %+v", got)
	}
}

func TestReadBare(t *testing.T) {
	for in, bare := range map[string]bool{"250": true, "2k": true, "1,25": true, "£250": false, "250 quid": false, "€1,25": false} {
		if got := Read(in, "GBP"); got.Bare != bare {
			t.Errorf("Read(%q).Bare = %v", in, got.Bare)
		}
	}
	if got := Read("40", "EUR"); got.Amount != (Amount{4000, "EUR"}) {
		t.Errorf("a bare 40 in a fund of euros is %v", got.Amount)
	}
}

func TestReadSigned(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Amount
	}{
		{"-£30k", Pence(-3000000)}, {"£-5", Pence(-500)}, {"GBP -5", Pence(-500)}, {"−5", Pence(-500)}, {"£5", Pence(500)},
		{"0", Pence(0)}, {"-0", Pence(0)}, {"£0.00", Pence(0)}, {"-50p", Pence(-50)}, {"-5 EUR", Amount{-500, "EUR"}},
	} {
		if got := ReadSigned(tt.in, "GBP"); !got.OK() || got.Amount != tt.want {
			t.Errorf("ReadSigned(%q) = %+v, want %v", tt.in, got, tt.want)
		}
	}
	for _, in := range []string{"--5", "5-", "(5)", "-", "£5-6", "", "- £ - 5"} {
		if got := ReadSigned(in, "GBP"); got.Why == "" {
			t.Errorf("ReadSigned(%q) = %+v, want a refusal", in, got)
		}
	}
	if got := ReadSigned("-1,25", "GBP"); got.Ask == "" || got.Offers[0] != Pence(-125) || !strings.Contains(got.Ask, "-£1.25?") {
		t.Errorf("ReadSigned(-1,25) = %+v", got)
	}
}

func TestReadJSON(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"£1,250.50", `{"minor_units":125050,"currency":"GBP"}`},
		{"£1,25", `{"ask":"Do you mean £1.25? Please write it so, or with three digits after each comma."}`},
		{"0", `{"error":"That is nothing at all; please give an amount above zero."}`},
		{"<&>", `{"error":"I see no amount; try something like £250 or £1,250.50."}`},
	} {
		if got := string(ReadJSON(tt.in, "GBP")); got != tt.want {
			t.Errorf("ReadJSON(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestReadFormatted(t *testing.T) {
	codes := []string{"GBP", "EUR", "USD", "NZD", "JPY", "KWD", "CHF", "ISK", "CAD", "AUD"}
	rapid.Check(t, func(t *rapid.T) {
		a := Amount{rapid.Int64Min(1).Draw(t, "minor"), rapid.SampledFrom(codes).Draw(t, "currency")}
		for _, s := range []string{a.String(), a.Short(), a.Currency + " " + a.Decimal(), a.Decimal() + a.Currency} {
			if got := Read(s, "GBP"); !got.OK() || got.Amount != a || got.Bare {
				t.Fatalf("Read(%q) = %+v, want %v", s, got, a)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"£1,250.50", "300 quid", "£2k", "EUR 40", "￡１２", "£1,25", "1.250,50 €", "1e3", "£100 and £50", "-5", "½", "£1.50p", "1\u00a0250"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := Read(s, "GBP")
		kinds := 0
		for _, is := range []bool{r.OK(), r.Ask != "", r.Why != ""} {
			if is {
				kinds++
			}
		}
		if kinds != 1 || r.OK() && (r.Amount.Minor <= 0 || !Known(r.Amount.Currency)) {
			t.Fatalf("Read(%q) = %+v", s, r)
		}
		if j := r.JSON(); !json.Valid(j) || !utf8.Valid(j) {
			t.Fatalf("Read(%q).JSON() = %q", s, j)
		}
		if r.OK() {
			if again := Read(r.Amount.String(), "EUR"); again.Amount != r.Amount {
				t.Fatalf("Read(%q) = %v, which reads as %+v", s, r.Amount, again)
			}
			// Nothing is left unread: any more text changes the answer.
			for _, more := range []string{" and £50", "x", "-", " 7", "€", "?"} {
				if longer := Read(s+more, "GBP"); longer.OK() && longer.Amount == r.Amount && more != "€" {
					t.Fatalf("Read(%q) = %v, the same as without %q", s+more, longer.Amount, more)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if r := Read("£1,250.50", "GBP"); !r.OK() {
			b.Fatal(r.Why)
		}
	}
}
