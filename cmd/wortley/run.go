package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

type runCmd struct{}

// Run is the bot, until it is told to stop (SIGTERM or Ctrl-C; being killed
// does no harm either). It ends with an operatorError where only a person
// can help: then starting it again is of no use.
func (runCmd) Run(a *app) error {
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return err
	}
	log := c.logger(a)
	for _, name := range c.unknown {
		log.Warn("not a setting of mine", "variable", name)
	}
	if c.Matrix.User == "" && len(c.Forums) == 0 {
		return operatorError{errors.New("run: no site is configured: set matrix.user or forums, or try \"wortley demo\"")}
	}
	unlock, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer unlock()
	db, err := storage.Open(a.ctx, c.database(), storage.Options{Durable: c.encrypts()})
	if errors.Is(err, storage.ErrNewer) {
		return operatorError{err}
	}
	if err != nil {
		return err
	}
	defer db.Close()
	p, err := assemble(c.Config, db, log, func(key string) { showRecovery(a, c.within(c.Matrix.RecoveryFile), key) })
	if err != nil {
		return err
	}
	beFrugal(log)
	err = p.run(a.ctx)
	if errors.Is(err, bot.ErrStop) {
		return operatorError{err}
	}
	return err
}

// encrypts reports whether the database has to wait for the disk.
func (c *Config) encrypts() bool { return c.Matrix.User != "" && c.Matrix.Encryption != "off" }

func (c *Config) logger(a *app) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(strings.ToUpper(c.Log.Level))); err != nil {
		panic("log.level not checked: " + err.Error())
	}
	o := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.err, o))
	}
	return slog.New(slog.NewTextHandler(a.err, o))
}

// showRecovery shows the recovery key of the account, once.
func showRecovery(a *app, file, key string) {
	fmt.Fprintf(a.err, "\nThis account has new signing keys. Their recovery key, which is shown only now:\n\n    %s\n\n", key)
	if file != "" {
		fmt.Fprintf(a.err, "It is in %s too. Keep a copy away from this machine: with it a restored bot is verified at once.\n\n", file)
	}
}
