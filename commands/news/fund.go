package news

import (
	"context"
	"fmt"

	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// outcomes are the states of a fund's proposal that are news.
var outcomes = map[storage.FundState]string{
	storage.FundSucceeded: "has found its money",
	storage.FundSettled:   "has been paid",
	storage.FundFailed:    "did not find enough money",
	storage.FundReported:  "tells what became of the money",
}

// fund finds proposals that are open, and how others ended.
func (l *look) fund(ctx context.Context) error {
	open, err := l.db.FundOpenProposals(ctx, 50, 0)
	if err != nil {
		return err
	}
	ended, err := l.db.FundEnded(ctx, 20)
	if err != nil {
		return err
	}
	for _, p := range append(open, ended...) {
		fresh, err := l.new(ctx, fmt.Sprintf("fund/%d/%s", p.ID, p.State))
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := l.proposal(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// proposal suggests an item about a proposal as it stands. One that has ended
// takes back the item that asked for pledges.
func (l *look) proposal(ctx context.Context, p storage.FundProposal) error {
	ref := fmt.Sprintf("fund/%d/%s", p.ID, p.State)
	amount := money.Amount{Minor: p.Target, Currency: p.Currency}.String()
	if p.State == storage.FundOpen {
		return l.suggest(ctx, find{origin: "fund", ref: ref, sign: "involved", state: storage.Suggested, title: "The fund: " + p.Title,
			text: fmt.Sprintf("%s proposes it, for %s. Co-ops can pledge until %s.", p.OwnerName, amount, when.Say(p.Deadline, l.Zone))})
	}
	if err := l.drop(ctx, fmt.Sprintf("fund/%d/%s", p.ID, storage.FundOpen), "the proposal has ended"); err != nil {
		return err
	}
	how, ok := outcomes[p.State]
	if !ok {
		return nil
	}
	return l.suggest(ctx, find{origin: "fund", ref: ref, sign: "news", state: storage.Suggested, title: fmt.Sprintf("The fund: %s %s", p.Title, how),
		text: fmt.Sprintf("%s had proposed it, for %s.", p.OwnerName, amount)})
}
