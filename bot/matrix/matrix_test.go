package matrix_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/matrix"
	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"git.coop/cotech/wortley/storage"
)

// asBot makes this program a bot instead of a test: some tests kill it.
const asBot = "WORTLEY_TEST_AS_BOT"

func TestMain(m *testing.M) {
	if dir := os.Getenv(asBot); dir != "" {
		if err := runBot(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// runBot runs a bot on a folder until it is killed.
func runBot(dir string) error {
	ctx := context.Background()
	h := &house{url: os.Getenv("WORTLEY_TEST_SERVER"), dir: dir, log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	return h.run(ctx)
}

// A house is where a bot lives: a server's address and a folder.
type house struct {
	url    string
	dir    string
	log    *slog.Logger
	out    *testLog
	change func(*matrix.Config)
	hello  string // said on joining

	mu        sync.Mutex
	transport *matrix.Transport
	db        *storage.DB
}

// run runs the bot until ctx ends.
func (h *house) run(ctx context.Context) error {
	db, err := storage.Open(ctx, filepath.Join(h.dir, "bot.db"), storage.Options{Durable: true})
	if err != nil {
		return err
	}
	defer db.Close()
	cfg := matrix.Config{Homeserver: h.url, User: dendritetest.UserID("bot").String(), Password: dendritetest.Password("bot"),
		RecoveryFile: filepath.Join(h.dir, "recovery.key"), Invites: []string{dendritetest.UserID("alice").String(), dendritetest.UserID("carol").String()}}
	cfg.Features = features
	if h.change != nil {
		h.change(&cfg)
	}
	h.mu.Lock()
	h.db, h.transport = db, matrix.New(cfg, db.Database, h.log)
	h.mu.Unlock()
	b := bot.New(db, bot.Options{Log: h.log, Names: []string{"bot", "wortley"}, Introduce: h.hello}, []bot.Transport{h.transport}, features())
	return b.Run(ctx)
}

// start runs the bot beside the test, which ends it.
func (h *house) start(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the bot ended: %v", err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// newHouse returns a house on a server, with the log kept for failures.
// There is a proxy between them, since bots hang up when they are stopped.
func newHouse(t *testing.T, url string) *house {
	url = newProxy(t, url).url
	out := &testLog{t: t}
	t.Cleanup(out.show)
	return &house{url: url, dir: t.TempDir(), out: out, log: slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))}
}

// features are commands that use each way of answering.
func features() []bot.Feature {
	return []bot.Feature{{
		Name: "Tests",
		Commands: []bot.Command{
			{Name: "echo", Usage: "<words>", Short: "says it again", Run: echo},
			{Name: "ring", Run: ring},
			{Name: "lend", Run: lend},
			{Name: "whisper", Run: whisper},
			{Name: "picture", Run: picture},
			{Name: "poll", Run: asks},
		},
		Touchers: []bot.Toucher{{Prefix: "poll/", Touch: counts}},
		Actions:  []bot.Action{{Name: "test.lend", Run: lent}},
	}}
}

func echo(_ context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: "echo: **" + bot.Plain(c.Args) + "**", React: reaction(c.Args)}, nil
}

func reaction(args string) string {
	if strings.Contains(args, "react") {
		return "👀"
	}
	return ""
}

func ring(_ context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: "ringing " + c.From.ID + " and @room", Mentions: []string{c.From.ID}, Loud: true}, nil
}

// asks makes a poll; the second vote ends it.
func asks(_ context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Posts: []bot.Post{{Key: "poll/" + c.ID, Room: c.Room, Kind: bot.Say, Text: "When?", Options: days, Made: c.Time}}}, nil
}

var days = []string{"Thu 15 Jan", "Fri 16 Jan", "Mon 19 Jan"}

func counts(_ context.Context, c *bot.Call, key, chosen string, _ bool) (bot.Reply, error) {
	r := bot.Reply{Text: "you chose " + bot.Plain(chosen)}
	if chosen == "2" {
		r.Posts = []bot.Post{{Key: "end/" + key, Room: c.Room, Kind: bot.Edit, Of: key, Text: "It is Friday.", Options: days, Made: c.Time}}
	}
	return r, nil
}

func lend(_ context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: "Lend " + bot.Plain(c.Args) + "?", Ask: &bot.Ask{Act: bot.Act{Name: "test.lend", Data: c.Args}}}, nil
}

func lent(_ context.Context, c *bot.Call, thing string) (bot.Reply, error) {
	return bot.Reply{Text: "Lent: " + bot.Plain(thing)}, nil
}

func whisper(_ context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: "between us: " + bot.Plain(c.Args), Direct: true}, nil
}

func picture(_ context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{File: &bot.File{Name: "dot.png", MIME: "image/png", Alt: "one dot", Data: dot()}}, nil
}
