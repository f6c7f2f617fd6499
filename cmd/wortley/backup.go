package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"git.coop/cotech/wortley/storage"
)

type backupCmd struct {
	File string `arg:"" predictor:"file" help:"Where to write it. A file that is there is not overwritten."`
}

// Run writes a verified copy of everything but keys and tokens, while the bot
// runs or not.
func (b *backupCmd) Run(a *app) error {
	_, db, done, err := openBeside(a, false)
	if err != nil {
		return err
	}
	defer done()
	if err := db.Backup(a.ctx, b.File, func(step string) { fmt.Fprintln(a.err, step) }); err != nil {
		return err
	}
	info, err := os.Stat(b.File)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	fmt.Fprintf(a.out, "%s: %.1f MiB, verified. Keys and tokens are not in it: a bot restored from it logs in anew.\n", b.File, float64(info.Size())/(1<<20))
	return nil
}

type restoreCmd struct {
	File string `arg:"" predictor:"file" help:"A backup."`
	Yes  bool   `short:"y" help:"Put it in the place of what is there. The old database is kept beside it."`
}

// Run puts a backup in the place of the database. The bot must not be running.
func (r *restoreCmd) Run(a *app) error {
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return err
	}
	unlock, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer unlock()
	_, err = os.Stat(c.database())
	there := err == nil
	if there && !r.Yes {
		return operatorError{fmt.Errorf("restore: there is a database at %s; say --yes to put the backup in its place", c.database())}
	}
	ready, err := r.prepare(a, c.Data)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer os.Remove(ready)
	if there {
		kept, err := setAside(c.database(), a.now())
		if err != nil {
			return fmt.Errorf("restore: %w", err)
		}
		fmt.Fprintf(a.out, "The old database is now %s.\n", kept)
	}
	if err := os.Rename(ready, c.database()); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return r.report(a, c.database())
}

// prepare makes a verified copy of the backup beside the database, with a
// schema of today and without keys, whatever the file holds. It returns its path.
func (r *restoreCmd) prepare(a *app, folder string) (string, error) {
	work, err := os.MkdirTemp(folder, "restore-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	fmt.Fprintln(a.err, "copying")
	raw := filepath.Join(work, "raw.db")
	if err := copyFile(r.File, raw); err != nil {
		return "", err
	}
	if err := isDatabase(raw); err != nil {
		return "", fmt.Errorf("%s: %w", r.File, err)
	}
	fmt.Fprintln(a.err, "verifying")
	db, err := storage.Open(a.ctx, raw, storage.Options{})
	if err != nil {
		return "", err
	}
	defer db.Close()
	ready := filepath.Join(folder, "wortley.db.restored")
	if err := os.Remove(ready); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return ready, db.Backup(a.ctx, ready, nil)
}

// isDatabase looks at the first bytes, so that a wrong file is named as such.
func isDatabase(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 16)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != "SQLite format 3\x00" {
		return errors.New("this is no backup of mine: not an SQLite file")
	}
	return nil
}

// setAside renames the database and what belongs to it. It returns the new name.
func setAside(path string, now time.Time) (string, error) {
	kept := path + ".before-restore-" + now.UTC().Format("2006-01-02T150405")
	for _, part := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+part, kept+part); err != nil && !(part != "" && errors.Is(err, fs.ErrNotExist)) {
			return "", err
		}
	}
	return kept, nil
}

func (r *restoreCmd) report(a *app, path string) error {
	db, err := storage.Open(a.ctx, path, storage.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := db.Status(a.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Restored: %d co-ops on the list, %d promises for later, in %s. At its next start the bot logs in as a new device.\n", s.Coops, s.Promises, path)
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
