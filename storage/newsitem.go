package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// The states of news items.
const (
	Suggested = "suggested" // somebody or something proposes it
	Accepted  = "accepted"  // it goes into its issue
	OnHold    = "held"      // not now, but perhaps later
	Used      = "used"      // it was sent
	Rejected  = "rejected"
)

// A NewsItem is something that the newsletter may tell.
type NewsItem struct {
	ID       int64
	Issue    int64
	Section  string
	State    string
	Title    string
	Text     string // plain, paragraphs are set apart by empty lines
	Link     string
	LinkKey  string // the link as it is compared
	Why      string // it is held or was rejected
	Origin   string // "person", "star", "forum", "coop", "skill", "wanted", "meeting", "group", "fund"
	Ref      string // what it was made of: unique, "" for what people sent
	Person   int64  // who sent it, or whose words they are; 0 if nobody
	FromSite string // where they are told about it
	FromUser string
	Consent  string // of the person whose words they are: "", "asked", "yes", "no"
	ByHand   bool   // people changed the words that were found
	Made     time.Time
}

const itemColumns = `id, issue, section, state, title, text, link, link_key, why, origin, ref, coalesce(person, 0), from_site, from_user, consent, by_hand, made_at`

func scanNews(row dbutil.Scannable) (i NewsItem, err error) {
	var made int64
	err = row.Scan(&i.ID, &i.Issue, &i.Section, &i.State, &i.Title, &i.Text, &i.Link, &i.LinkKey, &i.Why, &i.Origin, &i.Ref,
		&i.Person, &i.FromSite, &i.FromUser, &i.Consent, &i.ByHand, &made)
	i.Made = time.Unix(made, 0).UTC()
	return i, err
}

func oneNews(row *sql.Row) (NewsItem, bool, error) {
	i, err := scanNews(row)
	if errors.Is(err, sql.ErrNoRows) {
		return NewsItem{}, false, nil
	}
	return i, err == nil, err
}

// SaveNews writes an item, a new one if its ID is 0, and returns its ID.
func (db *DB) SaveNews(ctx context.Context, i NewsItem) (id int64, err error) {
	err = db.QueryRow(ctx, `
		INSERT INTO news_item (id, issue, section, state, title, text, link, link_key, why, origin, ref, person, from_site, from_user, consent, by_hand, made_at)
		VALUES (nullif($1, 0), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, 0), $13, $14, $15, $16, $17)
		ON CONFLICT (id) DO UPDATE SET issue = excluded.issue, section = excluded.section, state = excluded.state, title = excluded.title,
			text = excluded.text, link = excluded.link, link_key = excluded.link_key, why = excluded.why, origin = excluded.origin, person = excluded.person,
			from_site = excluded.from_site, from_user = excluded.from_user, consent = excluded.consent, by_hand = excluded.by_hand
		RETURNING id`,
		i.ID, i.Issue, i.Section, i.State, i.Title, i.Text, i.Link, i.LinkKey, i.Why, i.Origin, i.Ref, i.Person, i.FromSite, i.FromUser,
		i.Consent, i.ByHand, i.Made.Unix()).Scan(&id)
	return id, err
}

// News returns an item by its number.
func (db *DB) News(ctx context.Context, id int64) (NewsItem, bool, error) {
	return oneNews(db.QueryRow(ctx, `SELECT `+itemColumns+` FROM news_item WHERE id = $1`, id))
}

// NewsAbout returns the item that was made of something.
func (db *DB) NewsAbout(ctx context.Context, ref string) (NewsItem, bool, error) {
	return oneNews(db.QueryRow(ctx, `SELECT `+itemColumns+` FROM news_item WHERE ref = $1 AND ref <> ''`, ref))
}

// NewsOf returns the items of an issue, in the order in which they came.
func (db *DB) NewsOf(ctx context.Context, issue int64) ([]NewsItem, error) {
	return rows(ctx, db, scanNews, `SELECT `+itemColumns+` FROM news_item WHERE issue = $1 ORDER BY id`, issue)
}

// NewsSince returns the items that came in since a time and were not rejected.
func (db *DB) NewsSince(ctx context.Context, since time.Time) ([]NewsItem, error) {
	return rows(ctx, db, scanNews, `SELECT `+itemColumns+` FROM news_item WHERE made_at >= $1 AND state <> 'rejected' ORDER BY id`, since.Unix())
}

// MoveNews gives what an issue did not use to another.
func (db *DB) MoveNews(ctx context.Context, from, to int64) (moved int64, err error) {
	res, err := db.Exec(ctx, `UPDATE news_item SET issue = $2 WHERE issue = $1 AND state IN ('suggested', 'held')`, from, to)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// SetNewsStates gives a state to the items of an issue that have another.
func (db *DB) SetNewsStates(ctx context.Context, issue int64, from, to string) error {
	_, err := db.Exec(ctx, `UPDATE news_item SET state = $3 WHERE issue = $1 AND state = $2`, issue, from, to)
	return err
}

// SeeNews remembers that something has been noticed, and reports whether it
// was new.
func (db *DB) SeeNews(ctx context.Context, ref string) (fresh bool, err error) {
	res, err := db.Exec(ctx, `INSERT INTO news_seen (ref) VALUES ($1) ON CONFLICT DO NOTHING`, ref)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// NewCoops returns the listed co-ops that have come into the directory since
// the last call; none at the first.
func (db *DB) NewCoops(ctx context.Context) ([]Coop, error) {
	upto, known, err := db.newsMark(ctx, "coop", `SELECT coalesce(max(id), 0) FROM coop`)
	if err != nil || !known {
		return nil, err
	}
	return rows(ctx, db, scanCoop, `SELECT `+coopColumns+` FROM coop WHERE id > $1 AND status = 'listed' ORDER BY id`, upto)
}

// AuditSince returns what was done with an undo action of this name since the
// last call, and stands; nothing at the first.
func (db *DB) AuditSince(ctx context.Context, undo string) ([]bot.Entry, error) {
	upto, known, err := db.newsMark(ctx, "audit", `SELECT coalesce(max(id), 0) FROM audit`)
	if err != nil || !known {
		return nil, err
	}
	return rows(ctx, db, scanEntry, `
		SELECT `+entryColumns+` FROM audit
		WHERE id > $1 AND undo_name = $2 AND undone_at IS NULL ORDER BY id`, upto, undo)
}

// newsMark returns how far a list was looked through, and moves that to its end.
func (db *DB) newsMark(ctx context.Context, list, end string) (upto int64, known bool, err error) {
	err = db.QueryRow(ctx, `SELECT upto FROM news_mark WHERE list = $1`, list).Scan(&upto)
	if known = err == nil; err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, false, err
	}
	_, err = db.Exec(ctx, `INSERT INTO news_mark (list, upto) VALUES ($1, (`+end+`)) ON CONFLICT (list) DO UPDATE SET upto = excluded.upto`, list)
	return upto, known, err
}

// ForgetNewsOf takes a person out of what they sent in. What was not sent
// yet is dropped if the words are their own.
func (db *DB) ForgetNewsOf(ctx context.Context, person int64) error {
	for _, query := range []string{
		`DELETE FROM news_item WHERE person = $1 AND state <> 'used' AND origin IN ('person', 'star')`,
		`DELETE FROM subscriber WHERE person = $1`,
		`DELETE FROM news_editor WHERE person = $1`,
		`DELETE FROM news_heard WHERE EXISTS (SELECT 1 FROM account AS a WHERE a.person = $1 AND a.site = news_heard.site AND a.user = news_heard.sender)`,
		`UPDATE news_item SET person = NULL, from_site = '', from_user = '' WHERE person = $1`,
		`UPDATE broadcast SET by_name = '' WHERE person = $1`,
	} {
		if _, err := db.Exec(ctx, query, person); err != nil {
			return err
		}
	}
	return nil
}
