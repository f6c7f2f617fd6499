package discourse

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The forum counts per address too: 50 requests in 10 seconds and 200 a
// minute, refused ones included. A pace above the second is for a forum that
// has lifted both.
const (
	burst      = 40
	burstSpan  = 10 * time.Second
	perAddress = 200
	span       = time.Minute
)

// readOnlyFor is how long a forum is taken to be read-only after it last said so.
const readOnlyFor = time.Minute

// A Pace is how much may be asked of one site. Zero fields have defaults.
type Pace struct {
	PerMinute int           // requests in any 60 seconds; 15, a quarter of what a site allows all its programs together
	Reserve   int           // of these, kept for writes; 2
	Patience  time.Duration // longest wait before a request is refused at once instead; 30 s

	// Now and Sleep are the clock; the real one if nil. Sleep returns the context's error if that ends first.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
}

// A Governor keeps all requests to one site below its pace, however many keys
// and goroutines there are. After a 429 it asks for nothing as long as it was
// told to wait, then goes on at half the pace and wins back one request a
// minute with each minute that passes.
type Governor struct {
	pace Pace

	mu       sync.Mutex
	sent     []stamp // of the last minute, oldest first
	until    time.Time
	cut      int // the pace after the last 429, 0 if there was none
	cutAt    time.Time
	readOnly time.Time // when the forum last said so
}

type stamp struct {
	at    time.Time
	write bool
}

// NewGovernor returns a governor for one site.
func NewGovernor(p Pace) *Governor {
	if p.PerMinute <= 0 {
		p.PerMinute = 15
		if p.Reserve <= 0 {
			p.Reserve = 2
		}
	}
	p.Reserve = min(max(p.Reserve, 0), p.PerMinute-1)
	if p.Patience <= 0 {
		p.Patience = 30 * time.Second
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Sleep == nil {
		p.Sleep = sleep
	}
	return &Governor{pace: p}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// wait returns when one more request may be made, and counts it. If that is
// longer off than the governor's patience or the context's deadline it
// returns an ErrRateLimited at once.
func (g *Governor) wait(ctx context.Context, op string, write bool) error {
	begun := g.pace.Now()
	for {
		d, err := g.take(op, write)
		if err != nil || d == 0 {
			return err
		}
		now := g.pace.Now()
		late := now.Add(d).Sub(begun) > g.pace.Patience
		if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
			late = true
		}
		if late {
			return &Error{Op: op, Why: ErrRateLimited, Code: "our own budget", Wait: d, All: true}
		}
		if err := g.pace.Sleep(ctx, d); err != nil {
			return fmt.Errorf("discourse: %s: %w", op, err)
		}
	}
}

// take counts a request and returns 0, or says how long to wait before trying again.
func (g *Governor) take(op string, write bool) (time.Duration, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.pace.Now()
	if d := g.until.Sub(now); d > 0 {
		return d, nil
	}
	if write && g.isReadOnly(now) {
		return 0, &Error{Op: op, Why: ErrReadOnly}
	}
	g.forget(now)
	if d := g.room(now, write); d > 0 {
		return d, nil
	}
	g.sent = append(g.sent, stamp{now, write})
	return 0, nil
}

// count adds a request that was made without asking, such as a redirect.
func (g *Governor) count() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent = append(g.sent, stamp{g.pace.Now(), false})
}

// room returns how long it is until one more request fits.
func (g *Governor) room(now time.Time, write bool) time.Duration {
	limit := g.limit(now)
	d := until(g.sent, limit, now, span)
	if g.pace.PerMinute <= perAddress {
		d = max(d, until(g.sent, burst, now, burstSpan))
	}
	if !write && g.pace.Reserve > 0 {
		reads := slices.DeleteFunc(slices.Clone(g.sent), func(s stamp) bool { return s.write })
		d = max(d, until(reads, max(limit-g.pace.Reserve, 1), now, span))
	}
	return d
}

// until returns how long it is until fewer than n of the stamps lie within the span before.
func until(sent []stamp, n int, now time.Time, span time.Duration) time.Duration {
	if len(sent) < n {
		return 0
	}
	return max(sent[len(sent)-n].at.Add(span).Sub(now), 0)
}

// forget drops the stamps that no longer count.
func (g *Governor) forget(now time.Time) {
	old := 0
	for old < len(g.sent) && !g.sent[old].at.Add(span).After(now) {
		old++
	}
	g.sent = slices.Delete(g.sent, 0, old)
}

// limit returns the present pace in requests a minute.
func (g *Governor) limit(now time.Time) int {
	if g.cut == 0 {
		return g.pace.PerMinute
	}
	return min(g.cut+int(now.Sub(g.cutAt)/time.Minute), g.pace.PerMinute)
}
