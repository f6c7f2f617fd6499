package matrix

import (
	"context"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
)

// awaited are transaction IDs of posts that have not gone smoothly.
type awaited struct {
	mu    sync.Mutex
	ids   map[string]string // of those somebody waits for: the event's ID, "" while it has not been seen
	tried map[string]bool   // in this life of the program
}

// seen takes note of the bot's own posts.
func (a *awaited) seen(echoes []bot.Echo) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range echoes {
		delete(a.tried, e.Txn)
		if _, ok := a.ids[e.Txn]; ok {
			a.ids[e.Txn] = strings.Clone(e.ID)
		}
	}
}

// some reports whether anything is awaited, or has failed before.
func (a *awaited) some() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.ids)+len(a.tried) > 0
}

func (a *awaited) await(txn string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ids == nil {
		a.ids = map[string]string{}
	}
	a.ids[txn] = ""
}

func (a *awaited) done(txn string) (id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id = a.ids[txn]
	delete(a.ids, txn)
	return id
}

// tries takes note of a try that failed.
func (a *awaited) tries(txn string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tried == nil {
		a.tried = map[string]bool{}
	}
	a.tried[txn] = true
}

func (a *awaited) hasTried(txn string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.tried[txn]
}

func (a *awaited) settled(txn string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.tried, txn)
}

// How long a server may take to show what it has accepted. After a kill the
// last life's requests may still be under way, and not every server sees
// that two requests at once are the same.
const (
	settle   = 100 * time.Millisecond
	slowest  = time.Second
	recovery = 400 * time.Millisecond
)

// foundLater returns the ID of a post whose earlier try ended unknown, if
// the next whole round of news after a while brings it, and whether such a
// round was heard.
func (t *Transport) foundLater(ctx context.Context, txn string, after time.Duration) (id string, heard bool) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	t.awaited.await(txn)
	misses := t.state.misses.Load()
	pause(ctx, after)
	heard = t.rounds.whole(ctx) == nil
	if heard && t.state.misses.Load() != misses {
		// The server has been away. What it accepted just before, it may
		// show only after it has put itself together.
		pause(ctx, recovery)
		heard = t.rounds.whole(ctx) == nil
	}
	return t.awaited.done(txn), heard
}
