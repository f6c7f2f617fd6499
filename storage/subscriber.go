package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"go.mau.fi/util/dbutil"
)

// A Subscriber is a mail address that the newsletter goes to.
type Subscriber struct {
	ID      int64
	Address string
	State   string // "asked", "confirmed", "bounced"
	Token   string // stands in the links of each mail: confirms and ends the subscription
	Person  int64  // 0 if it was asked for on the web
	Bounces int
	Asked   time.Time
	Since   time.Time // zero until it is confirmed
}

const subscriberColumns = `id, address, state, token, coalesce(person, 0), bounces, asked_at, coalesce(since, 0)`

func scanSubscriber(row dbutil.Scannable) (s Subscriber, err error) {
	var asked, since int64
	err = row.Scan(&s.ID, &s.Address, &s.State, &s.Token, &s.Person, &s.Bounces, &asked, &since)
	s.Asked = time.Unix(asked, 0).UTC()
	if since != 0 {
		s.Since = time.Unix(since, 0).UTC()
	}
	return s, err
}

func oneSubscriber(row *sql.Row) (Subscriber, bool, error) {
	s, err := scanSubscriber(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Subscriber{}, false, nil
	}
	return s, err == nil, err
}

// SaveSubscriber writes a subscriber, a new one if its ID is 0.
func (db *DB) SaveSubscriber(ctx context.Context, s Subscriber) error {
	var since any
	if !s.Since.IsZero() {
		since = s.Since.Unix()
	}
	_, err := db.Exec(ctx, `
		INSERT INTO subscriber (id, address, state, token, person, bounces, asked_at, since)
		VALUES (nullif($1, 0), $2, $3, $4, nullif($5, 0), $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, person = excluded.person, bounces = excluded.bounces,
			asked_at = excluded.asked_at, since = excluded.since`,
		s.ID, s.Address, s.State, s.Token, s.Person, s.Bounces, s.Asked.Unix(), since)
	return err
}

// SubscriberAt returns who has a mail address, in any case of letters.
func (db *DB) SubscriberAt(ctx context.Context, address string) (Subscriber, bool, error) {
	return oneSubscriber(db.QueryRow(ctx, `SELECT `+subscriberColumns+` FROM subscriber WHERE address = $1`, address))
}

// SubscriberBy returns who has a token.
func (db *DB) SubscriberBy(ctx context.Context, token string) (Subscriber, bool, error) {
	return oneSubscriber(db.QueryRow(ctx, `SELECT `+subscriberColumns+` FROM subscriber WHERE token = $1`, token))
}

// SubscriptionsOf returns what a person asked for.
func (db *DB) SubscriptionsOf(ctx context.Context, person int64) ([]Subscriber, error) {
	return rows(ctx, db, scanSubscriber, `SELECT `+subscriberColumns+` FROM subscriber WHERE person = $1 ORDER BY id`, person)
}

// Subscribers returns those who confirmed.
func (db *DB) Subscribers(ctx context.Context) ([]Subscriber, error) {
	return rows(ctx, db, scanSubscriber, `SELECT `+subscriberColumns+` FROM subscriber WHERE state = 'confirmed' ORDER BY id`)
}

// DropSubscriber forgets an address.
func (db *DB) DropSubscriber(ctx context.Context, id int64) error {
	_, err := db.Exec(ctx, `DELETE FROM subscriber WHERE id = $1`, id)
	return err
}

// AskedSince returns how many addresses wait for their confirmation since a time.
func (db *DB) AskedSince(ctx context.Context, t time.Time) (n int, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) FROM subscriber WHERE state = 'asked' AND asked_at >= $1`, t.Unix()).Scan(&n)
	return n, err
}

// DropUnconfirmed forgets addresses that were not confirmed since a time.
func (db *DB) DropUnconfirmed(ctx context.Context, since time.Time) error {
	_, err := db.Exec(ctx, `DELETE FROM subscriber WHERE state = 'asked' AND asked_at < $1`, since.Unix())
	return err
}

// Subscriber returns a subscriber by number.
func (db *DB) Subscriber(ctx context.Context, id int64) (Subscriber, bool, error) {
	return oneSubscriber(db.QueryRow(ctx, `SELECT `+subscriberColumns+` FROM subscriber WHERE id = $1`, id))
}

// LeaveSubscriber forgets an address. Its token is remembered as one that was
// used to leave, so that leaving again is no mistake; nothing leads from it to anybody.
func (db *DB) LeaveSubscriber(ctx context.Context, s Subscriber) error {
	return db.Do(ctx, func(ctx context.Context) error {
		if _, err := db.SeeNews(ctx, "left/"+s.Token); err != nil {
			return err
		}
		return db.DropSubscriber(ctx, s.ID)
	})
}

// HasLeft reports whether a token was used to leave.
func (db *DB) HasLeft(ctx context.Context, token string) (left bool, err error) {
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM news_seen WHERE ref = 'left/' || $1)`, token).Scan(&left)
	return left, err
}

// LeaveToken returns the token that stands in the link by which an address
// ends its subscription: the page /newsletter/leave/TOKEN, for List-Unsubscribe
// too (RFC 8058). It is "" for an address that gets no newsletter.
func (db *DB) LeaveToken(ctx context.Context, address string) (string, error) {
	s, ok, err := db.SubscriberAt(ctx, address)
	if err != nil || !ok || s.State != "confirmed" {
		return "", err
	}
	return s.Token, nil
}

// Bounced counts a mail that was refused for good; one that was taken is a
// new beginning. After the third in a row the address gets no more.
func (db *DB) Bounced(ctx context.Context, address string, refused bool) error {
	query := `UPDATE subscriber SET bounces = 0 WHERE address = $1`
	if refused {
		query = `
			UPDATE subscriber SET bounces = bounces + 1, state = CASE WHEN bounces >= 2 THEN 'bounced' ELSE state END
			WHERE address = $1`
	}
	_, err := db.Exec(ctx, query, address)
	return err
}
