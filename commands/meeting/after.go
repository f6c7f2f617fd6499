package meeting

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// after asks, while people are still together: held? when next? who writes
// the minutes? It stays silent if the group meets again before anybody could
// answer.
func (d *desk) after(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time) ([]bot.Post, error) {
	text, err := d.afterText(ctx, g, m, now)
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf("%s%s, %s: **held?** ", name(g), about(m.Title), span(m.Slot, now))
	var posts []bot.Post
	if m.Series != 0 {
		if posts, err = d.slack(ctx, g, m, now); err != nil {
			return nil, err
		}
	}
	asked, err := d.everywhere(ctx, g, m, "after/"+itoa(m.Sequence), func(site string) string {
		if forum(site) {
			return head + "Answer `!held` or `!held no`." + strings.ReplaceAll(text, "📝 takes it on.", "`!notes` as a reply takes it on.")
		}
		return head + "✅ yes · ❌ no" + text
	}, "The meeting should have ended ten minutes ago.")
	return append(asked, posts...), err
}

// afterText is what else is asked: when next, and who writes the minutes.
func (d *desk) afterText(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time) (string, error) {
	var t strings.Builder
	following, ok, err := d.db.NextMeeting(ctx, g.ID, now)
	if err != nil {
		return "", err
	}
	if ok {
		fmt.Fprintf(&t, "\nNext: %s.", bold(sayWhen(following.Slot)))
	} else {
		fmt.Fprintf(&t, "\n**When next?** Say it while you are together: `!meet %s`, or `!poll` asks around.", example(m.Slot))
	}
	if m.NoteTaker != 0 {
		who, err := d.db.PersonName(ctx, m.NoteTaker)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&t, "\nMinutes: %s.", called(who))
	} else {
		t.WriteString("\n**Who writes the minutes?** 📝 takes it on.")
	}
	return t.String(), nil
}

// example is a date to give as an example: four weeks on, at the same time.
func example(s storage.Slot) string {
	s.Day = s.Day.AddDays(28)
	return s.Moments().Start.In(s.Location()).Format("Mon 2 Jan 15:04")
}

// heldByWord is `!held` and `!held no`: about the meeting that is replied to,
// or the group's last.
func (d *desk) heldByWord(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, rest, err := d.lastMeant(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	emoji := "✅"
	switch strings.ToLower(strings.Trim(rest, " .!")) {
	case "", "yes", "it was":
	case "no", "not", "it was not":
		emoji = "❌"
	default:
		return bot.Reply{}, bot.Errorf("`!held` says that the last meeting took place, `!held no` that it did not.")
	}
	r, err := d.held(ctx, c, g, m, emoji, true)
	if err == nil && r.Text == "" {
		r.Text = fmt.Sprintf("Noted: %s met on %s.", name(g), sayDay(m.Slot, c.Now))
	}
	return r, err
}

// lastMeant is the past meeting that a command is about.
func (d *desk) lastMeant(ctx context.Context, c *bot.Call) (storage.Meeting, storage.Group, string, error) {
	if id, ok, err := d.repliedTo(ctx, c, "meeting/"); err != nil || ok {
		m, g, err := d.meeting(ctx, id)
		return m, g, c.Args, err
	}
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Meeting{}, g, "", err
	}
	m, ok, err := d.db.LastMeeting(ctx, g.ID, c.Now)
	if err == nil && !ok {
		err = bot.Errorf("I know of no meeting of %s that is over.", name(g))
	}
	return m, g, rest, err
}

// held notes whether a meeting took place, by a reaction to the question.
func (d *desk) held(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, emoji string, on bool) (bot.Reply, error) {
	var r bot.Reply
	var state string
	switch answer(emoji) {
	case "yes":
		state = storage.Held
		if !on {
			state = storage.Booked
		}
	case "no":
		state = storage.Cancelled
		if !on {
			state = storage.Booked
		}
	default:
		if emoji == "📝" {
			return d.takesNotes(ctx, c, g, m, on)
		}
		return r, nil
	}
	if on && m.State == state || !on && m.State == storage.Booked {
		return r, nil
	}
	if !on && answer(emoji) == "yes" && m.State != storage.Held || !on && answer(emoji) == "no" && m.State != storage.Cancelled {
		return r, nil // somebody else has said otherwise since
	}
	if _, _, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) {
		m.State, m.Edited = state, true
		if state == storage.Cancelled {
			m.Why = "It did not take place."
		} else {
			m.Why = ""
		}
	}); err != nil {
		return r, err
	}
	r.Did = []bot.Effect{{What: fmt.Sprintf("said of %s, %s: %s", g.Name, span(m.Slot, c.Now), state), Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, m.State, m.Slot, m.Why})}}}
	if state == storage.Cancelled {
		r.Text = fmt.Sprintf("Noted: %s did not meet on %s. `!poll` looks for another date.", name(g), sayDay(m.Slot, c.Now))
	}
	return r, nil
}

// takesNotes makes somebody the note-taker of a meeting.
func (d *desk) takesNotes(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, on bool) (bot.Reply, error) {
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil || on && m.NoteTaker == person || !on && m.NoteTaker != person {
		return bot.Reply{}, err
	}
	if on && m.NoteTaker != 0 {
		return bot.Reply{}, nil // somebody was quicker
	}
	taker := person
	if !on {
		taker = 0
	}
	_, _, err = d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.NoteTaker = taker })
	if err != nil || !on {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Thank you: %s writes the minutes of %s.", bot.Plain(c.From.Name), sayDay(m.Slot, c.Now)),
		Did: []bot.Effect{{What: fmt.Sprintf("writes the minutes of %s, %s", g.Name, sayDay(m.Slot, c.Now))}}}, nil
}
