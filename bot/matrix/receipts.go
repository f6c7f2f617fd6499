package matrix

import (
	"context"
	"net/url"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix/id"
)

// receiptEvery is how often read receipts are sent: they are a sign of life,
// and a backlog of answers needs only the last of them.
const receiptEvery = 500 * time.Millisecond

// receipts are the newest answered message of each room.
type receipts struct {
	mu     sync.Mutex
	newest map[id.RoomID]string
	some   chan struct{}
}

// add remembers what a post answers.
func (r *receipts) add(p bot.Post) {
	if p.ReplyTo == "" || p.Room.ID == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.newest == nil {
		r.newest = map[id.RoomID]string{}
	}
	r.newest[id.RoomID(p.Room.ID)] = p.ReplyTo
	wake(r.wakeup())
}

// wakeup returns the channel that tells of the first receipt; r.mu is held.
func (r *receipts) wakeup() chan struct{} {
	if r.some == nil {
		r.some = make(chan struct{}, 1)
	}
	return r.some
}

func (r *receipts) waiting() chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wakeup()
}

func (r *receipts) take() map[id.RoomID]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.newest
	r.newest = nil
	return all
}

// sendReceipts shows people that their commands have been read. One that
// fails is left out: the next one says the same.
func (s *session) sendReceipts(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-s.t.receipts.waiting():
		}
		pause(ctx, receiptEvery)
		for room, message := range s.t.receipts.take() {
			if _, err := s.call(ctx, "POST", roomPath(room)+"/receipt/m.read/"+url.PathEscape(message), []byte(`{}`)); err != nil {
				break
			}
		}
	}
}
