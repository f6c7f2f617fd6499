package group

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"git.coop/cotech/wortley/storage"
)

// health is `!health [group]`, and `!health all` for coordinators.
func (d *desk) health(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if strings.EqualFold(c.Args, "all") {
		if c.Person.Role < bot.Coordinator {
			return bot.Reply{}, bot.Errorf("`!health all` is for coordinators. `!health csd` shows one group to everybody.")
		}
		text, err := d.healthOfAll(ctx, c)
		return bot.Reply{Text: text}, err
	}
	g, err := d.only(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	h, _, err := d.db.Health(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	h, s, lastHuman, err := d.look(ctx, g, h, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.SaveHealth(ctx, h); err != nil {
		return bot.Reply{}, err
	}
	f, _, err := d.facts(ctx, g, h, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	n := nudge{g: g, s: s, f: f, now: c.Now, lastHuman: lastHuman}
	return bot.Reply{Text: n.card(h)}, nil
}

// card is a group's health: the state, why, and what was counted.
func (n nudge) card(h storage.Health) string {
	lines := []string{fmt.Sprintf("**%s**: %s since %s", bot.Plain(n.g.Name), stateWord(n.s.State), when.SayDateShort(n.s.Since, n.today()))}
	for _, sig := range order {
		if n.s.Has(sig) {
			lines = append(lines, fmt.Sprintf("- %s (since %s)", signalWords[sig], when.SayDateShort(n.s.On[sig], n.today())))
		}
	}
	lines = append(lines, "Counted: "+n.counted(), n.promise(h))
	return strings.Join(lines, "\n")
}

// counted says what was counted in the last four weeks, and the threshold.
func (n nudge) counted() string {
	messages, days, voices := 0, 0, uint16(0)
	from := health.Day(n.today().AddDays(-28))
	for _, c := range n.f.Life {
		if c.Day > from {
			messages += int(c.Messages)
			days++
			voices = max(voices, c.Voices)
		}
	}
	text := "nothing in the last four weeks"
	if messages > 0 {
		text = fmt.Sprintf("%s on %s in the last four weeks, at most %s on one day", plural(messages, "message"), plural(days, "day"), peopleOf(int(voices)))
	}
	met := 0
	for _, m := range n.f.Meetings {
		if m.Off.IsZero() && m.Day.Before(n.today()) && m.Day.After(n.today().AddDays(-365)) {
			met++
		}
	}
	return text + fmt.Sprintf("; %s in a year. Up to %d days of silence are usual here.", plural(met, "meeting"), n.s.Threshold/2)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func peopleOf(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// promise says what the bot will do, and how to stop it.
func (n nudge) promise(h storage.Health) string {
	switch {
	case n.s.State == health.Resting:
		return "I ask nothing while it rests. `!quiet off` wakes it."
	case h.Muted:
		return "I have been asked to leave it alone, and do. `!quiet off` changes that."
	case n.s.State == health.Fine:
		return "Groups are measured here, people never."
	}
	return "Its convenor hears of it first, alone. `!quiet until 6 Jan` lets it rest. Groups are measured here, people never."
}

// healthOfAll lists the groups for coordinators, those that need somebody first.
func (d *desk) healthOfAll(ctx context.Context, c *bot.Call) (string, error) {
	all, err := d.db.Groups(ctx)
	if err != nil {
		return "", err
	}
	known, err := d.db.Healths(ctx)
	if err != nil {
		return "", err
	}
	type line struct {
		rank int
		text string
	}
	var lines []line
	for _, g := range all {
		if g.State == "closed" {
			continue
		}
		h, ok := known[g.ID]
		if !ok {
			lines = append(lines, line{3, fmt.Sprintf("- **%s** (`%s`): not looked at yet", bot.Plain(g.Name), bot.Code(g.Slug))})
			continue
		}
		s := statusOf(h)
		text := fmt.Sprintf("- **%s** (`%s`): %s since %s", bot.Plain(g.Name), bot.Code(g.Slug), stateWord(s.State), when.SayDateShort(s.Since, today(c)))
		if s.State == health.Watch || s.State == health.Quiet {
			text += ": " + reasons(s, today(c)) + tried(h)
		}
		lines = append(lines, line{rankOf[s.State], text})
	}
	if len(lines) == 0 {
		return "There are no groups yet. Begin one: `!group create Movement Building (strategy)`.", nil
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.rank - b.rank })
	text := "**How the groups are**"
	for _, l := range lines {
		text += "\n" + l.text
	}
	return text + "\n`!health csd` shows what was counted. Nothing happens by itself: you decide.", nil
}

var rankOf = map[health.State]int{health.Quiet: 0, health.Watch: 1, health.Resting: 2, health.Fine: 4}

// tried says which steps of care have been taken.
func tried(h storage.Health) string {
	switch {
	case h.Step >= toOptions:
		return " · everybody was asked, nobody answered"
	case h.Step == toDigest, h.Step == toDeputy:
		return " · convenor, group and deputy were asked"
	case h.Step == toGroup:
		return " · convenor and group were asked"
	case h.Step == toConvenor:
		return " · its convenor was asked"
	}
	return ""
}
