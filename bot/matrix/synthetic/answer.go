package synthetic

import (
	"slices"
	"time"

	"github.com/tidwall/gjson"
)

// Answer is a message in reply to another one (m.in_reply_to), sent by a
// client. Edits and what a repeated transaction id brings back do not count.
type Answer struct {
	ID, To string // event ids: the answer and what it replies to
	Room   string
	Text   string
	Txn    string // transaction id
	Said   time.Time
	Served time.Time // when the first sync had the question; zero if none had
	At     time.Time // when the server accepted the answer
	Order  int       // place of the question among all events
	Late   bool      // a later question of the same room was answered before
}

// Post is a message of the bot that replies to nothing.
type Post struct {
	ID, Room, Text string
	At             time.Time // when the server accepted it
}

// Stats count what clients did.
type Stats struct {
	Syncs         int `json:"syncs"`          // responses, with the empty ones
	Waiting       int `json:"-"`              // syncs that wait for news just now
	Sends         int `json:"sends"`          // messages, reactions and redactions accepted as new events
	TxnReplays    int `json:"txn_replays"`    // sends with a transaction id known already
	Refusals      int `json:"refusals"`       // answered 429
	Faults        int `json:"faults"`         // requests made to fail
	Messages      int `json:"messages"`       // reads of /messages
	Receipts      int `json:"receipts"`       // receipts and read markers
	InFlightSends int `json:"in_flight_peak"` // the most sends under way at once
}

// Tally is what became of a list of questions.
type Tally struct {
	Answered   int // questions with at least one answer
	Missed     int // questions with none
	Duplicates int // answers beyond the first of each question
	OutOfOrder int // first answers given after that to a later question of the room
}

// Answers returns all answers in the order the server accepted them.
func (s *Server) Answers() []Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.answers)
}

// Stats returns the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.stats
	stats.InFlightSends = int(s.peak.Load())
	return stats
}

// Posts returns the bot's messages that reply to nothing, among the events
// after position from, and the position to ask from the next time.
func (s *Server) Posts(from int) (posts []Post, next int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.stream[min(from, len(s.stream)):] {
		if e.typ != "m.room.message" || e.sender != s.User || gjson.GetBytes(e.raw, `content.m\.relates_to`).Exists() {
			continue
		}
		posts = append(posts, Post{e.id(), e.room.id, body(e.raw), e.said})
	}
	return posts, len(s.stream)
}

// OnAnswer calls f after each answer is accepted and before its sender is told.
// f must not call OnAnswer. It replaces an earlier f.
func (s *Server) OnAnswer(f func(Answer)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onAnswer = f
}

// Tally counts what became of the questions with these event ids.
func (s *Server) Tally(asked []string) Tally {
	given := make(map[string]int, len(asked))
	for _, id := range asked {
		given[id] = 0
	}
	var t Tally
	for _, a := range s.Answers() {
		n, ours := given[a.To]
		switch {
		case !ours:
			continue
		case n > 0:
			t.Duplicates++
		case a.Late:
			t.OutOfOrder++
		}
		given[a.To]++
	}
	for _, n := range given {
		if n == 0 {
			t.Missed++
		}
	}
	t.Answered = len(given) - t.Missed
	return t
}

// note records e as an answer if it is one. The caller holds s.mu and calls
// what it returns after giving s.mu back.
func (s *Server) note(e *event, content []byte) func() {
	none := func() {}
	if e.typ != "m.room.message" {
		return none
	}
	relation := gjson.GetBytes(content, `m\.relates_to`)
	to := relation.Get(`m\.in_reply_to.event_id`).Str
	if to == "" || relation.Get("rel_type").Str == "m.replace" {
		return none
	}
	a := Answer{ID: e.id(), To: to, Room: e.room.id, Text: gjson.GetBytes(content, "body").Str, Txn: e.txn, At: e.said}
	if q := s.find(to); q != nil {
		a.Said, a.Served, a.Order = q.said, q.served, q.pos
		a.Late = q.pos < e.room.last
		e.room.last = max(e.room.last, q.pos)
	}
	s.answers = append(s.answers, a)
	if f := s.onAnswer; f != nil {
		return func() { f(a) }
	}
	return none
}

// body returns content.body of an event's unfinished JSON.
func body(raw []byte) string { return gjson.GetBytes(raw, "content.body").Str }
