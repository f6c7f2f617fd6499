package news_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/news"
	"git.coop/cotech/wortley/storage"
)

// server is a chat server with many rooms that lasts while bots die.
type server struct {
	mu      sync.Mutex
	events  []event
	txns    map[string]string
	gone    map[string]bool
	changed chan struct{}
	delay   time.Duration
	die     func(sent int) bool // the bot dies before it hears of it
	sent    int
}

type event struct {
	id, room, from, text, re, txn string
	at                            time.Time
}

func newServer() *server {
	return &server{txns: map[string]string{}, gone: map[string]bool{}, changed: make(chan struct{})}
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

func (s *server) Name() string { return "matrix" }

// Receive implements [bot.Transport].
func (s *server) Receive(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	pos, _ := strconv.Atoi(from)
	first := from == ""
	for {
		s.mu.Lock()
		fresh, changed := s.events[pos:], s.changed
		s.mu.Unlock()
		b := bot.Batch{Position: strconv.Itoa(pos + len(fresh))}
		if first {
			b.Rooms, first = s.rooms(), false
		}
		for _, e := range fresh {
			if e.from == "bot" {
				b.Echoes = append(b.Echoes, bot.Echo{Txn: e.txn, ID: e.id})
				continue
			}
			b.Messages = append(b.Messages, bot.Message{ID: e.id, Room: bot.Room{Site: "matrix", ID: e.room}, From: bot.User{ID: e.from, Name: e.from}, Text: e.text, ReplyTo: e.re, Time: e.at, Kind: bot.Said})
		}
		if err := deliver(ctx, b); err != nil {
			return err
		}
		pos += len(fresh)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-time.After(30 * time.Second):
		}
	}
}

// many is how many rooms the server has.
const many = 60

func (s *server) rooms() (all []bot.RoomInfo) {
	for i := range many {
		all = append(all, bot.RoomInfo{Room: bot.Room{Site: "matrix", ID: fmt.Sprintf("r%d", i)}, Name: fmt.Sprintf("Room %d", i)})
	}
	return all
}

// Send implements [bot.Transport]. The server knows a post by its transaction ID.
func (s *server) Send(ctx context.Context, p bot.Post) (string, error) {
	select {
	case <-time.After(s.delay):
	case <-ctx.Done():
		return "", bot.ErrUnknown
	}
	s.mu.Lock()
	id, known := s.txns[bot.TxnID(p.Key)]
	s.mu.Unlock()
	switch {
	case p.Kind == bot.Withdraw:
		s.mu.Lock()
		s.gone[p.OfID] = true
		s.mu.Unlock()
		return p.OfID, nil
	case p.Kind == bot.Edit:
		return p.OfID, nil
	case known:
		return id, nil
	}
	id = s.add(event{room: p.Room.ID, from: "bot", text: p.Text, re: p.ReplyTo, txn: bot.TxnID(p.Key)})
	s.mu.Lock()
	s.txns[bot.TxnID(p.Key)] = id
	s.sent++
	n := s.sent
	s.mu.Unlock()
	if s.die != nil && s.die(n) {
		return "", bot.ErrUnknown
	}
	return id, nil
}

// told counts the rooms that show a text, and those that show it twice.
func (s *server) told(text string) (rooms, twice int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[string]int{}
	for _, e := range s.events {
		if e.from == "bot" && e.re == "" && strings.Contains(e.text, text) && !s.gone[e.id] {
			n[e.room]++
		}
	}
	for _, times := range n {
		if times > 1 {
			twice++
		}
	}
	return len(n), twice
}

// live runs a bot on a file until it dies or for a while. say is told the
// server when the bot has begun.
func live(t *testing.T, s *server, path string, pace bot.Pace, long time.Duration, say func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	db, err := storage.Open(ctx, path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Know(ctx, "matrix", bot.User{ID: "ana", Name: "ana"}); err != nil {
		t.Fatal(err)
	}
	if err := db.ConfigureCoordinators(ctx, []storage.Account{{Site: "matrix", User: "ana"}}); err != nil {
		t.Fatal(err)
	}
	at := s.sent
	inner := s.die
	if inner != nil {
		s.die = func(n int) bool {
			if inner(n - at) {
				cancel()
				return true
			}
			return false
		}
	}
	defer func() { s.die = inner }()
	b := bot.New(db, bot.Options{Broadcasts: pace}, []bot.Transport{s}, []bot.Feature{news.New(db, news.Options{Everywhere: true, Pace: pace})})
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	synctest.Wait()
	if say != nil {
		say()
	}
	time.Sleep(long)
	synctest.Wait()
	cancel()
	<-ended
}

// confirmed asks for an announcement and says yes to it.
func confirmed(s *server, text string) func() {
	return func() {
		s.add(event{room: "r0", from: "ana", text: "!announce now " + text})
		time.Sleep(time.Second)
		s.mu.Lock()
		last := s.events[len(s.events)-1]
		s.mu.Unlock()
		s.add(event{room: "r0", from: "ana", text: "yes", re: last.id})
	}
}

// TestBroadcastOverDeaths kills the bot four times on the way to 60 rooms,
// each time after the server has a post and before the bot knows.
func TestBroadcastOverDeaths(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, path := newServer(), filepath.Join(t.TempDir(), "bot.db")
		pace := bot.Pace{PerSecond: 10, Burst: 4}
		s.die = func(n int) bool { return n == 12 }
		live(t, s, path, pace, time.Minute, confirmed(s, "The doors open at nine."))
		for range 3 {
			live(t, s, path, pace, time.Minute, nil)
		}
		s.die = nil
		live(t, s, path, pace, 10*time.Minute, nil)
		if rooms, twice := s.told("📣 The doors open"); rooms != many || twice != 0 {
			t.Errorf("%d rooms of %d were told, %d twice", rooms, many, twice)
		}
	})
}

// TestUndoOnTheWay takes an announcement back when a part of the rooms has
// it, some are being told, and the rest waits; and again after a death.
func TestUndoOnTheWay(t *testing.T) {
	for _, dies := range []bool{false, true} {
		t.Run(fmt.Sprintf("dies=%v", dies), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, path := newServer(), filepath.Join(t.TempDir(), "bot.db")
				s.delay = 300 * time.Millisecond
				pace := bot.Pace{PerSecond: 10, Burst: 4}
				say := confirmed(s, "The doors open at nine.")
				if dies {
					s.die = func(n int) bool { return n == 25 }
				}
				live(t, s, path, pace, time.Minute, func() {
					say()
					time.Sleep(3 * time.Second)
					if rooms, _ := s.told("📣"); rooms == 0 || rooms == many {
						t.Errorf("%d rooms of %d had it when it was undone, want a part of them", rooms, many)
					}
					s.add(event{room: "r0", from: "ana", text: "!undo"})
				})
				s.die = nil
				live(t, s, path, pace, 10*time.Minute, nil)
				if rooms, _ := s.told("📣"); rooms != 0 {
					t.Errorf("%d rooms still show it", rooms)
				}
			})
		})
	}
}
