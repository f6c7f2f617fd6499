package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/matrix"
	"git.coop/cotech/wortley/bot/web"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/commands/about"
	"git.coop/cotech/wortley/commands/chores"
	"git.coop/cotech/wortley/commands/news"
	"git.coop/cotech/wortley/storage"
)

// A program is the bot with everything that belongs to it, ready to run.
type program struct {
	*Config
	db      *storage.DB
	log     *slog.Logger
	started time.Time

	sites    []bot.Transport
	features []bot.Feature
	bot      *bot.Bot

	// unsubscribe returns where mail that a post becomes can be ended; see
	// mail.Options. The features set it.
	unsubscribe func(p bot.Post) string
}

func (p *program) whereToEnd(post bot.Post) string {
	if p.unsubscribe == nil {
		return ""
	}
	return p.unsubscribe(post)
}

// assemble joins transports, features and the loop over a database. show is
// told what only the operator may read, such as a new recovery key.
func assemble(c *Config, db *storage.DB, log *slog.Logger, show func(string)) (p *program, err error) {
	p = &program{Config: c, db: db, log: log, started: time.Now()}
	if p.sites, err = sites(c, db, log, show, func() []bot.Feature { return p.features }, p.whereToEnd); err != nil {
		return nil, err
	}
	p.unsubscribe = func(post bot.Post) string {
		return news.Unsubscribe(context.Background(), db, strings.TrimRight(c.Web.BaseURL, "/"), post)
	}
	o, err := p.options()
	if err != nil {
		return nil, err
	}
	p.features = commands.All(db, o)
	p.bot = bot.New(db, bot.Options{
		Names: []string{c.Name}, Zone: c.location(), Log: log, HelpInRooms: c.HelpInRooms, Ignore: c.Ignore,
		PerPerson: c.Limits.PerPerson, Broadcasts: c.pace(), Introduce: introduction(c.Name, c.HelpInRooms),
	}, p.sites, p.features)
	return p, nil
}

// sites are the transports that are configured, a line each.
func sites(c *Config, db *storage.DB, log *slog.Logger, show func(string), features func() []bot.Feature, unsubscribe func(bot.Post) string) ([]bot.Transport, error) {
	all, err := c.forums(log)
	if c.Matrix.User != "" {
		m := c.matrix(show)
		m.Features = features
		all = append(all, matrix.New(m, db.Database, log))
	}
	if err != nil {
		return nil, err
	}
	out, err := c.sendOnly(log, unsubscribe)
	return append(all, out...), err
}

func (c *Config) matrix(show func(string)) matrix.Config {
	m := c.Matrix
	return matrix.Config{Homeserver: m.Homeserver, User: m.User, Password: m.Password, Token: m.Token, DeviceName: m.DeviceName,
		Encryption: m.Encryption, PickleKey: m.PickleKey, RecoveryKey: m.RecoveryKey, RecoveryFile: c.within(m.RecoveryFile),
		ShowRecovery: show, Invites: m.Invites}
}

// introduction is what the bot says when it joins a room.
func introduction(name string, bareHelp bool) string {
	return fmt.Sprintf("Hello, I am %s. I know which co-op does what: try `!whohas nextcloud`, or %s for the rest.\n"+
		"I read what begins with `!` or my name, look for dates in rooms of a working group, and only count the rest, without their words. `!privacy` says what I keep.", bot.Plain(name), bot.HelpWords(name, bareHelp))
}

// options are what the features are told.
func (p *program) options() (o commands.Options, err error) {
	o = commands.Options{Log: p.log, Retention: p.retention(), About: aboutOptions(p.started), Fund: p.fund(), News: p.newsletter()}
	o.About.Operator = p.Operator
	o.About.Check = map[string]func(context.Context, bot.Room, bot.User) ([]string, error){}
	for _, t := range p.sites {
		if c, ok := t.(interface {
			Check(ctx context.Context, room bot.Room, user string) ([]string, error)
		}); ok {
			o.About.Check[t.Name()] = func(ctx context.Context, room bot.Room, user bot.User) ([]string, error) {
				return c.Check(ctx, room, user.ID)
			}
		}
		if s, ok := t.(interface {
			Status(ctx context.Context) []string
		}); ok {
			o.About.Status = append(o.About.Status, s.Status)
		}
	}
	o.Chores = chores.Options{Backups: p.within(p.Backups.Folder), Keep: p.Backups.Keep, Ping: p.Ping, Healthy: p.ready}
	o.Minutes = p.minutes()
	o.Meeting.Events = p.Meetings.Events
	if o.Calendar, err = p.calendars(); err != nil {
		return o, err
	}
	model, err := p.model()
	if err != nil {
		return o, err
	}
	o.News.Summarise = p.summariser(model)
	o.Feed, err = p.feeds()
	return o, err
}

// aboutOptions are what every bot can say of itself.
func aboutOptions(started time.Time) about.Options {
	return about.Options{Version: version(), Started: started}
}

// run keeps everything running until ctx ends, or until one part can go on
// no longer, whose error it returns. Every goroutine has ended then.
func (p *program) run(ctx context.Context) error {
	if err := p.configureCoordinators(ctx); err != nil {
		return err
	}
	if err := p.lookAtFund(ctx); err != nil {
		return err
	}
	parts := map[string]func(context.Context) error{"bot": p.bot.Run, "chores": p.bot.Jobs, "watchdog": p.watch}
	if p.Web.Addr != "off" {
		parts["web"] = p.serve
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		running.Go(func() {
			if err := parts[name](ctx); err != nil && ctx.Err() == nil {
				stop(err)
			}
		})
	}
	p.log.Info("started", "version", version(), "data", p.Data, "sites", siteNames(p.sites))
	<-ctx.Done()
	p.log.Info("stopping")
	running.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func siteNames(sites []bot.Transport) []string {
	var names []string
	for _, t := range sites {
		names = append(names, t.Name())
	}
	return names
}

func (p *program) configureCoordinators(ctx context.Context) error {
	var accounts []storage.Account
	for _, who := range p.Coordinators {
		if site, user, ok := account(who); ok {
			accounts = append(accounts, storage.Account{Site: site, User: user})
		}
	}
	return p.db.ConfigureCoordinators(ctx, accounts)
}

// serve is the web part.
func (p *program) serve(ctx context.Context) error {
	var pages []bot.Page
	for _, f := range p.features {
		pages = append(pages, f.Pages...)
	}
	return web.Serve(ctx, web.Options{Addr: p.Web.Addr, Alive: p.alive, Ready: p.ready, MetricsPublic: p.Web.MetricsPublic, Log: p.log,
		Metrics: web.Metrics(p.bot, siteNames(p.sites), p.gauges()...), Pages: pages})
}
