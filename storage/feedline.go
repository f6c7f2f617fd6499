package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// A FeedLine is what a room is told of one topic or one reply.
type FeedLine struct {
	ID     int64
	Room   bot.Room
	Forum  string // "discourse/hub"
	Post   string
	Topic  string
	Number int    // 1 opens the topic
	Feed   int64  // the rule it is told for, 0 if that is gone
	Label  string // the rule's name
	Title  string
	URL    string
	Author bot.User
	At     time.Time // when it was written
	Due    time.Time // when it is to be told
	State  string    // "waiting", "said", "gone"
	Key    string    // of the post that tells of it; a digest's lines share one
	Edits  int       // how often it was changed since it was told
}

const lineColumns = `id, site, room, forum, post, topic, number, coalesce(feed, 0), label, title, url, author, name, at, due, state, key, edits`

func scanLine(row dbutil.Scannable) (l FeedLine, err error) {
	var at, due int64
	err = row.Scan(&l.ID, &l.Room.Site, &l.Room.ID, &l.Forum, &l.Post, &l.Topic, &l.Number, &l.Feed, &l.Label, &l.Title, &l.URL,
		&l.Author.ID, &l.Author.Name, &at, &due, &l.State, &l.Key, &l.Edits)
	l.At, l.Due = time.Unix(at, 0).UTC(), time.Unix(due, 0).UTC()
	return l, err
}

// AddFeedLine remembers what a room is to be told. What it was told of before
// stays as it is, unless that was deleted and has come back.
func (db *DB) AddFeedLine(ctx context.Context, l FeedLine) error {
	_, err := db.Exec(ctx, `
		INSERT INTO feed_line (site, room, forum, post, topic, number, feed, label, title, url, author, name, at, due, state)
		VALUES ($1, $2, $3, $4, $5, $6, nullif($7, 0), $8, $9, $10, $11, $12, $13, $14, 'waiting')
		ON CONFLICT (site, room, forum, post) DO UPDATE
			SET state = 'waiting', title = excluded.title, url = excluded.url, feed = excluded.feed, label = excluded.label, due = excluded.due, key = '', edits = 0
			WHERE state = 'gone'`,
		l.Room.Site, l.Room.ID, l.Forum, l.Post, l.Topic, l.Number, l.Feed, l.Label, l.Title, l.URL, l.Author.ID, l.Author.Name, l.At.Unix(), l.Due.Unix())
	return err
}

// SaveFeedLine writes what has changed about a line.
func (db *DB) SaveFeedLine(ctx context.Context, l FeedLine) error {
	_, err := db.Exec(ctx, `
		UPDATE feed_line SET topic = $2, title = $3, url = $4, feed = nullif($5, 0), label = $6, due = $7, state = $8, key = $9, edits = $10
		WHERE id = $1`, l.ID, l.Topic, l.Title, l.URL, l.Feed, l.Label, l.Due.Unix(), l.State, l.Key, l.Edits)
	return err
}

// FeedLinesOf returns the lines about a topic in every room, whatever became of them.
func (db *DB) FeedLinesOf(ctx context.Context, forum, topic string) ([]FeedLine, error) {
	return rows(ctx, db, scanLine, `SELECT `+lineColumns+` FROM feed_line WHERE forum = $1 AND topic = $2 ORDER BY id`, forum, topic)
}

// FeedLinesBy returns the lines that one post tells, in its order.
func (db *DB) FeedLinesBy(ctx context.Context, key string) ([]FeedLine, error) {
	return rows(ctx, db, scanLine, `SELECT `+lineColumns+` FROM feed_line WHERE key = $1 ORDER BY at, id`, key)
}

// WaitingFeedLines returns what a room is still to be told, in the order in
// which it was written.
func (db *DB) WaitingFeedLines(ctx context.Context, room bot.Room) ([]FeedLine, error) {
	return rows(ctx, db, scanLine, `SELECT `+lineColumns+` FROM feed_line
		WHERE site = $1 AND room = $2 AND state = 'waiting' ORDER BY at, id`, room.Site, room.ID)
}

// NextFeedLine returns when a room is next to be told something, zero if
// nothing waits.
func (db *DB) NextFeedLine(ctx context.Context, room bot.Room) (time.Time, error) {
	var at sql.NullInt64
	err := db.QueryRow(ctx, `SELECT min(due) FROM feed_line WHERE site = $1 AND room = $2 AND state = 'waiting'`, room.Site, room.ID).Scan(&at)
	if err != nil || !at.Valid {
		return time.Time{}, err
	}
	return time.Unix(at.Int64, 0).UTC(), nil
}

// LastFeedLine returns the latest line told for a rule.
func (db *DB) LastFeedLine(ctx context.Context, feed int64) (FeedLine, bool, error) {
	l, err := scanLine(db.QueryRow(ctx, `SELECT `+lineColumns+` FROM feed_line
		WHERE feed = $1 AND state = 'said' ORDER BY at DESC, id DESC LIMIT 1`, feed))
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	return l, err == nil, err
}

// FeedTrouble returns why the latest line of a room could not be said, and
// when; "" if it could.
func (db *DB) FeedTrouble(ctx context.Context, room bot.Room) (note string, at time.Time, err error) {
	var ms int64
	err = db.QueryRow(ctx, `
		SELECT CASE WHEN state = 'given up' THEN note ELSE '' END, coalesce(sent_at, 0) FROM outbox
		WHERE site = $1 AND room = $2 AND key >= 'feed/' AND key < 'feed0' AND state <> 'owed'
		ORDER BY seq DESC LIMIT 1`, room.Site, room.ID).Scan(&note, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return note, time.UnixMilli(ms).UTC(), err
}

// CleanFeedLines forgets lines about what was written before a time. What the
// bot said of it can no longer change afterwards.
func (db *DB) CleanFeedLines(ctx context.Context, before time.Time) error {
	_, err := db.Exec(ctx, `DELETE FROM feed_line WHERE state <> 'waiting' AND at < $1`, before.Unix())
	return err
}

// A ForumCategory is a part of a forum.
type ForumCategory struct {
	ID         string // its number
	Name       string
	Slug       string
	Parent     string // the number of the one it is in, ""
	Restricted bool   // not everybody may read it
}

// SaveForumCategories remembers what a forum calls its categories, in place of
// what it said before.
func (db *DB) SaveForumCategories(ctx context.Context, site string, all []ForumCategory) error {
	return db.Do(ctx, func(ctx context.Context) error {
		if _, err := db.Exec(ctx, `DELETE FROM forum_category WHERE site = $1`, site); err != nil {
			return err
		}
		for _, c := range all {
			if _, err := db.Exec(ctx, `
				INSERT INTO forum_category (site, id, name, slug, parent, restricted) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT DO NOTHING`, site, c.ID, c.Name, c.Slug, c.Parent, c.Restricted); err != nil {
				return err
			}
		}
		return nil
	})
}

// ForumCategories returns what a forum said last of its categories.
func (db *DB) ForumCategories(ctx context.Context, site string) ([]ForumCategory, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (c ForumCategory, err error) {
		return c, row.Scan(&c.ID, &c.Name, &c.Slug, &c.Parent, &c.Restricted)
	}, `SELECT id, name, slug, parent, restricted FROM forum_category WHERE site = $1 ORDER BY name, id`, site)
}
