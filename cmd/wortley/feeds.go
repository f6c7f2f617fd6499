package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/feed"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// feeds says which forums' news can come to rooms, and how.
func (p *program) feeds() (feed.Options, error) {
	o := p.Config.feeds()
	o.Heard = func(site string) time.Time { return p.bot.LastBatch(site) }
	for _, name := range slices.Sorted(maps.Keys(p.Forums)) {
		client, err := p.Forums[name].client(p.Config)
		if err != nil {
			return o, err
		}
		o.Forums = append(o.Forums, feed.Forum{Site: "discourse/" + name, URL: p.Forums[name].URL, Ask: forumSource{client}})
	}
	return o, nil
}

// feeds are the settings of feeds.
func (c *Config) feeds() feed.Options {
	return feed.Options{Zone: c.location(), Delay: time.Duration(c.Feeds.Delay) * time.Second, Loud: !c.Feeds.Quiet}
}

// A forumSource is a [feed.Source] over a forum's client.
type forumSource struct{ *forum.Client }

// Categories implements [feed.Source].
func (s forumSource) Categories(ctx context.Context) ([]storage.ForumCategory, error) {
	found, err := s.Client.Categories(ctx)
	if err != nil {
		return nil, err
	}
	var all []storage.ForumCategory
	for _, c := range found {
		one := storage.ForumCategory{ID: strconv.FormatInt(c.ID, 10), Name: c.Name, Slug: c.Slug, Restricted: c.Restricted}
		if c.ParentID != 0 {
			one.Parent = strconv.FormatInt(c.ParentID, 10)
		}
		all = append(all, one)
	}
	return all, nil
}

// Tags implements [feed.Source].
func (s forumSource) Tags(ctx context.Context) ([]string, error) {
	tags, err := s.Client.Tags(ctx)
	if errors.Is(err, forum.ErrNotFound) {
		return nil, nil // a forum without tags
	}
	return forum.Names(tags), err
}

// Person implements [feed.Source].
func (s forumSource) Person(ctx context.Context, name string) (bot.User, bool, error) {
	u, err := s.Client.User(ctx, name)
	if errors.Is(err, forum.ErrNotFound) {
		return bot.User{}, false, nil
	}
	return bot.User{ID: u.Username, Name: u.Name}, err == nil, err
}

// playedForums are what conversations are played with: hub, and any other
// forum that has a setting.
func (c *Config) playedForums() []feed.Forum {
	all := []feed.Forum{{Site: "discourse/hub", URL: "https://hub.example", Ask: playedForum{tags: []string{"jobs", "newsletter"}, categories: []storage.ForumCategory{
		{ID: "4", Name: "General", Slug: "general"},
		{ID: "5", Name: "Events", Slug: "events"},
		{ID: "6", Name: "Regional meet-ups", Slug: "regional-meet-ups", Parent: "5"},
		{ID: "7", Name: "Lounge", Slug: "lounge"},
		{ID: "8", Name: "Newsletter", Slug: "newsletter"},
		{ID: "9", Name: "Stewards", Slug: "stewards", Restricted: true},
	}}}}
	for _, name := range named(c.Forums) {
		if name != "hub" {
			all = append(all, feed.Forum{Site: "discourse/" + name, URL: "https://" + name + ".example", Ask: playedForum{tags: []string{"retail"}, categories: []storage.ForumCategory{
				{ID: "5", Name: "Governance", Slug: "governance"},
				{ID: "8", Name: "General", Slug: "general"},
			}}})
		}
	}
	return all
}

// A playedForum is made up, and the same in every conversation.
type playedForum struct {
	categories []storage.ForumCategory
	tags       []string
}

// Categories implements [feed.Source].
func (f playedForum) Categories(context.Context) ([]storage.ForumCategory, error) {
	return f.categories, nil
}

// Tags implements [feed.Source].
func (f playedForum) Tags(context.Context) ([]string, error) { return f.tags, nil }

// Person implements [feed.Source].
func (playedForum) Person(_ context.Context, name string) (bot.User, bool, error) {
	return bot.User{ID: name, Name: name}, name != "nobody", nil
}
