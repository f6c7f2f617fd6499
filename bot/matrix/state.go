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
	alive       time.Time // when the server last answered anything
	away        bool      // it did not for a while, since the last request for news failed
	back        time.Time // when it was heard of again after that
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

// started is less time than any server takes to be started again. One that
// has answered something before and after a failure, with less than that
// between, was there all the time.
const started = 50 * time.Millisecond

// answered says that the server has answered a request, of any kind.
func (s *state) answered(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = s.away || s.missed && now.Sub(s.alive) > started
	s.alive = now
}

// miss says that a request for news failed; heard that one did not.
func (s *state) miss() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missed = true
}

func (s *state) heard(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.missed && s.away {
		s.back = now
	}
	s.missed, s.away = false, false
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
