package bot_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

func TestDueAt(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	nightly := bot.Job{Every: 24 * time.Hour, At: 3*time.Hour + 30*time.Minute}
	for _, tt := range []struct {
		name, last, now, want string
		job                   bot.Job
	}{
		{"often, never ran", "", "2026-01-06 14:00", "2026-01-06 14:00", bot.Job{Every: time.Hour}},
		{"often, ran", "2026-01-06 13:30", "2026-01-06 14:00", "2026-01-06 14:30", bot.Job{Every: time.Hour}},
		{"nightly, never ran, in the afternoon", "", "2026-01-06 14:00", "2026-01-07 03:30", nightly},
		{"nightly, never ran, at night", "", "2026-01-06 02:00", "2026-01-06 03:30", nightly},
		{"nightly, ran", "2026-01-06 03:30", "2026-01-06 14:00", "2026-01-07 03:30", nightly},
		{"nightly, missed", "2026-01-03 03:30", "2026-01-06 14:00", "2026-01-04 03:30", nightly},
	} {
		var last time.Time
		if tt.last != "" {
			last = at(tt.last)
		}
		if got := tt.job.DueAt(last, at(tt.now)); !got.Equal(at(tt.want)) {
			t.Errorf("%s: due %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestJobs runs chores for three days of false time: a nightly one, one that
// panics, and one that fails; then starts anew after a missed night.
func TestJobs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.db")
	synctest.Test(t, func(t *testing.T) {
		var nightly, panics, fails atomic.Int64
		feature := bot.Feature{Jobs: []bot.Job{
			{Name: "nightly", Every: 24 * time.Hour, At: 3 * time.Hour, Run: func(_ context.Context, now time.Time) ([]bot.Post, error) {
				nightly.Add(1)
				return nil, nil
			}},
			{Name: "panics", Every: time.Hour, Run: func(context.Context, time.Time) ([]bot.Post, error) {
				panics.Add(1)
				panic("on purpose")
			}},
			{Name: "fails", Every: time.Hour, Run: func(context.Context, time.Time) ([]bot.Post, error) {
				fails.Add(1)
				return nil, errors.New("on purpose")
			}},
		}}
		live := func(d time.Duration) {
			db, err := storage.Open(t.Context(), path, storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- bot.New(db, bot.Options{}, nil, []bot.Feature{feature}).Jobs(ctx) }()
			time.Sleep(d)
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		live(72 * time.Hour)
		if n := nightly.Load(); n != 3 {
			t.Errorf("the nightly job ran %d times in three days", n)
		}
		if n, m := panics.Load(), fails.Load(); n < 70 || m < 70 {
			t.Errorf("after a panic or an error a job ran %d and %d times in 72 hours", n, m)
		}
		time.Sleep(36 * time.Hour) // away for a night
		live(time.Minute)
		if n := nightly.Load(); n != 4 {
			t.Errorf("the missed night was made up for %d times", n-3)
		}
	})
}
