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

// move is `!meet move`.
func (d *desk) move(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, words, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if words == "" {
		return bot.Reply{}, bot.Errorf("Where to? %s meets %s. Try `!meet move to Thu 12 Dec`, `!meet move to 3pm`, `!meet move back half an hour`.", name(g), span(m.Slot, c.Time))
	}
	return d.moveTo(ctx, c, g, m, words, "")
}

// moveTo reads where a meeting is to be moved and asks for a yes.
func (d *desk) moveTo(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, words, why string) (bot.Reply, error) {
	o, err := d.options(ctx, g, c.Time, c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	o.Meeting = &when.Span{Start: m.Start.In(o.Zone), End: m.End.In(o.Zone)}
	r := readMove(words, o)
	var slot storage.Slot
	switch r.Kind {
	case when.Range:
		slot = storage.SlotOf(r.Start, r.End, o.Zone)
	case when.Instant:
		slot = storage.SlotOf(r.Start, r.Start.Add(m.End.Sub(m.Start)), o.Zone)
	case when.Ask, when.Error:
		return d.moveWhich(r, o)
	case when.Window, when.Dates, when.Choice:
		return bot.Reply{}, bot.Errorf("That leaves the day open. `!meet postpone` puts it off and looks for a date.")
	default:
		return bot.Reply{}, bot.Errorf("I did not find where to. Try `!meet move to Thu 12 Dec`, `!meet move to 3pm`, `!meet move back half an hour`.")
	}
	switch {
	case slot == m.Slot:
		return bot.Reply{}, bot.Errorf("%s meets then already: %s.", name(g), sayWhen(m.Slot))
	case !slot.Start.After(c.Time):
		return bot.Reply{}, bot.Errorf("%s has passed. Try `!meet move to Thu 12 Dec 14:00`.", sayWhen(slot))
	}
	return d.moveAsk(ctx, c, g, m, slot, r, why)
}

// readMove reads the target of a move, in the words that lead to one.
func readMove(words string, o when.Options) when.Reading {
	first, _, _ := strings.Cut(strings.ToLower(words), " ")
	lead := "move it to "
	switch first {
	case "to", "until", "till":
		lead = "move it "
	case "back":
		lead = "push it "
	case "forward", "forwards", "by":
		lead = "move it "
	case "earlier", "later":
		lead = "move it "
	}
	r := when.Read(lead+words, o)
	if r.Kind == when.Ask || r.Kind == when.None {
		if other := when.Read(words, o); other.Kind == when.Range || other.Kind == when.Instant {
			return other
		}
	}
	return r
}

func (d *desk) moveWhich(r when.Reading, o when.Options) (bot.Reply, error) {
	text := puzzle(r, o)
	var offers []string
	for _, t := range candidates(r, o.Zone) {
		offers = append(offers, "`!meet move to "+t.Format("Mon 2 Jan 15:04")+"`")
	}
	for _, day := range candidateDays(r) {
		offers = append(offers, "`!meet move to "+when.SayDateShort(day, when.DateOf(o.Now))+"`")
	}
	if len(offers) > 0 {
		return bot.Reply{}, bot.Errorf("%s %s?", text, strings.Join(offers, " or "))
	}
	return bot.Reply{}, bot.Errorf("%s Try `!meet move to Thu 12 Dec 14:00`.", text)
}

// moveAsk shows what a move would do and waits for a yes.
func (d *desk) moveAsk(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, slot storage.Slot, r when.Reading, why string) (bot.Reply, error) {
	var t strings.Builder
	fmt.Fprintf(&t, "Move %s%s from %s to **%s**?", name(g), about(m.Title), span(m.Slot, c.Time), sayWhen(slot))
	notes, err := d.obstacles(ctx, g, slot, m.ID, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.BankHoliday != nil {
		notes = append(notes, "Mind: that is a bank holiday ("+r.BankHoliday.Name+").")
	}
	if other, there, err := d.atOther(ctx, m, slot); err != nil {
		return bot.Reply{}, err
	} else if there {
		notes = append(notes, fmt.Sprintf("Mind: the group meets then already (%s).", span(other.Slot, c.Time)))
	}
	for _, n := range notes {
		t.WriteString("\n" + n)
	}
	who, err := d.told(ctx, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	t.WriteString("\n" + who)
	if far(m.Slot, slot) {
		t.WriteString(" They are asked again whether they can come.")
	}
	return bot.Reply{Text: t.String(), Ask: &bot.Ask{For: askFor, Anybody: true,
		Act: bot.Act{Name: "meeting.move", Data: packed(change{Meeting: m.ID, Sequence: m.Sequence, Slot: slot, Why: why})}}}, nil
}

// atOther returns another meeting of the same group that overlaps a slot.
func (d *desk) atOther(ctx context.Context, m storage.Meeting, s storage.Slot) (storage.Meeting, bool, error) {
	all, err := d.db.Meetings(ctx, m.Group, s.Start, s.End)
	for _, other := range all {
		if other.ID != m.ID && (other.State == storage.Booked || other.State == storage.Proposed) {
			return other, true, err
		}
	}
	return m, false, err
}

// far reports whether a move is so far that people have to be asked again.
func far(from, to storage.Slot) bool { return to.Start.Sub(from.Start).Abs() > 30*time.Minute }

// moved carries out a move.
func (d *desk) moved(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k change
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	m, g, err := d.changeable(ctx, c, k)
	if err != nil {
		return bot.Reply{}, err
	}
	before, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.Slot, m.Edited = k.Slot, true })
	if err != nil {
		return bot.Reply{}, err
	}
	if far(before.Slot, after.Slot) {
		if err := d.db.StaleRSVPs(ctx, m.ID, true); err != nil {
			return bot.Reply{}, err
		}
	}
	text := fmt.Sprintf("🔀 Moved: %s%s, %s → **%s**.", name(g), about(m.Title), span(before.Slot, c.Now), sayWhen(after.Slot))
	if k.Why != "" {
		text += " " + bot.Plain(k.Why)
	}
	posts, err := d.changed(ctx, c, g, after, "moved", text, far(before.Slot, after.Slot))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("moved %s from %s to %s", g.Name, span(before.Slot, c.Now), span(after.Slot, c.Now)),
		Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, before.State, before.Slot, before.Why})}}}}, d.schedule(ctx, after, g, c.Now)
}
