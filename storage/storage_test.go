package storage

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

func TestTryUndoesOnlyItself(t *testing.T) {
	db, ctx := memory(t), t.Context()
	wrong := errors.New("wrong")
	err := db.Do(ctx, func(ctx context.Context) error {
		if err := db.SetRan(ctx, "kept", time.Unix(1, 0)); err != nil {
			return err
		}
		err := db.Try(ctx, func(ctx context.Context) error {
			if err := db.SetRan(ctx, "undone", time.Unix(1, 0)); err != nil {
				return err
			}
			return wrong
		})
		if !errors.Is(err, wrong) {
			t.Errorf("Try returned %v", err)
		}
		return db.Try(ctx, func(ctx context.Context) error { return db.SetRan(ctx, "kept too", time.Unix(1, 0)) })
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"kept": true, "undone": false, "kept too": true} {
		if at, err := db.Ran(ctx, name); err != nil || at.IsZero() == want {
			t.Errorf("%s: %v, %v", name, at, err)
		}
	}
}

func TestBackupLeavesKeysOut(t *testing.T) {
	db, ctx := file(t, Options{}), t.Context()
	for _, q := range []string{
		`CREATE TABLE crypto_account (secret TEXT)`, `INSERT INTO crypto_account VALUES ('verysecretkey')`,
		`CREATE TABLE mx_user_profile (user TEXT)`, `CREATE TABLE matrix_device (token TEXT)`, `INSERT INTO matrix_device VALUES ('verysecrettoken')`,
	} {
		if _, err := db.Exec(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.SetPosition(ctx, "matrix", "s1"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.EnsureCoop(ctx, "Calverts"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(ctx, path, nil); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(ctx, path, nil); err == nil {
		t.Error("an older backup was overwritten")
	}
	copied, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	var tables int
	if err := copied.QueryRow(ctx, `SELECT count(*) FROM sqlite_master WHERE name LIKE 'crypto%' OR name LIKE 'mx_%' OR name LIKE 'matrix_%'`).Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d private tables in the backup (%v)", tables, err)
	}
	if at, err := copied.Position(ctx, "matrix"); err != nil || at != "" {
		t.Errorf("the backup would go on at %q (%v)", at, err)
	}
	if all, err := copied.Coops(ctx); err != nil || len(all) != 1 {
		t.Errorf("coops in the backup: %v, %v", all, err)
	}
}

func TestForgetPersonLeavesNoName(t *testing.T) {
	db, ctx := memory(t), t.Context()
	ana := bot.User{ID: "@ana:example.org", Name: "Ana Anderson"}
	id, err := db.Know(ctx, "matrix", ana)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Link(ctx, "discourse/hub", "ana_forum", id); err != nil {
		t.Fatal(err)
	}
	room := bot.Room{Site: "matrix", ID: "!r"}
	m := bot.Message{ID: "$1", Room: room, From: ana, Kind: bot.Said, Text: "!help", Time: time.Unix(1, 0)}
	if err := db.Deliver(ctx, "matrix", bot.Batch{Messages: []bot.Message{m}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Log(ctx, bot.Entry{Person: id, User: ana.ID, Room: room, Effect: bot.Effect{What: "did something"}}); err != nil {
		t.Fatal(err)
	}
	if err := db.SetPrompt(ctx, Prompt{Coop: must(db.EnsureCoop(ctx, "Calverts")), Site: "matrix", User: ana.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ForgetPerson(ctx, "matrix", ana); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ana", "Anderson"} {
		if where := holding(t, db, name); len(where) > 0 {
			t.Errorf("%q is still in %v", name, where)
		}
	}
	var kept int64
	if err := db.QueryRow(ctx, `SELECT person FROM audit`).Scan(&kept); err != nil || kept != id {
		t.Errorf("the log lost its pseudonym: %d, %v", kept, err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// holding returns the columns in which any text contains a word.
func holding(t *testing.T, db *DB, word string) (where []string) {
	t.Helper()
	columns, err := rows(t.Context(), db, func(row dbutil.Scannable) (c [2]string, err error) {
		err = row.Scan(&c[0], &c[1])
		return c, err
	}, `SELECT m.name, p.name FROM sqlite_master AS m, pragma_table_info(m.name) AS p WHERE m.type = 'table' AND p.type IN ('TEXT', 'BLOB')`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		var n int
		q := fmt.Sprintf(`SELECT count(*) FROM "%s" WHERE instr(lower("%s"), lower($1)) > 0`, c[0], c[1])
		if err := db.QueryRow(t.Context(), q, word).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			where = append(where, strings.Join(c[:], "."))
		}
	}
	return where
}

// owedKeys lists what a transport owes, and from when.
func owedKeys(t *testing.T, db *DB, transport string, limit int) (keys []string, from []time.Time, all bool) {
	t.Helper()
	all, err := db.Owed(t.Context(), transport, func(p bot.Post, at time.Time) bool {
		keys, from = append(keys, p.Key), append(from, at)
		return len(keys) < limit
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys, from, all
}

func TestSitesOfATransport(t *testing.T) {
	db, ctx := memory(t), t.Context()
	for _, site := range []string{"discourse/hub", "discourse", "discoursex", "chat/hub"} {
		if err := db.Owe(ctx, bot.Post{Key: site, Room: bot.Room{Site: site, ID: "r"}, Kind: bot.Say}); err != nil {
			t.Fatal(err)
		}
	}
	if keys, _, all := owedKeys(t, db, "discourse", 9); len(keys) != 2 || !all {
		t.Errorf("owed: %v, all: %v; want those of discourse and discourse/hub", keys, all)
	}
	if keys, _, all := owedKeys(t, db, "discourse", 1); len(keys) != 1 || all {
		t.Errorf("owed: %v, all: %v; want one, and to hear that there is more", keys, all)
	}
}

// TestClaim counts tries: of what is owed, and as often as somebody knows of.
func TestClaim(t *testing.T) {
	db, ctx, now := memory(t), t.Context(), time.Now()
	room := bot.Room{Site: "matrix", ID: "r"}
	first := bot.Post{Key: "0", Room: room, Kind: bot.Say}
	second := bot.Post{Key: "1", Room: room, Kind: bot.Edit, Of: "0"}
	if err := db.Owe(ctx, first, second); err != nil {
		t.Fatal(err)
	}
	claim := func(p bot.Post, want bool) bot.Post {
		t.Helper()
		if ok, err := db.Claim(ctx, &p); err != nil || ok != want {
			t.Errorf("claimed %s with %d tries: %v, %v; want %v", p.Key, p.Tries, ok, err, want)
		}
		return p
	}
	if p := claim(first, true); p.Tries != 1 {
		t.Errorf("%d tries, want 1", p.Tries)
	}
	claim(first, false) // somebody else has claimed it
	first.Tries = 1
	claim(first, true)
	if p := claim(second, true); p.OfID != "" {
		t.Errorf("what it changes has the ID %q, but was not said", p.OfID)
	}
	if err := db.Settled(ctx, []bot.End{{Key: "0", ID: "$0", At: now}, {Key: "1", Retry: now.Add(time.Minute), At: now}}); err != nil {
		t.Fatal(err)
	}
	first.Tries = 2
	claim(first, false) // it was said
	second.Tries = 1
	if p := claim(second, true); p.OfID != "$0" {
		t.Errorf("what it changes has the ID %q, want $0", p.OfID)
	}
	if keys, from, _ := owedKeys(t, db, "matrix", 9); len(keys) != 1 || from[0].UnixMilli() != now.Add(time.Minute).UnixMilli() {
		t.Errorf("owed: %v from %v, want the second from a minute later", keys, from)
	}
}
