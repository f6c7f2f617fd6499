// Package storage is what the bot remembers, in one SQLite file.
//
// Each subject has a file of its own here: its rows, its SQL, its methods.
// One connection writes; a small pool reads beside it. Methods that are
// called with a context from [DB.Do] take part in that transaction.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
	_ "time/tzdata" // a bare container has no zones
)

// ErrNotFound is returned by methods that look for one thing.
var ErrNotFound = errors.New("not found")

// DB is the bot's memory. It implements [bot.Memory].
type DB struct {
	*dbutil.Database
	Path string  // "" in memory
	Read *sql.DB // for long reads beside the writer; the writer itself in memory

	editions editions
	coops    kept[int64, Coop]
	persons  kept[Account, bot.Person]
	asked    kept[Account, bool] // whether a question waits for somebody
}

// Options say how a database is opened.
type Options struct {
	// Durable waits for the disk at every commit. It is for encryption: a
	// message key that was used must never be used again, even after a power cut.
	Durable bool

	// AsIs refuses a file whose schema is older than the program instead of
	// bringing it up to date: somebody else may be using it.
	AsIs bool
}

// Open opens the database in a file, brings its schema up to date (a copy of
// an older file is kept beside it), and refuses one that is newer than the program.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	// Keys and words are for the bot alone; SQLite gives its other files the
	// same rights.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	f.Close()
	db, err := open(ctx, dsn(path, o, false), path, o)
	if err != nil {
		return nil, err
	}
	db.Read = openRaw(dsn(path, o, true), nil)
	db.Read.SetMaxOpenConns(3)
	return db, nil
}

// OpenMemory opens an empty database that is gone when it is closed.
func OpenMemory(ctx context.Context) (*DB, error) {
	db, err := open(ctx, "file::memory:?_foreign_keys=on&_pragma=recursive_triggers(1)", "", Options{})
	if err != nil {
		return nil, err
	}
	db.Read = db.RawDB
	return db, nil
}

func open(ctx context.Context, dsn, path string, o Options) (*DB, error) {
	db := &DB{Path: path}
	raw := openRaw(dsn, db.changed)
	// One connection writes, so that writers queue instead of failing.
	raw.SetMaxOpenConns(1)
	raw.SetConnMaxLifetime(0)
	var err error
	if db.Database, err = dbutil.NewWithDB(raw, "sqlite"); err == nil {
		err = db.migrate(ctx, o.AsIs)
	}
	if err != nil {
		raw.Close()
		return nil, fmt.Errorf("storage: open %s: %w", path, err)
	}
	return db, nil
}

// dsn names the file and the settings that hold for every connection.
func dsn(path string, o Options, readOnly bool) string {
	q := url.Values{}
	q.Set("_journal_mode", "WAL")
	q.Set("_busy_timeout", "5000")
	q.Set("_foreign_keys", "on")
	q.Set("_time_format", "sqlite")
	q.Set("_timezone", "UTC")
	q["_pragma"] = []string{"recursive_triggers(1)", "wal_autocheckpoint(4000)"} // pages: seldom enough for one answer in a hundred to feel it
	q.Set("_synchronous", "NORMAL")
	if o.Durable {
		q.Set("_synchronous", "FULL")
	}
	if readOnly {
		q.Set("_query_only", "1")
	} else {
		q.Set("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Close closes the database.
func (db *DB) Close() error {
	err := db.Database.Close()
	if db.Read != nil && db.Read != db.RawDB {
		err = errors.Join(err, db.Read.Close())
	}
	return err
}

// Do saves together what fn writes with its context, or nothing of it if fn
// returns an error. Within another Do it takes part in that one.
func (db *DB) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	if inTransaction(db, ctx) {
		return fn(ctx)
	}
	err := db.DoTxn(ctx, nil, func(ctx context.Context) error {
		if err := db.lookAround(ctx); err != nil {
			return err
		}
		return fn(ctx)
	})
	if err != nil {
		db.changed(directory, people)
	}
	return err
}

// Try undoes what fn wrote if fn returns an error, and nothing else that the
// surrounding [DB.Do] wrote.
func (db *DB) Try(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, err := db.Exec(ctx, "SAVEPOINT try"); err != nil {
		return fmt.Errorf("storage: savepoint: %w", err)
	}
	err := fn(ctx)
	if err != nil {
		db.changed(directory, people)
		if _, undo := db.Exec(ctx, "ROLLBACK TO try"); undo != nil {
			return fmt.Errorf("storage: roll back: %w after %w", undo, err)
		}
	}
	if _, release := db.Exec(ctx, "RELEASE try"); release != nil {
		return fmt.Errorf("storage: release: %w", release)
	}
	return err
}

// rows runs a query and scans each row.
func rows[T any](ctx context.Context, db *DB, scan func(dbutil.Scannable) (T, error), query string, args ...any) ([]T, error) {
	found, err := db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []T
	for found.Next() {
		one, err := scan(found)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, found.Err()
}
