package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// Health is how a group is, and what was done about it.
type Health struct {
	Group  int64
	State  string
	Since  string // 2026-01-06
	Status string // JSON of what has to be known tomorrow
	Led    bool   // it has had a convenor
	Unled  string // since when it has none, nor a deputy; ""

	Step       int // of care that was taken last; -1: none
	Asked      int // how often its convenor was asked since it was fine
	Stepped    time.Time
	Room       time.Time // when its own rooms were told last
	Unanswered int
	Muted      bool
}

const healthColumns = `grp, state, since, status, led, unled, step, asked, stepped_at, room_at, unanswered, muted`

func scanHealth(row dbutil.Scannable) (h Health, err error) {
	var stepped, room int64
	err = row.Scan(&h.Group, &h.State, &h.Since, &h.Status, &h.Led, &h.Unled, &h.Step, &h.Asked, &stepped, &room, &h.Unanswered, &h.Muted)
	h.Stepped, h.Room = time.Unix(stepped, 0).UTC(), time.Unix(room, 0).UTC()
	return h, err
}

// Health returns how a group is; false if nobody has looked yet.
func (db *DB) Health(ctx context.Context, group int64) (Health, bool, error) {
	h, err := scanHealth(db.QueryRow(ctx, `SELECT `+healthColumns+` FROM health WHERE grp = $1`, group))
	if errors.Is(err, sql.ErrNoRows) {
		return Health{Group: group, Step: -1, Stepped: time.Unix(0, 0).UTC(), Room: time.Unix(0, 0).UTC()}, false, nil
	}
	return h, err == nil, err
}

// Healths returns how all groups are, by group.
func (db *DB) Healths(ctx context.Context) (map[int64]Health, error) {
	all, err := rows(ctx, db, scanHealth, `SELECT `+healthColumns+` FROM health`)
	byGroup := make(map[int64]Health, len(all))
	for _, h := range all {
		byGroup[h.Group] = h
	}
	return byGroup, err
}

// SaveHealth writes how a group is.
func (db *DB) SaveHealth(ctx context.Context, h Health) error {
	_, err := db.Exec(ctx, `
		INSERT INTO health (`+healthColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (grp) DO UPDATE SET state = excluded.state, since = excluded.since, status = excluded.status, led = excluded.led,
			unled = excluded.unled, step = excluded.step, asked = excluded.asked, stepped_at = excluded.stepped_at, room_at = excluded.room_at,
			unanswered = excluded.unanswered, muted = excluded.muted`,
		h.Group, h.State, h.Since, h.Status, h.Led, h.Unled, h.Step, h.Asked, h.Stepped.Unix(), h.Room.Unix(), h.Unanswered, h.Muted)
	return err
}

// A HealthChange is a day on which a group's state became another one.
type HealthChange struct {
	Group               int64
	Day, State, Reasons string
}

// AddHealthChange remembers one.
func (db *DB) AddHealthChange(ctx context.Context, c HealthChange) error {
	_, err := db.Exec(ctx, `
		INSERT INTO health_change (grp, day, state, reasons) VALUES ($1, $2, $3, $4)
		ON CONFLICT (grp, day) DO UPDATE SET state = excluded.state, reasons = excluded.reasons`, c.Group, c.Day, c.State, c.Reasons)
	return err
}

// HealthChanges returns the changes of all groups, or of one if group is not
// 0, by day.
func (db *DB) HealthChanges(ctx context.Context, group int64) ([]HealthChange, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (c HealthChange, err error) {
		return c, row.Scan(&c.Group, &c.Day, &c.State, &c.Reasons)
	}, `SELECT grp, day, state, reasons FROM health_change WHERE $1 IN (0, grp) ORDER BY day, grp`, group)
}

// Days are a run of days, both included: 2026-01-06.
type Days struct{ First, Last string }

func scanDays(row dbutil.Scannable) (d Days, err error) { return d, row.Scan(&d.First, &d.Last) }

// SetRest remembers that a group rests on some days, in place of what began
// on the same day; an empty Last forgets it.
func (db *DB) SetRest(ctx context.Context, group int64, d Days) error {
	if d.Last == "" {
		_, err := db.Exec(ctx, `DELETE FROM group_rest WHERE grp = $1 AND first = $2`, group, d.First)
		return err
	}
	_, err := db.Exec(ctx, `
		INSERT INTO group_rest (grp, first, last) VALUES ($1, $2, $3)
		ON CONFLICT (grp, first) DO UPDATE SET last = excluded.last`, group, d.First, d.Last)
	return err
}

// Rests returns when a group said that it rests, by day.
func (db *DB) Rests(ctx context.Context, group int64) ([]Days, error) {
	return rows(ctx, db, scanDays, `SELECT first, last FROM group_rest WHERE grp = $1 ORDER BY first`, group)
}

// AddDeaf remembers days on which the bot was away.
func (db *DB) AddDeaf(ctx context.Context, d Days) error {
	_, err := db.Exec(ctx, `
		INSERT INTO deaf (first, last) VALUES ($1, $2)
		ON CONFLICT (first) DO UPDATE SET last = max(last, excluded.last)`, d.First, d.Last)
	return err
}

// Deaf returns the days on which the bot was away, by day.
func (db *DB) Deaf(ctx context.Context) ([]Days, error) {
	return rows(ctx, db, scanDays, `SELECT first, last FROM deaf ORDER BY first`)
}

// SetCareMuted says whether a person does not want to be told about a group.
func (db *DB) SetCareMuted(ctx context.Context, group, person int64, on bool) error {
	query := `DELETE FROM care_mute WHERE grp = $1 AND person = $2`
	if on {
		query = `INSERT INTO care_mute (grp, person) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	}
	_, err := db.Exec(ctx, query, group, person)
	return err
}

// CareMuted returns who does not want to be told about a group.
func (db *DB) CareMuted(ctx context.Context, group int64) (map[int64]bool, error) {
	all, err := rows(ctx, db, func(row dbutil.Scannable) (id int64, err error) { return id, row.Scan(&id) },
		`SELECT person FROM care_mute WHERE grp = $1`, group)
	muted := map[int64]bool{}
	for _, id := range all {
		muted[id] = true
	}
	return muted, err
}

// SetNeed says that a group needs hands, or no longer does if at is zero.
func (db *DB) SetNeed(ctx context.Context, group int64, at time.Time) error {
	if at.IsZero() {
		_, err := db.Exec(ctx, `DELETE FROM need WHERE grp = $1`, group)
		return err
	}
	_, err := db.Exec(ctx, `INSERT INTO need (grp, at) VALUES ($1, $2) ON CONFLICT (grp) DO UPDATE SET at = excluded.at`, group, at.Unix())
	return err
}

// Needs returns since when groups need hands, by group.
func (db *DB) Needs(ctx context.Context) (map[int64]time.Time, error) {
	type need struct{ group, at int64 }
	all, err := rows(ctx, db, func(row dbutil.Scannable) (n need, err error) { return n, row.Scan(&n.group, &n.at) }, `SELECT grp, at FROM need`)
	needs := map[int64]time.Time{}
	for _, n := range all {
		needs[n.group] = time.Unix(n.at, 0).UTC()
	}
	return needs, err
}

// PromiseOnce is [DB.Promise] unless there is such a promise already.
func (db *DB) PromiseOnce(ctx context.Context, kind, ref string, at time.Time) error {
	_, err := db.Exec(ctx, `INSERT INTO reminder (kind, ref, due) VALUES ($1, $2, $3) ON CONFLICT (kind, ref) DO NOTHING`, kind, ref, at.Unix())
	return err
}

// LastSaid returns when the bot last owed a room a post whose key begins with
// prefix, zero if it never did.
func (db *DB) LastSaid(ctx context.Context, r bot.Room, prefix string) (time.Time, error) {
	var at sql.NullInt64
	err := db.QueryRow(ctx, `SELECT max(made_at) FROM outbox WHERE site = $1 AND room = $2 AND key >= $3 AND key < $3 || '~'`, r.Site, r.ID, prefix).Scan(&at)
	if err != nil || !at.Valid {
		return time.Time{}, err
	}
	return time.UnixMilli(at.Int64).UTC(), nil
}

// Promised reports whether there is a promise.
func (db *DB) Promised(ctx context.Context, kind, ref string) (is bool, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) > 0 FROM reminder WHERE kind = $1 AND ref = $2`, kind, ref).Scan(&is)
	return is, err
}
