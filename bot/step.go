package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Settle does everything that can be done now, in a fixed order and without
// goroutines, and returns when nothing is left: answers, promises, chores,
// posts. Conversation files are played with it.
func (b *Bot) Settle(ctx context.Context) error {
	for range 10_000 {
		n, err := b.settleOnce(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
	return fmt.Errorf("bot: still busy after 10,000 rounds")
}

func (b *Bot) settleOnce(ctx context.Context) (int, error) {
	answered, _, err := b.answerSome(ctx)
	b.busy.wait()
	if err != nil {
		return 0, err
	}
	kept, err := b.remindSome(ctx)
	if err != nil {
		return 0, err
	}
	ran, err := b.dueJobs(ctx)
	if err != nil {
		return 0, err
	}
	sent := 0
	for _, t := range b.transports {
		n, err := b.sendAll(ctx, t)
		if err != nil {
			return 0, err
		}
		sent += n
	}
	return answered + kept + ran + sent, nil
}

func (b *Bot) dueJobs(ctx context.Context) (int, error) {
	ran := 0
	for _, f := range b.features {
		for _, j := range f.Jobs {
			last, err := b.mem.Ran(ctx, j.Name)
			if err != nil {
				return ran, err
			}
			if !j.DueAt(last, b.Now()).After(b.Now()) {
				b.runJob(ctx, j)
				ran++
			}
		}
	}
	return ran, nil
}

// sendAll says one by one what a site is owed now.
func (b *Bot) sendAll(ctx context.Context, t Transport) (sent int, err error) {
	s := b.newSender(t)
	s.free, s.ahead, s.batch = 1, 0, 1
	for {
		if err := s.step(ctx); err != nil || s.stop != nil {
			return sent, errors.Join(err, s.stop)
		}
		if s.free == 1 {
			return sent, nil
		}
		s.judge(<-s.ends, b.Now())
		sent++
	}
}

// NextMoment returns when something next falls due, zero if nothing will.
func (b *Bot) NextMoment(ctx context.Context) (time.Time, error) {
	next, err := b.mem.NextDue(ctx)
	if err != nil {
		return next, err
	}
	for _, f := range b.features {
		for _, j := range f.Jobs {
			last, err := b.mem.Ran(ctx, j.Name)
			if err != nil {
				return next, err
			}
			if at := j.DueAt(last, b.Now()); next.IsZero() || at.Before(next) {
				next = at
			}
		}
	}
	for _, t := range b.transports {
		at, err := b.mem.NextTry(ctx, t.Name())
		if err != nil {
			return next, err
		}
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// Take delivers a batch as a transport would, for conversations that are played.
func (b *Bot) Take(ctx context.Context, transport string, batch Batch) error {
	return b.deliver(ctx, transport, batch)
}
