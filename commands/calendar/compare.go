package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/integrations/ical"
	"git.coop/cotech/wortley/storage"
)

// screen is how many differences are said at once.
const screen = 20

// near is how far apart two starts may be and still be the same.
const near = 15 * time.Minute

// A difference is between what was agreed here and what stands elsewhere.
type difference struct {
	missing []found // agreed here, not there
	other   []found // on the same day, but at another time
	unknown []found // there, not agreed here
}

type found struct {
	group storage.Group
	here  storage.Meeting // zero for unknown
	there ical.Event      // zero for missing
}

// compared are the groups whose meetings should stand in a listing.
func (d *desk) compared(ctx context.Context, l storage.Listing) ([]storage.Group, error) {
	all, err := d.db.Groups(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(g storage.Group) bool { return g.State == "closed" || l.Group != 0 && g.ID != l.Group }), nil
}

// compare holds the meetings of groups against a listing. own says that the
// listing is a group's own: what stands there is then taken to be the group's,
// unless some of it is called by its name.
func (d *desk) compare(ctx context.Context, events []ical.Event, groups []storage.Group, own bool, now time.Time) (difference, error) {
	var diff difference
	events = slices.DeleteFunc(slices.Clone(events), func(e ical.Event) bool { return e.Status == ical.Cancelled || e.Start.Before(now) })
	for _, g := range groups {
		met, err := d.db.Meetings(ctx, g.ID, now, now.Add(ahead))
		if err != nil {
			return diff, err
		}
		theirs := slices.DeleteFunc(slices.Clone(events), func(e ical.Event) bool { return !speaksOf(e, g) })
		called := len(theirs) > 0
		if own && !called {
			theirs = events
		}
		for _, m := range met {
			if m.State != storage.Booked || m.Start.Before(now) {
				continue
			}
			diff.agreed(g, m, events, theirs)
		}
		if !own && !called {
			continue
		}
		for _, e := range theirs {
			if !slices.ContainsFunc(met, func(m storage.Meeting) bool { return sameDay(m, e) }) {
				diff.unknown = append(diff.unknown, found{group: g, there: e})
			}
		}
	}
	return diff, nil
}

// agreed looks for a meeting in a listing: by its moment under any name, or on
// its day under the group's.
func (diff *difference) agreed(g storage.Group, m storage.Meeting, all, theirs []ical.Event) {
	if slices.ContainsFunc(all, func(e ical.Event) bool { return sameTime(m, e) }) {
		return
	}
	if i := slices.IndexFunc(theirs, func(e ical.Event) bool { return sameDay(m, e) }); i >= 0 {
		if !theirs[i].AllDay {
			diff.other = append(diff.other, found{g, m, theirs[i]})
		}
		return
	}
	diff.missing = append(diff.missing, found{group: g, here: m})
}

func sameTime(m storage.Meeting, e ical.Event) bool {
	return !e.AllDay && e.Start.Sub(m.Start).Abs() <= near
}

func sameDay(m storage.Meeting, e ical.Event) bool {
	if m.Status() == string(ical.Cancelled) {
		return false
	}
	return when.DateOf(e.Start.In(m.Location())) == m.Day
}

// speaksOf reports whether an event's title has a group's name, its word, or
// all the longer words of its name.
func speaksOf(e ical.Event, g storage.Group) bool {
	words := fold(e.Summary)
	if slices.Contains(words, strings.ToLower(g.Slug)) {
		return true
	}
	long := 0
	for _, w := range fold(g.Name) {
		if len(w) < 4 {
			continue
		}
		if long++; !slices.Contains(words, w) {
			return false
		}
	}
	return long > 0
}

// fold are the words of a text, in lower case and without marks.
func fold(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\n,.:;/()[]&+–—|\"'“”‘’!?", r) })
}

// say is a line for each difference; where is "there" or "in" a calendar.
func (diff difference) say(where string, now time.Time, zone *time.Location) []string {
	var lines []string
	for _, f := range diff.missing {
		lines = append(lines, f.sayMissing(where, now))
	}
	for _, f := range diff.other {
		lines = append(lines, f.sayOther(where, now))
	}
	for _, f := range diff.unknown {
		lines = append(lines, f.sayUnknown(where, now, zone))
	}
	if len(lines) > screen {
		lines = append(lines[:screen], fmt.Sprintf("and %d more.", len(lines)-screen))
	}
	return lines
}

func (f found) sayMissing(where string, now time.Time) string {
	return fmt.Sprintf("Missing %s: %s, %s.", where, bot.Plain(f.group.Name), when.SayShort(f.here.Start, now, f.here.Location()))
}

func (f found) sayOther(where string, now time.Time) string {
	zone := f.here.Location()
	return fmt.Sprintf("Another time %s: %s is at %s here, and at %s on that day there (“%s”).", where, bot.Plain(f.group.Name), when.SayShort(f.here.Start, now, zone),
		f.there.Start.In(zone).Format("15:04"), bot.Plain(bot.Clip(f.there.Summary, 60)))
}

func (f found) sayUnknown(where string, now time.Time, zone *time.Location) string {
	at := when.SayShort(f.there.Start, now, zone)
	if f.there.AllDay {
		at = when.SayDateShort(when.DateOf(f.there.Start), when.DateOf(now))
	}
	return fmt.Sprintf("Not known here, but %s: %s, “%s”. `!meet %s` in the room of %s books it.", where, at, bot.Plain(bot.Clip(f.there.Summary, 60)), at, bot.Plain(f.group.Name))
}
