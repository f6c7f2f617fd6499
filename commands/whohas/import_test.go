package whohas_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

func loaded(tb testing.TB) *storage.DB {
	tb.Helper()
	db, err := storage.OpenMemory(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	entries, _, err := directory.ReadCSV(strings.NewReader(string(directory.SampleCSV)))
	if err != nil {
		tb.Fatal(err)
	}
	if err := whohas.Load(context.Background(), db, entries); err != nil {
		tb.Fatal(err)
	}
	return db
}

func dump(t *testing.T, db *storage.DB) string {
	t.Helper()
	entries, err := whohas.Export(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	if err := directory.WriteCSV(&s, entries); err != nil {
		t.Fatal(err)
	}
	return s.String()
}

func find(entries []directory.Entry, name string) *directory.Entry {
	for i := range entries {
		if entries[i].Name == name {
			return &entries[i]
		}
	}
	return nil
}

func TestImportIsComparedAppliedAndUndone(t *testing.T) {
	db, ctx := loaded(t), t.Context()
	before := dump(t, db)
	entries, err := whohas.Export(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if diff, err := whohas.Compare(ctx, db, entries); err != nil || !diff.Empty() || len(diff.Missing) != 0 {
		t.Fatalf("the directory differs from itself: %v\n%v", err, diff)
	}
	// One co-op moves and learns, one is new, one is not in the list.
	mc3 := find(entries, "MC3")
	mc3.Town, mc3.Skills = "Leeds", append(mc3.Skills, directory.Skill{Name: "Risograph", Kind: directory.Technology})
	entries = append(entries, directory.Entry{Name: "Newly Founded", Slug: "newly-founded", Status: directory.Listed})
	for i := range entries {
		if entries[i].Name == "Outlandish" {
			entries = append(entries[:i], entries[i+1:]...)
			break
		}
	}
	diff, err := whohas.Compare(ctx, db, entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"new:     Newly Founded", "changed: MC3: town: Huddersfield → Leeds; + Risograph", "missing: Outlandish", "1 new, 1 changed, 60 as they were, 1 missing"} {
		if !strings.Contains(diff.String(), want) {
			t.Errorf("no %q in\n%s", want, diff)
		}
	}
	id, err := whohas.Apply(ctx, db, diff, "a test", time.Unix(1, 0), nil)
	if err != nil {
		t.Fatal(err)
	}
	after := dump(t, db)
	if !strings.Contains(after, "Newly Founded") || !strings.Contains(after, "Outlandish") || !strings.Contains(after, "Leeds") {
		t.Errorf("after the import:\n%s", bottest.Diff(before, after))
	}
	if _, err := whohas.Undo(ctx, db, id, time.Unix(2, 0)); err != nil {
		t.Fatal(err)
	}
	if d := bottest.Diff(before, dump(t, db)); d != "" {
		t.Errorf("undoing left a difference:\n%s", d)
	}
	if _, err := whohas.Undo(ctx, db, id, time.Unix(3, 0)); err == nil {
		t.Error("undone twice")
	}
}

// TestImportLeavesMembersWords has the website forget the skills, as it did in
// 2025, and a list that lacks what a member said of their own co-op.
func TestImportLeavesMembersWords(t *testing.T) {
	db, ctx := loaded(t), t.Context()
	before := dump(t, db)
	bare := []directory.Entry{{Name: "Autonomic", Slug: "autonomic", Status: directory.Listed, Website: "https://autonomic.zone/"}}
	if diff, err := whohas.Compare(ctx, db, bare); err != nil || !diff.Empty() {
		t.Errorf("an entry without skills changes something: %v %v", diff, err)
	}
	coop, err := db.EnsureCoop(ctx, "Autonomic")
	if err != nil {
		t.Fatal(err)
	}
	skill, err := db.EnsureSkill(ctx, directory.Key("Knitting"), "Knitting", "service")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SetSkill(ctx, storage.Can{Skill: skill, Coop: coop, From: "a member"}); err != nil {
		t.Fatal(err)
	}
	entries, _, err := directory.ReadCSV(strings.NewReader(before))
	if err != nil {
		t.Fatal(err)
	}
	if diff, err := whohas.Compare(ctx, db, entries); err != nil || !diff.Empty() {
		t.Errorf("the import would touch a member's words: %v %v", diff, err)
	}
}

// TestLongArgument gives each command ten thousand letters.
func TestLongArgument(t *testing.T) {
	db := loaded(t)
	b := bot.New(db, bot.Options{}, nil, []bot.Feature{whohas.New(db)})
	long := strings.Repeat("drupal ‮<b> ", 1000)
	var ms []bot.Message
	for i, word := range []string{"whohas", "coop", "coops", "skills", "capacity", "alias", "iam", "link", "wanted", "nonsense"} {
		ms = append(ms, bot.Message{ID: fmt.Sprint("$", i), Room: bot.Room{Site: "matrix", ID: "r"}, From: bot.User{ID: "ana", Name: "ana"},
			Text: "!" + word + " " + long, Direct: true, Kind: bot.Said, Time: time.Now()})
	}
	for _, m := range ms {
		if err := b.Take(t.Context(), "matrix", bot.Batch{Messages: []bot.Message{m}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	var posts []bot.Post
	_, err := db.Owed(t.Context(), "matrix", func(p bot.Post, _ time.Time) bool {
		posts = append(posts, p)
		return true
	})
	if err != nil || len(posts) != len(ms) {
		t.Fatalf("%d answers to %d commands, %v: %v", len(posts), len(ms), err, posts)
	}
	for _, p := range posts {
		if len(p.Text) > 3000 || strings.Contains(p.Text, "‮") || strings.Contains(p.Text, "went wrong") {
			t.Errorf("%s: %s", p.Key, p.Text)
		}
	}
}

// BenchmarkImport compares and applies a list of 10,000 rows.
func BenchmarkImport(b *testing.B) {
	var entries []directory.Entry
	for i := range 1000 {
		e := directory.Entry{Name: fmt.Sprint("Co-op ", i), Slug: fmt.Sprint("c", i), Status: directory.Listed}
		for j := range 10 {
			e.Skills = append(e.Skills, directory.Skill{Name: fmt.Sprint("craft ", (i*7+j)%500), Kind: directory.Service})
		}
		entries = append(entries, e)
	}
	for b.Loop() {
		b.StopTimer()
		db, err := storage.OpenMemory(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		diff, err := whohas.Compare(b.Context(), db, entries)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := whohas.Apply(b.Context(), db, diff, "a benchmark", time.Now(), nil); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		db.Close()
		b.StartTimer()
	}
}
