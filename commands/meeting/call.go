package meeting

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// callWeek is the week before a network call: roles by turn, apologies by
// co-op, and, on the forum, the topic in which the agenda is put together.
func (d *desk) callWeek(ctx context.Context, g storage.Group, m storage.Meeting, rsvps []storage.RSVP, late string, now time.Time) ([]bot.Post, error) {
	m, err := d.takeTurns(ctx, g, m, now)
	if err != nil {
		return nil, err
	}
	text, err := d.callText(ctx, g, m, rsvps, now)
	if err != nil {
		return nil, err
	}
	return d.everywhere(ctx, g, m, "week/"+itoa(m.Sequence), func(site string) string {
		if !forum(site) {
			return late + text
		}
		when := localDate(m.Slot)
		if d.Events {
			when = event(m.Slot, g.Name+about(m.Title))
		}
		return late + text + "\n\n" + when + "\n\nWhat shall be on the agenda? Please answer here with your items, who brings them and how long they take."
	}, "It is a week before a network call.")
}

// callText says what people need for a network call.
func (d *desk) callText(ctx context.Context, g storage.Group, m storage.Meeting, rsvps []storage.RSVP, now time.Time) (string, error) {
	var t strings.Builder
	fmt.Fprintf(&t, "⏰ %s: %s%s, **%s**.", capital(relative(m.Slot, now)), name(g), about(m.Title), sayWhen(m.Slot))
	if m.Call != "" {
		t.WriteString("\nCall: " + m.Call)
	}
	roles, err := d.roles(ctx, m)
	if err != nil {
		return "", err
	}
	t.WriteString("\n" + roles)
	need, err := d.quorum(ctx, g)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&t, "\n%s so far; %s needed to decide.", capital(heads(g, tally(g, rsvps).yes)), heads(g, need))
	if sorry := apologies(rsvps); len(sorry) > 0 {
		t.WriteString("\nApologies: " + strings.Join(sorry, ", ") + ".")
	}
	t.WriteString("\n👍 coming · 🤔 maybe · 👎 apologies of your co-op.")
	return t.String(), nil
}

// apologies are the co-ops whose people have all said no.
func apologies(rsvps []storage.RSVP) []string {
	no, other := map[string]bool{}, map[string]bool{}
	for _, r := range rsvps {
		if r.Coop == "" {
			continue
		}
		if r.Answer == "no" {
			no[r.Coop] = true
		} else {
			other[r.Coop] = true
		}
	}
	var names []string
	for coop := range no {
		if !other[coop] {
			names = append(names, bot.Plain(coop))
		}
	}
	sort.Strings(names)
	return names
}

// roles says who facilitates and who takes notes.
func (d *desk) roles(ctx context.Context, m storage.Meeting) (string, error) {
	said := []string{}
	for _, r := range []struct {
		who   int64
		label string
		none  string
	}{{m.Facilitator, "Facilitates", "Nobody facilitates yet: `!facilitate`"}, {m.NoteTaker, "takes notes", "nobody takes notes yet: `!notes`"}} {
		if r.who == 0 {
			said = append(said, r.none)
			continue
		}
		who, err := d.db.PersonName(ctx, r.who)
		if err != nil {
			return "", err
		}
		said = append(said, r.label+": "+called(who))
	}
	return strings.Join(said, "; ") + ". `!rota swap` passes your turn on.", nil
}

// forecast says, two days before a network call, whether it will have a
// quorum. If not, something can be done about it: 📣 asks the co-ops that
// have not answered.
func (d *desk) forecast(ctx context.Context, g storage.Group, m storage.Meeting, rsvps []storage.RSVP, late string, now time.Time) ([]bot.Post, error) {
	need, err := d.quorum(ctx, g)
	if err != nil {
		return nil, err
	}
	n := tally(g, rsvps)
	text := fmt.Sprintf("%s%s, %s: %s said yes, %d needed to decide.", late, name(g), span(m.Slot, now), heads(g, n.yes), need)
	switch {
	case n.yes >= need:
		text += " It will have a quorum."
	case n.yes+n.maybe >= need:
		text += fmt.Sprintf(" With the %d who may come it would have a quorum. 📣 has me ask the co-ops that have not answered.", n.maybe)
	default:
		text += fmt.Sprintf(" %d more would make a quorum. 📣 has me ask the co-ops that have not answered; `!meet move` finds another day; without a quorum you can talk, and decide by vote afterwards.", need-n.yes)
	}
	return d.everywhere(ctx, g, m, "forecast/"+itoa(m.Sequence), func(string) string { return text }, "Two days before a network call I count the co-ops that come.")
}

// callReps asks, once, the people of co-ops that have not answered.
func (d *desk) callReps(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, on bool) (bot.Reply, error) {
	if !on || !m.Ahead(c.Now) {
		return bot.Reply{}, nil
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	answered := map[string]bool{}
	for _, r := range rsvps {
		answered[r.Coop] = true
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var posts []bot.Post
	coops := map[string]bool{}
	for _, member := range members {
		if member.Coop == "" || answered[member.Coop] {
			continue
		}
		text := fmt.Sprintf("%s meets %s, **%s**, and %s has not said whether it comes. `yes %s`, `maybe %s` or `no %s` is enough.", name(g), when.Relative(m.Start, c.Now, m.Location()), sayWhen(m.Slot), bot.Plain(member.Coop), g.Slug, g.Slug, g.Slug)
		direct, err := d.direct(ctx, member.Person, fmt.Sprintf("meeting/%d/rep/%d", m.ID, m.Sequence), text, "Somebody had me ask the co-ops that had not answered.")
		if err != nil {
			return bot.Reply{}, err
		}
		coops[member.Coop] = coops[member.Coop] || len(direct) > 0
		posts = append(posts, direct...)
	}
	if len(posts) == 0 {
		return bot.Reply{Text: "I know nobody else to ask: every co-op with people in the group has answered."}, nil
	}
	return bot.Reply{Text: fmt.Sprintf("I have asked %s directly, once.", heads(g, len(coops))), Posts: posts,
		Did: []bot.Effect{{What: "asked co-ops whether they come to " + g.Name + ", " + span(m.Slot, c.Now)}}}, nil
}
