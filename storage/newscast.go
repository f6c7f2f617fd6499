package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// A Broadcast is what goes to many places at once.
type Broadcast struct {
	ID        int64
	Code      string // undoes it
	Issue     int64  // 0: an announcement
	Title     string
	Text      string   // what the rooms are told, Markdown
	Mark      string   // of the words that were confirmed
	Tags      []string // of the rooms it is for; all if empty
	Person    int64    // who confirmed it
	ByName    string
	AskedBy   int64    // who wanted it
	Room      bot.Room // where its progress is told
	Answer    string   // the key of that post
	Said      string   // what that says now
	State     string   // "waiting" for the morning, "sending", "sent", "undone"
	Begins    time.Time
	UndoUntil time.Time
	Ended     time.Time
}

const broadcastColumns = `id, code, coalesce(issue, 0), title, text, mark, tags, coalesce(person, 0), by_name, coalesce(asked_by, 0), site, room, answer, said, state,
	begins_at, undo_until, coalesce(ended_at, 0)`

func scanBroadcast(row dbutil.Scannable) (b Broadcast, err error) {
	var begins, until, ended int64
	var tags string
	err = row.Scan(&b.ID, &b.Code, &b.Issue, &b.Title, &b.Text, &b.Mark, &tags, &b.Person, &b.ByName, &b.AskedBy, &b.Room.Site, &b.Room.ID, &b.Answer, &b.Said,
		&b.State, &begins, &until, &ended)
	b.Tags = strings.Fields(tags)
	b.Begins, b.UndoUntil = time.Unix(begins, 0).UTC(), time.Unix(until, 0).UTC()
	if ended != 0 {
		b.Ended = time.Unix(ended, 0).UTC()
	}
	return b, err
}

func oneBroadcast(row *sql.Row) (Broadcast, bool, error) {
	b, err := scanBroadcast(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Broadcast{}, false, nil
	}
	return b, err == nil, err
}

// SaveBroadcast writes a broadcast, a new one if its ID is 0, and returns its ID.
func (db *DB) SaveBroadcast(ctx context.Context, b Broadcast) (id int64, err error) {
	var ended any
	if !b.Ended.IsZero() {
		ended = b.Ended.Unix()
	}
	err = db.QueryRow(ctx, `
		INSERT INTO broadcast (id, code, issue, title, text, mark, tags, person, by_name, asked_by, site, room, answer, said, state, begins_at, undo_until, ended_at)
		VALUES (nullif($1, 0), $2, nullif($3, 0), $4, $5, $6, $7, nullif($8, 0), $9, nullif($10, 0), $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (id) DO UPDATE SET text = excluded.text, said = excluded.said, state = excluded.state, begins_at = excluded.begins_at,
			undo_until = excluded.undo_until, ended_at = excluded.ended_at
		RETURNING id`,
		b.ID, b.Code, b.Issue, b.Title, b.Text, b.Mark, strings.Join(b.Tags, " "), b.Person, b.ByName, b.AskedBy, b.Room.Site, b.Room.ID, b.Answer, b.Said, b.State,
		b.Begins.Unix(), b.UndoUntil.Unix(), ended).Scan(&id)
	return id, err
}

// Broadcast returns a broadcast by its number.
func (db *DB) Broadcast(ctx context.Context, id int64) (Broadcast, bool, error) {
	return oneBroadcast(db.QueryRow(ctx, `SELECT `+broadcastColumns+` FROM broadcast WHERE id = $1`, id))
}

// BroadcastByCode returns the broadcast that a code undoes.
func (db *DB) BroadcastByCode(ctx context.Context, code string) (Broadcast, bool, error) {
	return oneBroadcast(db.QueryRow(ctx, `SELECT `+broadcastColumns+` FROM broadcast WHERE code = $1`, code))
}

// BroadcastOf returns the broadcast of an issue that was not undone.
func (db *DB) BroadcastOf(ctx context.Context, issue int64) (Broadcast, bool, error) {
	return oneBroadcast(db.QueryRow(ctx, `SELECT `+broadcastColumns+` FROM broadcast WHERE issue = $1 AND state <> 'undone'`, issue))
}

// Broadcasts returns the last broadcasts, the newest first.
func (db *DB) Broadcasts(ctx context.Context, limit int) ([]Broadcast, error) {
	return rows(ctx, db, scanBroadcast, `SELECT `+broadcastColumns+` FROM broadcast ORDER BY id DESC LIMIT $1`, limit)
}

// BroadcastsOf returns how often an issue has been broadcast, undone ones included.
func (db *DB) BroadcastsOf(ctx context.Context, issue int64) (n int, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) FROM broadcast WHERE issue = $1`, issue).Scan(&n)
	return n, err
}

// A Copy is what one place is told of a broadcast.
type Copy struct {
	Key       string // of the post
	Broadcast int64
	Room      bot.Room
	To        string // the address or person, instead of Room.ID
	Name      string // of the room, "" if the site has none
	ID        string // the site's, once it was said
	State     string // "owed", "sent", "given up"
	Sent      time.Time
}

// AddCopies remembers posts as the copies of a broadcast. They are owed
// by whoever returns them.
func (db *DB) AddCopies(ctx context.Context, broadcast int64, posts []bot.Post) error {
	for _, p := range posts {
		if _, err := db.Exec(ctx, `
			INSERT INTO broadcast_copy (key, broadcast, site, room, person) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (key) DO NOTHING`, p.Key, broadcast, p.Room.Site, p.Room.ID, p.To); err != nil {
			return err
		}
	}
	return nil
}

// Copies returns where a broadcast went, and how each post fares.
func (db *DB) Copies(ctx context.Context, broadcast int64) ([]Copy, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (c Copy, err error) {
		var at int64
		err = row.Scan(&c.Key, &c.Broadcast, &c.Room.Site, &c.Room.ID, &c.To, &c.Name, &c.ID, &c.State, &at)
		if at != 0 {
			c.Sent = time.UnixMilli(at).UTC()
		}
		return c, err
	}, `SELECT c.key, c.broadcast, c.site, c.room, c.person, coalesce(r.name, ''),
			CASE WHEN c.state = 'owed' THEN coalesce(o.id, '') ELSE c.id END,
			CASE WHEN c.state = 'owed' THEN coalesce(o.state, 'given up') ELSE c.state END,
			coalesce(CASE WHEN c.state = 'owed' THEN o.sent_at ELSE c.sent_at END, 0)
		FROM broadcast_copy AS c LEFT JOIN outbox AS o ON o.key = c.key LEFT JOIN room AS r ON r.site = c.site AND r.id = c.room
		WHERE c.broadcast = $1 ORDER BY c.key`, broadcast)
}

// KeepCopies writes down how the posts of a broadcast ended: the outbox
// forgets them in time.
func (db *DB) KeepCopies(ctx context.Context, broadcast int64) error {
	_, err := db.Exec(ctx, `
		UPDATE broadcast_copy SET (id, state, sent_at) = (SELECT o.id, o.state, o.sent_at FROM outbox AS o WHERE o.key = broadcast_copy.key)
		WHERE broadcast = $1 AND state = 'owed' AND EXISTS (SELECT 1 FROM outbox AS o WHERE o.key = broadcast_copy.key AND o.state <> 'owed')`, broadcast)
	return err
}

// Forgo gives up a post that has not been tried yet, and reports whether it
// could: one that was tried may be on its way.
func (db *DB) Forgo(ctx context.Context, key, why string) (bool, error) {
	res, err := db.Exec(ctx, `UPDATE outbox SET state = 'given up', note = $2 WHERE key = $1 AND state = 'owed' AND tries = 0`, key, why)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
