package storage

import (
	"context"
	"database/sql"
	"errors"

	"go.mau.fi/util/dbutil"
)

// A Capacity is what a co-op has time for.
type Capacity struct {
	Coop     int64
	CoopName string
	Town     string
	Words    string // as they said it
	People   int    // 0: not said
	Weeks    int    // 0: not said
	Lead     int    // in how many months they could start; -1: not said
	From     string // 2026-03-01, "" for now
	Until    string // the day it runs out
	SaidOn   string
}

// CROSS JOIN keeps SQLite from going through every co-op for the few that have said something.
const capacityQuery = `
	SELECT coop.id, coop.name, coop.town, k.words, k.people, k.weeks, coalesce(k.lead_months, -1), k.from_day, k.until_day, k.said_on
	FROM capacity AS k CROSS JOIN coop ON coop.id = k.coop
	WHERE coop.status = 'listed' AND `

func scanCapacity(row dbutil.Scannable) (c Capacity, err error) {
	err = row.Scan(&c.Coop, &c.CoopName, &c.Town, &c.Words, &c.People, &c.Weeks, &c.Lead, &c.From, &c.Until, &c.SaidOn)
	return c, err
}

// Capacities returns what holds on a day, the latest said first.
func (db *DB) Capacities(ctx context.Context, day string) ([]Capacity, error) {
	return rows(ctx, db, scanCapacity, capacityQuery+`k.until_day >= $1 ORDER BY k.said_on DESC, coop.name`, day)
}

// CapacityOf returns what a co-op last said, even if it has run out, or [ErrNotFound].
func (db *DB) CapacityOf(ctx context.Context, coop int64) (Capacity, error) {
	c, err := scanCapacity(db.QueryRow(ctx, capacityQuery+`k.coop = $1`, coop))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return c, err
}

// SetCapacity replaces what a co-op has time for.
func (db *DB) SetCapacity(ctx context.Context, c Capacity) error {
	_, err := db.Exec(ctx, `
		INSERT INTO capacity (coop, words, people, weeks, lead_months, from_day, until_day, said_on)
		VALUES ($1, $2, $3, $4, CASE WHEN $5 >= 0 THEN $5 END, $6, $7, $8)
		ON CONFLICT (coop) DO UPDATE SET words = excluded.words, people = excluded.people, weeks = excluded.weeks,
			lead_months = excluded.lead_months, from_day = excluded.from_day, until_day = excluded.until_day, said_on = excluded.said_on`,
		c.Coop, c.Words, c.People, c.Weeks, c.Lead, c.From, c.Until, c.SaidOn)
	return err
}

// DropCapacity says that a co-op has no time.
func (db *DB) DropCapacity(ctx context.Context, coop int64) error {
	_, err := db.Exec(ctx, `DELETE FROM capacity WHERE coop = $1`, coop)
	return err
}

// A Prompt is a person who wants to be asked about their co-op's capacity.
type Prompt struct {
	Coop     int64
	CoopName string
	Site     string
	User     string
}

// Prompts returns whom to ask each month.
func (db *DB) Prompts(ctx context.Context) ([]Prompt, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (p Prompt, err error) {
		err = row.Scan(&p.Coop, &p.CoopName, &p.Site, &p.User)
		return p, err
	}, `SELECT coop.id, coop.name, p.site, p.user FROM capacity_prompt AS p JOIN coop ON coop.id = p.coop ORDER BY coop.id`)
}

// SetPrompt has somebody asked each month for their co-op.
func (db *DB) SetPrompt(ctx context.Context, p Prompt) error {
	_, err := db.Exec(ctx, `
		INSERT INTO capacity_prompt (coop, site, user) VALUES ($1, $2, $3)
		ON CONFLICT (coop) DO UPDATE SET site = excluded.site, user = excluded.user`, p.Coop, p.Site, p.User)
	return err
}

// DropPrompt ends the monthly question.
func (db *DB) DropPrompt(ctx context.Context, coop int64) error {
	_, err := db.Exec(ctx, `DELETE FROM capacity_prompt WHERE coop = $1`, coop)
	return err
}

// A Want is a word that was asked for and not found.
type Want struct {
	Key, Word string
	Times     int
	LastOn    string
}

// Want counts a search that found nobody.
func (db *DB) Want(ctx context.Context, key, word, day string) error {
	_, err := db.Exec(ctx, `
		INSERT INTO wanted (key, word, times, last_on) VALUES ($1, $2, 1, $3)
		ON CONFLICT (key) DO UPDATE SET times = times + 1, last_on = excluded.last_on`, key, word, day)
	return err
}

// Wanted returns what was asked for most, since a day.
func (db *DB) Wanted(ctx context.Context, since string, limit int) ([]Want, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (w Want, err error) {
		err = row.Scan(&w.Key, &w.Word, &w.Times, &w.LastOn)
		return w, err
	}, `SELECT key, word, times, last_on FROM wanted WHERE last_on >= $1 ORDER BY times DESC, word LIMIT $2`, since, limit)
}

// DropWant takes a word off the list.
func (db *DB) DropWant(ctx context.Context, key string) error {
	_, err := db.Exec(ctx, `DELETE FROM wanted WHERE key = $1`, key)
	return err
}
