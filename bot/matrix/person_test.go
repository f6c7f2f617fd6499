package matrix_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/cryptohelper"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// patience is how long a test waits for what should take milliseconds.
const patience = 30 * time.Second

// A person uses a client with encryption of its own.
type person struct {
	t      *testing.T
	client *mautrix.Client
	crypto *cryptohelper.CryptoHelper

	mu      sync.Mutex
	seen    []*event.Event
	changed chan struct{}
}

// newPerson logs a user in on a new device, and keeps reading until the test ends.
func newPerson(t *testing.T, server *dendritetest.Server, user string) *person {
	t.Helper()
	raw, err := sql.Open("sqlite", "file::memory:?_foreign_keys=on&_time_format=sqlite&_timezone=UTC")
	if err != nil {
		t.Fatal(err)
	}
	raw.SetMaxOpenConns(1)
	db, err := dbutil.NewWithDB(raw, "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, client: server.Login(user), changed: make(chan struct{})}
	syncer := eager{p.client.Syncer.(*mautrix.DefaultSyncer)}
	syncer.FilterJSON = &mautrix.Filter{Room: &mautrix.RoomFilter{Timeline: &mautrix.FilterPart{Limit: 2000}}}
	p.client.Syncer = syncer
	if p.crypto, err = cryptohelper.NewCryptoHelper(p.client, []byte("test"), db); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := p.crypto.Init(ctx); err != nil {
		t.Fatal(err)
	}
	p.client.Crypto = p.crypto
	syncer.OnEvent(func(_ context.Context, e *event.Event) { p.see(e) })
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_ = p.client.SyncWithContext(ctx) // ends with the test, or with a server that is restarted
		}
	}()
	t.Cleanup(func() { cancel(); <-done; raw.Close() })
	return p
}

// eager asks again at once when the server is away, and for all it missed.
type eager struct{ *mautrix.DefaultSyncer }

func (eager) OnFailedSync(*mautrix.RespSync, error) (time.Duration, error) {
	return 50 * time.Millisecond, nil
}

func (p *person) see(e *event.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, e)
	close(p.changed)
	p.changed = make(chan struct{})
}

// wait returns the first event that ok says yes to, of all that were ever seen.
func (p *person) wait(what string, ok func(*event.Event) bool) *event.Event {
	p.t.Helper()
	deadline := time.After(patience)
	for next := 0; ; {
		p.mu.Lock()
		for ; next < len(p.seen); next++ {
			if ok(p.seen[next]) {
				e := p.seen[next]
				p.mu.Unlock()
				return e
			}
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-changed:
		case <-deadline:
			p.t.Fatalf("%s: never seen by %s; the last she saw:\n%s", what, p.client.UserID, p.latest(8))
		}
	}
}

// latest describes the newest n events.
func (p *person) latest(n int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, e := range p.seen[max(0, len(p.seen)-n):] {
		fmt.Fprintf(&b, "%s %s in %s by %s\n", e.Type.Type, e.ID, e.RoomID, e.Sender)
	}
	return b.String()
}

// count returns how many events ok says yes to.
func (p *person) count(ok func(*event.Event) bool) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.seen {
		if ok(e) {
			n++
		}
	}
	return n
}

// room makes a room with the bot in it, and waits until it has joined.
func (p *person) room(encrypted bool, more func(*mautrix.ReqCreateRoom)) id.RoomID {
	p.t.Helper()
	req := &mautrix.ReqCreateRoom{Preset: "private_chat", Invite: []id.UserID{dendritetest.UserID("bot")}}
	if encrypted {
		req.InitialState = []*event.Event{{Type: event.StateEncryption, Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}}}}
	}
	if more != nil {
		more(req)
	}
	made, err := p.client.CreateRoom(context.Background(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	p.wait("the bot's join", func(e *event.Event) bool {
		return e.RoomID == made.RoomID && e.Type == event.StateMember && e.GetStateKey() == dendritetest.UserID("bot").String() && e.Content.AsMember().Membership == event.MembershipJoin
	})
	return made.RoomID
}

// say sends a message and returns its ID.
func (p *person) say(room id.RoomID, text string, change ...func(*event.MessageEventContent)) id.EventID {
	p.t.Helper()
	c := &event.MessageEventContent{MsgType: event.MsgText, Body: text}
	for _, f := range change {
		f(c)
	}
	for try := 0; ; try++ {
		sent, err := p.client.SendMessageEvent(context.Background(), room, event.EventMessage, c)
		if err == nil {
			return sent.EventID
		}
		if try > 40 {
			p.t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond) // the server is being restarted
	}
}

// answer waits for the bot's answer to a message.
func (p *person) answer(to id.EventID) *event.Event {
	p.t.Helper()
	return p.wait("the answer to "+to.String(), func(e *event.Event) bool {
		return e.Sender == dendritetest.UserID("bot") && e.Type == event.EventMessage && e.Content.AsMessage().RelatesTo.GetReplyTo() == to
	})
}

// react puts an emoji on a message.
func (p *person) react(room id.RoomID, to id.EventID, emoji string) {
	p.t.Helper()
	if _, err := p.client.SendReaction(context.Background(), room, to, emoji); err != nil {
		p.t.Fatal(err)
	}
}

// dot returns the smallest picture.
func dot() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// testLog keeps what the bot logs, to be shown if the test fails.
type testLog struct {
	t    *testing.T
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *testLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *testLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *testLog) show() {
	if l.t.Failed() {
		text := l.String()
		l.t.Logf("the bot's log:\n%s", text[max(0, len(text)-6000):])
	}
}
