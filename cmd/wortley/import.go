package main

import (
	"fmt"
	"path/filepath"

	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/integrations/directory"
)

type importCmd struct {
	Coops importCoopsCmd `cmd:"" help:"Bring a directory of co-ops in: shows what would change, and asks."`
	Fund  importFundCmd  `cmd:"" help:"Bring in the books of the common fund, or what its members give: shows what they come to, and asks."`
	Undo  importUndoCmd  `cmd:"" help:"Take an import back, by the number it was given."`
}

type importCoopsCmd struct {
	File string `arg:"" predictor:"file" help:"A CSV file in the columns of \"wortley export coops\", a folder of website markdown or of HTML pages, or a cooperatives.yml."`
	Yes  bool   `short:"y" help:"Do not ask."`
}

// Run imports a directory. The bot may be running meanwhile.
func (i *importCoopsCmd) Run(a *app) error {
	entries, problems, err := directory.Read(i.File)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	for _, p := range problems {
		fmt.Fprintf(a.err, "%s\n", p)
	}
	_, db, done, err := openBeside(a, true)
	if err != nil {
		return err
	}
	defer done()
	diff, err := whohas.Compare(a.ctx, db, entries)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, diff)
	if diff.Empty() {
		fmt.Fprintln(a.out, "There is nothing to change.")
		return nil
	}
	if yes, err := a.agreed(i.Yes, "Shall I make these changes?"); !yes || err != nil {
		return err
	}
	p := progress{a: a, what: "co-ops"}
	id, err := whohas.Apply(a.ctx, db, diff, filepath.Base(i.File), a.now().UTC(), p.show)
	p.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Done: %d new, %d changed. To take it back: wortley import undo %d\n", len(diff.New), len(diff.Changed), id)
	return nil
}

type importUndoCmd struct {
	Number int64 `arg:"" help:"The number that the import was given."`
}

// Run takes an import back.
func (i *importUndoCmd) Run(a *app) error {
	_, db, done, err := openBeside(a, false)
	if err != nil {
		return err
	}
	defer done()
	text, err := whohas.Undo(a.ctx, db, i.Number, a.now().UTC())
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, text)
	return nil
}
