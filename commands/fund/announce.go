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

// topicKey is the key of the post that opens a proposal's topic on a forum.
func topicKey(p storage.FundProposal) string { return cardKey(p) + "/topic" }

// inCategory begins the room of a forum's category, in which a post opens a topic.
const inCategory = "category/"

// announced are the posts that announce a new proposal: in a room, and as a
// topic of its own on a forum if there is none to talk about it yet.
func (d *desk) announced(p storage.FundProposal, now time.Time, zone *time.Location) []bot.Post {
	post := bot.Post{Rank: bot.Reminder, Text: card(p, now, zone), Why: "Somebody made a proposal to the fund."}
	var posts []bot.Post
	if p.Room.ID != "" {
		post.Key, post.Room = cardKey(p), p.Room
		if strings.HasPrefix(p.Room.ID, inCategory) {
			post.Title = title(p)
		}
		posts = append(posts, post)
	}
	if d.ownTopic(p) {
		post.Key, post.Room, post.Title = topicKey(p), d.Topics, title(p)
		posts = append(posts, post)
	}
	return posts
}

// ownTopic reports whether a new proposal gets a topic beside its announcement.
func (d *desk) ownTopic(p storage.FundProposal) bool {
	return d.Topics.ID != "" && p.Details.Link == "" && p.Room != d.Topics
}

func title(p storage.FundProposal) string {
	return bot.Clip(fmt.Sprintf("Fund proposal #%d: %s", p.ID, bot.Printable(p.Title)), 200)
}

// A spot is where a proposal is announced.
type spot struct {
	card  string   // the key of the post that is kept up to date
	first bot.Room // where that was said: its edits keep their order behind it
	room  bot.Room // where more is said
}

// spots are where a proposal was announced.
func (d *desk) spots(ctx context.Context, p storage.FundProposal) (all []spot, err error) {
	if p.Room.ID != "" {
		all = append(all, spot{cardKey(p), p.Room, later(p.Room, cardKey(p))})
	}
	if d.Topics.ID == "" {
		return all, nil
	}
	if _, opened, err := d.db.SaidKey(ctx, topicKey(p)); err != nil || !opened {
		return all, err
	}
	return append(all, spot{topicKey(p), d.Topics, later(d.Topics, topicKey(p))}), nil
}

// later is where posts go that follow the first one in a room: where that
// opened a topic, into the topic.
func later(room bot.Room, key string) bot.Room {
	if strings.HasPrefix(room.ID, inCategory) {
		room.ID = "opened/" + key
	}
	return room
}

// update edits the announcements to what holds now.
func (d *desk) update(ctx context.Context, p storage.FundProposal, now time.Time, zone *time.Location) (posts []bot.Post, err error) {
	spots, err := d.spots(ctx, p)
	if err != nil || len(spots) == 0 {
		return nil, err
	}
	n, _, err := d.db.FundHead(ctx)
	for _, s := range spots {
		posts = append(posts, bot.Post{Key: fmt.Sprintf("%s/edit/%d", s.card, n), Kind: bot.Edit, Of: s.card, Room: s.first, Rank: bot.Reminder,
			Text: card(p, now, zone), Why: "The proposal has moved."})
	}
	return posts, err
}

// sayTo says the same in each place where a proposal was announced, but where
// it has just been said.
func (d *desk) sayTo(ctx context.Context, p storage.FundProposal, but bot.Room, post bot.Post) (posts []bot.Post, err error) {
	spots, err := d.spots(ctx, p)
	post.Rank = bot.Reminder
	key := post.Key
	for _, s := range spots {
		if but.ID != "" && s.room.ID == but.ID {
			continue
		}
		post.Key, post.Room = s.card+"/"+key, s.room
		posts = append(posts, post)
	}
	return posts, err
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
