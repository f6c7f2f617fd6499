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
	Files []string `arg:"" predictor:"file" help:"The fund's books in the plain text of hledger or ledger, and a members.csv with a co-op and its contribution on each line; either alone will do."`
	Yes   bool     `short:"y" help:"Do not ask."`
}

// A fundImport is what files hold, read but not written.
type fundImport struct {
	books   *fund.Books
	members []ledgerfile.Member
}

// Run imports the books of the common fund, and what its members give. With
// any problem in any of the files nothing is imported. The bot may be running
// meanwhile.
func (i *importFundCmd) Run(a *app) error {
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return err
	}
	read, err := i.read(a, c.Fund.Currency)
	if err != nil {
		return err
	}
	_, db, done, err := openBeside(a, true)
	if err != nil {
		return err
	}
	defer done()
	if read.books != nil {
		fmt.Fprintln(a.out, read.books)
	}
	for _, m := range read.members {
		fmt.Fprintf(a.out, "%s: %v a year\n", m.Coop, m.Contribution)
	}
	if yes, err := a.agreed(i.Yes, "Shall I take that in, in place of what I have?"); !yes || err != nil {
		return err
	}
	again, err := read.write(a.ctx, db, a.now().UTC())
	if err != nil {
		return err
	}
	if again {
		fmt.Fprintln(a.out, "I have these books already; they have not changed.")
	}
	fmt.Fprintln(a.out, "Done. !fund shows it.")
	return nil
}

// read reads all of the files, and shows every problem with its file and line.
func (i *importFundCmd) read(a *app, currency string) (all fundImport, err error) {
	wrong := false
	for _, file := range i.Files {
		text, err := os.ReadFile(file)
		if err != nil {
			return all, operatorError{fmt.Errorf("import: %w", err)}
		}
		var problems []ledgerfile.Problem
		switch csv := strings.EqualFold(filepath.Ext(file), ".csv"); {
		case csv && all.members == nil:
			all.members, problems = ledgerfile.ReadMembers(string(text), currency)
		case !csv && all.books == nil:
			var books fund.Books
			books, problems = fund.ReadBooks(string(text), filepath.Base(file), currency)
			all.books = &books
		default:
			problems = []ledgerfile.Problem{{Text: "there is one of these already; one ledger and one members.csv at a time, please"}}
		}
		for _, p := range problems {
			fmt.Fprintf(a.err, "%s: %s\n", file, p)
			wrong = true
		}
	}
	if wrong {
		return all, operatorError{errors.New("import: nothing was imported")}
	}
	return all, nil
}

// write takes all of it in, or nothing.
func (f fundImport) write(ctx context.Context, db *storage.DB, now time.Time) (again bool, err error) {
	err = db.Do(ctx, func(ctx context.Context) error {
		if f.books != nil {
			if again, err = f.books.Import(ctx, db, now); err != nil {
				return err
			}
		}
		if f.members != nil {
			return fund.ImportMembers(ctx, db, f.members, now)
		}
		return nil
	})
	return again, err
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
