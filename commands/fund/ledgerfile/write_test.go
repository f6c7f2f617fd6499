package ledgerfile

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot/money"
)

// checkRoundTrip writes the journal, reads it again and compares all that a file keeps.
func checkRoundTrip(t *testing.T, j Journal) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHledger(&b, j); err != nil {
		t.Fatalf("%v\n%+v", err, j)
	}
	again, problems := Read(b.String(), j.Currency)
	if len(problems) > 0 {
		t.Fatalf("%v\n%s", problems, b.String())
	}
	if got, want := kept(again), kept(j); !reflect.DeepEqual(got, want) {
		t.Fatalf("written and read again:\n%+v\nwant\n%+v\n%s", got, want, b.String())
	}
}

// kept is the journal without lines, and with texts as the writer puts them.
func kept(j Journal) Journal {
	out := Journal{Currency: j.Currency, Kinds: j.Kinds}
	clean := func(text string) string {
		var lines []string
		for line := range strings.SplitSeq(text, "\n") {
			lines = append(lines, oneLine(line))
		}
		return strings.Trim(strings.Join(lines, "\n"), "\n")
	}
	for _, e := range j.Entries {
		e.Line, e.Payee, e.Code, e.Comment = 0, oneLine(e.Payee), strings.ReplaceAll(oneLine(e.Code), ";", ","), clean(e.Comment)
		var ps []Posting
		for _, p := range e.Postings {
			p.Line, p.Comment = 0, clean(p.Comment)
			ps = append(ps, p)
		}
		e.Postings = ps
		out.Entries = append(out.Entries, e)
	}
	return out
}

func read(t *testing.T, text string) Journal {
	t.Helper()
	j, problems := Read(text, "GBP")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return j
}

func TestRoundTrip(t *testing.T) {
	checkRoundTrip(t, read(t, sample))
	checkRoundTrip(t, History().Journal())
}

// odd has everything that could break a file.
func odd() Journal {
	move := func(account string, minor int64) Posting {
		return Posting{Account: account, Amount: money.Pence(minor)}
	}
	return Journal{Currency: "GBP", Entries: []Entry{
		{Date: "2021-02-02", Payee: "(not a code) \"quoted\" \\", Code: "", Comment: "two\nlines", Postings: []Posting{move("assets:bank", 5), move("income:we are open", -5)}},
		{Date: "2021-01-01", Payee: "* not a status;\nnor a comment", Code: "a(b);", Postings: []Posting{move("assets:bank", 7), move("income:we-are-open", -7)}},
		{Date: "2021-01-01", Payee: "", Status: "!", Postings: []Posting{move("assets", 0), move("income:Ĉiuj 100%", 0)}},
		{Date: "2021-01-01", Payee: "! so", Postings: []Posting{move("liabilities:é", 9), move("expenses:日本", -9)}},
	}}
}

func TestWriteOddTexts(t *testing.T) {
	var b bytes.Buffer
	if err := WriteHledger(&b, odd()); err != nil {
		t.Fatal(err)
	}
	j := read(t, b.String())
	for i, want := range []string{`(not a code) "quoted" \`, "* not a status, nor a comment", "", "! so"} {
		if got := j.Entries[i].Payee; got != want {
			t.Errorf("payee %d is %q, want %q\n%s", i, got, want, b.String())
		}
	}
	if j.Entries[1].Code != "a[b]," || j.Entries[2].Status != "!" || j.Entries[0].Comment != "two\nlines" {
		t.Errorf("%+v", j.Entries)
	}
}

func TestWriteRefuses(t *testing.T) {
	for _, p := range []Posting{{Account: "assets:a  b"}, {Account: "assets:a;b"}, {Account: ""}, {Account: "assets:\n2021-01-01 x"}, {Account: "assets:a", Amount: money.Amount{Currency: "EUR"}}} {
		var b bytes.Buffer
		if p.Amount.Currency == "" {
			p.Amount.Currency = "GBP"
		}
		if err := WriteHledger(&b, Journal{Currency: "GBP", Entries: []Entry{{Date: "2021-01-01", Postings: []Posting{p}}}}); err == nil {
			t.Errorf("%+v is written as %q", p, b.String())
		}
	}
	if err := WriteBeancount(&bytes.Buffer{}, Journal{Currency: "GBP", Entries: []Entry{{Date: "2021-01-01", Postings: []Posting{{Account: "other"}}}}}); err == nil {
		t.Error("an account of no kind is written for beancount")
	}
}

func TestWriteBeancount(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBeancount(&b, odd()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"option \"operating_currency\" \"GBP\"\n", "2021-01-01 open Assets:General GBP\n", "open Income:We-are-open GBP\n", "open Income:We-are-open-2 GBP\n",
		"open Income:Ciuj-100 GBP\n", "open Liabilities:E GBP\n", "open Expenses:X GBP\n",
		"2021-02-02 * \"(not a code) \\\"quoted\\\" \\\\\"\n    ; two\n    ; lines\n  Assets:Bank                               0.05 GBP\n",
		"2021-01-01 ! \"\"\n", "\"(a(b);) * not a status; nor a comment\"",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing from\n%s", want, b.String())
		}
	}
}

// TestJudges lets hledger and beancount, where they are installed, check what is written and compares their balances
// with ours.
func TestJudges(t *testing.T) {
	journals := map[string]Journal{"sample": read(t, sample), "history": History().Journal(), "odd": odd()}
	for name, j := range journals {
		t.Run("hledger/"+name, func(t *testing.T) {
			file := write(t, WriteHledger, j, "books.journal")
			run(t, "hledger", "-f", file, "check")
			out := run(t, "hledger", "-f", file, "balance", "--flat", "--empty", "--no-total", "-O", "csv")
			compareBalances(t, j, out)
		})
		t.Run("bean-check/"+name, func(t *testing.T) {
			run(t, "bean-check", write(t, WriteBeancount, j, "books.beancount"))
		})
	}
	t.Run("hledger/as it came", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "in.journal")
		if err := os.WriteFile(file, []byte(strings.NewReplacer("GBP 100", "£100", "20.50 GBP", "£20.50").Replace(sample)), 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, "hledger", "-f", file, "check")
	})
}

func write(t *testing.T, to func(io.Writer, Journal) error, j Journal, name string) string {
	t.Helper()
	var b bytes.Buffer
	if err := to(&b, j); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("SKIPPED: %s is not installed", name)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func compareBalances(t *testing.T, j Journal, out string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range rows[1:] {
		got[row[0]] = strings.TrimPrefix(row[1], "GBP ")
	}
	for _, l := range j.Balances() {
		want := l.Amount.Decimal()
		if g := got[l.Account]; g != want && !(l.Amount.Minor == 0 && (g == "0" || g == "")) {
			t.Errorf("hledger has %s for %s, we have %s", g, l.Account, want)
		}
		delete(got, l.Account)
	}
	if len(got) > 0 {
		t.Errorf("hledger also has %v", got)
	}
}
