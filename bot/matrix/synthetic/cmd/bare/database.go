package main

import (
	"context"
	"database/sql"
	"errors"

	"maunium.net/go/mautrix/id"
	_ "modernc.org/sqlite"

	"git.coop/cotech/wortley/bot/matrix/synthetic/yardstick"
)

// database holds the directory and, as a [mautrix.SyncStore], the sync position.
type database struct{ *sql.DB }

func open(name string) (*database, error) {
	db, err := sql.Open("sqlite", "file:"+name+"?_txlock=immediate&_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=5000")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`
		CREATE TABLE IF NOT EXISTS coop (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
		CREATE TABLE IF NOT EXISTS skill (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
		CREATE TABLE IF NOT EXISTS listing (skill INTEGER, coop INTEGER, PRIMARY KEY (skill, coop)) WITHOUT ROWID;
		CREATE TABLE IF NOT EXISTS position (name TEXT PRIMARY KEY, value TEXT NOT NULL)`)
	return &database{db}, err
}

// fill reads the directory into an empty database.
func (db *database) fill(file string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	ids := map[string]int64{}
	coop := int64(0)
	err = yardstick.ReadDirectory(file, func(name string, skills []string) error {
		coop++
		if _, err := tx.Exec(`INSERT INTO coop VALUES (?, ?)`, coop, name); err != nil {
			return err
		}
		for _, skill := range skills {
			if ids[skill] == 0 {
				ids[skill] = int64(len(ids) + 1)
				if _, err := tx.Exec(`INSERT INTO skill VALUES (?, ?)`, ids[skill], skill); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(`INSERT OR IGNORE INTO listing VALUES (?, ?)`, ids[skill], coop); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

// owners returns how many co-ops list a skill and the names of the first.
func (db *database) owners(ctx context.Context, skill string) (count int, names []string, err error) {
	err = db.QueryRowContext(ctx, `
		SELECT count(*)
		FROM listing JOIN skill ON skill.id = listing.skill
		WHERE skill.name = ?`, skill).Scan(&count)
	if err != nil {
		return 0, nil, err
	}
	rows, err := db.QueryContext(ctx, `
		SELECT coop.name
		FROM skill JOIN listing ON listing.skill = skill.id JOIN coop ON coop.id = listing.coop
		WHERE skill.name = ?
		ORDER BY listing.coop
		LIMIT ?`, skill, yardstick.Shown)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return 0, nil, err
		}
		names = append(names, name)
	}
	return count, names, rows.Err()
}

// SaveFilterID implements [mautrix.SyncStore].
func (db *database) SaveFilterID(ctx context.Context, _ id.UserID, value string) error {
	return db.save(ctx, "filter", value)
}

// LoadFilterID implements [mautrix.SyncStore].
func (db *database) LoadFilterID(ctx context.Context, _ id.UserID) (string, error) {
	return db.load(ctx, "filter")
}

// SaveNextBatch implements [mautrix.SyncStore].
func (db *database) SaveNextBatch(ctx context.Context, _ id.UserID, value string) error {
	return db.save(ctx, "sync", value)
}

// LoadNextBatch implements [mautrix.SyncStore].
func (db *database) LoadNextBatch(ctx context.Context, _ id.UserID) (string, error) {
	return db.load(ctx, "sync")
}

func (db *database) save(ctx context.Context, name, value string) error {
	_, err := db.ExecContext(ctx, `INSERT OR REPLACE INTO position VALUES (?, ?)`, name, value)
	return err
}

func (db *database) load(ctx context.Context, name string) (value string, err error) {
	err = db.QueryRowContext(ctx, `SELECT value FROM position WHERE name = ?`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}
