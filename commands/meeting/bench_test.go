package meeting

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// groups makes n groups with a room each, and lets make add to each.
func groups(b *testing.B, db *storage.DB, n int, now time.Time, add func(ctx context.Context, g storage.Group) error) {
	b.Helper()
	err := db.Do(b.Context(), func(ctx context.Context) error {
		for i := range n {
			g := storage.Group{Slug: fmt.Sprint("g", i), Name: fmt.Sprint("Group ", i), Kind: "circle", Made: now}
			var err error
			if g.ID, err = db.SaveGroup(ctx, g); err != nil {
				return err
			}
			if err := db.BindPlace(ctx, storage.Place{Room: bot.Room{Site: "matrix", ID: fmt.Sprint("!r", i)}, Group: g.ID, At: now}); err != nil {
				return err
			}
			if err := add(ctx, g); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func onDisk(b *testing.B) *storage.DB {
	b.Helper()
	db, err := storage.Open(b.Context(), filepath.Join(b.TempDir(), "w.db"), storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}

// BenchmarkYear has 10,000 groups with a monthly series and the meetings of
// a year: how long it takes to make them, to look again each night, and to
// find a group's next meeting.
func BenchmarkYear(b *testing.B) {
	now := time.Date(2025, 1, 2, 10, 0, 0, 0, time.UTC)
	db := onDisk(b)
	d := &desk{db: db}
	var first storage.Group
	groups(b, db, 10_000, now, func(ctx context.Context, g storage.Group) error {
		s := storage.Series{Group: g.ID, Rule: "FREQ=MONTHLY;BYDAY=-1WE", Day: when.Date{Year: 2025, Month: 1, Day: 29}, Clock: when.HM(14, 0), Minutes: 90, Zone: "Europe/London", Made: now}
		if first.ID == 0 {
			first = g
		}
		_, err := db.SaveSeries(ctx, s)
		return err
	})
	begin := time.Now()
	if _, err := d.nightly(b.Context(), now); err != nil {
		b.Fatal(err)
	}
	b.Logf("made the meetings of a year in %s", time.Since(begin).Round(time.Millisecond))
	b.Run("nightly", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.nightly(b.Context(), now.Add(24*time.Hour)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			if _, ok, err := db.NextMeeting(b.Context(), first.ID, now); err != nil || !ok {
				b.Fatal(ok, err)
			}
		}
	})
	b.Run("network/week", func(b *testing.B) {
		for b.Loop() {
			if all, err := db.MeetingsBetween(b.Context(), now.AddDate(0, 0, 21), now.AddDate(0, 0, 28)); err != nil || len(all) != 10_000 {
				b.Fatal(len(all), err)
			}
		}
	})
}

// BenchmarkTick has 10,000 groups that meet at the same time: how long it
// takes until the reminders, which are all due in one second, are in the outbox.
func BenchmarkTick(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		now := time.Date(2025, 1, 2, 10, 0, 0, 0, time.UTC)
		db := onDisk(b)
		d := &desk{db: db}
		slot := storage.Slot{Day: when.Date{Year: 2025, Month: 1, Day: 16}, Clock: when.HM(14, 0), Minutes: 60, Zone: "Europe/London"}.Moments()
		groups(b, db, 10_000, now, func(ctx context.Context, g storage.Group) error {
			m, err := db.AddMeeting(ctx, storage.Meeting{Group: g.ID, Slot: slot, State: storage.Booked, Made: now})
			if err != nil {
				return err
			}
			return d.schedule(ctx, m, g, now)
		})
		clock := time.Date(2025, 1, 9, 14, 0, 0, 0, time.UTC)
		t := bot.New(db, bot.Options{Now: func() time.Time { return clock }}, nil, []bot.Feature{New(db, Options{})})
		if err := db.SetRan(b.Context(), "meetings ahead", clock); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := t.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		var n int
		if err := db.QueryRow(b.Context(), `SELECT count(*) FROM outbox WHERE state = 'owed'`).Scan(&n); err != nil || n != 10_000 {
			b.Fatalf("%d reminders in the outbox, %v", n, err)
		}
		db.Close()
		b.StartTimer()
	}
}
