package synthetic

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/tidwall/gjson"
)

func (s *Server) roomRoutes(known func(method, path string, h handler)) {
	known("GET", "/joined_rooms", s.joinedRooms)
	known("POST", "/createRoom", s.createRoom)
	known("POST", "/join/{room}", s.become("join"))
	known("POST", "/rooms/{room}/join", s.become("join"))
	known("POST", "/rooms/{room}/leave", s.become("leave"))
	known("POST", "/rooms/{room}/forget", nothing)
	known("POST", "/rooms/{room}/invite", s.invite)
	known("GET", "/rooms/{room}/event/{event}", s.event)
	known("GET", "/rooms/{room}/state", s.state)
	known("GET", "/rooms/{room}/state/{type}/{key}", s.stateOf)
	known("GET", "/rooms/{room}/state/{type}", s.stateOf)
	known("PUT", "/rooms/{room}/state/{type}/{key}", s.putState)
	known("PUT", "/rooms/{room}/state/{type}", s.putState)
	known("GET", "/rooms/{room}/state/{type}/{$}", s.stateOf) // an empty key keeps its slash
	known("PUT", "/rooms/{room}/state/{type}/{$}", s.putState)
	known("GET", "/rooms/{room}/members", s.members)
	known("GET", "/rooms/{room}/joined_members", s.joinedMembers)
	known("POST", "/rooms/{room}/receipt/{type}/{event}", s.receipt)
	known("POST", "/rooms/{room}/read_markers", s.receipt)
	known("PUT", "/rooms/{room}/typing/{user}", nothing)
}

// in returns the room of a request if the user is in it, with s.mu held;
// otherwise it tells the client and returns nil, without s.mu.
func (s *Server) in(w http.ResponseWriter, r *http.Request, d *device) *room {
	s.mu.Lock()
	room := s.byID[r.PathValue("room")]
	if room != nil {
		if member, _ := room.member(d.user); member == "join" {
			return room
		}
	}
	s.mu.Unlock()
	fail(w, http.StatusForbidden, "M_FORBIDDEN", d.user+" is not in this room")
	return nil
}

func (s *Server) joinedRooms(w http.ResponseWriter, _ *http.Request, d *device) {
	s.mu.Lock()
	ids := []string{}
	for _, r := range s.rooms {
		if member, _ := r.member(d.user); member == "join" {
			ids = append(ids, r.id)
		}
	}
	s.mu.Unlock()
	ok(w, map[string][]string{"joined_rooms": ids})
}

func (s *Server) createRoom(w http.ResponseWriter, r *http.Request, d *device) {
	body, good := readJSON(w, r)
	if !good {
		return
	}
	s.mu.Lock()
	made := s.addRoom(fmt.Sprintf("!made-%05d:%s", len(s.rooms), Name))
	s.begin(made, d.user, gjson.GetBytes(body, "name").Str)
	direct := gjson.GetBytes(body, "is_direct").Bool()
	for _, user := range gjson.GetBytes(body, "invite").Array() {
		s.setMember(made, d.user, user.Str, map[string]any{"membership": "invite", "is_direct": direct})
	}
	s.mu.Unlock()
	ok(w, map[string]string{"room_id": made.id})
}

// setMember changes who is in a room. The caller holds s.mu.
func (s *Server) setMember(r *room, sender, user string, content map[string]any) {
	body, _ := json.Marshal(content) // maps of plain values
	s.add(event{room: r, typ: "m.room.member", sender: sender, state: true, key: user}, body)
}

// become answers requests to join or leave. One can join where one is invited
// or has been, and leave where one is in or invited.
func (s *Server) become(membership string) handler {
	return func(w http.ResponseWriter, r *http.Request, d *device) {
		s.mu.Lock()
		defer s.mu.Unlock()
		room := s.byID[r.PathValue("room")]
		var now string
		if room != nil {
			now, _ = room.member(d.user)
		}
		if now == "" || now == "ban" {
			fail(w, http.StatusForbidden, "M_FORBIDDEN", "you are not invited to this room")
			return
		}
		if now != membership {
			s.setMember(room, d.user, d.user, map[string]any{"membership": membership, "displayname": d.user})
		}
		ok(w, map[string]string{"room_id": room.id})
	}
}

func (s *Server) invite(w http.ResponseWriter, r *http.Request, d *device) {
	body, good := readJSON(w, r)
	if !good {
		return
	}
	if room := s.in(w, r, d); room != nil {
		s.setMember(room, d.user, gjson.GetBytes(body, "user_id").Str, map[string]any{"membership": "invite"})
		s.mu.Unlock()
		ok(w, struct{}{})
	}
}

func (s *Server) event(w http.ResponseWriter, r *http.Request, d *device) {
	room := s.in(w, r, d)
	if room == nil {
		return
	}
	defer s.mu.Unlock()
	e := s.find(r.PathValue("event"))
	if e == nil || e.room != room {
		fail(w, http.StatusNotFound, "M_NOT_FOUND", "no such event")
		return
	}
	ok(w, json.RawMessage(e.append(nil, d, true)))
}

func (s *Server) state(w http.ResponseWriter, r *http.Request, d *device) {
	s.listState(w, r, d, func(*event) bool { return true }, "")
}

func (s *Server) members(w http.ResponseWriter, r *http.Request, d *device) {
	only, not := r.URL.Query().Get("membership"), r.URL.Query().Get("not_membership")
	s.listState(w, r, d, func(e *event) bool {
		return e.typ == "m.room.member" && (only == "" || e.member == only) && (not == "" || e.member != not)
	}, "chunk")
}

// listState answers with the state events that want, as a list or as the one
// member of an object.
func (s *Server) listState(w http.ResponseWriter, r *http.Request, d *device, want func(*event) bool, member string) {
	room := s.in(w, r, d)
	if room == nil {
		return
	}
	list := []json.RawMessage{}
	for _, e := range room.current(len(s.stream) + 1) {
		if want(e) {
			list = append(list, e.append(nil, d, true))
		}
	}
	s.mu.Unlock()
	if member == "" {
		ok(w, list)
		return
	}
	ok(w, map[string]any{member: list})
}

func (s *Server) stateOf(w http.ResponseWriter, r *http.Request, d *device) {
	room := s.in(w, r, d)
	if room == nil {
		return
	}
	defer s.mu.Unlock()
	e := room.state[stateKey{r.PathValue("type"), r.PathValue("key")}]
	if e == nil {
		fail(w, http.StatusNotFound, "M_NOT_FOUND", "no such state")
		return
	}
	ok(w, json.RawMessage(gjson.GetBytes(e.append(nil, d, false), "content").Raw))
}

func (s *Server) putState(w http.ResponseWriter, r *http.Request, d *device) {
	body, good := readJSON(w, r)
	if !good {
		return
	}
	room := s.in(w, r, d)
	if room == nil {
		return
	}
	defer s.mu.Unlock()
	added := s.add(event{room: room, typ: r.PathValue("type"), sender: d.user, state: true, key: r.PathValue("key")}, body)
	ok(w, map[string]string{"event_id": added.id()})
}

func (s *Server) joinedMembers(w http.ResponseWriter, r *http.Request, d *device) {
	room := s.in(w, r, d)
	if room == nil {
		return
	}
	joined := map[string]map[string]string{}
	for key, e := range room.state {
		if key.typ == "m.room.member" && e.member == "join" {
			joined[key.key] = map[string]string{"display_name": key.key}
		}
	}
	s.mu.Unlock()
	ok(w, map[string]any{"joined": joined})
}

func (s *Server) receipt(w http.ResponseWriter, _ *http.Request, _ *device) {
	s.count(func(c *Stats) { c.Receipts++ })
	ok(w, struct{}{})
}
