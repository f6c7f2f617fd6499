package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A change is what a yes would do to a meeting.
type change struct {
	Meeting  int64
	Sequence int // of the meeting when it was asked; another one voids the question
	Slot     storage.Slot
	State    string
	Why      string
	Leave    bool // put off without looking for a date
}

// target finds the meeting that a command is to change: the one whose post it
// replies to, one that its words name by day ("21 Nov to 12 Dec"), or the
// next. The rest of the words is returned.
func (d *desk) target(ctx context.Context, c *bot.Call) (storage.Meeting, storage.Group, string, error) {
	if id, ok, err := d.repliedTo(ctx, c, "meeting/"); err != nil || ok {
		m, g, err := d.meeting(ctx, id)
		return m, g, oneLine(c.Args), firstErr(err, d.may(ctx, c, g))
	}
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Meeting{}, g, "", err
	}
	if err := d.may(ctx, c, g); err != nil {
		return storage.Meeting{}, g, "", err
	}
	rest = oneLine(rest)
	m, tail, ok, err := d.named(ctx, c, g, rest)
	if err != nil || ok {
		return m, g, tail, err
	}
	m, ok, err = d.db.NextMeeting(ctx, g.ID, c.Time)
	if err == nil && !ok {
		err = nothingAhead(g, c.Now)
	}
	return m, g, rest, err
}

// named finds a coming meeting of a group by the day that some words begin with.
func (d *desk) named(ctx context.Context, c *bot.Call, g storage.Group, words string) (storage.Meeting, string, bool, error) {
	all := strings.Fields(words)
	if len(all) == 0 || strings.EqualFold(all[0], "to") || strings.EqualFold(all[0], "until") {
		return storage.Meeting{}, "", false, nil
	}
	coming, err := d.db.Meetings(ctx, g.ID, c.Time, c.Time.AddDate(1, 0, 0))
	if err != nil {
		return storage.Meeting{}, "", false, err
	}
	o := when.Options{Now: c.Time, Zone: zone(g, c.Zone)}
	for k := min(5, len(all)); k > 0; k-- {
		r := when.Read(strings.Join(all[:k], " "), o)
		day := r.Date
		if r.Kind == when.Instant {
			day = when.DateOf(r.Start)
		}
		if r.Kind != when.OneDate && r.Kind != when.Instant || r.Rest != "" {
			continue
		}
		for _, m := range coming {
			if m.Day == day && m.Ahead(c.Time) {
				return m, strings.Join(all[k:], " "), true, nil
			}
		}
	}
	return storage.Meeting{}, "", false, nil
}

// told says who would hear of a change.
func (d *desk) told(ctx context.Context, g storage.Group, m storage.Meeting) (string, error) {
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return "", err
	}
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return "", err
	}
	yes := 0
	for _, r := range rsvps {
		if r.Answer == "yes" {
			yes++
		}
	}
	text := "I tell the group (" + plural(len(rooms), "place") + ")"
	if yes > 0 {
		text += fmt.Sprintf(" and, directly, %s who said yes", heads(storage.Group{}, yes))
	}
	return text + ".", nil
}

// changeable returns the meeting of a change if it can still be made.
func (d *desk) changeable(ctx context.Context, c *bot.Call, k change) (storage.Meeting, storage.Group, error) {
	m, g, err := d.meeting(ctx, itoa(int(k.Meeting)))
	if err != nil {
		return m, g, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return m, g, err
	}
	if !m.Ahead(c.Now) || m.Sequence != k.Sequence {
		return m, g, bot.Errorf("That meeting has been changed meanwhile, so I have left it as it is: `!next` shows it.")
	}
	return m, g, nil
}

// changed tells everybody of a change: the cards, the group's places, and
// directly those who said yes. With asks, people are asked whether they come.
func (d *desk) changed(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, kind, text string, asks bool) ([]bot.Post, error) {
	ask := func(site string) string {
		if !asks {
			return ""
		}
		return "\n" + howToAnswer(site)
	}
	posts, err := d.refresh(ctx, g, m, stamp(c), c.Now)
	if err != nil {
		return nil, err
	}
	const why = "A meeting of this group was changed."
	notices, err := d.everywhere(ctx, g, m, kind+"/"+itoa(m.Sequence), func(site string) string {
		if forum(site) && m.Ahead(c.Now) {
			return text + "\n" + localDate(m.Slot) + ask(site)
		}
		return text + ask(site)
	}, why)
	if err != nil {
		return nil, err
	}
	posts = append(posts, notices...)
	here := false
	for _, p := range notices {
		here = here || p.Room.Site == c.Room.Site && p.Room.ID == c.Room.ID
	}
	if !here {
		posts = append(posts, bot.Post{Room: c.Room, Text: text})
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range rsvps {
		if r.Answer != "yes" {
			continue
		}
		direct, err := d.direct(ctx, r.Person, fmt.Sprintf("meeting/%d/%s/%d", m.ID, kind, m.Sequence), text+ask("matrix"), "You had said that you come.")
		if err != nil {
			return nil, err
		}
		posts = append(posts, direct...)
	}
	return posts, nil
}

// direct makes a post to a person alone, on the one site that is best to
// reach them: Matrix, or else the first they have. Key is completed by whom
// it is to.
func (d *desk) direct(ctx context.Context, person int64, key, text, why string) ([]bot.Post, error) {
	accounts, err := d.db.Accounts(ctx, person)
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	best := accounts[0]
	for _, a := range accounts {
		if a.Site == "matrix" {
			best = a
		}
	}
	return []bot.Post{{Key: fmt.Sprintf("%s/%s/@%s", key, best.Site, best.User), Room: bot.Room{Site: best.Site}, To: best.User, Text: text, Rank: bot.Reminder, Loud: true, Why: why}}, nil
}

// was is what a meeting was before a change.
type was struct {
	Meeting int64
	State   string
	Slot    storage.Slot
	Why     string
}

// was undoes a change, and tells those who were told of it.
func (d *desk) was(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var u was
	if err := json.Unmarshal([]byte(data), &u); err != nil {
		return bot.Reply{}, err
	}
	m, g, err := d.meeting(ctx, itoa(int(u.Meeting)))
	if err != nil {
		return bot.Reply{}, err
	}
	before, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.State, m.Slot, m.Why = u.State, u.Slot, u.Why })
	if err != nil || before == after {
		return bot.Reply{}, err
	}
	if err := d.db.StaleRSVPs(ctx, m.ID, false); err != nil {
		return bot.Reply{}, err
	}
	if !after.Ahead(c.Now) {
		return bot.Reply{}, nil
	}
	text := fmt.Sprintf("↩️ Back as it was: %s%s meets **%s**.", name(g), about(m.Title), sayWhen(after.Slot))
	posts, err := d.changed(ctx, c, g, after, "back", text, false)
	return bot.Reply{Posts: posts}, firstErr(err, d.schedule(ctx, after, g, c.Now))
}
