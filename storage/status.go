package storage

import (
	"context"
	"database/sql"
	"time"
)

// Status is how the bot's memory is.
type Status struct {
	Coops      int
	Promises   int
	Waiting    int // messages not yet answered
	Owed       int // posts not yet sent
	OldestOwed time.Time
	GivenUp    int    // posts of the last week that could not be sent
	LastNote   string // why the latest of them
	Backup     time.Time
}

// Status looks how the bot's memory is.
func (db *DB) Status(ctx context.Context) (Status, error) {
	return scanStatus(db.QueryRow(ctx, statusQuery))
}

// StatusBeside is [DB.Status] on the reading pool: it makes no writer wait. It
// must not be called within a transaction.
func (db *DB) StatusBeside(ctx context.Context) (Status, error) {
	return scanStatus(db.Read.QueryRowContext(ctx, statusQuery))
}

const statusQuery = `
		SELECT (SELECT count(*) FROM coop WHERE status = 'listed'),
			(SELECT count(*) FROM reminder),
			(SELECT count(*) FROM inbox WHERE answered_at IS NULL),
			(SELECT count(*) FROM outbox WHERE state = 'owed'),
			(SELECT min(made_at) FROM outbox WHERE state = 'owed'),
			(SELECT count(*) FROM outbox WHERE state = 'given up' AND note <> 'held for approval' AND sent_at > (unixepoch() - 604800) * 1000),
			coalesce((SELECT note FROM outbox WHERE state = 'given up' ORDER BY seq DESC LIMIT 1), ''),
			(SELECT last_run FROM job WHERE name = 'backup')`

func scanStatus(row *sql.Row) (s Status, err error) {
	var oldest, backup sql.NullInt64
	err = row.Scan(&s.Coops, &s.Promises, &s.Waiting, &s.Owed, &oldest, &s.GivenUp, &s.LastNote, &backup)
	if oldest.Valid {
		s.OldestOwed = time.UnixMilli(oldest.Int64).UTC()
	}
	if backup.Valid {
		s.Backup = time.Unix(backup.Int64, 0).UTC()
	}
	return s, err
}
