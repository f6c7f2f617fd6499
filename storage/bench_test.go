package storage

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
)

// BenchmarkOpen opens a file with 100,000 answered messages and one that waits.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "w.db")
	ctx := context.Background()
	db, err := Open(ctx, path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Do(ctx, func(ctx context.Context) error {
		for i := range 100_001 {
			m := bot.Message{ID: fmt.Sprint("$", i), Room: bot.Room{Site: "matrix", ID: "r"}, From: bot.User{ID: "@ana:example.org"}, Text: "!help", Kind: bot.Said, Time: time.Unix(int64(i), 0)}
			if err := db.hear(ctx, m); err != nil {
				return err
			}
			if i < 100_000 {
				if err := db.Answered(ctx, m, true, m.Time); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	db.Close()
	for b.Loop() {
		db, err := Open(ctx, path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if waiting, err := db.Waiting(ctx, 64); err != nil || len(waiting) != 1 {
			b.Fatalf("%d wait, %v", len(waiting), err)
		}
		db.Close()
	}
}

// BenchmarkDue asks what is due among a million promises.
func BenchmarkDue(b *testing.B) {
	db := memory(b)
	ctx := context.Background()
	err := db.Do(ctx, func(ctx context.Context) error {
		for i := range 1_000_000 {
			if err := db.Promise(ctx, "toy", fmt.Sprint(i), time.Unix(int64(i), 0)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if due, err := db.Due(ctx, time.Unix(10, 0), 500); err != nil || len(due) != 11 {
			b.Fatalf("%d due, %v", len(due), err)
		}
		if next, err := db.NextDue(ctx); err != nil || next.Unix() != 0 {
			b.Fatal(next, err)
		}
	}
}

// BenchmarkOpenPending opens a file with a million promises for later, and
// one without any: what they cost at start.
func BenchmarkOpenPending(b *testing.B) {
	for _, n := range []int{0, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "w.db")
			ctx := context.Background()
			db, err := Open(ctx, path, Options{})
			if err != nil {
				b.Fatal(err)
			}
			if err := db.Do(ctx, func(ctx context.Context) error {
				for i := range n {
					if err := db.Promise(ctx, "meeting", fmt.Sprint(i), time.Unix(2_000_000_000+int64(i), 0)); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
			db.Close()
			for b.Loop() {
				db, err := Open(ctx, path, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if due, err := db.Due(ctx, time.Unix(1_900_000_000, 0), 500); err != nil || len(due) > 0 {
					b.Fatalf("%d due, %v", len(due), err)
				}
				if _, err := db.NextDue(ctx); err != nil {
					b.Fatal(err)
				}
				db.Close()
			}
		})
	}
}
