package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// anchor is `!anchor`: named days that meetings hang on. Bare it lists them.
func (d *desk) anchor(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	said := oneLine(c.Args)
	o := when.Options{Now: c.Time, Zone: c.Zone}
	today := when.DateOf(c.Time.In(c.Zone))
	all, err := d.db.Anchors(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if said == "" {
		var lines []string
		for _, a := range all {
			if !a.Day.Before(today) {
				lines = append(lines, fmt.Sprintf("- %s: %s", bot.Plain(a.Name), when.SayDate(a.Day)))
			}
		}
		if len(lines) == 0 {
			return bot.Reply{Text: "I know of no day that meetings could hang on. Try `!anchor board meeting 14 Jan`."}, nil
		}
		return bot.Reply{Text: "Days that meetings can hang on:\n" + strings.Join(lines, "\n")}, nil
	}
	words := strings.Fields(said)
	for k := 1; k < len(words) && k <= 8; k++ {
		r := when.Read(strings.Join(words[k:], " "), o)
		if r.Kind != when.OneDate && r.Kind != when.Instant && r.Kind != when.Range || r.Rest != "" || r.Begin > 0 {
			continue
		}
		day := r.Date
		if r.Kind != when.OneDate {
			day = when.DateOf(r.Start)
		}
		called := strings.Trim(strings.Join(words[:k], " "), " :=-–")
		for _, filler := range []string{" is on", " is", " on"} {
			called = strings.TrimSuffix(called, filler)
		}
		return d.setAnchor(ctx, c, strings.TrimPrefix(strings.ToLower(called), "the "), day, all)
	}
	return bot.Reply{}, bot.Errorf("Which day, and what is it? Try `!anchor board meeting 14 Jan`.")
}

// setAnchor remembers an anchor, and proposes the meetings that hang on it.
func (d *desk) setAnchor(ctx context.Context, c *bot.Call, called string, day when.Date, all []storage.Anchor) (bot.Reply, error) {
	if len([]rune(called)) > 60 {
		return bot.Reply{}, bot.Errorf("That is a long name. Try `!anchor board meeting 14 Jan`.")
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	before := storage.Anchor{Name: called}
	for _, a := range all {
		if strings.EqualFold(a.Name, called) {
			before = a
		}
	}
	if before.Day == day {
		return bot.Reply{Text: fmt.Sprintf("I have that already: %s is on %s.", bot.Plain(called), when.SayDate(day))}, nil
	}
	if err := d.db.SetAnchor(ctx, storage.Anchor{Name: called, Day: day, By: person, At: c.Now}); err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("Noted: %s is on **%s**.", bot.Plain(called), when.SayDate(day))
	series, err := d.db.ActiveSeries(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Did: []bot.Effect{{What: fmt.Sprintf("%s is on %s", called, day), Undo: &bot.Act{Name: "anchor.was", Data: packed(before)}}}}
	for _, s := range series {
		if !strings.EqualFold(s.Anchor, called) {
			continue
		}
		before, err := d.stoppable(ctx, s, c.Now)
		if err != nil {
			return bot.Reply{}, err
		}
		made, err := d.materialise(ctx, s, c.Now)
		if err != nil {
			return bot.Reply{}, err
		}
		gone, err := d.gone(ctx, c, before)
		if err != nil {
			return bot.Reply{}, err
		}
		r.Posts = append(r.Posts, gone...)
		g, _, err := d.db.Group(ctx, s.Group)
		if err != nil {
			return bot.Reply{}, err
		}
		for _, m := range made {
			posts, err := d.announce(ctx, g, m, c.Room, c.Now)
			if err != nil {
				return bot.Reply{}, err
			}
			r.Posts = append(r.Posts, posts...)
		}
	}
	r.Text = text
	return r, nil
}

// gone takes back the cards of dates that were only proposed and that no day
// calls for any more.
func (d *desk) gone(ctx context.Context, c *bot.Call, before []storage.Meeting) ([]bot.Post, error) {
	var posts []bot.Post
	for _, m := range before {
		if _, err := d.db.Meeting(ctx, m.ID); !errors.Is(err, storage.ErrNotFound) {
			if err != nil {
				return nil, err
			}
			continue
		}
		cards, err := d.cards(ctx, m)
		if err != nil {
			return nil, err
		}
		for _, card := range cards {
			posts = append(posts, bot.Post{Key: "edit/" + stamp(c) + "/" + card.Key, Kind: bot.Edit, Of: card.Key, Room: card.Room, Rank: bot.Reminder,
				Text: fmt.Sprintf("❌ %s is no longer proposed: the day that it hung on has moved.", bold(span(m.Slot, c.Now))), Why: "The day that the date hung on has moved."})
		}
	}
	return posts, nil
}

// anchorWas undoes a change of an anchor.
func (d *desk) anchorWas(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var a storage.Anchor
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.db.SetAnchor(ctx, a)
}
