package bot

import "time"

// A Pace is how quickly broadcasts are said on a site: so many at once, then
// so many a second. It belongs below what the site allows.
type Pace struct {
	PerSecond float64 // 0: as quickly as they go
	Burst     int     // 10 if 0
}

// broadcasts are held to a pace by a bucket of tokens. Every other post draws
// on it too, without waiting for it: the site counts them all.
type broadcasts struct {
	Pace
	tokens float64
	at     time.Time
}

// reserve is what broadcasts leave in the bucket, so that an answer to
// somebody is never the one that the site refuses.
func (k *broadcasts) reserve() float64 { return min(2, float64(k.Burst)/4) }

// newBroadcasts returns a bucket that is half full: an earlier run may just
// have spent what the site allows, or may be long ago. The site says which.
func newBroadcasts(p Pace, now time.Time) broadcasts {
	k := broadcasts{Pace: p, at: now}
	k.fill(now)
	k.tokens = float64(k.Burst) / 2
	return k
}

// fill adds what has come since the last look.
func (k *broadcasts) fill(now time.Time) {
	if k.Burst <= 0 {
		k.Burst = 10
	}
	if d := now.Sub(k.at); d > 0 && !k.at.IsZero() {
		k.tokens = min(float64(k.Burst), k.tokens+d.Seconds()*k.PerSecond)
	}
	k.at = now
}

// spend takes what a post costs. Answers may run up a debt.
func (k *broadcasts) spend(now time.Time) {
	k.fill(now)
	k.tokens = max(k.tokens-1, -float64(k.Burst))
}

// refused empties the bucket: the site has said that it allows no more.
func (k *broadcasts) refused(now time.Time) {
	k.fill(now)
	k.tokens = min(k.tokens, 0)
}

// wait is how long the next broadcast has to wait.
func (k *broadcasts) wait(now time.Time) time.Duration {
	if k.PerSecond <= 0 {
		return 0
	}
	k.fill(now)
	missing := 1 + k.reserve() - k.tokens
	if missing <= 0 {
		return 0
	}
	return max(time.Millisecond, time.Duration(missing/k.PerSecond*float64(time.Second)))
}
