package meeting

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

const pollHelp = "- `!poll Thu 5 Dec 14:00 or Tue 10 Dec 10:00`: people choose between these\n" +
	"- `!poll 2nd or 3rd week of Jan`, `!poll next week, mornings`: I propose three\n" +
	"- `!poll` alone: the one that is open, or three dates by the group's usual rhythm\n" +
	"- `!poll Thu 5 Dec 14:00 and Thu 16 Jan 14:00`: each that suits enough people is booked\n" +
	"- `!poll add Fri 6 Dec 14:00`, `!poll drop 2`, `!poll until Friday noon`, `!poll needs sal`, `!poll close`, `!poll withdraw`\n" +
	"Vote by reacting with 1️⃣ 2️⃣ 3️⃣, or `!yes 1 2`, `!maybe 3` (if need be), `!no 3`."

// poll is `!poll`.
func (d *desk) poll(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, words, err := d.which(ctx, c, c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	p, isOpen, err := d.db.OpenPoll(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if isOpen && words == "" {
		text, err := d.pollText(ctx, g, p, c.Room.Site, c.Now)
		return bot.Reply{Posts: []bot.Post{{Key: pollKey(p, "ask", c.Room) + "/" + stamp(c), Room: c.Room, Text: text}}}, err
	}
	if isOpen {
		return bot.Reply{}, bot.Errorf("A date is being looked for already: `!poll` shows it, `!poll add %s` puts yours to the vote, `!poll withdraw` ends it.", bot.Code(bot.Clip(oneLine(words), 60)))
	}
	o, err := d.options(ctx, g, c.Time, c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	h, err := d.habit(ctx, g, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	slots, w, err := d.pollSlots(ctx, g, words, o, h)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(slots) == 0 {
		return bot.Reply{}, bot.Errorf("I found no free working day there. Name dates, as in `!poll Thu 5 Dec 14:00 or Tue 10 Dec 10:00`.")
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	p, posts, err := d.openPoll(ctx, g, storage.Poll{Title: w.Title, Room: c.Room, Several: w.Kind == when.Choice && w.Op == "all", MadeBy: person}, slots, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("asked %s for a date (%d options)", g.Name, len(slots)), Undo: &bot.Act{Name: "poll.drop", Data: strconv.FormatInt(p.ID, 10)}}}}
	if !slices.ContainsFunc(posts, func(p bot.Post) bool { return p.Room.Site == c.Room.Site && p.Room.ID == c.Room.ID }) {
		r.Text = fmt.Sprintf("I have asked %s: %s, until %s.", name(g), plural(len(slots), "date"), moment(p.Closes, c.Now, o.Zone))
	}
	return r, nil
}

// pollSlots are the options that some words ask for: dates, what they leave
// open, or, where they name no time at all, the group's rhythm.
func (d *desk) pollSlots(ctx context.Context, g storage.Group, words string, o when.Options, h habit) ([]storage.Slot, wish, error) {
	today := when.DateOf(o.Now.In(o.Zone))
	if words == "" {
		slots, err := d.suggest(ctx, g, searchFor(h, o, workingDays(today, 5, o.Nation), today.AddDays(28)), o.Now)
		return slots, wish{}, err
	}
	w := read(words, o)
	if parts := strings.Split(words, ";"); unclear(w.Reading) && len(parts) > 1 {
		w = inParts(parts, o)
	}
	switch w.Kind {
	case when.None:
		slots, err := d.suggest(ctx, g, searchFor(h, o, workingDays(today, 5, o.Nation), today.AddDays(28)), o.Now)
		w.Title = title(words)
		return slots, w, err
	case when.Ask, when.Error:
		text := puzzle(w.Reading, o)
		if len(w.Candidates) > 0 {
			text += " I can read: " + strings.Join(sayCandidates(w.Reading, o), " · ") + "."
		}
		return nil, w, bot.Errorf("%s Try `!poll Thu 5 Dec 14:00 or Tue 10 Dec 10:00`, or `!poll 2nd week of Jan`.", text)
	case when.Recurrence, when.RecurrenceAnchor, when.AgendaCycle:
		return nil, w, bot.Errorf("That comes again and again: `!series add %s`.", bot.Code(bot.Clip(oneLine(words), 60)))
	case when.Instant, when.Range:
		return nil, w, bot.Errorf("That is one date. `!meet propose %s` asks whether it suits; with more dates I ask which.", bot.Code(bot.Clip(oneLine(words), 60)))
	case when.Deadline:
		last := w.By.Date
		if last.IsZero() {
			last = when.DateOf(w.By.At.In(o.Zone))
		}
		slots, err := d.suggest(ctx, g, searchFor(h, o, today.AddDays(1), last), o.Now)
		return slots, w, err
	}
	slots, err := d.slotsIn(ctx, g, w.Reading, h, o)
	if len(slots) > 5 {
		return nil, w, bot.Errorf("More than five dates kill a vote. Please choose the best ones.")
	}
	return slots, w, err
}

// inParts reads options that are separated by semicolons one by one.
func inParts(parts []string, o when.Options) wish {
	w := wish{Reading: when.Reading{Kind: when.Choice, Op: "any"}}
	for _, part := range parts {
		one := read(part, o)
		if one.Kind == when.Ask || one.Kind == when.Error || one.Kind == when.None {
			return one
		}
		if one.Kind == when.Choice {
			w.Items = append(w.Items, one.Items...)
		} else {
			w.Items = append(w.Items, one.Reading)
		}
	}
	return w
}

func sayCandidates(r when.Reading, o when.Options) []string {
	var said []string
	for _, t := range candidates(r, o.Zone) {
		said = append(said, when.SayShort(t, o.Now, o.Zone))
	}
	for _, day := range candidateDays(r) {
		said = append(said, when.SayDateShort(day, when.DateOf(o.Now.In(o.Zone))))
	}
	return said
}

// openPoll puts slots to the vote in a group's places.
func (d *desk) openPoll(ctx context.Context, g storage.Group, p storage.Poll, slots []storage.Slot, now time.Time) (storage.Poll, []bot.Post, error) {
	need, err := d.quorum(ctx, g)
	if err != nil {
		return p, nil, err
	}
	p.Group, p.Quorum, p.Made, p.State = g.ID, need, now.UTC().Truncate(time.Second), storage.PollOpen
	for i, s := range slots {
		p.Options = append(p.Options, storage.PollOption{N: i + 1, Slot: s})
	}
	p.Closes = deadline(now, slots[0].Start, slots[0].Location(), when.Nation(g.Nation))
	if p.ID, err = d.db.SavePoll(ctx, p); err != nil {
		return p, nil, err
	}
	if err := d.promisePoll(ctx, p, g, now); err != nil {
		return p, nil, err
	}
	posts, err := d.pollPosts(ctx, g, p, now)
	return p, posts, err
}

// deadline is when a poll ends: at noon on the third working day, and a day
// before its first option at the latest; half-way to it if that is sooner still.
func deadline(now, first time.Time, zone *time.Location, nation when.Nation) time.Time {
	at := when.At(workingDays(when.DateOf(now.In(zone)), 3, nation), when.HM(12, 0), zone).UTC()
	if latest := first.Add(-24 * time.Hour); at.After(latest) {
		at = latest
	}
	if at = earlier(at, zone, nation); at.Before(now.Add(2 * time.Hour)) {
		at = now.Add(first.Sub(now) / 2).UTC().Truncate(time.Minute)
	}
	return at
}

// pollOf is the poll that a command is about: the one that it replies to, or
// the group's open one.
func (d *desk) pollOf(ctx context.Context, c *bot.Call) (storage.Poll, storage.Group, string, error) {
	if id, ok, err := d.repliedTo(ctx, c, "poll/"); err != nil || ok {
		p, g, err := d.pollByID(ctx, id)
		return p, g, oneLine(c.Args), err
	}
	g, words, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Poll{}, g, "", err
	}
	p, ok, err := d.db.OpenPoll(ctx, g.ID)
	if err == nil && !ok {
		err = bot.Errorf("%s is not looking for a date at the moment. `!poll` begins.", name(g))
	}
	return p, g, oneLine(words), err
}

// openPollOf is pollOf for commands that change a vote: it is open, and the
// person may.
func (d *desk) openPollOf(ctx context.Context, c *bot.Call) (storage.Poll, storage.Group, string, error) {
	p, g, words, err := d.pollOf(ctx, c)
	if err != nil {
		return p, g, words, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return p, g, words, err
	}
	if p.State != storage.PollOpen {
		return p, g, words, bot.Errorf("That vote is over. `!next` shows what came of it.")
	}
	return p, g, words, nil
}

func (d *desk) pollByID(ctx context.Context, data string) (storage.Poll, storage.Group, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return storage.Poll{}, storage.Group{}, fmt.Errorf("meeting: poll %q: %w", data, err)
	}
	p, err := d.db.Poll(ctx, id)
	if err != nil {
		return p, storage.Group{}, fmt.Errorf("meeting: poll %d: %w", id, err)
	}
	g, _, err := d.db.Group(ctx, p.Group)
	return p, g, err
}
