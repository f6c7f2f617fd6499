package matrix_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"git.coop/cotech/wortley/bot/matrix"
	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

func TestRooms(t *testing.T) {
	server := dendritetest.Start(t)
	p := newProxy(t, server.URL)
	h := newHouse(t, p.url)
	h.hello = "Hello, I am the bot."
	h.start(t)
	alice, bob := newPerson(t, server, "alice"), newPerson(t, server, "bob")
	t.Run("declined", func(t *testing.T) { declined(t, p, bob) })
	t.Run("hello", func(t *testing.T) { hello(t, alice) })
	t.Run("history", func(t *testing.T) { history(t, alice) })
	t.Run("alone", func(t *testing.T) { alone(t, h, alice) })
	t.Run("alone at once", func(t *testing.T) { aloneAtOnce(t, p, h, alice) })
	t.Run("counted out", func(t *testing.T) { countedOut(t, p, h, alice) })
	t.Run("direct", func(t *testing.T) { direct(t, h, alice) })
	t.Run("upgrade", func(t *testing.T) { upgrade(t, alice) })
	t.Run("hostile upgrade", func(t *testing.T) { hostile(t, h, alice, bob) })
	t.Run("verified", func(t *testing.T) { verified(t, h, alice) })
	t.Run("receipt", func(t *testing.T) { receipt(t, alice) })
}

// Bob is on no list. (Dendrite keeps the reason to itself.)
func declined(t *testing.T, p *proxy, bob *person) {
	var reason atomic.Value
	p.make(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/leave") {
			body, _ := io.ReadAll(r.Body)
			reason.Store(string(body))
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		return false
	})
	defer p.make(nil)
	made, err := bob.client.CreateRoom(context.Background(), &mautrix.ReqCreateRoom{Preset: "private_chat", Invite: []id.UserID{botID}})
	if err != nil {
		t.Fatal(err)
	}
	bob.wait("the bot's no", func(e *event.Event) bool {
		return e.RoomID == made.RoomID && e.Type == event.StateMember && e.GetStateKey() == botID.String() && e.Content.AsMember().Membership == event.MembershipLeave
	})
	if r, _ := reason.Load().(string); !strings.Contains(r, `"reason":"I only join rooms that`) {
		t.Errorf("declined with %s", r)
	}
}

func hello(t *testing.T, alice *person) {
	room := alice.room(true, nil)
	e := alice.wait("hello", func(e *event.Event) bool {
		return e.RoomID == room && e.Sender == botID && e.Type == event.EventMessage && e.Content.AsMessage().Body == "Hello, I am the bot."
	})
	if !e.Mautrix.WasEncrypted {
		t.Error("it said hello in plain text in an encrypted room")
	}
}

// What was said before the bot came is none of its business.
func history(t *testing.T, alice *person) {
	made, err := alice.client.CreateRoom(context.Background(), &mautrix.ReqCreateRoom{Preset: "private_chat"})
	if err != nil {
		t.Fatal(err)
	}
	room := made.RoomID
	old := alice.say(room, "!echo old")
	if _, err := alice.client.InviteUser(context.Background(), room, &mautrix.ReqInviteUser{UserID: botID}); err != nil {
		t.Fatal(err)
	}
	joins(alice, room)
	alice.answer(alice.say(room, "!echo new"))
	if n := alice.count(func(e *event.Event) bool {
		return e.Sender == botID && e.Type == event.EventMessage && e.Content.AsMessage().RelatesTo.GetReplyTo() == old
	}); n != 0 {
		t.Error("it answered what was said before it came")
	}
}

func alone(t *testing.T, h *house, alice *person) {
	room := alice.room(false, nil)
	if _, err := alice.client.LeaveRoom(context.Background(), room); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the bot left the empty room", func() bool {
		return h.one(t, "SELECT joined FROM matrix_room WHERE id = $1", room) == "0"
	})
}

// A server may count somebody out before it shows that they left. The count
// alone is no reason to go, but the leaving that follows is.
func countedOut(t *testing.T, p *proxy, h *house, alice *person) {
	room := alice.room(false, nil)
	p.replace("/sync", func(body string) string {
		// No path of gjson: "!1" at the start of a room's ID would be a number to it.
		gjson.Get(body, "rooms.join").ForEach(func(id, in gjson.Result) bool {
			if id.Str == room.String() {
				counted, _ := sjson.Set(in.Raw, "summary", map[string]int{"m.joined_member_count": 1, "m.invited_member_count": 0})
				body = strings.Replace(body, in.Raw, counted, 1)
			}
			return true
		})
		return body
	})
	defer p.replace("/sync", func(body string) string { return body })
	alice.answer(alice.say(room, "!echo am I here?"))
	eventually(t, "the bot has been told that it is alone", func() bool {
		return h.one(t, "SELECT joined || members FROM matrix_room WHERE id = $1", room) == "11"
	})
	alice.answer(alice.say(room, "!echo and now?"))
	if _, err := alice.client.LeaveRoom(context.Background(), room); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the bot left the empty room", func() bool {
		return h.one(t, "SELECT joined FROM matrix_room WHERE id = $1", room) == "0"
	})
}

// The bot hears of its own arrival and of Alice's leaving in one answer, and
// before it hears that its request to join went well.
func aloneAtOnce(t *testing.T, p *proxy, h *house, alice *person) {
	const name = "Left at once"
	var gone atomic.Bool
	heard := make(chan struct{})
	p.replace("/sync", func(body string) string {
		if !gone.Load() && strings.Contains(gjson.Get(body, "rooms.join").Raw, name) {
			return "{" // cannot be read: it is asked for again
		}
		return body
	})
	p.make(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/join") {
			return false
		}
		answer := httptest.NewRecorder()
		p.pass(answer, r)
		<-heard
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
		return true
	})
	defer p.make(nil)
	defer p.replace("/sync", func(body string) string { return body })
	room := alice.room(false, func(req *mautrix.ReqCreateRoom) { req.Name = name })
	if _, err := alice.client.LeaveRoom(context.Background(), room); err != nil {
		t.Fatal(err)
	}
	gone.Store(true)
	eventually(t, "the bot knows of the room", func() bool {
		return h.one(t, "SELECT joined FROM matrix_room WHERE id = $1", room) == "1"
	})
	close(heard)
	eventually(t, "the bot left the empty room", func() bool {
		return h.one(t, "SELECT joined FROM matrix_room WHERE id = $1", room) == "0"
	})
}

// In a direct room everything is said to the bot, and the account says that it is one.
func direct(t *testing.T, h *house, alice *person) {
	room := alice.room(true, func(req *mautrix.ReqCreateRoom) { req.IsDirect = true; req.Preset = "trusted_private_chat" })
	alice.answer(alice.say(room, "echo hello"))
	token := h.one(t, "SELECT token FROM matrix_device")
	me, err := mautrix.NewClient(h.url, botID, token)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "m.direct names the room", func() bool {
		var list map[id.UserID][]id.RoomID
		return me.GetAccountData(context.Background(), "m.direct", &list) == nil && len(list[alice.client.UserID]) == 1 && list[alice.client.UserID][0] == room
	})
}

func upgrade(t *testing.T, alice *person) {
	old := alice.room(false, nil)
	next, err := alice.client.CreateRoom(context.Background(), &mautrix.ReqCreateRoom{Preset: "public_chat"})
	if err != nil {
		t.Fatal(err)
	}
	bury(t, alice, old, next.RoomID)
	joins(alice, next.RoomID)
	alice.answer(alice.say(next.RoomID, "!echo still here"))
}

func bury(t *testing.T, p *person, old, next id.RoomID) {
	t.Helper()
	if _, err := p.client.SendStateEvent(context.Background(), old, event.StateTombstone, "", &event.TombstoneEventContent{Body: "moved", ReplacementRoom: next}); err != nil {
		t.Fatal(err)
	}
}

func joins(p *person, room id.RoomID) {
	p.t.Helper()
	p.wait("the bot's join", func(e *event.Event) bool {
		return e.RoomID == room && e.Type == event.StateMember && e.GetStateKey() == botID.String() && e.Content.AsMember().Membership == event.MembershipJoin
	})
}

// Somebody who is no moderator sends the bot elsewhere, in a room whose
// settings let anybody write state.
func hostile(t *testing.T, h *house, alice, bob *person) {
	old := alice.room(false, func(req *mautrix.ReqCreateRoom) {
		zero := 0
		req.Invite = append(req.Invite, bob.client.UserID)
		req.PowerLevelOverride = &event.PowerLevelsEventContent{StateDefaultPtr: &zero, Users: map[id.UserID]int{alice.client.UserID: 100}, Events: map[string]int{"m.room.tombstone": 0}}
	})
	if _, err := bob.client.JoinRoomByID(context.Background(), old); err != nil {
		t.Fatal(err)
	}
	trap, err := bob.client.CreateRoom(context.Background(), &mautrix.ReqCreateRoom{Preset: "public_chat"})
	if err != nil {
		t.Fatal(err)
	}
	bury(t, bob, old, trap.RoomID)
	eventually(t, "the errand is over", func() bool {
		return h.one(t, "SELECT succeeds FROM matrix_room WHERE id = $1", trap.RoomID) == old.String() &&
			h.one(t, "SELECT count(*) FROM matrix_errand") == "0"
	})
	if joined := h.one(t, "SELECT joined FROM matrix_room WHERE id = $1", trap.RoomID); joined != "0" {
		t.Errorf("the bot walked into the trap")
	}
}

func verified(t *testing.T, h *house, alice *person) {
	trusts(t, alice, h.device(t))
	if v := h.status(); v != "yes" {
		t.Errorf("verified by its owner: %s", v)
	}
}

// trusts fails unless a person's client shows a device of the bot as verified.
func trusts(t *testing.T, p *person, device id.DeviceID) {
	t.Helper()
	m := p.crypto.Machine()
	if _, err := m.FetchKeys(context.Background(), []id.UserID{botID}, true); err != nil {
		t.Fatal(err)
	}
	d, err := m.GetOrFetchDevice(context.Background(), botID, device)
	if err != nil {
		t.Fatal(err)
	}
	if trust, err := m.ResolveTrustContext(context.Background(), d); err != nil || trust < id.TrustStateCrossSignedTOFU {
		t.Errorf("alice sees the bot's device as %s, %v", trust, err)
	}
}

func receipt(t *testing.T, alice *person) {
	room := alice.room(false, nil)
	asked := alice.say(room, "!echo have you read this")
	alice.wait("a read receipt", func(e *event.Event) bool {
		if e.Type != event.EphemeralEventReceipt || e.RoomID != room {
			return false
		}
		_, read := (*e.Content.AsReceipt())[asked][event.ReceiptTypeRead][botID]
		return read
	})
}

// With encryption off the bot says nothing in encrypted rooms, rather than
// saying it in plain text; plain rooms work.
func TestEncryptionOff(t *testing.T) {
	server := dendritetest.Start(t)
	h := newHouse(t, server.URL)
	h.change = func(c *matrix.Config) { c.Encryption = "off" }
	h.start(t)
	alice := newPerson(t, server, "alice")
	sealed, open := alice.room(true, nil), alice.room(false, nil)
	// A plain message in an encrypted room reaches the bot.
	if _, err := alice.client.SendMessageEvent(context.Background(), sealed, event.EventMessage,
		&event.MessageEventContent{MsgType: event.MsgText, Body: "!echo psst"}, mautrix.ReqSendEvent{DontEncrypt: true}); err != nil {
		t.Fatal(err)
	}
	alice.answer(alice.say(open, "!echo hello"))
	eventually(t, "the answer is given up", func() bool { return h.one(t, "SELECT count(*) FROM outbox WHERE state = 'given up'") == "1" })
	if n := alice.count(func(e *event.Event) bool {
		return e.RoomID == sealed && e.Sender == botID && e.Type == event.EventMessage
	}); n != 0 {
		t.Errorf("%d messages in the encrypted room, want none", n)
	}
}

// The server forgets to mention that the room is encrypted. The bot asks
// before it speaks.
func TestHiddenEncryption(t *testing.T) {
	server := dendritetest.Start(t)
	p := newProxy(t, server.URL)
	p.replace("/sync", func(body string) string { return strings.ReplaceAll(body, `"m.room.encryption"`, `"x.hidden"`) })
	newHouse(t, p.url).start(t)
	alice := newPerson(t, server, "alice")
	room := alice.room(true, nil)
	if e := alice.answer(alice.say(room, "!echo secret")); !e.Mautrix.WasEncrypted {
		t.Error("the answer was not encrypted")
	}
}
