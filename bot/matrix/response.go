package matrix

import (
	"errors"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"
)

// A response is what /sync answered, taken apart as far as rooms and events.
// https://spec.matrix.org/v1.16/client-server-api/#get_matrixclientv3sync
type response struct {
	next     string
	joined   []joined
	invited  []invited
	left     []id.RoomID
	toDevice []gjson.Result
	changed  []id.UserID // whose devices changed
	keysLeft int         // one-time keys on the server, -1: not said
	direct   gjson.Result
}

// joined is what is new in a room that the bot is in.
type joined struct {
	room      id.RoomID
	state     []gjson.Result
	timeline  []rawEvent
	limited   bool   // there is more between the last response and this one
	before    string // where it is
	members   int    // -1: not said
	invited   int    // -1: not said
	isNew     bool
	joinedNow bool // the bot's own join is among what is new
	early     bool // the bot's own join is nowhere yet
}

// invited is a room that the bot is invited to.
type invited struct {
	room   id.RoomID
	name   string
	by     id.UserID
	direct bool
}

func readResponse(body, self string) (*response, error) {
	if !gjson.Valid(body) {
		return nil, errors.New("the response is not JSON")
	}
	r := &response{keysLeft: -1}
	gjson.Parse(body).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "next_batch":
			r.next = value.Str
		case "rooms":
			r.readRooms(value, self)
		case "to_device":
			r.toDevice = value.Get("events").Array()
		case "device_lists":
			for _, u := range value.Get("changed").Array() {
				r.changed = append(r.changed, id.UserID(u.Str))
			}
		case "device_one_time_keys_count":
			r.keysLeft = int(value.Get("signed_curve25519").Int())
		case "account_data":
			value.Get("events").ForEach(func(_, e gjson.Result) bool {
				if e.Get("type").Str == "m.direct" {
					r.direct = e.Get("content")
				}
				return true
			})
		}
		return true
	})
	if r.next == "" {
		return nil, errors.New("the response has no next_batch")
	}
	return r, nil
}

// onlyPosts reports whether there is nothing in a response but what the bot said.
func (r *response) onlyPosts(self string) bool {
	if len(r.joined) == 0 || len(r.invited)+len(r.left)+len(r.toDevice)+len(r.changed) > 0 || r.direct.Exists() {
		return false
	}
	for _, j := range r.joined {
		if j.limited || len(j.state) > 0 {
			return false
		}
		for _, e := range j.timeline {
			if e.sender != self || e.state || e.txn == "" {
				return false
			}
		}
	}
	return true
}

func (r *response) readRooms(rooms gjson.Result, self string) {
	rooms.ForEach(func(kind, list gjson.Result) bool {
		list.ForEach(func(name, value gjson.Result) bool {
			switch room := id.RoomID(name.Str); kind.Str {
			case "join":
				r.joined = append(r.joined, readJoined(room, value))
			case "invite":
				r.invited = append(r.invited, readInvited(room, value, self))
			case "leave":
				r.left = append(r.left, room)
			}
			return true
		})
		return true
	})
}

func readJoined(room id.RoomID, value gjson.Result) joined {
	j := joined{room: room, members: -1, invited: -1}
	value.ForEach(func(key, v gjson.Result) bool {
		switch key.Str {
		case "state":
			j.state = v.Get("events").Array()
		case "timeline":
			j.limited, j.before = v.Get("limited").Bool(), v.Get("prev_batch").Str
			v.Get("events").ForEach(func(_, e gjson.Result) bool {
				j.timeline = append(j.timeline, readEvent(e))
				return true
			})
		case "summary":
			if n := v.Get("m\\.joined_member_count"); n.Exists() {
				j.members = int(n.Int())
			}
			if n := v.Get("m\\.invited_member_count"); n.Exists() {
				j.invited = int(n.Int())
			}
		}
		return true
	})
	return j
}

func readInvited(room id.RoomID, value gjson.Result, self string) invited {
	in := invited{room: room}
	value.Get("invite_state.events").ForEach(func(_, v gjson.Result) bool {
		switch e := readEvent(v); {
		case e.kind == "m.room.member" && e.stateKey == self && e.content.Get("membership").Str == "invite":
			in.by, in.direct = id.UserID(e.sender), e.content.Get("is_direct").Bool()
		case e.kind == "m.room.name":
			in.name = e.content.Get("name").Str
		}
		return true
	})
	return in
}

// own reports whether an event is the bot's own join.
func (e *rawEvent) ownJoin(self string) bool {
	return e.kind == "m.room.member" && e.stateKey == self && e.content.Get("membership").Str == "join"
}
