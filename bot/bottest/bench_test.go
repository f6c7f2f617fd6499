package bottest_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// BenchmarkCommand takes one command through the whole loop: delivered,
// answered, owed, sent and marked, one at a time and in batches of 64.
func BenchmarkCommand(b *testing.B) {
	for _, where := range []string{"memory", "disk", "disk, durable"} {
		for _, batch := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d at a time", where, batch), func(b *testing.B) {
				db := openFor(b, where)
				s := newServer(false)
				t := bot.New(db, bot.Options{}, []bot.Transport{quiet{s}}, toy(db))
				ctx := context.Background()
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					ms := make([]bot.Message, batch)
					for i := range ms {
						n++
						ms[i] = bot.Message{ID: fmt.Sprint("$", n), Room: bot.Room{Site: "matrix", ID: fmt.Sprint("r", n%50)},
							From: bot.User{ID: "@ana:example.org", Name: "Ana"}, Text: "!count", Time: time.Now(), Kind: bot.Said}
					}
					if err := t.Take(ctx, "matrix", bot.Batch{Messages: ms, Position: fmt.Sprint(n)}); err != nil {
						b.Fatal(err)
					}
					if err := t.Settle(ctx); err != nil {
						b.Fatal(err)
					}
				}
				if sent := t.Stats.Sent.Load(); int(sent) != n {
					b.Fatalf("%d of %d sent", sent, n)
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/command")
			})
		}
	}
}

// quiet is a server that costs nothing.
type quiet struct{ *server }

func (quiet) Send(context.Context, bot.Post) (string, error) { return "$x", nil }

func openFor(b *testing.B, where string) *storage.DB {
	b.Helper()
	ctx := context.Background()
	var db *storage.DB
	var err error
	if where == "memory" {
		db, err = storage.OpenMemory(ctx)
	} else {
		db, err = storage.Open(ctx, filepath.Join(b.TempDir(), "w.db"), storage.Options{Durable: where == "disk, durable"})
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}
