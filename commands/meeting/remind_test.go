package meeting

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// TestTogetherAsOneByOne tells of many meetings at once and of each by
// itself, in all their kinds and at many moments, and wants the same.
func TestTogetherAsOneByOne(t *testing.T) {
	db, err := storage.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	d := &desk{db: db}
	made := time.Date(2025, 10, 1, 9, 0, 0, 0, time.UTC)
	person, err := db.Know(t.Context(), "matrix", bot.User{ID: "ana", Name: "ana"})
	if err != nil {
		t.Fatal(err)
	}
	var due []bot.Due
	for i, kind := range []string{"circle", "call", "board"} {
		g := storage.Group{Slug: kind, Name: kind, Kind: kind, Made: made}
		if g.ID, err = db.SaveGroup(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		for _, room := range []bot.Room{{Site: "matrix", ID: "!" + kind}, {Site: "discourse/hub", ID: fmt.Sprint("topic/", i)}, {Site: "discourse/hub", ID: "tag/" + kind}} {
			if err := db.BindPlace(t.Context(), storage.Place{Room: room, Group: g.ID, At: made}); err != nil {
				t.Fatal(err)
			}
		}
		s := storage.Series{Group: g.ID, Rule: "FREQ=WEEKLY;BYDAY=TH", Day: when.Date{Year: 2025, Month: 10, Day: 30}, Clock: when.HM(10, 0), Minutes: 60, Zone: "Europe/London", Made: made}
		if s.ID, err = db.SaveSeries(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		for n, state := range []string{storage.Booked, storage.Booked, storage.Proposed, storage.Cancelled, storage.Booked} {
			slot := storage.Slot{Day: when.Date{Year: 2025, Month: 10, Day: 30}, Clock: when.HM(10+2*n, 0), Minutes: 60, Zone: "Europe/London"}
			m := storage.Meeting{Group: g.ID, Slot: slot, State: state, Title: "Tea", Call: "https://call.example.org", Made: made}
			if n == 4 {
				m.Series, m.RuleDay = s.ID, slot.Day
			}
			if m, err = db.AddMeeting(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if n == 1 {
				if err := db.SetRSVP(t.Context(), m.ID, person, "yes", made); err != nil {
					t.Fatal(err)
				}
			}
			due = append(due, bot.Due{Kind: promiseKind, Ref: fmt.Sprint(m.ID), At: made})
		}
	}
	due = append(due, bot.Due{Kind: promiseKind, Ref: "999", At: made}) // it is no more
	for now := made; now.Before(made.AddDate(0, 0, 36)); now = now.Add(11 * time.Hour) {
		// What is told of may change things, so both begin with the same.
		undone := fmt.Errorf("undone")
		var together []bot.Told
		if err := db.Do(t.Context(), func(ctx context.Context) error {
			together, err = d.tellAll(ctx, due, now)
			return firstErr(err, undone)
		}); err != undone {
			t.Fatal(err)
		}
		if err := db.Do(t.Context(), func(ctx context.Context) error {
			for i, one := range due {
				posts, next, err := d.tell(ctx, one, now)
				if err != nil {
					return err
				}
				got := together[i]
				if len(got.Posts) != len(posts) || len(posts) > 0 && !reflect.DeepEqual(got.Posts, posts) || !got.Next.Equal(next) {
					t.Errorf("at %s, meeting %s: together %v, %s; alone %v, %s", now, one.Ref, got.Posts, got.Next, posts, next)
				}
			}
			return undone
		}); err != undone {
			t.Fatal(err)
		}
	}
}
