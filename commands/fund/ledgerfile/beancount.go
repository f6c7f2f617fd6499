package ledgerfile

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// WriteBeancount writes the journal for beancount. Account names follow its rules: "income:subs:we are open" becomes
// Income:Subs:We-are-open, and two accounts that would become one are told apart by a number. Balances that the
// journal states are left out, for beancount checks those at the beginning of a day.
func WriteBeancount(w io.Writer, j Journal) error {
	b := bufio.NewWriter(w)
	names, err := j.beanNames()
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "option \"operating_currency\" \"%s\"\n\n", j.Currency)
	entries := j.byDate()
	for _, l := range j.Balances() {
		fmt.Fprintf(b, "%s open %s %s\n", entries[0].Date, names[l.Account], j.Currency)
	}
	for _, e := range entries {
		e.bean(b, names)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("ledgerfile: writing: %w", err)
	}
	return nil
}

func (e Entry) bean(b *bufio.Writer, names map[string]string) {
	flag, text := e.Status, oneLine(e.Payee)
	if flag == "" {
		flag = "*"
	}
	if code := oneLine(e.Code); code != "" {
		text = strings.TrimSpace("(" + code + ") " + text)
	}
	fmt.Fprintf(b, "\n%s %s %s\n", e.Date, flag, quoted(text))
	comment(b, e.Comment)
	for _, p := range e.Postings {
		fmt.Fprintf(b, "  %-40s  %s %s\n", names[p.Account], p.Amount.Decimal(), p.Amount.Currency)
		comment(b, p.Comment)
	}
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// beanRoots are the five first parts that beancount knows.
var beanRoots = map[Kind]string{Asset: "Assets", Liability: "Liabilities", Equity: "Equity", Income: "Income", Expense: "Expenses"}

// beanNames finds a name of its own for every account.
func (j Journal) beanNames() (map[string]string, error) {
	names, taken := map[string]string{}, map[string]bool{}
	for _, l := range j.Balances() {
		root, ok := beanRoots[j.Kind(l.Account)]
		if !ok {
			return nil, fmt.Errorf("ledgerfile: writing for beancount: nothing says what %q counts", l.Account)
		}
		name := root + beanRest(l.Account)
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s%s-%d", root, beanRest(l.Account), n)
		}
		names[l.Account], taken[name] = name, true
	}
	return names, nil
}

// beanRest writes the parts of an account after the first; beancount wants at least one.
func beanRest(account string) string {
	first, rest, ok := strings.Cut(account, ":")
	switch _, isRoot := roots[strings.ToLower(first)]; {
	case !isRoot:
		rest = account
	case !ok:
		rest = "General"
	}
	var b strings.Builder
	for part := range strings.SplitSeq(rest, ":") {
		b.WriteString(":" + beanPart(part))
	}
	return b.String()
}

// beanPart keeps ASCII letters, digits and hyphens, and begins with a capital or a digit.
func beanPart(part string) string {
	part = strings.Map(func(c rune) rune {
		switch {
		case c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)):
			return c
		case unicode.Is(unicode.Mn, c):
			return -1
		}
		return '-'
	}, norm.NFKD.String(part))
	part = strings.Trim(part, "-")
	if part == "" {
		return "X"
	}
	return strings.ToUpper(part[:1]) + part[1:]
}
