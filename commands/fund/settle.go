package fund

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// settle is `!fund settle 7`: who pays whom, and what has arrived.
func (d *desk) settle(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, _, late, err := d.proposal(ctx, c, "settle 7")
	if err != nil {
		return bot.Reply{}, err
	}
	if p.State == storage.FundOpen {
		text := fmt.Sprintf("%s is still open, so nobody pays yet: %s. %s.", name(p), progress(p), until(p, c.Received(), c.Zone))
		if p.Kind == storage.FundSpend {
			text = fmt.Sprintf("%s is not approved yet, so nobody pays. %s.", name(p), until(p, c.Received(), c.Zone))
		}
		return bot.Reply{Text: text, Posts: late}, nil
	}
	text := fmt.Sprintf("%s: it %s, so nobody pays anything for it.", name(p), state(p))
	switch p.State {
	case storage.FundSucceeded, storage.FundSettled, storage.FundReported:
		text = fmt.Sprintf("%s: it %s.\n", name(p), state(p))
		duties, err := d.duties(ctx, p)
		if err != nil {
			return bot.Reply{}, err
		}
		text += duties + " As of " + sayAsOf(c.Received(), c.Zone) + "."
	}
	return bot.Reply{Text: text, Posts: late}, nil
}

// duties lists who pays whom, when, and what has been paid.
func (d *desk) duties(ctx context.Context, p storage.FundProposal) (string, error) {
	if p.Kind == storage.FundSpend {
		if p.State == storage.FundSucceeded {
			return fmt.Sprintf("- The treasurer pays **%s**%s from the common fund.\n`!fund paid %d` when it is done.", sum(p, p.Target), payTo(p), p.ID), nil
		}
		return fmt.Sprintf("- %s%s was paid from the common fund.\n", sum(p, p.Target), payTo(p)), nil
	}
	all, err := d.db.FundPledgesTo(ctx, p.ID)
	if err != nil {
		return "", err
	}
	var t strings.Builder
	for _, f := range all {
		switch {
		case f.Paid == f.Pledged:
			fmt.Fprintf(&t, "- %s: %s, paid ✓\n", bot.Plain(f.CoopName), sum(p, f.Pledged))
		case f.Coop == p.Owner && p.Details.Payee != "" && same(p.Details.Payee, f.CoopName):
			fmt.Fprintf(&t, "- %s keeps its own **%s** for it\n", bot.Plain(f.CoopName), sum(p, f.Pledged-f.Paid))
		default:
			fmt.Fprintf(&t, "- %s pays **%s**%s\n", bot.Plain(f.CoopName), sum(p, f.Pledged-f.Paid), payTo(p))
		}
	}
	if p.Details.PayWhen != "" {
		fmt.Fprintf(&t, "When: %s. ", strings.TrimRight(bot.Plain(p.Details.PayWhen), "."))
	}
	if p.State == storage.FundSucceeded {
		fmt.Fprintf(&t, "Paid so far: %s of %s. No money passes through me: co-ops pay directly, and %s says `!fund paid %d <co-op>` when it has arrived.", sum(p, p.Paid), sum(p, p.Pledged), bot.Plain(p.OwnerName), p.ID)
		return t.String(), nil
	}
	fmt.Fprintf(&t, "Everything has arrived: %s.", sum(p, p.Paid))
	return t.String(), nil
}

// paid is `!fund paid 7 Calverts [£200] [https://…]`, for a spend `!fund paid 7 [https://…]`.
func (d *desk) paid(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.toChange(ctx, c, "paid 7 Calverts")
	if err != nil {
		return bot.Reply{}, err
	}
	if p.State != storage.FundSucceeded && p.State != storage.FundSettled && p.State != storage.FundReported {
		return bot.Reply{Text: d.whyNot(ctx, c, &storage.FundRefusal{Why: storage.FundUnpaid, Proposal: p}), Posts: late}, nil
	}
	a := act(c, "paid", p.ID)
	a.Coop = 0
	if i := strings.Index(rest, "http"); i >= 0 {
		if a.Words, err = readLink(rest[i:]); err != nil {
			return bot.Reply{}, err
		}
		rest = strings.TrimSpace(rest[:i])
	}
	if p.Kind == storage.FundPledges {
		if err := d.payer(ctx, p, rest, &a); err != nil {
			return bot.Reply{}, err
		}
	}
	had, err := d.db.FundPledgeOf(ctx, p.ID, a.Coop)
	if err != nil {
		return bot.Reply{}, err
	}
	p, again, err := d.db.FundPay(ctx, a)
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	text, err := d.arrived(ctx, c, p, had)
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Text: text, Posts: late}
	if again {
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("paid: #%d", p.ID), Undo: undoPaid(p.ID, a.Coop, a.Key),
		Fixed: "The ledger is only ever added to, so editing or deleting a message changes nothing in it: the payment stands. `!undo` as a reply to my answer takes it back."}}
	r.Posts, err = d.after(ctx, c, p, late)
	return r, err
}

// payer finds out whose money has arrived, and how much.
func (d *desk) payer(ctx context.Context, p storage.FundProposal, words string, a *storage.FundAct) error {
	all, err := d.db.FundPledgesTo(ctx, p.ID)
	if err != nil {
		return err
	}
	if i := strings.LastIndexAny(words, "£€$"); i > 0 {
		amount, _, err := d.amount(words[i:], fmt.Sprintf("!fund paid %d %s", p.ID, strings.TrimSpace(words[:i])))
		if err != nil {
			return err
		}
		a.Amount, words = amount.Minor, strings.TrimSpace(words[:i])
	} else if strings.HasPrefix(words, "£") {
		words = ""
	}
	var found, unpaid []string
	for _, f := range all {
		if f.Paid < f.Pledged {
			unpaid = append(unpaid, bot.Plain(f.CoopName))
		}
		if words != "" && (same(words, f.CoopName) || strings.Contains(fold(f.CoopName), fold(words)) && fold(words) != "") {
			a.Coop = f.Coop
			found = append(found, bot.Plain(f.CoopName))
			if same(words, f.CoopName) {
				return nil
			}
		}
	}
	switch {
	case len(found) == 1:
		return nil
	case len(found) > 1:
		return bot.Errorf("Which one: %s? Please give me more of the name.", strings.Join(found, " or "))
	case words == "" && len(unpaid) > 0:
		return bot.Errorf("Whose money has arrived for %s? Try `!fund paid %d %s`. Not paid yet: %s.", name(p), p.ID, bot.Code(unpaid[0]), strings.Join(unpaid, ", "))
	case len(unpaid) > 0:
		return bot.Errorf("“%s” has pledged nothing to %s. Not paid yet: %s.", bot.Plain(bot.Clip(words, 40)), name(p), strings.Join(unpaid, ", "))
	}
	return bot.Errorf("Everything that was pledged to %s has arrived already.", name(p))
}

// arrived says what has been paid, and what is still to come.
func (d *desk) arrived(ctx context.Context, c *bot.Call, p storage.FundProposal, had storage.FundPledge) (string, error) {
	asOf := " As of " + sayAsOf(c.Received(), c.Zone) + "."
	if p.Kind == storage.FundSpend {
		return fmt.Sprintf("Paid: **%s**%s from the common fund for %s. It is **settled**. `!fund report %d …` says what came of it.%s", sum(p, p.Target), payTo(p), name(p), p.ID, asOf), nil
	}
	f, err := d.db.FundPledgeOf(ctx, p.ID, had.Coop)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("Arrived: **%s** from %s for %s. ", sum(p, f.Paid-had.Paid), bot.Plain(f.CoopName), name(p))
	if p.State == storage.FundSettled {
		return text + fmt.Sprintf("Everybody has paid: it is **settled**. `!fund report %d …` says what came of it.%s", p.ID, asOf), nil
	}
	return text + fmt.Sprintf("%s of %s has arrived; `!fund settle %d` says who is still to pay.%s", sum(p, p.Paid), sum(p, p.Pledged), p.ID, asOf), nil
}

// unpaid takes back that money has arrived.
func (d *desk) unpaid(ctx context.Context, c *bot.Call, u undoing, late []bot.Post) (bot.Reply, error) {
	a := act(c, "unpaid", u.Proposal)
	a.Coop = u.Coop
	p, again, err := d.db.FundUnpay(ctx, a, u.Key)
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	text := fmt.Sprintf("Taken back: %s has not been paid from the common fund. `!fund paid %d` when it is.", name(p), p.ID)
	if p.Kind == storage.FundPledges {
		f, err := d.db.FundPledgeOf(ctx, p.ID, u.Coop)
		if err != nil {
			return bot.Reply{}, err
		}
		text = fmt.Sprintf("Taken back: of what %s pledged to %s, %s has arrived and **%s** has not. `!fund settle %d` says who is still to pay. As of %s.",
			bot.Plain(f.CoopName), name(p), sum(p, f.Paid), sum(p, f.Pledged-f.Paid), p.ID, sayAsOf(c.Received(), c.Zone))
	}
	r := bot.Reply{Text: text, Posts: late}
	if again {
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("not paid after all: #%d", p.ID), Fixed: fmt.Sprintf("The ledger is only ever added to. `!fund paid %d` writes the payment down anew.", p.ID)}}
	r.Posts, err = d.after(ctx, c, p, late)
	return r, err
}

// report is `!fund report 7 what came of it`.
func (d *desk) report(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.toChange(ctx, c, "report 7 the site is online: https://…")
	if err != nil {
		return bot.Reply{}, err
	}
	a := act(c, "report", p.ID)
	if a.Words = tidy(rest, 500); len([]rune(a.Words)) < shortest {
		return bot.Reply{}, bot.Errorf("What came of it, in a sentence or with a link? It was to be done when: %s. `!fund report %d …`.", orDash(p.Details.Done), p.ID)
	}
	p, again, err := d.db.FundReport(ctx, a)
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	r := bot.Reply{Text: fmt.Sprintf("Reported for %s: %s Thank you.", name(p), quote(a.Words)), Posts: late}
	if again {
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("report on #%d", p.ID), Fixed: fmt.Sprintf("`!fund report %d …` adds another report.", p.ID)}}
	r.Posts, err = d.update(ctx, p, c.Received(), c.Zone)
	r.Posts = append(late, r.Posts...)
	return r, err
}

func orDash(s string) string {
	if s == "" {
		return "nobody said"
	}
	return bot.Plain(s)
}
