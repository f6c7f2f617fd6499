package ical

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"

	ical "github.com/emersion/go-ical"
)

// ErrNoCalendar is returned for what is not a calendar file, such as a web page.
var ErrNoCalendar = errors.New("ical: this is no calendar file")

// A Listing is what a foreign calendar says about some time.
type Listing struct {
	Name   string
	Events []Event // each instance of a series is one, in order of their start
	Bad    int     // lines and events that could not be read
}

// A Window is the time that is looked at: events that end after From and
// start before To. Zone is for times that name none, and for days.
type Window struct {
	From, To time.Time
	Zone     *time.Location
}

// Read reads a foreign file. Time zones are taken by their names, never from
// the rules in the file, which are often wrong.
func Read(r io.Reader, w Window) (l Listing, err error) {
	file, bad, err := clean(r)
	if err != nil {
		return l, err
	}
	if !bytes.HasPrefix(bytes.ToUpper(file), []byte("BEGIN:VCALENDAR")) {
		return l, ErrNoCalendar
	}
	l.Bad = bad
	cal, err := ical.NewDecoder(bytes.NewReader(file)).Decode()
	if err != nil {
		return l, fmt.Errorf("ical: read: %w", err)
	}
	l.Name = value(cal.Component, "X-WR-CALNAME", "NAME")
	if loc, ok := zoneNamed(value(cal.Component, "X-WR-TIMEZONE")); ok {
		w.Zone = loc
	}
	moved := map[string]bool{} // instances that have an event of their own
	for _, o := range cal.Children {
		if id := instance(o, w.Zone); id != "" {
			moved[id] = true
		}
	}
	for _, o := range cal.Children {
		if o.Name != ical.CompEvent {
			continue
		}
		events, err := read(o, w, moved)
		if err != nil {
			l.Bad++
			continue
		}
		l.Events = append(l.Events, events...)
	}
	slices.SortStableFunc(l.Events, func(a, b Event) int { return a.Start.Compare(b.Start) })
	return l, nil
}

// read returns the instances of an event that lie in the window.
func read(o *ical.Component, w Window, moved map[string]bool) ([]Event, error) {
	e := Event{UID: value(o, ical.PropUID), Summary: value(o, ical.PropSummary), Description: value(o, ical.PropDescription),
		Location: value(o, ical.PropLocation), URL: value(o, ical.PropURL), Status: Status(strings.ToUpper(value(o, ical.PropStatus))),
		Free: strings.EqualFold(value(o, ical.PropTransparency), "TRANSPARENT")}
	fmt.Sscanf(value(o, ical.PropSequence), "%d", &e.Sequence)
	start := o.Props.Get(ical.PropDateTimeStart)
	if start == nil {
		return nil, errors.New("ical: event without a start")
	}
	var err error
	if e.Start, e.AllDay, err = readMoment(*start, w.Zone); err != nil {
		return nil, err
	}
	if e.End, err = end(o, e, w.Zone); err != nil {
		return nil, err
	}
	if o.Props.Get(ical.PropRecurrenceRule) == nil {
		if w.holds(e) {
			return []Event{e}, nil
		}
		return nil, nil
	}
	return expand(o, e, w, moved)
}

func (w Window) holds(e Event) bool {
	return e.Start.Before(w.To) && (e.End.After(w.From) || !e.Start.Before(w.From))
}

// end is when an event ends: said as a moment, as a length, or the next day.
func end(o *ical.Component, e Event, zone *time.Location) (time.Time, error) {
	if p := o.Props.Get(ical.PropDateTimeEnd); p != nil {
		t, _, err := readMoment(*p, zone)
		return t, err
	}
	if p := o.Props.Get(ical.PropDuration); p != nil {
		d, err := p.Duration()
		return e.Start.Add(d), err
	}
	if e.AllDay {
		return e.Start.AddDate(0, 0, 1), nil
	}
	return e.Start, nil
}

// readMoment reads a day or a time.
func readMoment(p ical.Prop, zone *time.Location) (t time.Time, day bool, err error) {
	v := strings.TrimSpace(p.Value)
	switch len(v) {
	case len("20060102"):
		t, err = time.ParseInLocation("20060102", v, zone)
		return t, true, err
	case len("20060102T150405Z"):
		t, err = time.Parse("20060102T150405Z", v)
		return t, false, err
	}
	if id := p.Params.Get("TZID"); id != "" {
		loc, ok := zoneNamed(id)
		if !ok {
			return t, false, fmt.Errorf("ical: no zone called %q", id)
		}
		zone = loc
	}
	wall, err := time.Parse("20060102T150405", v)
	return inZone(wall, zone), false, err
}

// inZone is the moment at which clocks show a wall time: the first of two,
// and in a gap by the offset before it (RFC 5545, 3.3.5).
func inZone(wall time.Time, loc *time.Location) time.Time {
	_, before := wall.Add(-24 * time.Hour).In(loc).Zone()
	t := wall.Add(-time.Duration(before) * time.Second).In(loc)
	if _, now := t.Zone(); now != before && t.Format("15:04") != wall.Format("15:04") {
		_, after := wall.Add(24 * time.Hour).In(loc).Zone()
		if u := wall.Add(-time.Duration(after) * time.Second).In(loc); u.Format("15:04") == wall.Format("15:04") {
			return u
		}
	}
	return t
}

// windows are the names that Microsoft's programs give to zones in Europe.
// https://github.com/unicode-org/cldr/blob/main/common/supplemental/windowsZones.xml
var windows = map[string]string{
	"gmt standard time": "Europe/London", "greenwich standard time": "Atlantic/Reykjavik", "w. europe standard time": "Europe/Berlin",
	"romance standard time": "Europe/Paris", "central europe standard time": "Europe/Budapest", "central european standard time": "Europe/Warsaw",
	"e. europe standard time": "Europe/Chisinau", "fle standard time": "Europe/Kyiv", "gtb standard time": "Europe/Bucharest",
	"eastern standard time": "America/New_York", "pacific standard time": "America/Los_Angeles", "coordinated universal time": "UTC",
}

// zoneNamed finds a zone by what a file calls it: its name, a Windows name,
// or a path that ends with its name.
func zoneNamed(id string) (*time.Location, bool) {
	id = strings.Trim(id, `"' /`)
	if name, ok := windows[strings.ToLower(id)]; ok {
		id = name
	}
	for parts := strings.Split(id, "/"); len(parts) > 0; parts = parts[1:] {
		name := strings.Join(parts, "/")
		if name == "" || name == "Local" || len(parts) == 1 && len(name) < 3 {
			continue
		}
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, true
		}
	}
	return nil, false
}

// value returns the text of the first of these properties that is there.
func value(o *ical.Component, names ...string) string {
	for _, name := range names {
		p := o.Props.Get(name)
		if p == nil {
			continue
		}
		return strings.TrimSpace(html.UnescapeString(unescape(p.Value)))
	}
	return ""
}

var escapes = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";")

// unescape reads a text leniently: an escape that means nothing stays as it is.
func unescape(s string) string { return escapes.Replace(plain(s)) }
