package matrix

import (
	"context"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix"
)

// take saves what a response brought, in one transaction: keys, rooms, the
// batch and the position after it. Whatever has to ask the server does so
// before or after. It returns the next position.
func (s *session) take(ctx context.Context, body, since string, deliver func(context.Context, bot.Batch) error) (string, error) {
	r, err := readResponse(body, string(s.user))
	if err != nil {
		return "", fmt.Errorf("%w: %w", errAround, err)
	}
	if s.canWait(r) {
		s.refill(ctx, r)
		return r.next, nil
	}
	if err := s.askAround(ctx, r, since); err != nil {
		return "", fmt.Errorf("%w: %w", errAround, err)
	}
	read := &reading{s: s, now: time.Now()}
	if err := s.save(ctx, read, r, since, deliver); err != nil {
		return "", fmt.Errorf("save what the server sent: %w", err)
	}
	s.t.awaited.seen(read.batch.Echoes)
	s.t.state.taken(read.now)
	if read.errands {
		wake(s.t.errands)
	}
	if s.keys != nil {
		s.noteAsks(r.toDevice)
	}
	s.refill(ctx, r)
	return r.next, nil
}

// maxUnsaved is how many responses in a row may go unsaved.
const maxUnsaved = 64

// canWait reports whether a response need not be saved before the next one:
// it brought only the bot's own posts, which nobody waits for. If the
// program dies, it comes again.
func (s *session) canWait(r *response) bool {
	if s.unsaved >= maxUnsaved || !s.t.state.hasTaken() || s.t.awaited.some() || !r.onlyPosts(string(s.user)) {
		s.unsaved = 0
		return false
	}
	s.unsaved++
	return true
}

func (s *session) save(ctx context.Context, read *reading, r *response, since string, deliver func(context.Context, bot.Batch) error) error {
	if s.keys != nil {
		s.gate.Lock()
		defer s.gate.Unlock()
	}
	return s.t.db.DoTxn(ctx, nil, func(ctx context.Context) error {
		if err := read.all(ctx, r, since); err != nil {
			return err
		}
		return deliver(ctx, read.batch)
	})
}

// askAround asks the server for what is needed to understand a response.
func (s *session) askAround(ctx context.Context, r *response, since string) error {
	if s.keys != nil && len(r.changed) > 0 {
		if _, err := s.keys.machine.FetchKeys(ctx, r.changed, false); err != nil {
			return fmt.Errorf("ask for changed devices: %w", err)
		}
	}
	for i := range r.joined {
		if err := s.fill(ctx, &r.joined[i], since); err != nil {
			return err
		}
	}
	return nil
}

// refill uploads one-time keys when few are left, so that people can go on
// sending room keys to this device.
func (s *session) refill(ctx context.Context, r *response) {
	if s.keys == nil {
		return
	}
	if r.keysLeft >= 0 {
		s.keys.machine.HandleOTKCounts(ctx, &mautrix.OTKCount{SignedCurve25519: r.keysLeft})
	}
	s.keys.machine.MarkOlmHashSavePoint(ctx)
}

// watchdog frees a transaction that waits for a lock of mautrix whose owner
// waits for the database, which can only happen while keys are taken in. mautrix repairs broken device sessions beside the
// rest, and that is the one thing of it that the gate cannot hold back.
func (s *session) watchdog() (stop func()) {
	timer := time.AfterFunc(10*time.Second, func() {
		s.t.log.Warn("taking in keys takes long, so the connection is made anew")
		s.keys.machine.Destroy()
		s.end(errors.New("taking in keys took too long"))
	})
	return func() { timer.Stop() }
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
