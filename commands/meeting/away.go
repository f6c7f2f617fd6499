package meeting

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// away is `!away`: bare it shows, with days it notes, with "none" it forgets.
func (d *desk) away(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	said := oneLine(c.Args)
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	today := when.DateOf(c.Time.In(c.Zone))
	mine, err := d.db.LeaveOf(ctx, person, today)
	if err != nil {
		return bot.Reply{}, err
	}
	switch strings.ToLower(strings.Trim(said, ".!")) {
	case "":
		if len(mine) == 0 {
			return bot.Reply{Text: "I know of no days on which you are away. Try `!away 22 July to 5 Aug`.", Direct: true}, nil
		}
		var days []string
		for _, l := range mine {
			days = append(days, sayRun(l.First, l.Last, today))
		}
		return bot.Reply{Text: "You are away " + list(days) + ". `!away none` forgets it.", Direct: true}, nil
	case "none", "no", "back", "i am back", "i'm back", "forget":
		for _, l := range mine {
			if err := d.db.DropLeave(ctx, l.ID); err != nil {
				return bot.Reply{}, err
			}
		}
		if len(mine) == 0 {
			return bot.Reply{Text: "I knew of no days on which you are away."}, nil
		}
		return bot.Reply{Text: "Welcome back: I have forgotten when you are away.", Did: []bot.Effect{{What: "is away no longer"}}}, nil
	}
	first, last, ok := awayDays(said, when.Options{Now: c.Time, Zone: c.Zone})
	if !ok {
		return bot.Reply{}, bot.Errorf("From when to when? Try `!away 22 July to 5 Aug` or `!away 13 Feb`.")
	}
	if last.Before(today) {
		return bot.Reply{}, bot.Errorf("%s has passed.", capital(sayRun(first, last, today)))
	}
	return d.goAway(ctx, c, person, first, last)
}

// awayDays reads a run of days: "22 July to 5 Aug", "next week", "13 Feb".
func awayDays(said string, o when.Options) (first, last when.Date, ok bool) {
	r := when.Read(said, o)
	switch r.Kind {
	case when.OneDate:
		return r.Date, r.Date, true
	case when.Dates:
		return r.Date, r.Last, true
	case when.Window:
		if !r.From.Date.IsZero() && !r.To.Date.IsZero() {
			return r.From.Date, r.To.Date, true
		}
	case when.Instant, when.Range:
		return when.DateOf(r.Start), when.DateOf(r.Start), true
	case when.Deadline: // until Friday
		if !r.By.Date.IsZero() {
			return when.DateOf(o.Now.In(o.Zone)), r.By.Date, true
		}
	}
	return first, last, false
}

// sayRun says a run of days: "on Thu 13 Feb", "from Tue 22 Jul to Tue 5 Aug".
func sayRun(first, last, today when.Date) string {
	if first == last {
		return "on " + when.SayDateShort(first, today)
	}
	return "from " + when.SayDateShort(first, today) + " to " + when.SayDateShort(last, today)
}

// goAway notes leave and says which meetings it touches.
func (d *desk) goAway(ctx context.Context, c *bot.Call, person int64, first, last when.Date) (bot.Reply, error) {
	today := when.DateOf(c.Time.In(c.Zone))
	id, err := d.db.AddLeave(ctx, storage.Leave{Person: person, First: first, Last: last, At: c.Now})
	if err != nil {
		return bot.Reply{}, err
	}
	text := "Noted: you are away " + sayRun(first, last, today) + ". Others see only that somebody cannot come."
	missed, err := d.missed(ctx, c, person, first, last)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(missed) > 0 {
		text += " That is during " + list(missed) + "; `!no` as a reply to its card sends your apologies."
	}
	return bot.Reply{Text: text, Did: []bot.Effect{{What: "is away " + sayRun(first, last, today), Undo: &bot.Act{Name: "meeting.back", Data: strconv.FormatInt(id, 10)}}}}, nil
}

// missed names the meetings of a person's groups that fall into some days.
func (d *desk) missed(ctx context.Context, c *bot.Call, person int64, first, last when.Date) ([]string, error) {
	groups, err := d.db.GroupsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, member := range groups {
		all, err := d.db.Meetings(ctx, member.Group, when.At(first, 0, c.Zone), when.At(last.AddDays(1), 0, c.Zone))
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			if !m.Ahead(c.Now) {
				continue
			}
			g, _, err := d.db.Group(ctx, m.Group)
			if err != nil {
				return nil, err
			}
			found = append(found, fmt.Sprintf("%s, %s", name(g), span(m.Slot, c.Now)))
		}
	}
	return found, nil
}

// back undoes leave.
func (d *desk) back(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.db.DropLeave(ctx, id)
}
