package caldav

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"

	"github.com/emersion/go-ical"
)

// ours are the properties that we renew. All others are people's.
var ours = []string{ical.PropDateTimeStart, ical.PropDateTimeEnd, ical.PropSummary, ical.PropLocation, ical.PropURL, ical.PropStatus,
	ical.PropTransparency, ical.PropOrganizer, ical.PropCreated}

// wrote has a fingerprint of the description that we wrote: one that people
// have changed since is theirs.
const wrote = "X-WORTLEY-WROTE"

// join renews our parts of an object that is on the server. It reports whether
// anything changed.
func join(there, file *ical.Calendar) (changed bool, err error) {
	event, own, err := only(file)
	if err != nil {
		return false, err
	}
	theirs, uid, err := only(there)
	if err != nil {
		return false, err
	}
	if own != uid {
		return false, fmt.Errorf("%w: %s", ErrForeign, uid)
	}
	for _, name := range ours {
		if !same(theirs.Props[name], event.Props[name]) {
			changed = true
			set(theirs, name, event.Props[name])
		}
	}
	if mark := theirs.Props.Get(wrote); mark == nil && theirs.Props.Get(ical.PropDescription) == nil || mark != nil && mark.Value == fingerprint(theirs) {
		if !same(theirs.Props[ical.PropDescription], event.Props[ical.PropDescription]) {
			changed = true
			set(theirs, ical.PropDescription, event.Props[ical.PropDescription])
		}
	}
	if number(event) > number(theirs) {
		changed = true
		set(theirs, ical.PropSequence, event.Props[ical.PropSequence])
	}
	if !changed {
		return false, nil
	}
	for _, name := range []string{ical.PropDateTimeStamp, ical.PropLastModified} {
		set(theirs, name, event.Props[name])
	}
	sign(theirs, event)
	zones(there, file)
	return true, nil
}

// same compares properties as they stand; a server may write parameters in
// another order, which makes no difference here.
func same(a, b []ical.Prop) bool {
	return slices.EqualFunc(a, b, func(a, b ical.Prop) bool {
		if a.Value != b.Value || a.Params.Get("TZID") != b.Params.Get("TZID") {
			return false
		}
		return a.Params.Get("VALUE") == b.Params.Get("VALUE")
	})
}

func set(o *ical.Component, name string, props []ical.Prop) {
	if len(props) == 0 {
		delete(o.Props, name)
		return
	}
	o.Props[name] = slices.Clone(props)
}

func number(o *ical.Component) int {
	p := o.Props.Get(ical.PropSequence)
	if p == nil {
		return 0
	}
	n, _ := strconv.Atoi(p.Value)
	return n
}

// fingerprint is that of an event's description.
func fingerprint(o *ical.Component) string {
	text := ""
	if p := o.Props.Get(ical.PropDescription); p != nil {
		text, _ = p.Text()
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// sign leaves the fingerprint of our description in an event.
func sign(o, event *ical.Component) {
	p := ical.NewProp(wrote)
	p.Value = fingerprint(event)
	o.Props[wrote] = []ical.Prop{*p}
}

// zones brings along the time zones of our file that an object has not.
func zones(there, file *ical.Calendar) {
	has := map[string]bool{}
	for _, child := range there.Children {
		if p := child.Props.Get(ical.PropTimezoneID); child.Name == ical.CompTimezone && p != nil {
			has[p.Value] = true
		}
	}
	var missing []*ical.Component
	for _, child := range file.Children {
		if p := child.Props.Get(ical.PropTimezoneID); child.Name == ical.CompTimezone && p != nil && !has[p.Value] {
			missing = append(missing, child)
		}
	}
	there.Children = append(missing, there.Children...)
}

// sealed is a new object, signed.
func sealed(cal *ical.Calendar, event *ical.Component) ([]byte, error) {
	sign(event, event)
	return encode(cal)
}

func encode(cal *ical.Calendar) ([]byte, error) {
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return nil, fmt.Errorf("caldav: %w", err)
	}
	return b.Bytes(), nil
}
