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

// Minutes are what was said at a meeting of a group.
type Minutes struct {
	ID, Group int64
	Meeting   int64  // 0: none that we know of
	Day       string // of the meeting: 2026-01-15
	Title     string
	Link      string // where they are, or were published
	Text      string
	State     string   // "taking", "kept", "dropped"
	Room      bot.Room // where they are taken
	Post      string   // the key of the post that published them
	Taker     int64
	Made      time.Time
	Changed   time.Time
}

const minutesColumns = `id, grp, coalesce(meeting, 0), day, title, link, text, state, site, room, post, coalesce(taker, 0), made_at, changed_at`

func scanMinutes(row dbutil.Scannable) (m Minutes, err error) {
	var made, changed int64
	err = row.Scan(&m.ID, &m.Group, &m.Meeting, &m.Day, &m.Title, &m.Link, &m.Text, &m.State, &m.Room.Site, &m.Room.ID, &m.Post, &m.Taker, &made, &changed)
	m.Made, m.Changed = time.Unix(made, 0).UTC(), time.Unix(changed, 0).UTC()
	return m, err
}

func oneMinutes(row *sql.Row) (Minutes, bool, error) {
	m, err := scanMinutes(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Minutes{}, false, nil
	}
	return m, err == nil, err
}

// SaveMinutes writes minutes, new ones if their ID is 0, and returns the ID.
func (db *DB) SaveMinutes(ctx context.Context, m Minutes) (id int64, err error) {
	err = db.QueryRow(ctx, `
		INSERT INTO minutes (id, grp, meeting, day, title, link, text, state, site, room, post, taker, made_at, changed_at)
		VALUES (nullif($1, 0), $2, nullif($3, 0), $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, 0), $13, $14)
		ON CONFLICT (id) DO UPDATE SET meeting = excluded.meeting, day = excluded.day, title = excluded.title, link = excluded.link,
			text = excluded.text, state = excluded.state, post = excluded.post, changed_at = excluded.changed_at
		RETURNING id`,
		m.ID, m.Group, m.Meeting, m.Day, m.Title, m.Link, m.Text, m.State, m.Room.Site, m.Room.ID, m.Post, m.Taker, m.Made.Unix(), m.Changed.Unix()).Scan(&id)
	return id, err
}

// MinutesByID returns minutes by their number, whatever became of them.
func (db *DB) MinutesByID(ctx context.Context, id int64) (Minutes, bool, error) {
	return oneMinutes(db.QueryRow(ctx, `SELECT `+minutesColumns+` FROM minutes WHERE id = $1`, id))
}

// MinutesIn returns the minutes that are being taken in a room.
func (db *DB) MinutesIn(ctx context.Context, room bot.Room) (Minutes, bool, error) {
	return oneMinutes(db.QueryRow(ctx, `SELECT `+minutesColumns+` FROM minutes WHERE state = 'taking' AND site = $1 AND room = $2`, room.Site, room.ID))
}

// MinutesHeard returns the minutes for which the bot listens in a room: those
// being taken, or those whose promise of that kind, to end listening, is not
// due yet.
func (db *DB) MinutesHeard(ctx context.Context, room bot.Room, kind string) (Minutes, bool, error) {
	return oneMinutes(db.QueryRow(ctx, `SELECT `+minutesColumns+` FROM minutes
		WHERE id IN (SELECT CAST(ref AS INTEGER) FROM reminder WHERE kind = $3)
			AND site = $1 AND room = $2 AND state IN ('taking', 'kept')
		ORDER BY state = 'taking' DESC, id DESC LIMIT 1`, room.Site, room.ID, kind))
}

// LastMinutes returns a group's latest minutes.
func (db *DB) LastMinutes(ctx context.Context, group int64) (Minutes, bool, error) {
	return oneMinutes(db.QueryRow(ctx, `SELECT `+minutesColumns+` FROM minutes WHERE grp = $1 AND state = 'kept' ORDER BY day DESC, id DESC LIMIT 1`, group))
}

// MinutesOf returns a group's minutes, the latest first; from a day, if one
// is given, on which their meeting was.
func (db *DB) MinutesOf(ctx context.Context, group int64, day string, limit int) ([]Minutes, error) {
	return rows(ctx, db, scanMinutes, `SELECT `+minutesColumns+` FROM minutes
		WHERE grp = $1 AND state = 'kept' AND ($2 = '' OR day = $2) ORDER BY day DESC, id DESC LIMIT $3`, group, day, limit)
}

// FindMinutes returns a group's minutes, or those of all groups if it is 0, in
// which all words occur, the latest first.
func (db *DB) FindMinutes(ctx context.Context, group int64, words []string, limit int) ([]Minutes, error) {
	query := `SELECT ` + minutesColumns + ` FROM minutes WHERE ($1 = 0 OR grp = $1) AND state = 'kept'`
	args := []any{group, limit}
	for _, w := range words {
		args = append(args, "%"+likeEscape.Replace(w)+"%")
		query += ` AND title || ' ' || text LIKE $` + string(rune('0'+len(args))) + ` ESCAPE '\'`
		if len(args) == 9 {
			break // nobody remembers more words
		}
	}
	return rows(ctx, db, scanMinutes, query+` ORDER BY day DESC, id DESC LIMIT $2`, args...)
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// A MinutesLine is a line of minutes that are taken in a room.
type MinutesLine struct {
	Minutes int64
	Message string // the site's ID of what somebody wrote
	Kind    string // "topic", "note", "agreed", "action", "present"
	Text    string
	Action  int64
	At      time.Time
}

// SetMinutesLine writes a line. One that was there before, or was taken
// back, keeps its place and its action.
func (db *DB) SetMinutesLine(ctx context.Context, l MinutesLine) error {
	_, err := db.Exec(ctx, `
		INSERT INTO minutes_line (minutes, message, n, kind, text, action, at)
		SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, nullif($5, 0), $6 FROM minutes_line WHERE minutes = $1
		ON CONFLICT (minutes, message) DO UPDATE SET kind = excluded.kind, text = excluded.text, action = coalesce(excluded.action, action), gone = 0`,
		l.Minutes, l.Message, l.Kind, l.Text, l.Action, l.At.UnixMilli())
	return err
}

// DropMinutesLine takes a line back.
func (db *DB) DropMinutesLine(ctx context.Context, minutes int64, message string) error {
	_, err := db.Exec(ctx, `UPDATE minutes_line SET gone = 1 WHERE minutes = $1 AND message = $2`, minutes, message)
	return err
}

// HasMinutesLine reports whether a message is a line of minutes, or was one
// that has been taken back.
func (db *DB) HasMinutesLine(ctx context.Context, minutes int64, message string) (has bool, err error) {
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM minutes_line WHERE minutes = $1 AND message = $2)`, minutes, message).Scan(&has)
	return has, err
}

// LineAction returns the action of a line, even of one that was taken back, 0 if it has none.
func (db *DB) LineAction(ctx context.Context, minutes int64, message string) (id int64, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce(action, 0) FROM minutes_line WHERE minutes = $1 AND message = $2`, minutes, message).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
}

// MinutesLines returns the lines of minutes in the order they were said.
func (db *DB) MinutesLines(ctx context.Context, minutes int64) ([]MinutesLine, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (l MinutesLine, err error) {
		var at int64
		err = row.Scan(&l.Minutes, &l.Message, &l.Kind, &l.Text, &l.Action, &at)
		l.At = time.UnixMilli(at).UTC()
		return l, err
	}, `SELECT minutes, message, kind, text, coalesce(action, 0), at FROM minutes_line WHERE minutes = $1 AND gone = 0 ORDER BY n`, minutes)
}

// ForgetInMinutes takes a person's name from actions that were written for
// them before they were known. What groups wrote in their minutes stays.
func (db *DB) ForgetInMinutes(ctx context.Context, p bot.Person) error {
	_, err := db.Exec(ctx, `UPDATE action_item SET owner_name = '' WHERE owner_name <> '' AND lower(owner_name) = lower($1)`, p.Name)
	return err
}

// PostEnd returns what became of a post: its state in the outbox ("" if there
// is none), why it was given up, and its address if its site tells the news of
// a forum.
func (db *DB) PostEnd(ctx context.Context, key string) (state, note, url string, err error) {
	err = db.QueryRow(ctx, `
		SELECT o.state, o.note, coalesce((SELECT i.url FROM forum_item AS i WHERE i.site = o.site AND i.id = o.id), '')
		FROM outbox AS o WHERE o.key = $1`, key).Scan(&state, &note, &url)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return state, note, url, err
}

// HasMinutes reports whether there are minutes of a meeting: by its number,
// or of the group's meeting on that day.
func (db *DB) HasMinutes(ctx context.Context, meeting, group int64, day string) (have bool, err error) {
	err = db.QueryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM minutes WHERE grp = $2 AND state <> 'dropped' AND (meeting = $1 OR day = $3))`, meeting, group, day).Scan(&have)
	return have, err
}
