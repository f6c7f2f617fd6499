package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how a bot behaves. The zero value of each field is a sensible default.
type Options struct {
	Names       []string       // what it answers to; "wortley" if empty
	Zone        *time.Location // in which it shows times; Europe/London if nil
	Now         func() time.Time
	Log         *slog.Logger
	HelpInRooms bool          // answer a bare `!help` in shared rooms
	Ignore      []string      // users that are never answered, such as other bots
	PerPerson   int           // commands a minute for one person; 0: no limit
	Stale       time.Duration // from this age on, a command with effects is asked about first; 10 minutes if 0
	Introduce   string        // said on joining a room; two lines
	InFlight    int           // sends under way at once for each transport; 16 if 0
	BatchSize   int           // answers that share a commit; 64 if 0
	Broadcasts  Pace          // how quickly posts of the rank Broadcast go out on each site

	// Secret makes one-time codes. It is replaced only where conversations
	// are played, so that they read the same each time.
	Secret func(key string) string
}

// A Bot answers messages, keeps promises and says what it owes.
type Bot struct {
	Options
	mem        Memory
	transports []Transport
	features   []Feature
	words      *words
	actions    map[string]Action
	tellers    map[string]Teller
	ignored    map[string]bool
	limits     limiter

	wakeAnswer, wakeRemind chan struct{}
	wakeSend               map[string]chan struct{}
	senders                []*sender
	stopped                sync.WaitGroup
	busy                   busyRooms
	lastBatch              map[string]*atomic.Int64 // when each transport last delivered, Unix nanoseconds
	Stats                  Stats
}

// Stats count what happened since the start.
type Stats struct {
	Heard, Answered, Sent, Retried, Failed atomic.Int64
}

// New returns a bot with the features' commands, ready to run.
func New(mem Memory, o Options, transports []Transport, features []Feature) *Bot {
	b := &Bot{Options: o, mem: mem, transports: transports,
		actions: map[string]Action{}, tellers: map[string]Teller{}, ignored: map[string]bool{},
		wakeAnswer: make(chan struct{}, 1), wakeRemind: make(chan struct{}, 1),
		wakeSend: map[string]chan struct{}{}, lastBatch: map[string]*atomic.Int64{}}
	b.setDefaults()
	b.features = append(append([]Feature{}, features...), b.own())
	b.words = newWords(b.Names, b.features)
	for _, f := range b.features {
		for _, a := range f.Actions {
			b.actions[a.Name] = a
		}
		for _, t := range f.Tellers {
			b.tellers[t.Kind] = t
		}
	}
	for _, t := range transports {
		b.wakeSend[t.Name()] = make(chan struct{}, 1)
		b.senders = append(b.senders, b.newSender(t))
		b.lastBatch[t.Name()] = new(atomic.Int64)
	}
	for _, u := range b.Ignore {
		b.ignored[u] = true
	}
	return b
}

func (b *Bot) setDefaults() {
	if len(b.Names) == 0 {
		b.Names = []string{"wortley"}
	}
	if b.Zone == nil {
		b.Zone = London()
	}
	if b.Now == nil {
		b.Now = time.Now
	}
	if b.Log == nil {
		b.Log = slog.New(slog.DiscardHandler)
	}
	if b.Stale == 0 {
		b.Stale = 10 * time.Minute
	}
	if b.InFlight == 0 {
		b.InFlight = 16
	}
	if b.BatchSize == 0 {
		b.BatchSize = 64
	}
	if b.Secret == nil {
		b.Secret = func(string) string { return rand.Text()[:8] }
	}
	b.limits.perMinute = b.PerPerson
}

// London returns the network's own zone.
func London() *time.Location {
	loc, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("bot: no time zones: import time/tzdata")
	}
	return loc
}

// Run answers, reminds and sends until ctx ends, or until a transport can
// go on no longer, whose error it returns. Every goroutine it started has
// ended when it returns.
//
// Each goroutine owns one thing: receivers own their site's position, the
// answerer the inbox, the reminder the promises, each sender its site's part of the outbox.
func (b *Bot) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start := func(name string, loop func(ctx context.Context) error) {
		b.stopped.Go(func() {
			if err := loop(ctx); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("bot: %s: %w", name, err))
			}
		})
	}
	for i, t := range b.transports {
		heard := make(chan struct{})
		start("receive from "+t.Name(), func(ctx context.Context) error { return b.receive(ctx, t, heard) })
		start("send to "+t.Name(), func(ctx context.Context) error { return b.sendLoop(ctx, b.senders[i], heard) })
	}
	start("answer", b.answerLoop)
	start("remind", b.remindLoop)
	<-ctx.Done()
	b.stopped.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// receive keeps one transport receiving. heard is closed at its first batch.
func (b *Bot) receive(ctx context.Context, t Transport, heard chan struct{}) error {
	var once sync.Once
	wait := backoff{b: b}
	for ctx.Err() == nil {
		from, err := b.mem.Position(ctx, t.Name())
		if err == nil {
			err = t.Receive(ctx, from, func(ctx context.Context, batch Batch) error {
				if err := b.deliver(ctx, t.Name(), batch); err != nil {
					return err
				}
				wait.reset()
				once.Do(func() { close(heard) })
				return nil
			})
		}
		if errors.Is(err, ErrStop) {
			return err
		}
		if ctx.Err() == nil {
			if err != nil {
				b.Log.Warn("receiving stopped, will start again", "transport", t.Name(), "err", err)
			}
			wait.sleep(ctx)
		}
	}
	return nil
}

// deliver remembers a batch and wakes whoever has work from it. The
// transport may call it within its own transaction on the same database.
func (b *Bot) deliver(ctx context.Context, transport string, batch Batch) error {
	if b.nothingNew(ctx, transport, &batch) {
		return nil
	}
	if err := b.sift(ctx, &batch); err != nil {
		return err
	}
	if err := b.remember(ctx, transport, batch); err != nil {
		return fmt.Errorf("deliver: %w", err)
	}
	b.Stats.Heard.Add(int64(len(batch.Messages)))
	b.heardOf(transport)
	if len(batch.Items) > 0 {
		b.Wake() // features may owe any site something for it, now or later
	}
	if len(batch.Posts) > 0 {
		b.owe()
	}
	if len(batch.Messages) > 0 {
		wake(b.wakeAnswer)
	}
	return nil
}

// nothingNew reports whether a batch holds nothing and is where the last one
// ended: proof of life of the site, but nothing to write down.
func (b *Bot) nothingNew(ctx context.Context, transport string, batch *Batch) bool {
	if len(batch.Messages)+len(batch.Echoes)+len(batch.Rooms)+len(batch.Items) > 0 {
		return false
	}
	if at, err := b.mem.Position(ctx, transport); err != nil || at != batch.Position {
		return false
	}
	b.heardOf(transport)
	return true
}

// heardOf notes that a transport is alive, and lets its sender go on.
func (b *Bot) heardOf(transport string) {
	if at := b.lastBatch[transport]; at != nil {
		at.Store(b.Now().UnixNano())
	}
	for _, s := range b.senders {
		if s.t.Name() == transport && s.awaits.Load() {
			wake(b.wakeSend[transport])
		}
	}
}

// Still returns an error if a transport has not been heard of for longer than
// its limit: none since the start counts from start.
func (b *Bot) Still(start time.Time, limits map[string]time.Duration) error {
	for name, limit := range limits {
		last := b.LastBatch(name)
		if last.IsZero() {
			last = start
		}
		if age := b.Now().Sub(last); age > limit {
			return fmt.Errorf("%s has not been heard of for %s", name, age.Round(time.Second))
		}
	}
	return nil
}

// remember writes a batch down, and with it what features make of the news of
// forums in it.
func (b *Bot) remember(ctx context.Context, transport string, batch Batch) error {
	if len(batch.Items) == 0 {
		return b.mem.Deliver(ctx, transport, batch)
	}
	return b.mem.Do(ctx, func(ctx context.Context) error {
		if err := b.mem.Deliver(ctx, transport, batch); err != nil {
			return err
		}
		for _, f := range b.features {
			if f.Read == nil {
				continue
			}
			if err := b.mem.Try(ctx, func(ctx context.Context) error {
				posts, err := f.Read(ctx, batch.Items, b.Now().UTC())
				if err != nil {
					return err
				}
				return b.mem.Owe(ctx, posts...)
			}); err != nil {
				b.Log.Error("reading what is new", "feature", f.Name, "site", transport, "err", err)
			}
		}
		return nil
	})
}

// LastBatch returns when a transport last delivered, zero if it has not.
func (b *Bot) LastBatch(transport string) time.Time {
	if at := b.lastBatch[transport]; at != nil && at.Load() != 0 {
		return time.Unix(0, at.Load())
	}
	return time.Time{}
}

// Wake lets the loops look for work now: something was written from outside.
func (b *Bot) Wake() {
	wake(b.wakeAnswer)
	wake(b.wakeRemind)
	b.owe()
}

// owe lets the senders look for posts that were not handed to them.
func (b *Bot) owe() {
	for _, s := range b.senders {
		s.tray.unknown()
		wake(b.wakeSend[s.t.Name()])
	}
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// pause waits until woken, until then, or until ctx ends. A zero then means a minute.
func (b *Bot) pause(ctx context.Context, woken chan struct{}, then time.Time) {
	wait := time.Minute
	if !then.IsZero() {
		wait = max(0, min(wait, then.Sub(b.Now())))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-woken:
	case <-timer.C:
	}
}
