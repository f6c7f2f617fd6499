package meeting

import (
	"context"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// confirm is `!meet confirm`: a proposed date, or one that lapsed, stands.
func (d *desk) confirm(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, _, err := d.target(ctx, c)
	if err != nil || m.State == storage.Booked {
		if lapsed, ok, lookErr := d.lapsedIn(ctx, c); ok || lookErr != nil {
			m, err = lapsed, lookErr
		}
		if err != nil {
			return bot.Reply{}, err
		}
	}
	if g.ID == 0 {
		if g, _, err = d.db.Group(ctx, m.Group); err != nil {
			return bot.Reply{}, err
		}
	}
	if m.State == storage.Booked {
		return bot.Reply{}, bot.Errorf("%s stands already: **%s**. `!yes` says that you come.", name(g), sayWhen(m.Slot))
	}
	if m.State != storage.Proposed && m.State != storage.Lapsed {
		return bot.Reply{}, bot.Errorf("That meeting is off: %s. `!meet` books another.", span(m.Slot, c.Now))
	}
	posts, err := d.stands(ctx, c, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	here := false
	for _, p := range posts {
		here = here || p.Kind != bot.Edit && p.Room.ID == c.Room.ID
	}
	r := bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("confirmed %s, %s", g.Name, span(m.Slot, c.Now)), Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, m.State, m.Slot, m.Why})}}}}
	if !here {
		r.Text = fmt.Sprintf("It stands: %s meets **%s**.", name(g), sayWhen(m.Slot))
	}
	return r, nil
}

// lapsedIn returns the room's group's meeting that lapsed and is still to come.
func (d *desk) lapsedIn(ctx context.Context, c *bot.Call) (storage.Meeting, bool, error) {
	g, _, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Meeting{}, false, nil
	}
	all, err := d.db.Meetings(ctx, g.ID, c.Time, c.Time.AddDate(0, 1, 0))
	for _, m := range all {
		if m.State == storage.Lapsed {
			return m, true, err
		}
	}
	return storage.Meeting{}, false, err
}

// againKind is the kind of the promise to ask again for a date.
const againKind = "meeting-again"

// askAgain is when to ask again after "leave it for now": a week on.
func askAgain(now time.Time, zone *time.Location, nation when.Nation) time.Time {
	day := when.DateOf(now.In(zone)).AddDays(7)
	return later(when.At(day, when.HM(9, 30), zone), zone, nation)
}
