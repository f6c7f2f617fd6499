package ledgerfile

import (
	"regexp"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

var wide = regexp.MustCompile(`(?: \s|\t)\s*`)

// posting takes a line below the beginning of an entry.
func (r *reader) posting(line string) {
	e := r.open()
	if comment, ok := strings.CutPrefix(line, ";"); ok {
		r.comment(strings.TrimSpace(comment))
		return
	}
	p := Posting{Line: r.line}
	if len(line) > 1 && (line[0] == '*' || line[0] == '!') && (line[1] == ' ' || line[1] == '\t') {
		p.Status, line = line[:1], strings.TrimSpace(line[1:])
	}
	rest := ""
	if at := wide.FindStringIndex(line); at != nil {
		line, rest = line[:at[0]], line[at[1]:]
	}
	p.Account = line
	if why := accountTrouble(p.Account); why != "" {
		r.problem("%s", why)
		return
	}
	rest, p.Comment, _ = strings.Cut(rest, ";")
	p.Comment = strings.TrimSpace(p.Comment)
	if !r.amounts(&p, strings.TrimSpace(rest)) {
		return
	}
	e.Postings = append(e.Postings, p)
}

// comment adds a comment line to the last posting, or to the entry if it has none yet.
func (r *reader) comment(text string) {
	e := r.open()
	into := &e.Comment
	if n := len(e.Postings); n > 0 {
		into = &e.Postings[n-1].Comment
	}
	*into = strings.TrimPrefix(*into+"\n"+text, "\n")
}

// amounts reads what stands after the account: an amount, a balance after "=", both or neither.
func (r *reader) amounts(p *Posting, rest string) bool {
	amount, balance, asserted := strings.Cut(rest, "=")
	amount = strings.TrimSpace(amount)
	balance = strings.TrimSpace(strings.TrimPrefix(balance, "="))
	switch {
	case strings.ContainsAny(rest, "@{"):
		r.problem("prices are not read; the books have one currency")
		return false
	case asserted && amount == "":
		r.problem("a balance without an amount is not read; please write the amount too")
		return false
	case strings.HasPrefix(balance, "*"):
		r.problem("balances with sub-accounts (=*) are not read")
		return false
	case amount == "":
		r.missing = append(r.missing, len(r.open().Postings))
		p.Amount.Currency = r.books.Currency
		return true
	}
	a, ok := r.amount(amount)
	if !ok {
		return false
	}
	p.Amount = a
	r.count(a.Minor)
	if asserted {
		if a, ok = r.amount(balance); !ok {
			return false
		}
		p.Balance = &a
	}
	return true
}

// sum is sign, currency, sign, number, currency; the currency stands on one side.
var sum = regexp.MustCompile(`^([-+]?)\s*([^\s0-9.,+-]*)\s*([-+]?)([0-9.,]+)\s*([^\s0-9.,+-]*)$`)

// amount reads £52.00, -£52, £-1,250.50, 52.00 GBP, GBP 52; after a D directive also 52.00.
func (r *reader) amount(text string) (money.Amount, bool) {
	m := sum.FindStringSubmatch(text)
	if m == nil || m[1] != "" && m[3] != "" || m[2] != "" && m[5] != "" {
		r.problem("I cannot read %q as an amount", text)
		return money.Amount{}, false
	}
	code, ok := currencyOf(m[2] + m[5])
	switch {
	case m[2]+m[5] == "" && !r.bare:
		r.problem("%q has no currency; write £%s, or `D £1,000.00` at the top of the file", text, m[4])
		return money.Amount{}, false
	case m[2]+m[5] == "":
		code = r.books.Currency
	case !ok:
		r.problem("I do not know the currency %q", m[2]+m[5])
		return money.Amount{}, false
	case code != r.books.Currency:
		r.problem("the books are in %s, and %q is not", r.books.Currency, text)
		return money.Amount{}, false
	}
	read := money.ReadSigned(strings.Trim(m[1]+m[3], "+")+m[4], code)
	if !read.OK() {
		r.problem("%q: %s", text, read.Ask+read.Why)
		return money.Amount{}, false
	}
	return read.Amount, true
}

// currencyOf knows the signs and codes that ledgers have; words such as "quid" are not among them.
func currencyOf(commodity string) (code string, ok bool) {
	commodity = strings.Trim(commodity, `"`)
	switch commodity {
	case "£":
		return "GBP", true
	case "€":
		return "EUR", true
	case "$":
		return "USD", true
	case "¥":
		return "JPY", true
	}
	return commodity, money.Known(commodity)
}
