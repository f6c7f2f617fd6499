package main

import (
	"io"

	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/integrations/directory"
)

type exportCmd struct {
	Coops exportCoopsCmd `cmd:"" help:"Write the directory of co-ops."`
	Fund  exportFundCmd  `cmd:"" help:"Write the ledger of the fund, or its books, for hledger, beancount or a spreadsheet."`
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
	return to(a, e.Output, func(w io.Writer) error { return e.write(w, entries) })
}

func (e *exportCoopsCmd) write(out io.Writer, entries []directory.Entry) error {
	if e.Format == "markdown" {
		return directory.WriteMarkdown(out, entries)
	}
	return directory.WriteCSV(out, entries)
}
