package bot

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// A sender says what is owed on one site: in order within a place, places
// side by side. Its loop owns all of its fields but the tray; tries report
// on ends.
type sender struct {
	b      *Bot
	t      Transport
	tray   tray
	lines  lines
	awaits atomic.Bool // a place waits for a batch of its site
	cut    bool        // the last reading left something in the rows
	paused time.Time   // until when the site wants nothing at all
	pace   broadcasts
	ends   chan end
	free   int
	ahead  int // posts whose first try may be counted before their turn
	batch  int // ends that are saved together at most

	ended []End     // not saved yet
	since time.Time // since when there have been some
	stop  error     // the site can go on no longer
}

// An end is how a try went.
type end struct {
	post *owed
	id   string
	err  error
}

// together is how long an end waits for others to be saved with. If the bot
// dies meanwhile, the post is looked for before it is said again.
const together = 5 * time.Millisecond

func (b *Bot) newSender(t Transport) *sender {
	return &sender{b: b, t: t, tray: tray{news: true}, lines: newLines(), ends: make(chan end, b.InFlight), free: b.InFlight,
		pace: newBroadcasts(b.Broadcasts, b.Now()), ahead: maxClaimed, batch: maxClaimed}
}

// sendLoop says what is owed until ctx ends, beginning with the first batch:
// the echoes in it tell what a try of the last run has already said.
func (b *Bot) sendLoop(ctx context.Context, s *sender, heard chan struct{}) error {
	select {
	case <-ctx.Done():
		return nil
	case <-heard:
	}
	wait := backoff{b: b}
	for ctx.Err() == nil {
		err := s.step(ctx)
		if s.stop != nil {
			return s.stop
		}
		if err != nil {
			if ctx.Err() == nil {
				b.Log.Error("outbox not saved, will try again", "transport", s.t.Name(), "err", err)
				wait.sleep(ctx)
			}
			continue
		}
		wait.reset()
		s.gather(ctx)
	}
	s.drain()
	return nil
}

// step begins what can be said now. What has to be saved first, and what has
// been said meanwhile, is saved in one commit.
func (s *sender) step(ctx context.Context) error {
	now := s.b.Now()
	posts, news := s.tray.take()
	for _, o := range posts {
		s.lines.add(o, false)
	}
	s.begin(ctx, now)
	unread := s.mustRead(now, news)
	for more := unread || s.mustSave(now); more; more = len(s.next(now)) > 0 {
		if err := s.save(ctx, now, unread); err != nil {
			s.forget()
			return err
		}
		s.begin(ctx, now)
		unread = false
	}
	s.awaits.Store(s.lines.await())
	if s.tray.note(&s.lines, !s.cut) {
		wake(s.b.wakeAnswer)
	}
	return nil
}

// begin tries the posts whose turn it is and whose try is counted.
func (s *sender) begin(ctx context.Context, now time.Time) {
	for _, l := range s.next(now) {
		if !l.posts[0].claimed {
			continue
		}
		o := s.lines.begin(l)
		s.free--
		s.pace.spend(now)
		go s.try(ctx, o)
	}
}

// next returns the places that may be served now.
func (s *sender) next(now time.Time) []*line {
	if s.free == 0 || now.Before(s.paused) || s.stop != nil {
		return nil
	}
	broadcasts := s.free
	if s.pace.wait(now) > 0 {
		broadcasts = 0
	} else if s.pace.PerSecond > 0 {
		broadcasts = 1 // it may be the last that the pace allows
	}
	return s.lines.next(s.free, broadcasts, now, s.b.LastBatch(s.t.Name()))
}

// mustRead reports whether the rows have to be read: what was left there has
// its turn, or there may be news in them and little else to do.
func (s *sender) mustRead(now time.Time, news bool) bool {
	switch {
	case s.cut && s.lines.short():
		return true
	case !news:
		return false
	}
	return s.lines.posts < fewKnown || s.free > 0 && len(s.next(now)) == 0
}

// mustSave reports whether anything has to be written now.
func (s *sender) mustSave(now time.Time) bool {
	if len(s.next(now)) > 0 || s.stop != nil {
		return true
	}
	return len(s.ended) >= s.batch || len(s.ended) > 0 && !now.Before(s.since.Add(together))
}

// save writes down how tries ended, reads what is owed if that is not known,
// and counts the next tries.
func (s *sender) save(ctx context.Context, now time.Time, unread bool) error {
	var claimed, gone []*owed
	err := s.b.mem.Do(ctx, func(ctx context.Context) (err error) {
		if err = s.b.mem.Settled(ctx, s.ended); err != nil {
			return err
		}
		if unread {
			if err = s.read(ctx); err != nil {
				return err
			}
		}
		claimed = s.claimable(now)
		gone, err = s.b.claim(ctx, claimed)
		return err
	})
	if err != nil {
		return err
	}
	s.ended = s.ended[:0]
	s.lines.claims += len(claimed) - len(gone)
	for _, o := range gone {
		s.lines.drop(o)
	}
	return nil
}

// read learns what is owed from the rows.
func (s *sender) read(ctx context.Context) error {
	for _, o := range s.tray.read() {
		s.lines.add(o, false)
	}
	for _, l := range s.lines.turns {
		l.more = false
	}
	had := s.lines.keys()
	s.cut = false
	all, err := s.b.mem.Owed(ctx, s.t.Name(), func(p Post, from time.Time) bool {
		if had[p.Key] {
			return true
		}
		if l := s.lines.of[placeOf(p)]; l != nil && (l.more || len(l.posts) >= maxLine) {
			l.more, s.cut = true, true
			return true
		}
		s.lines.add(&owed{Post: p, from: from}, false)
		return s.lines.posts < maxKnown+maxLine
	})
	s.cut = s.cut || !all
	return err
}

// claimable returns the posts whose try is to be counted: those that can go
// now, and answers that soon can.
func (s *sender) claimable(now time.Time) []*owed {
	var posts []*owed
	for _, l := range s.next(now) {
		if !l.posts[0].claimed {
			posts = append(posts, l.posts[0])
		}
	}
	room := s.ahead - s.lines.claims - len(posts)
	each := 1 + room/(len(s.lines.turns)+1)
	for _, l := range s.lines.turns {
		for i := 0; i < len(l.posts) && i < each && room > 0; i++ {
			if o := l.posts[i]; o.ahead() && !(i == 0 && l.active == nil) {
				posts = append(posts, o)
				room--
			}
		}
	}
	return posts
}

// try says one post. It runs in its own goroutine and reports on s.ends.
func (s *sender) try(ctx context.Context, o *owed) {
	p := o.Post
	if (p.Kind == Edit || p.Kind == Withdraw) && p.OfID == "" {
		if p.Kind == Withdraw {
			s.ends <- end{post: o}
			return
		}
		p.Kind = Say // what it would change was never said
	}
	id, err := s.t.Send(ctx, p)
	s.ends <- end{o, id, err}
}

// judge decides what becomes of a post that was tried.
func (s *sender) judge(d end, now time.Time) {
	l := s.lines.of[placeOf(d.post.Post)]
	l.active = nil
	s.free++
	if len(s.ended) == 0 {
		s.since = now
	}
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
		if wait.All && e.Retry.After(s.paused) {
			s.paused = e.Retry
			s.pace.refused(now)
		}
	default:
		if errors.Is(d.err, ErrStop) {
			s.stop = d.err
		}
		e.Retry = now.Add(Backoff(d.post.Tries))
		if errors.Is(d.err, ErrUnknown) {
			l.batch = now
		}
		s.b.Stats.Retried.Add(1)
		s.b.Log.Info("not sent, will try again", "transport", s.t.Name(), "key", d.post.Key, "try", d.post.Tries, "err", d.err)
	}
	s.ended = append(s.ended, e)
	if !e.Retry.IsZero() {
		l.until, d.post.claimed = e.Retry, false
		s.lines.add(d.post, true)
	}
	s.lines.tidy(l)
}

// gather waits until there is something to do.
func (s *sender) gather(ctx context.Context) {
	timer := time.NewTimer(s.untilNext())
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return
	case <-s.b.wakeSend[s.t.Name()]:
	case <-timer.C:
		s.idle()
	case d := <-s.ends:
		s.judge(d, s.b.Now())
	}
	for {
		select {
		case d := <-s.ends:
			s.judge(d, s.b.Now())
		default:
			return
		}
	}
}

// untilNext is how long the sender may sleep if nothing happens.
func (s *sender) untilNext() time.Duration {
	now := s.b.Now()
	if len(s.ended) > 0 {
		return max(0, s.since.Add(together).Sub(now))
	}
	wait := time.Minute
	if s.free == 0 {
		return wait // an end will wake it
	}
	if now.Before(s.paused) {
		return min(wait, s.paused.Sub(now))
	}
	for _, l := range s.lines.turns {
		if l.active != nil || len(l.posts) == 0 {
			continue
		}
		left := l.ready().Sub(now)
		if l.posts[0].Rank >= Broadcast {
			left = max(left, s.pace.wait(now))
		}
		if left <= 0 { // a batch is awaited, and wakes the sender by itself
			left = time.Second
		}
		wait = min(wait, left)
	}
	return wait
}

// idle has the rows read when nothing has happened for a long while: another
// program may have written there.
func (s *sender) idle() {
	if s.lines.posts == 0 && len(s.ended) == 0 && s.free == s.b.InFlight {
		s.tray.unknown()
	}
}

// forget gives up what the sender knows when the rows may say something else.
func (s *sender) forget() {
	s.lines.clear()
	s.tray.unknown()
}

// drain saves what still came back when the loop was told to end.
func (s *sender) drain() {
	for s.free < s.b.InFlight {
		s.judge(<-s.ends, s.b.Now())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.b.mem.Do(ctx, func(ctx context.Context) error { return s.b.mem.Settled(ctx, s.ended) })
	if err != nil {
		s.b.Log.Warn("last answers not marked as sent", "transport", s.t.Name(), "err", err)
	}
}
