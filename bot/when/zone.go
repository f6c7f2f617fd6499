package when

import (
	"sync"
	"time"
	_ "time/tzdata" // a bare container must agree with the tests
)

// London is the zone of everybody who names no other.
var London = mustLoad("Europe/London")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zone data is part of the program
	}
	return loc
}

var zones sync.Map // of *time.Location by name

// Zone gives a zone by its name in the zone data, "Europe/London", and keeps it: reading one takes a hundred times as long
// as a meeting's moments.
func Zone(name string) (*time.Location, error) {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), nil
	}
	z, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, z)
	}
	return z, err
}

// Local gives the moment at which the clocks of loc show this wall time: the first one where the hour comes twice, and
// moved forward by the width of the gap where the clocks skip it (RFC 5545, 3.3.5). [time.Date] promises neither.
func Local(year int, month time.Month, day, hour, min, sec int, loc *time.Location) time.Time {
	found, moved := instants(time.Date(year, month, day, hour, min, sec, 0, time.UTC), loc)
	if len(found) == 0 {
		return moved
	}
	return found[0]
}

// At gives the moment of a wall time on a day, as [Local] does. A Clock of 24:00 or more falls on a later day.
func At(d Date, c Clock, loc *time.Location) time.Time {
	return Local(d.Year, d.Month, d.Day, 0, int(c), 0, loc)
}

// Instants gives all the moments at which the clocks of loc show this wall time: none in a gap, two when an hour comes
// twice, else one; the earlier first.
func Instants(d Date, c Clock, loc *time.Location) []time.Time {
	found, _ := instants(time.Date(d.Year, d.Month, d.Day, 0, int(c), 0, 0, time.UTC), loc)
	return found
}

// instants looks in every stretch of constant offset around wall, a wall time labelled UTC. moved is where a wall time
// in a gap goes: the offset before the gap applied to it.
func instants(wall time.Time, loc *time.Location) (found []time.Time, moved time.Time) {
	const reach = 26 * time.Hour // farther than any offset from UTC
	latest := wall.Add(reach)
	for t := wall.Add(-reach).In(loc); ; {
		_, end := t.ZoneBounds()
		_, offset := t.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		start, _ := t.ZoneBounds()
		if !at.Before(start) && (end.IsZero() || at.Before(end)) {
			found = append(found, at)
		}
		if !at.Before(start) {
			moved = at
		}
		if end.IsZero() || end.After(latest) {
			return found, moved
		}
		t = end.In(loc)
	}
}
