package discourse_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

func TestManyRepliesInARow(t *testing.T) { eachMode(t, testManyReplies) }

func testManyReplies(t *testing.T, mode discoursetest.Mode) {
	f, c, cat := newTimedForum(t, mode)
	tr := timedTransport(t, f, c)
	topic := f.NewTopic("ana", cat["General"], "Where is the ladder?", "Who has it?")
	room := bot.Room{Site: tr.Name(), ID: strconv.FormatInt(topic.ID, 10)}
	first := strconv.FormatInt(f.Posts(topic.ID)[0].ID, 10)
	send := func(p bot.Post) string {
		t.Helper()
		p.Room, p.Tries = room, max(p.Tries, 1)
		id, err := tr.Send(t.Context(), p)
		if err != nil {
			t.Fatalf("%s: %v", p.Key, err)
		}
		return id
	}
	ids := map[string]string{}
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		ids[key] = send(bot.Post{Key: key, Kind: bot.Say, Text: "This is what I know about " + key + ".", ReplyTo: first})
		c.pass(time.Minute)
	}
	posts := f.Posts(topic.ID)
	if len(posts) != 4 || ids["c"] != ids["d"] || ids["d"] != ids["e"] {
		t.Fatalf("%d posts, %v", len(posts), ids)
	}
	shown := func() string { return f.Post(number(t, ids["c"])).Raw }
	if again := send(bot.Post{Key: "d", Kind: bot.Say, Tries: 2, Text: "This is what I know about d.", ReplyTo: first}); again != ids["d"] || strings.Count(shown(), "about d.") != 1 {
		t.Errorf("said again: %s", shown())
	}
	send(bot.Post{Key: "d2", Kind: bot.Edit, Of: "d", OfID: ids["d"], Text: "I was wrong about that."})
	for _, want := range []string{"about c.", "I was wrong", "about e.", "*To [post 1]("} {
		if !strings.Contains(shown(), want) {
			t.Errorf("%q is not in %q", want, shown())
		}
	}
	send(bot.Post{Key: "c2", Kind: bot.Withdraw, Of: "c", OfID: ids["c"]})
	if raw := shown(); strings.Contains(raw, "about c.") || strings.Contains(raw, "about d.") || !strings.Contains(raw, "about e.") {
		t.Errorf("after c was taken back: %q", raw)
	}
	var echoes []string
	follow(t, tr, c, "", func(look int, b bot.Batch) bool {
		for _, e := range b.Echoes {
			echoes = append(echoes, e.ID)
		}
		if look == 1 {
			f.Say("ana", topic.ID, "Thank you very much.")
			send(bot.Post{Key: "f", Kind: bot.Say, Text: "There is more that I know about f."})
		}
		return look < 3
	})
	if n := len(f.Posts(topic.ID)); n != 6 {
		t.Errorf("%d posts, want one more answer by itself", n)
	}
	if len(echoes) != 5 { // a, b, d and e in one post, f
		t.Errorf("echoes of %q", echoes)
	}
}

func TestWaitsForASlowForum(t *testing.T) {
	f, c, cat := newTimedForum(t, discoursetest.Newest)
	topic := f.NewTopic("ana", cat["General"], "Where is the ladder?", "Who has it?")
	tr := timedTransport(t, f, c)
	c.pass(time.Minute)
	post := bot.Post{Key: "a", Kind: bot.Say, Text: "This is what I know about it.", Tries: 1, Made: c.now(), Room: bot.Room{Site: tr.Name(), ID: strconv.FormatInt(topic.ID, 10)}}
	f.FailNextOn("POST /posts.json", discoursetest.CutBefore, 1)
	if _, err := tr.Send(t.Context(), post); !errors.Is(err, bot.ErrUnknown) {
		t.Fatalf("cut: %v, want ErrUnknown", err)
	}
	c.pass(5 * time.Second)
	post.Tries = 2
	var wait *bot.WaitError
	if _, err := tr.Send(t.Context(), post); !errors.As(err, &wait) || wait.For != 30*time.Second {
		t.Fatalf("5 s later: %v, want to wait for the rest of 35 s", err)
	}
	c.pass(wait.For)
	post.Tries = 3
	if _, err := tr.Send(t.Context(), post); err != nil || len(f.Posts(topic.ID)) != 2 {
		t.Errorf("after that: %v, %d posts", err, len(f.Posts(topic.ID)))
	}
	f.FailNextOn("POST /posts.json", discoursetest.CutAfter, 1)
	other := post
	other.Key, other.Text, other.Tries = "b", "And this is what I know about the other.", 1
	if _, err := tr.Send(t.Context(), other); !errors.Is(err, bot.ErrUnknown) {
		t.Fatalf("cut: %v, want ErrUnknown", err)
	}
	other.Tries = 2
	if _, err := tr.Send(t.Context(), other); err != nil {
		t.Errorf("it is there, and still waited for: %v", err)
	}
	restarted := timedTransport(t, f, c) // knows nothing of the last run's tries
	third := post
	third.Key, third.Tries, third.Made = "c", 2, c.now().Add(-time.Minute)
	if _, err := restarted.Send(t.Context(), third); !errors.As(err, &wait) {
		t.Errorf("just after a restart: %v, want to wait", err)
	}
}
