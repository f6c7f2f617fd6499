// Package commands lists what the bot can do.
package commands

import (
	"context"
	"log/slog"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/about"
	"git.coop/cotech/wortley/commands/calendar"
	"git.coop/cotech/wortley/commands/chores"
	"git.coop/cotech/wortley/commands/feed"
	"git.coop/cotech/wortley/commands/fund"
	"git.coop/cotech/wortley/commands/group"
	"git.coop/cotech/wortley/commands/meeting"
	"git.coop/cotech/wortley/commands/minutes"
	"git.coop/cotech/wortley/commands/news"
	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/storage"
)

// Options are what the features have to be told beside the database.
type Options struct {
	Log       *slog.Logger
	Retention storage.Retention // 30 and 90 days if zero
	About     about.Options
	Chores    chores.Options
	Feed      feed.Options
	Meeting   meeting.Options
	Minutes   minutes.Options
	Calendar  calendar.Options
	Fund      fund.Options
	News      news.Options
}

// All returns the features, in the order in which help lists them.
func All(db *storage.DB, o Options) []bot.Feature {
	o.setDefaults()
	meetings := meeting.New(db, o.Meeting)
	features := []bot.Feature{
		whohas.New(db),
		feed.New(db, o.Feed),
		news.New(db, o.News),
		group.New(db, group.Options{Poll: run(meetings, "poll"), Feed: calendar.GroupFeed(o.Calendar.BaseURL)}),
		meetings,
		minutes.New(db, o.Minutes),
		calendar.New(db, o.Calendar),
		fund.New(db, o.Fund),
		chores.New(db, o.Chores),
	}
	return append(features, about.New(db, o.about(features)))
}

func (o *Options) setDefaults() {
	if o.Retention == (storage.Retention{}) {
		const day = 24 * time.Hour
		o.Retention = storage.Retention{Words: 30 * day, Rows: 90 * day}
	}
	o.About.Retention, o.Chores.Retention, o.Chores.Log = o.Retention, o.Retention, o.Log
	o.Feed.Log, o.Meeting.Log = o.Log, o.Log
}

// about lets `!privacy` and `!forget me` speak for all features.
func (o *Options) about(features []bot.Feature) about.Options {
	a := o.About
	for _, f := range features {
		if f.Keeps != "" {
			a.Keeps = append(a.Keeps, f.Keeps)
		}
		if f.Forget != nil {
			a.Forget = append(a.Forget, f.Forget)
		}
	}
	return a
}

// run returns what a feature's command does, for another that offers it.
func run(f bot.Feature, name string) func(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	for _, c := range f.Commands {
		if c.Name == name {
			return c.Run
		}
	}
	return nil
}
