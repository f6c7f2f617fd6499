package storage

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
)

// count adds up what was written in rooms: messages, people and the last
// moment a day, without words or names.
func (db *DB) count(ctx context.Context, counts []bot.Count) error {
	salts := map[string][]byte{} // by day, as far as they are there
	days := map[bot.Count]dayLife{}
	for _, c := range counts {
		fresh, err := db.voice(ctx, c, salts)
		if err != nil {
			return fmt.Errorf("storage: count life: %w", err)
		}
		day := bot.Count{Room: c.Room, Day: c.Day}
		sum := days[day]
		sum.messages, sum.speakers, sum.last = sum.messages+c.Messages, sum.speakers+fresh, max(sum.last, c.Last.Unix())
		days[day] = sum
	}
	for day, sum := range days {
		_, err := db.Exec(ctx, `
			INSERT INTO life (site, room, day, messages, speakers, last_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (site, room, day) DO UPDATE SET messages = messages + excluded.messages,
				speakers = speakers + excluded.speakers, last_at = max(last_at, excluded.last_at)`,
			day.Room.Site, day.Room.ID, day.Day, sum.messages, sum.speakers, sum.last)
		if err != nil {
			return fmt.Errorf("storage: count life: %w", err)
		}
	}
	return nil
}

// dayLife is what was new in a room on a day.
type dayLife struct {
	messages       int
	speakers, last int64
}

// voice returns 1 if somebody had not spoken in the room on that day, as far
// as that is still known: a day that has been closed keeps its number.
func (db *DB) voice(ctx context.Context, c bot.Count, salts map[string][]byte) (fresh int64, err error) {
	salt := salts[c.Day]
	if salt == nil {
		var open bool
		if salt, open, err = db.salt(ctx, c); err != nil || !open {
			return 0, err
		}
		salts[c.Day] = salt
	}
	h := hmac.New(sha256.New, salt)
	h.Write([]byte(AccountSite(c.Room.Site) + "\x00" + c.Speaker))
	res, err := db.Exec(ctx, `
		INSERT INTO life_voice (site, room, day, voice) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, c.Room.Site, c.Room.ID, c.Day, h.Sum(nil)[:12])
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// salt returns the salt of a day that is still counted, making one for a day
// on which nobody has been counted yet.
func (db *DB) salt(ctx context.Context, c bot.Count) (salt []byte, open bool, err error) {
	err = db.QueryRow(ctx, `SELECT salt FROM life_salt WHERE day = $1`, c.Day).Scan(&salt)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return salt, err == nil, err
	}
	var closed int
	err = db.QueryRow(ctx, `SELECT count(*) FROM life WHERE site = $1 AND room = $2 AND day = $3 AND speakers > 0`, c.Room.Site, c.Room.ID, c.Day).Scan(&closed)
	if err != nil || closed > 0 {
		return nil, false, err
	}
	salt = make([]byte, 32)
	if _, err := rand.Read(salt); err != nil {
		return nil, false, err
	}
	_, err = db.Exec(ctx, `INSERT INTO life_salt (day, salt) VALUES ($1, $2)`, c.Day, salt)
	return salt, err == nil, err
}

// CloseDays throws away what could tell who spoke on the days before one.
func (db *DB) CloseDays(ctx context.Context, before time.Time) error {
	_, err := db.Exec(ctx, `DELETE FROM life_salt WHERE day < $1`, before.UTC().Format(time.DateOnly))
	return err
}
