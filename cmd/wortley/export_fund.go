package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"git.coop/cotech/wortley/commands/fund"
)

type exportFundCmd struct {
	Format string `enum:"hledger,beancount,csv" default:"hledger" help:"hledger (ledger reads it too), beancount, or csv."`
	Books  bool   `help:"The books of the common fund as they were imported, instead of what co-ops have promised."`
	Output string `short:"o" placeholder:"FILE" help:"Where to write it; standard output if left out. A file that is there is not overwritten."`
}

// Validate is called by kong: books have no csv.
func (e *exportFundCmd) Validate() error {
	if e.Books && e.Format == "csv" {
		return errors.New("books are written for hledger or beancount")
	}
	return nil
}

// Run writes the ledger of the fund, or its books. The bot may be running meanwhile.
func (e *exportFundCmd) Run(a *app) error {
	c, db, done, err := openBeside(a, false)
	if err != nil {
		return err
	}
	defer done()
	return to(a, e.Output, func(w io.Writer) error {
		if e.Books {
			return fund.WriteBooks(a.ctx, db, w, e.Format)
		}
		return fund.Write(a.ctx, db, w, e.Format, 0, c.Fund.Currency, time.UTC)
	})
}

// to writes to a new file, or to standard output if it has no name.
func to(a *app, path string, write func(io.Writer) error) error {
	if path == "" {
		return write(a.out)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return errors.Join(write(f), f.Close())
}
