package storage

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// begins reports whether a step begins a new edition.
func begins(t *testing.T, db *DB, step func() error) bool {
	t.Helper()
	before, err := db.Edition(t.Context())
	if err == nil {
		err = step()
	}
	after, err2 := db.Edition(t.Context())
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return before != after
}

func TestEdition(t *testing.T) {
	db, ctx := memory(t), t.Context()
	id, err := db.SaveCoop(ctx, Coop{Name: "Ladder Co-op", Status: "listed"})
	if err != nil {
		t.Fatal(err)
	}
	skill, err := db.EnsureSkill(ctx, "drupal", "Drupal", "technology")
	if err != nil {
		t.Fatal(err)
	}
	errUndo := errors.New("undo")
	change := func(ctx context.Context) error {
		return db.SetSkill(ctx, Can{Skill: skill, Coop: id, AsOf: "2026-01-06", From: "test"})
	}
	for _, tt := range []struct {
		name string
		want bool
		step func() error
	}{
		{"nothing", false, func() error { return nil }},
		{"a skill of a co-op", true, func() error { return change(ctx) }},
		{"the same, undone", true, func() error {
			if err := db.Do(ctx, func(ctx context.Context) error { return errors.Join(change(ctx), errUndo) }); !errors.Is(err, errUndo) {
				return err
			}
			return nil
		}},
		{"the same, undone alone", true, func() error {
			return db.Do(ctx, func(ctx context.Context) error {
				if err := db.Try(ctx, func(ctx context.Context) error { return errors.Join(change(ctx), errUndo) }); !errors.Is(err, errUndo) {
					return err
				}
				return nil
			})
		}},
		{"a co-op", true, func() error { _, err := db.SaveCoop(ctx, Coop{ID: id, Name: "Ladders", Status: "listed"}); return err }},
		{"another name of it", true, func() error { return db.NameCoop(ctx, "ladders", "Ladders", id) }},
		{"another word for a skill", true, func() error {
			return db.SetAlias(ctx, Alias{Key: "dru", Alias: "Dru", Skill: skill, Accepted: true})
		}},
		{"capacity", true, func() error {
			_, err := db.Exec(ctx, `INSERT INTO capacity (coop, words, until_day, said_on) VALUES ($1, 'none', '2026-02-01', '2026-01-06')`, id)
			return err
		}},
		{"a skill that is gone", true, func() error { return db.DropSkill(ctx, skill, id) }},
		{"what people say", false, func() error {
			return db.Deliver(ctx, "matrix", bot.Batch{Position: "1", Messages: []bot.Message{{ID: "$1", Room: bot.Room{Site: "matrix", ID: "r"}, Kind: bot.Said, Text: "coop skill", Time: time.Now()}}})
		}},
		{"what the bot says", false, func() error {
			return db.Owe(ctx, bot.Post{Key: "coop", Room: bot.Room{Site: "matrix", ID: "r"}, Kind: bot.Say})
		}},
		{"looking", false, func() error { _, err := db.Coops(ctx); return err }},
	} {
		if got := begins(t, db, tt.step); got != tt.want {
			t.Errorf("%s: a new edition: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestEditionOfAnotherProgram has another program change a co-op that was
// just read.
func TestEditionOfAnotherProgram(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "w.db")
	db, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := Open(ctx, path, Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	id, err := db.SaveCoop(ctx, Coop{Name: "Ladder Co-op", Status: "listed", Town: "Leeds"})
	if err != nil {
		t.Fatal(err)
	}
	town := func() (town string) {
		err := db.Do(ctx, func(ctx context.Context) error {
			c, err := db.Coop(ctx, id)
			town = c.Town
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return town
	}
	if got := town(); got != "Leeds" {
		t.Errorf("it is in %q", got)
	}
	moves := func() error {
		_, err := other.SaveCoop(ctx, Coop{ID: id, Name: "Ladder Co-op", Status: "listed", Town: "York"})
		return err
	}
	if !begins(t, db, moves) {
		t.Error("no new edition")
	}
	if got := town(); got != "York" {
		t.Errorf("it is in %q after it moved to York", got)
	}
}

// TestWhoMoves makes people known, gives them roles and asks them, each time
// having looked before.
func TestWhoMoves(t *testing.T) {
	db, ctx, now := memory(t), t.Context(), time.Now()
	ana := bot.User{ID: "@ana:example.org", Name: "Ana"}
	want := func(step string, want bot.Person) {
		t.Helper()
		if p, err := db.Person(ctx, "matrix", ana); err != nil || p != want {
			t.Errorf("%s: %+v, %v; want %+v", step, p, err, want)
		}
	}
	want("nobody knows her", bot.Person{Name: "Ana"})
	ana.Name = "Ana B."
	want("she has another name", bot.Person{Name: "Ana B."})
	id, err := db.Know(ctx, "matrix", ana)
	if err != nil {
		t.Fatal(err)
	}
	want("she is known", bot.Person{ID: id, Name: "Ana B."})
	if err := db.SetRole(ctx, id, bot.Coordinator); err != nil {
		t.Fatal(err)
	}
	want("she has a role", bot.Person{ID: id, Name: "Ana B.", Role: bot.Coordinator})

	room := bot.Room{Site: "matrix", ID: "r"}
	asked := func(want bool) {
		t.Helper()
		if _, ok, err := db.QuestionIn(ctx, room, ana.ID, now); err != nil || ok != want {
			t.Errorf("a question waits for her: %v, %v; want %v", ok, err, want)
		}
	}
	asked(false)
	if err := db.Question(ctx, bot.Question{Code: "ABCD", Post: "p", Room: room, User: ana.ID, Until: now.Add(time.Minute)}); err != nil {
		t.Fatal(err)
	}
	asked(true)
	if err := db.Closed(ctx, "ABCD", now); err != nil {
		t.Fatal(err)
	}
	asked(false)
}

// TestEditionByTriggers looks that a part changes only by statements that
// name one of its tables: no trigger and no foreign key of another table
// reaches in.
func TestEditionByTriggers(t *testing.T) {
	db := memory(t)
	schema, err := rows(t.Context(), db, scanText, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`CREATE TABLE "?(\w+)"?`)
	trigger := regexp.MustCompile(`(?s)CREATE TRIGGER .*? ON (\w+).*?BEGIN(.*)END`)
	reference := regexp.MustCompile(`REFERENCES "?(\w+)"? \(\w+\) ON (?:DELETE|UPDATE)`)
	for p := range parts {
		has := func(table string) bool { return writes[p].MatchString("UPDATE " + table) }
		for _, sql := range schema {
			if m := table.FindStringSubmatch(sql); m != nil && has(m[1]) {
				for _, to := range reference.FindAllStringSubmatch(sql, -1) {
					if !has(to[1]) {
						t.Errorf("%s changes with %s", m[1], to[1])
					}
				}
			}
			if m := trigger.FindStringSubmatch(sql); m != nil && !has(m[1]) && writes[p].MatchString(m[2]) {
				t.Errorf("a trigger of %s changes another table: %s", m[1], m[2])
			}
		}
	}
}

func scanText(row dbutil.Scannable) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}
