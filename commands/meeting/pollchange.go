package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// change lets a command change an open poll and shows it.
func (d *desk) changePoll(ctx context.Context, c *bot.Call, change func(g storage.Group, p *storage.Poll, words string) (said string, err error)) (bot.Reply, error) {
	p, g, words, err := d.openPollOf(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	before := p
	before.Options = slices.Clone(p.Options)
	said, err := change(g, &p, words)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.db.SavePoll(ctx, p); err != nil {
		return bot.Reply{}, err
	}
	if err := d.promisePoll(ctx, p, g, c.Now); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refreshPoll(ctx, g, p, stamp(c), c.Now, "")
	return bot.Reply{Text: said, Posts: posts, Did: []bot.Effect{{What: "changed the vote on a date of " + g.Name, Undo: &bot.Act{Name: "poll.was", Data: packed(before)}}}}, err
}

// pollWas undoes a change of a poll. Options that it did not have are dropped.
func (d *desk) pollWas(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var before storage.Poll
	if err := json.Unmarshal([]byte(data), &before); err != nil {
		return bot.Reply{}, err
	}
	p, g, err := d.pollByID(ctx, strconv.FormatInt(before.ID, 10))
	if err != nil || p.State != storage.PollOpen {
		return bot.Reply{}, err
	}
	for _, o := range p.Options {
		if !slices.ContainsFunc(before.Options, func(b storage.PollOption) bool { return b.N == o.N }) {
			o.Dropped = true
			before.Options = append(before.Options, o)
		}
	}
	if _, err := d.db.SavePoll(ctx, before); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refreshPoll(ctx, g, before, stamp(c), c.Now, "")
	return bot.Reply{Posts: posts}, firstErr(err, d.promisePoll(ctx, before, g, c.Now))
}

// dropPoll undoes a poll: its posts are taken back.
func (d *desk) dropPoll(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	p, _, err := d.pollByID(ctx, data)
	if err != nil {
		return bot.Reply{}, err
	}
	asked, err := d.db.PollPosts(ctx, p.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var posts []bot.Post
	for _, a := range asked {
		posts = append(posts, bot.Post{Key: "un/" + a.Key, Kind: bot.Withdraw, Room: a.Room, Of: a.Key, Why: "The question was undone."})
	}
	return bot.Reply{Posts: posts}, firstErr(d.db.Release(ctx, pollKind, data), d.db.DropPoll(ctx, p.ID))
}

// pollAdd is `!poll add`.
func (d *desk) pollAdd(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	var added storage.PollOption
	var group storage.Group
	var id int64
	r, err := d.changePoll(ctx, c, func(g storage.Group, p *storage.Poll, words string) (string, error) {
		o, err := d.options(ctx, g, c.Time, c.Zone)
		if err != nil {
			return "", err
		}
		w := read(words, o)
		h := habit{clock: p.Options[0].Clock, minutes: p.Options[0].Minutes, known: true}
		if w.Kind == when.OneDate {
			w.Reading = when.Reading{Kind: when.Choice, Items: []when.Reading{w.Reading}}
		}
		slots, ok := w.slots(h, o.Zone)
		standing := 0
		for _, old := range p.Options {
			standing += bit(!old.Dropped)
		}
		switch {
		case !ok || len(slots) != 1:
			return "", bot.Errorf("Which date shall be added? Try `!poll add Fri 6 Dec 14:00`.")
		case !slots[0].Start.After(c.Now):
			return "", bot.Errorf("%s has passed.", sayWhen(slots[0]))
		case standing >= 5 || len(p.Options) >= len(keycaps):
			return "", bot.Errorf("More than five dates kill a vote. `!poll drop 2` makes room.")
		case slices.ContainsFunc(p.Options, func(o storage.PollOption) bool { return !o.Dropped && o.Start.Equal(slots[0].Start) }):
			return "", bot.Errorf("%s is among them already.", span(slots[0], c.Now))
		}
		added, group, id = storage.PollOption{N: len(p.Options) + 1, Slot: slots[0]}, g, p.ID
		p.Options = append(p.Options, added)
		return fmt.Sprintf("Added: %s %s. The other votes stay.", keycaps[added.N-1], span(added.Slot, c.Now)), nil
	})
	if err != nil {
		return r, err
	}
	told, err := d.tellVoters(ctx, c, group, id, added)
	r.Posts = append(r.Posts, told...)
	return r, err
}

// tellVoters tells those who have voted, directly, that there is a new option.
func (d *desk) tellVoters(ctx context.Context, c *bot.Call, g storage.Group, id int64, o storage.PollOption) ([]bot.Post, error) {
	votes, err := d.db.Votes(ctx, id)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	seen := map[int64]bool{c.Person.ID: true}
	for _, v := range votes {
		if seen[v.Person] {
			continue
		}
		seen[v.Person] = true
		text := fmt.Sprintf("%s: a date was added to the vote: %s %s. Your other votes stay; `!yes %s: %d`, `!maybe %s: %d` or `!no %s: %d`.", name(g), keycaps[o.N-1], span(o.Slot, c.Now), g.Slug, o.N, g.Slug, o.N, g.Slug, o.N)
		direct, err := d.direct(ctx, v.Person, fmt.Sprintf("poll/%d/added/%d", id, o.N), text, "You had voted before this date was added.")
		if err != nil {
			return nil, err
		}
		posts = append(posts, direct...)
	}
	return posts, nil
}

// pollDrop is `!poll drop`.
func (d *desk) pollDrop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.changePoll(ctx, c, func(_ storage.Group, p *storage.Poll, words string) (string, error) {
		n, err := strconv.Atoi(strings.Trim(words, " .#"))
		i := slices.IndexFunc(p.Options, func(o storage.PollOption) bool { return o.N == n && !o.Dropped })
		if err != nil || i < 0 {
			return "", bot.Errorf("Which one? Say its number, as in `!poll drop 2`.")
		}
		left := 0
		for _, o := range p.Options {
			left += bit(!o.Dropped)
		}
		if left == 1 {
			return "", bot.Errorf("It is the only one left. `!poll withdraw` ends the vote.")
		}
		p.Options[i].Dropped = true
		return fmt.Sprintf("Dropped: %s. The other votes stay.", span(p.Options[i].Slot, c.Now)), nil
	})
}

// pollUntil is `!poll until`.
func (d *desk) pollUntil(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.changePoll(ctx, c, func(g storage.Group, p *storage.Poll, words string) (string, error) {
		z := zone(g, c.Zone)
		r := when.Read(words, when.Options{Now: c.Time, Zone: z, Nation: when.Nation(g.Nation)})
		at := r.Start
		switch {
		case r.Kind == when.OneDate:
			at = when.At(r.Date, when.HM(12, 0), z)
		case r.Kind == when.Deadline && !r.By.At.IsZero():
			at = r.By.At
		case r.Kind == when.Deadline:
			at = when.At(r.By.Date, when.HM(12, 0), z)
		}
		if at.IsZero() {
			return "", bot.Errorf("Until when? Try `!poll until Friday noon`.")
		}
		if !at.After(c.Now) {
			return "", bot.Errorf("%s has passed.", moment(at, c.Now, z))
		}
		p.Closes, p.Nudged = at.UTC().Truncate(time.Minute), false
		return fmt.Sprintf("The vote is decided on %s.", moment(at, c.Now, z)), nil
	})
}

// pollNeeds is `!poll needs`: people without whom no date wins.
func (d *desk) pollNeeds(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.changePoll(ctx, c, func(g storage.Group, p *storage.Poll, words string) (string, error) {
		members, err := d.db.GroupMembers(ctx, g.ID)
		if err != nil {
			return "", err
		}
		var names []string
		for _, word := range strings.FieldsFunc(words, func(r rune) bool { return r == ',' || r == ' ' || r == '@' }) {
			if strings.EqualFold(word, "and") {
				continue
			}
			i := slices.IndexFunc(members, func(m storage.GroupMember) bool { return strings.EqualFold(m.Name, word) })
			if i < 0 {
				return "", bot.Errorf("I know nobody called “%s” in %s. `!members` lists them.", bot.Plain(bot.Clip(word, 30)), name(g))
			}
			if !slices.Contains(p.Required, members[i].Person) {
				p.Required = append(p.Required, members[i].Person)
			}
			names = append(names, bot.Plain(members[i].Name))
		}
		if len(names) == 0 {
			return "", bot.Errorf("Without whom should no date be chosen? Try `!poll needs sal`.")
		}
		return fmt.Sprintf("No date is chosen on which %s cannot come.", list(names)), nil
	})
}
