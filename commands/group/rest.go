package group

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

const quietHelp = "- `!quiet until 6 Jan`, `!quiet 2 weeks`: the group rests; I ask nothing, and its silence does not count\n" +
	"- `!quiet off`: it is awake again, and may be told things again after 🔕\n" +
	"- `!quiet csd until 6 Jan` from elsewhere"

// restDays is how long 💤 lasts.
const restDays = 28

// quiet is `!quiet [group] until 6 Jan`, by any member or in the group's room.
func (d *desk) quiet(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, said, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.belongs(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	switch strings.ToLower(strings.TrimSpace(said)) {
	case "":
		return bot.Reply{}, bot.Errorf("Until when shall **%s** rest? Try `!quiet until 6 Jan`, or `!quiet 2 weeks`; `!quiet off` ends it.", bot.Plain(g.Name))
	case "off", "over", "end", "awake":
		return d.awake(ctx, c, g)
	}
	last, err := restUntil(said, c)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.restTill(ctx, c, g, last)
}

// restUntil reads the day on which a rest ends: "until 6 Jan", "2 weeks".
func restUntil(said string, c *bot.Call) (when.Date, error) {
	text := said
	for _, front := range []string{"until ", "till ", "to "} {
		if rest, ok := cutPrefixFold(said, front); ok {
			text = rest
		}
	}
	if rest, ok := cutPrefixFold(text, "for "); ok {
		text = rest
	}
	if days, ok := readRhythm(text); ok {
		return today(c).AddDays(days), nil
	}
	day, err := when.Day(text, c.Time, c.Zone)
	switch {
	case err != nil:
		return day, bot.Errorf("I cannot read “%s” as a day. Try `!quiet until 6 Jan`, or `!quiet 2 weeks`.", bot.Plain(bot.Clip(said, 40)))
	case !day.After(today(c)):
		return day, bot.Errorf("That is not ahead of us. Until when shall it rest? Try `!quiet until 6 Jan`.")
	case today(c).DaysTo(day) > 366:
		return day, bot.Errorf("That is more than a year. A group that ends can be closed kindly: `!group close`.")
	}
	return day, nil
}

// belongs lets members have a say from anywhere, and everybody in the group's rooms.
func (d *desk) belongs(ctx context.Context, c *bot.Call, g storage.Group) error {
	if c.Person.Role >= bot.Coordinator {
		return nil
	}
	here, bound, err := d.db.GroupAt(ctx, c.Room)
	if err != nil || bound && here.ID == g.ID {
		return err
	}
	role, err := d.db.GroupRole(ctx, g.ID, c.Person.ID)
	if err == nil && role == "" {
		err = bot.Errorf("That is for members of **%s**: `!join %s` makes you one.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	return err
}

// resting is what undoing a rest needs.
type resting struct {
	Was   storage.Group
	First string
}

// restTill lets a group rest from today until a day, on which it is awake again.
func (d *desk) restTill(ctx context.Context, c *bot.Call, g storage.Group, until when.Date) (bot.Reply, error) {
	if g.State == "closed" {
		return bot.Reply{}, bot.Errorf("**%s** is closed, so it rests already.", bot.Plain(g.Name))
	}
	was := g
	g.State, g.Until = "resting", until.String()
	first := today(c).String()
	if err := d.db.SetRest(ctx, g.ID, storage.Days{First: first, Last: until.AddDays(-1).String()}); err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.db.SaveGroup(ctx, g); err != nil {
		return bot.Reply{}, err
	}
	if err := d.began(ctx, g); err != nil {
		return bot.Reply{}, err
	}
	data, _ := json.Marshal(resting{was, first}) // words and numbers: cannot fail
	return bot.Reply{
		Text: fmt.Sprintf("💤 **%s** rests until %s. I ask nothing until then, and its card says so. `!quiet off` wakes it.", bot.Plain(g.Name), when.SayDate(until)),
		Did:  []bot.Effect{{What: fmt.Sprintf("%s rests until %s", g.Name, until), Undo: &bot.Act{Name: "group.rested", Data: string(data)}}}}, nil
}

// began forgets the steps that were taken: somebody has spoken.
func (d *desk) began(ctx context.Context, g storage.Group) error {
	h, known, err := d.db.Health(ctx, g.ID)
	if err != nil || !known {
		return err
	}
	h.Step, h.Asked, h.Unanswered, h.Muted = noStep, 0, 0, false
	return d.db.SaveHealth(ctx, h)
}

// rested undoes a rest.
func (d *desk) rested(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var r resting
	if err := json.Unmarshal([]byte(data), &r); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.SetRest(ctx, r.Was.ID, storage.Days{First: r.First}); err != nil {
		return bot.Reply{}, err
	}
	_, err := d.db.SaveGroup(ctx, r.Was)
	return bot.Reply{}, err
}

// awake ends a rest, and lets the group be told things again.
func (d *desk) awake(ctx context.Context, c *bot.Call, g storage.Group) (bot.Reply, error) {
	rests, err := d.db.Rests(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	yesterday := today(c).AddDays(-1).String()
	for _, r := range rests {
		if r.Last > yesterday {
			cut := storage.Days{First: r.First, Last: yesterday}
			if r.First > yesterday {
				cut.Last = ""
			}
			if err := d.db.SetRest(ctx, g.ID, cut); err != nil {
				return bot.Reply{}, err
			}
		}
	}
	if err := d.began(ctx, g); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.SetCareMuted(ctx, g.ID, c.Person.ID, false); err != nil {
		return bot.Reply{}, err
	}
	if g.State == "resting" {
		g.State, g.Until = "open", ""
		if _, err := d.db.SaveGroup(ctx, g); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Text: fmt.Sprintf("**%s** is awake. `!poll` finds a date; `!health` shows how it is.", bot.Plain(g.Name)), Did: []bot.Effect{{What: "woke " + g.Name}}}, nil
}
