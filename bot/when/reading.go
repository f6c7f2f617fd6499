package when

import (
	"strings"
	"time"
)

// A Kind says what sort of reading a phrase has.
type Kind string

// The kinds of readings.
const (
	Instant          Kind = "instant"           // one moment to start at: Start
	Range            Kind = "range"             // Start, End, Minutes
	OneDate          Kind = "date"              // one whole day: Date
	Dates            Kind = "dates"             // a run of whole days, Date to Last, both included
	Window           Kind = "window"            // a place to look for a slot: From, To, Part
	Deadline         Kind = "deadline"          // something is due: By
	Choice           Kind = "options"           // several readings, Items: Op says any or all of them
	Recurrence       Kind = "recurrence"        // a series: Series, Occurrences, Part, Needs
	RecurrenceAnchor Kind = "recurrence_anchor" // a series tied to another: Anchor, OffsetDays
	AgendaCycle      Kind = "agenda_cycle"      // every N-th meeting has a theme: Every, Theme, Otherwise
	Ask              Kind = "ask"               // a question must go back: Reasons, Candidates
	Error            Kind = "error"             // cannot be, or is past for sure: Reasons
	None             Kind = "none"              // no date in it
)

// A Reason says why a question must go back, or why a phrase cannot be.
type Reason string

// The reasons.
const (
	AmPm            Reason = "am_pm"
	DateOrTime      Reason = "date_or_time"
	DayMonthOrder   Reason = "day_month_order"
	Direction       Reason = "direction"
	DSTGap          Reason = "dst_gap"
	DSTOverlap      Reason = "dst_overlap"
	EndBeforeStart  Reason = "end_before_start"
	HowOften        Reason = "frequency"
	MissingAnchor   Reason = "missing_anchor"
	NextWeekday     Reason = "next_weekday"
	NoDate          Reason = "no_date"
	NoSuchDate      Reason = "no_such_date"
	NoSuchTime      Reason = "no_such_time"
	Past            Reason = "past"
	SameWeekday     Reason = "same_weekday"
	SkipsMonths     Reason = "skips_months"
	Vague           Reason = "vague"
	WeekdayMismatch Reason = "weekday_mismatch"
	ZoneSeason      Reason = "zone_season"
)

// An Assumption is something the phrase left open and the reading filled in; the bot says it when it answers.
type Assumption string

// The assumptions.
const (
	AssumedApproximate Assumption = "approximate"   // said "about", "early", "in a few weeks"
	AssumedFriday      Assumption = "friday"        // the end of the week
	AssumedMeridiem    Assumption = "meridiem"      // morning or afternoon
	AssumedMonth       Assumption = "month"         // only the day's number was given
	AssumedStart       Assumption = "start"         // which of the weeks an every-other series begins with
	AssumedToday       Assumption = "today"         // only a time was given
	AssumedWeek        Assumption = "week_of_month" // what the N-th week of a month is
)

// A Bound is one end of a window: a whole day, or a moment. The zero Bound is open.
type Bound struct {
	Date Date
	At   time.Time
}

// Open reports whether there is no bound.
func (b Bound) Open() bool { return b.Date.IsZero() && b.At.IsZero() }

// A Reading is what a phrase says about time. Which fields are set follows from Kind.
type Reading struct {
	Kind       Kind
	Start, End time.Time // in the zone of the options
	Minutes    int       // elapsed, for a range; the length asked for, where a window, a date or a question names one
	Date, Last Date
	From, To   Bound
	By         Bound
	Part       *Part  // narrows every day of a window or series
	Op         string // "any" of Items, alternatives for a poll; "all", several separate meetings
	Items      []Reading

	Series      Series // recurrence; Start is zero where the first day is not known
	HasClock    bool   // recurrence: the series has a time of day
	Occurrences []Occurrence

	Anchor           string
	OffsetDays       int // before the anchor is negative
	Every            int
	Theme, Otherwise string

	Reasons     []Reason
	Candidates  []string // readings to offer, best first: dates, wall times or rules
	Assumed     []Assumption
	BankHoliday *Holiday // it falls on one, or the run or week holds it
	Needs       []string // "date", "time": what must still be asked
	Intent      string   // "away": not available then; "back": available again from then

	Begin, Finish int    // the bytes of the phrase that were read
	Rest          string // the words that were not read; a title, perhaps
}

// Options are what a reading depends on besides the phrase.
type Options struct {
	Now     time.Time
	Zone    *time.Location  // of the people who talk; nil is London
	Anchors map[string]Date // named days: "board meeting"
	Meeting *Span           // the meeting that is being changed
	Passive bool            // running text: only what is surely a date, longest match first
	Nation  Nation          // whose bank holidays are mentioned
}

// A Span is a stretch of time. End is zero where it is open.
type Span struct{ Start, End time.Time }

func ask(reasons ...Reason) Reading   { return Reading{Kind: Ask, Reasons: reasons} }
func wrong(reasons ...Reason) Reading { return Reading{Kind: Error, Reasons: reasons} }

// offering adds candidates that are not there yet.
func (r Reading) offering(candidates ...string) Reading {
	for _, c := range candidates {
		if !contains(r.Candidates, c) {
			r.Candidates = append(r.Candidates, c)
		}
	}
	return r
}

func contains[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

func addNew[T comparable](list []T, more ...T) []T {
	for _, x := range more {
		if !contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

func wallText(t time.Time) string { return t.Format("2006-01-02T15:04") }

func wallAt(d Date, c Clock) string {
	return d.AddDays(int(c)/1440).String() + "T" + (c % 1440).String()
}

// title is the text without the marks and fillers at its ends.
func trimRest(s string) string {
	return strings.Trim(strings.Join(strings.Fields(s), " "), " ,.;:-–—!?")
}
