package terminal_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/bot/terminal"
	"git.coop/cotech/wortley/storage"
)

// A sitting is somebody at a terminal, who stays when the bot starts again.
type sitting struct {
	mu    sync.Mutex
	typed []string // not read yet
	more  *sync.Cond
	seat  *seat // of the bot that runs now
	shown strings.Builder
}

// A seat is one bot's place at the terminal: what it left unread is for the next.
type seat struct{ *sitting }

// Read implements [io.Reader].
func (s *seat) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.typed) == 0 && s.seat == s {
		s.more.Wait()
	}
	if s.seat != s {
		return 0, io.EOF
	}
	n := copy(p, s.typed[0]+"\n")
	s.typed = s.typed[1:]
	return n, nil
}

// Write implements [io.Writer].
func (s *sitting) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown.Write(p)
}

func (s *sitting) sit() *seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seat = &seat{s}
	s.more.Broadcast()
	return s.seat
}

func (s *sitting) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seat = nil
	s.more.Broadcast()
}

// A sitter leaves the terminal when the bot stops.
type sitter struct {
	*terminal.Transport
	*sitting
}

// Receive implements [bot.Transport].
func (s sitter) Receive(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	defer s.leave()
	return s.Transport.Receive(ctx, from, deliver)
}

func (s *sitting) typeLine(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.typed = append(s.typed, line)
	s.more.Broadcast()
}

// seen is what the bot has said, with its corrections made and what it took
// back left out.
func (s *sitting) seen() []bottest.Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []bottest.Seen
	var of string
	for line := range strings.Lines(s.shown.String()) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "  "): // goes on
			all[len(all)-1].Text += line[1:]
		case strings.HasPrefix(line, "wortley: "):
			all = append(all, bottest.Seen{Text: line[len("wortley: "):]})
		case strings.HasPrefix(line, "wortley corrects “"):
			_, after, _ := strings.Cut(line, "“")
			of, after, _ = strings.Cut(after, "”: ")
			all = append(without(all, of), bottest.Seen{Text: after})
		case strings.HasPrefix(line, "wortley takes back “"):
			_, after, _ := strings.Cut(line, "“")
			all = without(all, strings.TrimSuffix(after, "”"))
		}
	}
	return all
}

// without leaves out the latest that begins with a text.
func without(all []bottest.Seen, text string) []bottest.Seen {
	for i := len(all) - 1; i >= 0; i-- {
		if strings.HasPrefix(all[i].Text, text) {
			return append(all[:i:i], all[i+1:]...)
		}
	}
	return all
}

func TestTransport(t *testing.T) {
	bottest.TestTransport(t, func(t *testing.T) *bottest.Stage {
		s := &sitting{}
		s.more = sync.NewCond(&s.mu)
		return &bottest.Stage{
			Transport: func(*testing.T, *storage.DB) bot.Transport {
				return sitter{terminal.New(terminal.Options{In: s.sit(), Out: s, As: "ana", Quiet: true}), s}
			},
			Say:    func(text string) string { s.typeLine(text); return "" },
			Edit:   func(_, text string) { s.typeLine("/edit " + text) },
			Delete: func(string) { s.typeLine("/delete") },
			React:  func(_, emoji string) { s.typeLine(fmt.Sprintf("/react %s", emoji)) },
			Seen:   s.seen,
		}
	})
}
