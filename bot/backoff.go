package bot

import (
	"context"
	"math/rand/v2"
	"time"
)

// Waits between tries: the first is short, since most troubles are.
const (
	firstWait = 200 * time.Millisecond
	maxWait   = 5 * time.Minute
)

// Backoff returns how long to wait before try number n, counted from 1:
// doubling from 200 ms to five minutes, with up to a quarter of jitter.
func Backoff(n int) time.Duration {
	d := firstWait << min(max(n-1, 0), 20)
	d = min(d, maxWait)
	return d - time.Duration(rand.Int64N(int64(d)/4+1))
}

// A backoff waits longer after each failure in a row.
type backoff struct {
	b     *Bot
	tries int
}

func (w *backoff) reset() { w.tries = 0 }

func (w *backoff) sleep(ctx context.Context) {
	w.tries++
	timer := time.NewTimer(Backoff(w.tries))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
