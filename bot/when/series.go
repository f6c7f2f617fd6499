package when

import (
	"fmt"
	"slices"
	"time"

	"github.com/teambition/rrule-go"
)

// A Series is what repeats: a rule over plain wall time, in a zone. It holds no moments, so a change of the zone's
// rules changes nothing in it.
type Series struct {
	Rule    Rule
	Start   Date  // the day of the first instance; the rule counts from it
	Clock   Clock // when an instance starts on its day
	Minutes int   // length by the wall clock; 0 is open
	Zone    *time.Location
	Except  []Date // days that were called off
}

// An Occurrence is one instance of a series.
type Occurrence struct {
	Date       Date // with Clock the wall time that the rule gave: the instance's name for good
	Clock      Clock
	Start, End time.Time // in the series' zone; End equals Start where the length is open
}

// horizon bounds the search, for rules that never match (30 February).
const horizon = 60 * 366 * 24 * time.Hour

// Occurrences gives the first n instances that start at or after from, in order. Fewer come back where the series ends.
// Instances in a gap are left out and not counted; in a doubled hour the first counts.
func (s Series) Occurrences(from time.Time, n int) ([]Occurrence, error) {
	var found []Occurrence
	err := s.each(from.Add(horizon), func(o Occurrence) bool {
		if !o.Start.Before(from) {
			found = append(found, o)
		}
		return len(found) < n
	})
	return found, err
}

// Dropped gives the days, from Start until a moment, on which the rule's wall time does not exist.
func (s Series) Dropped(until time.Time) ([]Date, error) {
	var days []Date
	err := s.walls(until, func(d Date) bool {
		if len(Instants(d, s.Clock, s.zone())) == 0 {
			days = append(days, d)
		}
		return true
	})
	return days, err
}

// each calls do for every instance until it returns false or one starts after until.
func (s Series) each(until time.Time, do func(Occurrence) bool) error {
	count, zone := 0, s.zone()
	return s.walls(until, func(d Date) bool {
		at := Instants(d, s.Clock, zone)
		if len(at) == 0 {
			return true
		}
		if !s.Rule.Until.IsZero() && at[0].After(s.Rule.Until) {
			return false
		}
		if count++; s.Rule.Count > 0 && count > s.Rule.Count {
			return false
		}
		if slices.Contains(s.Except, d) {
			return true
		}
		end := at[0]
		if s.Minutes > 0 {
			end = At(d, s.Clock+Clock(s.Minutes), zone)
		}
		return do(Occurrence{d, s.Clock, at[0], end})
	})
}

// walls calls do for each day the rule names.
func (s Series) walls(until time.Time, do func(Date) bool) error {
	if err := s.Rule.check(); err != nil {
		return fmt.Errorf("when: series %s: %w", s.Rule, err)
	}
	o := s.Rule.option(s.Start.utc().Add(time.Duration(s.Clock) * time.Minute))
	o.Until = until.UTC().Add(24 * time.Hour)
	rule, err := rrule.NewRRule(o)
	if err != nil {
		return fmt.Errorf("when: series %s: %w", s.Rule, err)
	}
	next := rule.Iterator()
	for t, ok := next(); ok; t, ok = next() {
		if !do(DateOf(t)) {
			return nil
		}
	}
	return nil
}

func (s Series) zone() *time.Location {
	if s.Zone == nil {
		return London
	}
	return s.Zone
}

// Aligned gives the series with Start moved to the first day, from Start on, that the rule names and that begins after
// a moment. It reports false where there is none.
func (s Series) Aligned(after time.Time) (Series, bool) {
	until := after
	if start := At(s.Start, 0, s.zone()); start.After(until) {
		until = start
	}
	found, once := false, s
	once.Rule.Interval = 1 // "every other week" begins with the very next one
	err := once.each(until.Add(horizon/4), func(o Occurrence) bool {
		if found = o.Start.After(after); found {
			s.Start = o.Date
		}
		return !found
	})
	return s, err == nil && found
}

// Shifted gives the days that lie offset days before (negative) or after each instance of another series: "two weeks
// before every board meeting". Each comes with the instance it hangs on.
func (s Series) Shifted(offset int, from time.Time, n int) ([]Shift, error) {
	const slack = 2 // the hour of the day may differ
	base, err := s.Occurrences(from.AddDate(0, 0, -offset-slack), n+2*slack)
	var days []Shift
	for _, o := range base {
		d := o.Date.AddDays(offset)
		if !d.Before(DateOf(from.In(s.zone()))) && len(days) < n {
			days = append(days, Shift{Date: d, Of: o})
		}
	}
	return days, err
}

// A Shift is a day that follows from an instance of another series.
type Shift struct {
	Date Date
	Of   Occurrence
}
