package news

import (
	"context"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// How often a broadcast under way is looked at. Edits are few: a site counts
// them among what it allows.
const (
	firstLook = 5 * time.Second
	longLook  = 20 * time.Second // the first of one that takes long
	nextLook  = time.Minute
)

// progress tells how far a broadcast has come, in one message that changes.
func (d *desk) progress(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	b, ok, err := d.broadcast(ctx, due.Ref)
	if err != nil || !ok || b.State != "sending" {
		return nil, time.Time{}, err
	}
	copies, err := d.db.Copies(ctx, b.ID)
	if err != nil {
		return nil, time.Time{}, err
	}
	t := count(copies)
	next := now.Add(nextLook)
	text := fmt.Sprintf("%s: %d of %s. `!undo %s` takes it back until %s.", nameOf(b), t.sent, places(len(copies)), b.Code, b.UndoUntil.In(d.Zone).Format("15:04"))
	if t.owed == 0 {
		next = time.Time{}
		b.State, b.Ended = "sent", now
		text = d.done(b, copies, t)
		if err := d.db.KeepCopies(ctx, b.ID); err != nil {
			return nil, next, err
		}
		if err := d.bounces(ctx, copies); err != nil {
			return nil, next, err
		}
	}
	was := b.Said
	b.Said = text
	if _, err := d.db.SaveBroadcast(ctx, b); err != nil || text == was {
		return nil, next, err
	}
	return []bot.Post{told(b, text, due.At)}, next, nil
}

// bounces counts the addresses that refused a mail for good, and forgives
// those that took it.
func (d *desk) bounces(ctx context.Context, copies []storage.Copy) error {
	for _, c := range copies {
		if c.Room.Site != "mail" {
			continue
		}
		if err := d.db.Bounced(ctx, c.To, c.State == "given up"); err != nil {
			return err
		}
	}
	return nil
}

// done is said when a broadcast has reached all its places.
func (d *desk) done(b storage.Broadcast, copies []storage.Copy, t tally) string {
	text := fmt.Sprintf("%s: sent to %s at %s.", nameOf(b), places(t.sent), t.last.In(d.Zone).Format("15:04"))
	if t.failed > 0 {
		text += fmt.Sprintf(" %s not be reached: %s.", plural(t.failed, "place could", "places could"), unreached(copies))
	}
	return text + fmt.Sprintf(" `!undo %s` takes it back until %s.", b.Code, b.UndoUntil.In(d.Zone).Format("15:04"))
}

// a tally counts copies by what became of them.
type tally struct {
	sent, owed, failed int
	last               time.Time // when the last one was sent
}

func count(copies []storage.Copy) (t tally) {
	for _, c := range copies {
		switch c.State {
		case "sent":
			t.sent++
			if c.Sent.After(t.last) {
				t.last = c.Sent
			}
		case "owed":
			t.owed++
		default:
			t.failed++
		}
	}
	return t
}

// unreached names up to three places that did not get a broadcast.
func unreached(copies []storage.Copy) string {
	var names []string
	for _, c := range copies {
		if c.State == "given up" {
			names = append(names, placeName(c))
		}
	}
	if len(names) > 3 {
		names = append(names[:3], fmt.Sprintf("%d more", len(names)-3))
	}
	return list(names)
}

// placeName is what people call a place. An address is nobody's business.
func placeName(c storage.Copy) string {
	switch {
	case c.Room.Site == "mail":
		return "a mail address"
	case c.Name != "":
		return bot.Plain(c.Name)
	case c.Room.ID == "":
		return bot.Plain(c.Room.Site)
	}
	return bot.Plain(c.Room.ID)
}
