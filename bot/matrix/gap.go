package matrix

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"
)

// A server sends only the end of what was said in a room since the last
// time; what lies before it has to be asked for.
const (
	pageSize = 100
	maxGap   = 20_000 // events of a room
)

// fill puts into a room's timeline what the server left out of it, back to
// the last position, the newest event that was read, the bot's own join or
// its first login.
func (s *session) fill(ctx context.Context, j *joined, since string) error {
	if err := s.fillGap(ctx, j, since); err != nil {
		return err
	}
	if j.isNew && !j.joinedNow && since != "" {
		s.sinceJoin(j)
	}
	return nil
}

// sinceJoin drops what was said before the bot's own join where that is not in
// the timeline. A server may already show a room whose join it has yet to
// deliver: then all of it is from before, and the room stays new.
func (s *session) sinceJoin(j *joined) {
	joinedAt := int64(math.MaxInt64)
	for _, v := range j.state {
		if e := readEvent(v); e.ownJoin(string(s.user)) {
			joinedAt = e.at
		}
	}
	j.early = joinedAt == math.MaxInt64
	j.timeline = slices.DeleteFunc(slices.Clone(j.timeline), func(e rawEvent) bool { return !e.state && e.at < joinedAt })
}

func (s *session) fillGap(ctx context.Context, j *joined, since string) error {
	known := s.t.rooms.get(j.room)
	j.isNew = !known.joined
	if i := slices.IndexFunc(j.timeline, func(e rawEvent) bool { return e.ownJoin(string(s.user)) }); i >= 0 && j.isNew {
		j.joinedNow = true
		j.timeline = append(keepState(j.timeline[:i]), j.timeline[i:]...)
		return nil
	}
	if since == "" && len(j.timeline) > 0 && !s.fresh(j.timeline[0]) {
		return nil
	}
	if !j.limited || j.before == "" {
		return nil
	}
	missed, err := s.page(ctx, j, since, known.last)
	if err != nil {
		return fmt.Errorf("fill the gap in %s: %w", j.room, err)
	}
	slices.Reverse(missed)
	j.timeline = append(missed, j.timeline...)
	return nil
}

// fresh reports whether an event is newer than the bot's first login.
func (s *session) fresh(e rawEvent) bool { return e.at >= s.since.UnixMilli() }

// keepState drops what was said, but not what it tells of the room.
func keepState(events []rawEvent) []rawEvent {
	return slices.DeleteFunc(slices.Clone(events), func(e rawEvent) bool { return !e.state })
}

// page asks for what lies before a timeline, and returns it newest first.
func (s *session) page(ctx context.Context, j *joined, since, last string) (missed []rawEvent, err error) {
	for from := j.before; len(missed) < maxGap; {
		q := url.Values{"from": {from}, "dir": {"b"}, "limit": {strconv.Itoa(pageSize)}, "filter": {gapFilter}}
		if since != "" {
			q.Set("to", since)
		}
		body, err := s.call(ctx, "GET", roomPath(j.room)+"/messages?"+q.Encode(), nil)
		if err != nil {
			if e := (*callError)(nil); errors.As(err, &e) && (e.status == 403 || e.status == 404) {
				return missed, nil // not in the room any more
			}
			return nil, err
		}
		answer := gjson.Parse(body)
		chunk := answer.Get("chunk").Array()
		for _, v := range chunk {
			e := readEvent(v)
			switch {
			case e.id == last, since == "" && !s.fresh(e):
				return missed, nil
			case e.ownJoin(string(s.user)) && j.isNew:
				j.joinedNow = true
				return append(missed, e), nil
			}
			missed = append(missed, e)
		}
		next := answer.Get("end").Str
		if len(chunk) == 0 || next == "" || next == from {
			return missed, nil
		}
		from = next
	}
	s.t.log.Warn("a room has more unread messages than I look through", "room", j.room, "read", len(missed))
	return missed, nil
}
