package feed_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/commands/feed"
	"git.coop/cotech/wortley/storage"
)

// A madeUp forum answers from memory.
type madeUp struct {
	categories []storage.ForumCategory
	tags       []string
	down       bool
}

var errDown = errors.New("connection refused")

func (m *madeUp) Categories(context.Context) ([]storage.ForumCategory, error) {
	if m.down {
		return nil, errDown
	}
	return m.categories, nil
}

func (m *madeUp) Tags(context.Context) ([]string, error) { return m.tags, nil }

func (m *madeUp) Person(_ context.Context, name string) (bot.User, bool, error) {
	return bot.User{ID: name, Name: name}, name != "nobody", nil
}

func hub() *madeUp {
	return &madeUp{tags: []string{"jobs", "newsletter"}, categories: []storage.ForumCategory{
		{ID: "4", Name: "General", Slug: "general"},
		{ID: "5", Name: "Events", Slug: "events"},
		{ID: "6", Name: "Regional meet-ups", Slug: "regional-meet-ups", Parent: "5"},
		{ID: "7", Name: "Lounge", Slug: "lounge"},
		{ID: "8", Name: "Newsletter", Slug: "newsletter"},
		{ID: "9", Name: "Stewards", Slug: "stewards", Restricted: true},
	}}
}

func guild() *madeUp {
	return &madeUp{tags: []string{"retail"}, categories: []storage.ForumCategory{{ID: "5", Name: "Governance", Slug: "governance"}, {ID: "8", Name: "General", Slug: "general"}}}
}

func player() *bottest.Player {
	o := commands.Options{}
	o.Feed = feed.Options{Delay: time.Minute, Forums: []feed.Forum{{Site: "discourse/hub", URL: "https://hub.example", Ask: hub()}}}
	return &bottest.Player{
		Features: func(db *storage.DB) []bot.Feature { return commands.All(db, o) },
		Set: func(_ *bot.Options, key, value string) error {
			switch key {
			case "feeds.delay":
				seconds, err := strconv.Atoi(value)
				o.Feed.Delay = time.Duration(seconds) * time.Second
				return err
			case "feeds.quiet":
				o.Feed.Loud = value == "no"
			case "forums.guild.url":
				o.Feed.Forums = append(o.Feed.Forums, feed.Forum{Site: "discourse/guild", Ask: guild()})
			}
			return nil
		},
	}
}

func TestConversations(t *testing.T) {
	for _, name := range []string{"feeds", "rules", "digest", "two-forums", "quiet", "rights", "wrong", "undo"} {
		player().Run(t, "testdata/"+name+".txt")
	}
}
