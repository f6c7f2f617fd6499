package fund

import (
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
)

// TestStoppedLedger has something wrong with the ledger: nothing is written
// in it, coordinators are told, and reading goes on, past deadlines too.
func TestStoppedLedger(t *testing.T) {
	db := busy(t)
	ctx := t.Context()
	id, err := db.Know(ctx, "matrix", bot.User{ID: "@zoe:example.org", Name: "zoe"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SetRole(ctx, id, bot.Coordinator); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, `UPDATE fund_balance SET amount = amount + 1 WHERE account = 1`); err != nil {
		t.Fatal(err)
	}
	posts, err := Look(ctx, db, start)
	if err != nil || len(posts) != 1 || posts[0].To != "@zoe:example.org" || !strings.Contains(posts[0].Text, "Something is wrong") {
		t.Fatalf("coordinators are told %+v (%v)", posts, err)
	}
	d := &desk{Options: Options{Currency: "GBP", Zone: time.UTC, Cap: "£5"}, db: db}
	c := &bot.Call{Message: bot.Message{ID: "$1", Room: bot.Room{Site: "matrix"}, Time: start.Add(8 * day)}, Zone: time.UTC, Person: bot.Person{ID: id, CoopID: 1, Coop: "Agile Collective", Role: bot.Coordinator}}
	if r, err := d.look(ctx, c); err != nil || !strings.Contains(r.Text, "Promised by co-ops") {
		t.Errorf("reading: %q, %v", r.Text, err)
	}
	c.Args = "1 £5"
	if _, err := d.pledge(ctx, c); err == nil || !strings.Contains(err.Error(), "I write nothing in it") {
		t.Errorf("pledging: %v", err)
	}
	if _, next, err := d.tellEnd(ctx, bot.Due{Kind: endKind, Ref: "1"}, c.Time); err != nil || !next.After(c.Time) {
		t.Errorf("the deadline is not put off: %v, %v", next, err)
	}
	if _, err := db.Exec(ctx, `UPDATE fund_balance SET amount = amount - 1 WHERE account = 1`); err != nil {
		t.Fatal(err)
	}
	c.Args = ""
	if r, err := d.check(ctx, c); err != nil || !strings.Contains(r.Text, "The ledger is whole") {
		t.Errorf("after it was mended: %q, %v", r.Text, err)
	}
	if posts, err := Look(ctx, db, start); err != nil || len(posts) > 0 {
		t.Errorf("coordinators are told of nothing: %+v, %v", posts, err)
	}
	if _, err := d.decideDue(ctx, c.Time, time.UTC); err != nil {
		t.Errorf("deadlines after that: %v", err)
	}
}
