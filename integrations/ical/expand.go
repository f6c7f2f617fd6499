package ical

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	ical "github.com/emersion/go-ical"
	"github.com/teambition/rrule-go" // expands series
)

// maxInstances is how many instances of one foreign series are looked at.
const maxInstances = 500

// expand returns the instances of a series that lie in the window and have
// no event of their own. It counts in wall time, so that clock changes do not
// move them.
func expand(o *ical.Component, e Event, w Window, moved map[string]bool) ([]Event, error) {
	rule, count, err := seriesRule(o, e, w)
	if err != nil {
		if w.holds(e) {
			return []Event{e}, nil // a rule we do not know still has its first instance
		}
		return nil, err
	}
	gone := exceptions(o, e)
	length := wall(e.End).Sub(wall(e.Start))
	next := rule.Iterator()
	var all []Event
	for i := range 20 * maxInstances {
		at, more := next()
		if !more || i == count || len(all) == maxInstances {
			break
		}
		one := e
		one.Start, one.End = inZone(at, e.Start.Location()), inZone(at.Add(length), e.Start.Location())
		if !one.Start.Before(w.To) {
			break
		}
		if w.holds(one) && !gone[at] && !moved[instanceID(e.UID, one.Start)] {
			all = append(all, one)
		}
	}
	return all, nil
}

// seriesRule reads the rule of a series over wall time labelled as UTC, and how
// many instances there are, -1 for no such limit. It ends with the window: a
// rule that fits no day is not to be looked for until the year 9999. Rules by
// the hour, the minute and the second are refused: they are never meetings.
func seriesRule(o *ical.Component, e Event, w Window) (rule *rrule.RRule, count int, err error) {
	text := strings.TrimRight(o.Props.Get(ical.PropRecurrenceRule).Value, "; ")
	opt, err := rrule.StrToROption(text)
	if err != nil {
		return nil, 0, fmt.Errorf("ical: rule: %w", err)
	}
	if opt.Freq > rrule.DAILY || e.Start.Year() < 1970 {
		return nil, 0, fmt.Errorf("ical: rule: %s from %d is no series of meetings", opt.Freq, e.Start.Year())
	}
	opt.Dtstart = wall(e.Start)
	if count = opt.Count; count == 0 {
		count = -1
	}
	opt.Count, opt.Until = 0, wall(w.To.In(e.Start.Location()))
	if m := untilValue.FindStringSubmatch(text); m != nil {
		if end := until(m[1], e.Start.Location()); end.Before(opt.Until) {
			opt.Until = end
		}
	}
	rule, err = rrule.NewRRule(*opt)
	return rule, count, err
}

var untilValue = regexp.MustCompile(`(?i)UNTIL=(\d{8}(?:T\d{6}Z?)?)`)

// until reads the end of a series as a wall time: a day is meant with all its
// hours, a time without Z is in the series' zone already.
func until(v string, loc *time.Location) time.Time {
	day, err := time.Parse("20060102", v)
	if err == nil {
		return day.Add(24*time.Hour - time.Second)
	}
	if t, err := time.Parse("20060102T150405Z", v); err == nil {
		return wall(t.In(loc))
	}
	t, _ := time.Parse("20060102T150405", v) // the pattern leaves nothing else
	return t
}

// wall is what the clocks show at t, labelled as UTC.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// exceptions are the wall times that a series leaves out.
func exceptions(o *ical.Component, e Event) map[time.Time]bool {
	gone := map[time.Time]bool{}
	for _, p := range o.Props[ical.PropExceptionDates] {
		for _, v := range strings.Split(p.Value, ",") {
			p.Value = v
			t, day, err := readMoment(p, e.Start.Location())
			if err != nil {
				continue
			}
			t = wall(t.In(e.Start.Location()))
			if day { // the whole day is left out
				start := wall(e.Start)
				t = t.Add(start.Sub(start.Truncate(24 * time.Hour)))
			}
			gone[t] = true
		}
	}
	return gone
}

// instance names the instance of a series that an event stands for, "" if none.
func instance(o *ical.Component, zone *time.Location) string {
	p := o.Props.Get(ical.PropRecurrenceID)
	if p == nil {
		return ""
	}
	t, _, err := readMoment(*p, zone)
	if err != nil {
		return ""
	}
	return instanceID(value(o, ical.PropUID), t)
}

func instanceID(uid string, start time.Time) string {
	return uid + start.UTC().Format(" 20060102T150405Z")
}
