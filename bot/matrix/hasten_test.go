package matrix

import (
	"log/slog"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

// Hasten makes the bot wait for missing keys no longer than d, until the test ends.
func Hasten(t *testing.T, d time.Duration) {
	ask, tell := askAfter, tellAfter
	askAfter, tellAfter = d, d
	t.Cleanup(func() { askAfter, tellAfter = ask, tell })
}

// An event that makes the program panic is left out; the next one is read.
func TestPanic(t *testing.T) {
	s := &session{t: &Transport{log: slog.New(slog.DiscardHandler)}} // without a database
	s.t.names.set("@bob:x", "Bob")
	rd := &reading{s: s}
	for _, raw := range []string{
		`{"event_id":"$1","type":"m.room.message","sender":"@ana:x","content":{"msgtype":"m.text","body":"one"}}`,
		`{"event_id":"$2","type":"m.room.message","sender":"@bob:x","content":{"msgtype":"m.text","body":"two"}}`,
	} {
		e := readEvent(gjson.Parse(raw))
		if err := rd.event(t.Context(), &room{id: "!r"}, &e); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(rd.batch.Messages); n != 1 || rd.batch.Messages[0].ID != "$2" {
		t.Errorf("read %+v, want only the second", rd.batch.Messages)
	}
}
