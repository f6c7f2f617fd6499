package meeting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// next is `!next`: the group's next meeting, or outside groups the next ones
// of the person's groups.
func (d *desk) next(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil {
		return d.nextElsewhere(ctx, c, err)
	}
	if rest != "" {
		return bot.Reply{}, d.unknownGroup(ctx, rest)
	}
	m, ok, err := d.db.NextMeeting(ctx, g.ID, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok {
		return d.noNext(ctx, c, g)
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "%s%s: **%s**, %s", name(g), about(m.Title), sayWhen(m.Slot), near(m, c.Now))
	if m.State == storage.Proposed {
		t.WriteString(" – only proposed so far")
	}
	t.WriteString(".")
	theme, err := d.theme(ctx, m, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	t.WriteString(theme)
	if m.Call != "" {
		t.WriteString("\nCall: " + m.Call)
	} else {
		t.WriteString("\nNo call link yet: `!meet link https://…` sets it.")
	}
	if n := tally(g, rsvps); n.any() {
		t.WriteString("\n" + n.String() + ".")
	}
	if said, err := d.db.RSVPOf(ctx, m.ID, c.Person.ID); err != nil {
		return bot.Reply{}, err
	} else if said == "" {
		t.WriteString("\nAre you coming? `!yes`, `!maybe` or `!no`.")
	}
	return bot.Reply{Text: t.String()}, nil
}

func near(m storage.Meeting, now time.Time) string {
	if !m.Start.After(now) {
		return "on now"
	}
	return when.Relative(m.Start, now, m.Location())
}

// noNext says that there is no next meeting, what was put off or is being
// voted on, and what would help.
func (d *desk) noNext(ctx context.Context, c *bot.Call, g storage.Group) (bot.Reply, error) {
	text := name(g) + " has no meeting ahead."
	last, ok, err := d.db.LastMeeting(ctx, g.ID, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if ok {
		text += fmt.Sprintf(" It last met on %s.", sayDay(last.Slot, c.Now))
	}
	p, polling, err := d.db.OpenPoll(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if polling {
		return bot.Reply{Text: text + fmt.Sprintf(" A date is being looked for until %s: `!poll` shows the choice.", moment(p.Closes, c.Now, zone(g, c.Zone)))}, nil
	}
	return bot.Reply{Text: fmt.Sprintf("%s `!meet %s` books one; `!poll` looks for a date.", text, soon(c.Now, g))}, nil
}

// nextElsewhere answers `!next` where no group talks.
func (d *desk) nextElsewhere(ctx context.Context, c *bot.Call, refused error) (bot.Reply, error) {
	var refusal *bot.Refusal
	if !errors.As(refused, &refusal) {
		return bot.Reply{}, refused
	}
	if strings.TrimSpace(c.Args) != "" {
		return bot.Reply{}, d.unknownGroup(ctx, strings.TrimSpace(c.Args))
	}
	mine, err := d.db.GroupsOf(ctx, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	groups := map[int64]bool{}
	for _, m := range mine {
		groups[m.Group] = true
	}
	return d.calendar(ctx, c, groups, 3)
}

// meetings is `!meetings`.
func (d *desk) meetings(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if strings.EqualFold(strings.TrimSpace(c.Args), "all") {
		return d.calendar(ctx, c, nil, 12)
	}
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil && strings.TrimSpace(c.Args) == "" {
		var refusal *bot.Refusal
		if !errors.As(err, &refusal) {
			return bot.Reply{}, err
		}
		return d.calendar(ctx, c, nil, 12)
	}
	if err != nil {
		return bot.Reply{}, d.unknownGroup(ctx, strings.TrimSpace(c.Args))
	}
	if rest != "" {
		return bot.Reply{}, d.unknownGroup(ctx, rest)
	}
	all, err := d.db.Meetings(ctx, g.ID, c.Now, c.Now.AddDate(1, 0, 0))
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	for _, m := range all {
		if m.State == storage.Held || m.State == storage.Lapsed {
			continue
		}
		lines = append(lines, "- "+span(m.Slot, c.Now)+about(m.Title)+standing(m))
	}
	if len(lines) == 0 {
		return d.noNext(ctx, c, g)
	}
	text := fmt.Sprintf("%s meets (UK time):\n", name(g))
	if label := when.ZoneLabel(all[0].Start.In(all[0].Location())); label != "UK time" {
		text = fmt.Sprintf("%s meets (%s):\n", name(g), label)
	}
	return bot.Reply{Text: text + cut(lines, 10)}, nil
}

// standing says what is special about a meeting's state.
func standing(m storage.Meeting) string {
	switch m.State {
	case storage.Proposed:
		return " (proposed)"
	case storage.Cancelled:
		return " – cancelled"
	case storage.Postponed:
		return " – put off"
	}
	return ""
}

func cut(lines []string, most int) string {
	if len(lines) > most {
		return strings.Join(lines[:most], "\n") + fmt.Sprintf("\nand %d more.", len(lines)-most)
	}
	return strings.Join(lines, "\n")
}

// calendar lists what is ahead in some groups, or in all if the set is nil.
func (d *desk) calendar(ctx context.Context, c *bot.Call, groups map[int64]bool, most int) (bot.Reply, error) {
	all, err := d.db.MeetingsBetween(ctx, c.Now, c.Now.AddDate(0, 3, 0))
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	for _, m := range all {
		if !m.Ahead(c.Now) || groups != nil && !groups[m.Group] {
			continue
		}
		g, _, err := d.db.Group(ctx, m.Group)
		if err != nil {
			return bot.Reply{}, err
		}
		lines = append(lines, fmt.Sprintf("- %s: %s%s%s", span(m.Slot, c.Now), name(g), about(m.Title), standing(m)))
	}
	switch {
	case len(lines) > 0 && groups != nil:
		return bot.Reply{Text: "Next in your groups (UK time):\n" + cut(lines, most)}, nil
	case len(lines) > 0:
		return bot.Reply{Text: "What is coming up (UK time):\n" + cut(lines, most)}, nil
	case groups != nil:
		return bot.Reply{Text: "I know of no meeting ahead in your groups. `!meetings all` shows those of the network; `!next csd` asks for one group."}, nil
	}
	return bot.Reply{Text: "No group has a meeting ahead. In a group's room, `!meet " + soon(c.Now, storage.Group{}) + "` books one."}, nil
}

// unknownGroup refuses a name that no group has.
func (d *desk) unknownGroup(ctx context.Context, said string) error {
	all, err := d.db.Groups(ctx)
	if err != nil {
		return err
	}
	said = bot.Clip(said, 40)
	for _, g := range all {
		if far := bot.Distance(strings.ToLower(said), strings.ToLower(g.Slug)); far <= 1 || strings.Contains(strings.ToLower(g.Name), strings.ToLower(said)) && len(said) > 2 {
			return bot.Errorf("I know no group called “%s”. Did you mean `%s` (%s)?", bot.Plain(said), bot.Code(g.Slug), name(g))
		}
	}
	return bot.Errorf("I know no group called “%s”. `!groups` lists them.", bot.Plain(said))
}
