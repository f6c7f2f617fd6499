package ical

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

func london(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func window(t testing.TB, from, to string) Window {
	t.Helper()
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return Window{From: a, To: b, Zone: london(t)}
}

func readFile(t *testing.T, name string, w Window) Listing {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l, err := Read(f, w)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func said(l Listing) string {
	var b strings.Builder
	for _, e := range l.Events {
		fmt.Fprintf(&b, "%s–%s %s %s\n", e.Start.UTC().Format("2006-01-02 15:04"), e.End.UTC().Format("15:04"), e.UID, e.Summary)
	}
	return b.String()
}

// CiviCRM's time zone block is wrong: London in winter would be an hour off.
func TestReadCiviCRM(t *testing.T) {
	l := readFile(t, "civicrm.ics", window(t, "2025-01-01", "2026-01-01"))
	want := "2025-01-16 14:00–15:30 CiviCRM_EventID_229_0123456789@www.example.org Co-op Support & Development, open meeting\n" +
		"2025-07-03 09:00–15:30 CiviCRM_EventID_230_0123456789@www.example.org Summer assembly\n"
	if got := said(l); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if l.Bad != 0 {
		t.Errorf("bad lines: %d", l.Bad)
	}
	e := l.Events[0]
	if e.Description != "Every 3rd Thursday of the month.\nBring your questions, and a friend." {
		t.Errorf("description %q", e.Description)
	}
	if e.URL != "https://www.example.org/civicrm/event/info/?reset=1&id=229" || e.Location != "Online" {
		t.Errorf("URL %q, location %q", e.URL, e.Location)
	}
}

func TestReadManyWays(t *testing.T) {
	l := readFile(t, "mixed.ics", window(t, "2025-10-01", "2025-12-01"))
	want := `2025-10-16 13:00–14:00 weekly@example.org Weekly, moved once and left out once
2025-10-19 23:00–23:00 day@example.org A whole day
2025-10-21 12:00–13:00 utc@example.org In UTC
2025-10-22 17:00–17:00 floating@example.org Without a zone
2025-10-23 07:00–08:00 path@example.org A zone with a path
2025-10-23 13:00–14:00 weekly@example.org Weekly, moved once and left out once
2025-10-24 09:00–09:00 secondly@example.org Every second
2025-10-30 15:00–16:00 weekly@example.org Weekly, an hour later
2025-11-13 14:00–15:00 weekly@example.org Weekly, moved once and left out once
`
	if got := said(l); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if l.Bad != 1 || l.Name != "Many ways to say when" {
		t.Errorf("bad %d, name %q", l.Bad, l.Name)
	}
	for _, e := range l.Events {
		if (e.Status == Cancelled) != (e.UID == "utc@example.org") || e.AllDay != (e.UID == "day@example.org") {
			t.Errorf("%s: status %q, whole day %v", e.UID, e.Status, e.AllDay)
		}
	}
}

// Series are counted and ended as their rules say, whatever they are.
func TestReadSeries(t *testing.T) {
	for rule, want := range map[string]int{
		"FREQ=WEEKLY;COUNT=3": 3, "FREQ=WEEKLY": 13, "FREQ=DAILY;COUNT=2;BYMONTH=2;BYMONTHDAY=30": 0, "FREQ=WEEKLY;UNTIL=20250116": 3,
		"FREQ=WEEKLY;UNTIL=20250116T140000Z": 3, "FREQ=WEEKLY;UNTIL=20250116T135959": 2, "FREQ=MONTHLY;BYDAY=1TH,": 1, "FREQ=HOURLY": 1, "nonsense": 1,
	} {
		file := "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/London:20250102T140000\nRRULE:" + rule + "\nEND:VEVENT\nEND:VCALENDAR\n"
		l, err := Read(strings.NewReader(file), window(t, "2025-01-01", "2025-04-01"))
		if err != nil || len(l.Events) != want {
			t.Errorf("%s: %d instances, %v; want %d", rule, len(l.Events), err, want)
		}
	}
}

// One bad line, or one event without a start, does not spoil the rest.
func TestReadAroundWhatIsBroken(t *testing.T) {
	file := "\ufeffBEGIN:VCALENDAR\nthis line is broken\nSUMMARY;X=a\"b\":no\nBEGIN:VEVENT\nUID:1\nSUMMARY:No start\nEND:VEVENT\n" +
		"BEGIN:VEVENT\nUID:2\nSUMMARY:Good \\x one\nDTSTART:20250601T120000Z\nEND:VEVENT\nEND:VCALENDAR\nBEGIN:VCALENDAR\n"
	l, err := Read(strings.NewReader(file), window(t, "2025-01-01", "2026-01-01"))
	if err != nil || l.Bad != 3 || said(l) != "2025-06-01 12:00–12:00 2 Good \\x one\n" {
		t.Errorf("%d bad, %v\n%s", l.Bad, err, said(l))
	}
}

func TestReadOnlyTheWindow(t *testing.T) {
	l := readFile(t, "mixed.ics", window(t, "2025-10-23", "2025-10-24"))
	if got := said(l); strings.Count(got, "\n") != 2 || !strings.Contains(got, "2025-10-23 13:00") {
		t.Errorf("got\n%s", got)
	}
}

func TestReadNonsense(t *testing.T) {
	w := window(t, "2025-01-01", "2026-01-01")
	for _, file := range []string{"", "<html><body>Not here</body></html>", "BEGIN:VEVENT\nEND:VEVENT\n"} {
		if _, err := Read(strings.NewReader(file), w); !errors.Is(err, ErrNoCalendar) {
			t.Errorf("Read(%q) = %v, want ErrNoCalendar", file, err)
		}
	}
	for _, file := range []string{
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\n",
		"BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:A\n", 100_000),
		"BEGIN:VCALENDAR\nX:" + strings.Repeat("y", MaxFile) + "\n",
	} {
		if _, err := Read(strings.NewReader(file), w); err == nil {
			t.Errorf("Read(%.40q…) took it", file)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"civicrm.ics", "mixed.ics"} {
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Add([]byte("BEGIN:VCALENDAR\nA;B=c\nA;B=\"\nEND:VCALENDAR"))
	w := Window{From: time.Unix(1_700_000_000, 0), To: time.Unix(1_800_000_000, 0), Zone: time.UTC}
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := Read(bytes.NewReader(file), w)
		if err != nil {
			return
		}
		for _, e := range l.Events {
			if !w.holds(e) {
				t.Errorf("%v lies outside the window", e)
			}
		}
	})
}

func TestFetch(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/far":
			http.Redirect(w, r, "/far", http.StatusFound)
		case "/events.ics":
			http.ServeFile(w, r, "testdata/civicrm.ics")
		default:
			http.NotFound(w, r)
		}
	}))
	defer s.Close()
	ctx, w := context.Background(), window(t, "2025-01-01", "2026-01-01")
	l, err := NewClient(true).Listing(ctx, s.URL+"/events.ics", w)
	if err != nil || len(l.Events) != 2 {
		t.Errorf("%d events, %v", len(l.Events), err)
	}
	for path, want := range map[string]string{"/far": "redirects", "/none": "404"} {
		if _, err := NewClient(true).Fetch(ctx, s.URL+path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	if _, err := NewClient(false).Fetch(ctx, s.URL+"/events.ics"); !errors.Is(err, ErrPrivate) {
		t.Errorf("own network: %v, want ErrPrivate", err)
	}
}

func TestPublicOnly(t *testing.T) {
	for _, at := range []string{"127.0.0.1:80", "10.1.2.3:80", "169.254.169.254:80", "100.64.0.1:80", "[::1]:80", "[fe80::1]:80", "[fd00::1]:80", "[::ffff:192.168.0.1]:80", "0.0.0.0:80"} {
		if publicOnly("tcp", at, nil) == nil {
			t.Errorf("%s was taken to be public", at)
		}
	}
	for _, at := range []string{"93.184.216.34:443", "[2606:2800:220:1::1]:443"} {
		if err := publicOnly("tcp", at, nil); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
}

func TestAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"webcal://example.org/a.ics": "https://example.org/a.ics", "<https://example.org/a.ics>": "https://example.org/a.ics",
		"example.org": "", "file:///etc/passwd": "", "https://": "", "https://user:pass@example.org/": "",
	} {
		if got, ok := Address(typed); got != want || ok != (want != "") {
			t.Errorf("Address(%q) = %q, %v", typed, got, ok)
		}
	}
}
