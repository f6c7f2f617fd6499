package caldav

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// shelf is a server that keeps objects and heeds conditions, as RFC 9110, 13
// has it.
type shelf struct {
	mu      sync.Mutex
	objects map[string]string
	tags    map[string]int
	puts    int
	before  func() // runs once, between somebody's reading and writing
	noTags  bool
	status  int // answered to everything, if not 0
}

func newShelf(t *testing.T) (*shelf, *Client) {
	t.Helper()
	s := &shelf{objects: map[string]string{}, tags: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c, err := New(Options{URL: server.URL + "/bot/network", User: "bot", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); user != "bot" || password != "secret" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if s.status != 0 {
		http.Redirect(w, r, "/elsewhere", s.status)
		return
	}
	if meanwhile := s.before; meanwhile != nil && r.Method != http.MethodGet {
		s.before = nil
		meanwhile()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	object, there := s.objects[r.URL.Path]
	tag := fmt.Sprintf(`"%d"`, s.tags[r.URL.Path])
	switch {
	case r.Method == http.MethodGet && !there:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		if !s.noTags {
			w.Header().Set("ETag", tag)
		}
		io.WriteString(w, object)
	case r.Header.Get("If-None-Match") == "*" && there, r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != tag:
		w.WriteHeader(http.StatusPreconditionFailed)
	case r.Method == http.MethodDelete:
		delete(s.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	default:
		body, _ := io.ReadAll(r.Body)
		s.puts++
		s.set(r.URL.Path, string(body))
		w.WriteHeader(http.StatusCreated)
	}
}

func (s *shelf) set(path, object string) { s.objects[path], s.tags[path] = object, s.tags[path]+1 }

// edit changes an object as a person's program would.
func (s *shelf) edit(path, old, new string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.set(path, strings.ReplaceAll(s.objects[path], old, new))
}

const path = "/bot/network/meeting-1.ics"

// file is a meeting at an hour, with a sequence and a description.
func file(hour, sequence int, description string) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Wortley//Network coordinator//EN
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:19701025T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:meeting-1
SEQUENCE:%d
DTSTAMP:20260106T1400%02dZ
DTSTART;TZID=Europe/London:20260115T%02d0000
DTEND;TZID=Europe/London:20260115T%02d3000
SUMMARY:Co-op Support
DESCRIPTION:%s
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
`, sequence, sequence, hour, hour+1, description), "\n", "\r\n"))
}

func (s *shelf) want(t *testing.T, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(s.objects[path], p+"\r\n") {
			t.Errorf("no %q in\n%s", p, s.objects[path])
		}
	}
}

func put(t *testing.T, c *Client, file []byte) {
	t.Helper()
	if err := c.Put(context.Background(), file); err != nil {
		t.Fatal(err)
	}
}

func TestPutCreatesChangesAndLeavesAlone(t *testing.T) {
	s, c := newShelf(t)
	put(t, c, file(14, 0, "Agenda: cake"))
	s.want(t, "DTSTART;TZID=Europe/London:20260115T140000", "DESCRIPTION:Agenda: cake", "TZID:Europe/London")
	put(t, c, file(14, 0, "Agenda: cake"))
	if s.puts != 1 {
		t.Errorf("written %d times though nothing changed", s.puts)
	}
	put(t, c, file(16, 1, "Agenda: more cake"))
	s.want(t, "DTSTART;TZID=Europe/London:20260115T160000", "SEQUENCE:1", "DESCRIPTION:Agenda: more cake")
}

// What people added stays; so does a description that they changed.
func TestPutKeepsWhatPeopleAdded(t *testing.T) {
	s, c := newShelf(t)
	put(t, c, file(14, 0, "Agenda: cake"))
	s.edit(path, "END:VEVENT", "CATEGORIES:Tea\r\nATTENDEE;CN=Ana:mailto:ana@example.org\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Go\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT")
	s.edit(path, "SEQUENCE:0", "SEQUENCE:4")
	put(t, c, file(16, 1, "Agenda: more cake"))
	s.want(t, "CATEGORIES:Tea", "ATTENDEE;CN=Ana:mailto:ana@example.org", "TRIGGER:-PT15M", "DTSTART;TZID=Europe/London:20260115T160000",
		"SEQUENCE:4", "DESCRIPTION:Agenda: more cake")
	s.edit(path, "DESCRIPTION:Agenda: more cake", "DESCRIPTION:I bring the cake")
	put(t, c, file(17, 5, "Agenda: no cake"))
	s.want(t, "DESCRIPTION:I bring the cake", "DTSTART;TZID=Europe/London:20260115T170000", "SEQUENCE:5")
}

// Somebody writes between our reading and our writing: both changes stand.
func TestPutJoinsAParallelEdit(t *testing.T) {
	s, c := newShelf(t)
	put(t, c, file(14, 0, ""))
	s.before = func() { s.edit(path, "END:VEVENT", "CATEGORIES:Tea\r\nEND:VEVENT") }
	put(t, c, file(16, 1, ""))
	s.want(t, "CATEGORIES:Tea", "DTSTART;TZID=Europe/London:20260115T160000")
	// The same when both make it.
	s, c = newShelf(t)
	s.before = func() {
		s.set(path, strings.Replace(string(file(9, 0, "")), "END:VEVENT", "CATEGORIES:First\r\nEND:VEVENT", 1))
	}
	put(t, c, file(16, 1, ""))
	s.want(t, "CATEGORIES:First", "DTSTART;TZID=Europe/London:20260115T160000")
}

func TestPutRefuses(t *testing.T) {
	ctx := context.Background()
	s, c := newShelf(t)
	s.set(path, strings.ReplaceAll(string(file(9, 0, "")), "UID:meeting-1", "UID:somebody-else"))
	if err := c.Put(ctx, file(16, 1, "")); !errors.Is(err, ErrForeign) {
		t.Errorf("another's event: %v", err)
	}
	s.set(path, "BEGIN:VCALENDAR\r\nA;B=c\r\n")
	if err := c.Put(ctx, file(16, 1, "")); err == nil {
		t.Error("nonsense on the server was taken")
	}
	s.set(path, string(file(9, 0, "")))
	s.noTags = true
	if err := c.Put(ctx, file(16, 1, "")); err == nil || !strings.Contains(err.Error(), "ETag") {
		t.Errorf("without tags: %v", err)
	}
	s.status = http.StatusMovedPermanently
	if err := c.Put(ctx, file(16, 1, "")); err == nil || !strings.Contains(err.Error(), "301") {
		t.Errorf("redirected: %v", err)
	}
	if err := c.Put(ctx, []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")); err == nil {
		t.Error("a file without an event was taken")
	}
	for _, address := range []string{"", "network", "::"} {
		if _, err := New(Options{URL: address}); err == nil {
			t.Errorf("New(%q) took it", address)
		}
	}
	// Somebody changes it each time: given up after some tries, not never.
	s, c = newShelf(t)
	s.set(path, string(file(9, 0, "")))
	var always func()
	always = func() { s.edit(path, "END:VEVENT", "COMMENT:again\r\nEND:VEVENT"); s.before = always }
	s.before = always
	if err := c.Put(ctx, file(16, 1, "")); err == nil || !strings.Contains(err.Error(), "each time") {
		t.Errorf("never left alone: %v", err)
	}
}

func TestRemove(t *testing.T) {
	ctx := context.Background()
	s, c := newShelf(t)
	put(t, c, file(14, 0, ""))
	s.before = func() { s.edit(path, "END:VEVENT", "CATEGORIES:Tea\r\nEND:VEVENT") }
	for range 2 { // a second time there is nothing to remove
		if err := c.Remove(ctx, "meeting-1"); err != nil || len(s.objects) != 0 {
			t.Errorf("%v, %d left", err, len(s.objects))
		}
	}
	s.set(path, strings.ReplaceAll(string(file(9, 0, "")), "UID:meeting-1", "UID:somebody-else"))
	if err := c.Remove(ctx, "meeting-1"); !errors.Is(err, ErrForeign) || len(s.objects) != 1 {
		t.Errorf("another's event: %v, %d left", err, len(s.objects))
	}
}
