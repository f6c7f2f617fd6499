package fund

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A change is what somebody wants to do to a proposal, once they have seen
// what it comes to and said yes.
type change struct {
	What     string `json:"what"` // close, cancel, raise, extend
	Proposal int64  `json:"n"`
	Words    string `json:"words,omitempty"`
	Minor    int64  `json:"minor,omitempty"`
	Until    int64  `json:"until,omitempty"`
	Approved bool   `json:"approved,omitempty"`
}

// sure shows the effect of a change and waits for a yes.
func sure(ch change, effect string, late []bot.Post) (bot.Reply, error) {
	data, err := json.Marshal(ch)
	return bot.Reply{Text: effect, Posts: late, Ask: &bot.Ask{Act: bot.Act{Name: "fund.change", Data: string(data)}, Needs: bot.Member}}, err
}

// toChange finds the proposal that somebody may change.
func (d *desk) toChange(ctx context.Context, c *bot.Call, try string) (p storage.FundProposal, rest string, late []bot.Post, err error) {
	p, rest, late, err = d.proposal(ctx, c, try)
	if err == nil {
		err = mayChange(c, p)
	}
	return p, rest, late, err
}

// close is `!fund close 7`, for a spend `!fund close 7 approved https://…`.
func (d *desk) close(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.toChange(ctx, c, "close 7")
	if err != nil {
		return bot.Reply{}, err
	}
	if p.State != storage.FundOpen {
		return bot.Reply{Text: d.whyNot(ctx, c, &storage.FundRefusal{Why: storage.FundEndedAlready, Proposal: p}), Posts: late}, nil
	}
	ch := change{What: "close", Proposal: p.ID, Words: tidy(rest, 300)}
	if p.Kind == storage.FundSpend {
		return d.closeSpend(c, p, ch, late)
	}
	if p.Pledged >= p.Minimum {
		return sure(ch, fmt.Sprintf("Close %s now, %s before its time? It has %s and its minimum is %s, so it **succeeds**: what was pledged is paid, and nobody can pledge, withdraw or veto any more.",
			name(p), sayLeft(p.Deadline.Sub(c.Received())), sum(p, p.Pledged), sum(p, p.Minimum)), late)
	}
	return sure(ch, fmt.Sprintf("Close %s now, %s before its time? It has %s and needs %s, so it **fails**: nobody pays anything, and every pledge is free again.",
		name(p), sayLeft(p.Deadline.Sub(c.Received())), sum(p, p.Pledged), sum(p, p.Minimum)), late)
}

// closeSpend ends a spend with what the co-ops voted.
func (d *desk) closeSpend(c *bot.Call, p storage.FundProposal, ch change, late []bot.Post) (bot.Reply, error) {
	word, link, _ := strings.Cut(ch.Words, " ")
	word = strings.ToLower(word)
	ch.Approved = word == "approved" || word == "approve"
	if !ch.Approved && word != "declined" && word != "decline" {
		return bot.Reply{}, bot.Errorf("What did the co-ops decide about %s? `!fund close %d approved https://…` or `!fund close %d declined https://…`, with where they did. `!fund cancel %d` calls it off.", name(p), p.ID, p.ID, p.ID)
	}
	if c.Person.Role < bot.Coordinator {
		return bot.Reply{}, bot.Errorf("A decision of the co-ops is written down by a coordinator. `!who coordinators` says whom to ask.")
	}
	at, err := readLink(link)
	if err != nil {
		return bot.Reply{}, bot.Errorf("Where did they decide? `!fund close %d %s https://…`, with a link.", p.ID, word)
	}
	ch.Words = at
	if ch.Approved {
		return sure(ch, fmt.Sprintf("Write down that the co-ops **approved** %s at %s? Then %s is committed, and the treasurer pays it%s.", name(p), sayLink(at), sum(p, p.Target), payTo(p)), late)
	}
	return sure(ch, fmt.Sprintf("Write down that the co-ops **declined** %s at %s? Then nothing is paid.", name(p), sayLink(at)), late)
}

// cancel is `!fund cancel 7 [reason]`.
func (d *desk) cancel(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.toChange(ctx, c, "cancel 7")
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case p.Paid > 0:
		return bot.Reply{Text: d.whyNot(ctx, c, &storage.FundRefusal{Why: storage.FundPaidAlready, Proposal: p}), Posts: late}, nil
	case p.State != storage.FundOpen && p.State != storage.FundSucceeded:
		return bot.Reply{Text: d.whyNot(ctx, c, &storage.FundRefusal{Why: storage.FundEndedAlready, Proposal: p}), Posts: late}, nil
	}
	effect := "Nothing has been pledged to it."
	switch {
	case p.Kind == storage.FundSpend:
		effect = "Nothing is paid from the common fund."
	case p.Pledged > 0:
		effect = fmt.Sprintf("%s of %s are free again, and nobody pays anything.", sum(p, p.Pledged), plural(int64(p.Coops), "co-op"))
	}
	return sure(change{What: "cancel", Proposal: p.ID, Words: tidy(rest, 300)},
		fmt.Sprintf("Call off %s for good? %s It cannot be opened again; its history stays.", name(p), effect), late)
}

// untilWords splits "£2,000 until 28 Feb".
var untilWords = regexp.MustCompile(`(?i)^(.*?)(?:,?\s+(?:until|till|by)\s+(.+))?$`)

// raise is `!fund raise 7 £2,000 [until 28 Feb]`.
func (d *desk) raise(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.toChange(ctx, c, "raise 7 £2,000")
	if err != nil {
		return bot.Reply{}, err
	}
	if rest == "" {
		return bot.Reply{}, bot.Errorf("To how much? The target of %s is %s; try `!fund raise %d %s`.", name(p), sum(p, p.Target), p.ID, sum(p, 2*p.Target))
	}
	m := untilWords.FindStringSubmatch(strings.TrimPrefix(rest, "to "))
	a, _, err := d.amount(m[1], fmt.Sprintf("!fund raise %d", p.ID))
	if err != nil {
		return bot.Reply{}, err
	}
	ch := change{What: "raise", Proposal: p.ID, Minor: a.Minor}
	until := p.Deadline
	if m[2] != "" {
		if until, err = readDeadline(m[2], c.Received(), c.Zone); err != nil {
			return bot.Reply{}, err
		}
		ch.Until = until.Unix()
	}
	switch why := cannotRaise(p, a.Minor, until, c.Received()); why {
	case "":
	case storage.FundNotLater:
		return bot.Reply{}, bot.Errorf("%s ended on %s, so it needs a new deadline too: `!fund raise %d %v until 28 February`.", name(p), sayUntil(p.Deadline, c.Zone), p.ID, a)
	default:
		return bot.Reply{Text: d.whyNot(ctx, c, &storage.FundRefusal{Why: why, Proposal: p}), Posts: late}, nil
	}
	effect := fmt.Sprintf("Raise the target of %s from %s to **%v**? ", name(p), sum(p, p.Target), a)
	if p.State == storage.FundSucceeded {
		effect += "It **opens again**: nobody pays before it succeeds anew, and co-ops can pledge, withdraw and veto until then. "
	}
	if p.Minimum == p.Target {
		effect += fmt.Sprintf("It stays all or nothing, so now %v is needed. ", a)
	}
	return sure(ch, effect+fmt.Sprintf("The %s pledged so far stay. It is open until %s.", sum(p, p.Pledged), sayUntil(until, c.Zone)), late)
}

// cannotRaise says why a target cannot be raised, "" if it can.
func cannotRaise(p storage.FundProposal, minor int64, until, now time.Time) storage.FundWhy {
	switch {
	case p.Kind != storage.FundPledges:
		return storage.FundWrongKind
	case p.Paid > 0:
		return storage.FundPaidAlready
	case p.State != storage.FundOpen && p.State != storage.FundSucceeded:
		return storage.FundEndedAlready
	case minor <= p.Target:
		return storage.FundNotHigher
	case !until.After(now):
		return storage.FundNotLater
	}
	return ""
}

// extend is `!fund extend 7 28 Feb`.
func (d *desk) extend(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.toChange(ctx, c, "extend 7 28 February")
	if err != nil {
		return bot.Reply{}, err
	}
	if p.State != storage.FundOpen || p.Stopped > 0 {
		why := storage.FundEndedAlready
		if p.Stopped > 0 {
			why = storage.FundWrongKind
		}
		return bot.Reply{Text: d.whyNot(ctx, c, &storage.FundRefusal{Why: why, Proposal: p}), Posts: late}, nil
	}
	if rest == "" {
		return bot.Reply{}, bot.Errorf("Until when? %s ends on %s; try `!fund extend %d in 2 weeks`.", name(p), sayUntil(p.Deadline, c.Zone), p.ID)
	}
	until, err := readDeadline(rest, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	if !until.After(p.Deadline) {
		return bot.Reply{Text: d.whyNot(ctx, c, &storage.FundRefusal{Why: storage.FundNotLater, Proposal: p}), Posts: late}, nil
	}
	return sure(change{What: "extend", Proposal: p.ID, Until: until.Unix()},
		fmt.Sprintf("Extend %s from %s to **%s**? Every pledge stays (%s), and the new deadline is announced.", name(p), sayUntil(p.Deadline, c.Zone), sayUntil(until, c.Zone), progress(p)), late)
}

// changed is the yes to a change.
func (d *desk) changed(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var ch change
	if err := json.Unmarshal([]byte(data), &ch); err != nil {
		return bot.Reply{}, err
	}
	late, err := d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	a := act(c, ch.What, ch.Proposal)
	a.Words, a.Amount = ch.Words, ch.Minor
	if ch.Until != 0 {
		a.Until = time.Unix(ch.Until, 0).UTC()
	}
	var p storage.FundProposal
	var again bool
	switch ch.What {
	case "close":
		p, again, err = d.db.FundClose(ctx, a, ch.Approved)
	case "cancel":
		p, again, err = d.db.FundCancel(ctx, a)
	case "raise":
		p, again, err = d.db.FundRaise(ctx, a)
	case "extend":
		p, again, err = d.db.FundExtend(ctx, a)
	}
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	text, err := d.done(ctx, c, ch, p)
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Text: text, Posts: late}
	if again {
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("%s: #%d", ch.What, p.ID), Fixed: "The ledger is only ever added to, and others have seen this. `!fund " + fmt.Sprint(p.ID) + "` says how it stands."}}
	if r.Posts, err = d.after(ctx, c, p, late); err != nil {
		return bot.Reply{}, err
	}
	more, err := d.sayTo(ctx, p, c.Room, bot.Post{Key: key(c, ch.What), Text: text, Why: "Somebody changed this proposal."})
	r.Posts = append(r.Posts, more...)
	return r, err
}

// done says what a change came to.
func (d *desk) done(ctx context.Context, c *bot.Call, ch change, p storage.FundProposal) (string, error) {
	asOf := " As of " + sayAsOf(c.Received(), c.Zone) + "."
	switch ch.What {
	case "close":
		text, err := d.decided(ctx, p)
		return "Closed. " + text + asOf, err
	case "cancel":
		return fmt.Sprintf("%s is **cancelled**: nobody pays anything, and every pledge is free again.%s", name(p), asOf), nil
	case "raise":
		return fmt.Sprintf("%s now asks for **%s**. Pledged: %s. %s.%s", name(p), sum(p, p.Target), progress(p), until(p, c.Received(), c.Zone), asOf), nil
	}
	return fmt.Sprintf("%s has more time: %s. Every pledge stays: %s.%s", name(p), lower(until(p, c.Received(), c.Zone)), progress(p), asOf), nil
}

// link is `!fund link 7 https://…`.
func (d *desk) link(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.toChange(ctx, c, "link 7 https://…")
	if err != nil {
		return bot.Reply{}, err
	}
	at, err := readLink(rest)
	if err != nil {
		return bot.Reply{}, err
	}
	a := act(c, "link", p.ID)
	a.Words = at
	p, again, err := d.db.FundLink(ctx, a)
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	r := bot.Reply{Text: fmt.Sprintf("%s is talked about at %s; the announcement says so too.", name(p), sayLink(at)), Posts: late}
	if again {
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("link of #%d", p.ID), Fixed: fmt.Sprintf("`!fund link %d https://…` sets another link.", p.ID)}}
	r.Posts, err = d.update(ctx, p, c.Received(), c.Zone)
	r.Posts = append(late, r.Posts...)
	return r, err
}
