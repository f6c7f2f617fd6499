package bottest

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A Stage is a site with one person and one room, on which [TestTransport]
// tries a transport.
type Stage struct {
	// Transport makes the transport, anew for each start of the bot.
	Transport func(t *testing.T, db *storage.DB) bot.Transport

	Say    func(text string) (id string) // the person says something to the bot
	Edit   func(id, text string)         // nil where people cannot
	Delete func(id string)
	React  func(id, emoji string) // to something the bot said

	// Seen returns what the bot has said, as people see it now, in order.
	Seen func() []Seen

	// Cut lets the next n posts arrive, but cuts the connection before the
	// bot hears of it; nil where the site cannot be made to.
	Cut func(n int)
}

// Seen is something the bot said.
type Seen struct {
	ID      string
	Text    string // without formatting
	ReplyTo string
}

// patience is how long a site may take to show something.
const patience = 30 * time.Second

// TestTransport is the suite that every transport passes. stage makes a new
// site for each test.
func TestTransport(t *testing.T, stage func(t *testing.T) *Stage) {
	for _, tt := range []struct {
		name string
		run  func(t *testing.T, r *run)
	}{
		{"answers", answersOnce},
		{"answers in order", answersInOrder},
		{"answers after a restart", answersAfterRestart},
		{"cut connections", survivesCuts},
		{"edits", followsEdits},
		{"deletions", followsDeletions},
		{"reactions", hearsReactions},
		{"formatting", showsText},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &run{Stage: stage(t), path: filepath.Join(t.TempDir(), "bot.db")}
			r.start(t)
			tt.run(t, r)
			r.stop()
		})
	}
}

// run is a bot on a stage.
type run struct {
	*Stage
	path string
	db   *storage.DB
	end  context.CancelFunc
	done chan error
}

func (r *run) start(t *testing.T) {
	t.Helper()
	db, err := storage.Open(t.Context(), r.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r.db, r.done = db, make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	r.end = cancel
	b := bot.New(db, bot.Options{}, []bot.Transport{r.Transport(t, db)}, []bot.Feature{stagecraft()})
	go func() { r.done <- b.Run(ctx) }()
	t.Cleanup(r.stop)
}

func (r *run) stop() {
	if r.db == nil {
		return
	}
	r.end()
	<-r.done
	r.db.Close()
	r.db = nil
}

// stagecraft is what the bot can do on a stage.
func stagecraft() bot.Feature {
	return bot.Feature{
		Name: "Stage",
		Commands: []bot.Command{
			{Name: "echo", Run: func(_ context.Context, c *bot.Call) (bot.Reply, error) {
				return bot.Reply{Text: "echo " + bot.Plain(c.Args)}, nil
			}},
			{Name: "format", Run: func(context.Context, *bot.Call) (bot.Reply, error) {
				return bot.Reply{Text: "**bold**\n- one\n- two `!code`"}, nil
			}},
			{Name: "risk", Run: func(context.Context, *bot.Call) (bot.Reply, error) {
				return bot.Reply{Text: "Really?", Ask: &bot.Ask{Act: bot.Act{Name: "stage.risk"}}}, nil
			}},
		},
		Actions: []bot.Action{{Name: "stage.risk", Run: func(context.Context, *bot.Call, string) (bot.Reply, error) {
			return bot.Reply{Text: "taken"}, nil
		}}},
	}
}

// until waits until something is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	end := time.After(patience)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !so() {
		select {
		case <-end:
			t.Fatalf("%s: not within %s", what, patience)
		case <-look.C:
		}
	}
}

func (r *run) count(text string) (n int) {
	for _, s := range r.Seen() {
		if strings.Contains(s.Text, text) {
			n++
		}
	}
	return n
}

func (r *run) says(t *testing.T, text string) {
	t.Helper()
	until(t, fmt.Sprintf("the bot says %q", text), func() bool { return r.count(text) > 0 })
}

// quiet waits until the bot owes nothing, and fails if it says a text other than n times.
func (r *run) quiet(t *testing.T, text string, n int) {
	t.Helper()
	until(t, "the bot has done its work", func() bool {
		s, err := r.db.Status(t.Context())
		return err == nil && s.Waiting == 0 && s.Owed == 0
	})
	if got := r.count(text); got != n {
		t.Errorf("%q was said %d times, want %d", text, got, n)
	}
}

func answersOnce(t *testing.T, r *run) {
	id := r.Say("!echo one")
	r.says(t, "echo one")
	r.quiet(t, "echo one", 1)
	for _, s := range r.Seen() {
		if strings.Contains(s.Text, "echo one") && s.ReplyTo != "" && s.ReplyTo != id {
			t.Errorf("it answers %q, want %q", s.ReplyTo, id)
		}
	}
}

func answersInOrder(t *testing.T, r *run) {
	for i := range 12 {
		r.Say(fmt.Sprintf("!echo number %d!", i))
	}
	r.says(t, "number 11!")
	last := -1
	for _, s := range r.Seen() {
		var n int
		if _, err := fmt.Sscanf(s.Text[strings.Index(s.Text, "number")+len("number"):], "%d", &n); err == nil {
			if n != last+1 {
				t.Errorf("%d was answered after %d", n, last)
			}
			last = n
		}
	}
}

func answersAfterRestart(t *testing.T, r *run) {
	r.Say("!echo before")
	r.says(t, "echo before")
	r.stop()
	r.Say("!echo meanwhile")
	r.start(t)
	r.says(t, "echo meanwhile")
	r.quiet(t, "echo before", 1)
	r.quiet(t, "echo meanwhile", 1)
}

func survivesCuts(t *testing.T, r *run) {
	if r.Cut == nil {
		t.Skip("this site cannot cut connections")
	}
	r.Cut(2)
	r.Say("!echo cut one")
	r.Say("!echo cut two")
	r.says(t, "cut one")
	r.says(t, "cut two")
	r.quiet(t, "cut one", 1)
	r.quiet(t, "cut two", 1)
}

func followsEdits(t *testing.T, r *run) {
	if r.Edit == nil {
		t.Skip("people cannot edit here")
	}
	id := r.Say("!echo wrong")
	r.says(t, "echo wrong")
	r.Edit(id, "!echo right")
	r.says(t, "echo right")
	r.quiet(t, "echo wrong", 0)
	r.quiet(t, "echo right", 1)
}

func followsDeletions(t *testing.T, r *run) {
	if r.Delete == nil {
		t.Skip("people cannot delete here")
	}
	id := r.Say("!echo gone")
	r.says(t, "echo gone")
	r.Delete(id)
	until(t, "the answer is taken back", func() bool { return r.count("echo gone") == 0 })
}

func hearsReactions(t *testing.T, r *run) {
	if r.React == nil {
		t.Skip("people cannot react here")
	}
	r.Say("!risk")
	r.says(t, "Really?")
	r.quiet(t, "Really?", 1) // and the bot knows it: nobody reacts within milliseconds
	for _, s := range r.Seen() {
		if strings.Contains(s.Text, "Really?") {
			r.React(s.ID, "✅")
		}
	}
	r.says(t, "taken")
	r.quiet(t, "taken", 1)
}

func showsText(t *testing.T, r *run) {
	r.Say("!format")
	r.says(t, "bold")
	for _, s := range r.Seen() {
		if strings.Contains(s.Text, "**") {
			t.Errorf("formatting is shown as text: %q", s.Text)
		}
	}
}
