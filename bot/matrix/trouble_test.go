package matrix_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/matrix"
	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// once fails unless each of the messages has one answer, and no other
// message has two.
func (p *person) once(asked []id.EventID) {
	p.t.Helper()
	for _, a := range asked {
		p.answer(a)
	}
	answers := map[id.EventID][]string{}
	p.count(func(e *event.Event) bool {
		if e.Sender == botID && e.Type == event.EventMessage {
			to := e.Content.AsMessage().RelatesTo.GetReplyTo()
			answers[to] = append(answers[to], fmt.Sprint(e.ID, " at ", time.UnixMilli(e.Timestamp).UTC().Format("15:04:05.000")))
		}
		return false
	})
	for a, all := range answers {
		slices.Sort(all)
		if all = slices.Compact(all); len(all) != 1 { // a server that was restarted may show an event to her again
			p.t.Errorf("%d answers to %s: %v", len(all), a, all)
		}
	}
}

// A refusal in each of the forms there are, and a connection that breaks
// after the server has taken the post: each is answered once.
func TestBadProxy(t *testing.T) {
	server := dendritetest.Start(t)
	p := newProxy(t, server.URL)
	h := newHouse(t, p.url)
	h.start(t)
	alice := newPerson(t, server, "alice")
	rooms := []id.RoomID{alice.room(false, nil), alice.room(true, nil)}
	var asked []id.EventID
	for _, room := range rooms {
		asked = append(asked, alice.say(room, "!echo first"))
		alice.answer(asked[len(asked)-1])
		for name, trouble := range map[string]http.HandlerFunc{
			"429 body": func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(429)
				fmt.Fprint(w, `{"errcode":"M_LIMIT_EXCEEDED","error":"slow down","retry_after_ms":120}`)
			},
			"429 header": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(429)
			},
			"502":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) },
			"cut before": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			"cut after": func(_ http.ResponseWriter, r *http.Request) {
				p.pass(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			},
			"504 after": func(w http.ResponseWriter, r *http.Request) {
				p.pass(httptest.NewRecorder(), r)
				w.WriteHeader(504)
			},
		} {
			var struck atomic.Bool
			p.make(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.Contains(r.URL.Path, "/send/m.room.") || !struck.CompareAndSwap(false, true) {
					return false
				}
				trouble(w, r)
				return true
			})
			said := alice.say(room, "!echo xylophone "+name)
			alice.answer(said)
			asked = append(asked, said)
			if !struck.Load() {
				t.Errorf("%s: the proxy made no trouble", name)
			}
		}
	}
	p.make(nil)
	for _, room := range rooms {
		asked = append(asked, alice.say(room, "!echo last"))
	}
	alice.once(asked)
	if strings.Contains(h.out.String(), "xylophone") {
		t.Error("what people say is in the log")
	}
}

// The key to a message comes after the message.
func TestLateKey(t *testing.T) {
	server := dendritetest.Start(t)
	p := newProxy(t, server.URL)
	var mu sync.Mutex
	var held []json.RawMessage
	holding := false
	p.replace("/sync", func(body string) string {
		mu.Lock()
		defer mu.Unlock()
		all := []json.RawMessage{}
		for _, e := range gjson.Get(body, "to_device.events").Array() {
			held = append(held, json.RawMessage(e.Raw))
		}
		if !holding {
			all, held = held, nil
		}
		changed, err := sjson.Set(body, "to_device.events", all)
		if err != nil {
			t.Error(err)
		}
		return changed
	})
	hold := func(on bool) {
		mu.Lock()
		defer mu.Unlock()
		holding = on
	}
	h := newHouse(t, p.url)
	h.start(t)
	alice := newPerson(t, server, "alice")
	room := alice.room(true, nil)
	hold(true)
	asked := alice.say(room, "!echo where is my key")
	eventually(t, "the message waits", func() bool { return h.one(t, "SELECT count(*) FROM matrix_undecrypted") == "1" })
	hold(false)
	alice.say(alice.room(false, nil), "!echo anything brings the next response")
	alice.once([]id.EventID{asked})
	if n := h.one(t, "SELECT count(*) FROM matrix_undecrypted"); n != "0" {
		t.Errorf("%s messages still wait", n)
	}
}

// The key to the bot's answer does not reach a person: her program asks for
// it, and gets it.
func TestKeyAgain(t *testing.T) {
	server := dendritetest.Start(t)
	p := newProxy(t, server.URL)
	newHouse(t, p.url).start(t)
	alice := newPerson(t, server, "alice")
	room := alice.room(true, nil)
	var swallowed atomic.Bool
	p.make(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/sendToDevice/") || !swallowed.CompareAndSwap(false, true) {
			return false
		}
		fmt.Fprint(w, `{}`)
		return true
	})
	alice.once([]id.EventID{alice.say(room, "!echo lost key")})
	if !swallowed.Load() {
		t.Error("no key was lost")
	}
}

// The key never comes: the bot asks for it, and then says so, once.
func TestLostKey(t *testing.T) {
	matrix.Hasten(t, 50*time.Millisecond)
	server := dendritetest.Start(t)
	p := newProxy(t, server.URL)
	p.replace("/sync", func(body string) string {
		if !gjson.Get(body, "to_device.events").IsArray() {
			return body
		}
		changed, err := sjson.Set(body, "to_device.events", []string{})
		if err != nil {
			t.Error(err)
		}
		return changed
	})
	h := newHouse(t, p.url)
	h.start(t)
	alice := newPerson(t, server, "alice")
	room := alice.room(true, nil)
	first := alice.say(room, "!echo one")
	alice.say(room, "!echo two")
	eventually(t, "the key was asked for", func() bool { return h.one(t, "SELECT count(*) FROM matrix_undecrypted WHERE asked = 1") == "2" })
	other := alice.room(false, nil)
	alice.answer(alice.say(other, "!echo anything"))
	told := alice.answer(first)
	if body := told.Content.AsMessage().Body; !strings.Contains(body, "I cannot read this message") {
		t.Errorf("told %q", body)
	}
	alice.answer(alice.say(other, "!echo and again"))
	if n := alice.count(func(e *event.Event) bool {
		return e.RoomID == room && e.Sender == botID && e.Type == event.EventMessage
	}); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
}

// A soft logout: the same device logs in again.
func TestSoftLogout(t *testing.T) {
	server := dendritetest.Start(t)
	p := newProxy(t, server.URL)
	h := newHouse(t, p.url)
	h.start(t)
	alice := newPerson(t, server, "alice")
	room := alice.room(true, nil)
	alice.answer(alice.say(room, "!echo before"))
	device, token := h.device(t), h.one(t, "SELECT token FROM matrix_device")
	p.make(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") != "Bearer "+token {
			return false
		}
		w.WriteHeader(401)
		fmt.Fprint(w, `{"errcode":"M_UNKNOWN_TOKEN","error":"who?","soft_logout":true}`)
		return true
	})
	alice.once([]id.EventID{alice.say(room, "!echo after")})
	if now := h.device(t); now != device {
		t.Errorf("device %s became %s", device, now)
	}
}

// A hard logout: a new device, which people's clients trust at once.
func TestHardLogout(t *testing.T) {
	server := dendritetest.Start(t)
	h := newHouse(t, server.URL)
	h.start(t)
	alice := newPerson(t, server, "alice")
	room := alice.room(true, nil)
	alice.answer(alice.say(room, "!echo before"))
	device := h.device(t)
	me, err := mautrix.NewClient(server.URL, botID, h.one(t, "SELECT token FROM matrix_device"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := me.Logout(context.Background()); err != nil {
		t.Fatal(err)
	}
	alice.say(alice.room(false, nil), "!echo wakes the bot up") // joining needs the new login
	eventually(t, "a new device", func() bool {
		return h.device(t) != device && h.one(t, "SELECT token FROM matrix_device") != ""
	})
	eventually(t, "it is signed", func() bool { return h.status() == "yes" })
	trusts(t, alice, h.device(t))
	alice.once([]id.EventID{alice.say(room, "!echo after")})
}

// 300 commands are said while the bot is away. Of those, the server shows
// only the last ones by itself.
func TestAway(t *testing.T) {
	server := dendritetest.Start(t)
	h := newHouse(t, server.URL)
	stop := h.start(t)
	alice := newPerson(t, server, "alice")
	rooms := []id.RoomID{alice.room(false, nil), alice.room(true, nil)}
	for _, room := range rooms {
		alice.answer(alice.say(room, "!echo here"))
	}
	stop()
	var asked []id.EventID
	for i := range 300 {
		asked = append(asked, alice.say(rooms[i/150], fmt.Sprintf("!echo %d", i)))
	}
	h.start(t)
	alice.once(asked)
}

// The server is killed and started again while people talk.
func TestServerRestarts(t *testing.T) {
	server := dendritetest.Start(t)
	newHouse(t, server.URL).start(t)
	alice := newPerson(t, server, "alice")
	rooms := []id.RoomID{alice.room(false, nil), alice.room(true, nil)}
	var asked []id.EventID
	for i := range 90 {
		if i%30 == 29 {
			server.Kill()
			server.Restart()
		}
		asked = append(asked, alice.say(rooms[i%2], fmt.Sprintf("!echo %d", i)))
	}
	alice.once(asked)
}

// A server that has forgotten transaction IDs is asked for a post that may
// have been said long ago.
func TestForgetfulServer(t *testing.T) {
	server := dendritetest.Start(t)
	h := newHouse(t, server.URL)
	h.start(t)
	alice := newPerson(t, server, "alice")
	for _, room := range []id.RoomID{alice.room(false, nil), alice.room(true, nil)} {
		alice.answer(alice.say(room, "!echo first"))
		p := bot.Post{Key: "test/" + room.String(), Room: bot.Room{Site: "matrix", ID: room.String()}, Kind: bot.Say, Text: "only once", Made: time.Now().Add(-time.Hour), Tries: 1}
		first, err := h.transport.Send(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		alice.wait("the post", func(e *event.Event) bool { return e.ID.String() == first })
		server.Kill()
		server.Restart()
		p.Tries = 2
		if again, err := h.transport.Send(context.Background(), p); err != nil || again != first {
			t.Errorf("Send = %s, %v; want the first event, %s", again, err, first)
		}
	}
}

// The bot is killed at random moments while 400 commands are said.
func TestKilled(t *testing.T) {
	server := dendritetest.Start(t)
	h := newHouse(t, server.URL)
	kill := h.spawn(t)
	alice := newPerson(t, server, "alice")
	rooms := []id.RoomID{alice.room(false, nil), alice.room(true, nil)}
	killing, done := make(chan struct{}), make(chan int)
	go func() {
		for kills := 0; ; kills++ {
			select {
			case <-killing:
				done <- kills
				return
			case <-time.After(100*time.Millisecond + rand.N(1400*time.Millisecond)):
				kill()
				kill = h.spawn(t)
			}
		}
	}()
	var asked []id.EventID
	for i := range 400 {
		asked = append(asked, alice.say(rooms[i%2], fmt.Sprintf("!echo %d", i)))
	}
	close(killing)
	t.Logf("killed %d times", <-done)
	alice.once(asked)
}
