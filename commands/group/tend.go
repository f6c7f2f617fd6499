package group

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"git.coop/cotech/wortley/storage"
)

// careKind is the promise to look after a group each morning.
const careKind = "group.care"

// ensure promises to look after every open group, closes the days that are
// over, and promises the coordinators' week and month. It runs each night.
func (d *desk) ensure(ctx context.Context, now time.Time) ([]bot.Post, error) {
	return nil, d.db.Do(ctx, func(ctx context.Context) error {
		if err := d.db.CloseDays(ctx, now.AddDate(0, 0, -1)); err != nil {
			return err
		}
		for kind, at := range map[string]time.Time{digestKind: nextMonday(now), reportKind: nextMonth(now)} {
			if err := d.db.PromiseOnce(ctx, kind, "", at); err != nil {
				return err
			}
		}
		all, err := d.db.Groups(ctx)
		if err != nil {
			return err
		}
		for _, g := range all {
			if g.State == "closed" {
				continue
			}
			if err := d.db.PromiseOnce(ctx, careKind, strconv.FormatInt(g.ID, 10), nextLook(now, g)); err != nil {
				return err
			}
		}
		return nil
	})
}

// tend looks after one group, each morning at half past nine.
func (d *desk) tend(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	g, ok, err := d.db.Group(ctx, id)
	if err != nil || !ok || g.State == "closed" {
		return nil, time.Time{}, err
	}
	if g, err = d.wake(ctx, g, now); err != nil {
		return nil, time.Time{}, err
	}
	h, _, err := d.db.Health(ctx, id)
	if err != nil {
		return nil, time.Time{}, err
	}
	h, s, lastHuman, err := d.look(ctx, g, h, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	var posts []bot.Post
	if mayTell(now, g) {
		if posts, err = d.care(ctx, g, &h, s, lastHuman, now); err != nil {
			return nil, time.Time{}, err
		}
	}
	return posts, nextLook(now, g), d.db.SaveHealth(ctx, h)
}

// wake ends a rest whose day has come.
func (d *desk) wake(ctx context.Context, g storage.Group, now time.Time) (storage.Group, error) {
	if g.State != "resting" || g.Until == "" || g.Until > when.DateOf(now.In(zone(g))).String() {
		return g, nil
	}
	g.State, g.Until = "open", ""
	_, err := d.db.SaveGroup(ctx, g)
	return g, err
}

// care takes the step that is due, if one is.
func (d *desk) care(ctx context.Context, g storage.Group, h *storage.Health, s health.Status, lastHuman, now time.Time) ([]bot.Post, error) {
	f, _, err := d.facts(ctx, g, *h, now)
	if err != nil {
		return nil, err
	}
	whom, err := d.convenors(ctx, g, "convenor")
	if err != nil {
		return nil, err
	}
	if err := d.chased(ctx, g, h); err != nil {
		return nil, err
	}
	step := plan(h, s, f, len(whom) > 0, lastHuman, now)
	n := nudge{g: g, s: s, f: f, now: now, lastHuman: lastHuman}
	var posts []bot.Post
	switch step {
	case noStep:
		return nil, nil
	case toConvenor:
		if posts, err = d.toEach(ctx, whom, n.convenor(), n, step); err == nil {
			h.Asked++
		}
	case toGroup:
		if posts, err = d.inRoom(ctx, n); err == nil && len(posts) > 0 {
			h.Room = now
			h.Unanswered++
		}
	case toDeputy:
		if whom, err = d.seconds(ctx, g); err == nil {
			posts, err = d.toEach(ctx, whom, n.deputy(), n, step)
		}
	case toOptions:
		posts, err = d.toCoordinators(ctx, n.options(), fmt.Sprintf("care/%d/%d/%d", g.ID, step, now.Unix()), n.why(step))
	}
	h.Step, h.Stepped = step, now
	return posts, err
}

// chased counts what else the group was told unasked, after minutes, into
// what it may be told in a week.
func (d *desk) chased(ctx context.Context, g storage.Group, h *storage.Health) error {
	places, err := d.db.Places(ctx, g.ID)
	if err != nil {
		return err
	}
	for _, p := range places {
		at, err := d.db.LastSaid(ctx, p.Room, "minutes/missing/")
		if err != nil {
			return err
		}
		if at.After(h.Room) {
			h.Room = at
		}
	}
	return nil
}

// convenors returns the people with a role who have not asked to be left alone.
func (d *desk) convenors(ctx context.Context, g storage.Group, role string) ([]int64, error) {
	muted, err := d.db.CareMuted(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	var found []int64
	for _, m := range members {
		if m.Role == role && !muted[m.Person] {
			found = append(found, m.Person)
		}
	}
	return found, err
}

// seconds returns the deputies, or the two who have been members longest.
func (d *desk) seconds(ctx context.Context, g storage.Group) ([]int64, error) {
	found, err := d.convenors(ctx, g, "deputy")
	if err != nil || len(found) > 0 {
		return found, err
	}
	found, err = d.convenors(ctx, g, "member")
	return found[:min(len(found), 2)], err
}

// toEach tells people something alone.
func (d *desk) toEach(ctx context.Context, people []int64, text string, n nudge, step int) (posts []bot.Post, err error) {
	for _, person := range people {
		p, ok, err := d.reach(ctx, person)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		p.Key = fmt.Sprintf("care/%d/%d/%d/%d", n.g.ID, step, n.now.Unix(), person)
		p.Text, p.Why = text, n.why(step)
		posts = append(posts, p)
	}
	return posts, nil
}

// inRoom tells a group, in the first of its rooms where it can be told.
func (d *desk) inRoom(ctx context.Context, n nudge) ([]bot.Post, error) {
	places, err := d.db.Places(ctx, n.g.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		if isTag(p.Room) {
			continue
		}
		post := bot.Post{Key: fmt.Sprintf("care/%d/%d/%d", n.g.ID, toGroup, n.now.Unix()), Room: p.Room, Rank: bot.Reminder, Text: n.group(p.Room.Site), Why: n.why(toGroup)}
		if isCategory(p.Room) {
			post.Title = n.g.Name + ": when next?"
		}
		return []bot.Post{post}, nil
	}
	return nil, nil
}

// toCoordinators tells all coordinators something alone.
func (d *desk) toCoordinators(ctx context.Context, text, key, why string) (posts []bot.Post, err error) {
	accounts, err := d.db.AccountsWith(ctx, bot.Coordinator)
	if err != nil {
		return nil, err
	}
	told := map[int64]bool{}
	for _, a := range accounts {
		if told[a.Person] {
			continue
		}
		told[a.Person] = true
		p, _, err := d.reach(ctx, a.Person)
		if err != nil {
			return nil, err
		}
		p.Key, p.Text, p.Why = fmt.Sprintf("%s/%d", key, a.Person), text, why
		posts = append(posts, p)
	}
	return posts, nil
}
