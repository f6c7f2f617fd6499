package storage

import (
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
)

// TestVoicesAreCountedAndForgotten counts people of a day, closes it, and
// looks for what is left of them.
func TestVoicesAreCountedAndForgotten(t *testing.T) {
	db := memory(t)
	ctx := t.Context()
	noon := time.Date(2026, 1, 6, 12, 0, 0, 0, time.UTC)
	say := func(site, who string, n int, at time.Time) {
		t.Helper()
		c := bot.Count{Room: bot.Room{Site: site, ID: "r"}, Day: at.Format(time.DateOnly), Speaker: who, Messages: n, Last: at}
		if err := db.Deliver(ctx, site, bot.Batch{Counts: []bot.Count{c}}); err != nil {
			t.Fatal(err)
		}
	}
	look := func(when string, messages, speakers int, last time.Time) {
		t.Helper()
		var m, s, at int64
		if err := db.QueryRow(ctx, `SELECT messages, speakers, last_at FROM life WHERE site = 'matrix' AND day = '2026-01-06'`).Scan(&m, &s, &at); err != nil {
			t.Fatal(err)
		}
		if m != int64(messages) || s != int64(speakers) || at != last.Unix() {
			t.Errorf("%s: %d messages, %d speakers, last %d; want %d, %d, %d", when, m, s, at, messages, speakers, last.Unix())
		}
	}
	say("matrix", "@ana:example.org", 2, noon)
	say("matrix", "@ana:example.org", 1, noon.Add(-time.Hour))
	look("one person", 3, 1, noon)
	say("matrix", "@bob:example.org", 1, noon.Add(time.Minute))
	say("chat/hub", "ana", 1, noon)
	look("two people", 4, 2, noon.Add(time.Minute))
	if err := db.CloseDays(ctx, noon.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := db.QueryRow(ctx, `SELECT (SELECT count(*) FROM life_voice) + (SELECT count(*) FROM life_salt)`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d traces of people are left of a closed day (%v)", left, err)
	}
	say("matrix", "@ana:example.org", 1, noon.Add(2*time.Minute))
	look("a late message", 5, 2, noon.Add(2*time.Minute))
}
