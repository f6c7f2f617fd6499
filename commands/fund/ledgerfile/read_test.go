package ledgerfile

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot/money"
)

const sample = "\ufeff; The fund's books\r\n" + `
D £1,000.00
commodity £
    format £1,000.00
account donations  ; type:R
  ; what people give
Y 2021

comment
2021-01-01 not an entry
end comment

2021-01-01 opening balances
    assets:bank  £1,250.50
    equity:opening
2021/3/1=2021/3/2 * (INV-7) Outlandish | nine members  ; paid late
    ; year: 2021
    assets:bank                     £468.00 = £1,718.50
    ! income:subscriptions:Outlandish      ; one
    ; and two
03-05 !Gathering
	expenses:venue hire	GBP 100
	expenses:food  20.50 GBP
	assets:bank  £-120.50 == £1,598.00  ; both

2021.04.02 Fee and gift
    expenses:bank fees  2
    assets:bank  +£3
    donations:friends   -£5
`

func TestRead(t *testing.T) {
	j, problems := Read(sample, "GBP")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	balance := func(minor int64) *money.Amount { a := money.Pence(minor); return &a }
	want := []Entry{
		{Line: 14, Date: "2021-01-01", Payee: "opening balances", Postings: []Posting{
			{Line: 15, Account: "assets:bank", Amount: money.Pence(125050)}, {Line: 16, Account: "equity:opening", Amount: money.Pence(-125050)}}},
		{Line: 17, Date: "2021-03-01", Status: "*", Code: "INV-7", Payee: "Outlandish | nine members", Comment: "paid late\nyear: 2021", Postings: []Posting{
			{Line: 19, Account: "assets:bank", Amount: money.Pence(46800), Balance: balance(171850)},
			{Line: 20, Status: "!", Account: "income:subscriptions:Outlandish", Amount: money.Pence(-46800), Comment: "one\nand two"}}},
		{Line: 22, Date: "2021-03-05", Status: "!", Payee: "Gathering", Postings: []Posting{
			{Line: 23, Account: "expenses:venue hire", Amount: money.Pence(10000)}, {Line: 24, Account: "expenses:food", Amount: money.Pence(2050)},
			{Line: 25, Account: "assets:bank", Amount: money.Pence(-12050), Balance: balance(159800), Comment: "both"}}},
		{Line: 27, Date: "2021-04-02", Payee: "Fee and gift", Postings: []Posting{
			{Line: 28, Account: "expenses:bank fees", Amount: money.Pence(200)}, {Line: 29, Account: "assets:bank", Amount: money.Pence(300)},
			{Line: 30, Account: "donations:friends", Amount: money.Pence(-500)}}},
	}
	for i, e := range j.Entries {
		if i >= len(want) || !reflect.DeepEqual(e, want[i]) {
			t.Errorf("entry %d is\n%+v, want\n%+v", i, e, want[min(i, len(want)-1)])
		}
	}
	if len(j.Entries) != len(want) || j.Kind("donations:friends") != Income {
		t.Errorf("%d entries; donations are %q", len(j.Entries), j.Kind("donations:friends"))
	}
}

func TestReadProblems(t *testing.T) {
	entry := func(postings ...string) string { return "2021-01-01 x\n    " + strings.Join(postings, "\n    ") + "\n" }
	for _, tt := range []struct {
		in, want string // want is a line and some words
	}{
		{entry("assets:bank  £5", "income:a  £-4"), "line 1: the postings add up to £1.00"},
		{entry("assets:bank  £5"), "line 1: an entry has at least two"},
		{"2021-01-01 x\n", "line 1: an entry has at least two"},
		{entry("assets:bank", "income:a"), "line 1: only one amount of an entry may be left out; here are 2"},
		{entry("assets:bank  £5", "income:a  €-5"), `line 3: the books are in GBP, and "€-5" is not`},
		{entry("assets:bank  £5", "income:a  -5"), "line 3: \"-5\" has no currency"},
		{entry("assets:bank  £5 @ €6", "income:a"), "line 2: prices"},
		{entry("assets:bank  £1,25", "income:a"), `line 2: "£1,25": Do you mean £1.25?`},
		{entry("assets:bank  £1.005", "income:a"), "line 2: \"£1.005\": That has too many"},
		{entry("assets:bank  1.250,50 €", "income:a"), "line 2: the books are in GBP"},
		{entry("assets:bank  2k", "income:a"), `line 2: I do not know the currency "k"`},
		{entry("assets:bank  5 quid", "income:a"), `line 2: I do not know the currency "quid"`},
		{entry("assets:bank  £5 and more", "income:a"), "line 2: I cannot read"},
		{entry("assets:bank  -£-5", "income:a"), "line 2: I cannot read"},
		{entry("assets:bank  £5 GBP", "income:a"), "line 2: I cannot read"},
		{entry("assets:bank £5", "income:a"), "line 2: \"assets:bank £5\" looks like an account and an amount"},
		{entry("assets:bank 5.00", "income:a  £5"), "line 2: \"assets:bank 5.00\" looks like an account and an amount"},
		{entry("(assets:bank)  £5", "income:a"), "line 2: postings in brackets"},
		{entry("[assets:bank]  £5", "income:a"), "line 2: postings in brackets"},
		{entry("assets::bank  £5", "income:a"), "line 2: \"assets::bank\" has an empty part"},
		{entry("assets:bank  £5", "other:a"), `line 3: "other:a" begins with none of`},
		{entry("assets:bank  £5 = £6", "income:a"), "line 2: assets:bank holds £5.00 here, not £6.00"},
		{entry("assets:bank  = £6", "income:a  £5"), "line 2: a balance without an amount"},
		{entry("assets:bank  £6 =* £6", "income:a"), "line 2: balances with sub-accounts"},
		{entry("assets:bank  £92233720368547758.07", "assets:b  £0.01", "income:a"), "line 3: these amounts are too large"},
		{"2021-02-30 x\n", `line 1: "2021-02-30" is not a day`}, {"2021-02/03 x\n", "line 1: \"2021-02/03\" is not a day"}, {"02-03 x\n", "is not a day"},
		{"0000-02-03 x\n", "is not a day"}, {"2021-02-03=99 x\n", `line 1: "99" is not a day`}, {"2021-02-03x\n", "line 1: I cannot read this as the beginning"},
		{"    assets:bank  £5\n", "line 1: this line is indented but belongs to no entry"},
		{entry("assets:bank  £5", "income:a") + "; end\n    assets:b  £4\n", "line 5: this line is indented"},
		{"\n\ninclude other.journal\n", "line 3: other files are not read"}, {"~ monthly\n    expenses:a  £5\n", "line 1: entries that repeat"},
		{"= expenses\n", "line 1: entries that repeat"}, {"decimal-mark ,\n", "line 1: decimal commas"}, {"commodity 1.000,00 GBP\n", "line 1: decimal commas"},
		{"apply account x\n", "line 1: I do not understand a line that begins with \"apply\""}, {"D €1,000.00\n", "line 1: the books are in GBP"},
		{"Y 21\n", `line 1: "21" is not a year`}, {"account x  ; type:Q\n", "line 1: I do not know the account type"}, {"£5\n", "line 1: I do not understand"},
		{"\ncomment\nnever closed\n", `line 2: this comment has no "end comment"`}, {"; \xff\n", "line 1: this line is not plain text"}, {"; \x00\n", "line 1: this line is not plain text"},
	} {
		j, problems := Read(tt.in, "GBP")
		if len(problems) == 0 || !strings.Contains(problems[0].String(), tt.want) {
			t.Errorf("Read(%q) has the problems %v, want %q", tt.in, problems, tt.want)
		}
		if !reflect.DeepEqual(j, Journal{}) {
			t.Errorf("Read(%q) is half imported: %+v", tt.in, j)
		}
	}
}

func TestReadAllProblems(t *testing.T) {
	text := "2021-01-01 fine\n    assets:bank  £5\n    income:a\n\ninclude x\n2021-13-01 x\n    assets:bank £5\n    income:a  5 k\n\n2021-01-02 y\n    assets:bank  £1\n    income:a  £1\n"
	j, problems := Read(text, "GBP")
	var lines []string
	for _, p := range problems {
		lines = append(lines, fmt.Sprint(p.Line))
	}
	if got := strings.Join(lines, " "); got != "5 6 7 8 10" || j.Entries != nil {
		t.Errorf("problems on lines %s, want 5 6 7 8 10: %v", got, problems)
	}
}

func TestBalancesFollowDates(t *testing.T) {
	text := "2021-02-01 later\n    assets:bank  £5 = £12\n    income:a\n2021-01-01 earlier\n    assets:bank  £7 = £7\n    income:a\n"
	if _, problems := Read(text, "GBP"); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestReadRefusesWhole(t *testing.T) {
	for _, tt := range []struct{ text, currency, want string }{
		{"", "gold", "currency"}, {strings.Repeat("; x\n", largest/4+1), "GBP", "larger than"},
	} {
		if _, problems := Read(tt.text, tt.currency); len(problems) != 1 || problems[0].Line != 0 || !strings.Contains(problems[0].String(), tt.want) {
			t.Errorf("problems %v, want %q", problems, tt.want)
		}
	}
	if j, problems := Read("", "GBP"); len(problems) > 0 || len(j.Entries) > 0 {
		t.Errorf("an empty file: %v, %v", j, problems)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("2021-01-01 x\n  assets:bank  £5 @ €6\n  income:a\n")
	f.Add("Y2021\n1-2 (\n\ta:b\t1\n\t=  1")
	f.Fuzz(func(t *testing.T, text string) {
		j, problems := Read(text, "GBP")
		last := 0
		for _, p := range problems {
			if p.Line < last || p.Line > strings.Count(text, "\n")+1 || p.Text == "" {
				t.Fatalf("problem %+v after line %d", p, last)
			}
			last = p.Line
		}
		if len(problems) > 0 {
			if !reflect.DeepEqual(j, Journal{}) {
				t.Fatalf("half imported: %+v with %v", j, problems)
			}
			return
		}
		for _, e := range j.Entries {
			var sum int64
			for _, p := range e.Postings {
				sum += p.Amount.Minor
			}
			if sum != 0 {
				t.Fatalf("%+v adds up to %d", e, sum)
			}
		}
		checkRoundTrip(t, j)
	})
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&text, "2021-01-%02d * payee %d\n    assets:bank  £%d.00\n    income:subscriptions:coop %c\n\n", i%28+1, i, i+1, 'a'+i%26)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, problems := Read(text.String(), "GBP"); problems != nil {
			b.Fatal(problems)
		}
	}
}
