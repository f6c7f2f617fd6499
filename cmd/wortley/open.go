package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"git.coop/cotech/wortley/storage"
)

// openBeside opens the database of the configuration for one subcommand. If
// the bot is running it is used beside the bot, as it is. begin says whether
// to begin a new one where there is none.
func openBeside(a *app, begin bool) (*loader, *storage.DB, func(), error) {
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return nil, nil, nil, err
	}
	if _, err := os.Stat(c.database()); !begin && errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil, operatorError{fmt.Errorf("there is no database at %s yet", c.database())}
	}
	unlock, err := lock(c.Data)
	beside := errors.Is(err, errBusy)
	switch {
	case beside:
		unlock = func() {}
	case err != nil:
		return nil, nil, nil, err
	}
	db, err := storage.Open(a.ctx, c.database(), storage.Options{Durable: c.encrypts(), AsIs: beside})
	if err != nil {
		unlock()
		return nil, nil, nil, err
	}
	return c, db, func() { db.Close(); unlock() }, nil
}
