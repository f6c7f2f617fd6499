package when

import (
	"fmt"
	"strings"
	"time"
)

// An UnclearError is what [Days] and [Day] return where a text is not surely a day; its text says what is wrong in words for
// people.
type UnclearError struct {
	Text    string
	Reading Reading
}

// Error gives a whole sentence without its full stop.
func (e *UnclearError) Error() string { return Explain(e.Text, e.Reading) }

// Day reads a text that names one day: "6 Jan", "in 6 weeks", "next Tuesday", "tomorrow". A moment counts as its day,
// the end of a window does not. Anything else is an [*UnclearError]. The zone nil is London.
func Day(text string, now time.Time, zone *time.Location) (Date, error) {
	first, last, err := Days(text, now, zone)
	if err == nil && first != last {
		return Date{}, &UnclearError{text, ask(Vague)}
	}
	return first, err
}

// Days reads a text that names a stretch of days, first and last included: "March", "from 6 Jan", "2nd or 3rd week of
// Jan", "22 July to 5 Aug", "by Friday". An open end is the zero Date. Anything that would have to be asked about is an
// [*UnclearError]. The zone nil is London.
func Days(text string, now time.Time, zone *time.Location) (first, last Date, err error) {
	r := Read(text, Options{Now: now, Zone: zone})
	first, last, ok := r.days()
	if !ok {
		return Date{}, Date{}, &UnclearError{text, r}
	}
	return first, last, nil
}

// days gives the days that a reading covers.
func (r Reading) days() (first, last Date, ok bool) {
	switch r.Kind {
	case Instant:
		return DateOf(r.Start), DateOf(r.Start), true
	case Range:
		return DateOf(r.Start), DateOf(r.End), true
	case OneDate:
		return r.Date, r.Date, true
	case Dates:
		return r.Date, r.Last, true
	case Window:
		return r.From.day(), r.To.day(), true
	case Deadline:
		return Date{}, r.By.day(), true
	}
	return Date{}, Date{}, false
}

// day is the day of a bound, zero where it is open.
func (b Bound) day() Date {
	if b.At.IsZero() {
		return b.Date
	}
	return DateOf(b.At)
}

// Explain says in one sentence for people, without its full stop, why a text was not read as a time: what is doubtful,
// and what could be meant.
func Explain(text string, r Reading) string {
	if r.Kind == None {
		return fmt.Sprintf("I find no date in “%s”", text)
	}
	if r.Kind != Ask && r.Kind != Error {
		return fmt.Sprintf("“%s” is not a single day", text)
	}
	why := "is not clear to me"
	if len(r.Reasons) > 0 {
		why = explanations[r.Reasons[0]]
	}
	sentence := fmt.Sprintf("“%s” %s", text, why)
	if r.Kind == Error || len(r.Candidates) == 0 || strings.HasPrefix(r.Candidates[0], "FREQ") {
		return sentence
	}
	var offers []string
	for _, c := range r.Candidates[:min(3, len(r.Candidates))] {
		offers = append(offers, sayCandidate(c))
	}
	if len(offers) == 1 {
		return sentence + ". Is it " + offers[0] + "?"
	}
	return sentence + ". Is it " + strings.Join(offers[:len(offers)-1], ", ") + " or " + offers[len(offers)-1] + "?"
}

var explanations = map[Reason]string{
	AmPm:            "could be morning or evening",
	DateOrTime:      "could be a date or a time",
	DayMonthOrder:   "could be day and month either way round",
	Direction:       "could be earlier or later",
	DSTGap:          "does not exist, because the clocks go forward then",
	DSTOverlap:      "comes twice, because the clocks go back then",
	EndBeforeStart:  "ends before it starts",
	HowOften:        "could mean two different rhythms",
	MissingAnchor:   "hangs on a date I do not know",
	NextWeekday:     "could be this week or next",
	NoDate:          "has no date in it",
	NoSuchDate:      "is not in the calendar",
	NoSuchTime:      "is not a time of day",
	Past:            "is over",
	SameWeekday:     "could be today or in a week",
	SkipsMonths:     "is missing in some months",
	Vague:           "is not clear enough for me",
	WeekdayMismatch: "has a weekday that does not fit the date",
	ZoneSeason:      "names a zone that does not fit the season",
}

// sayCandidate turns a candidate into words: "Thursday 5 March 2026, 14:00".
func sayCandidate(c string) string {
	for _, form := range []struct{ layout, say string }{
		{"2006-01-02", "Monday 2 January 2006"}, {"2006-01-02T15:04", "Monday 2 January 2006, 15:04"},
		{"2006-01-02T15:04-07:00", "Monday 2 January 2006, 15:04 (UTC-07:00)"},
	} {
		if t, err := time.Parse(form.layout, c); err == nil {
			return t.Format(form.say)
		}
	}
	return c
}
