package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// Position implements [bot.Memory].
func (db *DB) Position(ctx context.Context, transport string) (value string, err error) {
	err = db.QueryRow(ctx, `SELECT value FROM position WHERE transport = $1`, transport).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetPosition remembers where a transport's next batch begins.
func (db *DB) SetPosition(ctx context.Context, transport, value string) error {
	_, err := db.Exec(ctx, `
		INSERT INTO position (transport, value, at) VALUES ($1, $2, unixepoch())
		ON CONFLICT (transport) DO UPDATE SET value = excluded.value, at = excluded.at`, transport, value)
	return err
}

// Deliver implements [bot.Memory].
func (db *DB) Deliver(ctx context.Context, transport string, b bot.Batch) error {
	return db.Do(ctx, func(ctx context.Context) error {
		for _, m := range b.Messages {
			if err := db.hear(ctx, m); err != nil {
				return err
			}
		}
		if err := db.echoed(ctx, b.Echoes); err != nil {
			return err
		}
		for _, r := range b.Rooms {
			if err := db.knowRoom(ctx, r); err != nil {
				return err
			}
		}
		if err := db.read(ctx, b.Items); err != nil {
			return err
		}
		if err := db.Owe(ctx, b.Posts...); err != nil {
			return err
		}
		if err := db.count(ctx, b.Counts); err != nil {
			return err
		}
		return db.SetPosition(ctx, transport, b.Position)
	})
}

func (db *DB) hear(ctx context.Context, m bot.Message) error {
	_, err := db.Exec(ctx, `
		INSERT INTO inbox (site, id, room, thread, sender, sender_name, kind, text, reply_to, about, flags, said_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT DO NOTHING`,
		m.Room.Site, m.ID, m.Room.ID, m.Room.Thread, m.From.ID, m.From.Name, m.Kind, m.Text, m.ReplyTo, m.Of,
		flags(m), m.Time.UnixMilli())
	return err
}

func flags(m bot.Message) (f int) {
	for i, on := range []bool{m.Direct, m.Encrypted, m.Named} {
		if on {
			f |= 1 << i
		}
	}
	return f
}

const messageColumns = `site, id, room, thread, sender, sender_name, kind, text, reply_to, about, flags, said_at`

func scanMessage(row dbutil.Scannable) (m bot.Message, err error) {
	var f int
	var at int64
	err = row.Scan(&m.Room.Site, &m.ID, &m.Room.ID, &m.Room.Thread, &m.From.ID, &m.From.Name, &m.Kind, &m.Text, &m.ReplyTo, &m.Of, &f, &at)
	m.Direct, m.Encrypted, m.Named = f&1 != 0, f&2 != 0, f&4 != 0
	m.Time = time.UnixMilli(at).UTC()
	return m, err
}

// Waiting implements [bot.Memory].
func (db *DB) Waiting(ctx context.Context, limit int) ([]bot.Message, error) {
	return rows(ctx, db, scanMessage, `
		SELECT `+messageColumns+` FROM inbox
		WHERE answered_at IS NULL
		ORDER BY seq LIMIT $1`, limit)
}

// Answered implements [bot.Memory].
func (db *DB) Answered(ctx context.Context, m bot.Message, keep bool, now time.Time) error {
	query := `UPDATE inbox SET answered_at = $3 WHERE site = $1 AND id = $2`
	if !keep {
		query = `UPDATE inbox SET answered_at = $3, text = '' WHERE site = $1 AND id = $2`
	}
	_, err := db.Exec(ctx, query, m.Room.Site, m.ID, now.UnixMilli())
	return err
}

// Heard implements [bot.Memory].
func (db *DB) Heard(ctx context.Context, site, id string) (bot.Message, bool, error) {
	m, err := scanMessage(db.QueryRow(ctx, `
		SELECT `+messageColumns+` FROM inbox WHERE site = $1 AND id = $2`, site, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, err
}

// Retention says for how long what is kept.
type Retention struct {
	Words time.Duration // the text of commands and answers
	Rows  time.Duration // the rows themselves, which guard against answering twice
}

// Clean forgets what is older than the retention allows. It returns how many
// texts were cleared and how many rows were dropped.
func (db *DB) Clean(ctx context.Context, r Retention, now time.Time) (texts, dropped int64, err error) {
	words, old := now.Add(-r.Words).UnixMilli(), now.Add(-r.Rows).UnixMilli()
	err = db.Do(ctx, func(ctx context.Context) error {
		for _, q := range []struct {
			n      *int64
			query  string
			before int64
		}{
			{&texts, `UPDATE inbox SET text = '', sender_name = '' WHERE text <> '' AND answered_at < $1`, words},
			{&texts, `UPDATE outbox SET text = '' WHERE text <> '' AND state <> 'owed' AND made_at < $1`, words},
			{&dropped, `DELETE FROM inbox WHERE answered_at < $1`, old},
			{&dropped, `DELETE FROM outbox WHERE state <> 'owed' AND made_at < $1`, old},
			{&dropped, `DELETE FROM question WHERE until < $1 / 1000`, words},
		} {
			res, err := db.Exec(ctx, q.query, q.before)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			*q.n += n
		}
		return nil
	})
	return texts, dropped, err
}
