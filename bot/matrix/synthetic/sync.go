package synthetic

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	longestPoll     = 30 * time.Second
	initialTimeline = 10 // events of a room in a first sync, if nothing else is said
)

// token is a place in the stream, between two events: "s12" is after the twelfth.
func token(pos int) string { return "s" + strconv.Itoa(pos) }

func parseToken(text string) (pos int, ok bool) {
	digits, ok := strings.CutPrefix(text, "s")
	pos, err := strconv.Atoi(digits)
	return pos, ok && err == nil && pos >= 0
}

// sync answers GET /sync.
// https://spec.matrix.org/v1.15/client-server-api/#get_matrixclientv3sync
func (s *Server) sync(w http.ResponseWriter, r *http.Request, d *device) {
	q := r.URL.Query()
	f, ok := s.filter(q.Get("filter"))
	if !ok {
		fail(w, http.StatusBadRequest, "M_INVALID_PARAM", "no such filter")
		return
	}
	since, initial := 0, q.Get("since") == ""
	if !initial {
		if since, ok = parseToken(q.Get("since")); !ok {
			fail(w, http.StatusBadRequest, "M_INVALID_PARAM", "not a position of this server")
			return
		}
	}
	wait, _ := strconv.Atoi(q.Get("timeout"))
	timeout := time.NewTimer(min(longestPoll, time.Duration(wait)*time.Millisecond))
	defer timeout.Stop()
	s.mu.Lock()
	if !initial {
		since, s.rewind = max(0, since-s.rewind), 0
	}
	s.mu.Unlock()
	for {
		body, next, wake := s.since(d, &f, since, initial)
		if body == nil {
			since = next
			if s.wait(r, wake, timeout.C) {
				continue
			}
			if r.Context().Err() != nil {
				return // the client has gone
			}
			body = append(append([]byte(`{"next_batch":"`), token(next)...), `"}`...)
		}
		s.count(func(c *Stats) { c.Syncs++ })
		w.Header().Set("Content-Type", "application/json")
		w.Write(body)
		return
	}
}

// wait returns true when there may be something new, false when the time is up
// or the client has gone.
func (s *Server) wait(r *http.Request, wake <-chan struct{}, timeout <-chan time.Time) bool {
	s.count(func(c *Stats) { c.Waiting++ })
	defer s.count(func(c *Stats) { c.Waiting-- })
	select {
	case <-wake:
		return true
	case <-r.Context().Done():
		return false
	case <-timeout:
		return false
	}
}

// since returns the response for a device that has seen the stream up to a
// position, and the position after it. Body is nil if there is nothing to
// tell; wake is closed when there may be.
func (s *Server) since(d *device, f *filter, since int, initial bool) (body []byte, next int, wake <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next = len(s.stream)
	since = min(since, next)
	if !initial && s.maxEvents > 0 {
		next = min(next, since+s.maxEvents)
	}
	view := view{s: s, d: d, f: f, since: since, next: next, initial: initial, now: time.Now()}
	if initial {
		clear(d.met)
		for _, r := range s.rooms {
			view.room(r)
		}
	} else {
		seen := map[*room]bool{}
		for _, e := range s.stream[since:next] {
			if !seen[e.room] {
				seen[e.room] = true
				view.room(e.room)
			}
		}
	}
	if !initial && view.empty() {
		return nil, next, s.wake
	}
	return view.body(), next, s.wake
}
