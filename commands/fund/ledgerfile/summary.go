package ledgerfile

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot/money"
)

// Summary is what a fund has to say about its books.
type Summary struct {
	From, AsOf string       // the first and the last day with an entry, YYYY-MM-DD; "" if there is none
	Balance    money.Amount // what it has: assets with liabilities taken off
	Years      []Year       // in order
}

// Year is what came in and went out in a calendar year, both as positive amounts.
type Year struct {
	Year          string
	Income, Spent money.Amount
	In, Out       []Line // by account, largest first
}

// Line is one account's sum.
type Line struct {
	Account string
	Amount  money.Amount
}

// Name is the last part of the account: the co-op of "income:subscriptions:Outlandish".
func (l Line) Name() string { return l.Account[strings.LastIndexByte(l.Account, ':')+1:] }

// Summary adds the books up.
func (j Journal) Summary() Summary {
	s := Summary{Balance: money.Amount{Currency: j.Currency}}
	in, out := map[string]map[string]int64{}, map[string]map[string]int64{}
	for _, e := range j.byDate() {
		if s.From == "" {
			s.From = e.Date
		}
		s.AsOf = e.Date
		year := e.Date[:4]
		if in[year] == nil {
			in[year], out[year] = map[string]int64{}, map[string]int64{}
		}
		for _, p := range e.Postings {
			switch j.Kind(p.Account) {
			case Income:
				in[year][p.Account] -= p.Amount.Minor
			case Expense:
				out[year][p.Account] += p.Amount.Minor
			case Asset, Liability:
				s.Balance.Minor += p.Amount.Minor
			}
		}
	}
	for _, year := range slices.Sorted(maps.Keys(in)) {
		y := Year{Year: year}
		y.In, y.Income = j.ranked(in[year])
		y.Out, y.Spent = j.ranked(out[year])
		s.Years = append(s.Years, y)
	}
	return s
}

// ranked puts sums in order, largest first, and adds them.
func (j Journal) ranked(sums map[string]int64) (lines []Line, total money.Amount) {
	total.Currency = j.Currency
	for _, account := range slices.Sorted(maps.Keys(sums)) {
		lines = append(lines, Line{account, money.Amount{Minor: sums[account], Currency: j.Currency}})
		total.Minor += sums[account]
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(b.Amount.Minor, a.Amount.Minor) })
	return lines, total
}

// Balances returns what every account holds, in the order of their names; accounts that hold nothing are there too.
func (j Journal) Balances() (lines []Line) {
	held := map[string]int64{}
	for _, e := range j.Entries {
		for _, p := range e.Postings {
			held[p.Account] += p.Amount.Minor
		}
	}
	for _, account := range slices.Sorted(maps.Keys(held)) {
		lines = append(lines, Line{account, money.Amount{Minor: held[account], Currency: j.Currency}})
	}
	return lines
}
