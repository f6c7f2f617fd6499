package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"go.mau.fi/util/dbutil"
)

// An RSVP is what a person said about coming to a meeting.
type RSVP struct {
	Meeting, Person int64
	Name            string
	Coop            string // "" if they act for none
	Answer          string // "yes", "maybe", "no"
	Stale           bool   // said before the meeting moved by more than half an hour
	At              time.Time
}

// SetRSVP remembers an answer in place of the person's earlier one; the empty
// answer takes it back.
func (db *DB) SetRSVP(ctx context.Context, meeting, person int64, answer string, at time.Time) error {
	if answer == "" {
		_, err := db.Exec(ctx, `DELETE FROM rsvp WHERE meeting = $1 AND person = $2`, meeting, person)
		return err
	}
	_, err := db.Exec(ctx, `
		INSERT INTO rsvp (meeting, person, answer, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (meeting, person) DO UPDATE SET answer = excluded.answer, stale = 0, at = excluded.at`, meeting, person, answer, at.Unix())
	return err
}

// StaleRSVPs marks a meeting's answers as said before it moved.
func (db *DB) StaleRSVPs(ctx context.Context, meeting int64, stale bool) error {
	_, err := db.Exec(ctx, `UPDATE rsvp SET stale = $2 WHERE meeting = $1`, meeting, stale)
	return err
}

func scanRSVP(row dbutil.Scannable) (r RSVP, err error) {
	var at int64
	err = row.Scan(&r.Meeting, &r.Person, &r.Name, &r.Coop, &r.Answer, &r.Stale, &at)
	r.At = unix(at)
	return r, err
}

const (
	rsvpQuery = `
		SELECT r.meeting, r.person, p.name, coalesce(c.name, ''), r.answer, r.stale, r.at
		FROM rsvp AS r JOIN person AS p ON p.id = r.person LEFT JOIN coop AS c ON c.id = p.coop `
	rsvpOrder = ` ORDER BY r.meeting, CASE r.answer WHEN 'yes' THEN 0 WHEN 'maybe' THEN 1 ELSE 2 END, r.at, r.person`
)

// RSVPs returns what people said about a meeting: yes, maybe, no, each in the
// order in which it was said.
func (db *DB) RSVPs(ctx context.Context, meeting int64) ([]RSVP, error) {
	return rows(ctx, db, scanRSVP, rsvpQuery+`WHERE r.meeting = $1`+rsvpOrder, meeting)
}

// RSVPOf returns what one person said about a meeting, "" for nothing, and
// for what was said before it moved.
func (db *DB) RSVPOf(ctx context.Context, meeting, person int64) (answer string, err error) {
	err = db.QueryRow(ctx, `SELECT answer FROM rsvp WHERE meeting = $1 AND person = $2 AND stale = 0`, meeting, person).Scan(&answer)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return answer, err
}

// A Leave is a run of days on which a person cannot come to anything.
type Leave struct {
	ID          int64
	Person      int64
	Name        string
	First, Last when.Date // both included
	At          time.Time
}

// AddLeave remembers when somebody is away and returns the leave's ID.
func (db *DB) AddLeave(ctx context.Context, l Leave) (id int64, err error) {
	err = db.QueryRow(ctx, `INSERT INTO leave (person, first, last, at) VALUES ($1, $2, $3, $4) RETURNING id`,
		l.Person, l.First.String(), l.Last.String(), l.At.Unix()).Scan(&id)
	return id, err
}

// DropLeave takes leave back.
func (db *DB) DropLeave(ctx context.Context, id int64) error {
	_, err := db.Exec(ctx, `DELETE FROM leave WHERE id = $1`, id)
	return err
}

const leaveQuery = `SELECT l.id, l.person, p.name, l.first, l.last, l.at FROM leave AS l JOIN person AS p ON p.id = l.person `

func scanLeave(row dbutil.Scannable) (l Leave, err error) {
	var first, last string
	var at int64
	if err = row.Scan(&l.ID, &l.Person, &l.Name, &first, &last, &at); err != nil {
		return l, err
	}
	l.At = unix(at)
	if l.First, err = when.ParseDate(first); err == nil {
		l.Last, err = when.ParseDate(last)
	}
	return l, err
}

// LeaveOf returns a person's leave that has not ended before a day.
func (db *DB) LeaveOf(ctx context.Context, person int64, from when.Date) ([]Leave, error) {
	return rows(ctx, db, scanLeave, leaveQuery+`WHERE l.person = $1 AND l.last >= $2 ORDER BY l.first, l.id`, person, from.String())
}

// GroupLeave returns the leave of a group's members that touches the days
// from first to last. It is for working things out, not for showing.
func (db *DB) GroupLeave(ctx context.Context, group int64, first, last when.Date) ([]Leave, error) {
	return rows(ctx, db, scanLeave, leaveQuery+`
		WHERE l.person IN (SELECT person FROM group_member WHERE grp = $1) AND l.last >= $2 AND l.first <= $3
		ORDER BY l.first, l.id`, group, first.String(), last.String())
}

// ForgetMeetings removes what is known of a person's comings and goings:
// answers, votes, leave. Meetings stay.
func (db *DB) ForgetMeetings(ctx context.Context, person int64) error {
	for _, query := range []string{
		`DELETE FROM rsvp WHERE person = $1`,
		`DELETE FROM vote WHERE person = $1`,
		`DELETE FROM poll_required WHERE person = $1`,
		`DELETE FROM leave WHERE person = $1`,
		`UPDATE meeting SET facilitator = nullif(facilitator, $1), note_taker = nullif(note_taker, $1) WHERE facilitator = $1 OR note_taker = $1`,
	} {
		if _, err := db.Exec(ctx, query, person); err != nil {
			return err
		}
	}
	return nil
}

// CleanLeave drops leave that ended before a day.
func (db *DB) CleanLeave(ctx context.Context, before when.Date) error {
	_, err := db.Exec(ctx, `DELETE FROM leave WHERE last < $1`, before.String())
	return err
}
