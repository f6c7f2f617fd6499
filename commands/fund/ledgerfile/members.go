package ledgerfile

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot/money"
)

// Member is a line of members.csv: a co-op and what it said it gives in a year.
type Member struct {
	Line         int
	Coop         string
	Contribution money.Amount // may be zero
}

// columns are the headings that are understood, in lower case. Every other column is left out, so an e-mail address
// that stands in the file is never kept.
var columns = map[string]string{
	"coop": "coop", "co-op": "coop", "cooperative": "coop", "co-operative": "coop", "name": "coop", "organisation": "coop", "member": "coop",
	"contribution": "contribution", "amount": "contribution", "pledge": "contribution", "annual contribution": "contribution",
}

// ReadMembers reads members.csv, whose first line names the columns: a co-op and its contribution, in any order. With
// problems there are no members.
func ReadMembers(text, currency string) ([]Member, []Problem) {
	if len(text) > largest || !utf8.ValidString(text) {
		return nil, []Problem{{Text: "this is not a CSV file in plain text (UTF-8)"}}
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	heading, err := r.Read()
	if err != nil {
		return nil, []Problem{csvProblem(err)}
	}
	at, problems := places(heading)
	if len(problems) > 0 {
		return nil, problems
	}
	var members []Member
	seen := map[string]bool{}
	for {
		fields, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			problems = append(problems, csvProblem(err))
			if !errors.Is(err, csv.ErrFieldCount) {
				break
			}
			continue
		}
		m, why := member(fields, at, currency)
		if m.Line, _ = r.FieldPos(0); why == "" && seen[strings.ToLower(m.Coop)] {
			why = m.Coop + " is there twice"
		}
		if why != "" {
			problems = append(problems, Problem{m.Line, why})
			continue
		}
		seen[strings.ToLower(m.Coop)] = true
		members = append(members, m)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return members, nil
}

// places finds the columns of the heading.
func places(heading []string) (at map[string]int, problems []Problem) {
	at = map[string]int{}
	for i, h := range heading {
		what, ok := columns[strings.ToLower(strings.TrimSpace(h))]
		if !ok {
			continue
		}
		if _, twice := at[what]; twice {
			problems = append(problems, Problem{1, "two columns say the " + what})
		}
		at[what] = i
	}
	for _, what := range []string{"coop", "contribution"} {
		if _, ok := at[what]; !ok {
			problems = append(problems, Problem{1, "no column says the " + what})
		}
	}
	return at, problems
}

func member(fields []string, at map[string]int, currency string) (m Member, why string) {
	m.Coop = strings.Join(strings.Fields(fields[at["coop"]]), " ")
	switch {
	case m.Coop == "":
		return m, "a line without a co-op"
	case strings.Contains(m.Coop, "@"):
		return m, "the co-op looks like an e-mail address"
	}
	read := money.ReadSigned(fields[at["contribution"]], currency)
	m.Contribution = read.Amount
	switch {
	case !read.OK():
		return m, m.Coop + ": " + read.Ask + read.Why
	case read.Amount.Currency != currency:
		return m, m.Coop + ": the books are in " + currency
	case read.Amount.Minor < 0:
		return m, m.Coop + ": a contribution cannot be below zero"
	}
	return m, ""
}

func csvProblem(err error) Problem {
	var parse *csv.ParseError
	switch {
	case err == io.EOF:
		return Problem{Text: "the file is empty"}
	case errors.As(err, &parse) && errors.Is(err, csv.ErrFieldCount):
		return Problem{parse.Line, "this line has more or fewer columns than the first"}
	case errors.As(err, &parse):
		return Problem{parse.Line, "the quotation marks on this line do not match"}
	}
	return Problem{Text: err.Error()}
}
