package discourse_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// A clock is moved by hand.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, time.January, 6, 14, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time       { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.at.Add(int64(d)) }

// newTimedForum is newForum with a false clock, and with categories.
func newTimedForum(t *testing.T, mode discoursetest.Mode) (*discoursetest.Forum, *clock, map[string]int64) {
	t.Helper()
	c := newClock()
	f := discoursetest.New(t, discoursetest.Options{Mode: mode, Clock: c.now})
	f.AddUser("ana", discoursetest.User{Name: "Ana"})
	f.AddUser("ben", discoursetest.User{})
	f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
	ids := map[string]int64{}
	for _, name := range []string{"General", "Events"} {
		ids[name] = f.AddCategory(name, discoursetest.Category{}).ID
	}
	return f, c, ids
}

func timedTransport(t *testing.T, f *discoursetest.Forum, c *clock) *discourse.Transport {
	t.Helper()
	key := forum.NewKey(f.Key("wortley"))
	client, err := forum.New(forum.Config{URL: f.URL(), Reader: key, Writer: key, Username: "wortley",
		Governor: forum.NewGovernor(forum.Pace{PerMinute: 100_000, Now: c.now})})
	if err != nil {
		t.Fatal(err)
	}
	return discourse.New("hub", client, discourse.Options{Username: "wortley", Every: time.Millisecond, Now: c.now})
}

// follow receives from a position, lets 20 seconds pass after each look, and
// calls step with the number of the look until that says no.
func follow(t *testing.T, tr bot.Transport, c *clock, from string, step func(look int, b bot.Batch) bool) string {
	t.Helper()
	look := 0
	err := tr.Receive(t.Context(), from, func(_ context.Context, b bot.Batch) error {
		look++
		from = b.Position
		if !step(look, b) {
			return errEnough
		}
		c.pass(20 * time.Second)
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	return from
}

// told writes an item as the tests compare them.
func told(i bot.Item) string {
	s := fmt.Sprintf("%s %s/%d %q %s %s", i.Kind, i.Topic, i.Number, i.Title, i.Category, strings.Join(i.Tags, "+"))
	if i.Old {
		s += " old"
	}
	return s
}

func eachMode(t *testing.T, run func(t *testing.T, mode discoursetest.Mode)) {
	for _, mode := range discoursetest.Modes {
		t.Run(mode.String(), func(t *testing.T) { run(t, mode) })
	}
}

func TestItems(t *testing.T) { eachMode(t, testItems) }

func testItems(t *testing.T, mode discoursetest.Mode) {
	f, c, cat := newTimedForum(t, mode)
	general, events := cat["General"], cat["Events"]
	before := f.NewTopic("ben", general, "From before the bot came", "This is an old one.", "history")
	c.pass(time.Hour)
	tr := timedTransport(t, f, c)

	var ladder, picnic, split discoursetest.Topic
	steps := []func(){
		func() {},
		func() {
			ladder = f.NewTopic("ana", general, "Where is the ladder?", "Who has it?", "tools")
			f.Say("ben", ladder.ID, "Not me, I am afraid.")
			f.PM("ana", "Between us", "Nobody else hears of this.", "wortley")
		},
		func() { f.Edit("ben", f.Posts(ladder.ID)[1].ID, "It stands in my shed.") },
		func() { f.Recategorise(ladder.ID, events) },
		func() {}, func() {}, func() {}, // the lists of topics are read once a minute
		func() { f.Retag(ladder.ID, "tools", "lost"); f.Retag(before.ID, "archive") },
		func() {}, func() {}, func() {},
		func() { f.Retitle(ladder.ID, "Where was the ladder?") },
		func() {}, func() {}, func() {},
		func() { f.Delete(f.Posts(ladder.ID)[1].ID) },
		func() {
			picnic = f.NewTopic("ben", general, "A picnic in the park", "Bring what you like.")
		},
		func() { split, _ = f.Split(events, "About picnics in general", f.Posts(picnic.ID)[0].ID) },
		func() { f.Delete(f.Posts(picnic.ID)[0].ID) },
		func() { f.Recover(firstOf(f, picnic.ID)) },
		func() { f.Unlist(picnic.ID) },
		func() {}, func() {}, func() {}, func() {},
		func() { f.Relist(picnic.ID) },
		func() {}, func() {}, func() {}, func() {},
	}
	var got []string
	follow(t, tr, c, "", func(look int, b bot.Batch) bool {
		for _, i := range b.Items {
			if i.Number == 1 && i.ID == "" || i.Site != "discourse/hub" {
				t.Errorf("an item without a place: %+v", i)
			}
			got = append(got, told(i))
		}
		if look > len(steps) {
			return false
		}
		steps[look-1]()
		return true
	})
	is := func(kind string, topic discoursetest.Topic, number int, title string, category int64, rest string) string {
		return fmt.Sprintf("%s %d/%d %q %d %s", kind, topic.ID, number, title, category, rest)
	}
	want := []string{
		is("said", before, 1, "From before the bot came", general, "history old"),
		is("said", ladder, 1, "Where is the ladder?", general, "tools"),
		is("said", ladder, 2, "Where is the ladder?", general, "tools"),
		is("edited", ladder, 2, "Where is the ladder?", general, "tools"),
		is("edited", ladder, 1, "Where is the ladder?", events, "tools"),
		is("edited", ladder, 1, "Where is the ladder?", events, "lost+tools"),
		is("edited", before, 1, "From before the bot came", general, "archive"),
		is("edited", ladder, 1, "Where was the ladder?", events, "lost+tools"),
		is("deleted", ladder, 2, "Where was the ladder?", events, "lost+tools"),
		is("said", picnic, 1, "A picnic in the park", general, ""),
		is("said", split, 1, "About picnics in general", events, " old"),
		is("deleted", picnic, 1, "A picnic in the park", general, ""),
		is("said", picnic, 1, "A picnic in the park", general, " old"),
		is("deleted", picnic, 1, "A picnic in the park", general, ""),
		is("said", picnic, 1, "A picnic in the park", general, " old"),
	}
	for i := range got { // the categories' own first posts are history too
		if strings.Contains(got[i], "About the ") {
			got[i] = ""
		}
	}
	got = slices.DeleteFunc(got, func(s string) bool { return s == "" })
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("not told: %s", want[i])
		case i >= len(want):
			t.Errorf("told too much: %s", got[i])
		case sortTags(got[i]) != sortTags(want[i]):
			t.Errorf("told %s\n want %s", got[i], want[i])
		}
	}
}

func sortTags(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if strings.Contains(w, "+") {
			tags := strings.Split(w, "+")
			slices.Sort(tags)
			words[i] = strings.Join(tags, "+")
		}
	}
	return strings.Join(words, " ")
}

// firstOf returns the first post of a topic, deleted or not.
func firstOf(f *discoursetest.Forum, topic int64) int64 {
	for _, p := range f.PostsIn(topic) {
		if p.Number == 1 {
			return p.ID
		}
	}
	return 0
}

// TestItemsAreKept reads a forum into a database.
func TestItemsAreKept(t *testing.T) {
	f, c, cat := newTimedForum(t, discoursetest.Newest)
	db, err := storage.Open(t.Context(), filepath.Join(t.TempDir(), "bot.db"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var topic discoursetest.Topic
	follow(t, timedTransport(t, f, c), c, "", func(look int, b bot.Batch) bool {
		if err := db.Deliver(t.Context(), "discourse/hub", b); err != nil {
			t.Fatal(err)
		}
		switch look {
		case 1:
			topic = f.NewTopic("ana", cat["General"], "Where is the ladder?", "Who has it?", "tools")
			f.Say("ben", topic.ID, "Not me, I am afraid.")
		case 2:
			f.Recategorise(topic.ID, cat["Events"])
		case 6:
			f.Delete(f.Posts(topic.ID)[1].ID)
		}
		return look < 8
	})
	items, err := db.ForumTopic(t.Context(), "discourse/hub", strconv.FormatInt(topic.ID, 10))
	if err != nil {
		t.Fatal(err)
	}
	events := strconv.FormatInt(cat["Events"], 10)
	if len(items) != 2 || items[0].Category != events || items[1].Category != events || items[0].Author.ID != "ana" ||
		items[1].Author.ID != "ben" || items[0].Kind != bot.Said || items[1].Kind != bot.Deleted || !slices.Equal(items[1].Tags, []string{"tools"}) {
		t.Errorf("kept %+v", items)
	}
}
