// Package terminal is a [bot.Transport] over a terminal, or a pipe: one room,
// in which one person at a time speaks.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
)

// Site is the transport's name, and the Site of its rooms.
const Site = "terminal"

// General is the room everybody is in.
var General = bot.Room{Site: Site, ID: "general"}

// ErrEnd is returned by Receive when there is nothing more to read. It wraps
// [bot.ErrStop]: the bot has nobody left to talk to.
var ErrEnd = fmt.Errorf("terminal: the conversation is over: %w", bot.ErrStop)

// Options say how a terminal looks. In, Out and As are needed.
type Options struct {
	In    io.Reader
	Out   io.Writer
	As    string // who speaks at first: "ana"
	Bot   string // what the bot is called; "wortley" if empty
	Intro string // shown at the beginning
	Now   func() time.Time

	// Colour says whether to use colours. They are never used where Out is
	// no terminal.
	Colour bool
	// Quiet leaves out the hint about a line that got no answer. It has to be
	// set where deliver returns before the answers are sent.
	Quiet bool
	// Words are completed when Tab is pressed: "!whohas".
	Words []string
}

// Transport is the bot in a terminal.
type Transport struct {
	Options
	screen *screen

	mu    sync.Mutex // guards what follows: posts come from other goroutines
	run   string     // makes IDs unlike those of other runs
	n     int
	said  map[string]string // by transaction ID: the ID it was said with
	texts map[string]string // by ID: the first line of what was said
	last  map[string]string // by room: the bot's latest message in it
	mine  map[string]string // by person: their latest message
}

// New returns a transport that reads and writes as o says.
func New(o Options) *Transport {
	if o.Bot == "" {
		o.Bot = "wortley"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &Transport{Options: o, said: map[string]string{}, texts: map[string]string{}, last: map[string]string{}, mine: map[string]string{}}
	t.run = strconv.FormatInt(o.Now().UnixNano(), 36)
	t.screen = newScreen(o.In, o.Out, o.Words)
	t.Colour = o.Colour && t.screen.tty
	return t
}

// Name implements [bot.Transport].
func (t *Transport) Name() string { return Site }

// Receive implements [bot.Transport]. It delivers each line that is typed,
// and reads the next one when deliver has returned: a deliver that also
// waits for the answers makes a conversation that reads well. It returns
// [ErrEnd] after the last line.
func (t *Transport) Receive(ctx context.Context, _ string, deliver func(context.Context, bot.Batch) error) error {
	if err := t.screen.open(); err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer t.screen.close()
	if t.Intro != "" {
		t.screen.print(Text(t.Intro, t.Colour) + "\n")
	}
	if err := deliver(ctx, bot.Batch{Position: t.run}); err != nil {
		return err
	}
	for {
		line, err := t.screen.read(ctx, t.prompt())
		if errors.Is(err, io.EOF) {
			return ErrEnd
		}
		if err != nil {
			return err
		}
		if line = strings.TrimSpace(strings.ToValidUTF8(line, "")); line == "" {
			continue
		}
		if done, err := t.take(ctx, line, deliver); done || err != nil {
			return err
		}
	}
}

// take does what one line asks for. It returns ErrEnd and true at the end.
func (t *Transport) take(ctx context.Context, line string, deliver func(context.Context, bot.Batch) error) (done bool, err error) {
	m, notice, err := t.understand(line)
	if err != nil {
		return true, err
	}
	if notice != "" {
		t.screen.print(t.dim(notice) + "\n")
		return false, nil
	}
	before := t.sent()
	if err := deliver(ctx, bot.Batch{Messages: []bot.Message{m}, Position: m.ID}); err != nil {
		return true, err
	}
	if m.Kind == bot.Said && !t.Quiet && t.sent() == before {
		t.screen.print(t.dim(unanswered(line)) + "\n")
	}
	return false, nil
}

// unanswered says why nobody answered a line.
func unanswered(line string) string {
	if word, _, _ := strings.Cut(line, " "); strings.HasPrefix(word, "!") {
		return "(There is no " + bot.Clip(bot.Printable(word), 30) + " here. !help lists what there is.)"
	}
	return "(I answer what begins with an exclamation mark, as in !help. /help is about this terminal.)"
}

func (t *Transport) sent() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.said)
}

// Send implements [bot.Transport].
func (t *Transport) Send(_ context.Context, p bot.Post) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	txn := bot.TxnID(p.Key)
	if id, known := t.said[txn]; known {
		return id, nil
	}
	if err := t.screen.print(t.written(p)); err != nil {
		return "", fmt.Errorf("terminal: %w", err)
	}
	id := t.newID("b")
	t.said[txn] = id
	if p.Kind == bot.Say || p.Kind == bot.Image || p.Kind == bot.Attach {
		t.remember(p, id)
	}
	t.texts[id] = firstLine(Text(p.Text, false))
	return id, nil
}

func (t *Transport) newID(kind string) string {
	t.n++
	return kind + t.run + "-" + strconv.Itoa(t.n)
}

// remember keeps what the bot said last in the room, or since then to one
// person: that is what a yes is about.
func (t *Transport) remember(p bot.Post, id string) {
	switch {
	case p.To != "":
		t.last["@"+p.To] = id
	case p.Room.ID != General.ID:
		t.last[p.Room.ID] = id
	default:
		t.last = map[string]string{General.ID: id}
	}
}

// latest returns what the bot last said that the person speaking has seen.
func (t *Transport) latest() string {
	if id := t.last["@"+t.As]; id != "" {
		return id
	}
	return t.last[General.ID]
}
