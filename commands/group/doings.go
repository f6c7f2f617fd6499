package group

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// doings are the card's lines about what a group does: when it meets, what it
// wrote down, and what is still to do.
func (d *desk) doings(ctx context.Context, c *bot.Call, g storage.Group) ([]string, error) {
	var lines []string
	meets, err := d.meetsLine(ctx, c, g)
	if err != nil {
		return nil, err
	}
	if meets != "" {
		lines = append(lines, meets)
	}
	if m, ok, err := d.db.LastMinutes(ctx, g.ID); err != nil {
		return nil, err
	} else if ok {
		line := "Last minutes: " + sayDay(m.Day, today(c))
		if m.Link != "" {
			line += ", " + m.Link
		}
		lines = append(lines, line+" · `!minutes "+bot.Code(g.Slug)+"`")
	}
	todo, err := d.db.Actions(ctx, g.ID)
	if err != nil || len(todo) == 0 {
		return lines, err
	}
	late := 0
	for _, a := range todo {
		if a.Due != "" && a.Due < today(c).String() {
			late++
		}
	}
	line := fmt.Sprintf("%d actions open", len(todo))
	if len(todo) == 1 {
		line = "1 action open"
	}
	if late > 0 {
		line += fmt.Sprintf(", %d past their day", late)
	}
	return append(lines, line+" · `!actions "+bot.Code(g.Slug)+"`"), nil
}

// meetsLine says when a group meets next and met last, "" if neither is known.
func (d *desk) meetsLine(ctx context.Context, c *bot.Call, g storage.Group) (string, error) {
	var parts []string
	next, ok, err := d.db.NextMeeting(ctx, g.ID, c.Time)
	if err != nil {
		return "", err
	}
	if ok {
		parts = append(parts, "Meets next on **"+when.SayShort(next.Start, c.Time, next.Location())+"**")
	}
	last, ok, err := d.db.LastMeeting(ctx, g.ID, c.Time)
	if err != nil {
		return "", err
	}
	if ok {
		parts = append(parts, "met last on "+when.SayDateShort(last.Day, today(c)))
	}
	if len(parts) == 1 && ok {
		parts[0] = "Met" + strings.TrimPrefix(parts[0], "met")
	}
	return strings.Join(parts, " · "), nil
}
