package meeting

import (
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

func TestQuietHours(t *testing.T) {
	const form = "2006-01-02 15:04"
	for _, tt := range []struct{ at, earlier, later string }{
		{"2025-11-20 14:00", "2025-11-20 14:00", "2025-11-20 14:00"},
		{"2025-11-20 08:00", "2025-11-20 08:00", "2025-11-20 08:00"},
		{"2025-11-20 07:59", "2025-11-19 16:00", "2025-11-20 09:30"},
		{"2025-11-20 20:00", "2025-11-20 16:00", "2025-11-21 09:30"},
		{"2025-11-22 12:00", "2025-11-21 16:00", "2025-11-24 09:30"}, // a Saturday
		{"2025-11-23 09:00", "2025-11-21 16:00", "2025-11-24 09:30"}, // Monday 09:00's day before
		{"2026-04-06 10:00", "2026-04-02 16:00", "2026-04-07 09:30"}, // Easter Monday
		{"2025-12-26 10:00", "2025-12-23 16:00", "2026-01-05 09:30"}, // over Christmas
	} {
		at, err := time.ParseInLocation(form, tt.at, when.London)
		if err != nil {
			t.Fatal(err)
		}
		if got := earlier(at, when.London, "").In(when.London).Format(form); got != tt.earlier {
			t.Errorf("earlier(%s) = %s, want %s", tt.at, got, tt.earlier)
		}
		if got := later(at, when.London, "").In(when.London).Format(form); got != tt.later {
			t.Errorf("later(%s) = %s, want %s", tt.at, got, tt.later)
		}
	}
}

// TestStagesOverClockChanges holds a meeting's reminders to their times
// across both changes: days by the calendar, the hour by the clock.
func TestStagesOverClockChanges(t *testing.T) {
	for _, tt := range []struct {
		day               string
		week, day1, hour1 string
	}{
		{"2025-10-30", "2025-10-23T13:00:00Z", "2025-10-29T14:00:00Z", "2025-10-30T13:00:00Z"},
		{"2026-04-02", "2026-03-26T14:00:00Z", "2026-04-01T13:00:00Z", "2026-04-02T12:00:00Z"},
	} {
		day, err := when.ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		m := storage.Meeting{State: storage.Booked, Slot: storage.Slot{Day: day, Clock: when.HM(14, 0), Minutes: 60, Zone: "Europe/London"}.Moments()}
		got := map[string]string{}
		for _, s := range stages(m, storage.Group{}) {
			got[s.kind] = s.due.UTC().Format(time.RFC3339)
		}
		if got["week"] != tt.week || got["day"] != tt.day1 || got["hour"] != tt.hour1 {
			t.Errorf("%s: %v", tt.day, got)
		}
	}
}

// TestTopicsOpenOnce puts a meeting into a forum's category: the first post
// opens its topic, the next ones go there.
func TestTopicsOpenOnce(t *testing.T) {
	db, err := storage.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := monday
	g := storage.Group{Slug: "csd", Name: "Co-op Support", Kind: "circle", Made: now}
	if g.ID, err = db.SaveGroup(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"category/5", "tag/meetings", "topic/7"} {
		if err := db.BindPlace(t.Context(), storage.Place{Room: bot.Room{Site: "discourse/hub", ID: id}, Group: g.ID, At: now}); err != nil {
			t.Fatal(err)
		}
	}
	d := &desk{db: db}
	slot := storage.Slot{Day: when.DateOf(now).AddDays(10), Clock: when.HM(14, 0), Minutes: 60, Zone: "Europe/London"}
	m, err := db.AddMeeting(t.Context(), storage.Meeting{Group: g.ID, Slot: slot, State: storage.Booked, Made: now})
	if err != nil {
		t.Fatal(err)
	}
	say := func(kind string) []bot.Post {
		posts, err := d.everywhere(t.Context(), g, m, kind, func(string) string { return kind }, "")
		if err != nil || len(posts) != 2 {
			t.Fatalf("%s: %d posts, %v", kind, len(posts), err)
		}
		for i := range posts {
			posts[i].Kind = bot.Say
		}
		if err := db.Owe(t.Context(), posts...); err != nil {
			t.Fatal(err)
		}
		return posts
	}
	first, second := say("card"), say("moved/1")
	if p := first[0]; p.Room.ID != "category/5" || p.Title != "Co-op Support: Thu 16 Jan 2025, 14:00" {
		t.Errorf("the first opens %q in %q", p.Title, p.Room.ID)
	}
	if p := second[0]; p.Room.ID != "opened/"+first[0].Key || p.Title != "" {
		t.Errorf("the second goes to %q (%q), want the topic of %q", p.Room.ID, p.Title, first[0].Key)
	}
	if second[1].Room.ID != "topic/7" {
		t.Errorf("a topic of the group's own is written in: %q", second[1].Room.ID)
	}
}

// TestRulesAreSaidAsTheyCanBeRead says rules and reads them again.
func TestRulesAreSaidAsTheyCanBeRead(t *testing.T) {
	for _, tt := range []struct{ rule, said string }{
		{"FREQ=WEEKLY;BYDAY=TH", "every Thursday"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every other week on Tuesday"},
		{"FREQ=WEEKLY;BYDAY=MO,WE", "every Monday and Wednesday"},
		{"FREQ=MONTHLY;BYDAY=-1WE", "last Wednesday of the month"},
		{"FREQ=MONTHLY;BYMONTH=1,2,3,4,5,6,7,9,10,11;BYDAY=-1WE", "last Wednesday of the month except August and December"},
		{"FREQ=MONTHLY;BYDAY=3TH", "3rd Thursday of the month"},
		{"FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO", "1st Monday of every other month"},
		{"FREQ=MONTHLY;BYMONTHDAY=15", "15th of the month"},
		{"FREQ=DAILY", "every day"},
	} {
		rule, err := when.ParseRule(tt.rule)
		if err != nil {
			t.Fatal(err)
		}
		said := sayRule(rule)
		if said != tt.said {
			t.Errorf("%s is said %q, want %q", tt.rule, said, tt.said)
		}
		r := when.Read(said+" at 14:00", when.Options{Now: monday})
		if r.Kind != when.Recurrence || r.Series.Rule.String() != tt.rule {
			t.Errorf("%q is read as %s %s %v, want %s", said, r.Kind, r.Series.Rule, r.Reasons, tt.rule)
		}
	}
}
