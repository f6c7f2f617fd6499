package discourse

import (
	"context"
	"sync"
	"time"

	forum "git.coop/cotech/wortley/integrations/discourse"
)

// A bell is the account's notifications, for the forum and its chat together.
type bell struct {
	mu   sync.Mutex
	at   time.Time
	list []forum.Notification
}

// bellEvery is how often the forum is asked for notifications.
const bellEvery = time.Minute

// notes returns the newest notifications, at most a minute old.
func (b *bell) notes(ctx context.Context, c *forum.Client, now time.Time) ([]forum.Notification, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
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
