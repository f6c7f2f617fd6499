package when

import (
	"encoding/json"
	"fmt"
	"time"
)

// The JSON of a reading keeps one order of fields and leaves out what its kind has not.
type readingJSON struct {
	Kind        Kind         `json:"kind"`
	Op          string       `json:"op,omitempty"`
	Items       []Reading    `json:"items,omitempty"`
	Date        string       `json:"date,omitempty"`
	First       string       `json:"first,omitempty"`
	Last        string       `json:"last,omitempty"`
	RRule       string       `json:"rrule,omitempty"`
	Start       *Bound       `json:"start,omitempty"`
	End         *Bound       `json:"end,omitempty"`
	Minutes     int          `json:"minutes,omitempty"`
	From        *optional    `json:"from,omitempty"`
	To          *optional    `json:"to,omitempty"`
	By          *Bound       `json:"by,omitempty"`
	Part        *Part        `json:"part,omitempty"`
	Anchor      string       `json:"anchor,omitempty"`
	OffsetDays  *int         `json:"offset_days,omitempty"`
	Every       int          `json:"every,omitempty"`
	Theme       string       `json:"theme,omitempty"`
	Otherwise   string       `json:"otherwise,omitempty"`
	Needs       []string     `json:"needs,omitempty"`
	Occurrences []Bound      `json:"occurrences,omitempty"`
	ExDates     []Bound      `json:"exdates,omitempty"`
	Reasons     []Reason     `json:"reasons,omitempty"`
	Candidates  []string     `json:"candidates,omitempty"`
	Assumed     []Assumption `json:"assumed,omitempty"`
	Warn        []string     `json:"warn,omitempty"`
	Intent      string       `json:"intent,omitempty"`
}

// optional is a bound that is written as null when it is open.
type optional struct{ Bound }

// MarshalJSON implements [json.Marshaler].
func (o optional) MarshalJSON() ([]byte, error) {
	if o.Open() {
		return []byte("null"), nil
	}
	return o.Bound.MarshalJSON()
}

// MarshalJSON writes a day as {"date":…} and a moment as its wall time and the same in UTC.
func (b Bound) MarshalJSON() ([]byte, error) {
	if b.At.IsZero() {
		return fmt.Appendf(nil, `{"date":%q}`, b.Date), nil
	}
	return fmt.Appendf(nil, `{"local":%q,"utc":%q}`, wallText(b.At), b.At.UTC().Format(time.RFC3339)), nil
}

// MarshalJSON writes the bounds as wall times, an open one as null.
func (p Part) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		From *Clock `json:"from"`
		To   *Clock `json:"to"`
	}{p.From, p.To})
}

// MarshalJSON writes the one object that `wortley when --json` prints.
func (r Reading) MarshalJSON() ([]byte, error) {
	j := readingJSON{Kind: r.Kind, Reasons: r.Reasons, Candidates: r.Candidates, Assumed: r.Assumed, Intent: r.Intent, Minutes: r.Minutes}
	if r.BankHoliday != nil {
		j.Warn = []string{"bank_holiday"}
	}
	switch r.Kind {
	case Ask:
		j.Minutes = 0
	case Instant:
		j.Start = &Bound{At: r.Start}
	case Range:
		j.Start, j.End = &Bound{At: r.Start}, &Bound{At: r.End}
	case OneDate:
		j.Date = r.Date.String()
	case Dates:
		j.First, j.Last = r.Date.String(), r.Last.String()
	case Window:
		j.From, j.To, j.Part = &optional{r.From}, &optional{r.To}, r.Part
	case Deadline:
		j.By = &r.By
	case Choice:
		j.Op, j.Items = r.Op, r.Items
	case Recurrence:
		r.seriesJSON(&j)
	case RecurrenceAnchor:
		j.Anchor, j.OffsetDays = r.Anchor, &r.OffsetDays
	case AgendaCycle:
		j.Every, j.Theme, j.Otherwise = r.Every, r.Theme, r.Otherwise
	}
	return json.Marshal(j)
}

func (r Reading) seriesJSON(j *readingJSON) {
	j.RRule, j.Part, j.Needs = r.Series.Rule.String(), r.Part, r.Needs
	for _, o := range r.Occurrences {
		j.Occurrences = append(j.Occurrences, r.instance(o.Date))
	}
	for _, d := range r.Series.Except {
		j.ExDates = append(j.ExDates, r.instance(d))
	}
	if len(j.Occurrences) > 0 {
		j.Start = &j.Occurrences[0]
	}
}

// instance is a day of the series, or its moment where the time of day is known.
func (r Reading) instance(d Date) Bound {
	if !r.HasClock {
		return Bound{Date: d}
	}
	return Bound{At: At(d, r.Series.Clock, r.Series.zone())}
}

// ReadJSON reads a phrase as [Read] does and gives the reading as one JSON object.
func ReadJSON(phrase string, opt Options) ([]byte, error) {
	text, err := json.Marshal(Read(phrase, opt))
	if err != nil {
		return nil, fmt.Errorf("when: writing the reading of %q: %w", phrase, err)
	}
	return text, nil
}
