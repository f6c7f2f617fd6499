package discourse

import (
	"math/rand/v2"
	"time"
)

// pause stops everything for d and halves the pace. A tenth is added at
// random, so that several programs of one site do not come back together.
func (g *Governor) pause(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.pace.Now()
	if end := now.Add(d + rand.N(d/10+1)); end.After(g.until) {
		g.until = end
	}
	if g.cut == 0 || now.Sub(g.cutAt) >= span/4 { // several refusals at once are one
		g.cut, g.cutAt = max(g.limit(now)/2, 2), now
	}
}

// heard notes what an answer's headers say about read-only mode.
func (g *Governor) heard(readOnly bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.readOnly = time.Time{}
	if readOnly {
		g.readOnly = g.pace.Now()
	}
}

func (g *Governor) isReadOnly(now time.Time) bool {
	return !g.readOnly.IsZero() && now.Sub(g.readOnly) < readOnlyFor
}

// A State is how a governor stands.
type State struct {
	PerMinute int       // the present pace: below the configured one after a 429
	Used      int       // requests in the last minute
	Until     time.Time // nothing is asked before; zero if there is no pause
	ReadOnly  bool
}

// State returns how the governor stands now.
func (g *Governor) State() State {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.pace.Now()
	g.forget(now)
	s := State{PerMinute: g.limit(now), Used: len(g.sent), ReadOnly: g.isReadOnly(now)}
	if g.until.After(now) {
		s.Until = g.until
	}
	return s
}

// Spare returns how many questions may be asked now without a wait. What can
// be asked later leaves them to what cannot.
func (g *Governor) Spare() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.pace.Now()
	if g.until.After(now) {
		return 0
	}
	g.forget(now)
	reads, late := 0, 0
	for _, s := range g.sent {
		if !s.write {
			reads++
		}
		if s.at.Add(burstSpan).After(now) {
			late++
		}
	}
	limit := g.limit(now)
	spare := min(limit-len(g.sent), max(limit-g.pace.Reserve, 1)-reads)
	if g.pace.PerMinute <= perAddress {
		spare = min(spare, burst-late)
	}
	return max(spare, 0)
}
