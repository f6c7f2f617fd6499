package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// seriesStop is `!series stop`.
func (d *desk) seriesStop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, g, _, err := d.oneSeries(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	n, err := d.stoppable(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("End this rhythm of %s: %s? %s ahead would be off; one that was moved or confirmed by people stays.", name(g), ruleOf(s), capital(plural(len(n), "meeting"))),
		Ask: &bot.Ask{For: askFor, Anybody: true, Act: bot.Act{Name: "series.stop", Data: strconv.FormatInt(s.ID, 10)}}}, nil
}

// stoppable are the coming meetings of a series that nobody has touched.
func (d *desk) stoppable(ctx context.Context, s storage.Series, now time.Time) ([]storage.Meeting, error) {
	ahead, err := d.db.MeetingsOf(ctx, s.ID, now)
	return slices.DeleteFunc(ahead, func(m storage.Meeting) bool { return !m.Ahead(now) || m.Edited }), err
}

// seriesStopped ends a series.
func (d *desk) seriesStopped(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	s, err := d.db.Series(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	g, _, err := d.db.Group(ctx, s.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	off, err := d.endSeries(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("The rhythm of %s has ended: %s. %s off.", name(g), ruleOf(s), capital(plural(len(off), "meeting")+" "+areIs(len(off))))
	after, ok, err := d.db.NextMeeting(ctx, g.ID, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if ok {
		text += " Next: " + bold(span(after.Slot, c.Now)) + "."
	} else {
		text += " No date is booked: `!poll` looks for one, `!series add` begins another rhythm."
	}
	posts, err := d.seriesNotice(ctx, c, g, s, "stop", text)
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: "ended a series of " + g.Name, Undo: &bot.Act{Name: "series.resume", Data: packed(skip{s, off})}}}}, err
}

// endSeries ends a series and calls off what nobody has touched.
func (d *desk) endSeries(ctx context.Context, s storage.Series, now time.Time) (off []int64, err error) {
	ahead, err := d.stoppable(ctx, s, now)
	if err != nil {
		return nil, err
	}
	s.State, s.Ended = "ended", now.UTC().Truncate(time.Second)
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return nil, err
	}
	for _, m := range ahead {
		if err := d.db.SetMeetingState(ctx, m.ID, storage.Cancelled, now); err != nil {
			return nil, err
		}
		if err := d.db.Release(ctx, promiseKind, strconv.FormatInt(m.ID, 10)); err != nil {
			return nil, err
		}
	}
	return ids(ahead), d.db.Release(ctx, renewKind, strconv.FormatInt(s.ID, 10))
}

// resume undoes the end of a series.
func (d *desk) resume(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k skip
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	k.Series.State, k.Series.Ended = "active", time.Time{}
	if _, err := d.db.SaveSeries(ctx, k.Series); err != nil {
		return bot.Reply{}, err
	}
	g, _, err := d.db.Group(ctx, k.Series.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, id := range k.Meetings {
		_, m, err := d.db.ChangeMeeting(ctx, id, c.Now, func(m *storage.Meeting) { m.State = storage.Booked })
		if err != nil {
			return bot.Reply{}, err
		}
		if err := d.schedule(ctx, m, g, c.Now); err != nil {
			return bot.Reply{}, err
		}
	}
	posts, err := d.seriesNotice(ctx, c, g, k.Series, "resume", fmt.Sprintf("↩️ The rhythm of %s goes on: %s.", name(g), ruleOf(k.Series)))
	return bot.Reply{Posts: posts}, firstErr(err, d.promiseRenewal(ctx, k.Series, c.Now))
}

// seriesDrop undoes the beginning of a series.
func (d *desk) seriesDrop(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	ahead, err := d.db.MeetingsOf(ctx, id, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, m := range ahead {
		if err := d.db.Release(ctx, promiseKind, strconv.FormatInt(m.ID, 10)); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{}, firstErr(d.db.Release(ctx, renewKind, data), d.db.DropSeries(ctx, id))
}
