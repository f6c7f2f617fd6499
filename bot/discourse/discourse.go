package discourse

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// Options say how a forum is read. Username is needed.
type Options struct {
	Username string        // the bot's account
	Every    time.Duration // between two looks at the forum; 20 s if 0
	Title    string        // of the personal messages it begins; "A message from <Username>" if empty
	Slow     time.Duration // how long the forum may work on a request; 35 s if 0
	Now      func() time.Time
	Log      *slog.Logger
}

// A Transport is the bot on one forum. Its rooms are topics and personal
// messages, named by the topic's id; messages are named by the post's id.
type Transport struct {
	Options
	name    string
	client  *forum.Client
	started time.Time
	bell    *bell

	windowed bool                  // pages of posts may be empty although there are older ones
	aged     bool                  // windowed has been found out
	about    map[int64]forum.Topic // topics as they were last listed, without their posts
	rungAt   time.Time             // when notifications were last looked at
	watched  time.Time             // when older posts were
	listed   time.Time             // when they were

	mu       sync.Mutex           // guards what follows: posts are sent from other goroutines
	posts    map[spot]int64       // by place: the post's id, negative if it is not the bot's
	numbers  map[int64]int        // by post id: its number in its topic
	tried    map[string]time.Time // by key: when a try began whose outcome is unknown
	opened   map[string]int64     // by the key of a post: the topic it opened
	alone    map[int64]bool       // by topic id: a personal message between one person and the bot
	settings *forum.Settings      // nil: not asked for yet
}

// New returns a transport for a site called "discourse/" and site. What was
// said before New is history: a bot that is new to the forum leaves it alone.
func New(site string, c *forum.Client, o Options) *Transport {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Every = cmp.Or(o.Every, 20*time.Second)
	o.Slow = cmp.Or(o.Slow, slow)
	o.Title = cmp.Or(o.Title, "A message from "+o.Username)
	return &Transport{Options: o, name: "discourse/" + site, client: c, started: o.Now(), bell: newBell(),
		about: map[int64]forum.Topic{}, posts: map[spot]int64{}, numbers: map[int64]int{}, alone: map[int64]bool{}, opened: map[string]int64{}, tried: map[string]time.Time{}}
}

// Name implements [bot.Transport].
func (t *Transport) Name() string { return t.name }

// Receive implements [bot.Transport]. While the forum cannot answer or asks
// to wait, it waits; it returns other errors.
func (t *Transport) Receive(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	if err := t.windows(ctx); err != nil {
		return err
	}
	at, err := readPosition(from)
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	if from == "" {
		at.Since = t.started.UTC().Truncate(time.Millisecond) // as forums tell times
	}
	var v *view
	for {
		if v == nil {
			v = newView(at, t.Now())
		}
		var wait time.Duration
		batch, next, err := t.look(ctx, v, at)
		switch {
		case err == nil:
			if err := deliver(ctx, batch); err != nil {
				return err
			}
			at = next
			if !v.told() {
				continue
			}
			wait = t.until(v.began)
			v = nil
		case ctx.Err() != nil:
			return ctx.Err()
		case forum.Transient(err):
			wait = max(forum.Wait(err), t.Every)
			t.Log.Info("the forum is asked again later", "site", t.name, "in", wait, "err", err)
		default:
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// until returns how long to wait for the next look after one that began then.
func (t *Transport) until(began time.Time) time.Duration {
	return max(t.Every-t.Now().Sub(began), t.Every*3/4)
}

// look sees what there is and returns the next batch of it.
func (t *Transport) look(ctx context.Context, v *view, at position) (bot.Batch, position, error) {
	if err := t.see(ctx, v, at); err != nil {
		return bot.Batch{}, at, err
	}
	return t.tell(ctx, v, at)
}

// windows asks once how the forum pages its posts. What cannot be told is
// taken to be as on the oldest servers, which is right everywhere.
func (t *Transport) windows(ctx context.Context) error {
	if t.aged {
		return nil
	}
	t.windowed = true
	g, err := t.client.Generation(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		t.Log.Info("age of the forum not found out", "site", t.name, "err", err)
	default:
		t.windowed, t.aged = g.Windows, true
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
