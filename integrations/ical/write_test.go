package ical

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite golden files")

func at(t testing.TB, loc *time.Location, text string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// feed has one of everything that is published.
func feed(t testing.TB) Calendar {
	loc := london(t)
	made := at(t, time.UTC, "2025-12-01 09:30")
	return Calendar{
		Name: "Co-op Support, Development; and more", About: "Meetings of the group.\nChanges within a day are also said in its room.",
		Organizer: Organizer{Name: "Co-op Support: \"Development\"", Address: "noreply@wortley.example.org"},
		Feed:      true, Zone: "Europe/London", Refresh: time.Hour,
		Events: []Event{
			{UID: "meeting-1@wortley.example.org", Start: at(t, loc, "2026-01-15 14:00"), End: at(t, loc, "2026-01-15 15:30"), Created: made, Changed: made,
				Summary: "Co-op Support: monthly, planning; and Łódź", Description: "Agenda:\n- mentoring, and \\ what is left\n- 日本語の長い説明がここにあります。日本語の長い説明がここにあります。\n\x07",
				Location: "https://meet.example.org/abc", URL: "https://forum.example.org/t/12", Status: Confirmed},
			{UID: "meeting-2@wortley.example.org", Sequence: 2, Start: at(t, loc, "2026-06-18 14:00"), End: at(t, loc, "2026-06-18 15:30"), Created: made, Changed: made.Add(48 * time.Hour),
				Summary: "CANCELLED: Co-op Support", Status: Cancelled, Free: true},
			{UID: "meeting-3@wortley.example.org", Start: at(t, loc, "2026-03-28 23:00"), End: at(t, loc, "2026-03-29 02:00"), Changed: made, Summary: "Over the clock change", Status: Tentative, URL: "javascript:alert(1)"},
			{UID: "meeting-4@wortley.example.org", Start: at(t, time.UTC, "2026-10-25 01:30").In(loc), End: at(t, time.UTC, "2026-10-25 02:30").In(loc), Changed: made, Summary: "In the doubled hour, the second time"},
			{UID: "action-7@wortley.example.org", AllDay: true, Start: at(t, loc, "2026-01-09 00:00"), End: at(t, loc, "2026-01-10 00:00"), Changed: made, Summary: "Due: write the brief", Free: true},
		},
	}
}

// manyZones has a meeting each month of five years in zones with different rules.
func manyZones(t testing.TB) Calendar {
	c := Calendar{Name: "Zones", Feed: true, Organizer: Organizer{Address: "noreply@wortley.example.org"}}
	for _, name := range []string{"Europe/London", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kolkata", "Asia/Jerusalem"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for month := range 60 {
			start := time.Date(2025, time.Month(1+month), 28, 14, 0, 0, 0, loc)
			c.Events = append(c.Events, Event{UID: fmt.Sprintf("%s-%d@wortley.example.org", name, month), Start: start, End: start.Add(time.Hour), Summary: name})
		}
	}
	return c
}

// instants is what other programs must find in a file.
func instants(c Calendar) []byte {
	var b bytes.Buffer
	for _, e := range c.Events {
		start, end := e.Start.UTC().Format("2006-01-02T15:04Z"), e.End.UTC().Format("2006-01-02T15:04Z")
		if e.AllDay {
			start, end = e.Start.Format("2006-01-02"), e.End.Format("2006-01-02")
		}
		fmt.Fprintf(&b, "%s %s %s\n", start, end, e.UID)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile("testdata/"+name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

func TestWrite(t *testing.T) {
	for name, c := range map[string]Calendar{"written-feed": feed(t), "written-zones": manyZones(t), "written-empty": {Name: "Nothing yet", Feed: true}} {
		file, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".ics", file)
		golden(t, name+".utc", instants(c))
		again, err := c.Bytes()
		if err != nil || !bytes.Equal(file, again) {
			t.Errorf("%s: the same calendar gave other bytes", name)
		}
	}
}

// What we write we read back as it was.
func TestRoundTrip(t *testing.T) {
	c := feed(t)
	file, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	l, err := Read(bytes.NewReader(file), window(t, "2025-01-01", "2027-01-01"))
	if err != nil || l.Bad != 0 || len(l.Events) != len(c.Events) {
		t.Fatalf("%d events, %d bad, %v", len(l.Events), l.Bad, err)
	}
	got := map[string]Event{}
	for _, e := range l.Events {
		got[e.UID] = e
	}
	for _, want := range c.Events {
		e := got[want.UID]
		if !e.Start.Equal(want.Start) || !e.End.Equal(want.End) || e.Summary != want.Summary || e.Status != want.Status || e.Free != want.Free ||
			e.AllDay != want.AllDay || e.Sequence != want.Sequence || e.Location != want.Location {
			t.Errorf("got  %+v\nwant %+v", e, want)
		}
		if text := strings.TrimSpace(plain(want.Description)); e.Description != text {
			t.Errorf("description %q, want %q", e.Description, text)
		}
	}
	if e := got["meeting-3@wortley.example.org"]; e.URL != "" {
		t.Errorf("URL %q was written", e.URL)
	}
}

func TestWriteNeedsUIDAndStart(t *testing.T) {
	for _, e := range []Event{{UID: "a@b"}, {Start: time.Now()}} {
		if _, err := (Calendar{Events: []Event{e}}).Bytes(); err == nil {
			t.Errorf("%+v was written", e)
		}
	}
}

func TestFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Map(func(r rune) rune {
			if r == '\r' || r == '\n' || r == utf8.RuneError {
				return -1
			}
			return r
		}, rapid.StringN(0, 300, -1).Draw(t, "line"))
		f := &file{}
		f.value("X", line)
		folded := string(f.out)
		if back := strings.ReplaceAll(folded, "\r\n ", ""); back != "X:"+line+"\r\n" {
			t.Fatalf("%q became %q", line, back)
		}
		for part := range strings.SplitSeq(strings.TrimSuffix(folded, "\r\n"), "\r\n") {
			if len(part) > lineLength || !utf8.ValidString(part) {
				t.Fatalf("line %q of %d octets", part, len(part))
			}
		}
	})
}

// A feed of 2,000 meetings.
func BenchmarkFeed2000(b *testing.B) {
	c := feed(b)
	one := c.Events[0]
	c.Events = nil
	for i := range 2000 {
		e := one
		e.UID, e.Start, e.End = fmt.Sprintf("meeting-%d@wortley.example.org", i), one.Start.Add(time.Duration(i)*time.Hour), one.End.Add(time.Duration(i)*time.Hour)
		c.Events = append(c.Events, e)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}
