package whohas

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// fill writes a directory of so many rows: ten skills a co-op, of up to 3,000
// skills, some common and most rare.
func fill(b *testing.B, rows int) *storage.DB {
	b.Helper()
	ctx := context.Background()
	db, err := storage.OpenMemory(ctx)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.2, 8, 2999)
	err = db.Do(ctx, func(ctx context.Context) error {
		for i := range 3000 {
			if _, err := db.EnsureSkill(ctx, directory.Key(name(i)), name(i), "service"); err != nil {
				return err
			}
		}
		for i := range max(rows/10, 1) {
			id, err := db.SaveCoop(ctx, storage.Coop{Name: fmt.Sprintf("Co-op %d", i), Town: "Leeds", Status: "listed", Members: 5, Website: "https://example.org/"})
			if err != nil {
				return err
			}
			for range 10 {
				if err := db.SetSkill(ctx, storage.Can{Skill: int64(zipf.Uint64()) + 1, Coop: id, AsOf: "2025-06-30"}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func name(i int) string { return fmt.Sprintf("craft %04d", i) }

func number4(name string) int64 { return int64(number(strings.TrimLeft(name[6:], "0"))) }

// BenchmarkWhohas asks for skills as they occur, and for one that nobody has.
func BenchmarkWhohas(b *testing.B) {
	for _, rows := range []int{300, 10_000, 1_000_000} {
		if rows > 10_000 && testing.Short() {
			continue
		}
		db := fill(b, rows)
		for _, kind := range []string{"found", "slip", "missing"} {
			b.Run(fmt.Sprintf("%d rows/%s", rows, kind), func(b *testing.B) {
				search(b, db, kind)
			})
		}
	}
}

func search(b *testing.B, db *storage.DB, kind string) {
	d := &desk{db: db, words: directory.Vocabulary()}
	zipf := rand.NewZipf(rand.New(rand.NewPCG(3, 4)), 1.2, 8, 2999)
	c := &bot.Call{Message: bot.Message{Time: time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)}, Zone: time.UTC}
	var took []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		c.Args = name(int(zipf.Uint64()))
		if n, _ := db.OwnerCount(context.Background(), []int64{number4(c.Args) + 1}, false); n == 0 {
			c.Args = name(0)
		}
		switch kind {
		case "slip":
			c.Args = c.Args[:3] + "g" + c.Args[4:]
		case "missing":
			c.Args = "underwater welding"
		}
		start := time.Now()
		if _, err := d.whohas(context.Background(), c); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
