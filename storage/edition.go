package storage

import (
	"context"
	"regexp"
	"sync"
	"sync/atomic"

	"go.mau.fi/util/dbutil"
)

// A part is what may be kept in mind as long as nobody changes it.
type part int

// The parts.
const (
	directory part = iota // co-ops, skills, their other names, capacity
	people                // persons, their accounts, what they were asked
	parts
)

// writes finds statements that may change a part. What changes with them by
// triggers and foreign keys belongs to it too.
var writes = [parts]*regexp.Regexp{
	directory: writing("coop|coop_alias|coop_skill|skill|skill_alias|capacity"),
	people:    writing("person|account|coop|question"),
}

func writing(tables string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:INSERT|INSERT\s+OR\s+\w+|REPLACE)\s+INTO\s+(?:` + tables + `)\b` +
		`|\b(?:UPDATE|UPDATE\s+OR\s+\w+|DELETE\s+FROM)\s+(?:` + tables + `)\b`)
}

// changedBy returns the parts that a statement may change.
func changedBy(query string) (changed []part) {
	for p := range parts {
		if writes[p].MatchString(query) {
			changed = append(changed, p)
		}
	}
	return changed
}

// editions tell whether something has changed: what is made of a part may be
// kept as long as its edition is the same.
type editions struct {
	own   [parts]atomic.Int64 // count our own changes, and those taken back
	other atomic.Int64        // SQLite's count of other connections' commits
}

// Edition returns a number that is another one when co-ops, skills, their
// names or capacities have changed, whoever changed them. Within [DB.Do] it
// is looked once whether another program has.
func (db *DB) Edition(ctx context.Context) (int64, error) { return db.editionOf(ctx, directory) }

func (db *DB) editionOf(ctx context.Context, p part) (int64, error) {
	if !inTransaction(db, ctx) {
		if err := db.lookAround(ctx); err != nil {
			return 0, err
		}
	}
	return db.editions.own[p].Load(), nil
}

func inTransaction(db *DB, ctx context.Context) bool {
	_, in := db.Execable(ctx).(*dbutil.LoggingTxn)
	return in
}

// lookAround begins new editions if another connection has written anything.
// https://www.sqlite.org/pragma.html#pragma_data_version
func (db *DB) lookAround(ctx context.Context) error {
	var version int64
	if err := db.QueryRow(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
		return err
	}
	if db.editions.other.Swap(version) != version {
		db.changed(directory, people)
	}
	return nil
}

// changed begins new editions.
func (db *DB) changed(all ...part) {
	for _, p := range all {
		db.editions.own[p].Add(1)
	}
}

// kept are things that were read, of one edition.
type kept[K comparable, V any] struct {
	mu      sync.Mutex
	edition int64
	of      map[K]V
}

// mostKept is how many things of a kind are kept: some 200 bytes each.
const mostKept = 5000

func (k *kept[K, V]) get(key K, edition int64) (v V, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.edition == edition {
		v, ok = k.of[key]
	}
	return v, ok
}

// put keeps a thing. edition is the one that was asked for before it was read.
func (k *kept[K, V]) put(key K, edition int64, v V) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.edition != edition || k.of == nil || len(k.of) >= mostKept {
		k.edition, k.of = edition, map[K]V{}
	}
	k.of[key] = v
}
