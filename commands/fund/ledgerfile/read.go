package ledgerfile

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot/money"
)

// largest is how many bytes of books are read; years of a fund are a hundredth of it.
const largest = 8 << 20

// Read reads a ledger whose amounts are all in currency (ISO 4217). If there are problems the journal is empty; they
// come in the order of their lines.
func Read(text, currency string) (Journal, []Problem) {
	r := &reader{books: Journal{Currency: currency, Kinds: map[string]Kind{}}, entry: -1}
	switch {
	case !money.Known(currency):
		r.problem("I do not know the currency %q", currency)
	case len(text) > largest:
		r.problem("the file is larger than %d megabytes", largest>>20)
	default:
		r.lines(text)
	}
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
		return Journal{}, r.problems
	}
	return r.books, nil
}

// reader goes through a file once, line by line.
type reader struct {
	books    Journal
	problems []Problem
	line     int
	entry    int    // index of the entry that is open, -1 if none is
	broken   bool   // the open entry has a problem, so its sum says nothing
	skipping string // the word that ends a comment block, "" outside
	skipFrom int    // the line where the block began
	sub      bool   // indented lines belong to a directive
	bare     bool   // a default currency is declared: numbers may stand alone
	year     string // for dates without one
	volume   int64  // of all amounts, to be sure that no sum overflows
	missing  []int  // postings of the open entry without an amount
}

func (r *reader) problem(format string, args ...any) {
	r.broken = true
	r.problems = append(r.problems, Problem{r.line, fmt.Sprintf(format, args...)})
}

func (r *reader) lines(text string) {
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.SplitSeq(text, "\n") {
		r.line++
		r.read(strings.TrimSuffix(line, "\r"))
	}
	r.close()
	if r.skipping != "" {
		r.line = r.skipFrom
		r.problem("this comment has no %q", r.skipping)
	}
	r.line = 0
	if len(r.problems) == 0 {
		r.kinds()
		r.balances()
	}
}

// read takes one line.
func (r *reader) read(line string) {
	trimmed := strings.TrimSpace(line)
	switch {
	case !utf8.ValidString(line) || strings.ContainsFunc(line, isControl):
		r.problem("this line is not plain text (UTF-8)")
	case r.skipping != "":
		if trimmed == r.skipping {
			r.skipping = ""
		}
	case trimmed == "":
		r.close()
		r.sub = false
	case line[0] == ' ' || line[0] == '\t':
		r.indented(trimmed)
	case strings.ContainsRune(";#*%|", rune(line[0])):
		r.close()
	case '0' <= line[0] && line[0] <= '9':
		r.close()
		r.sub = false
		r.begin(strings.TrimRight(line, " \t"))
	default:
		r.close()
		r.directive(trimmed)
	}
}

func isControl(c rune) bool {
	return c < ' ' && c != '\t' || c == 0x7f || c == '\u2028' || c == '\u2029' || c == 0x85
}

// indented takes a line that belongs to what stands above it.
func (r *reader) indented(line string) {
	switch {
	case r.entry >= 0:
		r.posting(line)
	case line[0] == ';' || r.sub:
	default:
		r.problem("this line is indented but belongs to no entry")
	}
}
