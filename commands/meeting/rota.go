package meeting

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

const rotaHelp = "- `!rota`: who facilitates and who takes notes next time\n" +
	"- `!rota swap`: your turn goes to the next person, no reasons asked\n" +
	"- `!facilitate`, `!notes`: you do it next time\n" +
	"Whoever has done least, and longest ago, is next; the two are from different co-ops where that can be."

// A turn is what somebody has done in a group's meetings of two years.
type turn struct {
	storage.GroupMember
	times int
	last  time.Time
}

// turns returns a group's members, the one whose turn it is first: who has
// done least, then longest ago, then who joined first.
func (d *desk) turns(ctx context.Context, g storage.Group, now time.Time) ([]turn, error) {
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	past, err := d.db.Meetings(ctx, g.ID, now.AddDate(-2, 0, 0), now.AddDate(1, 0, 0))
	if err != nil {
		return nil, err
	}
	did := map[int64]*turn{}
	var all []*turn
	for _, m := range members {
		t := &turn{GroupMember: m}
		did[m.Person], all = t, append(all, t)
	}
	for _, m := range past {
		if m.State != storage.Held && m.State != storage.Booked {
			continue
		}
		for _, person := range []int64{m.Facilitator, m.NoteTaker} {
			if t := did[person]; t != nil {
				t.times++
				t.last = m.Start
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *turn) int {
		return cmp.Or(cmp.Compare(a.times, b.times), a.last.Compare(b.last), a.At.Compare(b.At), cmp.Compare(a.Person, b.Person))
	})
	sorted := make([]turn, len(all))
	for i, t := range all {
		sorted[i] = *t
	}
	return sorted, nil
}

// takeTurns fills the roles of a meeting that nobody has: not with people who
// sent apologies or are away, and with people of two co-ops if that can be.
func (d *desk) takeTurns(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time, passed ...int64) (storage.Meeting, error) {
	all, err := d.turns(ctx, g, now)
	if err != nil {
		return m, err
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return m, err
	}
	leave, err := d.db.GroupLeave(ctx, g.ID, m.Day, m.Day)
	if err != nil {
		return m, err
	}
	out := map[int64]bool{}
	for _, p := range passed { // the turn goes on to whoever comes after them
		out[p] = true
		if i := slices.IndexFunc(all, func(t turn) bool { return t.Person == p }); i >= 0 {
			all = append(slices.Clone(all[i+1:]), all[:i+1]...)
		}
	}
	for _, r := range rsvps {
		out[r.Person] = out[r.Person] || r.Answer == "no"
	}
	for _, l := range leave {
		out[l.Person] = true
	}
	facilitator, notes := m.Facilitator, m.NoteTaker
	if facilitator == 0 {
		facilitator = pickTurn(all, out, notes)
	}
	if notes == 0 {
		notes = pickTurn(all, out, facilitator)
	}
	if facilitator == m.Facilitator && notes == m.NoteTaker {
		return m, nil
	}
	_, m, err = d.db.ChangeMeeting(ctx, m.ID, now, func(m *storage.Meeting) { m.Facilitator, m.NoteTaker = facilitator, notes })
	return m, err
}

// pickTurn is the first whose turn it is, of another co-op than somebody if
// there is one; 0 if there is nobody.
func pickTurn(all []turn, out map[int64]bool, other int64) int64 {
	coop := ""
	for _, t := range all {
		if t.Person == other {
			coop = t.Coop
		}
	}
	second := int64(0)
	for _, t := range all {
		if out[t.Person] || t.Person == other {
			continue
		}
		if t.Coop != coop || coop == "" {
			return t.Person
		}
		if second == 0 {
			second = t.Person
		}
	}
	return second
}

// facilitate is `!facilitate`.
func (d *desk) facilitate(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.takeRole(ctx, c, "facilitates", func(m *storage.Meeting) *int64 { return &m.Facilitator })
}

// notes is `!notes`.
func (d *desk) notes(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.takeRole(ctx, c, "takes notes at", func(m *storage.Meeting) *int64 { return &m.NoteTaker })
}

func (d *desk) takeRole(ctx context.Context, c *bot.Call, does string, role func(*storage.Meeting) *int64) (bot.Reply, error) {
	m, g, err := d.roleAt(ctx, c, role)
	if err != nil {
		return bot.Reply{}, err
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	if *role(&m) == person {
		return bot.Reply{Text: fmt.Sprintf("That is you already: %s %s %s, %s.", bot.Plain(c.From.Name), does, name(g), span(m.Slot, c.Now))}, nil
	}
	before, _, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { *role(m) = person })
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Thank you: %s %s %s, %s.", bot.Plain(c.From.Name), does, name(g), span(m.Slot, c.Now)),
		Did: []bot.Effect{{What: fmt.Sprintf("%s %s, %s", does, g.Name, span(m.Slot, c.Now)), Undo: roleAct(before)}}}, nil
}

// roleAt is the meeting for which somebody takes a role: the one that is on
// or has ended within two days, if nobody has the role there; else the next.
func (d *desk) roleAt(ctx context.Context, c *bot.Call, role func(*storage.Meeting) *int64) (storage.Meeting, storage.Group, error) {
	if c.ReplyTo == "" && strings.TrimSpace(c.Args) == "" {
		g, _, err := d.which(ctx, c, "")
		if err != nil {
			return storage.Meeting{}, g, err
		}
		m, ok, err := d.db.LastMeeting(ctx, g.ID, c.Now)
		if err != nil || ok && *role(&m) == 0 && c.Now.Sub(m.End) < 48*time.Hour {
			return m, g, firstErr(err, d.may(ctx, c, g))
		}
	}
	m, g, _, err := d.target(ctx, c)
	return m, g, err
}

// roleUndo is who had the roles of a meeting before.
type roleUndo struct{ Meeting, Facilitator, NoteTaker int64 }

func roleAct(m storage.Meeting) *bot.Act {
	return &bot.Act{Name: "meeting.role", Data: packed(roleUndo{m.ID, m.Facilitator, m.NoteTaker})}
}

// roleWas gives the roles back to who had them.
func (d *desk) roleWas(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var u roleUndo
	if err := json.Unmarshal([]byte(data), &u); err != nil {
		return bot.Reply{}, err
	}
	_, _, err := d.db.ChangeMeeting(ctx, u.Meeting, c.Now, func(m *storage.Meeting) { m.Facilitator, m.NoteTaker = u.Facilitator, u.NoteTaker })
	return bot.Reply{}, err
}

// rota is `!rota`, and `!rota swap`, which passes one's turn on.
func (d *desk) rota(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	swap := false
	if word, rest := atSpace(oneLine(c.Args)); word == "swap" || word == "skip" || word == "pass" {
		swap, c.Args = true, rest
	}
	m, g, _, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if !swap {
		if m, err = d.takeTurns(ctx, g, m, c.Now); err != nil {
			return bot.Reply{}, err
		}
		said, err := d.roles(ctx, m)
		return bot.Reply{Text: fmt.Sprintf("%s, %s. %s", name(g), span(m.Slot, c.Now), said)}, err
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	if m.Facilitator != person && m.NoteTaker != person {
		return bot.Reply{}, bot.Errorf("It is not your turn on %s, so there is nothing to pass on. `!rota` shows whose it is.", sayDay(m.Slot, c.Now))
	}
	before, m, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) {
		if m.Facilitator == person {
			m.Facilitator = 0
		}
		if m.NoteTaker == person {
			m.NoteTaker = 0
		}
	})
	if err != nil {
		return bot.Reply{}, err
	}
	if m, err = d.takeTurns(ctx, g, m, c.Now, person); err != nil {
		return bot.Reply{}, err
	}
	said, err := d.roles(ctx, m)
	return bot.Reply{Text: fmt.Sprintf("Passed on. %s, %s. %s", name(g), span(m.Slot, c.Now), said),
		Did: []bot.Effect{{What: "passed on a turn at " + g.Name + ", " + span(m.Slot, c.Now), Undo: roleAct(before)}}}, err
}
