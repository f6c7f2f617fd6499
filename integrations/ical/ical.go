// Package ical writes calendar files that programs can subscribe to, and
// reads those of others. https://www.rfc-editor.org/rfc/rfc5545
package ical

import (
	"strings"
	"time"
)

// Status says how sure an event is.
type Status string

// The statuses of RFC 5545, 3.8.1.11. An event without one is taken to be on.
const (
	Tentative Status = "TENTATIVE"
	Confirmed Status = "CONFIRMED"
	Cancelled Status = "CANCELLED"
)

// An Event is one thing in a calendar.
type Event struct {
	UID      string // stays the same for ever
	Sequence int    // rises when the start, the end or the status changes

	// Start and End are in the zone that is written; UTC is written as such.
	// For days they are midnights, and End is the day after the last one.
	Start, End time.Time
	AllDay     bool

	Summary, Description, Location string
	URL                            string // http or https; others are left out
	Status                         Status
	Free                           bool // does not make anybody busy
	Created, Changed               time.Time
}

// A Calendar is a file of events.
type Calendar struct {
	Name, About string
	Organizer   Organizer
	Feed        bool          // published for subscribers; otherwise an object for a CalDAV server
	Zone        string        // in which the calendar is shown: "Europe/London"
	Refresh     time.Duration // how often subscribers should look again
	Events      []Event
}

// An Organizer is whose calendar it is: a role, never a person.
type Organizer struct{ Name, Address string }

// plain drops what may not stand in a text: control characters but for line
// ends, and broken UTF-8.
func plain(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f }) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}

// oneLine makes a name that may stand in a parameter.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\" \t\n") && plain(s) == s {
		return s
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(plain(s), `"`, "'")), " ")
}
