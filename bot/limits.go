package bot

import (
	"sync"
	"time"
)

// A limiter is a token bucket for each person. It counts by the server's
// time of each message, so that what was asked while the bot was away,
// minutes apart, is answered all the same.
type limiter struct {
	perMinute int // 0: no limit
	mu        sync.Mutex
	buckets   map[string]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
	told   bool
}

// verdicts of allow.
const (
	allowed = iota
	tell    // too many: say so, once
	silence
)

// allow takes a token of somebody's bucket at the time of their message.
func (l *limiter) allow(who string, at time.Time) int {
	if l.perMinute <= 0 {
		return allowed
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.buckets == nil || len(l.buckets) > 10_000 {
		l.buckets = map[string]*bucket{}
	}
	k := l.buckets[who]
	if k == nil {
		k = &bucket{tokens: float64(l.perMinute), at: at}
		l.buckets[who] = k
	}
	if d := at.Sub(k.at); d > 0 {
		k.tokens = min(float64(l.perMinute), k.tokens+d.Minutes()*float64(l.perMinute))
		k.at = at
	}
	if k.tokens >= 1 {
		k.tokens--
		k.told = false
		return allowed
	}
	if k.told {
		return silence
	}
	k.told = true
	return tell
}
