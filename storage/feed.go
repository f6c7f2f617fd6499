package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// A Feed is a rule about what a room hears of a forum.
type Feed struct {
	ID     int64
	Room   bot.Room
	Forum  string // "discourse/hub"
	What   string // "all", "category", "tag", "author"
	Value  string // a category's number, a tag, a user; "" for all
	Name   string // as people say it: "Events"
	Level  string // "follow": new topics; "watch": replies too; "mute": nothing
	Person int64  // who asked for it, 0 if nobody knows
	By     string // their name
	At     time.Time
}

const feedQuery = `
	SELECT f.id, f.site, f.room, f.forum, f.what, f.value, f.name, f.level, coalesce(f.person, 0), coalesce(p.name, ''), f.at
	FROM feed AS f LEFT JOIN person AS p ON p.id = f.person `

func scanFeed(row dbutil.Scannable) (f Feed, err error) {
	var at int64
	err = row.Scan(&f.ID, &f.Room.Site, &f.Room.ID, &f.Forum, &f.What, &f.Value, &f.Name, &f.Level, &f.Person, &f.By, &at)
	f.At = time.Unix(at, 0).UTC()
	return f, err
}

// SaveFeed writes a rule, in place of the room's other one about the same
// thing, and returns its number.
func (db *DB) SaveFeed(ctx context.Context, f Feed) (id int64, err error) {
	err = db.QueryRow(ctx, `
		INSERT INTO feed (id, site, room, forum, what, value, name, level, person, at)
		VALUES (nullif($1, 0), $2, $3, $4, $5, $6, $7, $8, nullif($9, 0), $10)
		ON CONFLICT (site, room, forum, what, value) DO UPDATE
			SET name = excluded.name, level = excluded.level, person = excluded.person, at = excluded.at
		RETURNING id`,
		f.ID, f.Room.Site, f.Room.ID, f.Forum, f.What, f.Value, f.Name, f.Level, f.Person, f.At.Unix()).Scan(&id)
	return id, err
}

// DropFeed forgets a rule, and what it would still have told.
func (db *DB) DropFeed(ctx context.Context, id int64) error {
	if _, err := db.Exec(ctx, `DELETE FROM feed_line WHERE feed = $1 AND state = 'waiting'`, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, `DELETE FROM feed WHERE id = $1`, id)
	return err
}

// FeedsIn returns the rules of a room in the order they were made.
func (db *DB) FeedsIn(ctx context.Context, room bot.Room) ([]Feed, error) {
	return rows(ctx, db, scanFeed, feedQuery+`WHERE f.site = $1 AND f.room = $2 ORDER BY f.id`, room.Site, room.ID)
}

// FeedsOf returns the rules about a forum, room by room.
func (db *DB) FeedsOf(ctx context.Context, forum string) ([]Feed, error) {
	return rows(ctx, db, scanFeed, feedQuery+`WHERE f.forum = $1 ORDER BY f.site, f.room, f.id`, forum)
}

// FeedOf returns the rule of a room about one thing, if there is one.
func (db *DB) FeedOf(ctx context.Context, room bot.Room, forum, what, value string) (Feed, bool, error) {
	f, err := scanFeed(db.QueryRow(ctx, feedQuery+`
		WHERE f.site = $1 AND f.room = $2 AND f.forum = $3 AND f.what = $4 AND f.value = $5`, room.Site, room.ID, forum, what, value))
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	return f, err == nil, err
}

// Feed returns a rule by its number.
func (db *DB) Feed(ctx context.Context, id int64) (Feed, bool, error) {
	f, err := scanFeed(db.QueryRow(ctx, feedQuery+`WHERE f.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	return f, err == nil, err
}

// ForgetAuthor drops the rules about a user of a forum, and their name from
// what was told.
func (db *DB) ForgetAuthor(ctx context.Context, forum, user string) error {
	for _, query := range []string{
		`DELETE FROM feed WHERE forum = $1 AND what = 'author' AND value = $2`,
		`UPDATE feed_line SET author = '', name = '' WHERE forum = $1 AND author = $2`,
	} {
		if _, err := db.Exec(ctx, query, forum, user); err != nil {
			return err
		}
	}
	return nil
}
