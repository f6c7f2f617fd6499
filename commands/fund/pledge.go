package fund

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/storage"
)

// A wish is an amount that somebody may promise once they have said yes.
type wish struct {
	Proposal int64 `json:"n"`
	Minor    int64 `json:"minor"`
	Coop     int64 `json:"coop,omitempty"`   // for a second person
	Person   int64 `json:"person,omitempty"` // the first
}

func (w wish) act(name string) bot.Act {
	data, _ := json.Marshal(w) // numbers: cannot fail
	return bot.Act{Name: name, Data: string(data)}
}

// amountTo matches "£250 to 7", "£250 for #7".
var amountTo = regexp.MustCompile(`(?i)^(.+?)\s+(?:to|for|on|towards|into)\s+#?(\d{1,8})$`)

// pledge is `!fund pledge 7 £250`.
func (d *desk) pledge(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if m := amountTo.FindStringSubmatch(c.Args); m != nil {
		c.Args = m[2] + " " + m[1]
	}
	p, rest, late, err := d.proposal(ctx, c, "pledge 7 £250")
	if err != nil {
		return bot.Reply{}, err
	}
	if rest == "" {
		return bot.Reply{}, bot.Errorf("How much does %s pledge to %s? Try `!fund pledge %d £250`. %s", bot.Plain(c.Person.Coop), name(p), p.ID, progress(p)+".")
	}
	a, bare, err := d.amount(rest, fmt.Sprintf("!fund pledge %d", p.ID))
	if err != nil {
		return bot.Reply{}, err
	}
	w := wish{Proposal: p.ID, Minor: a.Minor}
	why, err := d.askFirst(ctx, c, a, bare)
	if err != nil {
		return bot.Reply{}, err
	}
	if why == "" {
		return d.promise(ctx, c, w, late)
	}
	return bot.Reply{
		Text:  fmt.Sprintf("%s Pledge **%v** by %s to %s?", why, a, bot.Plain(c.Person.Coop), name(p)),
		Ask:   &bot.Ask{Act: w.act("fund.pledge"), Needs: bot.Member},
		Posts: late,
	}, nil
}

// amount reads an amount in the fund's currency. try is the command to which
// a better one is added, "" where it is asked for anyway.
func (d *desk) amount(text, try string) (a money.Amount, bare bool, err error) {
	r := money.Read(text, d.Currency)
	other := r.Amount
	if len(r.Offers) > 0 {
		other = r.Offers[0]
	}
	switch {
	case other.Currency != "" && other.Currency != d.Currency:
		return a, false, bot.Errorf("The fund is kept in %s, so I cannot take %v. What is that in %s?", d.Currency, other, d.Currency)
	case r.Why != "" && try != "":
		return a, false, bot.Errorf("%s As in `%s £250`.", bot.Plain(r.Why), try)
	case r.Ask != "" && len(r.Offers) > 0 && try != "":
		return a, false, bot.Errorf("%s Then `%s %v`.", bot.Plain(r.Ask), try, r.Offers[0])
	case !r.OK():
		return a, false, bot.Errorf("%s", bot.Plain(r.Why+r.Ask))
	case r.Amount.Minor > most:
		return a, false, bot.Errorf("%v is more than this fund can hold. Please check the amount.", r.Amount)
	}
	return r.Amount, r.Bare, nil
}

// most is the largest amount the ledger takes, in minor units.
const most = 1_000_000_000_000

// askFirst says why a pledge is asked about before it is written down, "" if
// it is not.
func (d *desk) askFirst(ctx context.Context, c *bot.Call, a money.Amount, bare bool) (string, error) {
	if bare {
		return fmt.Sprintf("You wrote no currency; I take it as %v.", a), nil
	}
	limit, err := d.number(ctx, "ask_above", c.Received())
	if err == nil && limit > 0 && a.Minor > limit {
		return fmt.Sprintf("That is more than %v, so I ask first.", money.Amount{Minor: limit, Currency: d.Currency}), nil
	}
	return "", err
}

// pledgeSaid is the yes to a pledge that was asked about.
func (d *desk) pledgeSaid(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var w wish
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	if c.Person.CoopID == 0 {
		return bot.Reply{}, bot.Errorf("You no longer act for a co-op. `!iam <co-op>` says which.")
	}
	late, err := d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.promise(ctx, c, w, late)
}

// promise writes a pledge down, or asks for a second person of the co-op.
func (d *desk) promise(ctx context.Context, c *bot.Call, w wish, late []bot.Post) (bot.Reply, error) {
	limit, err := d.number(ctx, "second_above", c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	if limit > 0 && w.Minor > limit {
		return d.askSecond(ctx, c, w, limit, late)
	}
	return d.pledged(ctx, c, w, late)
}

// askSecond has another person of the co-op confirm a large pledge.
func (d *desk) askSecond(ctx context.Context, c *bot.Call, w wish, limit int64, late []bot.Post) (bot.Reply, error) {
	p, err := d.db.FundProposal(ctx, w.Proposal)
	if err != nil {
		return bot.Reply{}, err
	}
	room, most, err := d.db.FundRoom(ctx, p, c.Person.CoopID, c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	if w.Minor > room || p.State != storage.FundOpen {
		return d.pledged(ctx, c, w, late) // which refuses it with the reason
	}
	w.Coop, w.Person = c.Person.CoopID, c.Person.ID
	return bot.Reply{
		Text: fmt.Sprintf("%v by %s to %s is above %v, so a second person of %s has to say yes. %s", p.Amount(w.Minor), bot.Plain(c.Person.Coop), name(p),
			p.Amount(limit), bot.Plain(c.Person.Coop), capWords(p.Currency, most)),
		Ask:   &bot.Ask{Act: w.act("fund.second"), Needs: bot.Member, Anybody: true, For: 2 * day},
		Posts: late,
	}, nil
}

// pledgeSeconded is the yes of the second person.
func (d *desk) pledgeSeconded(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var w wish
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	switch {
	case c.Person.CoopID != w.Coop:
		return bot.Reply{}, bot.Errorf("That is for somebody else who acts for the same co-op to say.")
	case c.Person.ID == w.Person:
		return bot.Reply{}, bot.Errorf("You said it first; now a second person of %s has to say yes.", bot.Plain(c.Person.Coop))
	}
	late, err := d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.pledged(ctx, c, w, late)
}

// pledged writes a pledge down and says how far the proposal is.
func (d *desk) pledged(ctx context.Context, c *bot.Call, w wish, late []bot.Post) (bot.Reply, error) {
	a := act(c, "pledge", w.Proposal)
	a.Amount = w.Minor
	p, again, err := d.db.FundPledge(ctx, a)
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	room, limit, err := d.db.FundRoom(ctx, p, c.Person.CoopID, c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	mine, err := d.db.FundPledgeOf(ctx, p.ID, c.Person.CoopID)
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Text: fmt.Sprintf("Pledged **%s** by %s to %s. %s. %s %s %s As of %s.", sum(p, w.Minor), bot.Plain(c.Person.Coop), name(p),
		progress(p), ownShare(c, p, mine.Pledged, room), upper(power(p))+".", capWords(p.Currency, limit), sayAsOf(c.Received(), c.Zone))}
	if again {
		r.Posts = late
		return r, nil
	}
	r.Did = []bot.Effect{{
		What:  fmt.Sprintf("%s pledged %s to #%d", c.Person.Coop, sum(p, w.Minor), p.ID),
		Undo:  undoAct("withdraw", p.ID, c.Person.CoopID, w.Minor),
		Fixed: fmt.Sprintf("The ledger is only ever added to, so editing or deleting a message changes nothing in it: the pledge of %s by %s to #%d stands. `!fund withdraw %d %s` takes it back.", sum(p, w.Minor), bot.Plain(c.Person.Coop), p.ID, p.ID, sum(p, w.Minor)),
	}}
	if r.Posts, err = d.after(ctx, c, p, late); err != nil {
		return bot.Reply{}, err
	}
	half, err := d.half(ctx, c, p, w.Minor)
	r.Posts = append(r.Posts, half...)
	return r, err
}

// ownShare says what a co-op has pledged and may add.
func ownShare(c *bot.Call, p storage.FundProposal, mine, room int64) string {
	coop := bot.Plain(c.Person.Coop)
	switch {
	case room == 0 && mine == 0:
		return coop + " cannot pledge more to it."
	case room == 0:
		return fmt.Sprintf("%s has pledged %s, and cannot add to that.", coop, sum(p, mine))
	}
	return fmt.Sprintf("%s has pledged %s and may add %s.", coop, sum(p, mine), sum(p, room))
}

// half announces that a pledge brought a proposal past half way, now or at a
// better hour. In the room where the pledge was made the answer says it.
func (d *desk) half(ctx context.Context, c *bot.Call, p storage.FundProposal, by int64) ([]bot.Post, error) {
	past := 2*p.Pledged >= p.Target && 2*(p.Pledged-by) < p.Target
	if !past || p.Left() == 0 {
		return nil, nil
	}
	if at := open(c.Received(), c.Zone); at.After(c.Received()) {
		return nil, d.db.Promise(ctx, halfKind, strconv.FormatInt(p.ID, 10), at)
	}
	return d.sayTo(ctx, p, c.Room, halfWay(p))
}

// refused says in words why the ledger did not take an act.
func (d *desk) refused(ctx context.Context, c *bot.Call, err error, late []bot.Post) (bot.Reply, error) {
	if errors.Is(err, storage.ErrFundStopped) {
		return bot.Reply{}, bot.Errorf("The nightly look at the ledger found something wrong, so I write nothing in it until a coordinator has seen to it. Reading goes on: `!fund`.")
	}
	if errors.Is(err, storage.ErrNotFound) {
		return bot.Reply{}, bot.Errorf("There is no such proposal. `!fund` lists the open ones.")
	}
	var r *storage.FundRefusal
	if !errors.As(err, &r) {
		return bot.Reply{}, err
	}
	// What was decided on the way stays decided, so this is an answer and no error.
	return bot.Reply{Text: d.whyNot(ctx, c, r), Posts: late}, nil
}

// whyNot is a refusal in words, with what would be right.
func (d *desk) whyNot(ctx context.Context, c *bot.Call, r *storage.FundRefusal) string {
	p, coop := r.Proposal, bot.Plain(c.Person.Coop)
	switch r.Why {
	case storage.FundEndedAlready:
		return d.tooLate(ctx, c, r)
	case storage.FundWrongKind:
		if p.Kind == storage.FundSpend {
			return fmt.Sprintf("%s is spent from the common fund: nobody pledges to it. `!fund %d` says how it stands.", name(p), p.ID)
		}
		return fmt.Sprintf("%s cannot be changed in that way. `!fund %d` says how it stands.", name(p), p.ID)
	case storage.FundOverTarget:
		if r.Room == 0 {
			return fmt.Sprintf("%s is fully pledged: %s. If it needs more, its co-op can raise the target: `!fund raise %d`.", name(p), sum(p, p.Target), p.ID)
		}
		return fmt.Sprintf("%s needs only %s more, so nothing was pledged. Would that do? `!fund pledge %d %s`. %s", name(p), sum(p, r.Room), p.ID, sum(p, r.Room), capWords(p.Currency, r.Cap))
	case storage.FundOverCap:
		return fmt.Sprintf("A co-op may pledge at most %s to one proposal, and %s has pledged %s to %s. It may add %s. Nothing was pledged.%s", sum(p, r.Cap), coop, sum(p, r.Mine), name(p), sum(p, r.Room), tryPledge(p, r.Room))
	case storage.FundNothing:
		return fmt.Sprintf("%s has nothing there that could be taken back from %s.", coop, name(p))
	case storage.FundTooMuch:
		return fmt.Sprintf("That is more than there is: %s for %s. `!fund %d` has the details.", sum(p, r.Room), name(p), p.ID)
	case storage.FundTwice:
		return fmt.Sprintf("That is so already; nothing has changed for %s.", name(p))
	case storage.FundPaidAlready:
		return fmt.Sprintf("%s of %s has been paid, so it cannot be undone by me: people have to settle that between them.", sum(p, p.Paid), name(p))
	case storage.FundUnpaid:
		if p.State == storage.FundOpen {
			return fmt.Sprintf("%s is still open, so that comes later: %s.", name(p), lower(until(p, c.Received(), c.Zone)))
		}
		if p.State == storage.FundSettled || p.State == storage.FundReported {
			return fmt.Sprintf("%s is settled: everything has been paid already.", name(p))
		}
		return fmt.Sprintf("That does not go with %s: it %s.", name(p), state(p))
	case storage.FundNotHigher:
		return fmt.Sprintf("The target of %s is %s. To raise it, name a higher one: `!fund raise %d %s`. It cannot be lowered, because co-ops have counted on it.", name(p), sum(p, p.Target), p.ID, sum(p, 2*p.Target))
	case storage.FundNotLater:
		return fmt.Sprintf("%s ends on %s. Please name a later time that is still to come: `!fund extend %d in 2 weeks`.", name(p), sayUntil(p.Deadline, c.Zone), p.ID)
	}
	return "That cannot be done now."
}

func tryPledge(p storage.FundProposal, room int64) string {
	if room == 0 {
		return ""
	}
	return fmt.Sprintf(" `!fund pledge %d %s` would do.", p.ID, sum(p, room))
}

// tooLate names whom to ask once a proposal has ended.
func (d *desk) tooLate(ctx context.Context, c *bot.Call, r *storage.FundRefusal) string {
	p := r.Proposal
	if p.State == storage.FundOpen {
		return fmt.Sprintf("The time for %s was up on %s, and nothing counts after that.", name(p), sayUntil(p.Deadline, c.Zone))
	}
	text := fmt.Sprintf("%s is over: it %s on %s, and nothing counts after that.", name(p), state(p), sayUntil(p.Ended, c.Zone))
	if r.Mine > 0 && p.State == storage.FundSucceeded {
		text += fmt.Sprintf(" %s has pledged %s and others have counted on it; please talk with %s, who proposed it", bot.Plain(c.Person.Coop), sum(p, r.Mine), d.who(ctx, p))
		if p.Details.Mediator != "" {
			text += ", or with the mediator, " + bot.Plain(p.Details.Mediator)
		}
		text += "."
	}
	return text
}

// who names the person who proposed something, and their co-op; the co-op
// alone if that person is forgotten.
func (d *desk) who(ctx context.Context, p storage.FundProposal) string {
	all, err := d.db.Accounts(ctx, p.Person)
	if err != nil || len(all) == 0 || all[0].Name == "" {
		return bot.Plain(p.OwnerName)
	}
	return bot.Plain(all[0].Name) + " of " + bot.Plain(p.OwnerName)
}

// withdraw is `!fund withdraw 7 [£50|all]`.
func (d *desk) withdraw(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if m := amountTo.FindStringSubmatch(strings.ReplaceAll(c.Args, " from ", " for ")); m != nil {
		c.Args = m[2] + " " + m[1]
	}
	p, rest, late, err := d.proposal(ctx, c, "withdraw 7 £50")
	if err != nil {
		return bot.Reply{}, err
	}
	w := wish{Proposal: p.ID}
	if rest != "" && !strings.EqualFold(rest, "all") && !strings.EqualFold(rest, "everything") {
		a, _, err := d.amount(rest, fmt.Sprintf("!fund withdraw %d", p.ID))
		if err != nil {
			return bot.Reply{}, err
		}
		w.Minor = a.Minor
	}
	return d.withdrawn(ctx, c, w, c.Person.CoopID, late)
}

// withdrawn takes back what a co-op promised.
func (d *desk) withdrawn(ctx context.Context, c *bot.Call, w wish, coop int64, late []bot.Post) (bot.Reply, error) {
	a := act(c, "withdraw", w.Proposal)
	a.Amount, a.Coop = w.Minor, coop
	had, err := d.db.FundPledgeOf(ctx, w.Proposal, coop)
	if err != nil {
		return bot.Reply{}, err
	}
	p, again, err := d.db.FundWithdraw(ctx, a)
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	has, err := d.db.FundPledgeOf(ctx, p.ID, coop)
	if err != nil {
		return bot.Reply{}, err
	}
	_, limit, err := d.db.FundRoom(ctx, p, coop, c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	rest := "pledges nothing to it now"
	if has.Pledged > 0 {
		rest = "still pledges " + sum(p, has.Pledged)
	}
	coopName := bot.Plain(had.CoopName)
	r := bot.Reply{Text: fmt.Sprintf("Withdrawn: **%s** of %s from %s; it %s. %s. %s As of %s.", sum(p, had.Pledged-has.Pledged), coopName, name(p), rest,
		progress(p), capWords(p.Currency, limit), sayAsOf(c.Received(), c.Zone))}
	if again {
		r.Posts = late
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("%s withdrew %s from #%d", had.CoopName, sum(p, had.Pledged-has.Pledged), p.ID),
		Fixed: fmt.Sprintf("The ledger is only ever added to, so that does not bring the pledge back. `!fund pledge %d %s` pledges it anew.", p.ID, sum(p, had.Pledged-has.Pledged))}}
	r.Posts, err = d.after(ctx, c, p, late)
	return r, err
}

// number returns a rule's number at a moment, 0 if there is none.
func (d *desk) number(ctx context.Context, name string, at time.Time) (int64, error) {
	if err := d.configure(ctx, at); err != nil {
		return 0, err
	}
	rules, err := d.db.FundRules(ctx, at.UTC().Format(time.DateOnly))
	if err != nil || rules[name].Value == "" {
		return 0, err
	}
	return strconv.ParseInt(rules[name].Value, 10, 64)
}
