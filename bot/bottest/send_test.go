package bottest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// site is a transport whose rooms can be made slow, closed or forgetful.
type site struct {
	mu    sync.Mutex
	say   []bot.Message // delivered at the start, in one batch
	said  []bot.Post
	most  int // sends under way at once
	under int
	send  func(p bot.Post) error // before it is said
}

func (s *site) Name() string { return "matrix" }

func (s *site) Receive(ctx context.Context, _ string, deliver func(context.Context, bot.Batch) error) error {
	if err := deliver(ctx, bot.Batch{Messages: s.say, Position: "1"}); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (s *site) Send(_ context.Context, p bot.Post) (string, error) {
	s.mu.Lock()
	s.under++
	s.most = max(s.most, s.under)
	s.mu.Unlock()
	var err error
	if s.send != nil {
		err = s.send(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.under--
	if err == nil {
		s.said = append(s.said, p)
	}
	return fmt.Sprint("$", len(s.said)), err
}

// in returns what was said in a room.
func (s *site) in(room string) (texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.said {
		if p.Room.ID == room {
			texts = append(texts, p.Text)
		}
	}
	return texts
}

// asks makes n commands in each of so many rooms.
func asks(rooms, n int) (all []bot.Message) {
	for i := range rooms * n {
		all = append(all, bot.Message{ID: fmt.Sprint("$q", i), Room: bot.Room{Site: "matrix", ID: fmt.Sprint("r", i%rooms)},
			From: bot.User{ID: "@ana:example.org", Name: "Ana"}, Text: fmt.Sprintf("!have thing %d", i/rooms), Kind: bot.Said, Time: time.Now()})
	}
	return all
}

// during runs a bot on a site for a while of false time.
func during(t *testing.T, mem bot.Memory, db *storage.DB, s *site, while time.Duration, meanwhile func(b *bot.Bot)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	b := bot.New(mem, bot.Options{}, []bot.Transport{s}, toy(db))
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	synctest.Wait()
	if meanwhile != nil {
		meanwhile(b)
	}
	time.Sleep(while)
	synctest.Wait()
	cancel()
	<-ended
}

func emptyMemory(t *testing.T) *storage.DB {
	t.Helper()
	db, err := storage.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// wantAll checks that a room has heard n answers, in order and each once.
func wantAll(t *testing.T, s *site, room string, n int) {
	t.Helper()
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("thing %d: thank you, written down.", i))
	}
	if got := s.in(room); !slices.Equal(got, want) {
		t.Errorf("%s heard %d answers, want %d in order: %q", room, len(got), n, got[:min(len(got), 20)])
	}
}

// TestMoreThanIsKnown has more answers in few rooms than a sender keeps in mind.
func TestMoreThanIsKnown(t *testing.T) {
	for _, rooms := range []int{1, 3, 40} {
		synctest.Test(t, func(t *testing.T) {
			s, db := &site{say: asks(rooms, 3000/rooms)}, emptyMemory(t)
			s.send = func(bot.Post) error { time.Sleep(20 * time.Millisecond); return nil }
			during(t, db, db, s, 5*time.Minute, nil)
			for r := range rooms {
				wantAll(t, s, fmt.Sprint("r", r), 3000/rooms)
			}
			if s.most > 16 || s.most < min(rooms, 16) {
				t.Errorf("%d sends at once in %d rooms", s.most, rooms)
			}
		})
	}
}

// TestBusyRoom has one room whose server does not answer, and which is owed
// much: others are served meanwhile.
func TestBusyRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, db := &site{say: asks(1, 1500)}, emptyMemory(t)
		s.say = append(s.say, bot.Message{ID: "$q", Room: bot.Room{Site: "matrix", ID: "quiet"}, From: bot.User{ID: "@bea:example.org"}, Text: "!have thing 0", Kind: bot.Said, Time: time.Now()})
		s.send = func(p bot.Post) error {
			if p.Room.ID == "r0" {
				time.Sleep(time.Hour)
			}
			return nil
		}
		during(t, db, db, s, 10*time.Second, func(*bot.Bot) {
			time.Sleep(time.Second)
			wantAll(t, s, "quiet", 1)
		})
	})
}

// TestTriedAgain refuses every third post once: it comes again before the
// later ones of its room.
func TestTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, db := &site{say: asks(5, 60)}, emptyMemory(t)
		n, tries := 0, map[string]int{}
		s.send = func(p bot.Post) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			if tries[p.Key]++; p.Tries != tries[p.Key] {
				t.Errorf("%s: try %d is counted as %d", p.Key, tries[p.Key], p.Tries)
			}
			switch n++; {
			case n%9 == 0:
				return &bot.WaitError{For: time.Second, All: true}
			case n%3 == 0:
				return errors.New("not now")
			}
			return nil
		}
		during(t, db, db, s, 30*time.Minute, nil)
		for r := range 5 {
			wantAll(t, s, fmt.Sprint("r", r), 60)
		}
	})
}

// TestWaitOverARestart has a room whose first post waits to be tried again:
// the second does not overtake it, though only its row remembers.
func TestWaitOverARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, db := &site{}, emptyMemory(t)
		for i, room := range []string{"r", "r", "other"} {
			if err := db.Owe(t.Context(), bot.Post{Key: fmt.Sprint(i), Room: bot.Room{Site: "matrix", ID: room}, Kind: bot.Say, Text: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Settled(t.Context(), []bot.End{{Key: "0", Retry: time.Now().Add(time.Minute), At: time.Now()}}); err != nil {
			t.Fatal(err)
		}
		during(t, db, db, s, 2*time.Minute, func(*bot.Bot) {
			if got := s.in("r"); len(got) > 0 || len(s.in("other")) != 1 {
				t.Errorf("said %q in r and %q elsewhere, want only that", got, s.in("other"))
			}
		})
		if got := s.in("r"); !slices.Equal(got, []string{"0", "1"}) {
			t.Errorf("said %q in r", got)
		}
	})
}

// TestOwedByOthers has a row that nobody handed to the sender.
func TestOwedByOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, db := &site{}, emptyMemory(t)
		owe := func(key string) {
			if err := db.Owe(t.Context(), bot.Post{Key: key, Room: bot.Room{Site: "matrix", ID: "r"}, Kind: bot.Say, Text: key}); err != nil {
				t.Fatal(err)
			}
		}
		during(t, db, db, s, 2*time.Minute, func(b *bot.Bot) {
			owe("with a sign")
			b.Wake()
			synctest.Wait()
			if got := s.in("r"); len(got) != 1 {
				t.Errorf("said %q after a sign", got)
			}
			owe("without")
		})
		if got := s.in("r"); !slices.Equal(got, []string{"with a sign", "without"}) {
			t.Errorf("said %q", got)
		}
	})
}

// clumsy is a memory whose commits fail now and then.
type clumsy struct {
	*storage.DB
	mu sync.Mutex
	n  int
}

var errFull = errors.New("the disk is full")

func (m *clumsy) Do(ctx context.Context, fn func(context.Context) error) error {
	m.mu.Lock()
	m.n++
	fails := m.n%4 == 0
	m.mu.Unlock()
	return m.DB.Do(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil || !fails {
			return err
		}
		return errFull
	})
}

// TestCommitsThatFail looks that nothing is said twice, or forgotten, when
// answers and claims cannot be saved.
func TestCommitsThatFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, db := &site{say: asks(7, 100)}, emptyMemory(t)
		s.send = func(bot.Post) error { time.Sleep(time.Millisecond); return nil }
		during(t, &clumsy{DB: db}, db, s, time.Hour, nil)
		for r := range 7 {
			wantAll(t, s, fmt.Sprint("r", r), 100)
		}
	})
}
