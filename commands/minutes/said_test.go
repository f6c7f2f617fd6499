package minutes

import (
	"context"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
	"pgregory.net/rapid"
)

// people is a desk with a group and some people, and a call by Ana on Tuesday 6 January 2026.
func people(t testing.TB) (*desk, *bot.Call, int64) {
	t.Helper()
	ctx := context.Background()
	db, err := storage.OpenMemory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	now := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	group, err := db.SaveGroup(ctx, storage.Group{Slug: "csd", Name: "Co-op Support", Kind: "circle", Made: now})
	if err != nil {
		t.Fatal(err)
	}
	for id, name := range map[string]string{"@ana:example.org": "Ana", "@sal:example.org": "Sal Green", "@nils:example.org": "Nils", "@may:example.org": "May", "@max:example.org": "Max", "@max2:example.org": "Max"} {
		person, err := db.Know(ctx, "matrix", bot.User{ID: id, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if name == "Sal Green" || name == "May" {
			if err := db.SetGroupMember(ctx, group, person, "member", now); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := &bot.Call{Message: bot.Message{ID: "m1", Room: bot.Room{Site: "matrix", ID: "!csd"}, From: bot.User{ID: "@ana:example.org", Name: "Ana"}, Time: now, Kind: bot.Said}, Zone: when.London, Now: now}
	return &desk{db: db}, c, group
}

func TestReadDeed(t *testing.T) {
	d, c, group := people(t)
	for _, tt := range []struct{ said, text, name, due, vague string }{
		{"@sal write the brief by Friday", "write the brief", "Sal Green", "2026-01-09", ""},
		{"@sal:example.org: write the brief by 16 Jan", "write the brief", "Sal Green", "2026-01-16", ""},
		{"sal to write the brief, due end of the month", "write the brief", "Sal Green", "2026-01-31", ""},
		{"Sal: write the brief", "write the brief", "Sal Green", "", ""},
		{"Nils will ring the printers before next Friday", "ring the printers before next Friday", "Nils", "", "next Friday"}, // this week's or the next?
		{"Nils will ring the printers before Friday week", "ring the printers", "Nils", "2026-01-16", ""},
		{"me book the hall by tomorrow", "book the hall", "Ana", "2026-01-07", ""},
		{"I'll book the hall", "book the hall", "Ana", "", ""},
		{"I will book the hall by 5pm on Thursday", "book the hall", "Ana", "2026-01-08", ""},
		{"@zoe find a speaker", "find a speaker", "zoe", "", ""},
		{"@max choose a colour", "choose a colour", "max", "", ""}, // there are two
		{"walk by the river", "walk by the river", "", "", ""},
		{"write to the bank by hand by 20 January", "write to the bank by hand", "", "2026-01-20", ""},
		{"Everybody to read the notes", "Everybody to read the notes", "", "", ""},
		{"may need a new printer", "may need a new printer", "", "", ""},
		{"@may buy paper by 3 Jan 2026", "buy paper by 3 Jan 2026", "May", "", "3 Jan 2026"}, // has passed
		{"write the brief by 31 Feb", "write the brief by 31 Feb", "", "", "31 Feb"},
		{"write the brief (by Friday)", "write the brief", "", "2026-01-09", ""},
		{"  Write   the *brief*. ", "Write the *brief*", "", "", ""},
	} {
		got, err := d.readDeed(context.Background(), c, group, tt.said)
		if err != nil {
			t.Fatal(err)
		}
		if got.text != tt.text || got.name != tt.name || got.due.String() != tt.due || got.vague != tt.vague {
			t.Errorf("readDeed(%q) = %q, %q, due %q, vague %q; want %q, %q, %q, %q", tt.said, got.text, got.name, got.due, got.vague, tt.text, tt.name, tt.due, tt.vague)
		}
		if known := tt.name != "" && tt.name != "zoe" && tt.name != "max"; (got.owner != 0) != known {
			t.Errorf("readDeed(%q): owner %d", tt.said, got.owner)
		}
	}
}

// Whatever people write, their words are not lost, and a day is a real one.
func TestReadDeedLosesNothing(t *testing.T) {
	d, c, group := people(t)
	word := rapid.SampledFrom([]string{"@sal", "sal", "me", "to", "will", "by", "due", "before", "Friday", "16", "Jan", "write", "the", "brief", ":", ",", "(", ")", "31", "Feb", "next", "week"})
	rapid.Check(t, func(t *rapid.T) {
		said := strings.Join(rapid.SliceOfN(word, 1, 9).Draw(t, "words"), " ")
		got, err := d.readDeed(context.Background(), c, group, said)
		if err != nil {
			t.Fatal(err)
		}
		for w := range strings.FieldsSeq(got.text) {
			if !strings.Contains(said, w) {
				t.Fatalf("readDeed(%q) has the word %q", said, w)
			}
		}
		if got.due.IsZero() && got.name == "" && tidy(strings.TrimRight(said, ". "), 400) != got.text {
			t.Fatalf("readDeed(%q) = %q, though nothing was understood", said, got.text)
		}
		if !got.due.IsZero() && !got.due.Valid() {
			t.Fatalf("readDeed(%q) is due %s", said, got.due)
		}
	})
}

func TestHatLines(t *testing.T) {
	for text, want := range map[string]string{
		"^agreed a": "^agreed a", "no hat": "", "> ^agreed quoted": "", " ^note a\nb\n\n^^\n^x": "^note a|^^|^x", "a ^ b": "",
	} {
		if got := strings.Join(hatLines(text), "|"); got != want {
			t.Errorf("hatLines(%q) = %q, want %q", text, got, want)
		}
	}
}
