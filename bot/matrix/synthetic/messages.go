package synthetic

import (
	"net/http"
	"slices"
	"strconv"
)

const (
	usualPage   = 10
	longestPage = 100
)

// messages answers GET /rooms/{room}/messages. Tokens are those of sync and
// its prev_batch; "to" is where to stop, exclusive.
// https://spec.matrix.org/v1.15/client-server-api/#get_matrixclientv3roomsroomidmessages
func (s *Server) messages(w http.ResponseWriter, r *http.Request, d *device) {
	s.mu.Lock()
	defer s.mu.Unlock()
	room := s.byID[r.PathValue("room")]
	if room == nil {
		fail(w, http.StatusForbidden, "M_FORBIDDEN", "you are not in this room")
		return
	}
	s.stats.Messages++
	q := r.URL.Query()
	back := q.Get("dir") != "f"
	events, from := pageable(room, q.Get("from"), q.Get("to"), back, len(s.stream))
	only := parseFilter([]byte(`{"room":{"timeline":` + orEmpty(q.Get("filter")) + `}}`)).timeline
	events = only.choose(events)
	limit, _ := strconv.Atoi(q.Get("limit"))
	if limit <= 0 {
		limit = usualPage
	}
	more := len(events) > min(limit, longestPage)
	events = events[:min(len(events), limit, longestPage)]
	b := []byte(`{"chunk":[`)
	for i, e := range events {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.append(b, d, true)
	}
	b = append(append(b, `],"start":"`...), token(from)...)
	if more {
		end := events[len(events)-1].pos
		if back {
			end--
		}
		b = append(append(b, `","end":"`...), token(end)...)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(b, `"}`...))
}

// pageable returns the events between two tokens in the order asked for, and
// the position of the first token.
func pageable(r *room, from, to string, back bool, last int) (events []*event, start int) {
	start, ok := parseToken(from)
	stop, bounded := parseToken(to)
	if back {
		if !ok {
			start = last
		}
		if !bounded {
			stop = 0
		}
		events = slices.Clone(r.between(stop, start))
		slices.Reverse(events)
		return events, start
	}
	if !bounded {
		stop = last
	}
	return r.between(start, stop), start
}

func orEmpty(filter string) string {
	if filter == "" {
		return "{}"
	}
	return filter
}
