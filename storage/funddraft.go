package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"go.mau.fi/util/dbutil"
)

// FundDraft returns what a person has written of a proposal, or [ErrNotFound].
func (db *DB) FundDraft(ctx context.Context, person int64) (data string, err error) {
	err = db.QueryRow(ctx, `SELECT data FROM fund_draft WHERE person = $1`, person).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return data, err
}

// FundSetDraft keeps what a person has written of a proposal; "" drops it.
func (db *DB) FundSetDraft(ctx context.Context, person int64, data string, now time.Time) (err error) {
	if data == "" {
		_, err = db.Exec(ctx, `DELETE FROM fund_draft WHERE person = $1`, person)
		return err
	}
	_, err = db.Exec(ctx, `
		INSERT INTO fund_draft (person, data, at) VALUES ($1, $2, $3)
		ON CONFLICT (person) DO UPDATE SET data = excluded.data, at = excluded.at`, person, data, now.Unix())
	return err
}

// FundUnask closes the questions about a person's draft: a new one takes their place.
func (db *DB) FundUnask(ctx context.Context, site, user string, now time.Time) error {
	_, err := db.Exec(ctx, `
		UPDATE question SET closed_at = $3
		WHERE site = $1 AND user = $2 AND closed_at IS NULL AND act_name IN ('fund.answer', 'fund.open')`, site, user, now.Unix())
	return err
}

// A FundReminder is somebody who wants to be told before a proposal ends.
type FundReminder struct {
	Person   int64
	Proposal int64 // 0: every proposal
	Site     string
	User     string
}

// FundReminders returns who wants to be told about a proposal, each person once.
func (db *DB) FundReminders(ctx context.Context, proposal int64) ([]FundReminder, error) {
	return rows(ctx, db, scanFundReminder, `
		SELECT person, max(proposal), site, user FROM fund_remind WHERE proposal IN (0, $1) GROUP BY person ORDER BY person`, proposal)
}

// FundRemindersOf returns what a person wants to be told about.
func (db *DB) FundRemindersOf(ctx context.Context, person int64) ([]FundReminder, error) {
	return rows(ctx, db, scanFundReminder, `SELECT person, proposal, site, user FROM fund_remind WHERE person = $1 ORDER BY proposal`, person)
}

func scanFundReminder(row dbutil.Scannable) (r FundReminder, err error) {
	err = row.Scan(&r.Person, &r.Proposal, &r.Site, &r.User)
	return r, err
}

// FundRemind has a person told before a proposal ends.
func (db *DB) FundRemind(ctx context.Context, r FundReminder) error {
	_, err := db.Exec(ctx, `
		INSERT INTO fund_remind (person, proposal, site, user) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person, proposal) DO UPDATE SET site = excluded.site, user = excluded.user`, r.Person, r.Proposal, r.Site, r.User)
	return err
}

// FundUnremind ends that; for all proposals if it is 0. It returns how many wishes there were.
func (db *DB) FundUnremind(ctx context.Context, person, proposal int64) (n int64, err error) {
	res, err := db.Exec(ctx, `DELETE FROM fund_remind WHERE person = $1 AND ($2 = 0 OR proposal = $2)`, person, proposal)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
