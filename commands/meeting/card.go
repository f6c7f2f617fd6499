package meeting

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// meeting returns a meeting by the number in an act's data, and its group.
func (d *desk) meeting(ctx context.Context, data string) (storage.Meeting, storage.Group, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return storage.Meeting{}, storage.Group{}, fmt.Errorf("meeting: %q is no number: %w", data, err)
	}
	m, err := d.db.Meeting(ctx, id)
	if err != nil {
		return m, storage.Group{}, fmt.Errorf("meeting %d: %w", id, err)
	}
	g, _, err := d.db.Group(ctx, m.Group)
	return m, g, err
}

// key names a post about a meeting in a room. The first two parts say which
// meeting a reaction to it is about; the third, what the reaction means.
func key(m storage.Meeting, kind string, room bot.Room) string {
	return fmt.Sprintf("meeting/%d/%s/%s/%s", m.ID, kind, room.Site, room.ID)
}

// post makes a post about a meeting for a room. In a forum's category the
// first one opens the meeting's topic, and the later ones go there.
func (d *desk) post(ctx context.Context, g storage.Group, m storage.Meeting, kind string, room bot.Room, text string) (bot.Post, error) {
	p := bot.Post{Key: key(m, kind, room), Room: room, Text: text, Rank: bot.Reminder}
	if !strings.HasPrefix(room.ID, "category/") {
		return p, nil
	}
	topic := key(m, "topic", room)
	_, opened, err := d.db.SaidKey(ctx, topic)
	if opened {
		p.Room.ID = "opened/" + topic
		return p, err
	}
	p.Key, p.Title = topic, topicTitle(g, m)
	return p, err
}

// topicTitle is the title of a meeting's topic on a forum.
func topicTitle(g storage.Group, m storage.Meeting) string {
	t := bot.Printable(g.Name) + ": " + m.Start.In(m.Location()).Format("Mon 2 Jan 2006, 15:04")
	if m.Title != "" {
		t += " – " + m.Title
	}
	return bot.Clip(t, 200)
}

// everywhere makes the same post for each of a group's places; text is given
// the site, since forums have markup of their own.
func (d *desk) everywhere(ctx context.Context, g storage.Group, m storage.Meeting, kind string, text func(site string) string, why string) ([]bot.Post, error) {
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	for _, room := range rooms {
		p, err := d.post(ctx, g, m, kind, room, text(room.Site))
		if err != nil {
			return nil, err
		}
		p.Why = why
		posts = append(posts, p)
	}
	return posts, nil
}

// announce says in a group's places that a meeting is booked or proposed:
// the card, which shows who is coming from then on. A room that is none of
// the places gets one line.
func (d *desk) announce(ctx context.Context, g storage.Group, m storage.Meeting, asked bot.Room, now time.Time) ([]bot.Post, error) {
	need, err := d.quorum(ctx, g)
	if err != nil {
		return nil, err
	}
	posts, err := d.everywhere(ctx, g, m, "card", func(site string) string { return d.card(g, m, nil, need, site, now) }, "The meeting was booked, and this group is the one that meets.")
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		if p.Room.Site == asked.Site && p.Room.ID == asked.ID {
			return posts, nil
		}
	}
	if len(posts) == 0 {
		return []bot.Post{{Key: key(m, "card", asked), Room: asked, Text: d.card(g, m, nil, need, asked.Site, now)}}, nil
	}
	return append(posts, bot.Post{Room: asked, Text: fmt.Sprintf("Done: %s, **%s**. I have told %s.", name(g), sayWhen(m.Slot), plural(len(posts), "place"))}), nil
}

// card is what people see of a meeting.
func (d *desk) card(g storage.Group, m storage.Meeting, rsvps []storage.RSVP, need int, site string, now time.Time) string {
	var t strings.Builder
	mark, label := "📅", ""
	switch m.State {
	case storage.Proposed:
		label = " (proposed)"
	case storage.Cancelled:
		mark, label = "❌", " – cancelled"
	case storage.Postponed:
		mark, label = "⏸", " – put off"
	case storage.Lapsed:
		mark, label = "❌", " – off: not enough people said yes"
	}
	fmt.Fprintf(&t, "%s %s%s%s: **%s**", mark, name(g), about(m.Title), label, sayWhen(m.Slot))
	if m.Why != "" {
		fmt.Fprintf(&t, "\n%s", bot.Plain(m.Why))
	}
	if !m.Ahead(now) {
		return t.String()
	}
	if forum(site) {
		if d.Events {
			t.WriteString("\n\n" + event(m.Slot, g.Name+about(m.Title)) + "\n")
		} else {
			t.WriteString("\n" + localDate(m.Slot))
		}
	}
	if m.Call != "" {
		t.WriteString("\nCall: " + m.Call)
	}
	n := tally(g, rsvps)
	if m.State == storage.Proposed {
		fmt.Fprintf(&t, "\n%s needed by %s; %d so far.", heads(g, need)+" saying yes", moment(lapse(m, g), now, m.Location()), n.yes)
	}
	if n.any() {
		t.WriteString("\n" + n.String())
	}
	t.WriteString("\n" + howToAnswer(site))
	return t.String()
}

// howToAnswer says how people say whether they come.
func howToAnswer(site string) string {
	if forum(site) {
		return "Are you coming? Answer with `!yes`, `!maybe` or `!no`."
	}
	return "👍 coming · 🤔 maybe · 👎 apologies; or `!yes`, `!maybe`, `!no`."
}

// A count is who is coming: people, or co-ops for a network call.
type count struct{ yes, maybe, no, stale int }

func tally(g storage.Group, rsvps []storage.RSVP) count {
	var n count
	seen := map[string]bool{}
	for _, r := range rsvps {
		if g.Kind == "call" {
			if r.Coop == "" || seen[r.Coop] {
				continue
			}
			seen[r.Coop] = true
		}
		switch {
		case r.Stale:
			n.stale++
		case r.Answer == "yes":
			n.yes++
		case r.Answer == "maybe":
			n.maybe++
		default:
			n.no++
		}
	}
	return n
}

func (n count) any() bool { return n != count{} }

func (n count) String() string {
	text := fmt.Sprintf("Coming: %d", n.yes)
	if n.maybe > 0 {
		text += fmt.Sprintf(" · maybe: %d", n.maybe)
	}
	if n.no > 0 {
		text += fmt.Sprintf(" · apologies: %d", n.no)
	}
	if n.stale > 0 {
		text += fmt.Sprintf(" · answered for the old time: %d", n.stale)
	}
	return text
}

// cards returns the posts that show a meeting.
func (d *desk) cards(ctx context.Context, m storage.Meeting) ([]bot.Post, error) {
	cards, err := d.db.MeetingPosts(ctx, m.ID, "card")
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"topic", "won"} {
		more, err := d.db.MeetingPosts(ctx, m.ID, kind)
		if err != nil {
			return nil, err
		}
		cards = append(cards, more...)
	}
	return cards, nil
}

// refresh edits a meeting's cards; stamp tells this time from others.
func (d *desk) refresh(ctx context.Context, g storage.Group, m storage.Meeting, stamp string, now time.Time) ([]bot.Post, error) {
	cards, err := d.cards(ctx, m)
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	need, err := d.quorum(ctx, g)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	for _, card := range cards {
		text := d.card(g, m, rsvps, need, card.Room.Site, now)
		posts = append(posts, bot.Post{Key: "edit/" + stamp + "/" + card.Key, Kind: bot.Edit, Of: card.Key, Room: card.Room, Text: text, Rank: bot.Reminder, Why: "The meeting or who is coming changed."})
	}
	return posts, nil
}

// stamp is a short name for a call, to make keys of.
func stamp(c *bot.Call) string { return bot.TxnID(c.Key(0))[:12] }

// lapse is when a proposed meeting is given up: a day before it.
func lapse(m storage.Meeting, g storage.Group) time.Time {
	return earlier(dayBefore(m.Slot, 1), m.Location(), when.Nation(g.Nation))
}
