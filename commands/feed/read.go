package feed

import (
	"context"
	"maps"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// fresh is how old a topic may be to be told of: what is found later is history.
const fresh = 3 * 24 * time.Hour

// read implements the Read of [bot.Feature].
func (d *desk) read(ctx context.Context, items []bot.Item, now time.Time) ([]bot.Post, error) {
	var posts []bot.Post
	rules := map[string]*forumRules{}
	for _, i := range items {
		r := rules[i.Site]
		if r == nil {
			var err error
			if r, err = d.rulesOf(ctx, i.Site); err != nil {
				return nil, err
			}
			rules[i.Site] = r
		}
		said, err := d.readOne(ctx, r, i, now)
		if err != nil {
			return nil, err
		}
		posts = append(posts, said...)
	}
	return posts, d.promiseAll(ctx, rules)
}

// forumRules are the rules about one forum, by room.
type forumRules struct {
	rooms   []bot.Room // in a fixed order
	byRoom  map[bot.Room][]storage.Feed
	places  places
	touched map[bot.Room]bool
}

// hidden reports whether a topic was moved to where a room may not read it.
func (r *forumRules) hidden(l storage.FeedLine, i bot.Item) bool {
	if !r.places[i.Category].Restricted {
		return false
	}
	for _, f := range r.byRoom[l.Room] {
		if f.What == "category" && f.Value == i.Category && f.Level != "mute" {
			return false
		}
	}
	return true
}

func (d *desk) rulesOf(ctx context.Context, forum string) (*forumRules, error) {
	r := &forumRules{byRoom: map[bot.Room][]storage.Feed{}, touched: map[bot.Room]bool{}}
	all, err := d.db.FeedsOf(ctx, forum)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if r.byRoom[f.Room] == nil {
			r.rooms = append(r.rooms, f.Room)
		}
		r.byRoom[f.Room] = append(r.byRoom[f.Room], f)
	}
	if len(all) > 0 {
		categories, err := d.db.ForumCategories(ctx, forum)
		if err != nil {
			return nil, err
		}
		r.places = byID(categories)
	}
	return r, nil
}

func (d *desk) readOne(ctx context.Context, r *forumRules, i bot.Item, now time.Time) ([]bot.Post, error) {
	var posts []bot.Post
	if i.Kind != bot.Said {
		var err error
		if posts, err = d.changed(ctx, r, i); err != nil {
			return nil, err
		}
	}
	if i.Kind == bot.Deleted || i.Old {
		return posts, nil
	}
	if i.Kind == bot.Edited {
		if i.Number > 1 {
			return posts, nil // a reply is told when it is written, or not at all
		}
		// A topic may only now belong to what a room follows.
		if err := d.begun(ctx, &i); err != nil {
			return nil, err
		}
	}
	for _, room := range r.rooms {
		f, tell := decide(r.byRoom[room], i, r.places)
		if !tell || i.Time.Before(f.At) || now.Sub(i.Time) > fresh {
			continue
		}
		due, err := d.dueIn(ctx, room, now.Add(d.Delay))
		if err != nil {
			return nil, err
		}
		r.touched[room] = true
		if err := d.db.AddFeedLine(ctx, storage.FeedLine{Room: room, Forum: i.Site, Post: i.ID, Topic: i.Topic, Number: i.Number, Feed: f.ID,
			Label: label(f, i, r.places), Title: i.Title, URL: i.URL, Author: i.Author, At: i.Time, Due: due}); err != nil {
			return nil, err
		}
	}
	return posts, nil
}

// begun gives an edited topic its author and the time it was begun, where they are known.
func (d *desk) begun(ctx context.Context, i *bot.Item) error {
	posts, err := d.db.ForumTopic(ctx, i.Site, i.Topic)
	if err != nil || len(posts) == 0 || posts[0].ID != i.ID {
		return err
	}
	i.Time = posts[0].Time
	if posts[0].Author.ID != "" && posts[0].Author.ID != i.Author.ID {
		i.Author = posts[0].Author
	}
	return nil
}

// label is what stands behind a line's title.
func label(f storage.Feed, i bot.Item, p places) string {
	if f.What == "tag" {
		return f.Name
	}
	if c, ok := p[i.Category]; ok {
		return c.Name
	}
	return f.Name
}

// dueIn is when a room may be told what could be said at t.
func (d *desk) dueIn(ctx context.Context, room bot.Room, t time.Time) (time.Time, error) {
	if d.Loud {
		return t, nil
	}
	zone, nation := d.Zone, when.Nation("")
	group, ok, err := d.db.GroupAt(ctx, room)
	if err != nil {
		return t, err
	}
	if ok {
		nation = when.Nation(group.Nation)
		if z, err := time.LoadLocation(group.Zone); err == nil && group.Zone != "" {
			zone = z
		}
	}
	return when.Awake(t, zone, nation), nil
}

// changed brings what rooms were told of a topic up to date.
func (d *desk) changed(ctx context.Context, r *forumRules, i bot.Item) ([]bot.Post, error) {
	lines, err := d.db.FeedLinesOf(ctx, i.Site, i.Topic)
	if err != nil {
		return nil, err
	}
	var keys []string
	old := map[string]string{}
	for _, l := range lines {
		if !concerns(i, l) || l.State == "gone" {
			continue
		}
		if _, seen := old[l.Key]; !seen && l.State == "said" {
			if old[l.Key], err = d.shown(ctx, l.Key); err != nil {
				return nil, err
			}
			keys = append(keys, l.Key)
		}
		if err := d.change(ctx, r, l, i); err != nil {
			return nil, err
		}
	}
	var posts []bot.Post
	for _, key := range keys {
		p, err := d.amend(ctx, key, old[key])
		if err != nil {
			return nil, err
		}
		posts = append(posts, p...)
	}
	return posts, nil
}

// concerns reports whether a change touches a line: the first post's touch
// all of its topic's.
func concerns(i bot.Item, l storage.FeedLine) bool { return i.ID == l.Post || i.Number == 1 }

func (d *desk) change(ctx context.Context, r *forumRules, l storage.FeedLine, i bot.Item) error {
	switch {
	case i.Kind == bot.Deleted, i.Number == 1 && r.hidden(l, i):
		l.State = "gone"
	case i.Title != "":
		l.Title = i.Title
		if i.ID == l.Post && i.URL != "" {
			l.URL = i.URL
		}
	}
	l.Edits++
	return d.db.SaveFeedLine(ctx, l)
}

func (d *desk) promiseAll(ctx context.Context, rules map[string]*forumRules) error {
	for _, site := range slices.Sorted(maps.Keys(rules)) {
		r := rules[site]
		for _, room := range r.rooms {
			if !r.touched[room] {
				continue
			}
			if err := d.promise(ctx, room); err != nil {
				return err
			}
		}
	}
	return nil
}
