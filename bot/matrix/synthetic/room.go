package synthetic

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tidwall/gjson"
)

type stateKey struct{ typ, key string }

// room is a room with everything that ever happened in it.
type room struct {
	id     string
	events []*event
	state  map[stateKey]*event
	last   int // the highest position of a command answered so far
}

// member returns the state of a person's membership and where it began;
// "" and 0 for strangers.
func (r *room) member(user string) (state string, pos int) {
	if e := r.state[stateKey{"m.room.member", user}]; e != nil {
		return e.member, e.pos
	}
	return "", 0
}

// between returns the events of the room with from < position ≤ to, oldest first.
func (r *room) between(from, to int) []*event {
	after := func(e *event, pos int) int {
		if e.pos <= pos {
			return -1
		}
		return 1
	}
	i, _ := slices.BinarySearchFunc(r.events, from, after)
	j, _ := slices.BinarySearchFunc(r.events, to, after)
	return r.events[i:max(i, j)]
}

// current returns the room's state before position pos, in the order it was set.
func (r *room) current(pos int) []*event {
	state := make([]*event, 0, len(r.state))
	for _, e := range r.between(0, pos-1) {
		if e.state && r.state[stateKey{e.typ, e.key}] == e {
			state = append(state, e)
		}
	}
	return state
}

// add puts an event at the end of the stream. The caller holds s.mu.
func (s *Server) add(e event, content []byte) *event {
	if e.state && e.typ == "m.room.member" {
		e.member = gjson.GetBytes(content, "membership").Str
	}
	e.pos = len(s.stream) + 1
	e.said = time.Now()
	e.ts = e.said.UnixMilli()
	e.render(content)
	added := &e
	s.stream = append(s.stream, added)
	e.room.events = append(e.room.events, added)
	if e.state {
		e.room.state[stateKey{e.typ, e.key}] = added
	}
	close(s.wake)
	s.wake = make(chan struct{})
	return added
}

func (s *Server) addRoom(id string) *room {
	r := &room{id: id, state: map[stateKey]*event{}}
	s.rooms = append(s.rooms, r)
	s.byID[id] = r
	return r
}

// furnish makes room number i with so many people and, last, the bot in it.
// Every second room id has no server name, as in room version 12: ids are opaque.
func (s *Server) furnish(i, people int) {
	id := fmt.Sprintf("!room-%05d:%s", i, Name)
	if i%2 == 1 {
		id = fmt.Sprintf("!room-%05d-4Nj1cUsT0yXo0pTqB2mVw9sYzLk8RdEaHf", i)
	}
	r := s.addRoom(id)
	creator := Person(i)
	s.begin(r, creator, fmt.Sprintf("Room %d", i))
	for n := range people {
		if user := Person(i + n); user != creator {
			s.join(r, user)
		}
	}
	s.join(r, s.User)
}

// begin gives a new room its first state.
func (s *Server) begin(r *room, creator, name string) {
	set := func(typ, key string, content any) {
		body, _ := json.Marshal(content) // maps of strings and numbers
		s.add(event{room: r, typ: typ, sender: creator, state: true, key: key}, body)
	}
	set("m.room.create", "", map[string]any{"creator": creator, "room_version": "10"})
	s.join(r, creator)
	set("m.room.power_levels", "", map[string]any{"users": map[string]int{creator: 100}, "users_default": 0, "events_default": 0})
	set("m.room.join_rules", "", map[string]any{"join_rule": "invite"})
	if name != "" {
		set("m.room.name", "", map[string]any{"name": name})
	}
}

func (s *Server) join(r *room, user string) {
	content := appendString([]byte(`{"displayname":`), user)
	content = append(content, `,"membership":"join"}`...)
	s.add(event{room: r, typ: "m.room.member", sender: user, state: true, key: user}, content)
}

// Person returns the user id of the nth made-up person; room i has the people
// from i on.
func Person(n int) string { return fmt.Sprintf("@person-%04d:%s", n%5000, Name) }
