package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/terminal"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/commands/fund"
	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

type demoCmd struct {
	As string `default:"ana" placeholder:"NAME" help:"Who you are at first: ${default}, who is a coordinator; bob, who is a member; anybody else is new here."`
}

// cast are the people of the demo.
var cast = []struct {
	name, coop string
	role       bot.Role
}{
	{"ana", "Agile Collective", bot.Coordinator},
	{"bob", "Autonomic", bot.Anyone},
}

const demoIntro = "**Wortley**, in a room of its own: %d co-ops as their network listed them, and nothing you do here is kept.\n" +
	"You are **%s**%s. Try `!whohas discourse`, `!whohas hosting near sheffield`, `!coop autonomic`, `!fund`, `!meet Thursday 2pm`, `!help`. `/as bob` makes you a member of another co-op, `/quit` leaves, `/help` is about this terminal."

// Run plays the bot in this terminal. Each line is answered before the next
// is read, so that a pipe works as well as a person.
func (d *demoCmd) Run(a *app) error {
	folder, err := os.MkdirTemp("", "wortley-demo-")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer os.RemoveAll(folder)
	db, err := storage.Open(a.ctx, filepath.Join(folder, "demo.db"), storage.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	coops, err := furnish(a.ctx, db, a.now())
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := fund.Demo(a.ctx, db, a.now()); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	features := commands.All(db, commands.Options{About: aboutOptions(a.now())})
	room := terminal.New(terminal.Options{In: a.in, Out: a.out, As: d.As, Now: a.now, Words: typed(features),
		Intro: fmt.Sprintf(demoIntro, coops, bot.Plain(d.As), described(d.As)), Colour: os.Getenv("NO_COLOR") == ""})
	b := bot.New(db, bot.Options{HelpInRooms: true, Now: a.now}, []bot.Transport{room}, features)
	if err := converse(a.ctx, b, room); !errors.Is(err, terminal.ErrEnd) && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// furnish fills the throw-away database with the sample directory and the
// cast. It returns how many co-ops are listed.
func furnish(ctx context.Context, db *storage.DB, now time.Time) (listed int, err error) {
	entries, _, err := directory.ReadCSV(bytes.NewReader(directory.SampleCSV))
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if e.Status == directory.Listed {
			listed++
		}
	}
	if err := whohas.Load(ctx, db, entries); err != nil {
		return 0, err
	}
	for _, p := range cast {
		if err := enter(ctx, db, terminal.Site, p.name, p.coop, p.role); err != nil {
			return 0, err
		}
	}
	return listed, gather(ctx, db, now)
}

// gather makes the group that talks in the demo's room, so that it can meet.
func gather(ctx context.Context, db *storage.DB, now time.Time) error {
	g := storage.Group{Slug: "demo", Name: "Demo circle", Kind: "circle", Purpose: "To try things out.", Made: now}
	id, err := db.SaveGroup(ctx, g)
	if err != nil {
		return err
	}
	for i, p := range cast {
		person, err := db.Know(ctx, terminal.Site, bot.User{ID: p.name, Name: p.name})
		if err != nil {
			return err
		}
		role := "member"
		if i == 0 {
			role = "convenor"
		}
		if err := db.SetGroupMember(ctx, id, person, role, now); err != nil {
			return err
		}
	}
	return db.BindPlace(ctx, storage.Place{Room: terminal.General, Group: id, At: now})
}

// enter lets a person act for a co-op, with a role.
func enter(ctx context.Context, db *storage.DB, site, name, coop string, role bot.Role) error {
	id, err := db.Know(ctx, site, bot.User{ID: name, Name: name})
	if err != nil {
		return err
	}
	c, err := db.EnsureCoop(ctx, coop)
	if err != nil {
		return err
	}
	if err := db.SetCoop(ctx, id, c); err != nil {
		return err
	}
	return db.SetRole(ctx, id, role)
}

func described(name string) string {
	for _, p := range cast {
		switch {
		case p.name == name && p.role == bot.Coordinator:
			return ", who acts for " + p.coop + " and is a coordinator"
		case p.name == name:
			return ", who acts for " + p.coop
		}
	}
	return ", who is new here"
}

// typed are the words that Tab completes.
func typed(features []bot.Feature) []string {
	words := []string{"!help", "!why", "!undo", "/as", "/direct", "/edit", "/delete", "/react", "/help", "/quit"}
	for _, f := range features {
		for _, c := range f.Commands {
			if !c.Hidden {
				words = append(words, "!"+c.Name)
			}
		}
	}
	return words
}

// converse lets the bot take each line, and whatever falls due meanwhile,
// one at a time.
func converse(ctx context.Context, b *bot.Bot, room *terminal.Transport) error {
	ctx, stop := context.WithCancel(ctx)
	var turn sync.Mutex // whose turn it is: a line's, or a promise's
	var promises sync.WaitGroup
	woken := make(chan struct{}, 1)
	promises.Go(func() { keepPromises(ctx, b, &turn, woken) })
	defer promises.Wait()
	defer stop()
	return room.Receive(ctx, "", func(ctx context.Context, batch bot.Batch) error {
		turn.Lock()
		defer turn.Unlock()
		if err := b.Take(ctx, room.Name(), batch); err != nil {
			return err
		}
		select {
		case woken <- struct{}{}:
		default:
		}
		return b.Settle(ctx)
	})
}

// keepPromises does what falls due while nobody types, until ctx ends.
func keepPromises(ctx context.Context, b *bot.Bot, turn *sync.Mutex, woken chan struct{}) {
	for {
		turn.Lock()
		next, err := b.NextMoment(ctx)
		turn.Unlock()
		wait := time.Minute
		if err == nil && !next.IsZero() {
			wait = max(time.Second, min(wait, time.Until(next)))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-woken:
			timer.Stop()
			continue
		case <-timer.C:
		}
		turn.Lock()
		b.Settle(ctx) // what fails is tried again; the next line shows what is wrong
		turn.Unlock()
	}
}
