package bottest_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// TestBroadcastPace has a bot say one thing in 40 rooms, 10 a second after a
// burst of 20 of which 2 are kept for answers, while somebody asks it something.
func TestBroadcastPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(true)
		s.add(event{room: "r0", from: "bot", text: "hello"})
		db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "bot.db"), storage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		b := bot.New(db, bot.Options{Broadcasts: bot.Pace{PerSecond: 10, Burst: 20}}, []bot.Transport{s}, toy(db))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		time.Sleep(10 * time.Second)
		begun := time.Now()
		var posts []bot.Post
		for i := range 40 {
			posts = append(posts, bot.Post{Key: fmt.Sprint("all/", i), Room: bot.Room{Site: "matrix", ID: fmt.Sprint("r", i)},
				Kind: bot.Say, Rank: bot.Broadcast, Text: "Notice", Made: begun})
		}
		if err := db.Owe(t.Context(), posts...); err != nil {
			t.Fatal(err)
		}
		b.Wake()
		time.Sleep(time.Second)
		asked := time.Now()
		s.add(event{room: "r39", from: "ana", text: "!have ladder"})
		time.Sleep(10 * time.Second)
		cancel()
		<-ended

		var atOnce, all int
		var last, answered time.Time
		for _, e := range s.events {
			switch {
			case e.text == "Notice":
				all, last = all+1, e.at
				if e.at.Equal(begun) {
					atOnce++
				}
			case e.re != "":
				answered = e.at
			}
		}
		if all != 40 || atOnce != 18 {
			t.Errorf("%d rooms reached, %d at once; want 40 and 18", all, atOnce)
		}
		if d := last.Sub(begun); d < 2200*time.Millisecond || d > 2400*time.Millisecond {
			t.Errorf("the last room was reached after %v, want 22 rooms and an answer after the burst: 2.3 s", d)
		}
		if d := answered.Sub(asked); answered.IsZero() || d > time.Millisecond {
			t.Errorf("the answer took %v of the broadcast's time", d)
		}
	})
}
