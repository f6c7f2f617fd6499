package meeting

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// seriesSkip is `!series skip`: no meeting on that day.
func (d *desk) seriesSkip(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, g, words, err := d.oneSeries(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	ahead, err := d.db.MeetingsOf(ctx, s.ID, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	ahead = slices.DeleteFunc(ahead, func(m storage.Meeting) bool { return !m.Ahead(c.Now) })
	if len(ahead) == 0 {
		return bot.Reply{}, bot.Errorf("There is no date ahead that could be skipped. `!series` shows the rhythm.")
	}
	first, last := ahead[0].Day, ahead[0].Day
	if words != "" && !strings.EqualFold(words, "next") {
		var ok bool
		if first, last, ok = awayDays(words, when.Options{Now: c.Time, Zone: zone(g, c.Zone)}); !ok {
			return bot.Reply{}, bot.Errorf("Which one? Try `!series skip %s`.", sayDay(ahead[0].Slot, c.Now))
		}
	}
	before := s
	before.Except = slices.Clone(s.Except)
	var skipped []storage.Meeting
	for _, m := range ahead {
		if !m.Day.Before(first) && !m.Day.After(last) {
			skipped = append(skipped, m)
			s.Except = append(s.Except, m.RuleDay)
		}
	}
	if len(skipped) == 0 {
		return bot.Reply{}, bot.Errorf("There is no meeting of the series then. The next is on %s.", sayDay(ahead[0].Slot, c.Now))
	}
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{}
	var days []string
	for _, m := range skipped {
		more, err := d.callOff(ctx, c, g, m, storage.Cancelled, "")
		if err != nil {
			return r, err
		}
		r.Posts = append(r.Posts, more.Posts...)
		days = append(days, sayDay(m.Slot, c.Now))
	}
	r.Did = []bot.Effect{{What: "skipped " + list(days) + " in a series of " + g.Name, Undo: &bot.Act{Name: "series.unskip", Data: packed(skip{before, ids(skipped)})}}}
	return r, nil
}

// A skip is what was left out of a series, to be undone.
type skip struct {
	Series   storage.Series
	Meetings []int64
}

func ids(all []storage.Meeting) []int64 {
	var n []int64
	for _, m := range all {
		n = append(n, m.ID)
	}
	return n
}

// unskip undoes a skip.
func (d *desk) unskip(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k skip
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.db.SaveSeries(ctx, k.Series); err != nil {
		return bot.Reply{}, err
	}
	var r bot.Reply
	for _, id := range k.Meetings {
		m, err := d.db.Meeting(ctx, id)
		if err != nil {
			return r, err
		}
		more, err := d.was(ctx, c, packed(was{id, storage.Booked, m.Slot, ""}))
		if err != nil {
			return r, err
		}
		r.Posts = append(r.Posts, more.Posts...)
	}
	return r, nil
}
