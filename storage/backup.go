package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// private are the beginnings of the names of tables that never leave the
// machine: keys and tokens that must not come to life a second time. Whoever
// restores a backup logs in as a new device.
var private = []string{"crypto_", "mx_", "matrix_", "wortley_matrix"}

// Backup writes a copy of everything but keys and tokens to a new file, while
// the bot runs, and verifies it: SQLite's own check, and the rows of every
// table counted on both sides. progress, if not nil, is told of each step.
// A file that is there already is not touched.
func (db *DB) Backup(ctx context.Context, path string, progress func(step string)) error {
	if progress == nil {
		progress = func(string) {}
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("storage: backup: %s is there already", path)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("storage: backup: %w", err)
	}
	defer os.Remove(part)
	progress("copying")
	if err := copyTo(ctx, db.Path, part); err != nil {
		return fmt.Errorf("storage: backup: %w", err)
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return fmt.Errorf("storage: backup: %w", err)
	}
	progress("leaving keys out")
	if err := finishBackup(ctx, part); err != nil {
		return fmt.Errorf("storage: backup: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("storage: backup: %w", err)
	}
	progress("verified")
	return nil
}

// copyTo copies a database on a connection of its own, beside the writer.
func copyTo(ctx context.Context, from, to string) error {
	raw := openRaw(dsn(from, Options{}, false), nil)
	defer raw.Close()
	_, err := raw.ExecContext(ctx, "VACUUM INTO $1", to)
	return err
}

// finishBackup takes the private tables out of a copy and checks the rest.
func finishBackup(ctx context.Context, path string) error {
	raw := openRaw("file:"+path+"?_foreign_keys=off&_journal_mode=DELETE", nil)
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	before, err := countRows(ctx, raw)
	if err != nil {
		return err
	}
	for table := range before {
		if isPrivate(table) {
			if _, err := raw.ExecContext(ctx, `DROP TABLE "`+table+`"`); err != nil {
				return err
			}
			delete(before, table)
		}
	}
	// The next start begins each site anew: a position belongs to a device.
	if _, err := raw.ExecContext(ctx, `DELETE FROM position WHERE transport = 'matrix'`); err != nil {
		return err
	}
	delete(before, "position")
	if _, err := raw.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	return Verify(ctx, raw, before)
}

// Verify runs SQLite's own check, and compares the rows of tables with counts.
func Verify(ctx context.Context, raw *sql.DB, counts map[string]int64) error {
	var verdict string
	if err := raw.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the copy is damaged: %s", verdict)
	}
	now, err := countRows(ctx, raw)
	if err != nil {
		return err
	}
	for table, n := range counts {
		if now[table] != n {
			return fmt.Errorf("table %s has %d rows in the copy instead of %d", table, now[table], n)
		}
	}
	return nil
}

func isPrivate(table string) bool {
	for _, p := range private {
		if strings.HasPrefix(table, p) {
			return true
		}
	}
	return false
}

// countRows counts the rows of each table.
func countRows(ctx context.Context, raw *sql.DB) (map[string]int64, error) {
	found, err := raw.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	counts := map[string]int64{}
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			return nil, err
		}
		counts[name] = 0
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	for name := range counts {
		var n int64
		if err := raw.QueryRowContext(ctx, `SELECT count(*) FROM "`+name+`"`).Scan(&n); err != nil {
			return nil, err
		}
		counts[name] = n
	}
	return counts, nil
}
