package matrix

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// invite accepts an invitation from somebody who may invite, and declines
// every other with a reason.
func (rd *reading) invite(ctx context.Context, in invited) error {
	r := rd.s.t.rooms.get(in.room)
	if r.succeeds == "" && !rd.s.t.mayInvite(in.by, in.room) {
		rd.s.t.log.Info("declined an invitation", "room", in.room, "from", in.by)
		return rd.errand(ctx, errand{kind: "decline", room: in.room,
			reason: "I only join rooms that the people who run me have allowed. Please ask them to add you or your server to the list."})
	}
	if in.direct {
		r.person = in.by
	}
	if in.name != "" {
		r.name = in.name
	}
	if err := rd.s.t.saveRoom(ctx, r); err != nil {
		return err
	}
	return rd.errand(ctx, errand{kind: "join", room: in.room, via: serverOf(in.by), reason: in.by.String()})
}

// mayInvite reports whether an invitation is to be accepted.
func (t *Transport) mayInvite(by id.UserID, room id.RoomID) bool {
	server := serverOf(by)
	return by != "" && slices.ContainsFunc(t.cfg.Invites, func(allowed string) bool {
		return allowed == by.String() || allowed == room.String() || server != "" && strings.TrimPrefix(allowed, ":") == server
	})
}

// serverOf returns what follows the colon of a user's ID.
func serverOf(user id.UserID) string {
	_, server, _ := strings.Cut(user.String(), ":")
	return server
}

// tombstone follows a room to the one that takes its place, if whoever said
// so had the power to.
func (rd *reading) tombstone(ctx context.Context, r *room, e *rawEvent) error {
	next := id.RoomID(e.content.Get("replacement_room").Str)
	if next == "" || next == r.id {
		return nil
	}
	successor := rd.s.t.rooms.get(next)
	if successor.joined || successor.succeeds != "" {
		return nil
	}
	successor.succeeds, successor.person = r.id.String(), r.person
	if err := rd.s.t.saveRoom(ctx, successor); err != nil {
		return err
	}
	return rd.errand(ctx, errand{kind: "join", room: next, via: serverOf(id.UserID(e.sender)), reason: e.sender})
}

// powerOf returns somebody's power in a room and the levels that hold there.
func (s *session) powerOf(ctx context.Context, room id.RoomID, user id.UserID) (int, *event.PowerLevelsEventContent, error) {
	body, err := s.call(ctx, "GET", roomPath(room)+"/state", nil)
	if err != nil {
		return 0, nil, err
	}
	levels := &event.PowerLevelsEventContent{}
	var create *event.Event
	gjson.Parse(body).ForEach(func(_, v gjson.Result) bool {
		switch v.Get("type").Str {
		case "m.room.power_levels":
			err = errors.Join(err, unmarshal(v.Get("content").Raw, levels))
		case "m.room.create":
			create = &event.Event{}
			err = errors.Join(err, unmarshal(v.Raw, create))
		}
		return true
	})
	if err != nil {
		return 0, nil, err
	}
	if create != nil {
		create.Type.Class = event.StateEventType
		if err := create.Content.ParseRaw(create.Type); err == nil {
			levels.CreateEvent = create
		}
	}
	return levels.GetUserLevel(user), levels, nil
}

// join joins a room that the bot was invited to, or that takes the place of
// another because somebody with the power to do so said so.
func (s *session) join(ctx context.Context, e errand) error {
	if old := s.t.rooms.get(e.room).succeeds; old != "" {
		power, levels, err := s.powerOf(ctx, id.RoomID(old), id.UserID(e.reason))
		if err != nil {
			return err
		}
		if power < max(levels.GetEventLevel(event.StateTombstone), moderator) {
			s.t.log.Warn("not following a room to its successor: whoever said so is no moderator", "room", old, "to", e.room, "sender", e.reason)
			return nil
		}
	}
	req := &mautrix.ReqJoinRoom{}
	if e.via != "" {
		req.Via = []string{e.via}
	}
	_, err := s.client.JoinRoom(ctx, e.room.String(), req)
	return err
}

// moderator is the power that programs call moderator.
const moderator = 50
