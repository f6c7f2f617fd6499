package storage

import (
	"context"
	"database/sql"
	"errors"

	"go.mau.fi/util/dbutil"
)

// An Editor is somebody who makes the newsletter when it is their turn.
type Editor struct {
	Person int64
	Name   string
	Coop   string // "" if they act for none
	Turn   int    // the lowest is next
}

// Editors returns the editors, the one whose turn it is first.
func (db *DB) Editors(ctx context.Context) ([]Editor, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (e Editor, err error) {
		return e, row.Scan(&e.Person, &e.Name, &e.Coop, &e.Turn)
	}, `SELECT e.person, p.name, coalesce(c.name, ''), e.turn
		FROM news_editor AS e JOIN person AS p ON p.id = e.person LEFT JOIN coop AS c ON c.id = p.coop
		ORDER BY e.turn, e.person`)
}

// SetEditor puts a person on the rota, or moves them there.
func (db *DB) SetEditor(ctx context.Context, person int64, turn int) error {
	_, err := db.Exec(ctx, `INSERT INTO news_editor (person, turn) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET turn = excluded.turn`, person, turn)
	return err
}

// DropEditor takes a person off the rota.
func (db *DB) DropEditor(ctx context.Context, person int64) error {
	_, err := db.Exec(ctx, `DELETE FROM news_editor WHERE person = $1`, person)
	return err
}

// PersonNamed returns the person with an account or a name like this on a
// site, or [ErrNotFound]; "@ana" means "ana".
func (db *DB) PersonNamed(ctx context.Context, site, name string) (id int64, err error) {
	err = db.QueryRow(ctx, `
		SELECT p.id FROM account AS a JOIN person AS p ON p.id = a.person
		WHERE a.site = $1 AND (a.user = $2 COLLATE NOCASE OR a.user = ltrim($2, '@') COLLATE NOCASE OR p.name = ltrim($2, '@') COLLATE NOCASE)
		ORDER BY a.user = $2 DESC, p.id LIMIT 1`, AccountSite(site), name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return id, err
}

// Featured returns the co-op that an issue features, 0 for none yet.
func (db *DB) Featured(ctx context.Context, issue int64) (coop int64, err error) {
	err = db.QueryRow(ctx, `SELECT coop FROM news_featured WHERE issue = $1`, issue).Scan(&coop)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return coop, err
}

// SetFeatured lets an issue feature a co-op; none if coop is 0.
func (db *DB) SetFeatured(ctx context.Context, issue, coop int64) error {
	if coop == 0 {
		_, err := db.Exec(ctx, `DELETE FROM news_featured WHERE issue = $1`, issue)
		return err
	}
	_, err := db.Exec(ctx, `INSERT INTO news_featured (coop, issue) VALUES ($1, $2) ON CONFLICT (issue) DO UPDATE SET coop = excluded.coop`, coop, issue)
	return err
}

// NextFeatured returns the listed co-op whose turn it is to be featured: one
// that never was, or whose last time is longest ago, by name; those with
// people here come first. One is left out; it returns 0 if there is no other.
func (db *DB) NextFeatured(ctx context.Context, without int64) (coop int64, err error) {
	err = db.QueryRow(ctx, `
		SELECT c.id FROM coop AS c WHERE c.status = 'listed' AND c.id <> $1
		ORDER BY coalesce((SELECT max(f.issue) FROM news_featured AS f WHERE f.coop = c.id), 0),
			NOT EXISTS (SELECT 1 FROM person AS p WHERE p.coop = c.id), c.name LIMIT 1`, without).Scan(&coop)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return coop, err
}

// PersonName returns what a person is called, "" if they were forgotten.
func (db *DB) PersonName(ctx context.Context, id int64) (name string, err error) {
	err = db.QueryRow(ctx, `SELECT name FROM person WHERE id = $1`, id).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return name, err
}
