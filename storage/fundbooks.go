package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot/money"
	"go.mau.fi/util/dbutil"
)

// FundBooks are the books of the common fund as its treasurer keeps them.
type FundBooks struct {
	ID       int64
	Source   string // the file's name, or who published them
	Currency string
	From     string // 2019-12-31, the first day with an entry
	AsOf     string // the last
	Balance  int64  // minor units
	At       time.Time
	Years    []FundYear // the latest first
	Text     string     // as hledger reads it; not filled in by FundBooks
}

// A FundYear is what came in and went out in a year.
type FundYear struct {
	Year    string
	In, Out []FundLine // the largest first
}

// A FundLine is the sum of an account in a year.
type FundLine struct {
	Account string
	Amount  int64
}

// Sum adds lines up.
func (b FundBooks) Sum(lines []FundLine) money.Amount {
	a := money.Amount{Currency: b.Currency}
	for _, l := range lines {
		a.Minor += l.Amount
	}
	return a
}

// FundImport replaces the books of the common fund. Earlier ones are kept.
func (db *DB) FundImport(ctx context.Context, a FundAct, b FundBooks) (again bool, err error) {
	a.Kind, a.Amount = "books", b.Balance
	a.Words = fmt.Sprintf("%s, as of %s", b.Source, b.AsOf)
	err = db.Do(ctx, func(ctx context.Context) error {
		if again, err = db.fundDo(ctx, a, func(context.Context) (fundStep, error) { return fundStep{data: a.Data}, nil }); err != nil || again {
			return err
		}
		var id int64
		err := db.QueryRow(ctx, `
			INSERT INTO fund_books (source, currency, from_day, as_of, balance, text, at, entry)
			VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT max(id) FROM fund_entry)) RETURNING id`,
			b.Source, b.Currency, b.From, b.AsOf, b.Balance, b.Text, a.At.Unix()).Scan(&id)
		if err != nil {
			return fmt.Errorf("storage: import books: %w", err)
		}
		for _, y := range b.Years {
			if err := db.fundLines(ctx, id, y.Year, "in", y.In); err != nil {
				return err
			}
			if err := db.fundLines(ctx, id, y.Year, "out", y.Out); err != nil {
				return err
			}
		}
		return nil
	})
	return again, err
}

func (db *DB) fundLines(ctx context.Context, books int64, year, side string, lines []FundLine) error {
	for _, l := range lines {
		_, err := db.Exec(ctx, `INSERT INTO fund_books_line (books, year, side, account, amount) VALUES ($1, $2, $3, $4, $5)`,
			books, year, side, l.Account, l.Amount)
		if err != nil {
			return fmt.Errorf("storage: import books: %w", err)
		}
	}
	return nil
}

// FundBooks returns the latest books without their text, or [ErrNotFound].
func (db *DB) FundBooks(ctx context.Context) (b FundBooks, err error) {
	var at int64
	err = db.QueryRow(ctx, `
		SELECT id, source, currency, from_day, as_of, balance, at FROM fund_books ORDER BY id DESC LIMIT 1`).
		Scan(&b.ID, &b.Source, &b.Currency, &b.From, &b.AsOf, &b.Balance, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return b, ErrNotFound
	}
	if err != nil {
		return b, err
	}
	b.At = time.Unix(at, 0).UTC()
	type line struct {
		year, side string
		FundLine
	}
	lines, err := rows(ctx, db, func(row dbutil.Scannable) (l line, err error) {
		err = row.Scan(&l.year, &l.side, &l.Account, &l.Amount)
		return l, err
	}, `SELECT year, side, account, amount FROM fund_books_line WHERE books = $1 ORDER BY year DESC, side, amount DESC, account`, b.ID)
	for _, l := range lines {
		if len(b.Years) == 0 || b.Years[len(b.Years)-1].Year != l.year {
			b.Years = append(b.Years, FundYear{Year: l.year})
		}
		y := &b.Years[len(b.Years)-1]
		if l.side == "in" {
			y.In = append(y.In, l.FundLine)
		} else {
			y.Out = append(y.Out, l.FundLine)
		}
	}
	return b, err
}

// FundBooksText returns the latest books as they were imported, or [ErrNotFound].
func (db *DB) FundBooksText(ctx context.Context) (text string, err error) {
	err = db.QueryRow(ctx, `SELECT text FROM fund_books ORDER BY id DESC LIMIT 1`).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return text, err
}

// FundSpentSince returns what the common fund has paid since a moment: it is
// not in books that end there.
func (db *DB) FundSpentSince(ctx context.Context, since time.Time) (minor int64, err error) {
	err = db.QueryRow(ctx, `
		SELECT coalesce(sum(t.amount), 0) FROM fund_account AS a
		CROSS JOIN fund_transfer AS t ON t.dst = a.id CROSS JOIN fund_entry AS e ON e.id = t.entry
		WHERE a.kind = 'spent' AND e.at >= $1 AND NOT EXISTS (SELECT 1 FROM fund_transfer AS r WHERE r.reverses = t.id)`, since.Unix()).Scan(&minor)
	return minor, err
}

// A FundMember is a co-op and what it said it gives in a year.
type FundMember struct {
	Name   string
	Amount int64
}

// FundSetMembers replaces what co-ops said they give.
func (db *DB) FundSetMembers(ctx context.Context, a FundAct, all []FundMember) (again bool, err error) {
	a.Kind, a.Words = "members", fmt.Sprintf("%d co-ops", len(all))
	for _, m := range all {
		a.Amount += m.Amount
	}
	err = db.Do(ctx, func(ctx context.Context) error {
		if again, err = db.fundDo(ctx, a, func(context.Context) (fundStep, error) { return fundStep{data: a.Data}, nil }); err != nil || again {
			return err
		}
		if _, err := db.Exec(ctx, `DELETE FROM fund_member`); err != nil {
			return err
		}
		for _, m := range all {
			if _, err := db.Exec(ctx, `INSERT INTO fund_member (name, amount, at) VALUES ($1, $2, $3)`, m.Name, m.Amount, a.At.Unix()); err != nil {
				return fmt.Errorf("storage: members of the fund: %w", err)
			}
		}
		return nil
	})
	return again, err
}

// FundMembers returns what co-ops said they give, by name, and since when we know.
func (db *DB) FundMembers(ctx context.Context) (all []FundMember, asOf time.Time, err error) {
	var at int64
	all, err = rows(ctx, db, func(row dbutil.Scannable) (m FundMember, err error) {
		err = row.Scan(&m.Name, &m.Amount, &at)
		return m, err
	}, `SELECT name, amount, at FROM fund_member ORDER BY name`)
	return all, time.Unix(at, 0).UTC(), err
}
