package ledgerfile

import "git.coop/cotech/wortley/bot/money"

// kinds finds accounts that could be anything.
func (r *reader) kinds() {
	seen := map[string]bool{}
	for _, e := range r.books.Entries {
		for _, p := range e.Postings {
			if r.books.Kind(p.Account) == "" && !seen[p.Account] {
				seen[p.Account] = true
				r.line = p.Line
				r.problem("%q begins with none of assets, liabilities, equity, income, expenses; rename it, or add `account %s  ; type:X`", p.Account, p.Account)
			}
		}
	}
}

// balances compares what the file says an account holds with the sum up to there, in the order of dates.
func (r *reader) balances() {
	held := map[string]int64{}
	for _, e := range r.books.byDate() {
		for _, p := range e.Postings {
			held[p.Account] += p.Amount.Minor // cannot overflow: the volume was counted
			if p.Balance != nil && held[p.Account] != p.Balance.Minor {
				r.line = p.Line
				r.problem("%s holds %v here, not %v", p.Account, money.Amount{Minor: held[p.Account], Currency: r.books.Currency}, p.Balance)
			}
		}
	}
}
