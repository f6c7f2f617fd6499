package fund

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/storage"
)

// mine is `!fund mine`: what one's own co-op has promised and contributes. It
// is answered in private.
func (d *desk) mine(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	late, err := d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "**%s and the fund**\n", bot.Plain(c.Person.Coop))
	all, err := d.db.FundPledgesOf(ctx, c.Person.CoopID)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, f := range all {
		if err := d.minePledge(ctx, &t, c, f); err != nil {
			return bot.Reply{}, err
		}
	}
	if len(all) == 0 {
		t.WriteString("- Nothing is pledged now.\n")
	}
	if err := d.mineGiven(ctx, &t, c); err != nil {
		return bot.Reply{}, err
	}
	limit, err := d.number(ctx, "cap", c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	fmt.Fprintf(&t, "%s As of %s. `!fund` shows what is open.", capWords(d.Currency, limit), sayAsOf(c.Received(), c.Zone))
	return bot.Reply{Text: t.String(), Direct: true, Posts: late}, nil
}

func (d *desk) minePledge(ctx context.Context, t *strings.Builder, c *bot.Call, f storage.FundPledge) error {
	p, err := d.db.FundProposal(ctx, f.Proposal)
	if err != nil {
		return err
	}
	if p.State == storage.FundSucceeded {
		left := "paid"
		if f.Paid < f.Pledged {
			left = fmt.Sprintf("**%s to be paid**%s", sum(p, f.Pledged-f.Paid), payTo(p))
		}
		fmt.Fprintf(t, "- %s has succeeded: %s pledged, %s\n", name(p), sum(p, f.Pledged), left)
		return nil
	}
	room, _, err := d.db.FundRoom(ctx, p, c.Person.CoopID, c.Received())
	if err != nil {
		return err
	}
	fmt.Fprintf(t, "- %s: %s pledged, %s of what it has; may add %s; %s\n", name(p), sum(p, f.Pledged), percent(f.Pledged, p.Pledged), sum(p, room), lower(until(p, c.Received(), c.Zone)))
	return nil
}

// mineGiven says what a co-op gave by the books, and what it said it gives.
func (d *desk) mineGiven(ctx context.Context, t *strings.Builder, c *bot.Call) error {
	b, err := d.db.FundBooks(ctx)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	var given []string
	for _, y := range b.Years {
		for _, l := range y.In {
			if same(account(l.Account), c.Person.Coop) {
				given = append(given, fmt.Sprintf("%s in %s", money.Amount{Minor: l.Amount, Currency: b.Currency}, y.Year))
			}
		}
	}
	switch {
	case len(given) > 0:
		fmt.Fprintf(t, "- Given to the common fund: %s (books as of %s)\n", strings.Join(given, ", "), sayDay(b.AsOf))
	case err == nil:
		fmt.Fprintf(t, "- The books of the common fund show nothing from it (as of %s)\n", sayDay(b.AsOf))
	}
	members, asOf, err := d.db.FundMembers(ctx)
	if err != nil {
		return err
	}
	for _, m := range members {
		if same(m.Name, c.Person.Coop) {
			fmt.Fprintf(t, "- It said it gives %s a year (list of %s)\n", d.say(m.Amount), asOf.In(c.Zone).Format("2 January 2006"))
		}
	}
	return nil
}

// remind is `!fund remind [7|off]`.
func (d *desk) remind(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	args := strings.ToLower(strings.TrimSpace(c.Args))
	word, _, _ := strings.Cut(args, " ")
	n, rest, ok := numbered(args)
	switch {
	case word == "off" || word == "stop" || word == "none" || ok && (rest == "off" || rest == "stop"):
		return d.unremind(ctx, c, n)
	case args != "" && args != "all" && (!ok || rest != ""):
		return bot.Reply{}, bot.Errorf("`!fund remind` tells you before every proposal ends, `!fund remind 7` before one does, `!fund remind off` ends it.")
	}
	which := "every open proposal"
	if ok {
		p, err := d.db.FundProposal(ctx, n)
		if errors.Is(err, storage.ErrNotFound) {
			return bot.Reply{}, bot.Errorf("There is no proposal #%d. `!fund` lists the open ones.", n)
		}
		if err != nil {
			return bot.Reply{}, err
		}
		if p.State != storage.FundOpen {
			return bot.Reply{}, bot.Errorf("%s is over: it %s.", name(p), state(p))
		}
		which = name(p)
	}
	err := d.db.FundRemind(ctx, storage.FundReminder{Person: c.Person.ID, Proposal: n, Site: c.Room.Site, User: c.From.ID})
	return bot.Reply{Text: fmt.Sprintf("I will tell you directly about two days and about four hours before %s ends, at decent hours. `!fund remind off` ends that.", which),
		Did: []bot.Effect{{What: "asked to be reminded of the fund", Undo: undoAct("unremind", n, 0, 0)}}}, err
}

func (d *desk) unremind(ctx context.Context, c *bot.Call, n int64) (bot.Reply, error) {
	had, err := d.db.FundUnremind(ctx, c.Person.ID, n)
	if err != nil {
		return bot.Reply{}, err
	}
	if had == 0 {
		return bot.Reply{Text: "You had not asked to be reminded. `!fund remind` asks for it."}, nil
	}
	return bot.Reply{Text: "All right, I will not remind you of the fund any more."}, nil
}
