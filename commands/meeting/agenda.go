package meeting

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// maxAgenda is how many items a reminder names.
const maxAgenda = 8

// agendaLines say what a group's next meeting is about, what is still to do
// and, just before it, what was said at the last one. They are empty where
// nobody has put anything on the agenda.
func (d *desk) agendaLines(ctx context.Context, g storage.Group, m storage.Meeting, kind string) (string, error) {
	var t strings.Builder
	all, err := d.db.Agenda(ctx, g.ID)
	if err != nil {
		return "", err
	}
	var items []string
	for _, a := range all {
		if a.Meeting == 0 || a.Meeting == m.ID {
			items = append(items, bot.Plain(bot.Clip(a.Text, 80)))
		}
	}
	if len(items) > 0 {
		fmt.Fprintf(&t, "\nAgenda: %s", strings.Join(items[:min(len(items), maxAgenda)], " · "))
		if len(items) > maxAgenda {
			fmt.Fprintf(&t, " · %d more, see `!agenda`", len(items)-maxAgenda)
		}
		t.WriteString(".")
	}
	todo, err := d.db.Actions(ctx, g.ID)
	if err != nil {
		return "", err
	}
	switch len(todo) {
	case 0:
	case 1:
		t.WriteString(" 1 action is open: `!actions`.")
	default:
		fmt.Fprintf(&t, " %d actions are open: `!actions`.", len(todo))
	}
	if kind == "hour" {
		last, ok, err := d.db.LastMinutes(ctx, g.ID)
		if err != nil {
			return "", err
		}
		if ok && last.Link != "" {
			t.WriteString("\nLast minutes: " + last.Link)
		} else if ok {
			t.WriteString("\nLast minutes: `!minutes`.")
		}
	}
	if text := t.String(); text != "" && text[0] != '\n' {
		return "\n" + strings.TrimSpace(text), nil
	}
	return t.String(), nil
}
