package ledgerfile

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"git.coop/cotech/wortley/bot/money"
)

//go:embed history.json
var historyJSON []byte

// PublishedHistory is what the CoTech fund published of 2019 to 2021. All sums are pence.
type PublishedHistory struct {
	Sources       []string
	Currency      string
	Years         []string
	Subscriptions []struct {
		Coop  string  // as in the fund's ledger
		Pence []int64 // by year
	}
	Published struct {
		Total        map[string]int64 // subscriptions in a year
		Contributors map[string]int
		Balance      map[string]int64 // at the end of a year
		Spent        map[string]int64
	}
}

// History returns the published history, which the demo shows and the tests reconcile.
func History() PublishedHistory {
	var h PublishedHistory
	if err := json.Unmarshal(historyJSON, &h); err != nil {
		panic(fmt.Errorf("ledgerfile: reading the history: %w", err))
	}
	return h
}

// Journal writes the history as books. The days within a year were not published, so everything stands on the last
// one; what was spent before 2021 is not itemised, so it is what the balance at the end of 2020 leaves.
func (h PublishedHistory) Journal() Journal {
	j := Journal{Currency: h.Currency, Kinds: map[string]Kind{}}
	var held int64
	for i, year := range h.Years {
		for _, s := range h.Subscriptions {
			if s.Pence[i] > 0 {
				j.move(year, "Subscription "+year+" of "+s.Coop, "income:subscriptions:"+s.Coop, "assets:bank", s.Pence[i])
				held += s.Pence[i]
			}
		}
		balance, ok := h.Published.Balance[year]
		if !ok {
			continue
		}
		account := "expenses:not itemised"
		if _, ok := h.Published.Spent[year]; !ok {
			account = "equity:not itemised"
		}
		j.move(year, "What the published balance of "+year+" leaves", "assets:bank", account, held-balance)
		held = balance
		from := &j.Entries[len(j.Entries)-1].Postings[0]
		from.Balance = &money.Amount{Minor: balance, Currency: h.Currency}
	}
	return j
}

// move adds an entry on the last day of the year.
func (j *Journal) move(year, payee, from, to string, minor int64) {
	j.Entries = append(j.Entries, Entry{
		Date: year + "-12-31", Status: "*", Payee: payee,
		Postings: []Posting{
			{Account: from, Amount: money.Amount{Minor: -minor, Currency: j.Currency}},
			{Account: to, Amount: money.Amount{Minor: minor, Currency: j.Currency}},
		},
	})
}
