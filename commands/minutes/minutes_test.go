package minutes_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/commands/minutes"
	"git.coop/cotech/wortley/storage"
)

// stage is `!stage 2026-01-15 14:00`: it puts a meeting of the room's group
// into the database, without the words that booking one takes.
func stage(db *storage.DB) bot.Feature {
	run := func(ctx context.Context, c *bot.Call) (bot.Reply, error) {
		g, _, err := db.GroupAt(ctx, c.Room)
		if err != nil {
			return bot.Reply{}, err
		}
		start, err := time.ParseInLocation("2006-01-02 15:04", c.Args, when.London)
		if err != nil {
			return bot.Reply{}, err
		}
		_, err = db.AddMeeting(ctx, storage.Meeting{Group: g.ID, Slot: storage.SlotOf(start, start.Add(90*time.Minute), when.London), State: storage.Booked, Made: c.Time})
		return bot.Reply{React: "📅"}, err
	}
	return bot.Feature{Commands: []bot.Command{{Name: "stage", Hidden: true, Run: run}}}
}

func TestConversations(t *testing.T) {
	p := &bottest.Player{
		Features: func(db *storage.DB) []bot.Feature {
			return []bot.Feature{minutes.New(db, minutes.Options{Forum: bot.Room{Site: "discourse/hub", ID: "category/7"}}), stage(db)}
		},
	}
	p.Run(t, "testdata/*.txt")
}

// With everything that the bot can do: a meeting from its booking to its minutes.
func TestStory(t *testing.T) {
	p := &bottest.Player{Features: func(db *storage.DB) []bot.Feature { return commands.All(db, commands.Options{}) }}
	p.Run(t, "testdata/story/*.txt")
}

// publishedMinutes are minutes on their way to a forum, and what is said of them
// when somebody looks what became of them.
func publishedMinutes(t *testing.T, now time.Time) (db *storage.DB, m storage.Minutes, tell func() ([]bot.Post, time.Time)) {
	t.Helper()
	ctx := context.Background()
	db, err := storage.OpenMemory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	room := bot.Room{Site: "matrix", ID: "!csd"}
	group, err := db.SaveGroup(ctx, storage.Group{Slug: "csd", Name: "Co-op Support", Kind: "circle", Made: now})
	if err != nil {
		t.Fatal(err)
	}
	m = storage.Minutes{Group: group, Day: "2026-01-15", Text: "- Agreed: cake", State: "kept", Room: room, Post: "minutes/1/forum/1", Made: now, Changed: now}
	if m.ID, err = db.SaveMinutes(ctx, m); err != nil {
		t.Fatal(err)
	}
	if err := db.Owe(ctx, bot.Post{Key: m.Post, Room: bot.Room{Site: "discourse/hub", ID: "category/7"}, Kind: bot.Say, Text: m.Text, Made: now}); err != nil {
		t.Fatal(err)
	}
	f := minutes.New(db, minutes.Options{})
	return db, m, func() ([]bot.Post, time.Time) {
		for _, teller := range f.Tellers {
			if teller.Kind == "minutes publish" {
				posts, next, err := teller.Tell(ctx, bot.Due{Kind: teller.Kind, Ref: "1", At: now}, now)
				if err != nil {
					t.Fatal(err)
				}
				return posts, next
			}
		}
		t.Fatal("nobody looks what became of published minutes")
		return nil, time.Time{}
	}
}

// A forum that refuses minutes does not lose them.
func TestForumRefuses(t *testing.T) {
	ctx, now := context.Background(), time.Date(2026, 1, 15, 16, 0, 0, 0, time.UTC)
	db, m, tell := publishedMinutes(t, now)
	if posts, next := tell(); len(posts) != 0 || !next.After(now) {
		t.Errorf("while they are on their way: %v, again at %v", posts, next)
	}
	if err := db.Settled(ctx, []bot.End{{Key: m.Post, Give: "403 Forbidden", At: now}}); err != nil {
		t.Fatal(err)
	}
	posts, next := tell()
	if len(posts) != 1 || posts[0].Room != m.Room || !next.IsZero() || !strings.Contains(posts[0].Text, "403 Forbidden") || !strings.Contains(posts[0].Text, "!minutes publish") {
		t.Errorf("after the refusal: %+v, again at %v", posts, next)
	}
	if kept, ok, err := db.LastMinutes(ctx, m.Group); err != nil || !ok || kept.Text != m.Text {
		t.Errorf("kept: %+v, %v, %v", kept, ok, err)
	}
}

// A forum that takes them tells where they are.
func TestForumTakes(t *testing.T) {
	ctx, now := context.Background(), time.Date(2026, 1, 15, 16, 0, 0, 0, time.UTC)
	db, m, tell := publishedMinutes(t, now)
	if err := db.Settled(ctx, []bot.End{{Key: m.Post, ID: "812", At: now}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Deliver(ctx, "discourse", bot.Batch{Items: []bot.Item{{Site: "discourse/hub", ID: "812", Topic: "77", Number: 1, Kind: bot.Said,
		URL: "https://forum.example.org/t/77", Time: now}}, Position: "1"}); err != nil {
		t.Fatal(err)
	}
	posts, next := tell()
	if len(posts) != 1 || posts[0].Room != m.Room || !next.IsZero() || !strings.Contains(posts[0].Text, "https://forum.example.org/t/77") {
		t.Errorf("%+v, again at %v", posts, next)
	}
	if kept, _, err := db.LastMinutes(ctx, m.Group); err != nil || kept.Link != "https://forum.example.org/t/77" {
		t.Errorf("link %q, %v", kept.Link, err)
	}
}
