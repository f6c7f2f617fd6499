package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// cancel is `!meet cancel`.
func (d *desk) cancel(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, why, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	why = sentence(why)
	who, err := d.told(ctx, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	after, err := d.following(ctx, g, m, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Cancel %s%s, **%s**? %s %s", name(g), about(m.Title), sayWhen(m.Slot), who, after),
		Ask: &bot.Ask{For: askFor, Anybody: true, Act: bot.Act{Name: "meeting.off",
			Data: packed(change{Meeting: m.ID, Sequence: m.Sequence, State: storage.Cancelled, Why: bot.Clip(why, 200)})}}}, nil
}

// following says what comes after a meeting that falls out.
func (d *desk) following(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time) (string, error) {
	all, err := d.db.Meetings(ctx, g.ID, m.Start, m.Start.AddDate(1, 0, 0))
	if err != nil {
		return "", err
	}
	for _, other := range all {
		if other.ID != m.ID && other.Ahead(now) {
			return "Next: " + bold(span(other.Slot, now)) + ".", nil
		}
	}
	return "No other date is booked: `!poll` looks for one.", nil
}

// off carries out a cancellation or a postponement without a date.
func (d *desk) off(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k change
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	m, g, err := d.changeable(ctx, c, k)
	if err != nil {
		return bot.Reply{}, err
	}
	if k.State == storage.Postponed && !k.Leave {
		return d.putOff(ctx, c, g, m, k.Why)
	}
	return d.callOff(ctx, c, g, m, k.State, k.Why)
}

// callOff takes a meeting out of the calendar and tells people.
func (d *desk) callOff(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, state, why string) (bot.Reply, error) {
	before, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.State, m.Why, m.Edited = state, why, true })
	if err != nil {
		return bot.Reply{}, err
	}
	next, err := d.following(ctx, g, m, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	verb := "❌ Cancelled"
	if state == storage.Postponed {
		verb = "⏸ Put off"
		next = "Nothing is lost: I ask again on " + askAgain(c.Now, m.Location(), when.Nation(g.Nation)).In(m.Location()).Format("Mon 2 Jan") + "."
		if err := d.db.Promise(ctx, againKind, itoa(int(g.ID)), askAgain(c.Now, m.Location(), when.Nation(g.Nation))); err != nil {
			return bot.Reply{}, err
		}
	}
	text := fmt.Sprintf("%s: %s%s, **%s**.", verb, name(g), about(m.Title), sayWhen(m.Slot))
	if why != "" {
		text += " " + bot.Plain(why)
	}
	posts, err := d.changed(ctx, c, g, after, "off", text+" "+next, false)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("%s: %s, %s", state, g.Name, span(m.Slot, c.Now)),
		Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, before.State, before.Slot, before.Why})}}}}, d.schedule(ctx, after, g, c.Now)
}

// sentence makes a reason a sentence.
func sentence(s string) string {
	s = strings.TrimSpace(strings.TrimLeft(s, ":,–-. "))
	if s == "" {
		return ""
	}
	r := []rune(s)
	s = strings.ToUpper(string(r[:1])) + string(r[1:])
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}
