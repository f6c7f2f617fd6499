package fund

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// shortest is how long a reason is at least, in letters: a sentence, not a word.
const shortest = 12

// veto is `!fund veto 7 because …`, and `!fund veto 7 back`.
func (d *desk) veto(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, rest, late, err := d.proposal(ctx, c, "veto 7 because …")
	if err != nil {
		return bot.Reply{}, err
	}
	switch strings.ToLower(strings.Trim(rest, " .!")) {
	case "back", "take back", "withdraw", "off":
		return d.unveto(ctx, c, p.ID, c.Person.CoopID, late)
	}
	reason := tidy(rest, 500)
	if len([]rune(reason)) < shortest || !strings.Contains(reason, " ") {
		return bot.Reply{}, bot.Errorf("Please say why, in a sentence, so that people can answer it: `!fund veto %d because …`.", p.ID)
	}
	if p.Kind == storage.FundPledges && p.Owner == c.Person.CoopID {
		return bot.Reply{}, bot.Errorf("%s is your own co-op's proposal. `!fund cancel %d` calls it off.", name(p), p.ID)
	}
	if err := d.mayObject(ctx, c, p); err != nil {
		return bot.Reply{}, err
	}
	a := act(c, "veto", p.ID)
	a.Words = reason
	p, again, err := d.db.FundVeto(ctx, a)
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	needed, err := d.number(ctx, "vetoes", c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Text: d.vetoed(c, p, reason, int(needed)), Posts: late}
	if again {
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("%s objected to #%d: %s", c.Person.Coop, p.ID, reason), Undo: undoAct("unveto", p.ID, c.Person.CoopID, 0),
		Fixed: fmt.Sprintf("The ledger is only ever added to, so editing or deleting a message changes nothing in it: the %s of %s stands. `!fund veto %d back` takes it back.", objection(p), bot.Plain(c.Person.Coop), p.ID)}}
	r.Posts, err = d.after(ctx, c, p, late)
	return r, err
}

// mayObject holds people to the rule that only contributors object to a
// spend, where the network has that rule.
func (d *desk) mayObject(ctx context.Context, c *bot.Call, p storage.FundProposal) error {
	only, err := d.number(ctx, "contributors_only", c.Received())
	if err != nil || only == 0 || p.Kind != storage.FundSpend {
		return err
	}
	given, year, err := d.contributed(ctx, c.Person.Coop)
	if err != nil || given > 0 {
		return err
	}
	return bot.Errorf("By the network's rule only contributors object to a spend, and the books of %s show nothing from %s. `!fund rules` has the source; talk with the treasurer if that is wrong.", year, bot.Plain(c.Person.Coop))
}

// vetoed says what an objection does.
func (d *desk) vetoed(c *bot.Call, p storage.FundProposal, reason string, needed int) string {
	coop, quoted := bot.Plain(c.Person.Coop), quote(reason)
	asOf := "As of " + sayAsOf(c.Received(), c.Zone) + "."
	switch {
	case p.Kind == storage.FundSpend:
		return fmt.Sprintf("%s objects to %s: %s The clock is stopped with %s left. Please talk about it%s. It goes on when the objection is taken back, `!fund veto %d back`; if that does not happen the co-ops vote, one each, and a coordinator writes it down: `!fund close %d approved https://…` or `declined`. %s",
			coop, name(p), quoted, sayLeft(p.Stopped), where(p), p.ID, p.ID, asOf)
	case p.State == storage.FundBlocked:
		return fmt.Sprintf("%s vetoes %s: %s That is veto %d of %d, so it is **blocked**: nobody pays anything, and every pledge is free again. A changed proposal can be made anew with `!fund propose`. %s", coop, name(p), quoted, p.Vetoes, needed, asOf)
	}
	return fmt.Sprintf("%s vetoes %s: %s That is veto %d of %d: one more, from another co-op, blocks it. Please talk about it%s. `!fund veto %d back` takes it back. %s", coop, name(p), quoted, p.Vetoes, needed, where(p), p.ID, asOf)
}

// where says where a proposal is talked about.
func where(p storage.FundProposal) string {
	if p.Details.Link == "" {
		return " with " + bot.Plain(p.OwnerName)
	}
	return " at " + sayLink(p.Details.Link)
}

// unveto takes a co-op's veto back.
func (d *desk) unveto(ctx context.Context, c *bot.Call, id, coop int64, late []bot.Post) (bot.Reply, error) {
	a := act(c, "unveto", id)
	a.Coop = coop
	p, again, err := d.db.FundUnveto(ctx, a)
	var no *storage.FundRefusal
	if errors.As(err, &no) && no.Why == storage.FundNothing {
		return bot.Reply{Text: fmt.Sprintf("%s has no %s against %s that could be taken back.", bot.Plain(c.Person.Coop), objection(no.Proposal), name(no.Proposal)), Posts: late}, nil
	}
	if err != nil {
		return d.refused(ctx, c, err, late)
	}
	text := fmt.Sprintf("The %s of %s against %s is taken back. ", objection(p), bot.Plain(c.Person.Coop), name(p))
	switch {
	case p.Vetoes > 0:
		text += fmt.Sprintf("%s stands. ", upper(vetoes(p.Vetoes)))
	case p.Kind == storage.FundSpend:
		text += fmt.Sprintf("The clock goes on: it is approved on %s unless somebody objects. ", sayUntil(p.Deadline, c.Zone))
	default:
		text += "No veto stands. "
	}
	r := bot.Reply{Text: text + "As of " + sayAsOf(c.Received(), c.Zone) + ".", Posts: late}
	if again {
		return r, nil
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("%s took its %s against #%d back", c.Person.Coop, objection(p), p.ID),
		Fixed: fmt.Sprintf("The ledger is only ever added to. `!fund veto %d because …` objects anew.", p.ID)}}
	r.Posts, err = d.after(ctx, c, p, late)
	return r, err
}

// An undoing is what takes an act back: another act.
type undoing struct {
	What     string `json:"what"` // withdraw, unveto, unpaid, unremind
	Proposal int64  `json:"n"`
	Coop     int64  `json:"coop"`
	Minor    int64  `json:"minor,omitempty"`
	Key      string `json:"key,omitempty"` // of the act that is taken back, where it matters which
}

func undoPaid(proposal, coop int64, key string) *bot.Act {
	data, _ := json.Marshal(undoing{What: "unpaid", Proposal: proposal, Coop: coop, Key: key}) // words and numbers: cannot fail
	return &bot.Act{Name: "fund.undo", Data: string(data)}
}

func undoAct(what string, proposal, coop, minor int64) *bot.Act {
	data, _ := json.Marshal(undoing{What: what, Proposal: proposal, Coop: coop, Minor: minor}) // words and numbers: cannot fail
	return &bot.Act{Name: "fund.undo", Data: string(data)}
}

// undo is `!undo` of a pledge or a veto: it writes the opposite down.
func (d *desk) undo(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var u undoing
	if err := json.Unmarshal([]byte(data), &u); err != nil {
		return bot.Reply{}, err
	}
	if u.What == "unremind" {
		return d.unremind(ctx, c, u.Proposal)
	}
	late, err := d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	if u.What == "unpaid" {
		return d.unpaid(ctx, c, u, late)
	}
	if u.What == "unveto" {
		return d.unveto(ctx, c, u.Proposal, u.Coop, late)
	}
	return d.withdrawn(ctx, c, wish{Proposal: u.Proposal, Minor: u.Minor}, u.Coop, late)
}
