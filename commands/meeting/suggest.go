package meeting

import (
	"cmp"
	"context"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A search is where slots for a meeting are looked for.
type search struct {
	first, last when.Date
	clock       when.Clock
	minutes     int
	weekday     time.Weekday // the group's usual one goes first
	zone        *time.Location
	nation      when.Nation
	anchors     map[string]when.Date // nobody has time on these days
	instead     int64                // the meeting that was put off does not stand in the way
}

// most is how many options the bot proposes; more kill the vote.
const most = 3

// suggest finds up to three slots within a search, a day each: working days
// on which the group does not meet already, no group that shares two or more
// members does, and the fewest members are away; on the usual weekday if
// there are such, and in different weeks if there are enough. In order of time.
func (d *desk) suggest(ctx context.Context, g storage.Group, s search, now time.Time) ([]storage.Slot, error) {
	type day struct {
		slot  storage.Slot
		away  int
		usual bool
	}
	leave, err := d.db.GroupLeave(ctx, g.ID, s.first, s.last)
	if err != nil {
		return nil, err
	}
	var free []day
	for on := s.first; !on.After(s.last) && s.first.DaysTo(on) < 120; on = on.AddDays(1) {
		slot := storage.Slot{Day: on, Clock: s.clock, Minutes: s.minutes, Zone: s.zone.String()}.Moments()
		if !working(on, s.nation) || !slot.Start.After(now) || isAnchor(on, s.anchors) {
			continue
		}
		if taken, err := d.taken(ctx, g, slot, s.instead); err != nil || taken {
			if err != nil {
				return nil, err
			}
			continue
		}
		away := map[int64]bool{}
		for _, l := range leave {
			if !on.Before(l.First) && !on.After(l.Last) {
				away[l.Person] = true
			}
		}
		free = append(free, day{slot, len(away), on.Weekday() == s.weekday})
	}
	slices.SortStableFunc(free, func(a, b day) int {
		return cmp.Or(cmp.Compare(a.away, b.away), cmp.Compare(bit(b.usual), bit(a.usual)), a.slot.Start.Compare(b.slot.Start))
	})
	var chosen []storage.Slot
	for _, apart := range []int{5, 2, 1} { // days between two options, at least
		for _, f := range free {
			near := slices.ContainsFunc(chosen, func(c storage.Slot) bool {
				n := c.Day.DaysTo(f.slot.Day)
				return n < apart && n > -apart
			})
			if len(chosen) < most && !near {
				chosen = append(chosen, f.slot)
			}
		}
	}
	slices.SortFunc(chosen, func(a, b storage.Slot) int { return a.Start.Compare(b.Start) })
	return chosen, nil
}

func isAnchor(d when.Date, anchors map[string]when.Date) bool {
	for _, a := range anchors {
		if a == d {
			return true
		}
	}
	return false
}

// taken reports whether a group or one that shares two or more members with
// it meets during a slot.
func (d *desk) taken(ctx context.Context, g storage.Group, s storage.Slot, instead int64) (bool, error) {
	m, there, err := d.at(ctx, g.ID, s)
	if err != nil || there && m.ID != instead {
		return true, err
	}
	clashes, err := d.db.Clashes(ctx, g.ID, s.Start, s.End)
	for _, k := range clashes {
		if k.Shared >= 2 {
			return true, err
		}
	}
	return false, err
}

// searchFor is a search by the group's habits over some days.
func searchFor(h habit, o when.Options, first, last when.Date) search {
	s := search{first: first, last: last, clock: h.clock, minutes: h.minutes, weekday: h.weekday, zone: o.Zone, nation: o.Nation, anchors: o.Anchors}
	if s.clock < 0 {
		s.clock = when.HM(14, 0)
	}
	return s
}

// slotsIn finds slots in what a phrase leaves open: a window, a run of days,
// a day, or several of these.
func (d *desk) slotsIn(ctx context.Context, g storage.Group, r when.Reading, h habit, o when.Options) ([]storage.Slot, error) {
	today := when.DateOf(o.Now.In(o.Zone))
	items := []when.Reading{r}
	if r.Kind == when.Choice {
		items = r.Items
	}
	var all []storage.Slot
	for _, it := range items {
		if it.Minutes > 0 && it.Kind != when.Range {
			h.minutes = it.Minutes
		}
		found, err := d.slotsOf(ctx, g, it, h, o, today)
		if err != nil {
			return nil, err
		}
		if len(items) > 1 && len(found) > 2 {
			found = found[:2]
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b storage.Slot) int { return a.Start.Compare(b.Start) })
	all = slices.CompactFunc(all, func(a, b storage.Slot) bool { return a.Start.Equal(b.Start) })
	if len(all) > 5 {
		all = all[:5]
	}
	return all, nil
}

func (d *desk) slotsOf(ctx context.Context, g storage.Group, r when.Reading, h habit, o when.Options, today when.Date) ([]storage.Slot, error) {
	s := searchFor(h, o, today.AddDays(1), today.AddDays(28))
	switch r.Kind {
	case when.Range:
		return []storage.Slot{storage.SlotOf(r.Start, r.End, o.Zone)}, nil
	case when.Instant:
		return []storage.Slot{storage.SlotOf(r.Start, r.Start.Add(time.Duration(h.minutes)*time.Minute), o.Zone)}, nil
	case when.OneDate:
		slot := storage.Slot{Day: r.Date, Clock: s.clock, Minutes: s.minutes, Zone: o.Zone.String()}
		return []storage.Slot{slot.Moments()}, nil
	case when.Dates:
		s.first, s.last = r.Date, r.Last
	case when.Window:
		if !r.From.At.IsZero() && !r.To.At.IsZero() {
			return within(r.From.At, r.To.At, s.minutes, o.Zone), nil
		}
		bounds(&s, r, o.Zone)
		if r.Part != nil {
			intoPart(&s, *r.Part)
		}
	default:
		return nil, nil
	}
	return d.suggest(ctx, g, s, o.Now)
}

// bounds narrows a search to a window.
func bounds(s *search, r when.Reading, zone *time.Location) {
	day := func(b when.Bound) when.Date {
		if !b.At.IsZero() {
			return when.DateOf(b.At.In(zone))
		}
		return b.Date
	}
	if !r.From.Open() {
		s.first = day(r.From)
		s.last = s.first.AddDays(28)
		if !r.From.At.IsZero() && r.To.Open() { // after 3pm on Thursday
			s.last = s.first
			s.clock = max(s.clock, when.ClockOf(r.From.At.In(zone)))
		}
	}
	if !r.To.Open() {
		s.last = day(r.To)
	}
}

// intoPart moves the hour of a search into a part of the day.
func intoPart(s *search, p when.Part) {
	if p.From != nil && s.clock < *p.From || p.To != nil && s.clock >= *p.To {
		if p.From != nil {
			s.clock = *p.From
		} else if p.To != nil {
			s.clock = max(when.HM(9, 0), *p.To-when.Clock(s.minutes))
		}
	}
}

// within are slots inside some hours of one day: at their begin, and at their
// end if that is at least half an hour later.
func within(from, to time.Time, minutes int, zone *time.Location) []storage.Slot {
	length := time.Duration(minutes) * time.Minute
	if to.Sub(from) < length {
		return []storage.Slot{storage.SlotOf(from, to, zone)}
	}
	all := []storage.Slot{storage.SlotOf(from, from.Add(length), zone)}
	if last := to.Add(-length); last.Sub(from) >= 30*time.Minute {
		all = append(all, storage.SlotOf(last, to, zone))
	}
	return all
}
