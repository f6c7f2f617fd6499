package group

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"git.coop/cotech/wortley/storage"
)

// zone returns the zone of a group: its own, or the network's.
func zone(g storage.Group) *time.Location {
	if z, err := time.LoadLocation(g.Zone); err == nil && g.Zone != "" {
		return z
	}
	return when.London
}

// facts gathers what is known of a group. lastHuman is when anybody last
// wrote, zero if nobody has.
func (d *desk) facts(ctx context.Context, g storage.Group, h storage.Health, now time.Time) (f *health.Group, lastHuman time.Time, err error) {
	today := when.DateOf(now.In(zone(g)))
	f = &health.Group{Made: when.DateOf(g.Made.In(zone(g))), Cadence: g.Cadence, Nation: when.Nation(g.Nation)}
	if g.State == "closed" {
		f.Closed = when.DateOf(g.Closed.In(zone(g)))
	}
	life, err := d.db.GroupLife(ctx, g.ID, today.AddDays(-730).String())
	if err != nil {
		return nil, lastHuman, err
	}
	for _, l := range life {
		day, err := when.ParseDate(l.Day)
		if err != nil {
			return nil, lastHuman, err
		}
		f.Life = append(f.Life, health.Count{Day: health.Day(day), Messages: uint16(min(l.Messages, 65535)), Voices: uint16(min(l.Voices, 65535))})
		if l.Last.After(lastHuman) {
			lastHuman = l.Last
		}
	}
	for _, add := range []func(context.Context, storage.Group, *health.Group, time.Time) error{d.addMeetings, d.addActions, d.addLeave} {
		if err := add(ctx, g, f, now); err != nil {
			return nil, lastHuman, err
		}
	}
	if h.Unled != "" {
		if first, err := when.ParseDate(h.Unled); err == nil {
			f.Unled = []health.Span{{First: first}}
		}
	}
	return f, lastHuman, nil
}

// addMeetings adds meetings, with what became of them, and searches for dates.
func (d *desk) addMeetings(ctx context.Context, g storage.Group, f *health.Group, now time.Time) error {
	all, err := d.db.Meetings(ctx, g.ID, now.AddDate(-2, 0, 0), now.AddDate(1, 0, 0))
	if err != nil {
		return err
	}
	for _, m := range all {
		one := health.Meeting{Day: m.Day, Made: when.DateOf(m.Made.In(m.Location())), Firm: m.State != storage.Proposed}
		switch {
		case m.State == storage.Cancelled, m.State == storage.Postponed, m.State == storage.Lapsed:
			one.Off = when.DateOf(m.Changed.In(m.Location()))
		case m.State == storage.Proposed && m.End.Before(now):
			one.Off = m.Day
		}
		if one.Off.IsZero() && m.End.Before(now) {
			if have, err := d.db.HasMinutes(ctx, m.ID, g.ID, m.Day.String()); err != nil {
				return err
			} else if have {
				one.Minutes = m.Day
			}
		}
		f.Meetings = append(f.Meetings, one)
	}
	// Somebody said "not now", and is asked again in a week.
	if left, err := d.db.Promised(ctx, "meeting-again", strconv.FormatInt(g.ID, 10)); err != nil {
		return err
	} else if left {
		f.Polls = append(f.Polls, health.Span{First: when.DateOf(now.In(zone(g)))})
	}
	polls, err := d.db.Polls(ctx, g.ID, now.AddDate(-1, 0, 0))
	if err != nil {
		return err
	}
	for _, p := range polls {
		s := health.Span{First: when.DateOf(p.Made.In(zone(g)))}
		if !p.Closed.IsZero() {
			s.Last = when.DateOf(p.Closed.In(zone(g)))
		}
		f.Polls = append(f.Polls, s)
	}
	return nil
}

func (d *desk) addActions(ctx context.Context, g storage.Group, f *health.Group, _ time.Time) error {
	all, err := d.db.Actions(ctx, g.ID)
	for _, a := range all {
		if due, bad := when.ParseDate(a.Due); bad == nil && a.State == "open" {
			f.Actions = append(f.Actions, health.Action{Due: due})
		}
	}
	return err
}

// addLeave adds the days on which nobody is expected: rests that people
// declared, and those on which the bot was away.
func (d *desk) addLeave(ctx context.Context, g storage.Group, f *health.Group, _ time.Time) error {
	rests, err := d.db.Rests(ctx, g.ID)
	if err != nil {
		return err
	}
	deaf, err := d.db.Deaf(ctx)
	if err != nil {
		return err
	}
	f.Resting = spans(rests)
	f.Leave = append(spans(rests), spans(deaf)...)
	return nil
}

func spans(days []storage.Days) (all []health.Span) {
	for _, s := range days {
		first, bad := when.ParseDate(s.First)
		last, worse := when.ParseDate(s.Last)
		if bad == nil && worse == nil {
			all = append(all, health.Span{First: first, Last: last})
		}
	}
	return all
}

// statusOf reads what was known of a group's health; the zero Status if nobody looked yet.
func statusOf(h storage.Health) (s health.Status) {
	json.Unmarshal([]byte(h.Status), &s) // what cannot be read is measured anew
	return s
}

// look brings a group's health up to a day, a day at a time, and remembers
// each change. Days on which the bot did not look are days on which it was away.
func (d *desk) look(ctx context.Context, g storage.Group, h storage.Health, now time.Time) (storage.Health, health.Status, time.Time, error) {
	today := when.DateOf(now.In(zone(g)))
	s := statusOf(h)
	if !s.Day.IsZero() && s.Day.DaysTo(today) > 1 {
		away := storage.Days{First: s.Day.AddDays(1).String(), Last: today.AddDays(-1).String()}
		if err := d.db.AddDeaf(ctx, away); err != nil {
			return h, s, time.Time{}, err
		}
	}
	if err := d.led(ctx, g, &h, today); err != nil {
		return h, s, time.Time{}, err
	}
	f, lastHuman, err := d.facts(ctx, g, h, now)
	if err != nil {
		return h, s, lastHuman, err
	}
	day := today
	if !s.Day.IsZero() && s.Day.Before(today) {
		day = s.Day.AddDays(1)
		if early := today.AddDays(-60); day.Before(early) {
			day = early
		}
	}
	for ; !day.After(today); day = day.AddDays(1) {
		was := s.State
		s = health.Step(s, f, day)
		if s.State != was && was != "" {
			if err := d.db.AddHealthChange(ctx, storage.HealthChange{Group: g.ID, Day: day.String(), State: string(s.State), Reasons: reasons(s, day)}); err != nil {
				return h, s, lastHuman, err
			}
		}
	}
	data, err := json.Marshal(s)
	h.State, h.Since, h.Status = string(s.State), s.Since.String(), string(data)
	return h, s, lastHuman, err
}

// led notices since when a group that had a convenor has neither one nor a deputy.
func (d *desk) led(ctx context.Context, g storage.Group, h *storage.Health, today when.Date) error {
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return err
	}
	led := len(named(members, "convenor"))+len(named(members, "deputy")) > 0
	switch {
	case led:
		h.Led, h.Unled = true, ""
	case h.Led && h.Unled == "":
		h.Unled = today.String()
	}
	return nil
}
