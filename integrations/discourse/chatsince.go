package discourse

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
)

// ChatSince returns the messages of a place with ids above after, oldest
// first, in at most pages requests (20 if 0). If done is false there are more:
// those after the last one returned, unless that is none at all.
//
// It pages by id from the message after. If that one has expired or was
// deleted the forum answers as if nothing was there, or from the very
// beginning; then the place is read from its new end instead, and if the
// pages run out nothing is returned, because nothing has been proved.
func (c *Client) ChatSince(ctx context.Context, p ChatPlace, after int64, pages int) (messages []ChatMessage, done bool, err error) {
	if pages <= 0 {
		pages = 20
	}
	if after <= 0 {
		return c.chatBackwards(ctx, p, 0, pages)
	}
	target := after
	for range pages {
		page, err := c.chatPage(ctx, p, future, target)
		lost := errors.Is(err, ErrNotFound) || err == nil && len(page.Messages) > 0 && lowest(page.Messages) <= target
		if lost && target == after {
			return c.chatBackwards(ctx, p, after, pages)
		}
		if (err != nil || lost) && len(messages) > 0 {
			return messages, false, nil // these are sure; the trouble is met again from the last one
		}
		if err != nil {
			return nil, false, err
		}
		messages = append(messages, page.Messages...)
		if !page.Newer || len(page.Messages) == 0 {
			return messages, true, nil
		}
		target = messages[len(messages)-1].ID
	}
	return messages, false, nil
}

// chatBackwards reads from the new end down to after.
func (c *Client) chatBackwards(ctx context.Context, p ChatPlace, after int64, pages int) ([]ChatMessage, bool, error) {
	seen := map[int64]ChatMessage{}
	target := int64(0)
	for range pages {
		page, err := c.chatPage(ctx, p, past, target)
		if err != nil {
			return nil, false, err
		}
		low := lowest(page.Messages)
		for _, m := range page.Messages {
			if m.ID > after {
				seen[m.ID] = m
			}
		}
		if !page.Older || low == 0 || low <= after || target != 0 && low >= target {
			return slices.SortedFunc(maps.Values(seen), byID), true, nil
		}
		target = low
	}
	return nil, false, nil
}

func byID(a, b ChatMessage) int { return cmp.Compare(a.ID, b.ID) }

func lowest(messages []ChatMessage) int64 {
	if len(messages) == 0 {
		return 0
	}
	return slices.MinFunc(messages, byID).ID
}
