package discourse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// A key names one thing we say, so that it can be found again before it is
// said a second time. The same form serves as a topic's external_id.
var aKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,50}$`)

// Mark puts a key at the end of a text, in a comment that stays in raw and is
// not shown. Edits have to be marked again.
func Mark(raw, key string) string { return raw + "\n\n<!-- " + key + " -->" }

// recent is how many of a topic's last posts are searched for a marker.
const recent = 50

// FindReply looks for our own post with a key among the last fifty of a
// topic, newest first. It returns ErrNotFound if it is not there: also if the
// topic is gone, or if the post waits for approval.
func (c *Client) FindReply(ctx context.Context, topic int64, key string) (Post, error) {
	t, err := c.TopicEnd(ctx, topic)
	if err != nil {
		return Post{}, err
	}
	if p, err := c.marked(ctx, t.Posts, key); err == nil || !errors.Is(err, ErrNotFound) {
		return p, err
	}
	var missing []int64
	for _, id := range t.Stream[max(len(t.Stream)-recent, 0):] {
		if !slices.ContainsFunc(t.Posts, func(p Post) bool { return p.ID == id }) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return Post{}, notThere(key)
	}
	posts, err := c.TopicPosts(ctx, topic, missing)
	if err != nil {
		return Post{}, err
	}
	return c.marked(ctx, posts, key)
}

// FindMessage looks for the first post of a personal message of ours, or for
// a reply in one, among the newest personal messages. ErrNotFound if it is
// not there.
func (c *Client) FindMessage(ctx context.Context, key string) (Post, error) {
	posts, err := c.Posts(ctx, Private, 0)
	if err != nil {
		return Post{}, err
	}
	return c.marked(ctx, posts, key)
}

// marked returns our post with the key. Other people can copy a marker, so
// only our own posts count.
func (c *Client) marked(ctx context.Context, posts []Post, key string) (Post, error) {
	posts = slices.Clone(posts)
	slices.SortFunc(posts, func(a, b Post) int { return cmp.Compare(b.ID, a.ID) })
	for _, p := range posts {
		if !c.isBy(p) || p.Type != Regular {
			continue
		}
		if p.Raw == "" { // the topic came without raw texts
			full, err := c.Post(ctx, p.ID)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return Post{}, err
			}
			p = full
		}
		if slices.Contains(MarksOf(p.Raw), key) {
			return p, nil
		}
	}
	return Post{}, notThere(key)
}

func notThere(key string) error {
	return &Error{Op: fmt.Sprintf("find %q", key), Why: ErrNotFound}
}

// FindTopic returns the topic with an external id, or ErrNotFound.
func (c *Client) FindTopic(ctx context.Context, externalID string) (Topic, error) {
	var t topicAnswer
	err := c.get(ctx, "find topic "+externalID, "t/external_id/"+escape(externalID)+".json", nil, &t)
	return t.topic(), err
}
