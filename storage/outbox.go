package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// Owe implements [bot.Memory].
func (db *DB) Owe(ctx context.Context, posts ...bot.Post) error {
	for _, p := range posts {
		if err := db.owe(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) owe(ctx context.Context, p bot.Post) error {
	mentions, err := list(p.Mentions)
	if err != nil {
		return err
	}
	options, err := list(p.Options)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `
		INSERT INTO outbox (key, txn, site, room, thread, person, kind, rank, text, reply_to, of_key, of_id, mentions, loud, why, made_at, title, options)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (key) DO NOTHING`,
		p.Key, bot.TxnID(p.Key), p.Room.Site, p.Room.ID, p.Room.Thread, p.To, p.Kind, p.Rank, p.Text, p.ReplyTo, p.Of, p.OfID,
		mentions, p.Loud, p.Why, p.Made.UnixMilli(), p.Title, options)
	if err != nil || p.File == nil {
		return err
	}
	_, err = db.Exec(ctx, `
		INSERT INTO outbox_file (key, name, mime, alt, data) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (key) DO NOTHING`, p.Key, p.File.Name, p.File.MIME, p.File.Alt, p.File.Data)
	return err
}

// list is a JSON list, "" for none.
func list(all []string) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	text, err := json.Marshal(all)
	return string(text), err
}

const postColumns = `key, site, room, thread, person, kind, rank, text, reply_to, of_key,
	CASE WHEN of_id = '' AND of_key <> '' THEN coalesce((SELECT o.id FROM outbox AS o WHERE o.key = outbox.of_key), '') ELSE of_id END,
	mentions, loud, why, made_at, tries, title, options`

func scanPost(row dbutil.Scannable) (p bot.Post, err error) {
	var mentions, options string
	var at int64
	err = row.Scan(&p.Key, &p.Room.Site, &p.Room.ID, &p.Room.Thread, &p.To, &p.Kind, &p.Rank, &p.Text, &p.ReplyTo, &p.Of,
		&p.OfID, &mentions, &p.Loud, &p.Why, &at, &p.Tries, &p.Title, &options)
	if err == nil && mentions != "" {
		err = json.Unmarshal([]byte(mentions), &p.Mentions)
	}
	if err == nil && options != "" {
		err = json.Unmarshal([]byte(options), &p.Options)
	}
	p.Made = time.UnixMilli(at).UTC()
	return p, err
}

// scanned is how many owed posts are looked through at once.
const scanned = 5000

// Owed implements [bot.Memory].
func (db *DB) Owed(ctx context.Context, transport string, see func(p bot.Post, from time.Time) (more bool)) (all bool, err error) {
	found, err := db.Query(ctx, `
		SELECT `+postColumns+`, retry_at FROM outbox
		WHERE state = 'owed' AND (site = $1 OR site LIKE $1 || '/%')
		ORDER BY rank, seq LIMIT $2`, transport, scanned)
	if err != nil {
		return false, err
	}
	defer found.Close()
	n := 0
	for ; found.Next(); n++ {
		var retry int64
		p, err := scanPost(withLast{found, &retry})
		if err != nil {
			return false, err
		}
		if !see(p, time.UnixMilli(retry).UTC()) {
			return false, nil
		}
	}
	return n < scanned, found.Err()
}

// Claim implements [bot.Memory].
func (db *DB) Claim(ctx context.Context, p *bot.Post) (ok bool, err error) {
	res, err := db.Exec(ctx, `UPDATE outbox SET tries = tries + 1 WHERE key = $1 AND state = 'owed' AND tries = $2`, p.Key, p.Tries)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	p.Tries++
	if p.Of != "" && p.OfID == "" {
		err = db.QueryRow(ctx, `SELECT coalesce(max(id), '') FROM outbox WHERE key = $1`, p.Of).Scan(&p.OfID)
	}
	if err == nil && (p.Kind == bot.Image || p.Kind == bot.Attach) {
		p.File, err = db.file(ctx, p.Key)
	}
	return true, err
}

// withLast scans one column more than its caller knows of.
type withLast struct {
	dbutil.Scannable
	last *int64
}

// Scan implements [dbutil.Scannable].
func (w withLast) Scan(to ...any) error { return w.Scannable.Scan(append(to, w.last)...) }

func (db *DB) file(ctx context.Context, key string) (*bot.File, error) {
	f := &bot.File{}
	err := db.QueryRow(ctx, `SELECT name, mime, alt, data FROM outbox_file WHERE key = $1`, key).Scan(&f.Name, &f.MIME, &f.Alt, &f.Data)
	return f, err
}

// NextTry implements [bot.Memory].
func (db *DB) NextTry(ctx context.Context, transport string) (time.Time, error) {
	var at int64
	err := db.QueryRow(ctx, `
		SELECT retry_at FROM outbox
		WHERE state = 'owed' AND (site = $1 OR site LIKE $1 || '/%')
		ORDER BY retry_at LIMIT 1`, transport).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.UnixMilli(at).UTC(), err
}

// Settled implements [bot.Memory].
func (db *DB) Settled(ctx context.Context, ends []bot.End) error {
	for _, e := range ends {
		var err error
		switch {
		case e.Give != "":
			_, err = db.Exec(ctx, `UPDATE outbox SET state = 'given up', note = $2, sent_at = $3 WHERE key = $1 AND state = 'owed'`, e.Key, e.Give, e.At.UnixMilli())
		case !e.Retry.IsZero():
			_, err = db.Exec(ctx, `UPDATE outbox SET retry_at = $2 WHERE key = $1 AND state = 'owed'`, e.Key, e.Retry.UnixMilli())
		default:
			_, err = db.Exec(ctx, `UPDATE outbox SET state = 'sent', id = $2, sent_at = $3 WHERE key = $1 AND state = 'owed'`, e.Key, e.ID, e.At.UnixMilli())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// echoed marks posts that a site shows to have been said.
func (db *DB) echoed(ctx context.Context, echoes []bot.Echo) error {
	for _, e := range echoes {
		_, err := db.Exec(ctx, `
			UPDATE outbox SET state = 'sent', id = $2, sent_at = unixepoch() * 1000
			WHERE txn = $1 AND state = 'owed' AND tries > 0`, e.Txn, e.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// Said implements [bot.Memory].
func (db *DB) Said(ctx context.Context, site, id string) (bot.Post, bool, error) {
	if id == "" {
		return bot.Post{}, false, nil
	}
	return onePost(db.QueryRow(ctx, `SELECT `+postColumns+` FROM outbox WHERE site = $1 AND id = $2 AND id <> ''`, site, id))
}

// SaidKey implements [bot.Memory].
func (db *DB) SaidKey(ctx context.Context, key string) (bot.Post, bool, error) {
	return onePost(db.QueryRow(ctx, `SELECT `+postColumns+` FROM outbox WHERE key = $1`, key))
}

func onePost(row *sql.Row) (bot.Post, bool, error) {
	p, err := scanPost(row)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}
