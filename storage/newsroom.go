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

// A NewsRoom is how a room takes part in the newsletter.
type NewsRoom struct {
	Room      bot.Room
	Name      string   // as people call it, "" if the site has none
	News      bool     // it comes here
	Announced bool     // announcements do
	Reminded  bool     // reminders of the deadline do
	Starred   bool     // a star puts a message on the pile
	Tags      []string // lower case
}

func scanNewsRoom(row dbutil.Scannable) (r NewsRoom, err error) {
	var tags string
	err = row.Scan(&r.Room.Site, &r.Room.ID, &r.Name, &r.News, &r.Announced, &r.Reminded, &r.Starred, &tags)
	r.Tags = strings.Fields(tags)
	return r, err
}

const newsRoomQuery = `
	SELECT n.site, n.room, coalesce(r.name, ''), news, announced, reminded, starred, tags
	FROM news_room AS n LEFT JOIN room AS r ON r.site = n.site AND r.id = n.room `

// NewsRooms returns the rooms that take part and that the bot has not left.
func (db *DB) NewsRooms(ctx context.Context) ([]NewsRoom, error) {
	return rows(ctx, db, scanNewsRoom, newsRoomQuery+`WHERE r.left_at IS NULL ORDER BY n.site, coalesce(r.name, ''), n.room`)
}

// NewsRoom returns how a room takes part; the zero value if it does not.
func (db *DB) NewsRoom(ctx context.Context, room bot.Room) (NewsRoom, error) {
	r, err := scanNewsRoom(db.QueryRow(ctx, newsRoomQuery+`WHERE n.site = $1 AND n.room = $2`, room.Site, room.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return NewsRoom{Room: bot.Room{Site: room.Site, ID: room.ID}}, nil
	}
	return r, err
}

// SetNewsRoom writes how a room takes part.
func (db *DB) SetNewsRoom(ctx context.Context, r NewsRoom) error {
	if !r.News && !r.Announced && !r.Reminded && !r.Starred && len(r.Tags) == 0 {
		_, err := db.Exec(ctx, `DELETE FROM news_room WHERE site = $1 AND room = $2`, r.Room.Site, r.Room.ID)
		return err
	}
	_, err := db.Exec(ctx, `
		INSERT INTO news_room (site, room, news, announced, reminded, starred, tags) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (site, room) DO UPDATE SET news = excluded.news, announced = excluded.announced, reminded = excluded.reminded,
			starred = excluded.starred, tags = excluded.tags`,
		r.Room.Site, r.Room.ID, r.News, r.Announced, r.Reminded, r.Starred, strings.Join(r.Tags, " "))
	return err
}

// SharedRooms returns the rooms of several people that the bot is in, on
// sites where rooms are places of talk rather than topics.
func (db *DB) SharedRooms(ctx context.Context) ([]NewsRoom, error) {
	return rows(ctx, db, scanNewsRoom, `
		SELECT r.site, r.id, r.name, coalesce(n.news, 0), coalesce(n.announced, 0), coalesce(n.reminded, 0), coalesce(n.starred, 0), coalesce(n.tags, '')
		FROM room AS r LEFT JOIN news_room AS n ON n.site = r.site AND n.room = r.id
		WHERE r.left_at IS NULL AND r.person = '' AND r.site NOT LIKE 'discourse/%'
		ORDER BY r.site, r.name, r.id`)
}

// Starred reports whether stars count in a room.
func (db *DB) Starred(ctx context.Context, room bot.Room) (on bool, err error) {
	err = db.QueryRow(ctx, `SELECT starred FROM news_room WHERE site = $1 AND room = $2`, room.Site, room.ID).Scan(&on)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return on, err
}

// Hear keeps a message for a while, in case somebody puts a star on it.
func (db *DB) Hear(ctx context.Context, m bot.Message) error {
	_, err := db.Exec(ctx, `
		INSERT INTO news_heard (site, id, room, sender, name, text, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (site, id) DO UPDATE SET text = excluded.text`, m.Room.Site, m.ID, m.Room.ID, m.From.ID, m.From.Name, m.Text, m.Time.Unix())
	return err
}

// Overheard returns a message that is kept for stars.
func (db *DB) Overheard(ctx context.Context, site, id string) (m bot.Message, ok bool, err error) {
	var at int64
	err = db.QueryRow(ctx, `SELECT site, id, room, sender, name, text, said_at FROM news_heard WHERE site = $1 AND id = $2`, site, id).
		Scan(&m.Room.Site, &m.ID, &m.Room.ID, &m.From.ID, &m.From.Name, &m.Text, &at)
	m.Time = time.Unix(at, 0).UTC()
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, err
}

// Unhear forgets a message, or with an empty ID all that were said in a room.
func (db *DB) Unhear(ctx context.Context, room bot.Room, id string) error {
	_, err := db.Exec(ctx, `DELETE FROM news_heard WHERE site = $1 AND ($3 <> '' AND id = $3 OR $3 = '' AND room = $2)`, room.Site, room.ID, id)
	return err
}

// UnhearBefore forgets what was said before a time.
func (db *DB) UnhearBefore(ctx context.Context, t time.Time) error {
	_, err := db.Exec(ctx, `DELETE FROM news_heard WHERE said_at < $1`, t.Unix())
	return err
}
