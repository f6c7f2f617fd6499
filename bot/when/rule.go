package when

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// A Frequency is the unit in which a [Rule] repeats.
type Frequency string

// The frequencies a working group uses.
const (
	Daily   Frequency = "DAILY"
	Weekly  Frequency = "WEEKLY"
	Monthly Frequency = "MONTHLY"
	Yearly  Frequency = "YEARLY"
)

// A Nth is a weekday within a week (N is 0), or the N-th one of a month; -1 is the last.
type Nth struct {
	N   int
	Day time.Weekday
}

// A Rule is the part of RFC 5545's RRULE on which calendars agree: numbered weekdays only within a month, days of the
// month only with MONTHLY or a named month, BYSETPOS only with MONTHLY.
type Rule struct {
	Every     Frequency
	Interval  int       // 0 and 1 are every one
	Count     int       // instances in all; 0 is no end
	Until     time.Time // the last moment an instance may start; zero is no end
	Days      []Nth
	MonthDays []int // negative counts from the end of the month
	Months    []time.Month
	SetPos    []int
}

// ErrRule is returned for rules outside the set described at [Rule].
var ErrRule = errors.New("rule not supported")

var dayCodes = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// String writes the rule as RRULE text without DTSTART: "FREQ=MONTHLY;BYDAY=-1WE".
func (r Rule) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "FREQ=%s", r.Every)
	if r.Interval > 1 {
		fmt.Fprintf(&b, ";INTERVAL=%d", r.Interval)
	}
	if r.Count > 0 {
		fmt.Fprintf(&b, ";COUNT=%d", r.Count)
	}
	if !r.Until.IsZero() {
		fmt.Fprintf(&b, ";UNTIL=%s", r.Until.UTC().Format("20060102T150405Z"))
	}
	list(&b, "BYMONTH", r.Months, func(m time.Month) string { return strconv.Itoa(int(m)) })
	list(&b, "BYMONTHDAY", r.MonthDays, strconv.Itoa)
	list(&b, "BYDAY", r.Days, func(d Nth) string {
		if d.N == 0 {
			return dayCodes[d.Day]
		}
		return strconv.Itoa(d.N) + dayCodes[d.Day]
	})
	list(&b, "BYSETPOS", r.SetPos, strconv.Itoa)
	return b.String()
}

func list[T any](b *strings.Builder, key string, items []T, text func(T) string) {
	for i, item := range items {
		if i == 0 {
			b.WriteString(";" + key + "=")
		} else {
			b.WriteByte(',')
		}
		b.WriteString(text(item))
	}
}

// ParseRule reads RRULE text, with or without "RRULE:" before it. A rule outside the set gives [ErrRule].
// An UNTIL without a zone is read as UTC.
func ParseRule(text string) (Rule, error) {
	o, err := rrule.StrToROption(text)
	if err != nil {
		return Rule{}, fmt.Errorf("when: rule %q: %w", text, err)
	}
	if len(o.Byyearday)+len(o.Byweekno)+len(o.Byhour)+len(o.Byminute)+len(o.Bysecond)+len(o.Byeaster) > 0 || o.Wkst != rrule.MO {
		return Rule{}, fmt.Errorf("when: rule %q: %w", text, ErrRule)
	}
	r := Rule{Every: Frequency(o.Freq.String()), Interval: o.Interval, Count: o.Count, Until: o.Until,
		MonthDays: o.Bymonthday, SetPos: o.Bysetpos}
	for _, m := range o.Bymonth {
		r.Months = append(r.Months, time.Month(m))
	}
	for _, d := range o.Byweekday {
		r.Days = append(r.Days, Nth{d.N(), time.Weekday((d.Day() + 1) % 7)})
	}
	if err := r.check(); err != nil {
		return Rule{}, fmt.Errorf("when: rule %q: %w", text, err)
	}
	return r, nil
}

// check reports [ErrRule] for what calendars do not agree on.
func (r Rule) check() error {
	numbered := slices.ContainsFunc(r.Days, func(d Nth) bool { return d.N != 0 })
	byMonth := r.Every == Monthly || r.Every == Yearly && len(r.Months) > 0
	switch {
	case r.Every != Daily && r.Every != Weekly && r.Every != Monthly && r.Every != Yearly,
		r.Count > 0 && !r.Until.IsZero(), r.Count < 0, r.Interval < 0,
		numbered && !byMonth,
		len(r.MonthDays) > 0 && !byMonth,
		len(r.SetPos) > 0 && r.Every != Monthly,
		r.Every == Yearly && len(r.Days) > 0 && !numbered,
		slices.Contains(r.MonthDays, 0), slices.Contains(r.SetPos, 0):
		return ErrRule
	}
	return nil
}

// option hands the rule to rrule-go, which sees only plain wall time labelled UTC. COUNT stays behind: instances that
// fall into a gap are not counted, and only we know the zone.
func (r Rule) option(start time.Time) rrule.ROption {
	o := rrule.ROption{Dtstart: start, Interval: max(1, r.Interval), Bymonthday: r.MonthDays, Bysetpos: r.SetPos}
	switch r.Every {
	case Daily:
		o.Freq = rrule.DAILY
	case Weekly:
		o.Freq = rrule.WEEKLY
	case Monthly:
		o.Freq = rrule.MONTHLY
	default:
		o.Freq = rrule.YEARLY
	}
	for _, m := range r.Months {
		o.Bymonth = append(o.Bymonth, int(m))
	}
	week := [7]rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}
	for _, d := range r.Days {
		o.Byweekday = append(o.Byweekday, week[d.Day].Nth(d.N))
	}
	return o
}
