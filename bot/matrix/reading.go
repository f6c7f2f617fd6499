package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// A reading turns one response into a batch.
type reading struct {
	s       *session
	now     time.Time
	batch   bot.Batch
	errands bool // some were added
}

func (rd *reading) all(ctx context.Context, r *response, since string) error {
	rd.batch.Position = r.next
	if rd.s.keys != nil {
		if err := rd.roomKeys(ctx, r); err != nil {
			return err
		}
		if rd.s.waiting.Load() {
			if err := rd.tellUnread(ctx); err != nil {
				return err
			}
		}
	}
	if r.direct.Exists() {
		if err := rd.directRooms(ctx, r.direct); err != nil {
			return err
		}
	}
	for i := range r.joined {
		if err := rd.room(ctx, &r.joined[i], since); err != nil {
			return err
		}
	}
	for _, in := range r.invited {
		if err := rd.invite(ctx, in); err != nil {
			return err
		}
	}
	for _, id := range r.left {
		if err := rd.gone(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// room reads what is new in one room.
func (rd *reading) room(ctx context.Context, j *joined, since string) error {
	r := rd.s.t.rooms.get(j.room)
	before := r
	r.joined = !j.early
	if j.members >= 0 {
		r.members = j.members
	}
	if j.invited >= 0 {
		r.invited = j.invited
	}
	for _, v := range j.state {
		e := readEvent(v)
		e.state = true
		if err := rd.state(ctx, &r, &e, false); err != nil {
			return err
		}
	}
	for i := range j.timeline {
		e := &j.timeline[i]
		if since == "" && !rd.s.fresh(*e) && !e.state {
			continue
		}
		if err := rd.event(ctx, &r, e); err != nil {
			return err
		}
	}
	if n := len(j.timeline); n > 0 {
		r.last = j.timeline[n-1].id
	}
	rd.tell(before, r, j.isNew && j.joinedNow && since != "")
	if j.isNew && r.person != "" && since != "" {
		if err := rd.errand(ctx, errand{kind: "direct", room: r.id}); err != nil {
			return err
		}
	}
	if r.members == 1 && r.invited == 0 && since != "" && (rd.someLeft(j) || !j.isNew && before.members != 1) {
		if err := rd.errand(ctx, errand{kind: "leave", room: r.id}); err != nil {
			return err
		}
	}
	return rd.s.t.saveRoom(ctx, r)
}

// someLeft reports whether somebody else left a room in its timeline. Of a
// room that is new to the bot only that tells an empty room from one that the
// bot has just made, and to which it is still inviting somebody. And a server
// may have counted them out in an earlier answer, before it shows that they left.
func (rd *reading) someLeft(j *joined) bool {
	return slices.ContainsFunc(j.timeline, func(e rawEvent) bool {
		if e.kind != "m.room.member" || !e.state || e.stateKey == rd.s.user.String() {
			return false
		}
		now := e.content.Get("membership").Str
		return now == "leave" || now == "ban"
	})
}

// tell adds what the bot should know of a room to the batch, if it is news.
func (rd *reading) tell(before, r room, joined bool) {
	if r.succeeds != "" && !before.joined {
		rd.batch.Rooms = append(rd.batch.Rooms, bot.RoomInfo{Room: place(id.RoomID(r.succeeds)), Left: true, Upgraded: r.id.String()})
	}
	if before.joined == r.joined && before.name == r.name && before.person == r.person && before.encrypted == r.encrypted {
		return
	}
	rd.batch.Rooms = append(rd.batch.Rooms, bot.RoomInfo{Room: place(r.id), Name: r.name, Encrypted: r.encrypted,
		Direct: r.person.String(), Joined: joined})
}

// event reads one event of a timeline. One that makes the program panic is
// set aside: it would otherwise come again for ever.
func (rd *reading) event(ctx context.Context, r *room, e *rawEvent) (err error) {
	defer func() {
		if p := recover(); p != nil {
			rd.s.t.log.Error("an event could not be read, and is left out", "event", e.id, "room", r.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = nil
		}
	}()
	if e.state {
		return rd.state(ctx, r, e, true)
	}
	if e.sender == string(rd.s.user) {
		rd.echo(e)
		return nil
	}
	if e.kind == typeSealed {
		opened, err := rd.open(ctx, r, e)
		if err != nil || opened == nil {
			return err
		}
		e = opened
	}
	return rd.hear(ctx, r, e)
}

// hear adds a message to the batch.
func (rd *reading) hear(ctx context.Context, r *room, e *rawEvent) error {
	m, ok := e.message(string(rd.s.user), r, rd.now)
	if !ok {
		return nil
	}
	var err error
	if m.From.Name, err = rd.s.t.nameOf(ctx, e.sender); err != nil {
		return err
	}
	rd.batch.Messages = append(rd.batch.Messages, m)
	return nil
}

// echo adds one of the bot's own posts to the batch.
func (rd *reading) echo(e *rawEvent) {
	txn := e.txn
	if txn == "" {
		txn = e.content.Get(escaped(keyField)).Str
	}
	if txn != "" {
		rd.batch.Echoes = append(rd.batch.Echoes, bot.Echo{Txn: txn, ID: e.id})
	}
}

// state reads what an event says about its room.
func (rd *reading) state(ctx context.Context, r *room, e *rawEvent, live bool) error {
	if e.kind != "m.room.member" && e.stateKey != "" {
		return nil
	}
	switch e.kind {
	case "m.room.name":
		r.name = e.content.Get("name").Str
	case "m.room.encryption":
		r.encrypted = true
	case "m.room.tombstone":
		if live {
			return rd.tombstone(ctx, r, e)
		}
		return nil
	case "m.room.member":
		if err := rd.member(ctx, r, e); err != nil {
			return err
		}
	}
	if rd.s.keys == nil || !r.encrypted {
		return nil
	}
	return rd.keyState(ctx, r, e)
}

// member learns names and direct rooms.
func (rd *reading) member(ctx context.Context, r *room, e *rawEvent) error {
	if e.sender == string(rd.s.user) && e.content.Get("is_direct").Bool() && e.content.Get("membership").Str == "invite" {
		r.person = id.UserID(e.stateKey)
	}
	if e.stateKey == string(rd.s.user) {
		return nil
	}
	return rd.s.t.learnName(ctx, e.stateKey, e.content.Get("displayname").Str)
}

// keyState tells mautrix what decides who gets the keys of a room.
func (rd *reading) keyState(ctx context.Context, r *room, e *rawEvent) error {
	switch e.kind {
	case "m.room.encryption", "m.room.member", "m.room.history_visibility":
	default:
		return nil
	}
	full := &event.Event{}
	if err := json.Unmarshal([]byte(e.raw), full); err != nil {
		return nil //nolint:nilerr // the server let something strange pass; others cannot read it either
	}
	full.RoomID, full.Type.Class = r.id, event.StateEventType
	full.StateKey = &e.stateKey
	if err := full.Content.ParseRaw(full.Type); err != nil {
		return nil //nolint:nilerr // as above
	}
	mautrix.UpdateStateStore(ctx, rd.s.keys.rooms, full)
	switch e.kind {
	case "m.room.member":
		rd.s.keys.machine.HandleMemberEvent(ctx, full)
	case "m.room.history_visibility":
		rd.s.keys.machine.HandleHistoryVisibility(ctx, full)
	}
	return nil
}

// gone marks a room that the bot has left or been put out of.
func (rd *reading) gone(ctx context.Context, id id.RoomID) error {
	r := rd.s.t.rooms.get(id)
	if !r.joined {
		return nil
	}
	r.joined, r.members, r.invited = false, 0, 0
	rd.batch.Rooms = append(rd.batch.Rooms, bot.RoomInfo{Room: place(id), Name: r.name, Left: true})
	return rd.s.t.saveRoom(ctx, r)
}

// escaped makes a name with dots in it one step of a gjson path.
func escaped(name string) string {
	var path []byte
	for _, c := range []byte(name) {
		if c == '.' {
			path = append(path, '\\')
		}
		path = append(path, c)
	}
	return string(path)
}
