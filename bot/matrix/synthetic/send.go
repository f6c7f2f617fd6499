package synthetic

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tidwall/gjson"
)

const longestBody = 64 << 10 // bytes of an event, as in the specification

// send answers PUT /rooms/{room}/send/{type}/{txn} and /redact/{event}/{txn}.
// A transaction id that the same token has used on the same path brings back
// the event it made then.
func (s *Server) send(w http.ResponseWriter, r *http.Request, d *device) {
	defer s.underWay()()
	content, ok := readJSON(w, r)
	if !ok {
		return
	}
	delay, refusal := s.trouble.send()
	if refusal != nil {
		s.count(func(c *Stats) { c.Refusals++ })
		refusal.write(w)
		return
	}
	if delay > 0 {
		time.Sleep(delay)
	}
	id, after, err := s.accept(r, d, content)
	if err != nil {
		fail(w, http.StatusForbidden, "M_FORBIDDEN", err.Error())
		return
	}
	after()
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"event_id":%q}`, id)
}

// accept adds what was sent, unless it is there already. The caller calls
// after before it tells the sender.
func (s *Server) accept(r *http.Request, d *device, content []byte) (id string, after func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	room := s.byID[r.PathValue("room")]
	if room == nil {
		return "", nil, fmt.Errorf("there is no such room")
	}
	if member, _ := room.member(d.user); member != "join" {
		return "", nil, fmt.Errorf("%s is not in this room", d.user)
	}
	scope := d.token + " " + r.URL.Path
	if id, known := s.txns[scope]; known && !s.forget {
		s.stats.TxnReplays++
		return id, func() {}, nil
	}
	made := event{room: room, sender: d.user, typ: r.PathValue("type"), device: d, txn: r.PathValue("txn")}
	var added *event
	if target := r.PathValue("event"); target != "" {
		added = s.redact(made, target, gjson.GetBytes(content, "reason").Str)
	} else {
		added = s.add(made, content)
	}
	s.txns[scope] = added.id()
	s.stats.Sends++
	return added.id(), s.note(added, content), nil
}

// underWay counts a send until the function it returns is called.
func (s *Server) underWay() func() {
	n := s.inFlight.Add(1)
	for {
		peak := s.peak.Load()
		if n <= peak || s.peak.CompareAndSwap(peak, n) {
			break
		}
	}
	return func() { s.inFlight.Add(-1) }
}

// readJSON returns the body of a request; if it is not JSON, it says so to the client.
func readJSON(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	if err != nil {
		fail(w, http.StatusRequestEntityTooLarge, "M_TOO_LARGE", err.Error())
		return nil, false
	}
	if len(body) == 0 {
		return []byte("{}"), true
	}
	if !gjson.ValidBytes(body) {
		fail(w, http.StatusBadRequest, "M_NOT_JSON", "the body is not JSON")
		return nil, false
	}
	return body, true
}
