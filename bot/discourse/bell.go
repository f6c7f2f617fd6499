package discourse

import (
	"context"
	"time"

	forum "git.coop/cotech/wortley/integrations/discourse"
)

// A bell is the account's notifications, for the forum and its chat together.
type bell struct {
	turn chan struct{} // holds one token while somebody uses what follows
	at   time.Time
	list []forum.Notification
}

func newBell() *bell { return &bell{turn: make(chan struct{}, 1)} }

// bellEvery is how often the forum is asked for notifications.
const bellEvery = time.Minute

// notes returns the newest notifications, at most a minute old.
func (b *bell) notes(ctx context.Context, c *forum.Client, now time.Time) ([]forum.Notification, error) {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-b.turn }()
	if now.Sub(b.at) < bellEvery {
		return b.list, nil
	}
	list, err := c.Notifications(ctx, 0)
	if err != nil {
		return nil, err
	}
	b.list, b.at = list, now
	return list, nil
}
