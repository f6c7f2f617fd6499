package discourse_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/discourse"
	"git.coop/cotech/wortley/bot/discourse/discoursetest"
	"git.coop/cotech/wortley/bot/matrix/child"
	forum "git.coop/cotech/wortley/integrations/discourse"
	"git.coop/cotech/wortley/storage"
)

// TestMain is the bot instead of the tests, when it is asked to.
func TestMain(m *testing.M) {
	if url := os.Getenv("DISCOURSE_TEST_URL"); url != "" {
		fmt.Fprintln(os.Stderr, beBot(url, os.Getenv("DISCOURSE_TEST_KEY"), os.Getenv("DISCOURSE_TEST_DB")))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// beBot is the bot on a forum and in its chat until it is killed.
func beBot(url, secret, path string) error {
	ctx := context.Background()
	key := forum.NewKey(secret)
	c, err := forum.New(forum.Config{URL: url, Reader: key, Writer: key, Username: "wortley", Governor: forum.NewGovernor(forum.Pace{PerMinute: 100_000})})
	if err != nil {
		return err
	}
	db, err := storage.Open(ctx, path, storage.Options{})
	if err != nil {
		return err
	}
	hub := discourse.New("hub", c, discourse.Options{Username: "wortley", Every: 2 * time.Millisecond, Slow: 100 * time.Millisecond})
	l := &listener{}
	return bot.New(db, bot.Options{}, []bot.Transport{hub, hub.Chat()}, []bot.Feature{l.feature()}).Run(ctx)
}

// TestKilledAtAnyPoint kills a bot again and again while people talk with it
// in posts, messages and chat. Everybody is answered, once.
func TestKilledAtAnyPoint(t *testing.T) {
	for _, mode := range discoursetest.Modes {
		t.Run(mode.String(), func(t *testing.T) { testKilled(t, mode) })
	}
}

func testKilled(t *testing.T, mode discoursetest.Mode) {
	f := newForum(t, mode)
	key := f.Key("wortley")
	general := f.AddCategory("General", discoursetest.Category{}).ID
	w := &world{f: f, want: map[string]int{}, made: map[string]string{}, words: map[int64]string{}, rng: rand.New(rand.NewPCG(3, uint64(mode)))}
	w.shed = f.AddChannel("The shed", discoursetest.Channel{}, "ana", "wortley").ID
	topic := f.NewTopic("ana", general, "Where is the ladder?", "Who has it?").ID
	path := filepath.Join(t.TempDir(), "bot.db")
	start := func() *child.Process {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "DISCOURSE_TEST_URL="+f.URL(), "DISCOURSE_TEST_KEY="+key, "DISCOURSE_TEST_DB="+path)
		cmd.Stderr = os.Stderr
		p, err := child.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := start()
	wait(t, "the bot has looked once", func() bool { return len(f.Requests()) > 12 })
	var pm int64
	for range 12 {
		f.Say("ana", topic, "@wortley echo "+w.word(1))
		if pm == 0 {
			pm = f.PM("ana", "About "+w.word(1), "echo "+w.lastWord(), "wortley").ID
		}
		f.Say("ana", pm, "echo "+w.word(1))
		f.ChatSay("ana", w.shed, "!echo "+w.word(1))
		// Killed after some of the requests that all this takes.
		n := len(f.Requests()) + w.rng.IntN(25)
		wait(t, "the bot asks", func() bool { return len(f.Requests()) >= n || p.Ended() })
		p.Kill()
		p = start()
	}
	defer func() { p.Kill() }()
	wait(t, "everybody is answered", func() bool {
		got := w.answers()
		for word, n := range w.want {
			if got[word] < n {
				return false
			}
		}
		return true
	})
	n := len(f.Requests()) + 60
	wait(t, "the bot has looked again", func() bool { return len(f.Requests()) >= n })
	for word, n := range w.answers() {
		if n != 1 {
			t.Errorf("%s was answered %d times", word, n)
		}
	}
}

// wait looks until something is so.
func wait(t *testing.T, what string, so func() bool) {
	t.Helper()
	end, look := time.After(time.Minute), time.NewTicker(time.Millisecond)
	defer look.Stop()
	for !so() {
		select {
		case <-end:
			t.Fatalf("%s: not within a minute", what)
		case <-look.C:
		}
	}
}
