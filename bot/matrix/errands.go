package matrix

import (
	"context"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"
)

// An errand is something to ask of the server because of what it sent. It is
// written down with what asked for it, and done afterwards.
type errand struct {
	kind   string // join, decline, leave, direct
	room   id.RoomID
	via    string
	reason string
	tries  int
}

func (rd *reading) errand(ctx context.Context, e errand) error {
	rd.errands = true
	return rd.s.t.addErrand(ctx, e)
}

func (t *Transport) addErrand(ctx context.Context, e errand) error {
	_, err := t.db.Exec(ctx, `
		INSERT INTO matrix_errand (kind, room, via, reason) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, room) DO UPDATE SET via = excluded.via, reason = excluded.reason, tries = 0, due = 0`,
		e.kind, e.room, e.via, e.reason)
	return err
}

// runErrands does what is to be done until ctx ends.
func (s *session) runErrands(ctx context.Context) {
	for ctx.Err() == nil {
		next, err := s.errandsDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.t.log.Warn("errands not done, will try again", "err", err)
		}
		s.rest(ctx, next)
	}
}

// rest waits until woken or until a time, if it is not zero.
func (s *session) rest(ctx context.Context, until time.Time) {
	var due <-chan time.Time
	if !until.IsZero() {
		timer := time.NewTimer(max(20*time.Millisecond, time.Until(until)))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
	case <-s.t.errands:
	case <-due:
	}
}

// errandsDue does what can be done now and returns when there is more to do.
func (s *session) errandsDue(ctx context.Context) (next time.Time, err error) {
	all, err := s.t.dueErrands(ctx, time.Now())
	if err != nil {
		return time.Now().Add(time.Second), err
	}
	for _, e := range all {
		if err := s.tryErrand(ctx, e); err != nil {
			return time.Now().Add(time.Second), err
		}
	}
	var due int64
	err = s.t.db.QueryRow(ctx, `SELECT coalesce(min(due), -1) FROM matrix_errand`).Scan(&due)
	if err != nil {
		return time.Now().Add(time.Second), err
	}
	if due >= 0 {
		next = time.UnixMilli(due)
	}
	if s.keys == nil {
		return next, nil
	}
	chase, err := s.chase(ctx)
	if !chase.IsZero() && (next.IsZero() || chase.Before(next)) {
		next = chase
	}
	return next, err
}

func (t *Transport) dueErrands(ctx context.Context, now time.Time) ([]errand, error) {
	found, err := t.db.Query(ctx, `SELECT kind, room, via, reason, tries FROM matrix_errand WHERE due <= $1 ORDER BY due`, now.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []errand
	for found.Next() {
		var e errand
		if err := found.Scan(&e.kind, &e.room, &e.via, &e.reason, &e.tries); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, found.Err()
}

// maxTries is how often an errand is tried: over a week, the later ones five minutes apart.
const maxTries = 2000

// tryErrand does one errand, or puts it off.
func (s *session) tryErrand(ctx context.Context, e errand) error {
	err := s.doErrand(ctx, e)
	code, _ := said(err)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && code != "M_FORBIDDEN" && code != "M_NOT_FOUND" && code != "M_UNKNOWN" && e.tries < maxTries:
		_, err := s.t.db.Exec(ctx, `UPDATE matrix_errand SET tries = tries + 1, due = $3 WHERE kind = $1 AND room = $2`,
			e.kind, e.room, time.Now().Add(max(bot.Backoff(e.tries+3), errorWait(err))).UnixMilli())
		return err
	case err != nil:
		s.t.log.Warn("the server will not let me", "errand", e.kind, "room", e.room, "err", err)
	}
	_, err = s.t.db.Exec(ctx, `DELETE FROM matrix_errand WHERE kind = $1 AND room = $2`, e.kind, e.room)
	return err
}

// errorWait returns how long a server asked to wait.
func errorWait(err error) time.Duration {
	var e mautrix.HTTPError
	if errors.As(err, &e) && e.RespError != nil {
		if ms, ok := e.RespError.ExtraData["retry_after_ms"].(float64); ok {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return 0
}

func (s *session) doErrand(ctx context.Context, e errand) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute) // joining a big room takes its time
	defer cancel()
	switch e.kind {
	case "join":
		return s.join(ctx, e)
	case "decline":
		_, err := s.client.LeaveRoom(ctx, e.room, &mautrix.ReqLeave{Reason: e.reason})
		return err
	case "leave":
		return s.leaveEmpty(ctx, e.room)
	case "direct":
		return s.publishDirect(ctx, e.room)
	}
	return fmt.Errorf("unknown errand %q", e.kind)
}

// leaveEmpty leaves a room in which nobody else is.
func (s *session) leaveEmpty(ctx context.Context, room id.RoomID) error {
	in, err := s.client.JoinedMembers(ctx, room)
	if err != nil {
		return err
	}
	if len(in.Joined) > 1 {
		return nil // somebody came back meanwhile
	}
	if _, err := s.client.LeaveRoom(ctx, room); err != nil {
		return err
	}
	s.t.log.Info("left a room in which nobody else was", "room", room)
	return nil
}
