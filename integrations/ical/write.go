package ical

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	ical "github.com/emersion/go-ical" // reads files, and is what go-webdav speaks
)

// product names the program in the files it writes.
const product = "-//Wortley//Network coordinator//EN"

// Bytes writes a calendar. The same calendar gives the same bytes: nothing in
// them depends on when they are written.
func (c Calendar) Bytes() ([]byte, error) {
	f := &file{out: make([]byte, 0, 2048+600*len(c.Events))}
	f.value("BEGIN", "VCALENDAR")
	f.value("VERSION", "2.0")
	f.value("PRODID", product)
	f.value("CALSCALE", "GREGORIAN")
	if c.Feed {
		c.describe(f)
	}
	zones := c.zones()
	for _, z := range zones.written {
		f.out = append(f.out, z...)
	}
	for i := range c.Events {
		e := &c.Events[i]
		if e.UID == "" || e.Start.IsZero() {
			return nil, fmt.Errorf("ical: event %q has no UID or no start", e.Summary)
		}
		c.event(f, e, zones)
	}
	f.value("END", "VCALENDAR")
	return f.out, nil
}

// Object returns the calendar as go-webdav wants it.
func (c Calendar) Object() (*ical.Calendar, error) {
	b, err := c.Bytes()
	if err != nil {
		return nil, err
	}
	o, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil {
		return nil, fmt.Errorf("ical: %w", err)
	}
	return o, nil
}

// describe says what subscribers show of a feed, and how often to look again.
func (c Calendar) describe(f *file) {
	f.value("METHOD", "PUBLISH")
	f.text("NAME", c.Name)
	f.text("X-WR-CALNAME", c.Name)
	f.text("X-WR-CALDESC", c.About)
	if c.Zone != "" {
		f.value("X-WR-TIMEZONE", oneLine(c.Zone))
	}
	if minutes := int(c.Refresh.Minutes()); minutes > 0 {
		every := fmt.Sprintf("PT%dM", minutes)
		if minutes%60 == 0 {
			every = fmt.Sprintf("PT%dH", minutes/60)
		}
		f.value("REFRESH-INTERVAL;VALUE=DURATION", every)
		f.value("X-PUBLISHED-TTL", every)
	}
}

func (c Calendar) event(f *file, e *Event, zones *zones) {
	f.value("BEGIN", "VEVENT")
	f.value("UID", oneLine(e.UID))
	f.value("SEQUENCE", strconv.Itoa(e.Sequence))
	f.stamp("DTSTAMP", e.stamp())
	f.stamp("CREATED", e.Created)
	f.stamp("LAST-MODIFIED", e.Changed)
	f.moment("DTSTART", e.Start, e.AllDay, zones)
	if e.End.After(e.Start) {
		f.moment("DTEND", e.End, e.AllDay, zones)
	}
	f.text("SUMMARY", e.Summary)
	f.text("DESCRIPTION", e.Description)
	f.text("LOCATION", e.Location)
	if u, err := url.Parse(e.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		f.value("URL", u.String())
	}
	if e.Status != "" {
		f.value("STATUS", string(e.Status))
	}
	transparency := "OPAQUE"
	if e.Free {
		transparency = "TRANSPARENT"
	}
	f.value("TRANSP", transparency)
	f.organizer(c.Organizer)
	f.value("END", "VEVENT")
}

// stamp is when the event was last changed: not when the file is written, or
// no two files would be the same.
func (e *Event) stamp() time.Time {
	for _, t := range []time.Time{e.Changed, e.Created} {
		if !t.IsZero() {
			return t
		}
	}
	return e.Start
}

// zones are those that the times of a file name.
type zones struct {
	named   map[string]bool // false: written in UTC
	written [][]byte        // their VTIMEZONEs, in order of first use
}

// zones collects what the events need; a file without events has the
// calendar's own, because a calendar has to hold something.
func (c Calendar) zones() *zones {
	z := &zones{named: map[string]bool{}}
	for i := range c.Events {
		if e := &c.Events[i]; !e.AllDay {
			z.know(e.Start.Location(), e.Start.Year())
			z.know(e.End.Location(), e.Start.Year())
		}
	}
	if len(c.Events) == 0 {
		z.know(c.zone(), 2026)
	}
	return z
}

func (z *zones) know(loc *time.Location, year int) {
	name := loc.String()
	if _, seen := z.named[name]; seen {
		return
	}
	f := &file{}
	z.named[name] = name != "UTC" && name != "Local" && name != "" && f.timezone(loc, year)
	if z.named[name] {
		z.written = append(z.written, f.out)
	}
}

// zone is the calendar's own one, London's if it has none.
func (c Calendar) zone() *time.Location {
	name := c.Zone
	if name == "" {
		name = "Europe/London"
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// second reports whether t is the second time in a night that clocks show
// this hour: a wall time alone would mean the first.
func second(t time.Time) bool {
	_, now := t.Zone()
	_, before := t.Add(-6 * time.Hour).Zone()
	back := time.Duration(before-now) * time.Second
	return back > 0 && t.Add(-back).Format("15:04") == t.Format("15:04")
}

// A file is being written.
type file struct{ out []byte }

// value writes a line whose value needs no escaping.
func (f *file) value(name, value string) {
	start := len(f.out)
	f.out = append(f.out, name...)
	f.out = append(f.out, ':')
	f.out = append(f.out, value...)
	f.fold(start)
}

var escapeText = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// text writes a text, if there is one.
func (f *file) text(name, value string) {
	if value = strings.TrimSpace(plain(value)); value != "" {
		f.value(name, escapeText.Replace(value))
	}
}

func (f *file) stamp(name string, t time.Time) {
	if !t.IsZero() {
		f.value(name, t.UTC().Format("20060102T150405Z"))
	}
}

// moment writes a day, or a wall time with its zone.
func (f *file) moment(name string, t time.Time, day bool, zones *zones) {
	switch zone := t.Location().String(); {
	case day:
		f.value(name+";VALUE=DATE", t.Format("20060102"))
	case zones.named[zone] && !second(t):
		f.value(name+";TZID="+zone, t.Format("20060102T150405"))
	default:
		f.value(name, t.UTC().Format("20060102T150405Z"))
	}
}

func (f *file) organizer(o Organizer) {
	if o.Address == "" {
		return
	}
	name := "ORGANIZER"
	if cn := oneLine(o.Name); cn != "" {
		name += `;CN="` + cn + `"`
	}
	f.value(name, "mailto:"+oneLine(o.Address))
}
