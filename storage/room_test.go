package storage

import (
	"context"
	"slices"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
)

// TestRoomsMove upgrades a room of a group: what the room was, and what it is
// owed, is in the new one.
func TestRoomsMove(t *testing.T) {
	db, ctx := memory(t), t.Context()
	now := time.Unix(1_767_700_000, 0).UTC()
	old, next := bot.Room{Site: "matrix", ID: "!old"}, bot.Room{Site: "matrix", ID: "!new"}
	id, err := db.SaveGroup(ctx, Group{Slug: "csd", Name: "Co-op Support", Kind: "circle", Made: now})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.BindPlace(ctx, Place{Room: old, Group: id, At: now}); err != nil {
		t.Fatal(err)
	}
	if err := db.Owe(ctx, bot.Post{Key: "reminder/1", Room: old, Kind: bot.Say, Text: "soon", Made: now},
		bot.Post{Key: "edit/1", Room: old, Kind: bot.Edit, Of: "said/1", Text: "mended", Made: now}); err != nil {
		t.Fatal(err)
	}
	deliver := func(b bot.Batch) {
		t.Helper()
		if err := db.Deliver(ctx, "matrix", b); err != nil {
			t.Fatal(err)
		}
	}
	deliver(bot.Batch{Counts: []bot.Count{{Room: old, Day: "2026-01-06", Messages: 3}, {Room: next, Day: "2026-01-06", Messages: 1}}})
	moved := bot.Batch{Rooms: []bot.RoomInfo{{Room: old, Left: true, Upgraded: next.ID}}}
	deliver(moved)
	deliver(moved) // the same answer of the server a second time

	if g, ok, err := db.GroupAt(ctx, next); err != nil || !ok || g.ID != id {
		t.Errorf("the new room has group %v, %v, %v", g.ID, ok, err)
	}
	if _, ok, _ := db.GroupAt(ctx, old); ok {
		t.Error("the old room still has the group")
	}
	for key, want := range map[string]string{"reminder/1": next.ID, "edit/1": old.ID} {
		if p, ok, err := db.SaidKey(ctx, key); err != nil || !ok || p.Room.ID != want {
			t.Errorf("%s goes to %q (%v), want %q", key, p.Room.ID, err, want)
		}
	}
	var messages int
	if err := db.QueryRow(ctx, `SELECT sum(messages) FROM life WHERE room = '!new'`).Scan(&messages); err != nil || messages != 4 {
		t.Errorf("%d messages counted in the new room (%v), want 4", messages, err)
	}
}

// TestRoomsAreKnown fails when a table with rooms says neither that its rows
// move with a room nor that they stay.
func TestRoomsAreKnown(t *testing.T) {
	db := memory(t)
	names, err := tablesWith(t.Context(), db, "site", "room")
	if err != nil {
		t.Fatal(err)
	}
	own := []string{"outbox", "life"} // moved by queries of their own
	for _, name := range names {
		if !slices.Contains(slices.Concat(follows, stays, own), name) {
			t.Errorf("table %s has rooms: put it into follows or stays", name)
		}
	}
	if len(names) < 5 {
		t.Errorf("only %v have rooms", names)
	}
}

func tablesWith(ctx context.Context, db *DB, columns ...string) ([]string, error) {
	found, err := db.Query(ctx, `
		SELECT m.name FROM sqlite_master AS m WHERE m.type = 'table'
		AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = $1)
		AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = $2) ORDER BY m.name`, columns[0], columns[1])
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var names []string
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, found.Err()
}
