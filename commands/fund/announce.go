package fund

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// cardKey is the key of the one post that announces a proposal. It is edited
// as the proposal moves.
func cardKey(p storage.FundProposal) string { return fmt.Sprintf("fund/%d", p.ID) }

// announced is the post that announces a new proposal, if there is a room for it.
func (d *desk) announced(p storage.FundProposal, now time.Time, zone *time.Location) []bot.Post {
	if p.Room.ID == "" {
		return nil
	}
	return []bot.Post{{Key: cardKey(p), Room: p.Room, Rank: bot.Broadcast, Text: card(p, now, zone), Why: "Somebody made a proposal to the fund."}}
}

// update edits the announcement to what holds now.
func (d *desk) update(ctx context.Context, p storage.FundProposal, now time.Time, zone *time.Location) ([]bot.Post, error) {
	if p.Room.ID == "" {
		return nil, nil
	}
	n, _, err := d.db.FundHead(ctx)
	return []bot.Post{{Key: fmt.Sprintf("%s/edit/%d", cardKey(p), n), Kind: bot.Edit, Of: cardKey(p), Room: p.Room, Rank: bot.Reminder,
		Text: card(p, now, zone), Why: "The proposal has moved."}}, err
}

// card is the announcement of a proposal as it stands.
func card(p storage.FundProposal, now time.Time, zone *time.Location) string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s, proposed by %s\n", name(p), bot.Plain(p.OwnerName))
	if p.Details.Benefit != "" {
		fmt.Fprintf(&t, "- Benefit: %s\n", bot.Plain(p.Details.Benefit))
	}
	if p.Kind == storage.FundSpend {
		fmt.Fprintf(&t, "- %s%s from the common fund\n", sum(p, p.Target), payTo(p))
	} else {
		fmt.Fprintf(&t, "- Pledged: %s\n", far(p))
	}
	fmt.Fprintf(&t, "- %s\n", until(p, now, zone))
	if p.Details.Link != "" {
		fmt.Fprintf(&t, "- Talk about it: %s\n", sayLink(p.Details.Link))
	}
	switch {
	case p.State != storage.FundOpen || p.Stopped > 0:
	case p.Left() == 0 && p.Kind == storage.FundPledges:
		fmt.Fprintf(&t, "It succeeds at its deadline unless co-ops withdraw or object: `!fund veto %d because …`. ", p.ID)
	case p.Kind == storage.FundSpend:
		fmt.Fprintf(&t, "Silence is consent. To object: `!fund veto %d because …`. ", p.ID)
	default:
		fmt.Fprintf(&t, "`!fund pledge %d £250` pledges for your co-op, `!fund veto %d because …` objects. ", p.ID, p.ID)
	}
	fmt.Fprintf(&t, "As of %s.", sayAsOf(now, zone))
	return t.String()
}

// far says how far a proposal is, or how far it had come when it ended.
func far(p storage.FundProposal) string {
	if p.Pledged == 0 && p.State != storage.FundOpen {
		return fmt.Sprintf("%s of %s when it ended; all of it is free again", sum(p, p.Reached), sum(p, p.Target))
	}
	return progress(p) + " · " + power(p)
}

// shortly is until for the overview.
func shortly(p storage.FundProposal, now time.Time, zone *time.Location) string {
	if p.State != storage.FundOpen || p.Stopped > 0 {
		return lower(until(p, now, zone))
	}
	text := p.Deadline.In(zone).Format("until Mon 2 Jan 15:04 MST") + p.Deadline.UTC().Format(" (15:04 UTC), ") + sayLeft(p.Deadline.Sub(now))
	if p.Vetoes > 0 {
		text += " · " + vetoes(p.Vetoes)
	}
	return text
}

// until says how long a proposal is open, or how it ended.
func until(p storage.FundProposal, now time.Time, zone *time.Location) string {
	if p.State != storage.FundOpen {
		return fmt.Sprintf("It %s on %s", state(p), sayUntil(p.Ended, zone))
	}
	if p.Stopped > 0 {
		return fmt.Sprintf("The clock is stopped by %s, with %s left", plural(int64(p.Vetoes), "objection"), sayLeft(p.Stopped))
	}
	text := fmt.Sprintf("Open until %s, %s", sayUntil(p.Deadline, zone), sayLeft(p.Deadline.Sub(now)))
	if p.Vetoes > 0 {
		text += fmt.Sprintf(" · %s", vetoes(p.Vetoes))
	}
	return text
}

func vetoes(n int) string {
	if n == 1 {
		return "1 veto"
	}
	return fmt.Sprintf("%d vetoes", n)
}

// after is what follows an act: the announcement is edited, and the promises
// are made anew.
func (d *desk) after(ctx context.Context, c *bot.Call, p storage.FundProposal, late []bot.Post) ([]bot.Post, error) {
	if err := d.schedule(ctx, p, c.Received(), c.Zone); err != nil {
		return nil, err
	}
	posts, err := d.update(ctx, p, c.Received(), c.Zone)
	return append(late, posts...), err
}
