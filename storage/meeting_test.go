package storage

import (
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
)

// aGroup makes a group with one member in an empty database.
func aGroup(t *testing.T, db *DB, now time.Time) (group, person int64) {
	t.Helper()
	group, err := db.SaveGroup(t.Context(), Group{Slug: "csd", Name: "Co-op Support", Kind: "circle", Made: now})
	if err != nil {
		t.Fatal(err)
	}
	if person, err = db.Know(t.Context(), "matrix", bot.User{ID: "ana", Name: "ana"}); err != nil {
		t.Fatal(err)
	}
	if err := db.SetGroupMember(t.Context(), group, person, "member", now); err != nil {
		t.Fatal(err)
	}
	return group, person
}

func day(t *testing.T, s string) when.Date {
	t.Helper()
	d, err := when.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func at(t *testing.T, db *DB, group int64, d string, hour int, state string, made time.Time) Meeting {
	t.Helper()
	m, err := db.AddMeeting(t.Context(), Meeting{Group: group, Slot: Slot{Day: day(t, d), Clock: when.HM(hour, 0), Minutes: 60, Zone: "Europe/London"}, State: state, Made: made})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMeetingsKeepTheirPlace(t *testing.T) {
	db := memory(t)
	now := time.Date(2024, 11, 1, 10, 0, 0, 0, time.UTC)
	group, _ := aGroup(t, db, now)
	first := at(t, db, group, "2024-10-10", 13, Held, now)
	next := at(t, db, group, "2024-11-21", 14, Booked, now)
	at(t, db, group, "2024-11-14", 14, Cancelled, now)
	later := at(t, db, group, "2024-12-12", 12, Proposed, now)
	if got := first.Start.Format(time.RFC3339); got != "2024-10-10T12:00:00Z" {
		t.Errorf("13:00 in British summer begins at %s", got)
	}
	if m, ok, err := db.NextMeeting(t.Context(), group, now); err != nil || !ok || m.ID != next.ID {
		t.Errorf("next meeting: %v %v %v", m.Day, ok, err)
	}
	if m, ok, _ := db.NextMeeting(t.Context(), group, next.Start.Add(59*time.Minute)); !ok || m.ID != next.ID {
		t.Errorf("a meeting that is on: %v %v", m.Day, ok)
	}
	if m, ok, _ := db.NextMeeting(t.Context(), group, next.End); !ok || m.ID != later.ID {
		t.Errorf("after a meeting: %v %v", m.Day, ok)
	}
	if m, ok, _ := db.LastMeeting(t.Context(), group, now); !ok || m.ID != first.ID {
		t.Errorf("last meeting: %v %v", m.Day, ok)
	}
	if m, ok, _ := db.LastMeeting(t.Context(), group, next.End); !ok || m.ID != next.ID {
		t.Errorf("last meeting, once it is over: %v %v", m.Day, ok)
	}
	if all, err := db.Meetings(t.Context(), group, now, now.AddDate(0, 2, 0)); err != nil || len(all) != 3 {
		t.Errorf("coming meetings: %d %v", len(all), err)
	}
	if all, err := db.MeetingsBetween(t.Context(), next.Start.Add(time.Minute), next.End); err != nil || len(all) != 1 {
		t.Errorf("meetings during one: %d %v", len(all), err)
	}
	again, ok, err := db.MeetingByUID(t.Context(), next.UID)
	if err != nil || !ok || again != next {
		t.Errorf("by UID: %+v, want %+v (%v)", again, next, err)
	}
}

// TestSequence holds SEQUENCE to what calendars need: it rises when they have
// to take notice, and only then; the UID never changes.
func TestSequence(t *testing.T) {
	db := memory(t)
	now := time.Date(2024, 11, 1, 10, 0, 0, 0, time.UTC)
	group, _ := aGroup(t, db, now)
	m := at(t, db, group, "2024-11-21", 14, Proposed, now)
	for i, tt := range []struct {
		what   string
		change func(*Meeting)
		rises  bool
	}{
		{"nothing", func(*Meeting) {}, false},
		{"title", func(m *Meeting) { m.Title = "Mentoring" }, false},
		{"link", func(m *Meeting) { m.Call = "https://call.example.org/csd" }, false},
		{"booked", func(m *Meeting) { m.State = Booked }, true},
		{"day", func(m *Meeting) { m.Day = m.Day.AddDays(7) }, true},
		{"clock", func(m *Meeting) { m.Clock += 30 }, true},
		{"length", func(m *Meeting) { m.Minutes = 90 }, true},
		{"zone", func(m *Meeting) { m.Zone = "Europe/Paris" }, true},
		{"held", func(m *Meeting) { m.State = Held }, false},
		{"not held after all", func(m *Meeting) { m.State = Cancelled }, true},
		{"put off instead", func(m *Meeting) { m.State = Postponed }, false},
	} {
		before, after, err := db.ChangeMeeting(t.Context(), m.ID, now.Add(time.Duration(i)*time.Hour), tt.change)
		if err != nil {
			t.Fatal(err)
		}
		if rose := after.Sequence > before.Sequence; rose != tt.rises {
			t.Errorf("%s: sequence %d → %d, want it to rise: %v", tt.what, before.Sequence, after.Sequence, tt.rises)
		}
		if after.UID != m.UID {
			t.Errorf("%s: UID %s → %s", tt.what, m.UID, after.UID)
		}
		if read, err := db.Meeting(t.Context(), m.ID); err != nil || read != after {
			t.Errorf("%s: read back %+v, want %+v (%v)", tt.what, read, after, err)
		}
		if tt.what == "nothing" && !after.Changed.Equal(now) {
			t.Errorf("nothing was changed, but it says %s", after.Changed)
		}
	}
	if changed, err := db.MeetingsChangedSince(t.Context(), now.Add(10*time.Hour)); err != nil || len(changed) != 1 {
		t.Errorf("changed since: %d %v", len(changed), err)
	}
}

// TestNetworkCall is the network's own series of 2025: the last Wednesday,
// except in August and December.
func TestNetworkCall(t *testing.T) {
	db := memory(t)
	now := time.Date(2025, 1, 2, 10, 0, 0, 0, time.UTC)
	group, _ := aGroup(t, db, now)
	r := when.Read("last Wednesday of the month except August and December, 14:00-15:00", when.Options{Now: now})
	if r.Kind != when.Recurrence {
		t.Fatalf("read as %s %v", r.Kind, r.Reasons)
	}
	s := Series{Group: group, Rule: r.Series.Rule.String(), Day: r.Series.Start, Clock: r.Series.Clock, Minutes: r.Series.Minutes, Zone: "Europe/London", Made: now}
	var err error
	if s.ID, err = db.SaveSeries(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	made, err := db.Materialise(t.Context(), s, now)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2025-01-29", "2025-02-26", "2025-03-26", "2025-04-30", "2025-05-28", "2025-06-25", "2025-07-30", "2025-09-24", "2025-10-29", "2025-11-26"}
	if len(made) != len(want) {
		t.Fatalf("made %d meetings", len(made))
	}
	for i, m := range made {
		if m.Day.String() != want[i] || m.Clock.String() != "14:00" || m.State != Booked {
			t.Errorf("meeting %d: %s %s %s, want %s", i, m.Day, m.Clock, m.State, want[i])
		}
	}
	if made[3].Start.Hour() != 13 || made[9].Start.Hour() != 14 {
		t.Errorf("UTC in April %s, in November %s", made[3].Start, made[9].Start)
	}
	// A second time makes nothing; a moved one stays moved; a break drops the
	// one that nobody touched.
	if _, _, err := db.ChangeMeeting(t.Context(), made[1].ID, now, func(m *Meeting) { m.Day, m.Edited = m.Day.AddDays(1), true }); err != nil {
		t.Fatal(err)
	}
	s.Except = []when.Date{day(t, "2025-02-26"), day(t, "2025-03-26")}
	if again, err := db.Materialise(t.Context(), s, now); err != nil || len(again) != 0 {
		t.Errorf("a second time made %d: %v", len(again), err)
	}
	left, err := db.MeetingsOf(t.Context(), s.ID, now)
	if err != nil || len(left) != 9 || left[1].Day.String() != "2025-02-27" {
		t.Errorf("left %d, the second on %s (%v)", len(left), left[1].Day, err)
	}
	s.RenewBy = day(t, "2026-02-01")
	later, err := db.Materialise(t.Context(), s, now.AddDate(0, 3, 0))
	if err != nil || len(later) != 3 || later[0].State != Booked || later[1].State != Proposed {
		t.Errorf("beyond the day of renewal: %+v %v", later, err)
	}
}

// TestZoneData moves a meeting's moments when its zone's rules change, which
// is played by writing what the old rules would have given.
func TestZoneData(t *testing.T) {
	db := memory(t)
	now := time.Date(2025, 1, 2, 10, 0, 0, 0, time.UTC)
	group, _ := aGroup(t, db, now)
	m := at(t, db, group, "2025-07-03", 14, Booked, now)
	if moved, err := db.RecomputeMoments(t.Context(), now); err != nil || len(moved) != 0 {
		t.Fatalf("at first: %v %v", moved, err)
	}
	if _, err := db.Exec(t.Context(), `UPDATE meeting SET start_at = start_at + 3600, end_at = end_at + 3600`); err != nil {
		t.Fatal(err)
	}
	if moved, err := db.RecomputeMoments(t.Context(), now); err != nil || len(moved) != 0 {
		t.Fatalf("the same rules: %v %v", moved, err)
	}
	if _, err := db.Exec(t.Context(), `UPDATE zone_data SET mark = 'no summer time'`); err != nil {
		t.Fatal(err)
	}
	moved, err := db.RecomputeMoments(t.Context(), now)
	if err != nil || len(moved) != 1 || moved[0].Slot != m.Slot || moved[0].Sequence != m.Sequence {
		t.Errorf("new rules: %+v %v, want %+v", moved, err, m.Slot)
	}
}

func TestSlotsOverClockChanges(t *testing.T) {
	for _, tt := range []struct {
		start, end, day, clock string
		minutes                int
		second                 bool
	}{
		{"2025-03-29T23:00:00Z", "2025-03-30T01:00:00Z", "2025-03-29", "23:00", 180, false}, // to 02:00 BST: two hours long
		{"2025-10-26T01:30:00Z", "2025-10-26T02:30:00Z", "2025-10-26", "01:30", 60, true},   // 01:30 GMT
		{"2025-10-25T23:30:00Z", "2025-10-26T02:00:00Z", "2025-10-26", "00:30", 90, false},  // two and a half hours
	} {
		start, _ := time.Parse(time.RFC3339, tt.start)
		end, _ := time.Parse(time.RFC3339, tt.end)
		s := SlotOf(start, end, when.London)
		if s.Day.String() != tt.day || s.Clock.String() != tt.clock || s.Minutes != tt.minutes || s.Second != tt.second || !s.Start.Equal(start) || !s.End.Equal(end) {
			t.Errorf("SlotOf(%s, %s) = %+v", tt.start, tt.end, s)
		}
	}
}

func TestPollsKeepVotes(t *testing.T) {
	db := memory(t)
	now := time.Date(2024, 11, 20, 10, 0, 0, 0, time.UTC)
	group, ana := aGroup(t, db, now)
	slot := func(d string) Slot {
		return Slot{Day: day(t, d), Clock: when.HM(14, 0), Minutes: 60, Zone: "Europe/London"}
	}
	p := Poll{Group: group, Room: bot.Room{Site: "matrix", ID: "csd"}, Quorum: 2, Closes: now.AddDate(0, 0, 3), Made: now, Required: []int64{ana},
		Options: []PollOption{{N: 1, Slot: slot("2024-12-03")}, {N: 2, Slot: slot("2024-12-05")}}}
	var err error
	if p.ID, err = db.SavePoll(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for n, answer := range map[int]string{1: "yes", 2: "no"} {
		if err := db.SetVote(t.Context(), p.ID, n, ana, answer, now); err != nil {
			t.Fatal(err)
		}
	}
	p.Options[0].Dropped, p.Options[1].Slot = true, slot("2024-12-06")
	p.Options = append(p.Options, PollOption{N: 3, Slot: slot("2024-12-10")})
	if _, err := db.SavePoll(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	read, open, err := db.OpenPoll(t.Context(), group)
	if err != nil || !open || len(read.Options) != 3 || read.Options[1].Day.String() != "2024-12-06" || !read.Options[0].Dropped || len(read.Required) != 1 {
		t.Errorf("read back %+v %v %v", read, open, err)
	}
	if votes, err := db.Votes(t.Context(), p.ID); err != nil || len(votes) != 2 {
		t.Errorf("votes: %v %v", votes, err)
	}
	if err := db.ForgetMeetings(t.Context(), ana); err != nil {
		t.Fatal(err)
	}
	if votes, err := db.Votes(t.Context(), p.ID); err != nil || len(votes) != 0 {
		t.Errorf("votes of somebody forgotten: %v %v", votes, err)
	}
}
