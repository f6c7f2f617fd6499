package calendar

import (
	"context"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/integrations/ical"
	"git.coop/cotech/wortley/storage"
)

// shownOff is how long a meeting that is off stays in a feed, marked as such:
// one that vanishes tells nobody anything.
const shownOff = 30 * 24 * time.Hour

// span is what a feed shows: from three months back to a year ahead, by whole
// months, so that it stays the same from day to day.
func span(now time.Time) (from, to time.Time) {
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, -3, 0), first.AddDate(1, 1, 0)
}

// groupFeed builds the calendar of a group.
func (d *desk) groupFeed(ctx context.Context, g storage.Group, now time.Time) (ical.Calendar, error) {
	from, to := span(now)
	met, err := d.db.Meetings(ctx, g.ID, from, to)
	if err != nil {
		return ical.Calendar{}, err
	}
	c := d.calendar(g.Name, "Meetings of "+g.Name+". Changes within a day are also said in its room.")
	c.Events = d.events(met, map[int64]storage.Group{g.ID: g}, now)
	return c, nil
}

// networkFeed builds the calendar of all groups.
func (d *desk) networkFeed(ctx context.Context, now time.Time) (ical.Calendar, error) {
	from, to := span(now)
	met, err := d.db.MeetingsBetween(ctx, from, to)
	if err != nil {
		return ical.Calendar{}, err
	}
	groups, err := d.groups(ctx)
	c := d.calendar("The network's meetings", "Meetings of all groups. Changes within a day are also said in their rooms.")
	c.Events = d.events(met, groups, now)
	return c, err
}

func (d *desk) groups(ctx context.Context) (map[int64]storage.Group, error) {
	all, err := d.db.Groups(ctx)
	groups := make(map[int64]storage.Group, len(all))
	for _, g := range all {
		groups[g.ID] = g
	}
	return groups, err
}

func (d *desk) calendar(name, about string) ical.Calendar {
	return ical.Calendar{Name: name, About: about, Organizer: ical.Organizer{Name: name, Address: "noreply@" + d.host()},
		Feed: true, Zone: "Europe/London", Refresh: time.Hour}
}

func (d *desk) events(met []storage.Meeting, groups map[int64]storage.Group, now time.Time) []ical.Event {
	zones := map[string]*time.Location{}
	events := make([]ical.Event, 0, len(met))
	for i := range met {
		m := &met[i]
		if m.Status() == string(ical.Cancelled) && m.Changed.Before(now.Add(-shownOff)) {
			continue
		}
		if zones[m.Zone] == nil {
			zones[m.Zone] = m.Location()
		}
		events = append(events, event(m, groups[m.Group], zones[m.Zone]))
	}
	return events
}

// event is a meeting as a calendar has it: nobody's name is in it.
func event(m *storage.Meeting, g storage.Group, zone *time.Location) ical.Event {
	e := ical.Event{UID: m.UID, Sequence: m.Sequence, Start: m.Start.In(zone), End: m.End.In(zone), Summary: g.Name,
		Status: ical.Status(m.Status()), Location: m.Call, URL: m.Topic, Created: m.Made, Changed: m.Changed}
	if m.Title != "" {
		e.Summary = g.Name + ": " + m.Title
	}
	if m.Theme != "" {
		e.Summary += " (" + m.Theme + ")"
	}
	if e.Status == ical.Cancelled {
		e.Free = true
		e.Summary = "CANCELLED: " + e.Summary
	}
	e.Description = strings.Join(notes(m), "\n")
	return e
}

// notes is what is said about a meeting beside its time.
func notes(m *storage.Meeting) []string {
	var all []string
	if m.Series != 0 && !m.RuleDay.IsZero() && m.RuleDay != m.Day {
		all = append(all, "Moved from "+when.SayDate(m.RuleDay)+".")
	}
	switch m.State {
	case storage.Proposed:
		all = append(all, "Not confirmed yet.")
	case storage.Postponed:
		all = append(all, "Put off.")
	case storage.Lapsed:
		all = append(all, "Nobody confirmed it in time.")
	}
	if m.Call != "" {
		all = append(all, "Call: "+m.Call)
	}
	if m.Topic != "" {
		all = append(all, "About it: "+m.Topic)
	}
	return all
}
