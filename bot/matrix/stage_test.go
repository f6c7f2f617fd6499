package matrix_test

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/bot/matrix"
	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"git.coop/cotech/wortley/storage"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// The suite that every transport passes, in an encrypted room.
func TestTransport(t *testing.T) {
	bottest.TestTransport(t, func(t *testing.T) *bottest.Stage {
		server := dendritetest.Start(t)
		p := newProxy(t, server.URL)
		alice := newPerson(t, server, "alice")
		st := &stage{alice: alice, proxy: p}
		return &bottest.Stage{
			Transport: func(t *testing.T, db *storage.DB) bot.Transport {
				return matrix.New(matrix.Config{Homeserver: p.url, User: botID.String(), Password: dendritetest.Password("bot"),
					Invites: []string{dendritetest.ServerName}}, db.Database, nil)
			},
			Say:    st.say,
			Edit:   st.edit,
			Delete: st.delete,
			React:  func(to, emoji string) { alice.react(st.room, id.EventID(to), emoji) },
			Seen:   st.seen,
			Cut:    st.cut,
		}
	})
}

type stage struct {
	alice *person
	proxy *proxy
	room  id.RoomID
}

// say makes the room first: by then there is a bot to join it.
func (st *stage) say(text string) string {
	if st.room == "" {
		st.room = st.alice.room(true, nil)
	}
	return st.alice.say(st.room, text).String()
}

func (st *stage) edit(of, text string) {
	st.alice.say(st.room, text, func(c *event.MessageEventContent) { c.SetEdit(id.EventID(of)) })
}

func (st *stage) delete(of string) {
	if _, err := st.alice.client.RedactEvent(context.Background(), st.room, id.EventID(of)); err != nil {
		st.alice.t.Error(err)
	}
}

// seen is what a client shows: edits in place of what they edit, without what was taken back.
func (st *stage) seen() (all []bottest.Seen) {
	at, gone := map[id.EventID]int{}, map[id.EventID]bool{}
	st.alice.count(func(e *event.Event) bool {
		if e.Sender != botID {
			return false
		}
		switch e.Type {
		case event.EventRedaction:
			gone[e.Redacts] = true
			gone[e.Content.AsRedaction().Redacts] = true
		case event.EventMessage:
			c := e.Content.AsMessage()
			if i, ok := at[c.RelatesTo.GetReplaceID()]; ok {
				all[i].Text = shown(c.NewContent)
				return false
			}
			at[e.ID] = len(all)
			all = append(all, bottest.Seen{ID: e.ID.String(), Text: shown(c), ReplyTo: c.RelatesTo.GetReplyTo().String()})
		}
		return false
	})
	var kept []bottest.Seen
	for _, s := range all {
		if !gone[id.EventID(s.ID)] {
			kept = append(kept, s)
		}
	}
	return kept
}

var tags = regexp.MustCompile(`<[^>]*>`)

// shown is what a program shows of a message.
func shown(c *event.MessageEventContent) string {
	if c.FormattedBody == "" {
		return c.Body
	}
	return html.UnescapeString(tags.ReplaceAllString(c.FormattedBody, ""))
}

func (st *stage) cut(n int) {
	var left atomic.Int32
	left.Store(int32(n))
	st.proxy.make(func(_ http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/send/m.room.encrypted") || left.Add(-1) < 0 {
			return false
		}
		st.proxy.pass(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})
}

// A ready token: the bot uses its device. What was said in its rooms before
// its first start is history.
func TestToken(t *testing.T) {
	server := dendritetest.Start(t)
	ready := server.Login("bot")
	h := newHouse(t, server.URL)
	h.change = func(c *matrix.Config) { c.Password, c.Token = "", ready.AccessToken }
	alice := newPerson(t, server, "alice")
	made, err := alice.client.CreateRoom(context.Background(), &mautrix.ReqCreateRoom{Preset: "private_chat", Invite: []id.UserID{botID}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ready.JoinRoomByID(context.Background(), made.RoomID); err != nil {
		t.Fatal(err)
	}
	old := alice.say(made.RoomID, "!echo history")
	stop := h.start(t)
	alice.answer(alice.say(alice.room(true, nil), "!echo with a token"))
	alice.answer(alice.say(made.RoomID, "!echo from now on"))
	if n := alice.count(func(e *event.Event) bool {
		return e.Sender == botID && e.Type == event.EventMessage && e.Content.AsMessage().RelatesTo.GetReplyTo() == old
	}); n != 0 {
		t.Error("it answered what was said before its first start")
	}
	if device := h.device(t); device != ready.DeviceID {
		t.Errorf("device = %s, want that of the token, %s", device, ready.DeviceID)
	}
	stop()
	logOut(t, ready)
	if err := h.run(t.Context()); err == nil || !strings.Contains(err.Error(), "the access token is no") {
		t.Errorf("with a token that has ended, run = %v", err)
	}
}

// logOut ends a login. Dendrite on SQLite now and then finds its own database
// locked, and says so with a 500: then it is asked again.
func logOut(t *testing.T, client *mautrix.Client) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	var err error
	for range 50 {
		if _, err = client.Logout(context.Background()); err == nil || errors.Is(err, mautrix.MUnknownToken) {
			return
		}
		<-again.C
	}
	t.Fatal(err)
}

// A bot that is put back from a backup logs in as a new device, which is
// verified at once, and what was answered is not answered again.
func TestRestored(t *testing.T) {
	server := dendritetest.Start(t)
	old := newHouse(t, server.URL)
	stop := old.start(t)
	alice := newPerson(t, server, "alice")
	room := alice.room(true, nil)
	asked := []id.EventID{alice.say(room, "!echo before")}
	alice.answer(asked[0])
	device := old.device(t)
	h := newHouse(t, server.URL)
	if err := old.db.Backup(context.Background(), filepath.Join(h.dir, "bot.db"), nil); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := os.Rename(filepath.Join(old.dir, "recovery.key"), filepath.Join(h.dir, "recovery.key")); err != nil {
		t.Fatal(err)
	}
	h.start(t)
	eventually(t, "it is verified", func() bool { return h.status() == "yes" })
	if now := h.device(t); now == device {
		t.Error("it is still the old device")
	}
	trusts(t, alice, h.device(t))
	asked = append(asked, alice.say(room, "!echo after"))
	alice.once(asked)
}
