package synthetic

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Line is something to be said.
type Line struct{ Room, Sender, Text string }

// Rooms returns the ids of all rooms, in the order they were made.
func (s *Server) Rooms() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, len(s.rooms))
	for i, r := range s.rooms {
		ids[i] = r.id
	}
	return ids
}

// NewRoom makes a room that its creator alone is in.
func (s *Server) NewRoom(id, creator string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begin(s.addRoom(id), creator, "")
}

// Say says a text in a room, whoever is in it, and returns the event's id.
// It works while the server is down: people talk on other servers.
func (s *Server) Say(room, sender, text string) string {
	return s.SayAll([]Line{{room, sender, text}})[0]
}

// SayAll says many things at once: no sync sees only some of them (unless
// Options.MaxEvents cuts them). It returns their event ids.
func (s *Server) SayAll(lines []Line) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, len(lines))
	for i, l := range lines {
		content := append(appendString([]byte(`{"msgtype":"m.text","body":`), l.Text), '}')
		ids[i] = s.put(event{room: s.byID[l.Room], typ: "m.room.message", sender: l.Sender}, content).id()
	}
	return ids
}

// Send puts an event of any type into a room and returns its id. Content is
// what encoding/json can write.
func (s *Server) Send(room, sender, typ string, content any) string {
	return s.inject(event{typ: typ, sender: sender}, room, content)
}

// SetState sets a room's state and returns the event's id. Invitations, joins
// and departures are state of type m.room.member.
func (s *Server) SetState(room, sender, typ, key string, content any) string {
	return s.inject(event{typ: typ, sender: sender, state: true, key: key}, room, content)
}

// Redact deletes an event and returns the id of the redaction.
func (s *Server) Redact(room, sender, id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.redact(event{room: s.byID[room], sender: sender}, id, "").id()
}

func (s *Server) inject(e event, room string, content any) string {
	body, err := json.Marshal(content)
	if err != nil {
		panic(fmt.Sprintf("synthetic: content of %s: %v", e.typ, err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.room = s.byID[room]
	return s.put(e, body).id()
}

// put is add for callers who may have named a room that is not there, which is
// a mistake in a test. The caller holds s.mu.
func (s *Server) put(e event, content []byte) *event {
	if e.room == nil {
		panic("synthetic: no such room")
	}
	return s.add(e, content)
}

// redact empties an event and adds the redaction. The caller holds s.mu.
func (s *Server) redact(e event, id, reason string) *event {
	if target := s.find(id); target != nil {
		target.render([]byte("{}"))
	}
	content := appendString([]byte(`{"redacts":`), id)
	if reason != "" {
		content = appendString(append(content, `,"reason":`...), reason)
	}
	e.typ, e.redacts = "m.room.redaction", id
	return s.put(e, append(content, '}'))
}

// find returns an event by its id, nil if there is none. The caller holds s.mu.
func (s *Server) find(id string) *event {
	pos := position(id)
	if pos == 0 || pos > len(s.stream) {
		return nil
	}
	return s.stream[pos-1]
}

// Text returns the body of a message, "" if there is none.
func (s *Server) Text(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.find(id)
	if e == nil {
		return ""
	}
	return body(e.raw)
}

// Await returns the answers so far as soon as there are n of them.
func (s *Server) Await(ctx context.Context, n int) ([]Answer, error) {
	for {
		s.mu.Lock()
		wake, have := s.wake, len(s.answers)
		s.mu.Unlock()
		if have >= n {
			return s.Answers(), nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return s.Answers(), fmt.Errorf("synthetic: %d of %d answers: %w", have, n, ctx.Err())
		}
	}
}

// AwaitSync returns as soon as a client waits for news: it is up and has
// handled, or at least read, all there was.
func (s *Server) AwaitSync(ctx context.Context) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for s.Stats().Waiting == 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("synthetic: no sync: %w", ctx.Err())
		}
	}
	return nil
}
