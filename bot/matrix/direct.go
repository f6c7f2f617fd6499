package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

func unmarshal(text string, into any) error { return json.Unmarshal([]byte(text), into) }

// directRooms reads the account's list of direct rooms.
// https://spec.matrix.org/v1.16/client-server-api/#direct-messaging
func (rd *reading) directRooms(ctx context.Context, list gjson.Result) (err error) {
	list.ForEach(func(user, rooms gjson.Result) bool {
		rooms.ForEach(func(_, v gjson.Result) bool {
			r := rd.s.t.rooms.get(id.RoomID(v.Str))
			if r.person == "" && v.Str != "" {
				r.person = id.UserID(user.Str)
				err = rd.s.t.saveRoom(ctx, r)
			}
			return err == nil
		})
		return err == nil
	})
	return err
}

// publishDirect adds a room to the account's list of direct rooms.
func (s *session) publishDirect(ctx context.Context, room id.RoomID) error {
	person := s.t.rooms.get(room).person
	if person == "" {
		return nil
	}
	list := map[id.UserID][]id.RoomID{}
	err := s.client.GetAccountData(ctx, "m.direct", &list)
	if err != nil && !errors.Is(err, mautrix.MNotFound) {
		return err
	}
	for _, known := range list[person] {
		if known == room {
			return nil
		}
	}
	list[person] = append(list[person], room)
	return s.client.SetAccountData(ctx, "m.direct", list)
}

// directRoom returns the room to talk to a person alone, and makes one if
// there is none. Somebody who left theirs is only invited again to be
// answered.
func (s *session) directRoom(ctx context.Context, p bot.Post) (id.RoomID, error) {
	person := id.UserID(p.To)
	if r, ok := s.t.rooms.with(person); ok {
		return r.id, nil
	}
	if p.Rank != bot.Answer && s.t.rooms.left(person) {
		return "", fmt.Errorf("%w: %s has left our direct room", bot.ErrNever, person)
	}
	req := &mautrix.ReqCreateRoom{Preset: "trusted_private_chat", IsDirect: true, Invite: []id.UserID{person}}
	if s.t.cfg.Features != nil {
		req.InitialState = descriptions(s.client.UserID, s.t.cfg.Features())
	}
	if s.keys != nil {
		req.InitialState = append(req.InitialState, &event.Event{Type: event.StateEncryption, Content: event.Content{
			Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}}})
	}
	made, err := s.client.CreateRoom(ctx, req)
	if err != nil {
		return "", fmt.Errorf("make a direct room: %w", refused(err))
	}
	return made.RoomID, s.t.db.DoTxn(ctx, nil, func(ctx context.Context) error {
		// The response that shows the room may have come first.
		r := s.t.rooms.get(made.RoomID)
		r.person, r.joined, r.encrypted, r.asked = person, true, s.keys != nil, true
		if r.members == 0 {
			r.members, r.invited = 1, 1
		}
		if err := s.t.saveRoom(ctx, r); err != nil {
			return err
		}
		if s.keys != nil {
			// mautrix has noted who is in it. The server's own list may come
			// too late for the first message: nobody would get its key.
			if err := s.keys.rooms.MarkMembersFetched(ctx, r.id); err != nil {
				return err
			}
		}
		defer wake(s.t.errands)
		return s.t.addErrand(ctx, errand{kind: "direct", room: r.id})
	})
}

// left reports whether there has been a direct room with a person.
func (rs *rooms) left(person id.UserID) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range rs.byID {
		if r.person == person {
			return true
		}
	}
	return false
}
