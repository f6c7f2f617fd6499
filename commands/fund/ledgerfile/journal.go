package ledgerfile

import (
	"fmt"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

// Journal is a fund's books in one currency. In one that was read every entry balances.
type Journal struct {
	Currency string // ISO 4217
	Entries  []Entry
	Kinds    map[string]Kind // what the file declared for accounts whose name does not say it
}

// Entry is one transaction.
type Entry struct {
	Line     int    // where it begins in the file, from 1
	Date     string // YYYY-MM-DD
	Status   string // "", "!" (pending) or "*" (cleared)
	Code     string // such as an invoice number
	Payee    string // the whole description
	Comment  string // may have several lines
	Postings []Posting
}

// Posting moves an amount into an account, or out of it if it is below zero.
type Posting struct {
	Line    int
	Status  string
	Account string // "income:subscriptions:Outlandish"
	Amount  money.Amount
	Balance *money.Amount // what the file says the account holds afterwards, nil if it does not
	Comment string
}

// Problem is why a file was not imported. The line counts from 1; 0 is the file as a whole.
type Problem struct {
	Line int
	Text string
}

// String gives "line 12: …".
func (p Problem) String() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

// Kind is what an account counts.
type Kind string

const (
	Asset     Kind = "asset"
	Liability Kind = "liability"
	Equity    Kind = "equity"
	Income    Kind = "income"
	Expense   Kind = "expense"
)

// roots are the first parts of account names that say the kind, in lower case.
var roots = map[string]Kind{
	"asset": Asset, "assets": Asset, "liability": Liability, "liabilities": Liability, "debt": Liability, "debts": Liability,
	"equity": Equity, "income": Income, "incomes": Income, "revenue": Income, "revenues": Income, "expense": Expense, "expenses": Expense,
}

// declared are the values of the tag "type:" in an account directive, in lower case.
var declared = map[string]Kind{
	"a": Asset, "asset": Asset, "c": Asset, "cash": Asset, "l": Liability, "liability": Liability, "e": Equity, "equity": Equity,
	"r": Income, "revenue": Income, "x": Expense, "expense": Expense,
}

// Kind returns what the account counts, by the nearest declaration or its first part; "" if neither says.
func (j Journal) Kind(account string) Kind {
	for name := account; ; {
		if k, ok := j.Kinds[name]; ok {
			return k
		}
		i := strings.LastIndexByte(name, ':')
		if i < 0 {
			break
		}
		name = name[:i]
	}
	root, _, _ := strings.Cut(account, ":")
	return roots[strings.ToLower(root)]
}

// byDate returns the entries in the order of their dates, those of one day as in the file.
func (j Journal) byDate() []Entry {
	es := slices.Clone(j.Entries)
	slices.SortStableFunc(es, func(a, b Entry) int { return strings.Compare(a.Date, b.Date) })
	return es
}

// accountTrouble says what is wrong with an account name, "" if nothing is.
func accountTrouble(name string) string {
	switch {
	case name == "":
		return "an account is missing"
	case strings.HasPrefix(name, "(") || strings.HasPrefix(name, "["):
		return "postings in brackets are not read; please write them plainly"
	case strings.ContainsAny(name, ";\t\n\r\"") || strings.Contains(name, "  ") || strings.ContainsAny(name[:1], "*! "):
		return fmt.Sprintf("%q is not an account name", name)
	case endsInAmount(name):
		return fmt.Sprintf("%q looks like an account and an amount; put two spaces between them", name)
	}
	for part := range strings.SplitSeq(name, ":") {
		if part == "" || strings.TrimSpace(part) != part {
			return fmt.Sprintf("%q has an empty part, or spaces beside a colon", name)
		}
	}
	return ""
}

// endsInAmount reports whether the last word of a name is a number or has a currency sign.
func endsInAmount(name string) bool {
	i := strings.LastIndexByte(name, ' ')
	if strings.ContainsAny(name, "£€$¥") {
		return true
	}
	return i >= 0 && strings.Trim(name[i+1:], "0123456789.,-+") == ""
}
