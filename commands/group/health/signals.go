package health

import (
	"slices"

	"git.coop/cotech/wortley/bot/when"
)

// measure finds out which signals are on, and since when.
func (s *Status) measure(was Status, g *Group) {
	clock := Clock{g.Leave}
	today := Day(s.Day)
	s.Threshold = Threshold(g.Life, clock, g.Cadence, today)
	s.Silent = silent(g, clock, today)
	if held, ok := s.met(g); ok { // people who met were not silent
		s.Silent = min(s.Silent, clock.Between(Day(held.Day), today))
	}
	s.lasts(was, Silence, s.Silent > s.Threshold && !s.ahead(g)) // those who will meet need not write
	s.On[NoDate] = s.noDate(g)
	s.lasts(was, PutOff, s.putOff(g) >= 2)
	s.lasts(was, NotMet, s.notMet(g, clock))
	s.lasts(was, FewVoices, fewVoices(g, clock, today))
	s.On[Actions] = s.overdue(g)
	s.On[Minutes] = s.noMinutes(g)
	s.lasts(was, NoConvenor, holds(g.Unled, s.Day))
	s.On[Hanging] = s.hanging(g)
}

// lasts keeps the day on which a signal came on.
func (s *Status) lasts(was Status, sig Signal, on bool) {
	switch {
	case !on:
	case was.Has(sig):
		s.On[sig] = was.On[sig]
	default:
		s.On[sig] = s.Day
	}
}

// met returns the last meeting that was over before the day.
func (s *Status) met(g *Group) (last Meeting, ok bool) {
	for _, m := range g.Meetings {
		if !m.Made.After(s.Day) && m.Day.Before(s.Day) && !m.off(s.Day) && (!ok || !m.Day.Before(last.Day)) {
			last, ok = m, true
		}
	}
	return last, ok
}

func (s *Status) ahead(g *Group) bool {
	return slices.ContainsFunc(g.Meetings, func(m Meeting) bool {
		return !m.Made.After(s.Day) && !m.Day.Before(s.Day) && !m.off(s.Day)
	})
}

// noDate is on from two working days after a meeting ended or was put off, or
// a search for a date ended, while none is ahead and none is looked for.
func (s *Status) noDate(g *Group) (since when.Date) {
	if s.ahead(g) || holds(g.Polls, s.Day) {
		return when.Date{}
	}
	var from when.Date
	later := func(d when.Date) {
		if d.After(from) && !d.After(s.Day) {
			from = d
		}
	}
	for _, m := range g.Meetings {
		if m.Made.After(s.Day) {
			continue
		}
		if m.off(s.Day) {
			later(m.Off)
		} else {
			later(m.Day)
		}
	}
	for _, p := range g.Polls {
		later(p.Last)
	}
	return s.after(from, 2, g.Nation)
}

// after returns the n-th working day after one, zero if that is still to come.
func (s *Status) after(from when.Date, n int, nation when.Nation) when.Date {
	if from.IsZero() {
		return from
	}
	d := Working(from, n, nation)
	if d.After(s.Day) {
		return when.Date{}
	}
	return d
}

// Working returns the n-th working day after one.
func Working(from when.Date, n int, nation when.Nation) when.Date {
	for n > 0 {
		from = from.AddDays(1)
		if when.WorkingDay(from, nation) {
			n--
		}
	}
	return from
}

// putOff counts the meetings that were put off since one was held, or since
// the group was last found fine again.
func (s *Status) putOff(g *Group) (n int) {
	from := s.Recovered
	if held, ok := s.met(g); ok && held.Day.After(from) {
		from = held.Day
	}
	for _, m := range g.Meetings {
		if m.off(s.Day) && m.Off.After(from) {
			n++
		}
	}
	return n
}

// notMet: the last meeting is longer ago than 1.5 times the rhythm, and none
// is ahead.
func (s *Status) notMet(g *Group, clock Clock) bool {
	if g.Cadence == 0 || s.ahead(g) {
		return false
	}
	from := g.Made
	if held, ok := s.met(g); ok {
		from = held.Day
	}
	return clock.Between(Day(from), Day(s.Day)) > 3*g.Cadence
}

// fewVoices compares the people of the liveliest day of the last weeks with
// those of the earlier stretches of the same length in a year: half of their
// median at most, and two people fewer.
func fewVoices(g *Group, clock Clock, today int32) bool {
	length := int32(max(28, g.Cadence))
	most := make([]uint16, 0, year/28)
	for end := today; end > today-year && end-length >= Day(g.Made)-1; end -= length {
		if clock.Between(end-length, end) < int(length) { // half of it was still
			if end == today {
				return false
			}
			continue
		}
		most = append(most, liveliest(g.Life, end-length, end))
	}
	if len(most) < 5 {
		return false
	}
	earlier := slices.Clone(most[1:])
	slices.Sort(earlier)
	median := earlier[len(earlier)/2]
	return most[0] > 0 && most[0]*2 <= median && median-most[0] >= 2
}

// liveliest returns the people of the liveliest day after one day up to another.
func liveliest(life []Count, from, to int32) (most uint16) {
	i, _ := slices.BinarySearchFunc(life, from+1, func(c Count, d int32) int { return int(c.Day - d) })
	for ; i < len(life) && life[i].Day <= to; i++ {
		most = max(most, life[i].Voices)
	}
	return most
}

// overdue is on when an action is three weeks over, or three are over.
func (s *Status) overdue(g *Group) (since when.Date) {
	var over []when.Date
	for _, a := range g.Actions {
		if !a.Due.IsZero() && a.Due.Before(s.Day) && (a.Done.IsZero() || a.Done.After(s.Day)) {
			over = append(over, a.Due)
		}
	}
	slices.SortFunc(over, func(a, b when.Date) int { return b.DaysTo(a) })
	if len(over) > 0 && over[0].AddDays(22).Before(s.Day.AddDays(1)) {
		since = over[0].AddDays(22)
	}
	if len(over) >= 3 {
		if third := over[2].AddDays(1); since.IsZero() || third.Before(since) {
			since = third
		}
	}
	return since
}

// noMinutes: the last meeting has none after five working days.
func (s *Status) noMinutes(g *Group) when.Date {
	held, ok := s.met(g)
	if !ok || !held.Minutes.IsZero() && !held.Minutes.After(s.Day) {
		return when.Date{}
	}
	return s.after(held.Day, 5, g.Nation)
}

// hanging: a question has no answer after three working days, one about a
// date after one.
func (s *Status) hanging(g *Group) (since when.Date) {
	for _, q := range g.Asked {
		if q.Asked.After(s.Day) || !q.Answered.IsZero() && !q.Answered.After(s.Day) {
			continue
		}
		wait := 3
		if q.Date {
			wait = 1
		}
		if d := s.after(q.Asked, wait, g.Nation); !d.IsZero() && (since.IsZero() || d.Before(since)) {
			since = d
		}
	}
	return since
}
