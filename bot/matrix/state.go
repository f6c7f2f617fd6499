package matrix

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// state is what the operator may want to know.
type state struct {
	mu          sync.Mutex
	verified    string // "yes", "no: because", "" while it is not known
	lastRound   time.Time
	down        bool // the server cannot be reached
	undecrypted atomic.Int64
	missed      bool      // the last request for news failed
	back        time.Time // when one succeeded after that
}

func (s *state) setVerified(v string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verified = v
}

func (s *state) taken(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastRound = at
}

// hasTaken reports whether a response has been saved in the last seconds.
func (s *state) hasTaken() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.lastRound) < 20*time.Second
}

func (s *state) setUp(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = !up
}

// miss says that a request for news failed; heard that one did not.
func (s *state) miss() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missed = true
}

func (s *state) heard() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missed {
		s.missed, s.back = false, time.Now()
	}
}

// backSince returns when the server was heard of again after it had been
// away: now, if it still is, zero if it never was.
func (s *state) backSince() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missed {
		return time.Now()
	}
	return s.back
}

func (s *state) isDown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.down
}

// waitUp holds a post back while the server cannot be reached: once it can,
// the post goes at once instead of waiting out its own delay.
func (s *state) waitUp(ctx context.Context, round <-chan struct{}) {
	if !s.isDown() {
		return
	}
	timer := time.NewTimer(30 * time.Second)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-round:
	case <-timer.C:
	}
}
