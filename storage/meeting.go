package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"go.mau.fi/util/dbutil"
)

// A Slot is a stretch of wall time in a zone, and the moments that follow
// from it. The wall time is the truth: when the clocks of a zone are to be
// changed otherwise, the moments are worked out anew.
type Slot struct {
	Day     when.Date
	Clock   when.Clock // of the start; the seconds are always 0
	Minutes int        // by the wall clock, 1 to 1440
	Second  bool       // the second of two equal wall times, when an hour comes twice
	Zone    string     // "Europe/London"

	Start, End time.Time // UTC; what Moments gives
}

// SlotOf returns the slot from a moment to another, as the clocks of a zone show them.
func SlotOf(start, end time.Time, zone *time.Location) Slot {
	start, end = start.In(zone), end.In(zone)
	s := Slot{Day: when.DateOf(start), Clock: when.ClockOf(start), Zone: zone.String()}
	s.Minutes = s.Day.DaysTo(when.DateOf(end))*1440 + int(when.ClockOf(end)-s.Clock)
	if s.Minutes <= 0 { // within an hour that comes twice
		s.Minutes = int(end.Sub(start) / time.Minute)
	}
	s.Second = !when.At(s.Day, s.Clock, zone).Equal(start.Truncate(time.Minute))
	return s.Moments()
}

// Moments returns the slot with its start and end worked out.
func (s Slot) Moments() Slot {
	zone := s.Location()
	start := when.At(s.Day, s.Clock, zone)
	if both := when.Instants(s.Day, s.Clock, zone); s.Second && len(both) == 2 {
		start = both[1]
	}
	end := when.At(s.Day, s.Clock+when.Clock(s.Minutes), zone)
	if !end.After(start) {
		end = start.Add(time.Duration(s.Minutes) * time.Minute)
	}
	s.Start, s.End = start.UTC(), end.UTC()
	return s
}

// Location returns the slot's zone; London if its name is not known.
func (s Slot) Location() *time.Location {
	if zone, err := when.Zone(s.Zone); err == nil {
		return zone
	}
	return when.London
}

// The states of meetings.
const (
	Proposed  = "proposed"  // stands in the calendar, but somebody has to confirm it yet
	Booked    = "booked"    // it will be, or it was and nobody has said that it was held
	Cancelled = "cancelled" // it will not be
	Postponed = "postponed" // put off; Successor takes its place, if there is one
	Held      = "held"      // people say that it took place
	Lapsed    = "lapsed"    // it was proposed, and nobody confirmed it in time
)

// A Meeting is one meeting of a group, standing alone or made by a series.
type Meeting struct {
	ID      int64
	Group   int64
	Series  int64     // 0: none
	RuleDay when.Date // the day that the series' rule gave, which names it within the series for good
	UID     string    // for calendars, for good: a UUID
	Title   string    // "": the group's name says enough
	Slot
	State    string
	Sequence int  // iCalendar's SEQUENCE: rises when Slot or status change, and only then
	Edited   bool // by people: its series leaves it alone

	Theme string // "strategy"
	Topic string // link to where it is talked about
	Call  string // link
	Why   string // it was cancelled or put off

	Facilitator, NoteTaker int64 // people, 0 for nobody yet
	Successor              int64
	MadeBy                 int64
	Made, Changed          time.Time // UTC
}

// Ahead reports whether the meeting is still to come, or on, at a moment.
func (m Meeting) Ahead(now time.Time) bool {
	return (m.State == Booked || m.State == Proposed) && m.End.After(now)
}

// Status returns the meeting's STATUS in calendars (RFC 5545, 3.8.1.11).
func (m Meeting) Status() string {
	switch m.State {
	case Proposed:
		return "TENTATIVE"
	case Booked, Held:
		return "CONFIRMED"
	}
	return "CANCELLED"
}

const meetingColumns = `id, grp, coalesce(series, 0), rule_day, uid, title, day, clock, minutes, second, zone, start_at, end_at, state, sequence, edited,
	theme, topic, call, why, coalesce(facilitator, 0), coalesce(note_taker, 0), coalesce(successor, 0), coalesce(made_by, 0), made_at, changed_at`

func scanMeeting(row dbutil.Scannable) (m Meeting, err error) {
	var ruleDay, day string
	var start, end, made, changed int64
	if err = row.Scan(&m.ID, &m.Group, &m.Series, &ruleDay, &m.UID, &m.Title, &day, &m.Clock, &m.Minutes, &m.Second, &m.Zone, &start, &end, &m.State,
		&m.Sequence, &m.Edited, &m.Theme, &m.Topic, &m.Call, &m.Why, &m.Facilitator, &m.NoteTaker, &m.Successor, &m.MadeBy, &made, &changed); err != nil {
		return m, err
	}
	m.Start, m.End, m.Made, m.Changed = unix(start), unix(end), unix(made), unix(changed)
	if m.RuleDay, err = day0(ruleDay); err == nil {
		m.Day, err = day0(day)
	}
	return m, err
}

func unix(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

// day0 reads a day of the database, "" as no day.
func day0(s string) (when.Date, error) {
	if s == "" {
		return when.Date{}, nil
	}
	return when.ParseDate(s)
}

// AddMeeting writes a new meeting and returns it with its ID, its UID and
// its moments. Made must be set.
func (db *DB) AddMeeting(ctx context.Context, m Meeting) (Meeting, error) {
	m.Slot = m.Moments()
	m.Changed = m.Made
	if m.UID == "" {
		uid, err := db.newUID(ctx, m)
		if err != nil {
			return m, err
		}
		m.UID = uid
	}
	err := db.QueryRow(ctx, `
		INSERT INTO meeting (grp, series, rule_day, uid, title, day, clock, minutes, second, zone, start_at, end_at, state, sequence, edited,
			theme, topic, call, why, facilitator, note_taker, successor, made_by, made_at, changed_at)
		VALUES ($1, nullif($2, 0), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
			$16, $17, $18, $19, nullif($20, 0), nullif($21, 0), nullif($22, 0), nullif($23, 0), $24, $25)
		RETURNING id`,
		m.Group, m.Series, m.RuleDay.String(), m.UID, m.Title, m.Day.String(), m.Clock, m.Minutes, m.Second, m.Zone, m.Start.Unix(), m.End.Unix(), m.State, m.Sequence, m.Edited,
		m.Theme, m.Topic, m.Call, m.Why, m.Facilitator, m.NoteTaker, m.Successor, m.MadeBy, m.Made.Unix(), m.Changed.Unix()).Scan(&m.ID)
	return m, err
}

// newUID makes a UUID (version 8, RFC 9562) of what is known about a new
// meeting, so that a command that runs again after a crash makes the same.
func (db *DB) newUID(ctx context.Context, m Meeting) (string, error) {
	var n int64
	if err := db.QueryRow(ctx, `SELECT coalesce(max(id), 0) + 1 FROM meeting`).Scan(&n); err != nil {
		return "", err
	}
	h := sha256.Sum256(fmt.Appendf(nil, "%d/%d/%d/%d/%s/%s", m.Group, m.Series, n, m.Made.Unix(), m.Day, m.RuleDay))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16]), nil
}

// ChangeMeeting lets change alter a meeting and writes what became of it. It
// returns the meeting before and after. SEQUENCE rises if the slot or the
// status is another one (RFC 5546, 2.1.4); Changed if anything is.
// It returns [ErrNotFound] if there is no such meeting.
func (db *DB) ChangeMeeting(ctx context.Context, id int64, at time.Time, change func(*Meeting)) (before, after Meeting, err error) {
	before, err = db.Meeting(ctx, id)
	if err != nil {
		return before, before, err
	}
	after = before
	change(&after)
	after.Slot = after.Moments()
	if after == before {
		return before, after, nil
	}
	if wall(after.Slot) != wall(before.Slot) || after.Status() != before.Status() {
		after.Sequence = before.Sequence + 1
	}
	after.Changed = at.UTC().Truncate(time.Second)
	_, err = db.Exec(ctx, `
		UPDATE meeting SET title = $2, day = $3, clock = $4, minutes = $5, second = $6, zone = $7, start_at = $8, end_at = $9, state = $10, sequence = $11, edited = $12,
			theme = $13, topic = $14, call = $15, why = $16, facilitator = nullif($17, 0), note_taker = nullif($18, 0), successor = nullif($19, 0), changed_at = $20
		WHERE id = $1`,
		id, after.Title, after.Day.String(), after.Clock, after.Minutes, after.Second, after.Zone, after.Start.Unix(), after.End.Unix(), after.State, after.Sequence, after.Edited,
		after.Theme, after.Topic, after.Call, after.Why, after.Facilitator, after.NoteTaker, after.Successor, after.Changed.Unix())
	return before, after, err
}

// wall is a slot without what follows from it.
func wall(s Slot) Slot {
	s.Start, s.End = time.Time{}, time.Time{}
	return s
}

// SetMeetingState changes what became of a meeting.
func (db *DB) SetMeetingState(ctx context.Context, id int64, state string, at time.Time) error {
	_, _, err := db.ChangeMeeting(ctx, id, at, func(m *Meeting) { m.State = state })
	return err
}

// DropMeeting removes a meeting as if it had never been booked: for `!undo`.
func (db *DB) DropMeeting(ctx context.Context, id int64) error {
	_, err := db.Exec(ctx, `DELETE FROM meeting WHERE id = $1`, id)
	return err
}

// Meeting returns a meeting by its ID, or [ErrNotFound].
func (db *DB) Meeting(ctx context.Context, id int64) (Meeting, error) {
	m, ok, err := oneMeeting(db.QueryRow(ctx, `SELECT `+meetingColumns+` FROM meeting WHERE id = $1`, id))
	if err == nil && !ok {
		err = ErrNotFound
	}
	return m, err
}

// MeetingByUID returns a meeting by what calendars call it.
func (db *DB) MeetingByUID(ctx context.Context, uid string) (Meeting, bool, error) {
	return oneMeeting(db.QueryRow(ctx, `SELECT `+meetingColumns+` FROM meeting WHERE uid = $1`, uid))
}

func oneMeeting(row *sql.Row) (Meeting, bool, error) {
	m, err := scanMeeting(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Meeting{}, false, nil
	}
	return m, err == nil, err
}

// NextMeeting returns the group's next meeting, booked or proposed, that is
// not over at a moment. One that is on counts.
func (db *DB) NextMeeting(ctx context.Context, group int64, now time.Time) (Meeting, bool, error) {
	return oneMeeting(db.QueryRow(ctx, `SELECT `+meetingColumns+` FROM meeting
		WHERE grp = $1 AND start_at > $2 - 172800 AND end_at > $2 AND state IN ('booked', 'proposed')
		ORDER BY start_at, id LIMIT 1`, group, now.Unix()))
}

// LastMeeting returns the group's latest meeting that was over at a moment:
// held, or booked and nobody has said otherwise.
func (db *DB) LastMeeting(ctx context.Context, group int64, now time.Time) (Meeting, bool, error) {
	return oneMeeting(db.QueryRow(ctx, `SELECT `+meetingColumns+` FROM meeting
		WHERE grp = $1 AND start_at < $2 AND end_at <= $2 AND state IN ('booked', 'held')
		ORDER BY start_at DESC, id DESC LIMIT 1`, group, now.Unix()))
}

// Meetings returns a group's meetings of all states that lie, at least in
// part, between two moments, by start.
func (db *DB) Meetings(ctx context.Context, group int64, from, to time.Time) ([]Meeting, error) {
	return rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting
		WHERE grp = $1 AND start_at > $2 - 172800 AND start_at < $3 AND end_at > $2 ORDER BY start_at, id`, group, from.Unix(), to.Unix())
}

// MeetingsBetween returns the meetings of all groups and states that lie, at
// least in part, between two moments, by start.
func (db *DB) MeetingsBetween(ctx context.Context, from, to time.Time) ([]Meeting, error) {
	return rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting
		WHERE start_at > $1 - 172800 AND start_at < $2 AND end_at > $1 ORDER BY start_at, id`, from.Unix(), to.Unix())
}

// RecentMeetings returns a group's latest meetings of all states that have
// begun by a moment, or were to, the newest first.
func (db *DB) RecentMeetings(ctx context.Context, group int64, now time.Time, limit int) ([]Meeting, error) {
	return rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting
		WHERE grp = $1 AND start_at <= $2 ORDER BY start_at DESC, id DESC LIMIT $3`, group, now.Unix(), limit)
}

// MeetingsChangedSince returns the meetings of all groups that were made or
// changed at or after a moment, by then.
func (db *DB) MeetingsChangedSince(ctx context.Context, since time.Time) ([]Meeting, error) {
	return rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting WHERE changed_at >= $1 ORDER BY changed_at, id`, since.Unix())
}

// MeetingsOf returns the meetings that a series made and that begin at or
// after a moment, by start.
func (db *DB) MeetingsOf(ctx context.Context, series int64, from time.Time) ([]Meeting, error) {
	return rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting WHERE series = $1 AND start_at >= $2 ORDER BY start_at, id`, series, from.Unix())
}

// CountCoops returns how many co-ops are listed: what a third is reckoned of.
func (db *DB) CountCoops(ctx context.Context) (n int, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) FROM coop WHERE status = 'listed'`).Scan(&n)
	return n, err
}

// A Clash is a meeting of another group at the same time.
type Clash struct {
	Meeting Meeting
	Group   string // its name
	Shared  int    // people who are in both groups
}

// Clashes returns the meetings of groups that share members with a group and
// that lie between two moments, at least in part.
func (db *DB) Clashes(ctx context.Context, group int64, from, to time.Time) ([]Clash, error) {
	all, err := db.MeetingsBetween(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var found []Clash
	for _, m := range all {
		if m.Group == group || m.State != Booked && m.State != Proposed {
			continue
		}
		k := Clash{Meeting: m}
		err := db.QueryRow(ctx, `
			SELECT g.name, (SELECT count(*) FROM group_member AS a JOIN group_member AS b ON b.person = a.person WHERE a.grp = $1 AND b.grp = $2)
			FROM working_group AS g WHERE g.id = $2`, group, m.Group).Scan(&k.Group, &k.Shared)
		if err != nil {
			return nil, err
		}
		if k.Shared > 0 {
			found = append(found, k)
		}
	}
	return found, nil
}

// MeetingPosts returns what was said about a meeting under keys that begin
// with "meeting/<id>/<kind>/", in the order of the keys.
func (db *DB) MeetingPosts(ctx context.Context, id int64, kind string) ([]bot.Post, error) {
	prefix := fmt.Sprintf("meeting/%d/%s/", id, kind)
	return rows(ctx, db, func(row dbutil.Scannable) (bot.Post, error) { return scanPost(row) },
		`SELECT `+postColumns+` FROM outbox WHERE key >= $1 AND key < $2 ORDER BY key`, prefix, prefix[:len(prefix)-1]+"0")
}

// Offer notes that a meeting on a day is offered to a group because somebody
// wrote of it. It reports false if that was done before.
func (db *DB) Offer(ctx context.Context, group int64, day when.Date, at time.Time) (fresh bool, err error) {
	res, err := db.Exec(ctx, `INSERT INTO meeting_offer (grp, day, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, group, day.String(), at.Unix())
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
