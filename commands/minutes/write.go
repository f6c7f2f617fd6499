package minutes

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// finish ends minutes that are being taken: their lines become a text, and
// the topics in it come off the agenda.
func (d *desk) finish(ctx context.Context, m storage.Minutes, now time.Time) (storage.Minutes, error) {
	lines, err := d.db.MinutesLines(ctx, m.ID)
	if err != nil {
		return m, err
	}
	if m.Text, err = d.compose(ctx, lines); err != nil {
		return m, err
	}
	m.State, m.Changed = "kept", now
	if _, err := d.db.SaveMinutes(ctx, m); err != nil {
		return m, err
	}
	items, err := d.db.Agenda(ctx, m.Group)
	if err != nil {
		return m, err
	}
	for _, a := range items {
		for _, l := range lines {
			if l.Kind == "topic" && l.Text == a.Text {
				if err := d.db.SetAgendaItem(ctx, a.ID, "done", now); err != nil {
					return m, err
				}
			}
		}
	}
	return m, nil
}

// compose makes Markdown of the lines.
func (d *desk) compose(ctx context.Context, lines []storage.MinutesLine) (string, error) {
	var t strings.Builder
	for _, l := range lines {
		switch l.Kind {
		case "present":
			fmt.Fprintf(&t, "Present: %s\n", bot.Plain(l.Text))
		case "topic":
			fmt.Fprintf(&t, "\n**%s**\n", bot.Plain(l.Text))
		case "agreed":
			fmt.Fprintf(&t, "- Agreed: %s\n", bot.Plain(l.Text))
		case "note":
			fmt.Fprintf(&t, "- %s\n", bot.Plain(l.Text))
		case "action":
			a, err := d.db.Action(ctx, l.Action)
			if err != nil {
				return "", fmt.Errorf("minutes: action %d: %w", l.Action, err)
			}
			fmt.Fprintf(&t, "- Action %d: %s\n", a.ID, describe(a, l.At))
		}
	}
	return strings.TrimSpace(t.String()), nil
}

// heading is the title of minutes: "Minutes: Finance, Thu 15 Jan 2026".
func heading(m storage.Minutes, group string) string {
	day := m.Day
	if t, err := when.ParseDate(m.Day); err == nil {
		day = fmt.Sprintf("%s %d %s %d", t.Weekday().String()[:3], t.Day, t.Month.String()[:3], t.Year)
	}
	title := fmt.Sprintf("Minutes: %s, %s", group, day)
	if m.Title != "" {
		title += ": " + m.Title
	}
	return title
}
