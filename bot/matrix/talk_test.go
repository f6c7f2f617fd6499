package matrix_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/event/cmdschema"
	"maunium.net/go/mautrix/id"
)

var botID = dendritetest.UserID("bot")

// bothKinds runs a test in a plain and in an encrypted room of one server.
func bothKinds(t *testing.T, test func(t *testing.T, h *house, alice *person, room id.RoomID)) {
	server := dendritetest.Start(t)
	h := newHouse(t, server.URL)
	h.start(t)
	alice := newPerson(t, server, "alice")
	for _, encrypted := range []bool{false, true} {
		name := map[bool]string{false: "plain", true: "encrypted"}[encrypted]
		t.Run(name, func(t *testing.T) {
			alice.t = t
			test(t, h, alice, alice.room(encrypted, nil))
		})
	}
}

// Each way of talking, one after the other: starting a server for each would
// take longer than all of them.
func TestTalk(t *testing.T) {
	bothKinds(t, func(t *testing.T, h *house, alice *person, room id.RoomID) {
		t.Run("answer", func(t *testing.T) { answers(t, alice, room) })
		t.Run("ring", func(t *testing.T) { rings(t, alice, room) })
		t.Run("thread", func(t *testing.T) { threads(t, alice, room) })
		t.Run("edit", func(t *testing.T) { edits(t, alice, room) })
		t.Run("delete", func(t *testing.T) { deletes(t, alice, room) })
		t.Run("confirm", func(t *testing.T) { confirms(t, alice, room) })
		t.Run("react", func(t *testing.T) { reacts(t, alice, room) })
		t.Run("poll", func(t *testing.T) { votes(t, alice, room) })
		t.Run("picture", func(t *testing.T) { pictures(t, h, alice, room) })
		t.Run("whisper", func(t *testing.T) { whispers(t, alice, room) })
		t.Run("check", func(t *testing.T) { checks(t, h, alice, room) })
	})
}

func answers(t *testing.T, alice *person, room id.RoomID) {
	e := alice.answer(alice.say(room, "!echo hello <b>world</b>"))
	c := e.Content.AsMessage()
	if c.Body != "echo: hello <b>world</b>" || !strings.Contains(c.FormattedBody, "<strong>hello &lt;b") {
		t.Errorf("answer = %q, %q", c.Body, c.FormattedBody)
	}
	if c.MsgType != event.MsgNotice {
		t.Errorf("an answer is %s, want m.notice", c.MsgType)
	}
	if c.Mentions == nil || len(c.Mentions.UserIDs) > 0 || c.Mentions.Room {
		t.Errorf("mentions = %+v, want present and empty", c.Mentions)
	}
}

func rings(t *testing.T, alice *person, room id.RoomID) {
	c := alice.answer(alice.say(room, "!ring")).Content.AsMessage()
	if c.MsgType != event.MsgText || c.Mentions.Room || !slices.Equal(c.Mentions.UserIDs, []id.UserID{alice.client.UserID}) {
		t.Errorf("%s with mentions %+v, want m.text that rings only for alice", c.MsgType, c.Mentions)
	}
	if want := `href="https://matrix.to/#/` + alice.client.UserID.String(); !strings.Contains(c.FormattedBody, want) {
		t.Errorf("formatted = %q, want a link to alice", c.FormattedBody)
	}
}

func threads(t *testing.T, alice *person, room id.RoomID) {
	root := alice.say(room, "let us talk about ladders")
	asked := alice.say(room, "!echo in a thread", func(c *event.MessageEventContent) { c.RelatesTo = (&event.RelatesTo{}).SetThread(root, root) })
	rel := alice.answer(asked).Content.AsMessage().RelatesTo
	if rel.GetThreadParent() != root || rel.IsFallingBack {
		t.Errorf("relation = %+v, want in the thread of %s", rel, root)
	}
}

func edits(t *testing.T, alice *person, room id.RoomID) {
	asked := alice.say(room, "!echo eigth")
	first := alice.answer(asked)
	alice.say(room, "* !echo eight", func(c *event.MessageEventContent) { c.Body = "!echo eight"; c.SetEdit(asked) })
	changed := alice.wait("the changed answer", func(e *event.Event) bool {
		return e.Sender == botID && e.Type == event.EventMessage && e.Content.AsMessage().RelatesTo.GetReplaceID() == first.ID
	}).Content.AsMessage()
	if changed.NewContent == nil || changed.NewContent.Body != "echo: eight" {
		t.Errorf("changed to %+v", changed.NewContent)
	}
}

func deletes(t *testing.T, alice *person, room id.RoomID) {
	asked := alice.say(room, "!echo oh no")
	first := alice.answer(asked)
	if _, err := alice.client.RedactEvent(context.Background(), room, asked); err != nil {
		t.Fatal(err)
	}
	alice.wait("the answer's end", func(e *event.Event) bool {
		return e.Sender == botID && e.Type == event.EventRedaction && (e.Redacts == first.ID || e.Content.AsRedaction().Redacts == first.ID)
	})
}

func confirms(t *testing.T, alice *person, room id.RoomID) {
	question := alice.answer(alice.say(room, "!lend ladder"))
	alice.react(room, question.ID, "✅")
	alice.wait("the ladder lent", func(e *event.Event) bool {
		return e.RoomID == room && e.Sender == botID && e.Type == event.EventMessage && e.Content.AsMessage().Body == "Lent: ladder"
	})
}

func reacts(t *testing.T, alice *person, room id.RoomID) {
	asked := alice.say(room, "!echo react")
	alice.wait("the bot's reaction", func(e *event.Event) bool {
		return e.Sender == botID && e.Type == event.EventReaction && e.Content.AsReaction().RelatesTo.EventID == asked && e.Content.AsReaction().RelatesTo.Key == "👀"
	})
}

func pictures(t *testing.T, h *house, alice *person, room id.RoomID) {
	e := alice.answer(alice.say(room, "!picture"))
	c := e.Content.AsMessage()
	if c.MsgType != event.MsgImage || c.Body != "one dot" || c.FileName != "dot.png" || c.Info.Width != 1 {
		t.Errorf("picture = %s %q %q %+v", c.MsgType, c.Body, c.FileName, c.Info)
	}
	uri := c.URL
	if c.File != nil {
		uri = c.File.URL
	}
	data, err := alice.client.DownloadBytes(context.Background(), uri.ParseOrIgnore())
	if err == nil && c.File != nil {
		err = c.File.DecryptInPlace(data)
	}
	if err != nil || !bytes.Equal(data, dot()) {
		t.Errorf("downloaded %d bytes, %v; want the dot", len(data), err)
	}
	got, err := h.transport.File(context.Background(), bot.Room{Site: "matrix", ID: room.String()}, e.ID.String(), 1<<20)
	if err != nil || got.Name != "dot.png" || got.Alt != "one dot" || !bytes.Equal(got.Data, dot()) {
		t.Errorf("File = %+v, %v", got, err)
	}
}

// The second whisper goes to the same room as the first.
func whispers(t *testing.T, alice *person, room id.RoomID) {
	var rooms []id.RoomID
	for _, words := range []string{"one " + room.String(), "two " + room.String()} {
		alice.say(room, "!whisper "+words)
		direct := alice.wait("an invitation to a direct room", func(e *event.Event) bool {
			return e.Type == event.StateMember && e.Sender == botID && e.GetStateKey() == alice.client.UserID.String() && e.Content.AsMember().IsDirect
		}).RoomID
		if _, err := alice.client.JoinRoomByID(context.Background(), direct); err != nil {
			t.Fatal(err)
		}
		rooms = append(rooms, alice.wait("the whisper", func(e *event.Event) bool {
			return e.Sender == botID && e.Type == event.EventMessage && strings.Contains(e.Content.AsMessage().Body, words) && e.RoomID != room
		}).RoomID)
	}
	if rooms[0] != rooms[1] {
		t.Errorf("whispered in %v, want one room", rooms)
	}
	var echo cmdschema.EventContent
	key := (&cmdschema.EventContent{Command: "echo"}).StateKey(botID)
	if err := alice.client.StateEvent(context.Background(), rooms[0], event.StateMSC4391BotCommand, key, &echo); err != nil || echo.TailParam != "words" || echo.Validate() != nil {
		t.Errorf("clients are told of !echo: %+v, %v", echo, err)
	}
	alice.answer(alice.say(rooms[0], "echo without the exclamation mark"))
}

// A vote may come under either of its names; the bot's own poll is ended by it.
func votes(t *testing.T, alice *person, room id.RoomID) {
	alice.say(room, "!poll")
	poll := alice.wait("the poll", func(e *event.Event) bool { return e.Type == event.EventUnstablePollStart && e.RoomID == room })
	asked, ok := poll.Content.Parsed.(*event.PollStartEventContent)
	if !ok || len(asked.PollStart.Answers) != 3 || asked.PollStart.Question.Text != "When?" || asked.PollStart.Answers[2].ID != "3" {
		t.Fatalf("the poll is %s", poll.Content.VeryRaw)
	}
	relates := map[string]any{"rel_type": "m.reference", "event_id": poll.ID}
	for _, v := range []struct {
		kind    event.Type
		content map[string]any
		says    string
	}{
		{event.EventUnstablePollResponse, map[string]any{"org.matrix.msc3381.poll.response": map[string]any{"answers": []string{"1", "3"}}}, "you chose 1 3"},
		{event.Type{Type: "m.poll.response", Class: event.MessageEventType}, map[string]any{"m.selections": []string{"2"}}, "you chose 2"},
	} {
		v.content["m.relates_to"] = relates
		if _, err := alice.client.SendMessageEvent(context.Background(), room, v.kind, v.content); err != nil {
			t.Fatal(err)
		}
		alice.wait(v.says, func(e *event.Event) bool {
			return e.Sender == botID && e.RoomID == room && e.Type == event.EventMessage && e.Content.AsMessage().Body == v.says
		})
	}
	alice.wait("the end of the poll", func(e *event.Event) bool {
		return e.Type.Type == "org.matrix.msc3381.poll.end" && e.RoomID == room && strings.Contains(string(e.Content.VeryRaw), poll.ID.String())
	})
}

func checks(t *testing.T, h *house, alice *person, room id.RoomID) {
	in := bot.Room{Site: "matrix", ID: room.String()}
	lines, err := h.transport.Check(context.Background(), in, alice.client.UserID.String())
	text := strings.Join(lines, "\n")
	if err != nil || !strings.Contains(text, "✅ I may speak.") || !strings.Contains(text, "Your power here is") {
		t.Errorf("Check = %s, %v", text, err)
	}
	levels := &event.PowerLevelsEventContent{}
	if err := alice.client.StateEvent(context.Background(), room, event.StatePowerLevels, "", levels); err != nil {
		t.Fatal(err)
	}
	levels.EventsDefault = 50
	if _, err := alice.client.SendStateEvent(context.Background(), room, event.StatePowerLevels, "", levels); err != nil {
		t.Fatal(err)
	}
	lines, err = h.transport.Check(context.Background(), in, "")
	if text := strings.Join(lines, "\n"); err != nil || !strings.Contains(text, "I may not speak: `events → m.room.") || !strings.Contains(text, "is 50. Give me that power") {
		t.Errorf("Check = %s, %v", text, err)
	}
}
