package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"git.coop/cotech/wortley/commands/fund"
	"git.coop/cotech/wortley/commands/fund/ledgerfile"
	"git.coop/cotech/wortley/storage"
)

type importFundCmd struct {
	File string `arg:"" predictor:"file" help:"The fund's books in the plain text of hledger or ledger, or a members.csv with a co-op and its contribution on each line."`
	Yes  bool   `short:"y" help:"Do not ask."`
}

// Run imports the books of the common fund, or what its members give. With
// any problem nothing is imported. The bot may be running meanwhile.
func (i *importFundCmd) Run(a *app) error {
	text, err := os.ReadFile(i.File)
	if err != nil {
		return operatorError{fmt.Errorf("import: %w", err)}
	}
	if strings.EqualFold(filepath.Ext(i.File), ".csv") {
		return i.members(a, string(text))
	}
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return err
	}
	books, problems := fund.ReadBooks(string(text), filepath.Base(i.File), c.Fund.Currency)
	if err := a.problems(problems); err != nil {
		return err
	}
	_, db, done, err := openBeside(a, true)
	if err != nil {
		return err
	}
	defer done()
	fmt.Fprintln(a.out, books)
	if yes, err := a.agreed(i.Yes, "Shall these be the books of the common fund?"); !yes || err != nil {
		return err
	}
	again, err := books.Import(a.ctx, db, a.now().UTC())
	if err != nil {
		return err
	}
	if again {
		fmt.Fprintln(a.out, "I have these books already; nothing has changed.")
		return nil
	}
	fmt.Fprintln(a.out, "Done. !fund shows them.")
	return nil
}

func (i *importFundCmd) members(a *app, text string) error {
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return err
	}
	members, problems := ledgerfile.ReadMembers(text, c.Fund.Currency)
	if err := a.problems(problems); err != nil {
		return err
	}
	_, db, done, err := openBeside(a, true)
	if err != nil {
		return err
	}
	defer done()
	for _, m := range members {
		fmt.Fprintf(a.out, "%s: %v a year\n", m.Coop, m.Contribution)
	}
	if yes, err := a.agreed(i.Yes, fmt.Sprintf("Shall these %d co-ops be what people said they give, in place of what I have?", len(members))); !yes || err != nil {
		return err
	}
	if err := fund.ImportMembers(a.ctx, db, members, a.now().UTC()); err != nil {
		return err
	}
	fmt.Fprintln(a.out, "Done. !fund mine shows it to each co-op.")
	return nil
}

// problems shows what is wrong with a file, each with its line.
func (a *app) problems(all []ledgerfile.Problem) error {
	for _, p := range all {
		fmt.Fprintln(a.err, p)
	}
	if len(all) > 0 {
		return operatorError{errors.New("import: nothing was imported")}
	}
	return nil
}

// importBooks brings books into a conversation that is played. They count as
// imported on their last day.
func importBooks(ctx context.Context, db *storage.DB, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	books, problems := fund.ReadBooks(string(text), filepath.Base(path), "GBP")
	if len(problems) > 0 {
		return fmt.Errorf("%s: %v", path, problems[0])
	}
	_, err = books.Import(ctx, db, books.AsOf())
	return err
}

func importMembers(ctx context.Context, db *storage.DB, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	members, problems := ledgerfile.ReadMembers(string(text), "GBP")
	if len(problems) > 0 {
		return fmt.Errorf("%s: %v", path, problems[0])
	}
	return fund.ImportMembers(ctx, db, members, time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC))
}
