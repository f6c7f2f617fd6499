package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// Promise has the teller of a kind told about ref at a time. There is one
// promise for a kind and ref: a later call moves it.
func (db *DB) Promise(ctx context.Context, kind, ref string, at time.Time) error {
	_, err := db.Exec(ctx, `
		INSERT INTO reminder (kind, ref, due) VALUES ($1, $2, $3)
		ON CONFLICT (kind, ref) DO UPDATE SET due = excluded.due`, kind, ref, at.Unix())
	return err
}

// Release takes a promise back. It is no error if there is none.
func (db *DB) Release(ctx context.Context, kind, ref string) error {
	_, err := db.Exec(ctx, `DELETE FROM reminder WHERE kind = $1 AND ref = $2`, kind, ref)
	return err
}

func scanDue(row dbutil.Scannable) (d bot.Due, err error) {
	var at int64
	err = row.Scan(&d.ID, &d.Kind, &d.Ref, &at)
	d.At = time.Unix(at, 0).UTC()
	return d, err
}

// Due implements [bot.Memory].
func (db *DB) Due(ctx context.Context, now time.Time, limit int) ([]bot.Due, error) {
	return rows(ctx, db, scanDue, `
		SELECT id, kind, ref, due FROM reminder
		WHERE due <= $1 ORDER BY due, id LIMIT $2`, now.Unix(), limit)
}

// NextDue implements [bot.Memory].
func (db *DB) NextDue(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := db.QueryRow(ctx, `SELECT min(due) FROM reminder`).Scan(&at)
	if err != nil || !at.Valid {
		return time.Time{}, err
	}
	return time.Unix(at.Int64, 0).UTC(), nil
}

// Kept implements [bot.Memory]. A promise that was moved meanwhile stays where it is.
func (db *DB) Kept(ctx context.Context, d bot.Due, next time.Time) error {
	if next.IsZero() {
		_, err := db.Exec(ctx, `DELETE FROM reminder WHERE id = $1 AND due = $2`, d.ID, d.At.Unix())
		return err
	}
	_, err := db.Exec(ctx, `UPDATE reminder SET due = $3 WHERE id = $1 AND due = $2`, d.ID, d.At.Unix(), next.Unix())
	return err
}

// Ran implements [bot.Memory].
func (db *DB) Ran(ctx context.Context, job string) (time.Time, error) {
	var at int64
	err := db.QueryRow(ctx, `SELECT last_run FROM job WHERE name = $1`, job).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.Unix(at, 0).UTC(), err
}

// SetRan implements [bot.Memory].
func (db *DB) SetRan(ctx context.Context, job string, at time.Time) error {
	_, err := db.Exec(ctx, `
		INSERT INTO job (name, last_run) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET last_run = excluded.last_run`, job, at.Unix())
	return err
}
