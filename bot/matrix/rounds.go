package matrix

import (
	"context"
	"sync"
)

// rounds count requests for news, so that a sender who does not know whether
// a post arrived can wait for one that began after it was sent.
type rounds struct {
	mu      sync.Mutex
	begun   int
	done    int // the newest that was saved
	hurry   bool
	cut     context.CancelFunc // ends the request under way
	changed chan struct{}      // closed and made anew when a round is done
}

// begin starts a round. If somebody waits for it, the server is asked not to hold it.
func (r *rounds) begin(cut context.CancelFunc) (n int, hurry bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun++
	hurry, r.hurry = r.hurry, false
	if !hurry { // one that is not held comes back by itself
		r.cut = cut
	}
	return r.begun, hurry
}

// answered says that the request under way is over and can no longer be cut.
func (r *rounds) answered() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = nil
}

// end says that what round n brought is saved.
func (r *rounds) end(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = n
	close(r.changed)
	r.changed = make(chan struct{})
}

// watch returns a channel that is closed at the end of the next round.
func (r *rounds) watch() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

// whole waits until a round that begins from now on is saved.
func (r *rounds) whole(ctx context.Context) error {
	r.mu.Lock()
	want := r.begun + 1
	r.hurry = true
	if r.cut != nil {
		r.cut()
	}
	for {
		changed, done := r.changed, r.done
		r.mu.Unlock()
		if done >= want {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
		r.mu.Lock()
	}
}
