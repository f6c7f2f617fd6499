package fund

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/storage"
)

// screen is how many proposals fit on one.
const screen = 6

// look is `!fund`, `!fund all` and `!fund 7`.
func (d *desk) look(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.configure(ctx, c.Received()); err != nil {
		return bot.Reply{}, err
	}
	args := strings.ToLower(tidy(c.Args, 40))
	if _, _, ok := numbered(args); ok {
		return d.one(ctx, c)
	}
	late, err := d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	var text string
	switch {
	case args == "":
		text, err = d.overview(ctx, c)
	case args == "all" || strings.HasPrefix(args, "all "):
		text, err = d.all(ctx, c, strings.TrimSpace(strings.TrimPrefix(args, "all")))
	default:
		return bot.Reply{}, bot.Errorf("I don't know “%s” after `!fund`. `!fund` shows everything on one screen, `!fund 7` one proposal, `!help fund` what can be done.%s", bot.Plain(args), slip(args))
	}
	return bot.Reply{Text: text, Posts: late}, err
}

// slip suggests the word that was probably meant.
func slip(args string) string {
	word, _, _ := strings.Cut(args, " ")
	for _, known := range []string{"propose", "pledge", "withdraw", "veto", "close", "cancel", "raise", "extend", "settle", "paid", "report", "spend", "ledger", "books", "calc", "mine", "remind", "rules"} {
		if bot.Distance(word, known) <= 2 && len(word) > 3 {
			return fmt.Sprintf(" Did you mean `!fund %s`?", known)
		}
	}
	return ""
}

// overview is the fund on one screen.
func (d *desk) overview(ctx context.Context, c *bot.Call) (string, error) {
	now := c.Received()
	var t strings.Builder
	totals, err := d.db.FundTotals(ctx)
	if err != nil {
		return "", err
	}
	if err := d.holds(ctx, &t, totals, now, c.Zone); err != nil {
		return "", err
	}
	t.WriteString(promised(d, totals))
	open, err := d.db.FundOpenProposals(ctx, screen, 0)
	if err != nil {
		return "", err
	}
	for _, p := range open {
		t.WriteString("- " + line(p, now, c.Zone) + "\n")
	}
	if totals.Open > len(open) {
		fmt.Fprintf(&t, "%d more: `!fund all`.\n", totals.Open-len(open))
	}
	if err := d.own(ctx, &t, c, open); err != nil {
		return "", err
	}
	limit, err := d.number(ctx, "cap", now)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&t, "%s As of %s. ", capWords(d.Currency, limit), sayAsOf(now, c.Zone))
	if len(open) > 0 {
		fmt.Fprintf(&t, "`!fund %d` shows the first in full.", open[0].ID)
	} else {
		t.WriteString("`!fund propose` begins a proposal.")
	}
	return t.String(), nil
}

func (d *desk) say(minor int64) string {
	return money.Amount{Minor: minor, Currency: d.Currency}.String()
}

// holds says what the common fund has, by its books, and what of it is free.
func (d *desk) holds(ctx context.Context, t *strings.Builder, totals storage.FundTotals, now time.Time, zone *time.Location) error {
	b, err := d.db.FundBooks(ctx)
	if errors.Is(err, storage.ErrNotFound) {
		t.WriteString("**The common fund**: I have not seen its books yet, so I cannot say what it holds. Its treasurer can give them to whoever runs me: `wortley import fund`.\n")
		return nil
	}
	if err != nil {
		return err
	}
	asOf, err := time.ParseInLocation(time.DateOnly, b.AsOf, zone)
	if err != nil {
		return err
	}
	since, err := d.db.FundSpentSince(ctx, asOf.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	fmt.Fprintf(t, "**The common fund** held **%s** on %s%s (source: %s).", money.Amount{Minor: b.Balance, Currency: b.Currency}, sayDay(b.AsOf), age(asOf, now), bot.Plain(b.Source))
	if since > 0 {
		fmt.Fprintf(t, " Paid since: %s.", d.say(since))
	}
	free := b.Balance - totals.Committed - since
	fmt.Fprintf(t, " Committed: %s. Free: **%s**.\n", d.say(totals.Committed), d.say(free))
	if free < 0 {
		t.WriteString("More is committed than the books say there is: please talk with the treasurer.\n")
	}
	return d.course(ctx, t, b, now)
}

// age warns of old books.
func age(asOf, now time.Time) string {
	days := int64(now.Sub(asOf) / day)
	switch {
	case days < 92:
		return ""
	case days < 730:
		return fmt.Sprintf(", %d months ago", days*12/365)
	}
	return fmt.Sprintf(", %d years ago", days/365)
}

// course says the last year, and whether the fund is running down.
func (d *desk) course(ctx context.Context, t *strings.Builder, b storage.FundBooks, now time.Time) error {
	if len(b.Years) > 0 {
		y := b.Years[0]
		in, out := b.Sum(y.In), b.Sum(y.Out)
		fmt.Fprintf(t, "%s: %v in from %s, %s.", y.Year, in, plural(int64(len(y.In)), "co-op"), spent(b, y))
		if out.Minor > in.Minor {
			fmt.Fprintf(t, " It is running down: %s more went out than came in.", d.say(out.Minor-in.Minor))
		}
		t.WriteString(" `!fund books` has every year.\n")
	}
	rules, err := d.db.FundRules(ctx, now.UTC().Format(time.DateOnly))
	if err != nil {
		return err
	}
	if r, ok := rules["running_down"]; ok {
		fmt.Fprintf(t, "The fund is being run down, as agreed: %s (%s).\n", bot.Plain(r.Value), sayLink(r.Source))
	}
	return nil
}

func sayDay(day string) string {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return date.Format("2 January 2006")
}

// promised says what co-ops have promised.
func promised(d *desk, totals storage.FundTotals) string {
	text := fmt.Sprintf("**Promised by co-ops**: %s to %s", d.say(totals.Promised), plural(int64(totals.Open-totals.Spends), "open proposal"))
	if totals.Open == totals.Spends {
		text = "**Promised by co-ops**: no proposal for pledges is open"
	}
	if totals.ToPay > 0 {
		text += fmt.Sprintf(", and %s still to be paid to those that succeeded", d.say(totals.ToPay))
	}
	if totals.Spends > 0 {
		text += fmt.Sprintf(". %s of the common fund", upper(plural(int64(totals.Spends), "request")))
	}
	return text + ".\n"
}

// line is a proposal on one line of the overview.
func line(p storage.FundProposal, now time.Time, zone *time.Location) string {
	if p.Kind == storage.FundSpend {
		return fmt.Sprintf("%s (%s): %s from the common fund · %s", name(p), bot.Plain(p.OwnerName), sum(p, p.Target), shortly(p, now, zone))
	}
	return fmt.Sprintf("%s (%s): %s · %s · %s", name(p), bot.Plain(p.OwnerName), progress(p), power(p), shortly(p, now, zone))
}

// own says what the asker's co-op has pledged, and what it may still give.
func (d *desk) own(ctx context.Context, t *strings.Builder, c *bot.Call, open []storage.FundProposal) error {
	if c.Person.CoopID == 0 {
		t.WriteString("Which co-op do you act for? `!iam <co-op>`, and I show what it has pledged.\n")
		return nil
	}
	total, err := d.db.FundPromised(ctx, c.Person.CoopID)
	if err != nil {
		return err
	}
	var may []string
	for _, p := range open {
		if p.Kind != storage.FundPledges {
			continue
		}
		room, _, err := d.db.FundRoom(ctx, p, c.Person.CoopID, c.Received())
		if err != nil {
			return err
		}
		mine, err := d.db.FundPledgeOf(ctx, p.ID, c.Person.CoopID)
		if err != nil {
			return err
		}
		switch {
		case mine.Pledged > 0 && room > 0:
			may = append(may, fmt.Sprintf("to #%d %s, and may add %s", p.ID, sum(p, mine.Pledged), sum(p, room)))
		case mine.Pledged > 0:
			may = append(may, fmt.Sprintf("to #%d %s", p.ID, sum(p, mine.Pledged)))
		case room > 0:
			may = append(may, fmt.Sprintf("to #%d it may give %s", p.ID, sum(p, room)))
		}
	}
	has := "nothing"
	if total > 0 {
		has = d.say(total)
	}
	fmt.Fprintf(t, "**%s** has pledged %s", bot.Plain(c.Person.Coop), has)
	if len(may) > 0 {
		t.WriteString(": " + strings.Join(may, "; "))
	}
	t.WriteString(".\n")
	return nil
}

// all is `!fund all`: the open proposals after the first screen, then those
// that ended last; a page at a time.
func (d *desk) all(ctx context.Context, c *bot.Call, page string) (string, error) {
	const most = 15
	n := int64(1)
	if page != "" {
		var err error
		if n, err = strconv.ParseInt(page, 10, 32); err != nil || n < 1 {
			return "", bot.Errorf("Which page? Try `!fund all`, then `!fund all 2`.")
		}
	}
	totals, err := d.db.FundTotals(ctx)
	if err != nil {
		return "", err
	}
	open, err := d.db.FundOpenProposals(ctx, most, int(n-1)*most)
	if err != nil {
		return "", err
	}
	var t strings.Builder
	if len(open) > 0 {
		fmt.Fprintf(&t, "**Open** (%d)\n", totals.Open)
	}
	for _, p := range open {
		t.WriteString("- " + line(p, c.Received(), c.Zone) + "\n")
	}
	if rest := totals.Open - int(n)*most; rest > 0 {
		fmt.Fprintf(&t, "%d more: `!fund all %d`.", rest, n+1)
		return t.String(), nil
	}
	ended, err := d.db.FundEnded(ctx, most)
	if err != nil {
		return "", err
	}
	if len(ended) > 0 {
		t.WriteString("**Ended last**\n")
	}
	for _, p := range ended {
		fmt.Fprintf(&t, "- %s (%s): %s of %s; it %s on %s\n", name(p), bot.Plain(p.OwnerName), sum(p, max(p.Pledged, p.Reached)), sum(p, p.Target), state(p), p.Ended.In(c.Zone).Format("2 January 2006"))
	}
	if t.Len() == 0 {
		return "There has been no proposal yet. `!fund propose` begins one.", nil
	}
	fmt.Fprintf(&t, "As of %s.", sayAsOf(c.Received(), c.Zone))
	return t.String(), nil
}
