package dendritetest

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// A room and what was said in it outlive a server that is killed.
func TestKillAndRestart(t *testing.T) {
	server := Start(t)
	ctx, alice := t.Context(), server.Login("alice")
	room := newRoom(ctx, t, alice)
	said := say(ctx, t, alice, room, "the ladder is in the shed")

	server.Kill()
	if _, err := net.DialTimeout("tcp", server.addr, time.Second); err == nil {
		t.Fatal("something listens after Kill")
	}
	url := server.URL
	server.Restart()
	if server.URL != url {
		t.Errorf("URL after Restart = %s, want %s", server.URL, url)
	}

	got, err := alice.GetEvent(ctx, room, said)
	if err != nil {
		t.Fatal(err)
	}
	if err := got.Content.ParseRaw(got.Type); err != nil {
		t.Fatal(err)
	}
	if body := got.Content.AsMessage().Body; body != "the ladder is in the shed" {
		t.Errorf("body after restart = %q", body)
	}
	say(ctx, t, alice, room, "and the key is under the mat")
}

func TestRegister(t *testing.T) {
	server := Start(t)
	server.Register("dora", Password("dora"))
	server.Register("dora", "another-password") // known already: nothing changes
	if got, want := server.Login("dora").UserID, UserID("dora"); got != want {
		t.Errorf("logged in as %s, want %s", got, want)
	}
}

// Each server has its own data, and several run side by side.
func TestTwoServers(t *testing.T) {
	one, two := Start(t), Start(t)
	ctx, alice := t.Context(), one.Login("alice")
	room := newRoom(ctx, t, alice)
	joined, err := two.Login("alice").JoinedRooms(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(joined.JoinedRooms) != 0 {
		t.Errorf("the second server knows rooms %v; %s was made on the first", joined.JoinedRooms, room)
	}
}

func TestRateLimit(t *testing.T) {
	server := Start(t, RateLimit(2, time.Hour))
	ctx, alice := t.Context(), server.Login("alice")
	room := newRoom(ctx, t, alice)
	var err error
	for i := 0; i < 4 && err == nil; i++ {
		_, err = alice.JoinRoomByID(ctx, room)
	}
	if err == nil || !strings.Contains(err.Error(), "M_LIMIT_EXCEEDED") {
		t.Errorf("four joins with two allowed: %v, want M_LIMIT_EXCEEDED", err)
	}
}

func TestOnceMakesOnce(t *testing.T) {
	dir := t.TempDir() + "/made"
	made := 0
	for range 2 {
		err := once(dir, func(string) error { made++; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times, want once", made)
	}
}

func TestTail(t *testing.T) {
	var log tail
	for range 3 {
		if _, err := log.Write([]byte(strings.Repeat("x", tailSize-1) + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(log.String()); got != tailSize {
		t.Errorf("kept %d bytes, want %d", got, tailSize)
	}
}

func newRoom(ctx context.Context, t *testing.T, client *mautrix.Client) id.RoomID {
	t.Helper()
	made, err := client.CreateRoom(ctx, &mautrix.ReqCreateRoom{Name: "Tools", Preset: "private_chat"})
	if err != nil {
		t.Fatal(err)
	}
	return made.RoomID
}

func say(ctx context.Context, t *testing.T, client *mautrix.Client, room id.RoomID, text string) id.EventID {
	t.Helper()
	sent, err := client.SendMessageEvent(ctx, room, event.EventMessage,
		&event.MessageEventContent{MsgType: event.MsgText, Body: text})
	if err != nil {
		t.Fatal(err)
	}
	return sent.EventID
}
