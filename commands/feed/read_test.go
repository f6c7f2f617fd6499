package feed_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/feed"
	"git.coop/cotech/wortley/storage"
)

// at is a Tuesday afternoon.
var at = time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)

var general = bot.Room{Site: "matrix", ID: "!general:example.org"}

// followed returns a feature over a database in which a room follows Events.
func followed(t testing.TB) (*storage.DB, bot.Feature) {
	t.Helper()
	ctx := context.Background()
	db, err := storage.OpenMemory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	forum := hub()
	if err := db.SaveForumCategories(ctx, "discourse/hub", forum.categories); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveFeed(ctx, storage.Feed{Room: general, Forum: "discourse/hub", What: "category", Value: "5", Name: "Events", Level: "follow", At: at}); err != nil {
		t.Fatal(err)
	}
	return db, feed.New(db, feed.Options{Delay: time.Minute, Forums: []feed.Forum{{Site: "discourse/hub", Ask: forum}}})
}

func topic(n int) bot.Item {
	return bot.Item{Site: "discourse/hub", ID: fmt.Sprint(100 + n), Topic: fmt.Sprint(n), Number: 1, Kind: bot.Said, Title: fmt.Sprintf("Topic %d", n),
		URL: fmt.Sprintf("https://hub.example/t/%d", n), Category: "5", Author: bot.User{ID: "ben", Name: "Ben"}, Time: at.Add(time.Minute)}
}

func waiting(t testing.TB, db *storage.DB, f bot.Feature, items ...bot.Item) []storage.FeedLine {
	t.Helper()
	if _, err := f.Read(context.Background(), items, at.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	lines, err := db.WaitingFeedLines(context.Background(), general)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestWhatIsNeverTold(t *testing.T) {
	for name, change := range map[string]func(*bot.Item){
		"from before the bot's first look":     func(i *bot.Item) { i.Old = true },
		"older than the rule":                  func(i *bot.Item) { i.Time = at.Add(-time.Hour) },
		"a personal message":                   func(i *bot.Item) { i.Category = "" },
		"a reply, where only topics are asked": func(i *bot.Item) { i.Number = 2 },
		"another forum's category 5":           func(i *bot.Item) { i.Site = "discourse/guild" },
		"deleted already":                      func(i *bot.Item) { i.Kind = bot.Deleted },
	} {
		db, f := followed(t)
		i := topic(1)
		change(&i)
		if got := waiting(t, db, f, i); len(got) != 0 {
			t.Errorf("%s: told %q", name, got[0].Title)
		}
	}
}

func TestToldOnce(t *testing.T) {
	db, f := followed(t)
	waiting(t, db, f, topic(1))
	if got := waiting(t, db, f, topic(1), topic(1)); len(got) != 1 {
		t.Fatalf("%d lines for one topic", len(got))
	}
	posts, next, err := f.Tellers[0].Tell(t.Context(), bot.Due{Ref: `["matrix","!general:example.org"]`}, at.Add(time.Hour))
	if err != nil || len(posts) != 1 || !next.IsZero() {
		t.Fatalf("told %d posts, next %v, %v", len(posts), next, err)
	}
	if got := waiting(t, db, f, topic(1)); len(got) != 0 {
		t.Errorf("told again: %v", got)
	}
}

func TestRoomUpgrade(t *testing.T) {
	db, f := followed(t)
	waiting(t, db, f, topic(1))
	batch := bot.Batch{Position: "1", Rooms: []bot.RoomInfo{{Room: general, Left: true, Upgraded: "!new"}}}
	if err := db.Deliver(t.Context(), "matrix", batch); err != nil {
		t.Fatal(err)
	}
	due, err := db.Due(t.Context(), at.Add(time.Hour), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("due %v, %v", due, err)
	}
	posts, _, err := f.Tellers[0].Tell(t.Context(), due[0], at.Add(time.Hour))
	if err != nil || len(posts) != 1 || posts[0].Room.ID != "!new" {
		t.Errorf("posts %v, %v; want one in the new room", posts, err)
	}
}

// TestHostileTitles keeps what people on a forum write from becoming markup.
func TestHostileTitles(t *testing.T) {
	for _, title := range []string{"](https://evil.example) [x", "<img src=x>", "**@room**", "\u202eabc", strings.Repeat("x", 10_000), "`code`", ""} {
		db, f := followed(t)
		i := topic(1)
		i.Title, i.URL = title, "https://hub.example/t/(1)"
		waiting(t, db, f, i)
		posts, _, err := f.Tellers[0].Tell(t.Context(), bot.Due{Ref: `["matrix","!general:example.org"]`}, at.Add(time.Hour))
		if err != nil || len(posts) != 1 {
			t.Fatalf("%.20q: %d posts, %v", title, len(posts), err)
		}
		p := posts[0]
		if len(p.Text) > 400 || strings.Contains(p.Text, "evil.example)") && !strings.Contains(p.Text, `\]`) || strings.ContainsRune(p.Text, '\u202e') ||
			strings.Contains(strings.ReplaceAll(p.Text, `\<`, ""), "<") || len(p.Mentions) > 0 || p.Loud {
			t.Errorf("%.20q became %q", title, p.Text)
		}
	}
}

func TestForumDoesNotAnswer(t *testing.T) {
	db, _ := followed(t)
	f := feed.New(db, feed.Options{Forums: []feed.Forum{{Site: "discourse/hub", Ask: &madeUp{down: true}}}})
	_, err := f.Commands[0].Sub[0].Ask(t.Context(), &bot.Call{Args: "events"})
	if err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("got %v", err)
	}
}

// TestNoForum says that there is none.
func TestNoForum(t *testing.T) {
	db, _ := followed(t)
	f := feed.New(db, feed.Options{})
	if _, err := f.Commands[0].Sub[0].Ask(t.Context(), &bot.Call{Args: "events"}); err == nil || !strings.Contains(err.Error(), "on no forum yet") {
		t.Errorf("got %v", err)
	}
	r, err := f.Commands[1].Run(t.Context(), &bot.Call{Message: bot.Message{Room: bot.Room{Site: "matrix", ID: "!other"}}})
	if err != nil || !strings.Contains(r.Text, "hears of no forum") {
		t.Errorf("got %q, %v", r.Text, err)
	}
}

// TestTrouble shows what went wrong, and that a forum is not heard of.
func TestTrouble(t *testing.T) {
	ctx := t.Context()
	db, _ := followed(t)
	f := feed.New(db, feed.Options{Forums: []feed.Forum{{Site: "discourse/hub", Ask: hub()}}, Heard: func(string) time.Time { return at.Add(-time.Hour) }})
	if err := db.Owe(ctx, bot.Post{Key: "feed/1/1", Room: general, Kind: bot.Say, Text: "x", Made: at}); err != nil {
		t.Fatal(err)
	}
	if err := db.Settled(ctx, []bot.End{{Key: "feed/1/1", Give: "not in the room", At: at}}); err != nil {
		t.Fatal(err)
	}
	r, err := f.Commands[1].Run(ctx, &bot.Call{Message: bot.Message{Room: general}, Now: at.Add(20 * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"could not be said (20 minutes ago): not in the room.", "last heard of the forum hub 1 hour ago"} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("%q is not in %q", want, r.Text)
		}
	}
}

// TestForgotten drops what is kept of somebody's name on the forum.
func TestForgotten(t *testing.T) {
	ctx := t.Context()
	db, f := followed(t)
	waiting(t, db, f, topic(1))
	id, err := db.Know(ctx, "discourse/hub", bot.User{ID: "ben", Name: "Ben"})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Forget(ctx, bot.Person{ID: id}); err != nil {
		t.Fatal(err)
	}
	lines, err := db.WaitingFeedLines(ctx, general)
	if err != nil || lines[0].Author != (bot.User{}) {
		t.Errorf("author is %v, %v", lines[0].Author, err)
	}
}

// BenchmarkRead is a look at a forum that brings 50 posts, with 100 rooms that
// follow something.
func BenchmarkRead(b *testing.B) {
	ctx := context.Background()
	db, f := followed(b)
	for n := range 100 {
		room := bot.Room{Site: "matrix", ID: fmt.Sprintf("!%d", n)}
		if _, err := db.SaveFeed(ctx, storage.Feed{Room: room, Forum: "discourse/hub", What: "category", Value: fmt.Sprint(n), Name: "x", Level: "follow", At: at}); err != nil {
			b.Fatal(err)
		}
	}
	n := 0
	for b.Loop() {
		items := make([]bot.Item, 50)
		for i := range items {
			n++
			items[i] = topic(n)
		}
		if err := db.Do(ctx, func(ctx context.Context) error {
			_, err := f.Read(ctx, items, at.Add(2*time.Minute))
			return err
		}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if _, _, err := f.Tellers[0].Tell(ctx, bot.Due{Ref: `["matrix","!general:example.org"]`}, at.Add(time.Hour)); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
