package terminal_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/terminal"
	"git.coop/cotech/wortley/storage"
)

// echo is a feature that repeats what it is told, or asks first.
func echo() bot.Feature {
	return bot.Feature{Name: "Echo", Commands: []bot.Command{
		{Name: "echo", Run: func(_ context.Context, c *bot.Call) (bot.Reply, error) {
			return bot.Reply{Text: "**" + c.From.Name + "** says:\n- " + c.Args}, nil
		}},
		{Name: "sure", Run: func(_ context.Context, c *bot.Call) (bot.Reply, error) {
			return bot.Reply{Text: "Sure?", Direct: c.Args == "quietly", Ask: &bot.Ask{Act: bot.Act{Name: "sure"}}}, nil
		}},
	}, Actions: []bot.Action{{Name: "sure", Run: func(_ context.Context, c *bot.Call, _ string) (bot.Reply, error) {
		return bot.Reply{Text: "Done."}, nil
	}}}}
}

// talk lets somebody type lines and returns what the terminal shows.
func talk(t *testing.T, lines ...string) string {
	t.Helper()
	ctx := t.Context()
	db, err := storage.OpenMemory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	clock := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	now := func() time.Time { return clock }
	tr := terminal.New(terminal.Options{In: strings.NewReader(strings.Join(lines, "\n")), Out: &out, As: "ana", Now: now, Colour: true})
	b := bot.New(db, bot.Options{Now: now}, []bot.Transport{tr}, []bot.Feature{echo()})
	err = tr.Receive(ctx, "", func(ctx context.Context, batch bot.Batch) error {
		if err := b.Take(ctx, tr.Name(), batch); err != nil {
			return err
		}
		return b.Settle(ctx)
	})
	if !errors.Is(err, terminal.ErrEnd) || !errors.Is(err, bot.ErrStop) {
		t.Errorf("Receive ended with %v, want ErrEnd", err)
	}
	return out.String()
}

func TestConversation(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"pipe", []string{"!echo hello", "", "!echo bye"}, "ana> !echo hello\nwortley: ana says:\n  • hello\nana> !echo bye\nwortley: ana says:\n  • bye\n"},
		{"as", []string{"/as bob", "!echo hi"}, "ana> /as bob\nYou are bob now.\nbob> !echo hi\nwortley: bob says:\n  • hi\n"},
		{"quit", []string{"/quit", "!echo never"}, "ana> /quit\n"},
		{"edit", []string{"!echo one", "/edit !echo two"}, "ana> !echo one\nwortley: ana says:\n  • one\nana> /edit !echo two\nwortley corrects “ana says:”: ana says:\n  • two\n"},
		{"delete", []string{"!echo one", "/delete"}, "ana> !echo one\nwortley: ana says:\n  • one\nana> /delete\nwortley takes back “ana says:”\n"},
		{"direct", []string{"/direct echo hi"}, "ana> /direct echo hi\nwortley: ana says:\n  • hi\n"},
		{"silence", []string{"good morning"}, "ana> good morning\n(I answer what begins with an exclamation mark, as in !help. /help is about this terminal.)\n"},
		{"no command", []string{"!fly away"}, "ana> !fly away\n(There is no !fly here. !help lists what there is.)\n"},
		{"unknown", []string{"/fly"}, "ana> /fly\nThere is no /fly here. /help lists what there is.\n"},
		{"bad name", []string{"/as two words"}, "ana> /as two words\nA name is one word of letters and digits, as in /as bob\n"},
		{"nothing to edit", []string{"/edit x", "/react"}, "ana> /edit x\nYou have not said anything yet.\nana> /react\nI have not said anything yet.\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := talk(t, tt.lines...); got != tt.want {
				t.Errorf("typed %q, got:\n%s\nwant:\n%s", tt.lines, got, tt.want)
			}
		})
	}
}

func TestAnswersToQuestions(t *testing.T) {
	for _, yes := range []string{"yes", "/react ✅", "/react"} {
		if got := talk(t, "!sure", yes); !strings.HasSuffix(got, "wortley: Done.\n") {
			t.Errorf("after %q:\n%s", yes, got)
		}
	}
	if got := talk(t, "!sure quietly", "yes"); !strings.HasSuffix(got, "ana> yes\nwortley: Done.\n") || !strings.Contains(got, "wortley to ana: Sure?") {
		t.Errorf("after a yes to a direct question:\n%s", got)
	}
	if got := talk(t, "!sure", "no"); !strings.Contains(got, "left it as it was") {
		t.Errorf("after no:\n%s", got)
	}
}

func TestSendTwiceShowsOnce(t *testing.T) {
	var out strings.Builder
	tr := terminal.New(terminal.Options{In: strings.NewReader(""), Out: &out, As: "ana"})
	p := bot.Post{Key: "reminder/7/1", Room: terminal.General, Kind: bot.Say, Text: "It is time."}
	first, err := tr.Send(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	p.Tries = 2
	second, err := tr.Send(t.Context(), p)
	if err != nil || first != second || out.String() != "wortley: It is time.\n" {
		t.Errorf("said %q with IDs %q and %q, error %v", out.String(), first, second, err)
	}
}

func TestReceiveEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tr := terminal.New(terminal.Options{In: never{}, Out: &strings.Builder{}, As: "ana"})
	err := tr.Receive(ctx, "", func(context.Context, bot.Batch) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Receive = %v, want context.Canceled", err)
	}
}

// never is a reader at which nobody types.
type never struct{}

func (never) Read([]byte) (int, error) { select {} }
