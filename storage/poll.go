package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"go.mau.fi/util/dbutil"
)

// A Poll is a group's search for a date.
type Poll struct {
	ID        int64
	Group     int64
	Title     string // of the meeting
	Call      string // link
	Room      bot.Room
	Quorum    int   // people who can come, or co-ops for a call
	Several   bool  // each option with a quorum is booked, not only the best one
	InsteadOf int64 // the meeting that was put off
	State     string
	Closes    time.Time
	Nudged    bool // those who had not voted were asked directly
	MadeBy    int64
	Made      time.Time
	Closed    time.Time

	Options  []PollOption // by N; those that were dropped too
	Required []int64      // people without whom no option wins
}

// The states of polls.
const (
	PollOpen      = "open"
	PollBooked    = "booked"    // it found a date
	PollFailed    = "failed"    // no option had a quorum
	PollWithdrawn = "withdrawn" // somebody ended it
)

// A PollOption is one date that is put to the vote.
type PollOption struct {
	N int // 1, 2, 3: what people call it
	Slot
	Dropped bool
}

// A Vote is what a person said about an option.
type Vote struct {
	N      int
	Person int64
	Name   string
	Coop   int64  // 0: acts for none
	Answer string // "yes", "maybe" (if need be), "no"
	At     time.Time
}

const pollColumns = `id, grp, title, call, site, room, quorum, several, coalesce(instead_of, 0), state, closes, nudged, coalesce(made_by, 0), made_at, coalesce(closed_at, 0)`

func scanPoll(row dbutil.Scannable) (p Poll, err error) {
	var closes, made, closed int64
	err = row.Scan(&p.ID, &p.Group, &p.Title, &p.Call, &p.Room.Site, &p.Room.ID, &p.Quorum, &p.Several, &p.InsteadOf, &p.State, &closes, &p.Nudged, &p.MadeBy, &made, &closed)
	p.Closes, p.Made = unix(closes), unix(made)
	if closed != 0 {
		p.Closed = unix(closed)
	}
	return p, err
}

// SavePoll writes a poll, a new one if its ID is 0, with its options and the
// people whom it needs, and returns its ID. An option's votes stay as long as
// its number does; its moments are worked out here.
func (db *DB) SavePoll(ctx context.Context, p Poll) (id int64, err error) {
	if p.State == "" {
		p.State = PollOpen
	}
	var closed any
	if !p.Closed.IsZero() {
		closed = p.Closed.Unix()
	}
	if err = db.QueryRow(ctx, `
		INSERT INTO poll (id, grp, title, call, site, room, quorum, several, instead_of, state, closes, nudged, made_by, made_at, closed_at)
		VALUES (nullif($1, 0), $2, $3, $4, $5, $6, $7, $8, nullif($9, 0), $10, $11, $12, nullif($13, 0), $14, $15)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, call = excluded.call, quorum = excluded.quorum, several = excluded.several,
			state = excluded.state, closes = excluded.closes, nudged = excluded.nudged, closed_at = excluded.closed_at
		RETURNING id`,
		p.ID, p.Group, p.Title, p.Call, p.Room.Site, p.Room.ID, p.Quorum, p.Several, p.InsteadOf, p.State, p.Closes.Unix(), p.Nudged, p.MadeBy, p.Made.Unix(), closed).Scan(&id); err != nil {
		return 0, err
	}
	for _, o := range p.Options {
		o.Slot = o.Moments()
		if _, err := db.Exec(ctx, `
			INSERT INTO poll_option (poll, n, day, clock, minutes, second, zone, start_at, end_at, dropped)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (poll, n) DO UPDATE SET day = excluded.day, clock = excluded.clock, minutes = excluded.minutes, second = excluded.second,
				zone = excluded.zone, start_at = excluded.start_at, end_at = excluded.end_at, dropped = excluded.dropped`,
			id, o.N, o.Day.String(), o.Clock, o.Minutes, o.Second, o.Zone, o.Start.Unix(), o.End.Unix(), o.Dropped); err != nil {
			return 0, err
		}
	}
	if _, err := db.Exec(ctx, `DELETE FROM poll_required WHERE poll = $1`, id); err != nil {
		return 0, err
	}
	for _, person := range p.Required {
		if _, err := db.Exec(ctx, `INSERT INTO poll_required (poll, person) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, person); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// DropPoll removes a poll as if it had never been: for `!undo`.
func (db *DB) DropPoll(ctx context.Context, id int64) error {
	_, err := db.Exec(ctx, `DELETE FROM poll WHERE id = $1`, id)
	return err
}

// Poll returns a poll by its ID, or [ErrNotFound].
func (db *DB) Poll(ctx context.Context, id int64) (Poll, error) {
	p, err := scanPoll(db.QueryRow(ctx, `SELECT `+pollColumns+` FROM poll WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, err
	}
	return p, db.fillPoll(ctx, &p)
}

// OpenPoll returns the group's newest poll that is open.
func (db *DB) OpenPoll(ctx context.Context, group int64) (Poll, bool, error) {
	p, err := scanPoll(db.QueryRow(ctx, `SELECT `+pollColumns+` FROM poll WHERE grp = $1 AND state = 'open' ORDER BY id DESC LIMIT 1`, group))
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, err
	}
	return p, true, db.fillPoll(ctx, &p)
}

// Polls returns a group's polls that were made at or after a moment, the
// newest first, without their options.
func (db *DB) Polls(ctx context.Context, group int64, since time.Time) ([]Poll, error) {
	return rows(ctx, db, scanPoll, `SELECT `+pollColumns+` FROM poll WHERE grp = $1 AND made_at >= $2 ORDER BY id DESC`, group, since.Unix())
}

func (db *DB) fillPoll(ctx context.Context, p *Poll) (err error) {
	p.Options, err = rows(ctx, db, func(row dbutil.Scannable) (o PollOption, err error) {
		var day string
		var start, end int64
		if err = row.Scan(&o.N, &day, &o.Clock, &o.Minutes, &o.Second, &o.Zone, &start, &end, &o.Dropped); err == nil {
			o.Start, o.End = unix(start), unix(end)
			o.Day, err = when.ParseDate(day)
		}
		return o, err
	}, `SELECT n, day, clock, minutes, second, zone, start_at, end_at, dropped FROM poll_option WHERE poll = $1 ORDER BY n`, p.ID)
	if err != nil {
		return err
	}
	p.Required, err = rows(ctx, db, func(row dbutil.Scannable) (id int64, err error) {
		return id, row.Scan(&id)
	}, `SELECT person FROM poll_required WHERE poll = $1 ORDER BY person`, p.ID)
	return err
}

// SetVote remembers what a person says about an option, in place of what they
// said before; the empty answer takes it back.
func (db *DB) SetVote(ctx context.Context, poll int64, n int, person int64, answer string, at time.Time) error {
	if answer == "" {
		_, err := db.Exec(ctx, `DELETE FROM vote WHERE poll = $1 AND n = $2 AND person = $3`, poll, n, person)
		return err
	}
	_, err := db.Exec(ctx, `
		INSERT INTO vote (poll, n, person, answer, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (poll, n, person) DO UPDATE SET answer = excluded.answer, at = excluded.at`, poll, n, person, answer, at.Unix())
	return err
}

// Votes returns what was said about a poll's options, by option and person.
func (db *DB) Votes(ctx context.Context, poll int64) ([]Vote, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (v Vote, err error) {
		var at int64
		err = row.Scan(&v.N, &v.Person, &v.Name, &v.Coop, &v.Answer, &at)
		v.At = unix(at)
		return v, err
	}, `SELECT v.n, v.person, p.name, coalesce(p.coop, 0), v.answer, v.at FROM vote AS v JOIN person AS p ON p.id = v.person
		WHERE v.poll = $1 ORDER BY v.n, v.person`, poll)
}

// PollPosts returns the posts that ask a poll's question.
func (db *DB) PollPosts(ctx context.Context, id int64) ([]bot.Post, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (bot.Post, error) { return scanPost(row) },
		`SELECT `+postColumns+` FROM outbox WHERE key >= $1 AND key < $2 ORDER BY key`, fmt.Sprintf("poll/%d/ask/", id), fmt.Sprintf("poll/%d/ask0", id))
}
