package discourse

import (
	"context"
	"fmt"
)

// A Thread is a thread of a chat channel. What is said in it is not in the
// channel's list of messages.
type Thread struct {
	ID        int64       `json:"id"`
	ChannelID int64       `json:"channel_id"`
	Title     string      `json:"title"`
	Original  ChatMessage `json:"original_message"`
	LastID    int64       `json:"last_message_id"` // 0 if not told
}

type threadsAnswer struct {
	Threads *[]Thread `json:"threads"`
}

func (a *threadsAnswer) ok() bool { return a.Threads != nil }

func (c *Client) threads(ctx context.Context, op, path string) ([]Thread, error) {
	var a threadsAnswer
	if err := c.get(ctx, op, path, nil, &a); err != nil {
		return nil, err
	}
	return *a.Threads, nil
}

// Threads returns the threads of a channel, the liveliest first.
func (c *Client) Threads(ctx context.Context, channel int64) ([]Thread, error) {
	return c.threads(ctx, fmt.Sprintf("list threads of chat %d", channel), fmt.Sprintf("chat/api/channels/%d/threads", channel))
}

// MyThreads returns the threads the account takes part in.
func (c *Client) MyThreads(ctx context.Context) ([]Thread, error) {
	return c.threads(ctx, "list own threads", "chat/api/me/threads")
}
