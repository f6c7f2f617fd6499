package chores_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/chores"
	"git.coop/cotech/wortley/storage"
)

func job(t *testing.T, f bot.Feature, name string) bot.Job {
	t.Helper()
	for _, j := range f.Jobs {
		if j.Name == name {
			return j
		}
	}
	t.Fatalf("no job called %s", name)
	return bot.Job{}
}

func open(t *testing.T) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestBackupKeepsTheLatest(t *testing.T) {
	db := open(t)
	if _, err := db.EnsureCoop(t.Context(), "Calverts"); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "backups")
	j := job(t, chores.New(db, chores.Options{Backups: folder, Keep: 2}), "backup")
	for day := range 4 {
		if _, err := j.Run(t.Context(), time.Date(2026, 1, 1+day, 3, 30, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 2 || left[0].Name() != "wortley-2026-01-03T033000.db" {
		t.Fatalf("left %v, %v: want those of 3 and 4 January", left, err)
	}
	copied, err := storage.Open(t.Context(), filepath.Join(folder, left[1].Name()), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if all, err := copied.Coops(t.Context()); err != nil || len(all) != 1 || all[0].Name != "Calverts" {
		t.Errorf("the backup holds %v, %v", all, err)
	}
}

func TestRetention(t *testing.T) {
	db := open(t)
	ctx, day := t.Context(), 24*time.Hour
	now := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	for i, age := range []time.Duration{day, 40 * day, 500 * day} {
		m := bot.Message{ID: string(rune('a' + i)), Room: bot.Room{Site: "matrix", ID: "r"}, Kind: bot.Said, Text: "!help", Time: now.Add(-age)}
		if err := db.Deliver(ctx, "matrix", bot.Batch{Messages: []bot.Message{m}}); err != nil {
			t.Fatal(err)
		}
		if err := db.Answered(ctx, m, true, m.Time); err != nil {
			t.Fatal(err)
		}
	}
	f := chores.New(db, chores.Options{Retention: storage.Retention{Words: 30 * day, Rows: 365 * day}})
	if _, err := job(t, f, "retention").Run(ctx, now); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"a": "!help", "b": ""} {
		if m, ok, err := db.Heard(ctx, "matrix", id); err != nil || !ok || m.Text != want {
			t.Errorf("message %s: %q, %v, %v, want %q", id, m.Text, ok, err, want)
		}
	}
	if _, ok, _ := db.Heard(ctx, "matrix", "c"); ok {
		t.Error("a row of 500 days ago is still there")
	}
}

func TestPingOnlyWhenHealthy(t *testing.T) {
	pings, well := 0, errors.New("stands still")
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { pings++ }))
	defer srv.Close()
	f := chores.New(open(t), chores.Options{Ping: srv.URL, Healthy: func(context.Context) error { return well }})
	if _, err := job(t, f, "ping").Run(t.Context(), time.Now()); err == nil || pings != 0 {
		t.Errorf("pinged %d times while ill, %v", pings, err)
	}
	well = nil
	if _, err := job(t, f, "ping").Run(t.Context(), time.Now()); err != nil || pings != 1 {
		t.Errorf("pinged %d times while well, %v", pings, err)
	}
}
