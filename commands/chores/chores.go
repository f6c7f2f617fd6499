// Package chores is what the bot does for itself: forgetting in time, backing
// up, and letting somebody outside know that it is alive.
package chores

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// Options say what is done, and how.
type Options struct {
	Retention storage.Retention

	Backups string // the folder for daily backups; "" for none
	Keep    int    // how many of them stay; 7 if 0

	// Ping is fetched every five minutes while Healthy finds nothing wrong:
	// a watcher outside that misses it raises the alarm. "" for none.
	Ping    string
	Healthy func(ctx context.Context) error

	Log *slog.Logger
}

type chores struct {
	db *storage.DB
	Options
	client *http.Client
}

// New returns the feature: jobs only, no commands.
func New(db *storage.DB, o Options) bot.Feature {
	c := &chores{db: db, Options: o, client: &http.Client{Timeout: 20 * time.Second}}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	jobs := []bot.Job{{Name: "retention", Every: 24 * time.Hour, At: 3 * time.Hour, Run: c.forget}}
	if o.Backups != "" {
		jobs = append(jobs, bot.Job{Name: "backup", Every: 24 * time.Hour, At: 3*time.Hour + 30*time.Minute, Run: c.backup})
	}
	if o.Ping != "" {
		jobs = append(jobs, bot.Job{Name: "ping", Every: 5 * time.Minute, Run: c.ping})
	}
	return bot.Feature{Name: "Chores", Jobs: jobs}
}

// forget drops what is older than the retention allows.
func (c *chores) forget(ctx context.Context, now time.Time) ([]bot.Post, error) {
	texts, rows, err := c.db.Clean(ctx, c.Retention, now)
	if err == nil {
		c.Log.Info("forgot in time", "texts", texts, "rows", rows)
	}
	return nil, err
}

// backup writes the backup of the day, and drops the oldest ones.
func (c *chores) backup(ctx context.Context, now time.Time) ([]bot.Post, error) {
	if err := os.MkdirAll(c.Backups, 0o700); err != nil {
		return nil, fmt.Errorf("chores: backup: %w", err)
	}
	path := filepath.Join(c.Backups, "wortley-"+now.UTC().Format("2006-01-02T150405")+".db")
	if err := c.db.Backup(ctx, path, nil); err != nil {
		return nil, err
	}
	c.Log.Info("backed up and verified", "file", path)
	return nil, c.thin()
}

// thin keeps the latest backups.
func (c *chores) thin() error {
	all, err := filepath.Glob(filepath.Join(c.Backups, "wortley-????-??-??T??????.db"))
	if err != nil {
		return err
	}
	keep := c.Keep
	if keep == 0 {
		keep = 7
	}
	sort.Strings(all)
	for _, old := range all[:max(0, len(all)-keep)] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("chores: old backup: %w", err)
		}
	}
	return nil
}

// ping tells the watcher outside that all is well.
func (c *chores) ping(ctx context.Context, _ time.Time) ([]bot.Post, error) {
	if c.Healthy != nil {
		if err := c.Healthy(ctx); err != nil {
			return nil, fmt.Errorf("chores: no ping: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Ping, nil)
	if err != nil {
		return nil, fmt.Errorf("chores: ping: %w", err)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("chores: ping: %w", err)
	}
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("chores: ping: %s", resp.Status)
	}
	return nil, nil
}
