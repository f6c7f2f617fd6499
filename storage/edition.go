package storage

import (
	"context"
	"regexp"
	"sync/atomic"

	"go.mau.fi/util/dbutil"
)

// An edition tells whether the directory has changed: what is made of it may
// be kept as long as the edition is the same.
type edition struct {
	own   atomic.Int64 // counts our own changes, and those taken back
	other atomic.Int64 // SQLite's count of other connections' commits
}

// Edition returns a number that is another one when co-ops, skills, their
// names or capacities have changed, whoever changed them. Within [DB.Do] it
// is looked once whether another program has.
func (db *DB) Edition(ctx context.Context) (int64, error) {
	if !inTransaction(db, ctx) {
		if err := db.lookAround(ctx); err != nil {
			return 0, err
		}
	}
	return db.edition.own.Load(), nil
}

func inTransaction(db *DB, ctx context.Context) bool {
	_, in := db.Execable(ctx).(*dbutil.LoggingTxn)
	return in
}

// lookAround begins a new edition if another connection has written anything.
// https://www.sqlite.org/pragma.html#pragma_data_version
func (db *DB) lookAround(ctx context.Context) error {
	var version int64
	if err := db.QueryRow(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
		return err
	}
	if db.edition.other.Swap(version) != version {
		db.changed()
	}
	return nil
}

// changed begins a new edition.
func (db *DB) changed() {
	db.edition.own.Add(1)
	db.known.forget()
}

// writesDirectory finds statements that may change the directory. What
// changes with them by triggers and foreign keys belongs to it too.
var writesDirectory = regexp.MustCompile(`(?is)^\s*(?:INSERT|UPDATE|DELETE|REPLACE|WITH)\b.*\b(?:coop|coop_alias|coop_skill|skill|skill_alias|capacity)\b`)
