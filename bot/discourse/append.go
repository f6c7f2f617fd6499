package discourse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// add says a post by adding it to the last one of the topic, if that is the
// bot's too: forums refuse more than a few replies in a row, and the answer
// must not be lost. The post is edited only if it still is what was read.
func (t *Transport) add(ctx context.Context, p bot.Post, n forum.NewPost) (string, error) {
	about, err := t.client.TopicEnd(ctx, n.TopicID)
	if err != nil {
		return "", err
	}
	last, ok := lastTalk(about.Posts)
	if !ok || !t.isOurs(last) || last.UserDeleted || len(about.Stream) > 0 && !about.CanPost {
		return "", errNoRoom
	}
	full, err := t.client.Post(ctx, last.ID)
	if err != nil {
		return "", err
	}
	sections := forum.Sections(full.Raw)
	if slices.ContainsFunc(sections, func(s forum.Section) bool { return s.Key == n.Key }) {
		return postID(full.ID), nil
	}
	text := n.Raw
	if n.ReplyTo > 0 {
		text = fmt.Sprintf("*To [post %d](%s):*\n\n%s", n.ReplyTo, t.client.Link(address(about, n.ReplyTo)), text)
	}
	sections = append(sections, forum.Section{Text: text, Key: n.Key})
	if _, err := t.client.EditPost(ctx, full.ID, forum.Edit{Raw: forum.Join(sections), Original: full.Raw}); err != nil {
		return "", err
	}
	return postID(full.ID), nil
}

// errNoRoom: the last post of the topic is not the bot's.
var errNoRoom = errors.New("nothing to add it to")

// lastTalk returns the last post that a person or the bot wrote.
func lastTalk(posts []forum.Post) (forum.Post, bool) {
	for _, p := range slices.Backward(posts) {
		if p.Type == forum.Regular {
			return p, true
		}
	}
	return forum.Post{}, false
}

// edit gives a part of one of our posts a new text, or takes it out if text
// is empty. It keeps the mark it was made with.
func (t *Transport) edit(ctx context.Context, post, text, txn string) error {
	id, err := number(post)
	if err != nil {
		return err
	}
	full, err := t.client.Post(ctx, id)
	if err != nil {
		return err
	}
	sections := forum.Sections(full.Raw)
	i := slices.IndexFunc(sections, func(s forum.Section) bool { return s.Key == txn })
	switch {
	case i < 0 || text != "" && len(sections) == 1:
		sections = []forum.Section{{Text: text, Key: txn}}
	case text != "":
		sections[i].Text = text
	default:
		sections = slices.Delete(sections, i, i+1)
	}
	raw := forum.Join(sections)
	if raw == full.Raw {
		return nil // an earlier try has done it
	}
	_, err = t.client.EditPost(ctx, id, forum.Edit{Raw: raw, Original: full.Raw})
	return err
}

// slow is how long a forum may work on a request that nobody waits for any
// more; then the server kills it. A second try at the same time can be posted
// beside the first.
const slow = 35 * time.Second

// begin remembers that a post is being tried.
func (t *Transport) begin(key string, at time.Time) {
	const most = 1000
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.tried) >= most {
		clear(t.tried)
	}
	t.tried[key] = at
}

// end forgets a try whose outcome is known.
func (t *Transport) end(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tried, key)
}

// unsure returns how long an earlier try of a post may still be under way, 0
// if none is. One of a run of the bot that was killed ended with that.
func (t *Transport) unsure(p bot.Post) time.Duration {
	t.mu.Lock()
	at, known := t.tried[p.Key]
	t.mu.Unlock()
	if !known && p.Made.Before(t.started) {
		at = t.started
	}
	return max(at.Add(t.Slow).Sub(t.Now()), 0)
}
