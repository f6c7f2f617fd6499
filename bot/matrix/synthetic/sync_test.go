package synthetic

import (
	"fmt"
	"slices"
	"testing"

	"maunium.net/go/mautrix"
	ev "maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

func ask(s *Server, room string, from, to int) []string {
	var lines []Line
	for i := from; i <= to; i++ {
		lines = append(lines, Line{room, Person(i % 7), fmt.Sprint(i)})
	}
	return s.SayAll(lines)
}

func numbers(from, to int) (texts []string) {
	for i := from; i <= to; i++ {
		texts = append(texts, fmt.Sprint(i))
	}
	return texts
}

// What a limited timeline leaves out is all in /messages, page by page.
func TestLimitedTimelineAndMessages(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 2, Members: 7, TimelineLimit: 20})
	room := s.Rooms()[0]
	since := syncOnce(t, bot, "", "").NextBatch
	ask(s, room, 1, 250)
	ask(s, s.Rooms()[1], 1, 20)

	res := syncOnce(t, bot, since, "")
	if other := res.Rooms.Join[id.RoomID(s.Rooms()[1])].Timeline; other.Limited || len(other.Events) != 20 {
		t.Errorf("20 events: limited = %t with %d", other.Limited, len(other.Events))
	}
	timeline := res.Rooms.Join[id.RoomID(room)].Timeline
	if !timeline.Limited {
		t.Error("the timeline is not called limited")
	}
	if got := bodies(timeline.Events); !slices.Equal(got, numbers(231, 250)) {
		t.Errorf("timeline = %v, want 231 to 250", got)
	}

	var missed []*ev.Event
	pages := 0
	for from := timeline.PrevBatch; from != ""; pages++ {
		page, err := bot.Messages(t.Context(), id.RoomID(room), from, since, mautrix.DirectionBackward, nil, 100)
		if err != nil {
			t.Fatal(err)
		}
		missed = append(missed, page.Chunk...)
		from = page.End
	}
	slices.Reverse(missed)
	if got := bodies(missed); !slices.Equal(got, numbers(1, 230)) || pages != 3 {
		t.Errorf("%d pages backwards = %v, want 1 to 230 in 3", pages, got)
	}
	if missed[0].RoomID.String() != room {
		t.Errorf("room_id in /messages = %q", missed[0].RoomID)
	}

	ahead, err := bot.Messages(t.Context(), id.RoomID(room), since, "", mautrix.DirectionForward, nil, 3)
	if err != nil || !slices.Equal(bodies(ahead.Chunk), numbers(1, 3)) {
		t.Errorf("forwards from the last sync = %v, %v", bodies(ahead.Chunk), err)
	}
	ahead, err = bot.Messages(t.Context(), id.RoomID(room), ahead.End, "", mautrix.DirectionForward, nil, 2)
	if err != nil || !slices.Equal(bodies(ahead.Chunk), numbers(4, 5)) {
		t.Errorf("the next page forwards = %v, %v", bodies(ahead.Chunk), err)
	}
}

// A gap that holds state comes with that state.
func TestLimitedTimelineHasStateOfTheGap(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1, TimelineLimit: 2})
	room := s.Rooms()[0]
	since := syncOnce(t, bot, "", "").NextBatch
	s.SetState(room, Person(0), "m.room.name", "", map[string]string{"name": "Tool library"})
	ask(s, room, 1, 3)
	state := syncOnce(t, bot, since, "").Rooms.Join[id.RoomID(room)].State.Events
	if len(state) != 1 || state[0].Content.Raw["name"] != "Tool library" {
		t.Errorf("state of the gap = %v", state)
	}
}

func TestMaxEventsCutsWithoutGap(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1, MaxEvents: 10})
	room := s.Rooms()[0]
	since := syncOnce(t, bot, "", "").NextBatch
	ask(s, room, 1, 25)
	var got []string
	for range 3 {
		res := syncOnce(t, bot, since, "")
		timeline := res.Rooms.Join[id.RoomID(room)].Timeline
		if timeline.Limited || len(timeline.Events) > 10 {
			t.Errorf("limited = %t with %d events", timeline.Limited, len(timeline.Events))
		}
		got = append(got, bodies(timeline.Events)...)
		since = res.NextBatch
	}
	if !slices.Equal(got, numbers(1, 25)) {
		t.Errorf("three syncs brought %v", got)
	}
}

func TestRewind(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	room := s.Rooms()[0]
	ask(s, room, 1, 30)
	since := syncOnce(t, bot, "", "").NextBatch
	s.Rewind(5)
	res := syncOnce(t, bot, since, "")
	if got := bodies(res.Rooms.Join[id.RoomID(room)].Timeline.Events); !slices.Equal(got, numbers(26, 30)) {
		t.Errorf("after Rewind(5): %v", got)
	}
	if res = syncOnce(t, bot, res.NextBatch, ""); len(res.Rooms.Join) != 0 {
		t.Errorf("the sync after that brought %v", res.Rooms.Join)
	}
}

func TestFilter(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1, Members: 50})
	room := id.RoomID(s.Rooms()[0])
	filter := &mautrix.Filter{Room: &mautrix.RoomFilter{
		Timeline: &mautrix.FilterPart{Limit: 2, NotTypes: []ev.Type{ev.EventReaction}},
		State:    &mautrix.FilterPart{LazyLoadMembers: true, Types: []ev.Type{ev.StateMember, ev.StateRoomName}},
	}}
	made, err := bot.CreateFilter(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	s.Send(string(room), Person(9), "m.reaction", map[string]any{})
	s.Say(string(room), Person(3), "one")
	s.Say(string(room), Person(4), "two")
	s.Send(string(room), Person(9), "m.reaction", map[string]any{})

	first := syncOnce(t, bot, "", made.FilterID)
	joined := first.Rooms.Join[room]
	if got := bodies(joined.Timeline.Events); !slices.Equal(got, []string{"one", "two"}) || !joined.Timeline.Limited {
		t.Errorf("timeline = %v, limited %t", got, joined.Timeline.Limited)
	}
	if got, want := keys(joined.State.Events), []string{"", s.User, Person(3), Person(4)}; !slices.Equal(got, want) {
		t.Errorf("state keys = %q, want %q", got, want)
	}

	s.Say(string(room), Person(4), "three")
	s.Say(string(room), Person(5), "four")
	next := syncOnce(t, bot, first.NextBatch, made.FilterID).Rooms.Join[room]
	if got, want := keys(next.State.Events), []string{Person(5)}; !slices.Equal(got, want) {
		t.Errorf("members of the second sync = %q, want the new speaker %q", got, want)
	}

	all := syncOnce(t, bot, "", "").Rooms.Join[room]
	if got := len(all.State.Events) + len(all.Timeline.Events); got < 55 {
		t.Errorf("without a filter %d events, want all members", got)
	}
	if _, err := bot.FullSyncRequest(t.Context(), mautrix.ReqSync{FilterID: "99"}); err == nil {
		t.Error("an unknown filter is taken")
	}
}

func keys(events []*ev.Event) (list []string) {
	for _, e := range events {
		list = append(list, e.GetStateKey())
	}
	return list
}

func TestInviteJoinLeave(t *testing.T) {
	s, bot := newServer(t, Options{})
	ctx, room := t.Context(), "!opaque"
	s.NewRoom(room, "@ana:"+Name)
	since := syncOnce(t, bot, "", "").NextBatch
	if _, err := bot.JoinRoomByID(ctx, id.RoomID(room)); err == nil {
		t.Error("joined without an invitation")
	}
	s.SetState(room, "@ana:"+Name, "m.room.member", s.User, map[string]string{"membership": "invite"})
	s.Say(room, "@ana:"+Name, "not for the bot yet")
	res := syncOnce(t, bot, since, "")
	if len(res.Rooms.Invite) != 1 || len(res.Rooms.Join) != 0 {
		t.Fatalf("after the invitation: %+v", res.Rooms)
	}
	if _, err := bot.JoinRoomByID(ctx, id.RoomID(room)); err != nil {
		t.Fatal(err)
	}
	res = syncOnce(t, bot, res.NextBatch, "")
	joined := res.Rooms.Join[id.RoomID(room)]
	if joined == nil || len(joined.State.Events)+len(joined.Timeline.Events) < 6 {
		t.Fatalf("after joining: %+v", joined)
	}
	if got, err := bot.JoinedMembers(ctx, id.RoomID(room)); err != nil || len(got.Joined) != 2 {
		t.Errorf("members = %v, %v", got, err)
	}
	if _, err := bot.LeaveRoom(ctx, id.RoomID(room)); err != nil {
		t.Fatal(err)
	}
	if res = syncOnce(t, bot, res.NextBatch, ""); len(res.Rooms.Leave) != 1 {
		t.Errorf("after leaving: %+v", res.Rooms)
	}
	if _, err := answer(ctx, bot, room, "$x", "hello?", "t"); err == nil {
		t.Error("sent to a room it has left")
	}
}

func TestRoomsOfTheBotsOwn(t *testing.T) {
	s, bot := newServer(t, Options{})
	ctx := t.Context()
	made, err := bot.CreateRoom(ctx, &mautrix.ReqCreateRoom{Name: "For Ana", IsDirect: true, Invite: []id.UserID{"@ana:" + Name}})
	if err != nil {
		t.Fatal(err)
	}
	ana := newClient(t, s, "", "")
	login(t, ana, "ana", "PHONE")
	if res := syncOnce(t, ana, "", ""); res.Rooms.Invite[made.RoomID] == nil {
		t.Errorf("ana is not invited: %+v", res.Rooms)
	}
	if _, err := ana.JoinRoomByID(ctx, made.RoomID); err != nil {
		t.Fatal(err)
	}
	var name ev.RoomNameEventContent
	if err := ana.StateEvent(ctx, made.RoomID, ev.StateRoomName, "", &name); err != nil || name.Name != "For Ana" {
		t.Errorf("name = %q, %v", name.Name, err)
	}
	if _, err := bot.SendStateEvent(ctx, made.RoomID, ev.StateTopic, "", &ev.TopicEventContent{Topic: "tools"}); err != nil {
		t.Error(err)
	}
	if list, err := bot.JoinedRooms(ctx); err != nil || len(list.JoinedRooms) != 1 {
		t.Errorf("joined rooms = %v, %v", list, err)
	}
	if list, err := bot.Members(ctx, made.RoomID); err != nil || len(list.Chunk) != 2 {
		t.Errorf("members = %v, %v", list, err)
	}
	if state, err := bot.State(ctx, made.RoomID); err != nil || state[ev.StateTopic] == nil {
		t.Errorf("state = %v, %v", state, err)
	}
}

func TestRedaction(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	room := s.Rooms()[0]
	said := s.Say(room, Person(0), "!whohas ladder")
	since := syncOnce(t, bot, "", "").NextBatch
	s.Redact(room, Person(0), said)
	got := syncOnce(t, bot, since, "").Rooms.Join[id.RoomID(room)].Timeline.Events
	if len(got) != 1 || got[0].Type != ev.EventRedaction || got[0].Redacts.String() != said {
		t.Errorf("after the redaction: %v", got)
	}
	if text := s.Text(said); text != "" {
		t.Errorf("the deleted message still says %q", text)
	}
	mine := mustAnswer(t, bot, room, said, "sorry", "t1")
	if _, err := bot.RedactEvent(t.Context(), id.RoomID(room), id.EventID(mine)); err != nil {
		t.Fatal(err)
	}
	if text := s.Text(mine); text != "" {
		t.Errorf("the bot's deleted message still says %q", text)
	}
}
