package calendar_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/calendar"
	"git.coop/cotech/wortley/integrations/ical"
	"git.coop/cotech/wortley/storage"
)

// stage is `!stage 2026-01-15 14:00`: it puts a meeting of the room's group
// into the database, without the words that booking one takes.
func stage(db *storage.DB) bot.Feature {
	run := func(ctx context.Context, c *bot.Call) (bot.Reply, error) {
		g, _, err := db.GroupAt(ctx, c.Room)
		if err != nil {
			return bot.Reply{}, err
		}
		start, err := time.ParseInLocation("2006-01-02 15:04", c.Args, when.London)
		if err != nil {
			return bot.Reply{}, err
		}
		_, err = db.AddMeeting(ctx, storage.Meeting{Group: g.ID, Slot: storage.SlotOf(start, start.Add(90*time.Minute), when.London), State: storage.Booked, Made: c.Time})
		return bot.Reply{React: "📅"}, err
	}
	return bot.Feature{Commands: []bot.Command{{Name: "stage", Hidden: true, Run: run}}}
}

// elsewhere answers with files in testdata.
func elsewhere(_ context.Context, address string, w ical.Window) (ical.Listing, error) {
	name, ok := strings.CutPrefix(address, "https://files.example.org/")
	if address == "https://www.example.org/civicrm/event/ical?list=1&reset=1" {
		name, ok = "civicrm.ics", true
	}
	if !ok {
		return ical.Listing{}, fmt.Errorf("ical: fetch %s: %w", address, ical.ErrNoCalendar)
	}
	f, err := os.Open("testdata/" + name)
	if err != nil {
		return ical.Listing{}, fmt.Errorf("ical: fetch: 404 Not Found")
	}
	defer f.Close()
	return ical.Read(f, w)
}

func TestConversations(t *testing.T) {
	o := calendar.Options{BaseURL: "https://bot.example.org/", Fetch: elsewhere}
	p := &bottest.Player{Features: func(db *storage.DB) []bot.Feature {
		return []bot.Feature{calendar.New(db, o), stage(db)}
	}}
	p.Run(t, "testdata/*.txt")
}

// house is a database with a group, and the feature's pages over it.
type house struct {
	db    *storage.DB
	mux   *http.ServeMux
	group storage.Group
	now   time.Time
}

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx := context.Background()
	db, err := storage.OpenMemory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h := &house{db: db, mux: http.NewServeMux(), now: time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)}
	h.group = storage.Group{Slug: "csd", Name: "Co-op Support", Kind: "circle", Made: h.now}
	if h.group.ID, err = db.SaveGroup(ctx, h.group); err != nil {
		t.Fatal(err)
	}
	for _, p := range calendar.New(db, calendar.Options{BaseURL: "https://bot.example.org", Now: func() time.Time { return h.now }}).Pages {
		h.mux.Handle(p.Pattern, p.Handler)
	}
	return h
}

// meet books a meeting of an hour and a half at a London time.
func (h *house) meet(t testing.TB, at string, change func(*storage.Meeting)) storage.Meeting {
	t.Helper()
	start, err := time.ParseInLocation("2006-01-02 15:04", at, when.London)
	if err != nil {
		t.Fatal(err)
	}
	m := storage.Meeting{Group: h.group.ID, Slot: storage.SlotOf(start, start.Add(90*time.Minute), when.London), State: storage.Booked, Made: h.now}
	if change != nil {
		change(&m)
	}
	m, err = h.db.AddMeeting(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (h *house) get(t testing.TB, path, tag string) (status int, header http.Header, body string) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	if tag != "" {
		r.Header.Set("If-None-Match", tag)
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Header(), string(text)
}

const groupFeed = "/calendar/group/csd.ics"

func TestFeedIsStable(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	m := h.meet(t, "2026-01-15 14:00", nil)
	status, header, body := h.get(t, groupFeed, "")
	tag := header.Get("ETag")
	if status != 200 || header.Get("Content-Type") != "text/calendar; charset=utf-8" || tag == "" || !strings.Contains(body, "UID:"+m.UID) {
		t.Fatalf("%d %v\n%s", status, header, body)
	}
	h.now = h.now.Add(26 * time.Hour) // another day: nothing has changed
	if status, header, again := h.get(t, groupFeed, ""); status != 200 || again != body || header.Get("ETag") != tag {
		t.Errorf("the next day: %d, tag %s, was %s", status, header.Get("ETag"), tag)
	}
	for _, sent := range []string{tag, `"other", ` + tag, "W/" + tag, "*"} {
		if status, _, body := h.get(t, groupFeed, sent); status != 304 || body != "" {
			t.Errorf("If-None-Match %s: %d with %d octets", sent, status, len(body))
		}
	}
	if _, _, err := h.db.ChangeMeeting(ctx, m.ID, h.now, func(m *storage.Meeting) { m.Call = "https://meet.example.org/a" }); err != nil {
		t.Fatal(err)
	}
	status, header, changed := h.get(t, groupFeed, tag)
	if status != 200 || header.Get("ETag") == tag || !strings.Contains(changed, "SEQUENCE:0") || !strings.Contains(changed, "DTSTAMP:20260107T160000Z") {
		t.Errorf("after a change of the link: %d, tag %s\n%s", status, header.Get("ETag"), changed)
	}
}

// SEQUENCE rises when the time or the standing changes, the UID never does,
// and what is off is shown for thirty days.
func TestFeedFollowsMeetings(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	m := h.meet(t, "2026-01-15 14:00", func(m *storage.Meeting) { m.State = storage.Proposed })
	steps := []struct {
		change func(*storage.Meeting)
		want   []string
	}{
		{func(*storage.Meeting) {}, []string{"STATUS:TENTATIVE", "SEQUENCE:0", "Not confirmed yet."}},
		{func(m *storage.Meeting) { m.State = storage.Booked }, []string{"STATUS:CONFIRMED", "SEQUENCE:1"}},
		{func(m *storage.Meeting) { m.Title = "Planning" }, []string{"SUMMARY:Co-op Support: Planning", "SEQUENCE:1"}},
		{func(m *storage.Meeting) { m.Clock = when.HM(16, 0) }, []string{"DTSTART;TZID=Europe/London:20260115T160000", "SEQUENCE:2"}},
		{func(m *storage.Meeting) { m.State = storage.Held }, []string{"STATUS:CONFIRMED", "SEQUENCE:2"}},
		{func(m *storage.Meeting) { m.State = storage.Cancelled }, []string{"STATUS:CANCELLED", "SUMMARY:CANCELLED: Co-op Support", "SEQUENCE:3", "TRANSP:TRANSPARENT"}},
	}
	for i, s := range steps {
		h.now = h.now.Add(time.Minute)
		if _, _, err := h.db.ChangeMeeting(ctx, m.ID, h.now, s.change); err != nil {
			t.Fatal(err)
		}
		_, _, body := h.get(t, groupFeed, "")
		for _, want := range append(s.want, "UID:"+m.UID) {
			if !strings.Contains(body, want+"\r\n") && !strings.Contains(body, want) {
				t.Errorf("step %d: no %s in\n%s", i, want, body)
			}
		}
	}
	_, header, _ := h.get(t, groupFeed, "")
	h.now = h.now.Add(31 * 24 * time.Hour)
	if status, _, body := h.get(t, groupFeed, header.Get("ETag")); status != 200 || strings.Contains(body, "VEVENT") {
		t.Errorf("a month later: %d\n%s", status, body)
	}
}

func TestFeedsHaveNoNames(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	person, err := h.db.Know(ctx, "matrix", bot.User{ID: "@zenobia:example.org", Name: "Zenobia"})
	if err != nil {
		t.Fatal(err)
	}
	m := h.meet(t, "2026-01-15 14:00", func(m *storage.Meeting) { m.Facilitator, m.NoteTaker, m.MadeBy = person, person, person })
	if err := h.db.SetRSVP(ctx, m.ID, person, "yes", h.now); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.AddAgendaItem(ctx, storage.AgendaItem{Group: h.group.ID, Text: "What Zenobia found", Person: person, Made: h.now}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{groupFeed, "/calendar/network.ics"} {
		if _, _, body := h.get(t, path, ""); strings.Contains(strings.ToLower(body), "zenobia") || !strings.Contains(body, m.UID) {
			t.Errorf("%s:\n%s", path, body)
		}
	}
}

func TestOwnFeed(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	person, err := h.db.Know(ctx, "matrix", bot.User{ID: "ana", Name: "Ana"})
	if err != nil {
		t.Fatal(err)
	}
	const secret = "ABCDEFGHABCDEFGHABCDEFGH"
	if err := h.db.SetCalendarSecret(ctx, person, secret, h.now); err != nil {
		t.Fatal(err)
	}
	m := h.meet(t, "2026-01-15 14:00", nil)
	other := h.meet(t, "2026-02-12 14:00", nil)
	path := "/calendar/me/" + secret + ".ics"
	if status, header, body := h.get(t, path, ""); status != 200 || strings.Contains(body, "VEVENT") || !strings.HasPrefix(header.Get("Cache-Control"), "private") {
		t.Errorf("in no group: %d %v\n%s", status, header, body)
	}
	if err := h.db.SetGroupMember(ctx, h.group.ID, person, "member", h.now); err != nil {
		t.Fatal(err)
	}
	if err := h.db.SetRSVP(ctx, other.ID, person, "no", h.now); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.AddAgendaItem(ctx, storage.AgendaItem{Group: h.group.ID, Text: "the budget", Made: h.now}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.SaveAction(ctx, storage.ActionItem{Group: h.group.ID, Text: "write the brief", Owner: person, Due: "2026-01-09", Made: h.now}); err != nil {
		t.Fatal(err)
	}
	_, header, body := h.get(t, path, "")
	for _, want := range []string{"UID:" + m.UID, "the budget", "Due: write the brief", "DTSTART;VALUE=DATE:20260109"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if strings.Contains(body, other.UID) {
		t.Error("a meeting that was declined is shown")
	}
	if status, _, _ := h.get(t, path, header.Get("ETag")); status != 304 {
		t.Errorf("nothing changed: %d", status)
	}
	h.holdsCandidates(t, person, path)
	if _, err := h.db.DropCalendarSecret(ctx, person); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{path, "/calendar/me/.ics", "/calendar/me/short.ics", "/calendar/group/none.ics", "/calendar/group/csd"} {
		if status, _, _ := h.get(t, gone, ""); status != 404 {
			t.Errorf("%s: %d, want 404", gone, status)
		}
	}
}

// holdsCandidates votes on two dates: what was not refused is held, until the vote ends.
func (h *house) holdsCandidates(t *testing.T, person int64, path string) {
	t.Helper()
	ctx := context.Background()
	p := storage.Poll{Group: h.group.ID, Room: bot.Room{Site: "matrix", ID: "csd"}, Quorum: 2, State: storage.PollOpen, Closes: h.now.Add(72 * time.Hour), Made: h.now}
	for n := 1; n <= 2; n++ {
		start := time.Date(2026, 3, n, 10, 0, 0, 0, when.London)
		p.Options = append(p.Options, storage.PollOption{N: n, Slot: storage.SlotOf(start, start.Add(time.Hour), when.London)})
	}
	id, err := h.db.SavePoll(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	count := func() int {
		_, _, body := h.get(t, path, "")
		return strings.Count(body, "SUMMARY:Perhaps: Co-op Support")
	}
	if got := count(); got != 2 {
		t.Errorf("%d dates are held, want 2", got)
	}
	if err := h.db.SetVote(ctx, id, 1, person, "no", h.now); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != 1 {
		t.Errorf("%d dates are held after one was refused, want 1", got)
	}
	p.ID, p.State, p.Closed = id, storage.PollBooked, h.now
	if _, err := h.db.SavePoll(ctx, p); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != 0 {
		t.Errorf("%d dates are held after the vote, want 0", got)
	}
}

// The files that are held against other programs in .ci.
func TestGolden(t *testing.T) {
	h := newHouse(t)
	h.meet(t, "2026-01-15 14:00", func(m *storage.Meeting) {
		m.Title, m.Theme, m.Call, m.Topic = "planning, and cake", "strategy", "https://meet.example.org/abc", "https://forum.example.org/t/12"
	})
	h.meet(t, "2026-07-16 14:00", func(m *storage.Meeting) { m.State = storage.Proposed })
	h.meet(t, "2026-10-24 23:30", func(m *storage.Meeting) { m.State = storage.Cancelled })
	for path, name := range map[string]string{groupFeed: "written-group.ics", "/calendar/network.ics": "written-network.ics"} {
		_, _, body := h.get(t, path, "")
		file := "testdata/" + name
		if bottest.Updating() {
			if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(want, []byte(body)) {
			t.Errorf("%s differs (%v):\n%s", file, err, body)
		}
	}
}

// shelf is a calendar on a server.
type shelf struct {
	files map[string]string
	puts  int
	bad   error
}

func (s *shelf) Put(_ context.Context, file []byte) error {
	if s.bad != nil {
		return s.bad
	}
	_, rest, _ := strings.Cut(string(file), "\r\nUID:")
	uid, _, _ := strings.Cut(rest, "\r\n")
	s.files[uid] = string(file)
	s.puts++
	return nil
}

func (s *shelf) Remove(_ context.Context, uid string) error {
	delete(s.files, uid)
	return s.bad
}

// What changes is on the server after the next run, what failed after the one
// after it, and what was undone is there no longer.
func TestPublish(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	server := &shelf{files: map[string]string{}}
	f := calendar.New(h.db, calendar.Options{BaseURL: "https://bot.example.org", Publish: server})
	run := func() error {
		for _, j := range f.Jobs {
			if j.Name == "calendar publish" {
				_, err := j.Run(ctx, h.now)
				return err
			}
		}
		t.Fatal("nothing is published")
		return nil
	}
	one, two := h.meet(t, "2026-01-15 14:00", nil), h.meet(t, "2026-02-12 14:00", nil)
	h.meet(t, "2029-02-12 14:00", nil) // too far off
	if err := run(); err != nil || len(server.files) != 2 || strings.Contains(server.files[one.UID], "METHOD") {
		t.Fatalf("%v, %v", err, server.files)
	}
	h.now = h.now.Add(time.Hour)
	if _, _, err := h.db.ChangeMeeting(ctx, one.ID, h.now, func(m *storage.Meeting) { m.Clock = when.HM(16, 0) }); err != nil {
		t.Fatal(err)
	}
	if err := h.db.DropMeeting(ctx, two.ID); err != nil {
		t.Fatal(err)
	}
	server.bad = io.ErrUnexpectedEOF
	if err := run(); err == nil {
		t.Error("a server that does not answer was taken for one that does")
	}
	server.bad = nil
	for range 2 {
		if err := run(); err != nil || len(server.files) != 1 || !strings.Contains(server.files[one.UID], "20260115T160000") {
			t.Errorf("%v, %v", err, server.files)
		}
	}
}

// busy is a house with 2,000 meetings in its feed.
func busy(b *testing.B) *house {
	h := newHouse(b)
	err := h.db.Do(context.Background(), func(ctx context.Context) error {
		for i := range 2000 {
			start := time.Date(2026, 1, 7, 9, 0, 0, 0, when.London).Add(time.Duration(i) * 4 * time.Hour)
			if _, err := h.db.AddMeeting(ctx, storage.Meeting{Group: h.group.ID, Slot: storage.SlotOf(start, start.Add(time.Hour), when.London), State: storage.Booked,
				Title: fmt.Sprintf("meeting number %d", i), Call: "https://meet.example.org/abc", Topic: "https://forum.example.org/t/12", Made: h.now}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

// BenchmarkFeedCold builds a feed of 2,000 meetings each time.
func BenchmarkFeedCold(b *testing.B) {
	h := busy(b)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		if _, err := h.db.Exec(ctx, `UPDATE working_group SET purpose = purpose || 'x'`); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if status, _, body := h.get(b, groupFeed, ""); status != 200 || len(body) < 500_000 {
			b.Fatalf("%d, %d octets", status, len(body))
		}
	}
}

// BenchmarkFeedWarm serves it from memory, BenchmarkFeedUnchanged says 304.
func BenchmarkFeedWarm(b *testing.B) {
	h := busy(b)
	for b.Loop() {
		h.get(b, groupFeed, "")
	}
}

func BenchmarkFeedUnchanged(b *testing.B) {
	h := busy(b)
	_, header, _ := h.get(b, groupFeed, "")
	tag := header.Get("ETag")
	for b.Loop() {
		if status, _, _ := h.get(b, groupFeed, tag); status != 304 {
			b.Fatal(status)
		}
	}
}
