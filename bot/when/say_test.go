package when

import (
	"errors"
	"testing"
	"time"
)

func TestSay(t *testing.T) {
	at := time.Date(2025, 1, 16, 14, 0, 0, 0, time.UTC)
	summer := time.Date(2025, 7, 16, 13, 0, 0, 0, time.UTC)
	fixed := time.FixedZone("", 5*3600+1800)
	for _, tt := range []struct{ got, want string }{
		{Say(at, nil), "Thursday 16 January 2025, 14:00 GMT"},
		{Say(summer, London), "Wednesday 16 July 2025, 14:00 BST"},
		{Say(at, mustLoad("Europe/Berlin")), "Thursday 16 January 2025, 15:00 CET"},
		{Say(at, fixed), "Thursday 16 January 2025, 19:30 UTC+05:30"},
		{SayShort(at, at.AddDate(0, 0, -9), nil), "Thu 16 Jan 14:00"},
		{SayShort(at, at.AddDate(0, 0, -30), nil), "Thu 16 Jan 2025 14:00"},
		{SaySpan(at, at.Add(90*time.Minute), nil), "Thu 16 Jan 2025, 14:00–15:30 (UK time)"},
		{SaySpan(at, time.Time{}, nil), "Thu 16 Jan 2025, 14:00 (UK time)"},
		{SaySpan(at, at.Add(26*time.Hour), mustLoad("America/New_York")), "Thu 16 Jan 2025, 09:00–Fri 17 Jan, 11:00 (New York time)"},
		{SayDate(Date{2025, 1, 16}), "Thursday 16 January 2025"},
		{SayDateShort(Date{2025, 1, 16}, Date{2025, 1, 2}), "Thu 16 Jan"},
		{SayDateShort(Date{2025, 1, 16}, Date{2024, 12, 2}), "Thu 16 Jan 2025"},
		{SayMinutes(90), "1 hour 30 minutes"}, {SayMinutes(60), "an hour"}, {SayMinutes(120), "2 hours"}, {SayMinutes(1), "1 minute"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestRelative(t *testing.T) {
	now := time.Date(2025, 3, 29, 22, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		gap  time.Duration
		want string
	}{
		{0, "now"}, {20 * time.Second, "now"}, {time.Minute, "in 1 minute"}, {-20 * time.Minute, "20 minutes ago"}, {3 * time.Hour, "in 3 hours"},
		{12 * time.Hour, "tomorrow"}, {-30 * time.Hour, "yesterday"}, {72 * time.Hour, "in 3 days"}, {14 * 24 * time.Hour, "in 2 weeks"},
		{90 * 24 * time.Hour, "in 3 months"}, {-800 * 24 * time.Hour, "2 years ago"}, {-16 * 24 * time.Hour, "16 days ago"},
	} {
		if got := Relative(now.Add(tt.gap), now, nil); got != tt.want {
			t.Errorf("Relative(%s) = %q, want %q", tt.gap, got, tt.want)
		}
	}
}

func TestDays(t *testing.T) {
	now := time.Date(2026, 1, 20, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ in, first, last string }{
		{"March", "2026-03-01", "2026-03-31"},
		{"from 6 Feb", "2026-02-06", ""},
		{"in 6 weeks", "2026-03-03", "2026-03-03"},
		{"by Friday", "", "2026-01-23"},
		{"22 July to 5 Aug", "2026-07-22", "2026-08-05"},
		{"tomorrow at 3pm", "2026-01-21", "2026-01-21"},
		{"2nd or 3rd week of March", "2026-03-09", "2026-03-22"},
		{"until the end of the month", "2026-01-20", "2026-01-31"},
	} {
		first, last, err := Days(tt.in, now, nil)
		if err != nil || first.String() != tt.first || last.String() != tt.last {
			t.Errorf("Days(%q) = %s, %s, %v; want %s, %s", tt.in, first, last, err, tt.first, tt.last)
		}
	}
	for in, want := range map[string]string{
		"next Thursday": "“next Thursday” could be this week or next. Is it Thursday 22 January 2026 or Thursday 29 January 2026?",
		"31 April":      "“31 April” is not in the calendar",
		"the moon":      "I find no date in “the moon”",
		"March":         "“March” is not clear enough for me",
	} {
		_, err := Day(in, now, nil)
		var unclear *UnclearError
		if !errors.As(err, &unclear) || err.Error() != want {
			t.Errorf("Day(%q) = %v, want %s", in, err, want)
		}
	}
}

// TestExplanations holds a sentence for every reason.
func TestExplanations(t *testing.T) {
	for _, r := range []Reason{AmPm, DateOrTime, DayMonthOrder, Direction, DSTGap, DSTOverlap, EndBeforeStart, HowOften, MissingAnchor, NextWeekday, NoDate,
		NoSuchDate, NoSuchTime, Past, SameWeekday, SkipsMonths, Vague, WeekdayMismatch, ZoneSeason} {
		if explanations[r] == "" {
			t.Errorf("no words for %s", r)
		}
	}
}
