package when

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func days(list []Occurrence) string {
	var text []string
	for _, o := range list {
		text = append(text, o.Start.Format("2 Jan"))
	}
	return strings.Join(text, ", ")
}

func rule(t *testing.T, text string) Rule {
	t.Helper()
	r, err := ParseRule(text)
	if err != nil {
		t.Fatal(err)
	}
	if r.String() != text {
		t.Errorf("ParseRule(%q).String() = %q", text, r)
	}
	return r
}

func TestNetworkCall(t *testing.T) {
	s := Series{Rule: rule(t, "FREQ=MONTHLY;BYMONTH=1,2,3,4,5,6,7,9,10,11;BYDAY=-1WE"), Start: Date{2025, 1, 29}, Clock: HM(16, 0), Minutes: 90}
	got, err := s.Occurrences(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), 10)
	want := "29 Jan, 26 Feb, 26 Mar, 30 Apr, 28 May, 25 Jun, 30 Jul, 24 Sep, 29 Oct, 26 Nov"
	if err != nil || days(got) != want {
		t.Errorf("got %s, want %s (%v)", days(got), want, err)
	}
	if utc := got[3].Start.UTC().Format("15:04") + got[8].Start.UTC().Format(" 15:04"); utc != "15:00 16:00" {
		t.Errorf("April and October begin at %s UTC", utc)
	}
}

func TestSeries(t *testing.T) {
	from := time.Date(2026, 1, 20, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ rule, start, want string }{
		{"FREQ=MONTHLY;BYDAY=3TH", "2026-01-20", "19 Feb, 19 Mar, 16 Apr, 21 May, 18 Jun"},
		{"FREQ=MONTHLY;BYDAY=1TH,3TH", "2026-01-20", "5 Feb, 19 Feb, 5 Mar, 19 Mar, 2 Apr"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-01-20", "20 Jan, 3 Feb, 17 Feb, 3 Mar, 17 Mar"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-01-21", "26 Jan, 9 Feb, 23 Feb, 9 Mar, 23 Mar"},
		{"FREQ=WEEKLY;COUNT=3;BYDAY=FR", "2026-01-20", "23 Jan, 30 Jan, 6 Feb"},
		{"FREQ=WEEKLY;UNTIL=20260206T235959Z;BYDAY=FR", "2026-01-20", "23 Jan, 30 Jan, 6 Feb"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-20", "31 Jan, 28 Feb, 31 Mar, 30 Apr, 31 May"},
		{"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-01-20", "30 Jan, 27 Feb, 31 Mar, 30 Apr, 29 May"},
		{"FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5", "2026-01-20", "5 Mar, 5 Mar, 5 Mar, 5 Mar, 5 Mar"},
		{"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-20", ""},
	} {
		start, _ := ParseDate(tt.start)
		s, _ := Series{Rule: rule(t, tt.rule), Start: start, Clock: HM(14, 0)}.Aligned(from)
		got, err := s.Occurrences(from, 5)
		if err != nil || days(got) != tt.want {
			t.Errorf("%s from %s = %s, want %s (%v)", tt.rule, tt.start, days(got), tt.want, err)
		}
	}
}

func TestSeriesOverClockChanges(t *testing.T) {
	s := Series{Rule: rule(t, "FREQ=DAILY;COUNT=3"), Start: Date{2025, 3, 29}, Clock: HM(1, 30), Minutes: 60}
	got, err := s.Occurrences(time.Time{}.AddDate(2000, 0, 0), 9)
	if err != nil || days(got) != "29 Mar, 31 Mar, 1 Apr" {
		t.Errorf("a skipped instance is dropped and not counted; got %s (%v)", days(got), err)
	}
	if gap, err := s.Dropped(time.Date(2025, 4, 30, 0, 0, 0, 0, time.UTC)); err != nil || len(gap) != 1 || gap[0] != (Date{2025, 3, 30}) {
		t.Errorf("Dropped = %v, %v", gap, err)
	}
	s = Series{Rule: rule(t, "FREQ=WEEKLY;BYDAY=SU"), Start: Date{2025, 10, 26}, Clock: HM(1, 30)}
	got, err = s.Occurrences(time.Date(2025, 10, 25, 0, 0, 0, 0, time.UTC), 1)
	if err != nil || got[0].Start.UTC().Format("15:04") != "00:30" {
		t.Errorf("of a doubled hour the first counts; got %v (%v)", got, err)
	}
}

func TestSeriesExceptAndShifted(t *testing.T) {
	s := Series{Rule: rule(t, "FREQ=MONTHLY;BYDAY=2TU"), Start: Date{2026, 2, 10}, Clock: HM(14, 0), Except: []Date{{2026, 3, 10}}}
	from := time.Date(2026, 1, 20, 10, 0, 0, 0, time.UTC)
	got, err := s.Occurrences(from, 3)
	if err != nil || days(got) != "10 Feb, 14 Apr, 12 May" {
		t.Errorf("got %s (%v)", days(got), err)
	}
	shifts, err := s.Shifted(-21, from, 3)
	var text []string
	for _, d := range shifts {
		text = append(text, d.Date.String())
	}
	if want := "2026-01-20 2026-03-24 2026-04-21"; err != nil || strings.Join(text, " ") != want {
		t.Errorf("three weeks before: %s, want %s (%v)", strings.Join(text, " "), want, err)
	}
}

func TestRuleRefused(t *testing.T) {
	for _, text := range []string{
		"FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=YEARLY;BYMONTHDAY=5", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
		"FREQ=DAILY;BYHOUR=9,9", "FREQ=WEEKLY;COUNT=2;UNTIL=20260101T000000Z", "FREQ=DAILY;", "", "FREQ=MONTHLY;BYDAY=-1WE;WKST=SU",
	} {
		if r, err := ParseRule(text); err == nil {
			t.Errorf("ParseRule(%q) = %s, want an error", text, r)
		}
	}
	if _, err := ParseRule("FREQ=YEARLY;BYWEEKNO=20"); !errors.Is(err, ErrRule) {
		t.Errorf("err = %v, want ErrRule", err)
	}
}
