package discourse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// Rooms that are no topics yet; see [bot.Room].
const (
	inCategory = "category/"
	openedBy   = "opened/"
)

// opens reports whether a post opens a topic.
func opens(p bot.Post) bool { return p.To == "" && strings.HasPrefix(p.Room.ID, inCategory) }

// open makes a topic and returns the id of its first post. Its external id is
// made from the key, and the forum takes each only once: if that or the title
// is there already, the topic that has the external id is the one.
func (t *Transport) open(ctx context.Context, p bot.Post) (string, error) {
	category, err := number(strings.TrimPrefix(p.Room.ID, inCategory))
	if err != nil {
		return "", err
	}
	if p.Title == "" {
		return "", fmt.Errorf("%w: a topic without a title", bot.ErrNever)
	}
	txn := bot.TxnID(p.Key)
	if p.Tries > 1 {
		if id, err := t.firstPost(ctx, p.Key); err == nil || !errors.Is(err, forum.ErrNotFound) {
			return id, err
		}
	}
	n := forum.NewPost{Title: p.Title, CategoryID: category, ExternalID: txn, Key: txn, Raw: t.written(ctx, p)}
	if n.Raw, err = t.withFile(ctx, p, n.Raw); err != nil {
		return "", err
	}
	made, err := t.client.Create(ctx, n)
	if errors.Is(err, forum.ErrInvalid) {
		if id, lookErr := t.firstPost(ctx, p.Key); lookErr == nil {
			return id, nil
		}
	}
	if err != nil {
		return "", err
	}
	t.know(made)
	t.remember(p.Key, made.TopicID)
	return postID(made.ID), nil
}

// firstPost returns the id of the post that opens the topic of a key.
func (t *Transport) firstPost(ctx context.Context, key string) (string, error) {
	k, err := t.client.FindTopic(ctx, bot.TxnID(key))
	if err != nil {
		return "", err
	}
	t.remember(key, k.ID)
	if len(k.Posts) == 0 || k.Posts[0].Number != 1 {
		if k, err = t.client.Topic(ctx, k.ID, 1); err != nil {
			return "", err
		}
	}
	for _, p := range k.Posts {
		if p.Number == 1 {
			return postID(p.ID), nil
		}
	}
	return "", fmt.Errorf("the first post of topic %d is not there: %w", k.ID, forum.ErrNotFound)
}

// topicOf returns the topic that a post is said in. One that is not opened
// yet is waited for: it may be next in line, or wait for approval.
func (t *Transport) topicOf(ctx context.Context, p bot.Post) (int64, error) {
	key, ok := strings.CutPrefix(p.Room.ID, openedBy)
	if !ok {
		return number(p.Room.ID)
	}
	t.mu.Lock()
	id := t.opened[key]
	t.mu.Unlock()
	if id != 0 {
		return id, nil
	}
	k, err := t.client.FindTopic(ctx, bot.TxnID(key))
	if errors.Is(err, forum.ErrNotFound) && p.Tries < patience {
		return 0, fmt.Errorf("topic %q is not open yet", key)
	}
	if err != nil {
		return 0, err
	}
	t.remember(key, k.ID)
	return k.ID, nil
}

// patience is how many tries a topic is waited for: about a day.
const patience = 300

func (t *Transport) remember(key string, topic int64) {
	const most = 1000
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.opened) >= most {
		clear(t.opened)
	}
	t.opened[key] = topic
}

// withFile puts the markup of a post's file before its text.
func (t *Transport) withFile(ctx context.Context, p bot.Post, text string) (string, error) {
	if p.File == nil {
		return text, nil
	}
	up, err := t.client.Upload(ctx, forum.File{Name: p.File.Name, MIME: p.File.MIME, Data: p.File.Data})
	if err != nil {
		return "", err
	}
	return attached(p, up) + "\n\n" + text, nil
}
