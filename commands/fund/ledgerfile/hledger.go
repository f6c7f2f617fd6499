package ledgerfile

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

// WriteHledger writes the journal so that hledger, ledger and [Read] understand it. Line breaks and semicolons in a
// payee become spaces and commas; an account that cannot be written is an error, and nothing of it is hidden.
func WriteHledger(w io.Writer, j Journal) error {
	b := bufio.NewWriter(w)
	format := money.Amount{Minor: 100000, Currency: j.Currency}.Decimal()
	if !strings.Contains(format, ".") {
		format += "." // hledger wants to see the decimal mark
	}
	fmt.Fprintf(b, "commodity %s %s\n\n", j.Currency, format)
	for _, account := range slices.Sorted(maps.Keys(j.Kinds)) {
		fmt.Fprintf(b, "account %s  ; type:%s\n\n", account, letters[j.Kinds[account]])
	}
	for _, e := range j.Entries {
		if err := e.hledger(b, j.Currency); err != nil {
			return err
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("ledgerfile: writing: %w", err)
	}
	return nil
}

// letters are how hledger declares kinds.
var letters = map[Kind]string{Asset: "A", Liability: "L", Equity: "E", Income: "R", Expense: "X"}

func (e Entry) hledger(b *bufio.Writer, currency string) error {
	b.WriteString(e.Date)
	if e.Status != "" {
		b.WriteString(" " + e.Status)
	}
	payee := strings.ReplaceAll(oneLine(e.Payee), ";", ",")
	code := strings.NewReplacer("(", "[", ")", "]", ";", ",").Replace(oneLine(e.Code))
	if code != "" || payee != "" && strings.ContainsAny(payee[:1], "*!(") {
		b.WriteString(" (" + code + ")") // an empty code keeps a payee's bracket from being taken for one
	}
	if payee != "" {
		b.WriteString(" " + payee)
	}
	b.WriteByte('\n')
	comment(b, e.Comment)
	for _, p := range e.Postings {
		if why := accountTrouble(p.Account); why != "" {
			return fmt.Errorf("ledgerfile: writing entry of %s: %s", e.Date, why)
		}
		if p.Amount.Currency != currency {
			return fmt.Errorf("ledgerfile: writing entry of %s: %v in books of %s", e.Date, p.Amount, currency)
		}
		b.WriteString("    ")
		if p.Status != "" {
			b.WriteString(p.Status + " ")
		}
		fmt.Fprintf(b, "%-40s  %s %s", p.Account, currency, p.Amount.Decimal())
		if p.Balance != nil {
			fmt.Fprintf(b, " = %s %s", currency, p.Balance.Decimal())
		}
		b.WriteByte('\n')
		comment(b, p.Comment)
	}
	b.WriteByte('\n')
	return nil
}

// comment writes a line of its own for each line of the comment.
func comment(b *bufio.Writer, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintf(b, "    ; %s\n", oneLine(line))
	}
}

// oneLine takes control characters and runs of spaces out of s.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		if isControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "�"))
	return strings.Join(strings.Fields(s), " ")
}
