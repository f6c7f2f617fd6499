package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/integrations/directory"
)

type exportCmd struct {
	Coops exportCoopsCmd `cmd:"" help:"Write the directory of co-ops."`
}

type exportCoopsCmd struct {
	Format string `enum:"csv,markdown" default:"csv" help:"csv, which \"wortley import coops\" reads again, or markdown, to be read by people."`
	Output string `short:"o" placeholder:"FILE" help:"Where to write it; standard output if left out. A file that is there is not overwritten."`
}

// Run writes the directory. The bot may be running meanwhile.
func (e *exportCoopsCmd) Run(a *app) error {
	_, db, done, err := openBeside(a, false)
	if err != nil {
		return err
	}
	defer done()
	entries, err := whohas.Export(a.ctx, db)
	if err != nil {
		return err
	}
	if e.Output == "" {
		return e.write(a.out, entries)
	}
	f, err := os.OpenFile(e.Output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return errors.Join(e.write(f, entries), f.Close())
}

func (e *exportCoopsCmd) write(out io.Writer, entries []directory.Entry) error {
	if e.Format == "markdown" {
		return directory.WriteMarkdown(out, entries)
	}
	return directory.WriteCSV(out, entries)
}
