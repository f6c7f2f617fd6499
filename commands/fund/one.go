package fund

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// one is `!fund 7`: everything about a proposal.
func (d *desk) one(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, _, late, err := d.proposal(ctx, c, "7")
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "%s, proposed by %s on %s\n", name(p), bot.Plain(p.OwnerName), p.Opened.In(c.Zone).Format("2 January 2006"))
	details(&t, p)
	fmt.Fprintf(&t, "- %s\n", until(p, c.Received(), c.Zone))
	if p.Kind == storage.FundPledges {
		if err := d.pledges(ctx, &t, p); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := d.history(ctx, &t, p, c.Zone); err != nil {
		return bot.Reply{}, err
	}
	limit, err := d.number(ctx, "cap", c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	if p.Kind == storage.FundPledges {
		t.WriteString(capWords(p.Currency, limit) + " ")
	}
	fmt.Fprintf(&t, "As of %s. %s", sayAsOf(c.Received(), c.Zone), next(p))
	return bot.Reply{Text: t.String(), Posts: late}, nil
}

// details are a proposal's own words.
func details(t *strings.Builder, p storage.FundProposal) {
	f := p.Details
	if p.Kind == storage.FundSpend {
		fmt.Fprintf(t, "- %s from the common fund\n", sum(p, p.Target))
	}
	for _, l := range []struct{ what, text string }{
		{"Benefit", f.Benefit}, {"Done when", f.Done}, {"Paid to", f.Payee}, {"Paid", f.PayWhen}, {"Mediator", f.Mediator},
	} {
		if l.text != "" {
			fmt.Fprintf(t, "- %s: %s\n", l.what, bot.Plain(l.text))
		}
	}
	if f.Link != "" {
		fmt.Fprintf(t, "- Talk about it: %s\n", sayLink(f.Link))
	}
	for _, k := range slices.Sorted(maps.Keys(f.More)) {
		fmt.Fprintf(t, "- %s: %s\n", upper(bot.Plain(k)), bot.Plain(f.More[k]))
	}
}

// pledges lists who promised what, with shares, because the worry is power.
func (d *desk) pledges(ctx context.Context, t *strings.Builder, p storage.FundProposal) error {
	all, err := d.db.FundPledgesTo(ctx, p.ID)
	if err != nil {
		return err
	}
	needs := "all or nothing"
	if p.Minimum < p.Target {
		needs = "goes ahead from " + sum(p, p.Minimum)
	}
	if len(all) == 0 && p.State != storage.FundOpen {
		fmt.Fprintf(t, "- Pledged: %s\n", far(p))
		return nil
	}
	if len(all) == 0 {
		fmt.Fprintf(t, "- Pledged: nothing of %s yet (%s)\n", sum(p, p.Target), needs)
		return nil
	}
	fmt.Fprintf(t, "- Pledged: %s (%s)\n", progress(p), needs)
	for _, f := range all {
		fmt.Fprintf(t, "  - %s: %s, %s", bot.Plain(f.CoopName), sum(p, f.Pledged), percent(f.Pledged, p.Pledged))
		switch {
		case f.Paid == f.Pledged:
			t.WriteString(", paid")
		case f.Paid > 0:
			fmt.Fprintf(t, ", %s of it paid", sum(p, f.Paid))
		}
		t.WriteByte('\n')
	}
	fmt.Fprintf(t, "- Second largest: %s\n", second(all))
	return nil
}

// second names the second largest contributor, whom a seed of the network
// would give the care for people. A tie is said, not chosen.
func second(all []storage.FundPledge) string {
	switch {
	case len(all) < 2:
		return "nobody yet"
	case all[0].Pledged == all[1].Pledged:
		return "a tie for the largest, so nobody is second: " + names(all, all[0].Pledged)
	case len(all) > 2 && all[1].Pledged == all[2].Pledged:
		return "a tie: " + names(all, all[1].Pledged)
	}
	return bot.Plain(all[1].CoopName)
}

// names lists the co-ops that promised so much.
func names(all []storage.FundPledge, pledged int64) string {
	var n []string
	for _, f := range all {
		if f.Pledged == pledged {
			n = append(n, bot.Plain(f.CoopName))
		}
	}
	return strings.Join(n[:len(n)-1], ", ") + " and " + n[len(n)-1]
}

// history is the last entries of the ledger about a proposal.
func (d *desk) history(ctx context.Context, t *strings.Builder, p storage.FundProposal, zone *time.Location) error {
	const most = 8
	all, err := d.db.FundEntries(ctx, p.ID, most+1)
	if err != nil {
		return err
	}
	if len(all) > most {
		all = all[1:]
		fmt.Fprintf(t, "- History (the last %d; `!fund ledger %d` has all):\n", most, p.ID)
	} else {
		t.WriteString("- History:\n")
	}
	for _, e := range all {
		fmt.Fprintf(t, "  - %s: %s\n", e.At.In(zone).Format("2 Jan 15:04"), said(p, e))
	}
	return nil
}

// said is an entry of the ledger in words.
func said(p storage.FundProposal, e storage.FundEntry) string {
	coop, words := bot.Plain(e.CoopName), bot.Plain(bot.Clip(e.Words, 160))
	data := read(e.Data)
	because := ""
	if words != "" {
		because = ": " + words
	}
	switch e.Kind {
	case "open":
		return "proposed by " + coop
	case "pledge":
		return fmt.Sprintf("%s pledged %s", coop, sum(p, data["amount"]))
	case "withdraw":
		return fmt.Sprintf("%s withdrew %s", coop, sum(p, data["amount"]))
	case "veto":
		what := "vetoed"
		if p.Kind == storage.FundSpend {
			what = "objected"
		}
		if e.State == storage.FundBlocked {
			return fmt.Sprintf("%s %s%s – with that it was blocked", coop, what, because)
		}
		return fmt.Sprintf("%s %s%s", coop, what, because)
	case "unveto":
		return fmt.Sprintf("%s took its %s back%s", coop, objection(p), because)
	case "decide":
		return "the time was up: it " + ended(p, e.State)
	case "close":
		return fmt.Sprintf("closed by %s: it %s%s", orCoordinator(coop), ended(p, e.State), because)
	case "cancel":
		return fmt.Sprintf("cancelled by %s%s", orCoordinator(coop), because)
	case "raise":
		return fmt.Sprintf("target raised from %s to %s", sum(p, data["was"]), sum(p, data["target"]))
	case "extend":
		return "extended until " + time.Unix(data["deadline"], 0).UTC().Format("2 January 2006, 15:04 UTC")
	case "paid":
		if p.Kind == storage.FundSpend {
			return "paid from the common fund" + because
		}
		return fmt.Sprintf("%s from %s arrived%s", sum(p, data["amount"]), coop, because)
	case "unpaid":
		if p.Kind == storage.FundSpend {
			return "taken back: not paid from the common fund after all"
		}
		return fmt.Sprintf("taken back: %s from %s has not arrived after all", sum(p, data["amount"]), coop)
	case "report":
		return "reported" + because
	case "link":
		return "talked about at " + sayLink(e.Words)
	}
	return bot.Plain(e.Kind) + because
}

func objection(p storage.FundProposal) string {
	if p.Kind == storage.FundSpend {
		return "objection"
	}
	return "veto"
}

func orCoordinator(coop string) string {
	if coop == "" {
		return "a coordinator"
	}
	return coop
}

func ended(p storage.FundProposal, s storage.FundState) string {
	p.State = s
	return state(p)
}

// next is the one useful next step for a proposal.
func next(p storage.FundProposal) string {
	switch {
	case p.Stopped > 0:
		return fmt.Sprintf("`!fund veto %d back` takes an objection back.", p.ID)
	case p.State == storage.FundOpen && p.Kind == storage.FundSpend:
		return fmt.Sprintf("Silence is consent; `!fund veto %d because …` objects.", p.ID)
	case p.State == storage.FundOpen && p.Left() > 0:
		return fmt.Sprintf("`!fund pledge %d £…` pledges for your co-op.", p.ID)
	case p.State == storage.FundSucceeded && p.Kind == storage.FundSpend:
		return fmt.Sprintf("`!fund paid %d` when the treasurer has paid.", p.ID)
	case p.State == storage.FundSucceeded:
		return fmt.Sprintf("`!fund settle %d` says who pays whom.", p.ID)
	case p.State == storage.FundSettled:
		return fmt.Sprintf("`!fund report %d …` says what came of it.", p.ID)
	}
	return "`!fund` shows what is open."
}

// read returns the numbers in an entry's data.
func read(data string) map[string]int64 {
	var raw map[string]json.RawMessage
	if json.Unmarshal([]byte(data), &raw) != nil {
		return nil // an entry without data
	}
	numbers := map[string]int64{}
	for k, v := range raw {
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			numbers[k] = n
		}
	}
	return numbers
}
