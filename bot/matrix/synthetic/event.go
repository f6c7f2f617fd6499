package synthetic

import (
	"encoding/json"
	"strconv"
	"time"
)

// event is one event of the server's stream. Its JSON is made once, because
// the same event is read by many syncs.
type event struct {
	pos     int // from 1
	room    *room
	typ     string
	sender  string
	state   bool
	key     string // state key
	member  string // "join", "invite", "leave", "ban" for m.room.member
	redacts string
	ts      int64 // origin_server_ts, milliseconds
	said    time.Time
	served  time.Time // first given to a sync; zero before
	device  *device   // which sent it, nil if it was put in by hand
	txn     string
	raw     []byte // the JSON up to, not including, room_id, unsigned and "}"
}

func (e *event) id() string { return eventID(e.pos) }

const idPrefix = "$synthetic-event-"

func eventID(pos int) string { return idPrefix + strconv.Itoa(pos) }

// position returns the place of an event in the stream, 0 if the id is not one of ours.
func position(id string) int {
	if len(id) <= len(idPrefix) || id[:len(idPrefix)] != idPrefix {
		return 0
	}
	n, err := strconv.Atoi(id[len(idPrefix):])
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// render makes the JSON of the event with the given content, which must be valid.
func (e *event) render(content []byte) {
	b := make([]byte, 0, len(content)+192)
	b = append(b, `{"content":`...)
	b = append(b, content...)
	b = append(b, `,"event_id":`...)
	b = appendString(b, e.id())
	b = append(b, `,"origin_server_ts":`...)
	b = strconv.AppendInt(b, e.ts, 10)
	if e.redacts != "" {
		b = append(b, `,"redacts":`...)
		b = appendString(b, e.redacts)
	}
	b = append(b, `,"sender":`...)
	b = appendString(b, e.sender)
	if e.state {
		b = append(b, `,"state_key":`...)
		b = appendString(b, e.key)
	}
	b = append(b, `,"type":`...)
	e.raw = appendString(b, e.typ)
}

// append adds the event's JSON as the device sees it: only the one that sent
// it is told the transaction id. /sync leaves the room out, all else has it.
func (e *event) append(b []byte, d *device, withRoom bool) []byte {
	b = append(b, e.raw...)
	if withRoom {
		b = append(b, `,"room_id":`...)
		b = appendString(b, e.room.id)
	}
	if e.txn != "" && e.device == d {
		b = append(b, `,"unsigned":{"transaction_id":`...)
		b = appendString(b, e.txn)
		b = append(b, '}')
	}
	return append(b, '}')
}

// appendString adds s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always has a JSON form
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
