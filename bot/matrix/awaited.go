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

// has reports whether a post that is waited for has been seen.
func (a *awaited) has(txn string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ids[txn] != ""
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
// that two requests at once are the same. A server that was away has
// forgotten its transactions and may still be working through what it took
// before: Dendrite keeps a queue of events that outlives it.
const (
	settle   = 100 * time.Millisecond
	slowest  = time.Second
	recovery = 2 * time.Second
)

// foundLater returns the ID of a post whose earlier try ended unknown, if
// the next whole round of news after a while brings it, and whether such a
// round was heard. Rounds of a server that has just come back do not count.
func (t *Transport) foundLater(ctx context.Context, txn string, after time.Duration) (id string, heard bool) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	t.awaited.await(txn)
	for wait := after; ; {
		pause(ctx, wait)
		began := time.Now()
		if heard = t.rounds.whole(ctx) == nil; !heard || t.awaited.has(txn) {
			break
		}
		if wait = t.state.backSince().Add(recovery).Sub(began); wait <= 0 {
			break
		}
	}
	return t.awaited.done(txn), heard
}
