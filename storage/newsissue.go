package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"go.mau.fi/util/dbutil"
)

// A NewsIssue is one newsletter: that of a month.
type NewsIssue struct {
	ID       int64
	Month    string    // 2026-12
	Deadline time.Time // for items, UTC
	State    string    // "open", "sent"
	Intro    string
	Sent     time.Time
}

const issueColumns = `id, month, deadline, state, intro, coalesce(sent_at, 0)`

func scanIssue(row dbutil.Scannable) (n NewsIssue, err error) {
	var deadline, sent int64
	err = row.Scan(&n.ID, &n.Month, &deadline, &n.State, &n.Intro, &sent)
	n.Deadline = time.Unix(deadline, 0).UTC()
	if sent != 0 {
		n.Sent = time.Unix(sent, 0).UTC()
	}
	return n, err
}

func oneIssue(row *sql.Row) (NewsIssue, bool, error) {
	n, err := scanIssue(row)
	if errors.Is(err, sql.ErrNoRows) {
		return NewsIssue{}, false, nil
	}
	return n, err == nil, err
}

// OpenIssue returns the newsletter of a month, making it if there is none.
func (db *DB) OpenIssue(ctx context.Context, month string, deadline time.Time) (NewsIssue, error) {
	if _, err := db.Exec(ctx, `INSERT INTO news_issue (month, deadline) VALUES ($1, $2) ON CONFLICT (month) DO NOTHING`, month, deadline.Unix()); err != nil {
		return NewsIssue{}, err
	}
	n, _, err := db.IssueOf(ctx, month)
	return n, err
}

// IssueOf returns the newsletter of a month, 2026-12.
func (db *DB) IssueOf(ctx context.Context, month string) (NewsIssue, bool, error) {
	return oneIssue(db.QueryRow(ctx, `SELECT `+issueColumns+` FROM news_issue WHERE month = $1`, month))
}

// Issue returns a newsletter by its number.
func (db *DB) Issue(ctx context.Context, id int64) (NewsIssue, bool, error) {
	return oneIssue(db.QueryRow(ctx, `SELECT `+issueColumns+` FROM news_issue WHERE id = $1`, id))
}

// CurrentIssue returns the oldest newsletter that has not been sent.
func (db *DB) CurrentIssue(ctx context.Context) (NewsIssue, bool, error) {
	return oneIssue(db.QueryRow(ctx, `SELECT `+issueColumns+` FROM news_issue WHERE state = 'open' ORDER BY month LIMIT 1`))
}

// LastIssue returns the newest newsletter, sent or not.
func (db *DB) LastIssue(ctx context.Context) (NewsIssue, bool, error) {
	return oneIssue(db.QueryRow(ctx, `SELECT `+issueColumns+` FROM news_issue ORDER BY month DESC LIMIT 1`))
}

// SentIssues returns the newsletters that were sent, the newest first.
func (db *DB) SentIssues(ctx context.Context, limit int) ([]NewsIssue, error) {
	return rows(ctx, db, scanIssue, `SELECT `+issueColumns+` FROM news_issue WHERE state = 'sent' ORDER BY month DESC LIMIT $1`, limit)
}

// SaveIssue writes what may change of a newsletter.
func (db *DB) SaveIssue(ctx context.Context, n NewsIssue) error {
	var sent any
	if !n.Sent.IsZero() {
		sent = n.Sent.Unix()
	}
	_, err := db.Exec(ctx, `UPDATE news_issue SET deadline = $2, state = $3, intro = $4, sent_at = $5 WHERE id = $1`,
		n.ID, n.Deadline.Unix(), n.State, n.Intro, sent)
	return err
}
