package ledgerfile

import (
	"regexp"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot/money"
)

// header is date, second date, status, code, description, comment.
var header = regexp.MustCompile(`^([0-9][0-9/.-]*)(=[0-9/.-]+)?(?:[ \t]+(?:([*!])[ \t]*)?(?:\(([^()]*)\)[ \t]*)?([^;]*?))?[ \t]*(?:;[ \t]*(.*))?$`)

// begin opens an entry.
func (r *reader) begin(line string) {
	m := header.FindStringSubmatch(line)
	r.broken, r.missing = false, nil
	r.books.Entries = append(r.books.Entries, Entry{Line: r.line})
	r.entry = len(r.books.Entries) - 1
	if m == nil {
		r.problem("I cannot read this as the beginning of an entry: date, payee")
		return
	}
	date, ok := r.date(m[1])
	if !ok {
		r.problem("%q is not a day; please write YYYY-MM-DD", m[1])
	}
	if second := strings.TrimPrefix(m[2], "="); second != "" {
		if _, ok := r.date(second); !ok {
			r.problem("%q is not a day; please write YYYY-MM-DD", second)
		}
	}
	e := r.open()
	e.Date, e.Status, e.Code, e.Payee, e.Comment = date, m[3], m[4], m[5], m[6]
}

func (r *reader) open() *Entry { return &r.books.Entries[r.entry] }

var dates = regexp.MustCompile(`^(?:([0-9]{4})([-/.]))?([0-9]{1,2})([-/.])([0-9]{1,2})$`)

// date reads 2021-03-01, 2021/3/1, 2021.03.01, and after a year directive 03-01.
func (r *reader) date(s string) (string, bool) {
	m := dates.FindStringSubmatch(s)
	if m == nil || m[1] != "" && m[2] != m[4] || m[1] == "" && r.year == "" {
		return "", false
	}
	year := m[1]
	if year == "" {
		year = r.year
	}
	date := year + "-" + two(m[3]) + "-" + two(m[5])
	_, err := time.Parse(time.DateOnly, date)
	return date, err == nil && year > "0000"
}

func two(digits string) string { return ("0" + digits)[len(digits)-1:] }

// close checks the open entry, if there is one: two postings at least, at most one without an amount, sum zero.
func (r *reader) close() {
	if r.entry < 0 {
		return
	}
	e, at := r.open(), r.line
	r.line, r.entry = e.Line, -1
	defer func() { r.line = at }()
	switch {
	case r.broken:
		return
	case len(e.Postings) < 2:
		r.problem("an entry has at least two postings, indented below it")
		return
	case len(r.missing) > 1:
		r.problem("only one amount of an entry may be left out; here are %d", len(r.missing))
		return
	}
	r.settle(e)
}

// settle fills in the amount that was left out, or finds that the sum is not zero.
func (r *reader) settle(e *Entry) {
	sum := money.Amount{Currency: r.books.Currency}
	for _, p := range e.Postings {
		var err error
		if sum, err = sum.Add(p.Amount); err != nil {
			r.problem("these amounts are too large to add")
			return
		}
	}
	rest, err := sum.Neg()
	switch {
	case len(r.missing) == 1 && err == nil:
		e.Postings[r.missing[0]].Amount = rest
		r.count(rest.Minor)
	case sum.Minor != 0:
		r.problem("the postings add up to %v, not to zero", sum)
	}
}

// count adds to the volume.
func (r *reader) count(minor int64) {
	if minor < 0 {
		minor = -minor
	}
	var err error
	if r.volume, err = money.AddMinor(r.volume, minor); err != nil || minor < 0 {
		r.problem("these amounts are too large to add")
	}
}
