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

// postpone is `!meet postpone`: to another date, or, without one, off with a
// vote on dates in the same message. "Leave it for now" is fine: then I ask
// again in a week.
func (d *desk) postpone(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, words, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	lower := strings.ToLower(words)
	if strings.HasPrefix(lower, "to ") || strings.HasPrefix(lower, "until ") {
		return d.moveTo(ctx, c, g, m, words, "")
	}
	leave := false
	for _, w := range []string{"leave it", "for now", "no poll", "not now"} {
		if i := strings.Index(lower, w); i >= 0 {
			leave = true
			words = words[:i] + words[i+len(w):]
			lower = strings.ToLower(words)
		}
	}
	words = sentence(words)
	who, err := d.told(ctx, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("Put off %s%s, **%s**? %s", name(g), about(m.Title), sayWhen(m.Slot), who)
	if leave {
		text += " No date is looked for; I ask again in a week."
	} else {
		slots, err := d.instead(ctx, g, m, c.Time, c.Zone)
		if err != nil {
			return bot.Reply{}, err
		}
		if len(slots) > 0 {
			text += " In the same message I ask for another date: " + orList(slots, c.Time) + "."
		}
	}
	return bot.Reply{Text: text, Ask: &bot.Ask{For: askFor, Anybody: true, Act: bot.Act{Name: "meeting.off",
		Data: packed(change{Meeting: m.ID, Sequence: m.Sequence, State: storage.Postponed, Why: bot.Clip(words, 200), Leave: leave})}}}, nil
}

func orList(slots []storage.Slot, now time.Time) string {
	var said []string
	for _, s := range slots {
		said = append(said, span(s, now))
	}
	if n := len(said); n > 1 {
		return strings.Join(said[:n-1], ", ") + " or " + said[n-1]
	}
	return strings.Join(said, "")
}

// instead are up to three dates in the place of a meeting that is put off,
// some ten days to three and a half weeks on, as long and at the hour it was.
func (d *desk) instead(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time, network *time.Location) ([]storage.Slot, error) {
	o, err := d.options(ctx, g, now, network)
	if err != nil {
		return nil, err
	}
	today := when.DateOf(now.In(o.Zone))
	s := searchFor(habit{clock: m.Clock, minutes: m.Minutes, weekday: m.Day.Weekday()}, o, today.AddDays(10), today.AddDays(24))
	s.instead = m.ID
	found, err := d.suggest(ctx, g, s, now)
	if err != nil || len(found) >= 2 {
		return found, err
	}
	s.last = today.AddDays(45) // over Christmas there is little
	return d.suggest(ctx, g, s, now)
}

// putOff puts a meeting off and asks for another date in the same message.
func (d *desk) putOff(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, why string) (bot.Reply, error) {
	slots, err := d.instead(ctx, g, m, c.Now, c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	r, err := d.callOff(ctx, c, g, m, storage.Postponed, why)
	if err != nil || len(slots) == 0 {
		return r, err
	}
	if _, polling, err := d.db.OpenPoll(ctx, g.ID); err != nil || polling {
		return r, firstErr(err, d.db.Release(ctx, againKind, itoa(int(g.ID))))
	}
	open, _, err := d.openPoll(ctx, g, storage.Poll{Title: m.Title, Room: c.Room, InsteadOf: m.ID, MadeBy: m.MadeBy}, slots, c.Now)
	if err != nil {
		return r, err
	}
	if err := d.db.Release(ctx, againKind, itoa(int(g.ID))); err != nil {
		return r, err
	}
	// The notice becomes the poll: one message, with the poll's key so that
	// reactions to it are votes.
	for i := range r.Posts {
		p := &r.Posts[i]
		if p.Kind == bot.Edit || p.To != "" || p.Text == "" {
			continue
		}
		text, err := d.pollText(ctx, g, open, p.Room.Site, c.Now)
		if err != nil {
			return r, err
		}
		head, _, _ := strings.Cut(p.Text, " Nothing is lost")
		room := p.Room
		p.Key, p.Text = pollKey(open, "ask", room), head+"\n"+text
	}
	for i := range r.Posts {
		if p := &r.Posts[i]; p.To != "" {
			head, _, _ := strings.Cut(p.Text, " Nothing is lost")
			p.Text = head + fmt.Sprintf(" Which date suits instead? %s: `yes %s: 1 2`.", orList(slots, c.Now), g.Slug)
		}
	}
	r.Did[0].Undo = nil
	r.Did[0].Fixed = "People have been told and asked for another date. `!poll withdraw` ends the vote, and `!meet` books the old date again."
	return r, nil
}

// tellAgain asks for a date again, a week after "leave it for now".
func (d *desk) tellAgain(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	g, ok, err := d.db.Group(ctx, id)
	if err != nil || !ok || g.State != "open" {
		return nil, time.Time{}, err
	}
	_, meets, err := d.db.NextMeeting(ctx, g.ID, now)
	if err != nil || meets {
		return nil, time.Time{}, err
	}
	if _, polling, err := d.db.OpenPoll(ctx, g.ID); err != nil || polling {
		return nil, time.Time{}, err
	}
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return nil, time.Time{}, err
	}
	var posts []bot.Post
	for _, room := range rooms {
		if strings.HasPrefix(room.ID, "category/") {
			continue
		}
		posts = append(posts, bot.Post{Key: fmt.Sprintf("again/%d/%d/%s/%s", g.ID, due.At.Unix(), room.Site, room.ID), Room: room, Rank: bot.Reminder,
			Text: fmt.Sprintf("A week ago the meeting of %s was put off for now. Shall I look for a date? `!poll` asks around, `!meet %s` books one.", name(g), soon(now, g)),
			Why:  "When the meeting was put off without a date, I said that I would ask again."})
	}
	return posts, time.Time{}, nil
}
