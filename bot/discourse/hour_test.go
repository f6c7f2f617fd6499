package discourse_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// A world is a forum on which things happen at random, and what the bot has
// to have said about each of them in the end.
type world struct {
	f    *discoursetest.Forum
	site string
	rng  *rand.Rand
	mode discoursetest.Mode

	general, events, shed, threads int64
	topics, pms                    []int64
	n                              int
	want                           map[string]int // by the word of a command: how often it is to be answered
	heard                          []int64        // posts with commands that have had time to be answered
	fresh                          []int64
	words                          map[int64]string  // of these
	made                           map[string]string // by word: where in this file, and when
	later                          []func()          // each is done a few events later
	up                             time.Time         // since when the bot has been there
	public                         map[int64]bool    // topics that were personal messages
}

// perhaps is wanted where one answer is right, and none is too.
const perhaps = -1

func newWorld(t *testing.T, site string, mode discoursetest.Mode, rng *rand.Rand) *world {
	f := discoursetest.New(t, discoursetest.Options{Mode: mode, Silent: true, Limits: discoursetest.RealLimits(), NotifyAfter: 20 * time.Second})
	w := &world{f: f, site: site, rng: rng, mode: mode, want: map[string]int{}, words: map[int64]string{}, made: map[string]string{}, public: map[int64]bool{}}
	for _, name := range []string{"ana", "ben", "cyn"} {
		f.AddUser(name, discoursetest.User{TrustLevel: 3})
	}
	f.AddUser("mo", discoursetest.User{Moderated: true})
	f.AddUser("wortley", discoursetest.User{TrustLevel: 4})
	w.general = f.AddCategory("General", discoursetest.Category{}).ID
	w.events = f.AddCategory("Events", discoursetest.Category{}).ID
	w.shed = f.AddChannel("The shed", discoursetest.Channel{}, "ana", "ben", "wortley").ID
	w.threads = f.AddChannel("The garden", discoursetest.Channel{Threading: true}, "ana", "ben", "wortley").ID
	for range 60 { // history
		w.topics = append(w.topics, f.NewTopic(w.somebody(), w.general, w.word(0)+" is what this is about", "@wortley echo "+w.lastWord()).ID)
	}
	w.f.ChatSay("ana", w.shed, "!echo "+w.word(0))
	time.Sleep(time.Hour)
	f.Notifications("wortley") // their making is late otherwise
	return w
}

func (w *world) somebody() string { return []string{"ana", "ben", "cyn"}[w.rng.IntN(3)] }

// word makes the word of a new command, to be answered so often.
func (w *world) word(times int) string {
	w.n++
	w.want[w.lastWord()] = times
	if _, file, line, ok := runtime.Caller(1); ok {
		w.made[w.lastWord()] = fmt.Sprintf("%s:%d, %s", filepath.Base(file), line, time.Now().Format("15:04:05"))
	}
	return w.lastWord()
}

func (w *world) lastWord() string { return fmt.Sprintf("w%dx", w.n) }

func (w *world) topic() int64 { return w.topics[w.rng.IntN(len(w.topics))] }

// asked notes a post that the bot has to answer.
func (w *world) asked(post int64) {
	w.fresh = append(w.fresh, post)
	w.words[post] = w.lastWord()
}

// client asks the forum with the pace that a forum gets by default.
func (w *world) client(t *testing.T) *forum.Client {
	key := func(scopes ...string) forum.Key { return forum.NewKey(w.f.Key("wortley", scopes...)) }
	c, err := forum.New(forum.Config{URL: w.f.URL(), Reader: key(forum.ReaderScopes...), Writer: key(), Username: "wortley", Transport: w.f.RoundTripper()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answers counts what the bot has said about each word.
func (w *world) answers() map[string]int {
	got := map[string]int{}
	count := func(text string) {
		for word := range w.want {
			got[word] += strings.Count(text, "I hear "+word+".")
		}
	}
	for _, p := range w.f.PostsBy("wortley") {
		if !p.UserDeleted {
			count(p.Raw)
		}
	}
	for _, ch := range []int64{w.shed, w.threads} {
		for _, m := range w.f.ChatMessages(ch) {
			count(m.Text)
		}
	}
	return got
}

// A listener is what the bot can do in these tests.
type listener struct {
	mu    sync.Mutex
	items []bot.Item
}

func (l *listener) feature() bot.Feature {
	return bot.Feature{
		Name: "Listening",
		Commands: []bot.Command{{Name: "echo", Run: func(_ context.Context, c *bot.Call) (bot.Reply, error) {
			word, _, _ := strings.Cut(c.Args, ",")
			return bot.Reply{Text: "I hear " + bot.Plain(word) + ". That is all there is to say about it."}, nil
		}}},
		Read: func(_ context.Context, items []bot.Item, _ time.Time) ([]bot.Post, error) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.items = append(l.items, items...)
			return nil, nil
		},
	}
}

var hours = flag.Uint64("hours", 1, "how many hours of forum life are tried in each mode")

// TestAnHourOfForumLife has two forums of one bot go through what forums go
// through, with the pace that forums allow, and the bot stopped and started.
func TestAnHourOfForumLife(t *testing.T) {
	for _, mode := range discoursetest.Modes {
		for seed := range *hours {
			t.Run(fmt.Sprintf("%s/%d", mode, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { anHour(t, mode, seed) })
			})
		}
	}
}

func anHour(t *testing.T, mode discoursetest.Mode, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 7))
	worlds := []*world{newWorld(t, "hub", mode, rng), newWorld(t, "talk", discoursetest.Newest, rng)}
	path := filepath.Join(t.TempDir(), "bot.db")
	l := &listener{}
	stop := runBot(t, path, l, worlds)
	time.Sleep(time.Minute)
	for end := time.Now().Add(time.Hour); time.Now().Before(end); {
		w := worlds[rng.IntN(len(worlds))]
		w.happen()
		time.Sleep(time.Duration(rng.IntN(40)) * time.Second)
		for _, w := range worlds {
			w.mature()
		}
		if rng.IntN(25) == 0 {
			stop()
			time.Sleep(time.Duration(rng.IntN(20)) * time.Minute)
			stop = runBot(t, path, l, worlds)
		}
	}
	for _, w := range worlds {
		for _, do := range w.later {
			do()
		}
		w.f.ClearFaults()
		w.f.ReadOnly(false)
		w.f.StripKey(false)
	}
	time.Sleep(time.Hour)
	stop()
	for _, w := range worlds {
		got := w.answers()
		for word, want := range w.want {
			if got[word] != want && (want != perhaps || got[word] > 1) {
				t.Errorf("%s: %s (%s) was answered %d times, want %d", w.site, word, w.made[word], got[word], want)
			}
		}
		l.check(t, w)
		t.Logf("%s: %d commands, %d requests", w.site, len(w.want), len(w.f.Requests()))
	}
}

// mature lets posts be changed that the bot has had time to answer.
func (w *world) mature() {
	w.fresh = slices.DeleteFunc(w.fresh, func(id int64) bool {
		done := w.answers()[w.words[id]] == 1
		if done {
			w.heard = append(w.heard, id)
		}
		return done
	})
}

// runBot starts the bot on all worlds.
func runBot(t *testing.T, path string, l *listener, worlds []*world) (stop func()) {
	t.Helper()
	db, err := storage.Open(t.Context(), path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var sites []bot.Transport
	for _, w := range worlds {
		w.up = time.Now()
		hub := discourse.New(w.site, w.client(t), discourse.Options{Username: "wortley"})
		sites = append(sites, hub, hub.Chat())
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	b := bot.New(db, bot.Options{}, sites, []bot.Feature{l.feature()})
	go func() { done <- b.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		db.Close()
	}
}

// check looks at the news of a forum: each public post told once as new, and
// nothing of what was private.
func (l *listener) check(t *testing.T, w *world) {
	t.Helper()
	said := map[string]int{}
	told := map[string]bool{}
	for _, i := range l.items {
		if i.Site != "discourse/"+w.site {
			continue
		}
		told[i.ID] = true
		if i.Kind == bot.Said && !i.Old {
			said[i.ID]++
		}
	}
	for id, n := range said {
		if n > 1 {
			t.Errorf("%s: post %s was told %d times", w.site, id, n)
		}
	}
	for _, k := range w.f.Topics() {
		for _, p := range w.f.Posts(k.ID) {
			id := fmt.Sprint(p.ID)
			person := p.Type == discoursetest.Regular && p.UserID > 0 && p.UserID != w.f.User("wortley").ID
			if k.PM && told[id] {
				t.Errorf("%s: post %s of a personal message was told", w.site, id)
			}
			if recent := time.Since(p.CreatedAt) < 2*time.Hour; person && recent && !k.PM && !w.public[k.ID] && !k.Unlisted && k.DeletedAt == nil && !told[id] && w.isNews(p) {
				t.Errorf("%s: post %s in topic %d was not told: %s", w.site, id, k.ID, p.Raw)
			}
		}
	}
}

// isNews leaves out what came to light long after it was written.
func (w *world) isNews(p discoursetest.Post) bool {
	for word, times := range w.want {
		if strings.Contains(p.Raw, "echo "+word) {
			return times > 0
		}
	}
	return false
}
