package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// answer reads an emoji as an answer: "yes", "maybe", "no", "" for none.
func answer(emoji string) string {
	switch emoji {
	case "👍", "✅", "☑", "✔", "🙋", "🙋‍♀", "🙋‍♂":
		return "yes"
	case "🤔", "❓", "🤷", "🤷‍♀", "🤷‍♂":
		return "maybe"
	case "👎", "❌", "✖", "🚫":
		return "no"
	}
	return ""
}

// touch hears of a reaction to a post about a meeting.
func (d *desk) touch(ctx context.Context, c *bot.Call, key, emoji string, on bool) (bot.Reply, error) {
	parts := strings.SplitN(key, "/", 4)
	if len(parts) < 4 {
		return bot.Reply{}, nil
	}
	m, g, err := d.meeting(ctx, parts[1])
	if err != nil {
		return bot.Reply{}, err
	}
	switch parts[2] {
	case "after":
		return d.held(ctx, c, g, m, emoji, on)
	case "forecast":
		if emoji == "📣" {
			return d.callReps(ctx, c, g, m, on)
		}
	case "won":
		if emoji == "↩" || emoji == "↪" {
			return d.objects(ctx, c, g, m, on)
		}
	}
	said := answer(emoji)
	if said == "" || !m.Ahead(c.Now) {
		return bot.Reply{}, nil
	}
	if !on {
		person, err := d.db.Know(ctx, c.Room.Site, c.From)
		if err != nil {
			return bot.Reply{}, err
		}
		if old, err := d.db.RSVPOf(ctx, m.ID, person); err != nil || old != said {
			return bot.Reply{}, err
		}
		said = ""
	}
	posts, _, err := d.answer(ctx, c, g, m, said)
	return bot.Reply{Posts: posts}, err
}

// answer notes whether somebody comes, and shows it on the cards. A proposed
// meeting that enough people say yes to stands from then on.
func (d *desk) answer(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, said string) (posts []bot.Post, old string, err error) {
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return nil, "", err
	}
	if old, err = d.db.RSVPOf(ctx, m.ID, person); err != nil {
		return nil, "", err
	}
	if err := d.db.SetRSVP(ctx, m.ID, person, said, c.Time); err != nil {
		return nil, "", err
	}
	if m.State == storage.Proposed && said == "yes" {
		rsvps, err := d.db.RSVPs(ctx, m.ID)
		if err != nil {
			return nil, "", err
		}
		need, err := d.quorum(ctx, g)
		if err != nil {
			return nil, "", err
		}
		if tally(g, rsvps).yes >= need {
			posts, err := d.stands(ctx, c, g, m)
			return posts, old, err
		}
	}
	posts, err = d.refresh(ctx, g, m, stamp(c), c.Now)
	return posts, old, err
}

// stands makes a proposed meeting a booked one and says so.
func (d *desk) stands(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting) ([]bot.Post, error) {
	_, m, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.State, m.Edited = storage.Booked, true })
	if err != nil {
		return nil, err
	}
	if err := d.schedule(ctx, m, g, c.Now); err != nil {
		return nil, err
	}
	edits, err := d.refresh(ctx, g, m, stamp(c), c.Now)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("It stands: %s%s meets **%s**.", name(g), about(m.Title), sayWhen(m.Slot))
	posts, err := d.everywhere(ctx, g, m, "stands/"+itoa(m.Sequence), func(string) string { return text }, "Enough people said yes to a proposed date.")
	return append(edits, posts...), err
}

// yes, maybe and no are `!yes`, `!maybe` and `!no`: about the next meeting,
// the one that is replied to, or the options of a poll.
func (d *desk) yes(ctx context.Context, c *bot.Call) (bot.Reply, error) { return d.says(ctx, c, "yes") }

func (d *desk) maybe(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.says(ctx, c, "maybe")
}

func (d *desk) no(ctx context.Context, c *bot.Call) (bot.Reply, error) { return d.says(ctx, c, "no") }

func (d *desk) says(ctx context.Context, c *bot.Call, said string) (bot.Reply, error) {
	if r, done, err := d.votesByWord(ctx, c, said); done || err != nil {
		return r, err
	}
	m, g, err := d.meant(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	posts, old, err := d.answer(ctx, c, g, m, said)
	if err != nil {
		return bot.Reply{}, err
	}
	texts := map[string]string{
		"yes":   "Good: you come to %s%s, **%s**.",
		"maybe": "Noted: you may come to %s%s, **%s**.",
		"no":    "Noted, with your apologies: %s%s, **%s**.",
	}
	text := fmt.Sprintf(texts[said], name(g), about(m.Title), sayWhen(m.Slot))
	if old == said {
		text = "I have that already. " + text
	}
	return bot.Reply{Text: text, Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("said %s to %s, %s", said, g.Name, span(m.Slot, c.Now)),
		Undo: &bot.Act{Name: "meeting.answered", Data: packed(answered{m.ID, old})}}}}, nil
}

// meant is the meeting that a command is about: the one whose post it
// replies to, or the group's next.
func (d *desk) meant(ctx context.Context, c *bot.Call) (storage.Meeting, storage.Group, error) {
	if id, ok, err := d.repliedTo(ctx, c, "meeting/"); err != nil || ok {
		m, g, err := d.meeting(ctx, id)
		if err == nil && !m.Ahead(c.Now) {
			err = bot.Errorf("That meeting is over or off: %s. `!next` shows the one to come.", span(m.Slot, c.Now))
		}
		return m, g, err
	}
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Meeting{}, g, err
	}
	if m, _, named, err := d.named(ctx, c, g, oneLine(rest)); err != nil || named {
		return m, g, err
	}
	if _, err := strconv.Atoi(strings.ReplaceAll(oneLine(rest), " ", "")); err == nil {
		return storage.Meeting{}, g, bot.Errorf("%s is not looking for a date at the moment. `!poll` begins; `!next` shows the next meeting.", name(g))
	}
	m, ok, err := d.db.NextMeeting(ctx, g.ID, c.Now)
	if err == nil && !ok {
		err = nothingAhead(g, c.Now)
	}
	return m, g, err
}

// nothingAhead says that a group has no next meeting, and what would help.
func nothingAhead(g storage.Group, now time.Time) error {
	return bot.Errorf("%s has no meeting ahead. `!meet %s` books one; `!poll` looks for a date.", name(g), soon(now, g))
}

// repliedTo returns the number in the key of the bot's post that a message
// replies to, if the key begins with prefix: "meeting/12/card/…".
func (d *desk) repliedTo(ctx context.Context, c *bot.Call, prefix string) (id string, ok bool, err error) {
	if c.ReplyTo == "" {
		return "", false, nil
	}
	p, ours, err := d.db.Said(ctx, c.Room.Site, c.ReplyTo)
	if err != nil || !ours {
		return "", false, err
	}
	rest, ok := strings.CutPrefix(p.Key, prefix)
	id, _, _ = strings.Cut(rest, "/")
	return id, ok, nil
}

// answered is what somebody had said before.
type answered struct {
	Meeting int64
	Old     string
}

// unanswer undoes an answer.
func (d *desk) unanswer(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var a answered
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return bot.Reply{}, err
	}
	m, g, err := d.meeting(ctx, itoa(int(a.Meeting)))
	if err != nil {
		return bot.Reply{}, err
	}
	posts, _, err := d.answer(ctx, c, g, m, a.Old)
	return bot.Reply{Posts: posts}, err
}

// whoComes is `!whocomes`: names for members, counts for others.
func (d *desk) whoComes(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, err := d.meant(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	head := fmt.Sprintf("%s, **%s**", name(g), sayWhen(m.Slot))
	if len(rsvps) == 0 {
		return bot.Reply{Text: head + ": nobody has said yet. `!yes`, `!maybe` or `!no`."}, nil
	}
	role, err := d.db.GroupRole(ctx, g.ID, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if role == "" && c.Person.Role < bot.Coordinator {
		return bot.Reply{Text: head + ". " + tally(g, rsvps).String() + ". Its members see names."}, nil
	}
	var t strings.Builder
	t.WriteString(head)
	for _, k := range []struct{ answer, label string }{{"yes", "Coming"}, {"maybe", "Maybe"}, {"no", "Apologies"}} {
		var names []string
		for _, r := range rsvps {
			if r.Answer == k.answer {
				names = append(names, rsvpName(g, r))
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&t, "\n%s: %s", k.label, strings.Join(names, ", "))
		}
	}
	return bot.Reply{Text: t.String()}, nil
}

// rsvpName names somebody; in calls with their co-op, which is what counts.
func rsvpName(g storage.Group, r storage.RSVP) string {
	text := bot.Plain(r.Name)
	if g.Kind == "call" && r.Coop != "" {
		text += " (" + bot.Plain(r.Coop) + ")"
	}
	if r.Stale {
		text += " – was for the old time"
	}
	return text
}
