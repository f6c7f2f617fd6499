package meeting

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A wish is what somebody's words about a meeting come to.
type wish struct {
	when.Reading
	Title string
	Notes []string // what was assumed, to be said
}

// A habit is what a group's meetings have in common.
type habit struct {
	clock   when.Clock // -1: not known
	minutes int        // 60 if not known
	known   bool       // the length is
	weekday time.Weekday
}

// habit is the rhythm of a group's series, or else of its latest meeting.
func (d *desk) habit(ctx context.Context, g storage.Group, now time.Time) (habit, error) {
	h := habit{clock: -1, minutes: 60, weekday: time.Thursday}
	series, err := d.db.GroupSeries(ctx, g.ID)
	if err != nil {
		return h, err
	}
	if len(series) > 0 {
		s := series[len(series)-1]
		return habit{s.Clock, s.Minutes, true, s.Day.Weekday()}, nil
	}
	recent, err := d.db.RecentMeetings(ctx, g.ID, now.AddDate(0, 6, 0), 1)
	if err == nil && len(recent) > 0 {
		m := recent[0]
		h = habit{m.Clock, m.Minutes, true, m.Day.Weekday()}
	}
	return h, err
}

// options are what dates are read with for a group: its zone, its nation's
// bank holidays, the anchors.
func (d *desk) options(ctx context.Context, g storage.Group, now time.Time, network *time.Location) (when.Options, error) {
	o := when.Options{Now: now, Zone: zone(g, network), Nation: when.Nation(g.Nation), Anchors: map[string]when.Date{}}
	today := when.DateOf(now.In(o.Zone))
	all, err := d.db.Anchors(ctx)
	if err != nil {
		return o, err
	}
	groups, err := d.db.Groups(ctx)
	if err != nil {
		return o, err
	}
	for _, other := range groups {
		if other.Kind != "board" {
			continue
		}
		m, ok, err := d.db.NextMeeting(ctx, other.ID, now)
		if err != nil {
			return o, err
		}
		if ok {
			o.Anchors["board meeting"] = m.Day
		}
	}
	for _, a := range all {
		if !a.Day.Before(today) {
			o.Anchors[a.Name] = a.Day
		}
	}
	return o, nil
}

// read reads when somebody wants to meet, and what about. Words that are no
// part of the date are the title; a title that has words about time in it
// ("budget for next year") is cut off at a colon, a dash or quotation marks.
func read(words string, o when.Options) wish {
	words = oneLine(words)
	w := wish{Reading: when.Read(words, o)}
	w.Title = title(w.Rest)
	if !unclear(w.Reading) {
		return w
	}
	for _, mark := range []string{": ", " – ", " - ", " — ", " “", ` "`, " about ", " on the subject of "} {
		head, tail, ok := strings.Cut(words, mark)
		if !ok {
			continue
		}
		if r := when.Read(head, o); !unclear(r) && title(r.Rest) == "" {
			return wish{Reading: r, Title: title(tail)}
		}
	}
	return w
}

func unclear(r when.Reading) bool {
	return r.Kind == when.None || r.Kind == when.Ask && len(r.Reasons) > 0 && r.Reasons[0] == when.Vague
}

// maxTitle is how long a title may be, in letters.
const maxTitle = 100

// oneLine makes what a person typed one line of plain words.
func oneLine(s string) string {
	if len(s) > 2000 {
		s = s[:2000]
	}
	return strings.Join(strings.Fields(bot.Printable(strings.ToValidUTF8(s, ""))), " ")
}

// fillers lead to a title or stand for none.
var fillers = map[string]bool{"about": true, "for": true, "on": true, "the": true, "a": true, "an": true, "to": true, "called": true, "titled": true, "re": true, "please": true,
	"let's": true, "lets": true, "meet": true, "meeting": true, "at": true, "we": true, "our": true, "next": true, "and": true, "with": true, "in": true, "of": true, "instead": true}

// title tidies the words around a date into a title: "" where nothing but
// fillers is left.
func title(rest string) string {
	rest = strings.Trim(oneLine(rest), " \"'“”‘’`*_,.;:–—-()?!")
	words := strings.Fields(rest)
	for len(words) > 0 && fillers[strings.ToLower(words[0])] {
		words = words[1:]
	}
	meaning := false
	for _, w := range words {
		meaning = meaning || !fillers[strings.ToLower(w)]
	}
	if !meaning {
		return ""
	}
	return strings.Trim(bot.Clip(strings.Join(words, " "), maxTitle), " \"'“”‘’")
}

// slots are the stretches that a reading names: itself, or its items. A start
// alone lasts as long as usual, and that is noted. It reports false if
// something in it is no stretch.
func (w *wish) slots(h habit, zone *time.Location) ([]storage.Slot, bool) {
	items := w.Items
	if w.Kind != when.Choice {
		items = []when.Reading{w.Reading}
	}
	var all []storage.Slot
	open := false
	for _, r := range items {
		switch {
		case r.Kind == when.Range:
			all = append(all, storage.SlotOf(r.Start, r.End, zone))
		case r.Kind == when.Instant:
			open = true
			all = append(all, storage.SlotOf(r.Start, r.Start.Add(time.Duration(h.minutes)*time.Minute), zone))
		case r.Kind == when.OneDate && h.clock >= 0 && w.Kind == when.Choice:
			minutes := h.minutes
			if r.Minutes > 0 {
				minutes = r.Minutes
			}
			all = append(all, storage.Slot{Day: r.Date, Clock: h.clock, Minutes: minutes, Zone: zone.String()}.Moments())
			w.note("At the usual time, " + h.clock.String() + ".")
		default:
			return nil, false
		}
	}
	if open {
		if h.known {
			w.note("As long as usual: " + when.SayMinutes(h.minutes) + ".")
		} else {
			w.note("No end was said, so I took an hour.")
		}
	}
	for _, a := range w.Assumed {
		w.note(assumed[a])
	}
	if w.BankHoliday != nil {
		w.note("Mind: that is a bank holiday (" + w.BankHoliday.Name + ").")
	}
	return all, len(all) > 0
}

func (w *wish) note(text string) {
	for _, n := range w.Notes {
		if n == text {
			return
		}
	}
	if text != "" {
		w.Notes = append(w.Notes, text)
	}
}

// assumed says what a reading filled in.
var assumed = map[when.Assumption]string{
	when.AssumedApproximate: "You said about; I took it exactly.",
	when.AssumedFriday:      "I took the end of the week for Friday.",
	when.AssumedMeridiem:    "I took the hour as it is usual for a meeting.",
	when.AssumedMonth:       "I took the next month that has this day.",
	when.AssumedStart:       "It begins with the very next one.",
	when.AssumedToday:       "I took today.",
	when.AssumedWeek:        "Weeks of a month are counted by their Thursdays.",
}

// puzzles says what is doubtful in a reading, and what would be clear.
var puzzles = map[when.Reason]string{
	when.AmPm:            "Morning or evening?",
	when.DateOrTime:      "Is that a date or a time of day?",
	when.DayMonthOrder:   "Which is the day, and which the month?",
	when.Direction:       "Earlier or later?",
	when.DSTGap:          "The clocks go forward then, and that time does not exist.",
	when.DSTOverlap:      "The clocks go back then, and that time comes twice.",
	when.EndBeforeStart:  "That would end before it begins.",
	when.HowOften:        "How often is that?",
	when.MissingAnchor:   "I do not know when that is. Tell me once with `!anchor board meeting 14 Jan`.",
	when.NextWeekday:     "“Next” can be read two ways.",
	when.NoDate:          "Which day?",
	when.NoSuchDate:      "There is no such day.",
	when.NoSuchTime:      "There is no such time of day.",
	when.Past:            "That has passed.",
	when.SameWeekday:     "Today, or in a week?",
	when.SkipsMonths:     "Not every month has that day.",
	when.Vague:           "I am not sure which day and time that is.",
	when.WeekdayMismatch: "The weekday and the date do not fit.",
	when.ZoneSeason:      "The zone does not fit the season.",
}

// puzzle is the question that a doubtful reading leaves, with what to type.
func puzzle(r when.Reading, o when.Options) string {
	var said []string
	for _, reason := range r.Reasons {
		if reason == when.Vague && len(r.Reasons) > 1 {
			continue
		}
		said = append(said, puzzles[reason])
	}
	return strings.Join(said, " ")
}

// candidates are the moments that a doubtful reading may mean, at most four.
// A day alone is none.
func candidates(r when.Reading, zone *time.Location) []time.Time {
	var all []time.Time
	for _, text := range r.Candidates {
		t, err := time.Parse("2006-01-02T15:04-07:00", text)
		if err != nil {
			if t, err = time.Parse("2006-01-02T15:04", text); err != nil {
				continue
			}
			t = when.At(when.DateOf(t), when.ClockOf(t), zone)
		}
		if len(all) < 4 {
			all = append(all, t)
		}
	}
	return all
}

// candidateDays are the days that a doubtful reading may mean, at most four.
func candidateDays(r when.Reading) []when.Date {
	var all []when.Date
	for _, text := range r.Candidates {
		if day, err := when.ParseDate(text); err == nil && len(all) < 4 {
			all = append(all, day)
		}
	}
	return all
}

// packed writes what an action needs to know.
func packed(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own plain structs come here
	}
	return string(text)
}
