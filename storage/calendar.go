package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// CalendarMark returns a text that changes whenever the meetings that a feed
// shows change: those of a group, or of all if group is 0. Meetings that are
// off are shown for some time after they were called off, since gone.
func (db *DB) CalendarMark(ctx context.Context, group int64, gone time.Time) (string, error) {
	var changes, off int64
	err := db.QueryRow(ctx, `
		SELECT (SELECT coalesce(sum(n), 0) FROM calendar_change WHERE kind = 'group' AND ($1 = 0 OR id = $1)),
			(SELECT count(*) FROM meeting WHERE changed_at >= $2 AND ($1 = 0 OR grp = $1) AND state IN ('cancelled', 'postponed', 'lapsed'))`,
		group, gone.Unix()).Scan(&changes, &off)
	return fmt.Sprintf("%d/%d", changes, off), err
}

// CalendarMarkOf is CalendarMark for what a person's own feed shows.
func (db *DB) CalendarMarkOf(ctx context.Context, person int64, gone time.Time) (string, error) {
	var own int64
	if err := db.QueryRow(ctx, `SELECT coalesce(sum(n), 0) FROM calendar_change WHERE kind = 'person' AND id = $1`, person).Scan(&own); err != nil {
		return "", err
	}
	all, err := db.CalendarMark(ctx, 0, gone) // coarse: another group's change costs one more reading
	return fmt.Sprintf("%d/%s", own, all), err
}

// secretHash is what is kept of a secret.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte("calendar/" + secret))
	return hex.EncodeToString(sum[:])
}

// SetCalendarSecret gives a person's feed a secret, in place of an earlier one.
func (db *DB) SetCalendarSecret(ctx context.Context, person int64, secret string, at time.Time) error {
	_, err := db.Exec(ctx, `
		INSERT INTO calendar_secret (person, hash, at) VALUES ($1, $2, $3)
		ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, at = excluded.at`, person, secretHash(secret), at.Unix())
	return err
}

// DropCalendarSecret ends a person's feed. It returns false if there was none.
func (db *DB) DropCalendarSecret(ctx context.Context, person int64) (bool, error) {
	res, err := db.Exec(ctx, `DELETE FROM calendar_secret WHERE person = $1`, person)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// HasCalendarSecret reports whether a person has a feed, and since when.
func (db *DB) HasCalendarSecret(ctx context.Context, person int64) (since time.Time, ok bool, err error) {
	var at int64
	err = db.QueryRow(ctx, `SELECT at FROM calendar_secret WHERE person = $1`, person).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return since, false, nil
	}
	return unix(at), err == nil, err
}

// PersonWithCalendar returns whose feed has a secret, 0 if nobody's.
func (db *DB) PersonWithCalendar(ctx context.Context, secret string) (person int64, err error) {
	err = db.QueryRow(ctx, `SELECT person FROM calendar_secret WHERE hash = $1`, secretHash(secret)).Scan(&person)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return person, err
}

// ForgetCalendar ends a person's feed.
func (db *DB) ForgetCalendar(ctx context.Context, p bot.Person) error {
	_, err := db.DropCalendarSecret(ctx, p.ID)
	return err
}

// A Listing is a calendar elsewhere in which agreed dates should stand.
type Listing struct {
	ID       int64
	Name     string
	URL      string
	Group    int64    // 0: the network's
	Room     bot.Room // where what is amiss is said
	Made     time.Time
	LastRead time.Time
}

const listingColumns = `id, name, url, coalesce(grp, 0), site, room, at, read_at`

func scanListing(row dbutil.Scannable) (l Listing, err error) {
	var made, read int64
	err = row.Scan(&l.ID, &l.Name, &l.URL, &l.Group, &l.Room.Site, &l.Room.ID, &made, &read)
	l.Made, l.LastRead = unix(made), unix(read)
	return l, err
}

// Listings returns all of them, by name.
func (db *DB) Listings(ctx context.Context) ([]Listing, error) {
	return rows(ctx, db, scanListing, `SELECT `+listingColumns+` FROM calendar_listing ORDER BY name`)
}

// ListingNamed returns one by its name or its address.
func (db *DB) ListingNamed(ctx context.Context, name string) (Listing, bool, error) {
	l, err := scanListing(db.QueryRow(ctx, `SELECT `+listingColumns+` FROM calendar_listing WHERE name = $1 OR url = $1`, name))
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	return l, err == nil, err
}

// SaveListing writes a listing, a new one if its ID is 0, and returns its ID.
func (db *DB) SaveListing(ctx context.Context, l Listing) (id int64, err error) {
	err = db.QueryRow(ctx, `
		INSERT INTO calendar_listing (id, name, url, grp, site, room, at, read_at) VALUES (nullif($1, 0), $2, $3, nullif($4, 0), $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, grp = excluded.grp, site = excluded.site, room = excluded.room, read_at = excluded.read_at
		RETURNING id`, l.ID, l.Name, l.URL, l.Group, l.Room.Site, l.Room.ID, l.Made.Unix(), l.LastRead.Unix()).Scan(&id)
	return id, err
}

// DropListing forgets a listing.
func (db *DB) DropListing(ctx context.Context, id int64) error {
	_, err := db.Exec(ctx, `DELETE FROM calendar_listing WHERE id = $1`, id)
	return err
}

// Published remembers that a meeting stands in a calendar on a server.
func (db *DB) Published(ctx context.Context, uid string, at time.Time) error {
	_, err := db.Exec(ctx, `
		INSERT INTO calendar_published (uid, at) VALUES ($1, $2)
		ON CONFLICT (uid) DO UPDATE SET at = excluded.at`, uid, at.Unix())
	return err
}

// PublishedGone returns the UIDs that were published and are no meetings any more.
func (db *DB) PublishedGone(ctx context.Context) ([]string, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (uid string, err error) { return uid, row.Scan(&uid) }, `
		SELECT uid FROM calendar_published AS p
		WHERE NOT EXISTS (SELECT 1 FROM meeting AS m WHERE m.uid = p.uid) ORDER BY uid`)
}

// Unpublished forgets that something was published.
func (db *DB) Unpublished(ctx context.Context, uid string) error {
	_, err := db.Exec(ctx, `DELETE FROM calendar_published WHERE uid = $1`, uid)
	return err
}
