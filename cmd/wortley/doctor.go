package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"git.coop/cotech/wortley/storage"
)

type doctorCmd struct{}

// findings are printed as they are found.
type findings struct {
	a       *app
	missing int
}

func (f *findings) fine(format string, args ...any) {
	fmt.Fprintf(f.a.out, "fine     "+format+"\n", args...)
}

func (f *findings) lacks(format string, args ...any) {
	f.missing++
	fmt.Fprintf(f.a.out, "MISSING  "+format+"\n", args...)
}

// Run checks the configuration, the data folder, the database and the login,
// and says exactly what is missing.
func (doctorCmd) Run(a *app) error {
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return err
	}
	f := &findings{a: a}
	f.fine("configuration: every setting can be read")
	for _, name := range c.unknown {
		f.lacks("%s is set, but no setting of mine has that name", name)
	}
	f.coordinators(c.Config)
	if running := f.folder(c.Config); running {
		f.running(a.ctx, c.Config)
	} else {
		f.database(a.ctx, c.Config)
		f.matrix(a.ctx, c.Config)
		f.forums(a.ctx, c.Config)
		f.outgoing(a.ctx, c.Config)
		f.calendars(a.ctx, c.Config)
	}
	switch f.missing {
	case 0:
		fmt.Fprintln(a.out, "Nothing is missing.")
		return nil
	case 1:
		return operatorError{errors.New("doctor: one thing is missing")}
	}
	return operatorError{fmt.Errorf("doctor: %d things are missing", f.missing)}
}

func (f *findings) coordinators(c *Config) {
	if len(c.Coordinators) == 0 {
		f.lacks("coordinators: nobody can confirm who acts for a co-op; name somebody under coordinators, as in [\"@ana:example.org\"]")
		return
	}
	f.fine("coordinators: %d", len(c.Coordinators))
}

// folder checks that the data folder can be used, and reports whether a bot uses it now.
func (f *findings) folder(c *Config) (running bool) {
	unlock, err := lock(c.Data)
	switch {
	case errors.Is(err, errBusy):
		f.fine("data folder %s: a bot is running on it", c.Data)
		return true
	case err != nil:
		f.lacks("%s; make it, and give it to the user the bot runs as", err)
		return false
	}
	unlock()
	f.fine("data folder %s: can be written", c.Data)
	return false
}

// running asks a bot that runs how it is.
func (f *findings) running(ctx context.Context, c *Config) {
	if c.Web.Addr == "off" {
		f.fine("the running bot: web.addr is off, so I cannot ask it; ask it !doctor in a room")
		return
	}
	if answer, err := asked(ctx, c, "/readyz"); err != nil {
		f.lacks("the running bot: %s", err)
	} else {
		f.fine("the running bot: %s; for its rights in a room, ask it !doctor there", answer)
	}
}

func (f *findings) database(ctx context.Context, c *Config) {
	if _, err := os.Stat(c.database()); errors.Is(err, fs.ErrNotExist) {
		f.fine("database: none yet; the first start makes it")
		return
	}
	db, err := storage.Open(ctx, c.database(), storage.Options{AsIs: true})
	if err != nil {
		f.lacks("database: %s", err)
		return
	}
	defer db.Close()
	if err := storage.Verify(ctx, db.Read, nil); err != nil {
		f.lacks("database: %s; restore a backup with \"wortley restore\"", err)
		return
	}
	s, err := db.Status(ctx)
	if err != nil {
		f.lacks("database: %s", err)
		return
	}
	f.fine("database: whole, %d co-ops on the list", s.Coops)
	if s.Coops == 0 {
		f.lacks("directory: empty; bring one in with \"wortley import coops FILE\"")
	}
}
