package calendar

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/integrations/ical"
	"git.coop/cotech/wortley/storage"
)

// ownFeed builds a person's calendar: the meetings of their groups and of the
// network's calls that they have not said no to, the dates that are being voted on,
// and their actions.
func (d *desk) ownFeed(ctx context.Context, person int64, now time.Time) (ical.Calendar, error) {
	c := d.calendar("My co-op meetings", "Meetings of your groups, and what you said you would do. Its address is a secret: `!calendar revoke` ends it.")
	groups, err := d.groups(ctx)
	if err != nil {
		return c, err
	}
	mine := map[int64]bool{}
	in, err := d.db.GroupsOf(ctx, person)
	if err != nil {
		return c, err
	}
	for _, m := range in {
		mine[m.Group] = true
	}
	for id, g := range groups {
		mine[id] = mine[id] || g.Kind == "call" && g.State != "closed"
	}
	from, to := span(now)
	met, err := d.db.MeetingsBetween(ctx, from, to)
	if err != nil {
		return c, err
	}
	for i := range met {
		if !mine[met[i].Group] {
			continue
		}
		more, err := d.ownMeeting(ctx, met[i], person, groups, now)
		if err != nil {
			return c, err
		}
		c.Events = append(c.Events, more...)
	}
	for id := range mine {
		perhaps, err := d.candidates(ctx, person, groups[id], now)
		if err != nil {
			return c, err
		}
		c.Events = append(c.Events, perhaps...)
	}
	slices.SortStableFunc(c.Events, func(a, b ical.Event) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.UID, b.UID))
	})
	todo, err := d.db.ActionsOf(ctx, person)
	for _, a := range todo {
		if day, err := when.ParseDate(a.Due); err == nil {
			start := when.At(day, 0, when.London)
			c.Events = append(c.Events, ical.Event{UID: fmt.Sprintf("action-%d@%s", a.ID, d.host()), AllDay: true, Start: start, End: start.AddDate(0, 0, 1), Free: true,
				Summary: "Due: " + a.Text, Description: fmt.Sprintf("Action %d of %s", a.ID, a.GroupName), Changed: a.Made})
		}
	}
	return c, err
}

// ownMeeting is a meeting for one person: none if they said no, with its
// agenda if it is ahead.
func (d *desk) ownMeeting(ctx context.Context, m storage.Meeting, person int64, groups map[int64]storage.Group, now time.Time) ([]ical.Event, error) {
	answer, err := d.db.RSVPOf(ctx, m.ID, person)
	if err != nil || answer == "no" {
		return nil, err
	}
	events := d.events([]storage.Meeting{m}, groups, now)
	if len(events) == 0 || !m.Ahead(now) {
		return events, nil
	}
	next, ok, err := d.db.NextMeeting(ctx, m.Group, now)
	if err != nil || !ok || next.ID != m.ID {
		return events, err
	}
	agenda, err := d.db.Agenda(ctx, m.Group)
	if err != nil {
		return nil, err
	}
	text := ""
	for _, a := range agenda {
		if a.Meeting == 0 || a.Meeting == m.ID {
			text += "\n- " + a.Text
		}
	}
	if text != "" {
		events[0].Description = strings.TrimSpace(events[0].Description + "\nAgenda:" + text)
	}
	return events, nil
}

// candidates are the dates that a group votes on, held free for whoever has
// not said no to them.
func (d *desk) candidates(ctx context.Context, person int64, g storage.Group, now time.Time) ([]ical.Event, error) {
	p, ok, err := d.db.OpenPoll(ctx, g.ID)
	if err != nil || !ok {
		return nil, err
	}
	votes, err := d.db.Votes(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var events []ical.Event
	for _, o := range p.Options {
		said, changed := "", p.Made
		for _, v := range votes {
			if v.N == o.N && v.Person == person {
				said, changed = v.Answer, v.At
			}
		}
		if o.Dropped || said == "no" || !o.End.After(now) {
			continue
		}
		e := ical.Event{UID: fmt.Sprintf("poll-%d-%d@%s", p.ID, o.N, d.host()), Start: o.Start.In(o.Location()), End: o.End.In(o.Location()),
			Status: ical.Tentative, Free: true, Summary: "Perhaps: " + g.Name, Created: p.Made, Changed: changed,
			Description: fmt.Sprintf("Option %d of a vote that ends on %s.", o.N, when.SayShort(p.Closes, now, o.Location()))}
		if p.Title != "" {
			e.Summary += ": " + p.Title
		}
		e.Description += map[string]string{"yes": " You can.", "maybe": " You can if need be."}[said]
		events = append(events, e)
	}
	return events, nil
}
