package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// renewKind is the kind of the promise to ask whether a series goes on.
const renewKind = "series"

// promiseRenewal promises to ask, four weeks before a series runs out.
func (d *desk) promiseRenewal(ctx context.Context, s storage.Series, now time.Time) error {
	z := storage.Slot{Zone: s.Zone}.Location()
	at := later(when.At(s.RenewBy.AddDays(-28), when.HM(9, 30), z), z, "")
	if !at.After(now) {
		at = now.Add(time.Minute)
	}
	return d.db.Promise(ctx, renewKind, strconv.FormatInt(s.ID, 10), at)
}

// tellRenewal asks whether a series goes on.
func (d *desk) tellRenewal(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	s, err := d.db.Series(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || err == nil && s.State != "active" {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	posts, err := d.askRenewal(ctx, s, fmt.Sprintf("has run for a year. From %s on its dates are only proposed, unless somebody says that it goes on.", when.SayDateShort(s.RenewBy, when.DateOf(now))), "year/"+s.RenewBy.String())
	return posts, time.Time{}, err
}

// askRenewal asks in a group's places whether its series goes on.
func (d *desk) askRenewal(ctx context.Context, s storage.Series, why, kind string) ([]bot.Post, error) {
	g, _, err := d.db.Group(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("The rhythm of %s (%s) %s Does it go on? ✅ or `!series renew` – ❌ or `!series stop` ends it.", name(g), ruleOf(s), why)
	var posts []bot.Post
	for _, room := range rooms {
		if !strings.HasPrefix(room.ID, "category/") {
			posts = append(posts, bot.Post{Key: fmt.Sprintf("series/%d/renew/%s/%s/%s", s.ID, kind, room.Site, room.ID), Room: room, Text: text, Rank: bot.Reminder, Why: "Series need a yes from people now and then, so that none lives on by itself."})
		}
	}
	return posts, nil
}

// slack looks back when a meeting of a series has ended: if nobody has
// confirmed or minuted it nor the one before, its coming dates are only
// proposed from now on, and the group is asked whether it goes on.
func (d *desk) slack(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time) ([]bot.Post, error) {
	s, err := d.db.Series(ctx, m.Series)
	if err != nil || s.State != "active" {
		return nil, err
	}
	recent, err := d.db.RecentMeetings(ctx, g.ID, m.Start.Add(-time.Second), 8)
	if err != nil {
		return nil, err
	}
	recent = slices.DeleteFunc(recent, func(r storage.Meeting) bool { return r.State != storage.Booked && r.State != storage.Held })
	if len(recent) < 2 {
		return nil, nil
	}
	for _, r := range recent[:2] {
		minuted, err := d.db.HasMinutes(ctx, r.ID, g.ID, r.Day.String())
		if err != nil || r.State != storage.Booked || r.Series != s.ID || minuted {
			return nil, err
		}
	}
	today := when.DateOf(now.In(m.Location()))
	if !s.RenewBy.IsZero() && !s.RenewBy.After(today) {
		return nil, nil // asked already
	}
	s.RenewBy = today
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return nil, err
	}
	ahead, err := d.stoppable(ctx, s, now)
	if err != nil {
		return nil, err
	}
	for _, a := range ahead {
		_, a, err := d.db.ChangeMeeting(ctx, a.ID, now, func(m *storage.Meeting) { m.State = storage.Proposed })
		if err != nil {
			return nil, err
		}
		if err := d.schedule(ctx, a, g, now); err != nil {
			return nil, err
		}
	}
	return d.askRenewal(ctx, s, "has had two meetings in a row that nobody said were held. Its coming dates are only proposed from now on.", "slack/"+m.Day.String())
}

// unwanted ends a series when the second of its proposed dates in a row has
// lapsed: nobody has said that it goes on, and a question a week would not help.
func (d *desk) unwanted(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time) ([]bot.Post, bool, error) {
	s, err := d.db.Series(ctx, m.Series)
	if err != nil || s.State != "active" || s.Anchor != "" {
		return nil, false, err
	}
	all, err := d.db.MeetingsOf(ctx, s.ID, s.Made)
	if err != nil {
		return nil, false, err
	}
	i := slices.IndexFunc(all, func(a storage.Meeting) bool { return a.ID == m.ID })
	if i < 1 || all[i-1].State != storage.Lapsed {
		return nil, false, nil
	}
	off, err := d.endSeries(ctx, s, now)
	if err != nil {
		return nil, false, err
	}
	text := fmt.Sprintf("Nobody has said that the rhythm of %s goes on (%s), so I have ended it: %s off. `!series add %s` begins it again, `!poll` looks for one date.", name(g), ruleOf(s), plural(len(off)+1, "date")+" "+areIs(len(off)+1), ruleOf(s))
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return nil, false, err
	}
	var posts []bot.Post
	for _, room := range rooms {
		if !strings.HasPrefix(room.ID, "category/") {
			posts = append(posts, bot.Post{Key: fmt.Sprintf("series/%d/ended/%s/%s", s.ID, room.Site, room.ID), Room: room, Text: text, Rank: bot.Reminder, Why: "Series need a yes from people now and then, so that none lives on by itself."})
		}
	}
	return posts, true, nil
}

// renew is `!series renew`.
func (d *desk) renew(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, g, _, err := d.oneSeries(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.renewed(ctx, c, g, s)
}

func (d *desk) renewed(ctx context.Context, c *bot.Call, g storage.Group, s storage.Series) (bot.Reply, error) {
	before := s
	s.RenewBy = when.DateOf(c.Now.In(zone(g, c.Zone))).AddMonths(renewMonths)
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.materialise(ctx, s, c.Now); err != nil {
		return bot.Reply{}, err
	}
	ahead, err := d.stoppable(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, m := range ahead {
		if m.State != storage.Proposed || !m.Day.Before(s.RenewBy) || s.Anchor != "" {
			continue
		}
		_, m, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.State = storage.Booked })
		if err != nil {
			return bot.Reply{}, err
		}
		if err := d.schedule(ctx, m, g, c.Now); err != nil {
			return bot.Reply{}, err
		}
	}
	line, err := d.seriesLine(ctx, s, c.Now)
	return bot.Reply{Text: fmt.Sprintf("Good: %s goes on meeting %s", name(g), line),
		Did: []bot.Effect{{What: "renewed a series of " + g.Name, Undo: &bot.Act{Name: "series.was", Data: packed(seriesWish{before})}}}}, firstErr(err, d.promiseRenewal(ctx, s, c.Now))
}

// touchSeries hears of a reaction to the question whether a series goes on.
func (d *desk) touchSeries(ctx context.Context, c *bot.Call, key, emoji string, on bool) (bot.Reply, error) {
	parts := strings.SplitN(key, "/", 4)
	if len(parts) < 4 || parts[2] != "renew" || !on {
		return bot.Reply{}, nil
	}
	id, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	s, err := d.db.Series(ctx, id)
	if err != nil || s.State != "active" {
		return bot.Reply{}, err
	}
	g, _, err := d.db.Group(ctx, s.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	switch answer(emoji) {
	case "yes":
		return d.renewed(ctx, c, g, s)
	case "no":
		return d.seriesStopped(ctx, c, parts[1])
	}
	return bot.Reply{}, nil
}

// nightly keeps the calendar a year ahead, works moments out anew when the
// zone data have changed, and forgets leave that is long over. It writes a
// little at a time, so that nobody waits for it.
func (d *desk) nightly(ctx context.Context, now time.Time) ([]bot.Post, error) {
	err := d.db.Do(ctx, func(ctx context.Context) error {
		if err := d.recompute(ctx, now); err != nil {
			return err
		}
		return d.db.CleanLeave(ctx, when.DateOf(now).AddDays(-30))
	})
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	short := when.DateOf(now).AddMonths(renewMonths).AddDays(-refreshDays)
	for last := int64(0); ; {
		some, err := d.db.ShortSeries(ctx, short, last, 20)
		if err != nil || len(some) == 0 {
			return posts, err
		}
		last = some[len(some)-1].ID
		err = d.db.Do(ctx, func(ctx context.Context) error {
			for _, s := range some {
				more, err := d.ahead(ctx, s, now)
				if err != nil {
					return err
				}
				posts = append(posts, more...)
			}
			return nil
		})
		if err != nil {
			return posts, err
		}
	}
}

// refreshDays is how far short of a year a series' meetings may fall before
// more are made.
const refreshDays = 14

// recompute promises anew what hangs on moments that zone data have moved.
func (d *desk) recompute(ctx context.Context, now time.Time) error {
	moved, err := d.db.RecomputeMoments(ctx, now)
	if err != nil {
		return err
	}
	for _, m := range moved {
		g, _, err := d.db.Group(ctx, m.Group)
		if err != nil {
			return err
		}
		if err := d.schedule(ctx, m, g, now); err != nil {
			return err
		}
	}
	if len(moved) > 0 {
		d.Log.Info("zone data changed", "meetings", len(moved))
	}
	return nil
}

// ahead makes the meetings of a series that are due to exist; what one that
// hangs on an anchor proposes is shown.
func (d *desk) ahead(ctx context.Context, s storage.Series, now time.Time) ([]bot.Post, error) {
	made, err := d.materialise(ctx, s, now)
	if err != nil || s.Anchor == "" {
		return nil, err
	}
	var posts []bot.Post
	for _, m := range made {
		more, err := d.proposed(ctx, s, m, now)
		if err != nil {
			return nil, err
		}
		posts = append(posts, more...)
	}
	return posts, nil
}

// proposed shows a date that a series proposes because the day that it hangs
// on is known now.
func (d *desk) proposed(ctx context.Context, s storage.Series, m storage.Meeting, now time.Time) ([]bot.Post, error) {
	g, _, err := d.db.Group(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	need, err := d.quorum(ctx, g)
	if err != nil {
		return nil, err
	}
	return d.everywhere(ctx, g, m, "card", func(site string) string { return d.card(g, m, nil, need, site, now) }, "The day that this series hangs on is known now.")
}
