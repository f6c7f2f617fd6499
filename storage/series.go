package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"go.mau.fi/util/dbutil"
)

// A Series is what repeats. Its meetings are made ahead of time, by
// [DB.Materialise]; from then on they are meetings like all others.
type Series struct {
	ID      int64
	Group   int64
	Title   string
	Rule    string // RRULE without DTSTART: "FREQ=MONTHLY;BYDAY=-1WE"; "" if it hangs on Anchor
	Anchor  string // "board meeting"
	Offset  int    // days; before the anchor is negative
	Day     when.Date
	Clock   when.Clock
	Minutes int // by the wall clock
	Zone    string
	Call    string // link

	Every            int // every so many meetings held the theme is Theme; 0 for no themes
	Theme, Otherwise string

	Except  []when.Date // it takes a break
	MadeTo  when.Date   // its meetings have been made up to here
	RenewBy when.Date   // from here on its meetings are only proposed, until somebody says that it goes on
	State   string      // "active", "ended"
	MadeBy  int64
	Made    time.Time
	Ended   time.Time
}

// Plan returns the series as package when knows it. It is an error if the
// series hangs on an anchor or its rule cannot be read.
func (s Series) Plan() (when.Series, error) {
	rule, err := when.ParseRule(s.Rule)
	if err != nil {
		return when.Series{}, fmt.Errorf("storage: series %d: %w", s.ID, err)
	}
	zone, err := when.Zone(s.Zone)
	if err != nil {
		return when.Series{}, fmt.Errorf("storage: series %d: %w", s.ID, err)
	}
	return when.Series{Rule: rule, Start: s.Day, Clock: s.Clock, Minutes: s.Minutes, Zone: zone, Except: s.Except}, nil
}

const seriesColumns = `id, grp, title, rule, anchor, offset_days, day, clock, minutes, zone, call, every, theme, otherwise, made_to, renew_by, state,
	coalesce(made_by, 0), made_at, coalesce(ended_at, 0),
	coalesce((SELECT group_concat(day, ' ') FROM (SELECT day FROM series_except AS x WHERE x.series = series.id ORDER BY day)), '')`

func scanSeries(row dbutil.Scannable) (s Series, err error) {
	var day, made, renew, except string
	var madeAt, ended int64
	if err = row.Scan(&s.ID, &s.Group, &s.Title, &s.Rule, &s.Anchor, &s.Offset, &day, &s.Clock, &s.Minutes, &s.Zone, &s.Call, &s.Every, &s.Theme, &s.Otherwise, &made, &renew, &s.State,
		&s.MadeBy, &madeAt, &ended, &except); err != nil {
		return s, err
	}
	s.Made = unix(madeAt)
	if ended != 0 {
		s.Ended = unix(ended)
	}
	for _, d := range strings.Fields(except) {
		one, err := when.ParseDate(d)
		if err != nil {
			return s, err
		}
		s.Except = append(s.Except, one)
	}
	if s.MadeTo, err = day0(made); err != nil {
		return s, err
	}
	if s.RenewBy, err = day0(renew); err == nil {
		s.Day, err = day0(day)
	}
	return s, err
}

// SaveSeries writes a series and its breaks, a new one if its ID is 0, and
// returns its ID.
func (db *DB) SaveSeries(ctx context.Context, s Series) (id int64, err error) {
	if s.State == "" {
		s.State = "active"
	}
	var ended any
	if !s.Ended.IsZero() {
		ended = s.Ended.Unix()
	}
	err = db.QueryRow(ctx, `
		INSERT INTO series (id, grp, title, rule, anchor, offset_days, day, clock, minutes, zone, call, every, theme, otherwise, renew_by, state, made_by, made_at, ended_at)
		VALUES (nullif($1, 0), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, nullif($17, 0), $18, $19)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, rule = excluded.rule, anchor = excluded.anchor, offset_days = excluded.offset_days,
			day = excluded.day, clock = excluded.clock, minutes = excluded.minutes, zone = excluded.zone, call = excluded.call,
			every = excluded.every, theme = excluded.theme, otherwise = excluded.otherwise, renew_by = excluded.renew_by,
			state = excluded.state, ended_at = excluded.ended_at
		RETURNING id`,
		s.ID, s.Group, s.Title, s.Rule, s.Anchor, s.Offset, s.Day.String(), s.Clock, s.Minutes, s.Zone, s.Call, s.Every, s.Theme, s.Otherwise, s.RenewBy.String(), s.State,
		s.MadeBy, s.Made.Unix(), ended).Scan(&id)
	if err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, `DELETE FROM series_except WHERE series = $1`, id); err != nil {
		return 0, err
	}
	for _, d := range s.Except {
		if _, err := db.Exec(ctx, `INSERT INTO series_except (series, day) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, d.String()); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// Series returns a series by its ID, or [ErrNotFound].
func (db *DB) Series(ctx context.Context, id int64) (Series, error) {
	all, err := rows(ctx, db, scanSeries, `SELECT `+seriesColumns+` FROM series WHERE id = $1`, id)
	if err == nil && len(all) == 0 {
		return Series{}, ErrNotFound
	}
	if err != nil {
		return Series{}, err
	}
	return all[0], nil
}

// GroupSeries returns a group's active series, the oldest first.
func (db *DB) GroupSeries(ctx context.Context, group int64) ([]Series, error) {
	return rows(ctx, db, scanSeries, `SELECT `+seriesColumns+` FROM series WHERE grp = $1 AND state = 'active' ORDER BY id`, group)
}

// ActiveSeries returns the active series of all groups.
func (db *DB) ActiveSeries(ctx context.Context) ([]Series, error) {
	return rows(ctx, db, scanSeries, `SELECT `+seriesColumns+` FROM series WHERE state = 'active' ORDER BY id`)
}

// ShortSeries returns up to limit active series whose meetings have been made
// up to less than a day, and those that hang on an anchor, with numbers above
// one, in their order.
func (db *DB) ShortSeries(ctx context.Context, than when.Date, above int64, limit int) ([]Series, error) {
	return rows(ctx, db, scanSeries, `SELECT `+seriesColumns+` FROM series
		WHERE state = 'active' AND id > $2 AND (made_to < $1 OR anchor <> '') ORDER BY id LIMIT $3`, than.String(), above, limit)
}

// DropSeries removes a series and the meetings that it made, as if it had
// never been: for `!undo`.
func (db *DB) DropSeries(ctx context.Context, id int64) error {
	if _, err := db.Exec(ctx, `DELETE FROM meeting WHERE series = $1 AND edited = 0`, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, `DELETE FROM series WHERE id = $1`, id)
	return err
}

// How far ahead a series' meetings are made: a year, or six of them,
// whichever is more. The search for the six ends after [lookAhead].
const (
	aheadMonths   = 12
	aheadMeetings = 6
)

// Materialise makes the meetings of an active series that are due to exist:
// those of the coming twelve months, or the next six. Meetings that exist
// stay as they are, moved, cancelled or not; ones that the rule no longer
// gives and nobody has touched are dropped. From the series' RenewBy on they
// are proposed, before it booked. It returns what it made.
func (db *DB) Materialise(ctx context.Context, s Series, now time.Time) (made []Meeting, err error) {
	days, err := db.instances(ctx, s, now)
	if err != nil {
		return nil, err
	}
	there, err := db.MeetingsOf(ctx, s.ID, now)
	if err != nil {
		return nil, err
	}
	known := map[when.Date]bool{}
	for _, m := range there {
		known[m.RuleDay] = true
	}
	wanted := map[when.Date]bool{}
	for _, d := range days {
		wanted[d] = true
		if known[d] {
			continue
		}
		m, fresh, err := db.instance(ctx, s, d, now)
		if err != nil {
			return made, err
		}
		if fresh {
			made = append(made, m)
		}
	}
	for _, m := range there {
		if !wanted[m.RuleDay] && !m.Edited && m.Ahead(now) {
			if err := db.DropMeeting(ctx, m.ID); err != nil {
				return made, err
			}
		}
	}
	_, err = db.Exec(ctx, `UPDATE series SET made_to = $2 WHERE id = $1`, s.ID, when.DateOf(now.AddDate(0, aheadMonths, 0)).String())
	return made, err
}

// instances are the days on which a series is to have meetings from now on.
func (db *DB) instances(ctx context.Context, s Series, now time.Time) ([]when.Date, error) {
	if s.Anchor != "" {
		return db.anchored(ctx, s, now)
	}
	plan, err := s.Plan()
	if err != nil {
		return nil, err
	}
	until := now.AddDate(0, aheadMonths, 0)
	var days []when.Date
	for n := aheadMeetings; ; n *= 4 {
		found, err := plan.Occurrences(now, n)
		if err != nil {
			return nil, err
		}
		days = days[:0]
		for i, o := range found {
			if i < aheadMeetings || o.Start.Before(until) {
				days = append(days, o.Date)
			}
		}
		if len(found) < n || len(days) < n || n > 2000 {
			return days, nil
		}
	}
}

// anchored are the days that hang on an anchor's present day, or on the
// coming meetings of a board, and are still to come.
func (db *DB) anchored(ctx context.Context, s Series, now time.Time) ([]when.Date, error) {
	all, err := db.Anchors(ctx)
	if err != nil {
		return nil, err
	}
	var days []when.Date
	if strings.EqualFold(s.Anchor, "board meeting") {
		boards, err := rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting
			WHERE start_at > $1 AND state = 'booked' AND grp IN (SELECT id FROM working_group WHERE kind = 'board') ORDER BY start_at LIMIT 4`, now.Unix())
		if err != nil {
			return nil, err
		}
		for _, m := range boards {
			if day := m.Day.AddDays(s.Offset); s.slot(day).Start.After(now) {
				days = append(days, day)
			}
		}
	}
	for _, a := range all {
		day := a.Day.AddDays(s.Offset)
		if strings.EqualFold(a.Name, s.Anchor) && s.slot(day).Start.After(now) && !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	return days, nil
}

// slot is the wall time of the series on a day.
func (s Series) slot(day when.Date) Slot {
	return Slot{Day: day, Clock: s.Clock, Minutes: s.Minutes, Zone: s.Zone}.Moments()
}

// instance makes the meeting of one day, unless there was one that has since
// been moved to the past. One that hangs on an anchor is only proposed.
func (db *DB) instance(ctx context.Context, s Series, day when.Date, now time.Time) (m Meeting, fresh bool, err error) {
	var n int
	if err := db.QueryRow(ctx, `SELECT count(*) FROM meeting WHERE series = $1 AND rule_day = $2`, s.ID, day.String()).Scan(&n); err != nil || n > 0 {
		return m, false, err
	}
	m = Meeting{Group: s.Group, Series: s.ID, RuleDay: day, Title: s.Title, Slot: s.slot(day), State: Booked, Call: s.Call, MadeBy: s.MadeBy, Made: now.UTC().Truncate(time.Second)}
	if s.Anchor != "" || !s.RenewBy.IsZero() && !day.Before(s.RenewBy) {
		m.State = Proposed
	}
	m, err = db.AddMeeting(ctx, m)
	return m, err == nil, err
}

// An Anchor is a named day that meetings hang on: "board meeting".
type Anchor struct {
	Name string
	Day  when.Date
	By   int64 // who said so
	At   time.Time
}

// SetAnchor remembers an anchor's day; the zero day forgets the anchor.
func (db *DB) SetAnchor(ctx context.Context, a Anchor) error {
	if a.Day.IsZero() {
		_, err := db.Exec(ctx, `DELETE FROM anchor WHERE name = $1`, a.Name)
		return err
	}
	_, err := db.Exec(ctx, `
		INSERT INTO anchor (name, day, set_by, at) VALUES ($1, $2, nullif($3, 0), $4)
		ON CONFLICT (name) DO UPDATE SET day = excluded.day, set_by = excluded.set_by, at = excluded.at`, a.Name, a.Day.String(), a.By, a.At.Unix())
	return err
}

// Anchors returns all anchors by name, those too whose day has passed.
func (db *DB) Anchors(ctx context.Context) ([]Anchor, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (a Anchor, err error) {
		var day string
		var at int64
		if err = row.Scan(&a.Name, &day, &a.By, &at); err == nil {
			a.At = unix(at)
			a.Day, err = when.ParseDate(day)
		}
		return a, err
	}, `SELECT name, day, coalesce(set_by, 0), at FROM anchor ORDER BY name`)
}

// zoneMark describes the clock changes of a zone around a moment: those of
// six years. It changes when the zone data do.
func zoneMark(zone *time.Location, now time.Time) string {
	var b strings.Builder
	t := time.Date(now.UTC().Year()-1, 1, 1, 0, 0, 0, 0, time.UTC)
	for end := t.AddDate(6, 0, 0); t.Before(end); {
		_, offset := t.In(zone).Zone()
		_, next := t.In(zone).ZoneBounds()
		fmt.Fprintf(&b, "%d%+d ", t.Unix(), offset)
		if next.IsZero() {
			break
		}
		t = next
	}
	return strings.TrimSpace(b.String())
}

// RecomputeMoments works out anew the starts and ends of coming meetings and
// open polls in zones whose clock changes are no longer what they were when
// it last looked. Wall times stay; SEQUENCE does not rise, since calendars
// hold wall times too. It returns the meetings whose moments moved.
func (db *DB) RecomputeMoments(ctx context.Context, now time.Time) (moved []Meeting, err error) {
	zones, err := rows(ctx, db, func(row dbutil.Scannable) (z [2]string, err error) {
		return z, row.Scan(&z[0], &z[1])
	}, `
		WITH RECURSIVE used (zone) AS ( -- one look into the index for each zone, however many meetings there are
			SELECT min(zone) FROM meeting
			UNION ALL SELECT (SELECT min(zone) FROM meeting WHERE zone > used.zone) FROM used WHERE used.zone IS NOT NULL)
		SELECT used.zone, coalesce(z.mark, '') FROM used LEFT JOIN zone_data AS z ON z.zone = used.zone WHERE used.zone IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	for _, z := range zones {
		mark := zoneMark(Slot{Zone: z[0]}.Location(), now)
		if mark == z[1] {
			continue
		}
		more, err := db.recompute(ctx, z[0], now)
		if err != nil {
			return moved, err
		}
		moved = append(moved, more...)
		if _, err := db.Exec(ctx, `INSERT INTO zone_data (zone, mark) VALUES ($1, $2) ON CONFLICT (zone) DO UPDATE SET mark = excluded.mark`, z[0], mark); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

func (db *DB) recompute(ctx context.Context, zone string, now time.Time) (moved []Meeting, err error) {
	ahead, err := rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting WHERE zone = $1 AND end_at > $2`, zone, now.Unix())
	if err != nil {
		return nil, err
	}
	for _, m := range ahead {
		s := m.Moments()
		if s == m.Slot {
			continue
		}
		m.Slot, m.Changed = s, now.UTC().Truncate(time.Second)
		if _, err := db.Exec(ctx, `UPDATE meeting SET start_at = $2, end_at = $3, changed_at = $4 WHERE id = $1`, m.ID, m.Start.Unix(), m.End.Unix(), m.Changed.Unix()); err != nil {
			return moved, err
		}
		moved = append(moved, m)
	}
	return moved, nil
}
