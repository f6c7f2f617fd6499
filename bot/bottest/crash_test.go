package bottest_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// server is a chat server that lasts while bots die. It may or may not
// remember transaction IDs, as real ones do.
type server struct {
	mu        sync.Mutex
	events    []event
	txns      map[string]string
	remembers bool
	changed   chan struct{}
	afterSend func() bool // true: the bot dies before it hears of it
}

type event struct {
	id, room, from, text, re, txn string
	at                            time.Time
}

func newServer(remembers bool) *server {
	return &server{txns: map[string]string{}, remembers: remembers, changed: make(chan struct{})}
}

func (s *server) add(e event) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.id, e.at = "$"+strconv.Itoa(len(s.events)+1), time.Now()
	s.events = append(s.events, e)
	close(s.changed)
	s.changed = make(chan struct{})
	return e.id
}

func (s *server) since(pos int) ([]event, chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events[pos:], s.changed
}

func (s *server) Name() string { return "matrix" }

func (s *server) Receive(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	pos, _ := strconv.Atoi(from)
	for {
		news, changed := s.since(pos)
		b := bot.Batch{Position: strconv.Itoa(pos + len(news))}
		for _, e := range news {
			room := bot.Room{Site: "matrix", ID: e.room}
			if e.from == "bot" {
				b.Echoes = append(b.Echoes, bot.Echo{Txn: e.txn, ID: e.id})
				continue
			}
			b.Messages = append(b.Messages, bot.Message{ID: e.id, Room: room, From: bot.User{ID: e.from, Name: e.from}, Text: e.text, Time: e.at, Kind: bot.Said})
		}
		if err := deliver(ctx, b); err != nil {
			return err
		}
		pos += len(news)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-time.After(30 * time.Second): // a long poll that ends
		}
	}
}

func (s *server) Send(ctx context.Context, p bot.Post) (string, error) {
	txn := bot.TxnID(p.Key)
	s.mu.Lock()
	id, known := s.txns[txn]
	s.mu.Unlock()
	if !known {
		id = s.add(event{room: p.Room.ID, from: "bot", text: p.Text, re: p.ReplyTo, txn: txn})
		if s.remembers {
			s.mu.Lock()
			s.txns[txn] = id
			s.mu.Unlock()
		}
	}
	if s.afterSend != nil && s.afterSend() {
		<-ctx.Done()
		return "", ctx.Err()
	}
	return id, nil
}

// mortal is a memory that dies at one moment: nothing it is told afterwards is kept.
type mortal struct {
	*storage.DB
	point string // where it dies
	after int    // having lived through that many of them
	die   context.CancelFunc
	mu    sync.Mutex
	dead  bool
}

var errDead = errors.New("killed")

// at reports whether this is the moment.
func (m *mortal) at(point string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return true
	}
	if m.point != point {
		return false
	}
	if m.after--; m.after >= 0 {
		return false
	}
	m.dead = true
	m.die()
	return true
}

func (m *mortal) Deliver(ctx context.Context, t string, b bot.Batch) error {
	if len(b.Messages) > 0 && m.at("before deliver") {
		return errDead
	}
	err := m.DB.Deliver(ctx, t, b)
	if len(b.Messages) > 0 && m.at("after deliver") {
		return errDead
	}
	return err
}

// Do dies on either side of a commit, told apart by what was written in it.
func (m *mortal) Do(ctx context.Context, fn func(context.Context) error) error {
	kinds := map[string]bool{}
	err := m.DB.Do(context.WithValue(ctx, kindKey{}, kinds), func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return m.dieAt("before", kinds)
	})
	if err == nil {
		err = m.dieAt("after", kinds)
	}
	return err
}

func (m *mortal) dieAt(when string, kinds map[string]bool) error {
	for kind := range kinds {
		if m.at(when + " " + kind) {
			return errDead
		}
	}
	return nil
}

type kindKey struct{}

func mark(ctx context.Context, kind string) {
	if kinds, ok := ctx.Value(kindKey{}).(map[string]bool); ok {
		kinds[kind] = true
	}
}

func (m *mortal) Answered(ctx context.Context, msg bot.Message, keep bool, now time.Time) error {
	mark(ctx, "answer")
	return m.DB.Answered(ctx, msg, keep, now)
}

func (m *mortal) Claim(ctx context.Context, p *bot.Post) (bool, error) {
	ok, err := m.DB.Claim(ctx, p)
	if ok {
		mark(ctx, "claim")
	}
	return ok, err
}

func (m *mortal) Settled(ctx context.Context, ends []bot.End) error {
	if len(ends) > 0 {
		mark(ctx, "sent")
	}
	return m.DB.Settled(ctx, ends)
}

// live runs a bot until it dies at the point, or until nothing more happens.
func live(t *testing.T, s *server, path, point string, after int) (died bool) {
	t.Helper()
	db, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := &mortal{DB: db, point: point, after: after, die: cancel}
	s.afterSend = func() bool { return m.at("in the server") }
	b := bot.New(m, bot.Options{}, []bot.Transport{s}, toy(db))
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	synctest.Wait()
	time.Sleep(5 * time.Minute) // of false time: long enough for every wait between tries
	synctest.Wait()
	cancel()
	<-ended
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

// TestCrashTable kills the bot in every window between a message and its
// answer, and looks that each message is answered once, and in order.
func TestCrashTable(t *testing.T) {
	points := []string{"before deliver", "after deliver", "before answer", "after answer", "before claim", "after claim", "in the server", "before sent", "after sent", "never"}
	for _, point := range points {
		for _, remembers := range []bool{true, false} {
			for _, after := range []int{0, 1} {
				t.Run(fmt.Sprintf("%s/%d/remembers=%v", point, after, remembers), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { crash(t, point, after, remembers) })
				})
			}
		}
	}
}

func crash(t *testing.T, point string, after int, remembers bool) {
	s, path := newServer(remembers), filepath.Join(t.TempDir(), "bot.db")
	var asked []event
	for i := range 4 {
		e := event{room: "r" + strconv.Itoa(i%2), from: "ana", text: fmt.Sprintf("!have thing %d", i)}
		e.id = s.add(e)
		asked = append(asked, e)
	}
	if died := live(t, s, path, point, after); after == 0 && died != (point != "never") {
		t.Errorf("died %v at %q", died, point)
	}
	live(t, s, path, "never", 0)
	checkOnce(t, s, asked)
}

func checkOnce(t *testing.T, s *server, asked []event) {
	t.Helper()
	last := map[string]int{}
	count := map[string]int{}
	for _, e := range s.events {
		if e.from != "bot" {
			continue
		}
		count[e.re]++
		for i, a := range asked {
			if a.id == e.re {
				if i < last[e.room] {
					t.Errorf("in %s, %s was answered after a later one", e.room, a.text)
				}
				last[e.room] = i
			}
		}
	}
	for _, a := range asked {
		if count[a.id] != 1 {
			t.Errorf("%q was answered %d times", a.text, count[a.id])
		}
	}
}

// TestDieAgainAndAgain kills the bot at one point after another while people talk.
func TestDieAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, path := newServer(false), filepath.Join(t.TempDir(), "bot.db")
		var asked []event
		points := []string{"after claim", "in the server", "before sent", "after deliver", "before answer", "in the server", "after sent", "before deliver", "never"}
		for i, point := range points {
			for j := range 3 {
				e := event{room: "r" + strconv.Itoa(j), from: "ana", text: fmt.Sprintf("!have %d.%d", i, j)}
				e.id = s.add(e)
				asked = append(asked, e)
			}
			live(t, s, path, point, i%2)
		}
		checkOnce(t, s, asked)
	})
}

// TestReminderOverACrash kills the bot around the moment a promise is kept.
func TestReminderOverACrash(t *testing.T) {
	for _, point := range []string{"before claim", "after claim", "in the server", "before sent", "never"} {
		t.Run(point, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, path := newServer(false), filepath.Join(t.TempDir(), "bot.db")
				s.add(event{room: "r", from: "ana", text: "!later 1"})
				live(t, s, path, "never", 0)
				time.Sleep(55 * time.Minute)
				live(t, s, path, point, 0)
				time.Sleep(time.Minute)
				live(t, s, path, "never", 0)
				said := 0
				for _, e := range s.events {
					if e.text == "It is time." {
						said++
					}
				}
				if said != 1 {
					t.Errorf("said %d times", said)
				}
			})
		})
	}
}
