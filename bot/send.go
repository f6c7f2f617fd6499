package bot

import (
	"context"
	"errors"
	"time"
)

// A place is where posts keep their order: a room, or a person written to directly.
type place struct{ site, room, to string }

func placeOf(p Post) place { return place{p.Room.Site, p.Room.ID, p.To} }

// A sender says what is owed on one site: in order within a place, places
// side by side. Its loop owns all of its fields; tries report on ends.
type sender struct {
	b       *Bot
	t       Transport
	active  map[place]bool
	blocked map[place]block
	paused  time.Time // until when the site wants nothing at all
	ends    chan end
	free    int
	pace    broadcasts
	paced   bool // a broadcast waits for its pace
}

// A block keeps a place's order while its first post waits to be tried again.
type block struct {
	until time.Time
	batch time.Time // if not zero: a batch later than this one is awaited first
}

// An end is how a try went.
type end struct {
	post Post
	id   string
	err  error
}

// unheard is how long an unknown outcome waits for a batch at most.
const unheard = 2 * time.Minute

func (b *Bot) newSender(t Transport) *sender {
	return &sender{b: b, t: t, active: map[place]bool{}, blocked: map[place]block{},
		ends: make(chan end, b.InFlight), free: b.InFlight, pace: broadcasts{Pace: b.Broadcasts, at: b.Now()}}
}

// sendLoop says what is owed until ctx ends, beginning with the first batch:
// the echoes in it tell what a try of the last run has already said.
func (b *Bot) sendLoop(ctx context.Context, t Transport, heard chan struct{}) error {
	select {
	case <-ctx.Done():
		return nil
	case <-heard:
	}
	s := b.newSender(t)
	var done []end
	wait := backoff{b: b}
	for ctx.Err() == nil {
		n, err := s.step(ctx, done)
		if errors.Is(err, ErrStop) {
			return err
		}
		if err != nil {
			if ctx.Err() == nil {
				b.Log.Error("outbox not saved, will try again", "transport", t.Name(), "err", err)
				wait.sleep(ctx)
			}
			continue
		}
		wait.reset()
		done = s.gather(ctx, n)
	}
	s.drain(done)
	return nil
}

// step saves how tries ended and starts those that may begin, in one commit.
func (s *sender) step(ctx context.Context, done []end) (started int, err error) {
	now := s.b.Now()
	if len(done) == 0 && !s.due(ctx, now) {
		return 0, nil
	}
	var posts []Post
	ends, stop := s.judge(done, now)
	var picked []place
	err = s.b.mem.Do(ctx, func(ctx context.Context) error {
		picked, s.paced = picked[:0], false
		if err := s.b.mem.Settled(ctx, ends); err != nil {
			return err
		}
		if s.free == 0 || now.Before(s.paused) || stop != nil {
			return nil
		}
		posts, err = s.b.mem.Owed(ctx, s.t.Name(), now, s.free, func(p Post) bool {
			at := placeOf(p)
			if s.active[at] || s.waits(at, now) {
				return false
			}
			if !s.pace.allows(p.Rank, now) {
				s.paced = true
				return false
			}
			s.pace.spend(now)
			s.active[at] = true
			picked = append(picked, at)
			return true
		})
		return err
	})
	if err != nil {
		for _, at := range picked {
			delete(s.active, at)
		}
		return 0, err
	}
	for _, p := range posts {
		s.free--
		go s.try(ctx, p)
	}
	return len(posts), stop
}

// due reports whether anything may be tried now. A look costs less than a
// transaction that then finds nothing.
func (s *sender) due(ctx context.Context, now time.Time) bool {
	next, err := s.b.mem.NextTry(ctx, s.t.Name())
	return err != nil || !next.IsZero() && !next.After(now)
}

// waits reports whether a place's first post has to wait.
func (s *sender) waits(at place, now time.Time) bool {
	k, ok := s.blocked[at]
	if !ok {
		return false
	}
	if now.Before(k.until) || !k.batch.IsZero() && !s.b.LastBatch(s.t.Name()).After(k.batch) && now.Before(k.batch.Add(unheard)) {
		return true
	}
	delete(s.blocked, at)
	return false
}

// try says one post. It runs in its own goroutine and reports on s.ends.
func (s *sender) try(ctx context.Context, p Post) {
	if (p.Kind == Edit || p.Kind == Withdraw) && p.OfID == "" {
		if p.Kind == Withdraw {
			s.ends <- end{post: p}
			return
		}
		p.Kind = Say // what it would change was never said
	}
	id, err := s.t.Send(ctx, p)
	s.ends <- end{p, id, err}
}

// judge decides what becomes of posts that were tried.
func (s *sender) judge(done []end, now time.Time) (ends []End, stop error) {
	for _, d := range done {
		at := placeOf(d.post)
		delete(s.active, at)
		s.free++
		e := End{Key: d.post.Key, ID: d.id, At: now}
		var wait *WaitError
		switch {
		case d.err == nil:
			s.b.Stats.Sent.Add(1)
		case errors.Is(d.err, ErrHeld):
			e.Give = "held for approval"
		case errors.Is(d.err, ErrNever):
			e.Give = d.err.Error()
			s.b.Stats.Failed.Add(1)
			s.b.Log.Warn("not sent, and never will be", "transport", s.t.Name(), "key", d.post.Key, "err", d.err)
		case errors.As(d.err, &wait):
			e.Retry = now.Add(wait.For)
			s.blocked[at] = block{until: e.Retry}
			if wait.All && e.Retry.After(s.paused) {
				s.paused = e.Retry
				s.pace.refused(now)
			}
		default:
			if errors.Is(d.err, ErrStop) {
				stop = d.err
			}
			e.Retry = now.Add(Backoff(d.post.Tries))
			k := block{until: e.Retry}
			if errors.Is(d.err, ErrUnknown) {
				k.batch = now
			}
			s.blocked[at] = k
			s.b.Stats.Retried.Add(1)
			s.b.Log.Info("not sent, will try again", "transport", s.t.Name(), "key", d.post.Key, "try", d.post.Tries, "err", d.err)
		}
		ends = append(ends, e)
	}
	return ends, stop
}

// gather waits until there is something to do, and returns the tries that ended.
func (s *sender) gather(ctx context.Context, started int) (done []end) {
	timer := time.NewTimer(s.untilNext(ctx, started))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-s.b.wakeSend[s.t.Name()]:
	case <-timer.C:
	case d := <-s.ends:
		done = append(done, d)
	}
	for {
		select {
		case d := <-s.ends:
			done = append(done, d)
		default:
			return done
		}
	}
}

// untilNext is how long the sender may sleep if nothing happens.
func (s *sender) untilNext(ctx context.Context, started int) time.Duration {
	now := s.b.Now()
	if wait := s.pace.wait(now); s.paced && s.free > 0 && wait > 0 && !now.Before(s.paused) {
		return min(time.Minute, wait)
	}
	if started > 0 || s.free < s.b.InFlight {
		return time.Minute // an end will wake it
	}
	if now.Before(s.paused) {
		return s.paused.Sub(now)
	}
	next, err := s.b.mem.NextTry(ctx, s.t.Name())
	switch {
	case err != nil || next.IsZero():
		return time.Minute
	case next.After(now):
		return min(time.Minute, next.Sub(now))
	}
	// Something is due, but its place has to wait for an earlier post.
	wait := time.Second
	for _, k := range s.blocked {
		if k.until.After(now) {
			wait = min(wait, k.until.Sub(now))
		}
	}
	return wait
}

// drain saves what still came back when the loop was told to end.
func (s *sender) drain(done []end) {
	for s.free+len(done) < s.b.InFlight {
		done = append(done, <-s.ends)
	}
	ends, _ := s.judge(done, s.b.Now())
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.b.mem.Do(ctx, func(ctx context.Context) error { return s.b.mem.Settled(ctx, ends) })
	if err != nil {
		s.b.Log.Warn("last answers not marked as sent", "transport", s.t.Name(), "err", err)
	}
}
