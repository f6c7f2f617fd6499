package feed_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	"git.coop/cotech/wortley/commands/feed"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// A room shows what the bot has said in it, as people see it now.
type room struct {
	mu   sync.Mutex
	ids  []string
	text map[string]string
}

// Name implements [bot.Transport].
func (r *room) Name() string { return "matrix" }

// Receive implements [bot.Transport].
func (r *room) Receive(ctx context.Context, _ string, deliver func(context.Context, bot.Batch) error) error {
	return bot.SendOnly(ctx, deliver)
}

// Send implements [bot.Transport].
func (r *room) Send(_ context.Context, p bot.Post) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch p.Kind {
	case bot.Edit:
		r.text[p.OfID] = p.Text
	case bot.Withdraw:
		delete(r.text, p.OfID)
	default:
		r.ids = append(r.ids, p.Key)
		r.text[p.Key] = p.Text
	}
	return p.Key, nil
}

func (r *room) shows() string {
	var all []string
	for _, id := range r.ids {
		if text, ok := r.text[id]; ok {
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n")
}

var errEnough = errors.New("enough")

// TestWithAForum follows a category of a forum that behaves as real ones do,
// in each of their ages.
func TestWithAForum(t *testing.T) {
	for _, mode := range discoursetest.Modes {
		t.Run(mode.String(), func(t *testing.T) { withForum(t, mode) })
	}
}

func withForum(t *testing.T, mode discoursetest.Mode) {
	clock := at
	now := func() time.Time { return clock }
	f := discoursetest.New(t, discoursetest.Options{Mode: mode, Clock: now})
	for _, name := range []string{"ana", "ben"} {
		f.AddUser(name, discoursetest.User{Name: strings.ToUpper(name[:1]) + name[1:]})
	}
	f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
	events, other := f.AddCategory("Events", discoursetest.Category{}).ID, f.AddCategory("General", discoursetest.Category{}).ID
	f.NewTopic("ana", events, "From before the bot came", "This is an old one.")
	clock = clock.Add(time.Hour)

	ctx := t.Context()
	db, err := storage.Open(ctx, filepath.Join(t.TempDir(), "bot.db"), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	key := forum.NewKey(f.Key("wortley"))
	client, err := forum.New(forum.Config{URL: f.URL(), Reader: key, Writer: key, Username: "wortley",
		Governor: forum.NewGovernor(forum.Pace{PerMinute: 100_000, Now: now})})
	if err != nil {
		t.Fatal(err)
	}
	site := discourse.New("hub", client, discourse.Options{Username: "wortley", Every: time.Millisecond, Now: now})
	seen := &room{text: map[string]string{}}
	number := strconv.FormatInt(events, 10)
	if err := db.SaveForumCategories(ctx, "discourse/hub", []storage.ForumCategory{{ID: number, Name: "Events"}, {ID: strconv.FormatInt(other, 10), Name: "General"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SaveFeed(ctx, storage.Feed{Room: general, Forum: "discourse/hub", What: "category", Value: number, Name: "Events", Level: "follow", At: at}); err != nil {
		t.Fatal(err)
	}
	b := bot.New(db, bot.Options{Now: now}, []bot.Transport{seen, site}, []bot.Feature{feed.New(db, feed.Options{Delay: time.Minute, Loud: true})})

	var fair, walk, picnic discoursetest.Topic
	steps := map[int]struct {
		do    func()
		shows string // a minute and more later
	}{
		2: {func() {
			fair = f.NewTopic("ana", events, "A repair fair in May", "Bring your toasters.")
			f.Say("ben", fair.ID, "I have three of them.")
			f.PM("ana", "Between us two", "Nobody else hears of this.", "wortley")
		}, "A repair fair in May by Ana"},
		10: {func() { f.Retitle(fair.ID, "A repair fair in June") }, "A repair fair in June by Ana"},
		20: {func() { walk = f.NewTopic("ben", other, "A walk in the hills", "On Saturday.") }, "A repair fair in June by Ana"},
		30: {func() { f.Recategorise(walk.ID, events) }, "A repair fair in June by Ana|A walk in the hills by Ben"},
		40: {func() { f.Delete(f.Posts(fair.ID)[0].ID) }, "A walk in the hills by Ben"},
		50: {func() {
			picnic = f.NewTopic("ben", events, "Cheap watches for all", "Buy them now.")
			f.Delete(f.Posts(picnic.ID)[0].ID)
		}, "A walk in the hills by Ben"},
		60: {func() { f.Split(events, "About walks alone", f.Posts(walk.ID)[0].ID) }, "A walk in the hills by Ben|About walks alone by Ben"},
	}
	look, want := 0, ""
	err = site.Receive(ctx, "", func(ctx context.Context, batch bot.Batch) error {
		look++
		if err := b.Take(ctx, "discourse/hub", batch); err != nil {
			return err
		}
		if err := b.Settle(ctx); err != nil {
			return err
		}
		if s, ok := steps[look+1]; ok || look == 70 {
			if got := plainLines(seen.shows()); got != want {
				t.Errorf("look %d: the room shows %q, want %q", look, got, want)
			}
			if ok {
				s.do()
				want = s.shows
			}
		}
		if look == 70 {
			return errEnough
		}
		clock = clock.Add(20 * time.Second)
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	for _, never := range []string{"before the bot", "Between us", "watches"} {
		if strings.Contains(fmt.Sprint(seen.text), never) {
			t.Errorf("the room was told %q", never)
		}
	}
}

// plainLines are titles and authors of lines, without their links.
func plainLines(text string) string {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		_, rest, ok := strings.Cut(line, "[")
		if !ok {
			continue
		}
		title, rest, _ := strings.Cut(rest, "](")
		_, by, _ := strings.Cut(rest, ") ")
		by, _, _ = strings.Cut(by, " ·")
		all = append(all, title+" "+by)
	}
	return strings.Join(all, "|")
}
