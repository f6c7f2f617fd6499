package bottest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// TestSift delivers what the bot has no business with, and looks at what is kept of it.
func TestSift(t *testing.T) {
	db, err := storage.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b := bot.New(db, bot.Options{Ignore: []string{"@feed:example.org"}, Introduce: "Hello.\nI am new here."},
		[]bot.Transport{newServer(false)}, toy(db))
	room := bot.Room{Site: "matrix", ID: "r"}
	said := func(id, from, text string) bot.Message {
		return bot.Message{ID: id, Room: room, From: bot.User{ID: from, Name: from}, Text: text, Kind: bot.Said, Time: time.Unix(0, 0)}
	}
	batch := bot.Batch{Position: "1", Rooms: []bot.RoomInfo{{Room: room, Name: "General", Joined: true}}, Messages: []bot.Message{
		said("$1", "@feed:example.org", "!count"), // another bot
		said("$2", "ana", "we talked about secrets"),
		said("$3", "ana", "> !count\nas I said"),
		said("$4", "ana", "!count"),
		said("$5", "ana", "and more secrets"),
	}}
	for range 2 { // the second time nothing is new
		if err := b.Take(context.Background(), "matrix", batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	still := func(p bot.Post, _ time.Time) bool {
		t.Errorf("still owed: %v", p)
		return true
	}
	if _, err := db.Owed(t.Context(), "matrix", still); err != nil {
		t.Fatal(err)
	}
	hello, ok, err := db.SaidKey(t.Context(), "hello/matrix/r")
	if err != nil || !ok || !strings.HasPrefix(hello.Text, "Hello.") {
		t.Errorf("it did not introduce itself: %v, %v", hello, err)
	}
	for id, want := range map[string]bool{"$1": false, "$2": false, "$3": false, "$4": true, "$5": false} {
		if _, kept, err := db.Heard(t.Context(), "matrix", id); err != nil || kept != want {
			t.Errorf("%s kept: %v, want %v (%v)", id, kept, want, err)
		}
	}
	if n := b.Stats.Answered.Load(); n != 1 {
		t.Errorf("answered %d messages, want 1", n)
	}
}

// TestAnswerBeforeItsEcho has somebody answer a question before the bot has
// been told the ID that the site gave it: the echo comes with the answer.
func TestAnswerBeforeItsEcho(t *testing.T) {
	db, err := storage.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	b := bot.New(db, bot.Options{}, []bot.Transport{newServer(false)}, toy(db))
	reply := bot.Message{ID: "$2", Room: bot.Room{Site: "matrix", ID: "r"}, From: bot.User{ID: "ana"}, Text: "yes", ReplyTo: "$1", Kind: bot.Said, Time: time.Unix(0, 0)}
	if err := b.Take(t.Context(), "matrix", bot.Batch{Position: "1", Echoes: []bot.Echo{{Txn: "t", ID: "$1"}}, Messages: []bot.Message{reply}}); err != nil {
		t.Fatal(err)
	}
	if m, kept, err := db.Heard(t.Context(), "matrix", "$2"); err != nil || !kept || m.Text != "yes" {
		t.Errorf("kept %v (%v), want the reply with its word", kept, err)
	}
}
