package discourse

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// Send implements [bot.Transport]. A post of a known person without a room
// begins a personal message.
func (t *Transport) Send(ctx context.Context, p bot.Post) (string, error) {
	id, err := t.send(ctx, p)
	if err != nil {
		return "", fmt.Errorf("%s: %w", t.name, translate(err, p.Tries))
	}
	return id, nil
}

func (t *Transport) send(ctx context.Context, p bot.Post) (string, error) {
	switch p.Kind {
	case bot.Edit:
		return p.OfID, t.edit(ctx, p.OfID, t.written(ctx, p), bot.TxnID(p.Of))
	case bot.Withdraw:
		return p.OfID, t.withdraw(ctx, p)
	case bot.React:
		return t.like(ctx, p)
	}
	if opens(p) {
		return t.open(ctx, p)
	}
	if p.Tries > 1 {
		found, err := t.find(ctx, p)
		if err == nil {
			return postID(found.ID), nil
		}
		if !errors.Is(err, forum.ErrNotFound) {
			return "", err
		}
		if wait := t.unsure(p); wait > 0 {
			return "", fmt.Errorf("an earlier try may be under way: %w", &bot.WaitError{For: wait})
		}
	}
	n, err := t.draft(ctx, p)
	if err != nil {
		return "", err
	}
	t.begin(p.Key, t.Now())
	made, err := t.client.Create(ctx, n)
	if !errors.Is(err, forum.ErrUnknown) {
		t.end(p.Key)
	}
	if errors.Is(err, forum.ErrInvalid) && n.TopicID != 0 {
		if id, addErr := t.add(ctx, p, n); !errors.Is(addErr, errNoRoom) {
			return id, addErr
		}
	}
	if err != nil {
		return "", err
	}
	t.know(made)
	return postID(made.ID), nil
}

// find looks for a post that may have been said before.
func (t *Transport) find(ctx context.Context, p bot.Post) (forum.Post, error) {
	if p.To != "" {
		return t.client.FindMessage(ctx, bot.TxnID(p.Key))
	}
	topic, err := t.topicOf(ctx, p)
	if err != nil {
		return forum.Post{}, err
	}
	return t.client.FindReply(ctx, topic, bot.TxnID(p.Key))
}

// draft returns what is to be posted.
func (t *Transport) draft(ctx context.Context, p bot.Post) (n forum.NewPost, err error) {
	n = forum.NewPost{Raw: t.written(ctx, p), Key: bot.TxnID(p.Key)}
	if n.Raw, err = t.withFile(ctx, p, n.Raw); err != nil {
		return n, err
	}
	if p.To != "" {
		n.To, n.Title = []string{p.To}, t.Title
		return n, nil
	}
	if n.TopicID, err = t.topicOf(ctx, p); err != nil || p.ReplyTo == "" {
		return n, err
	}
	n.ReplyTo, err = t.numberOf(ctx, p.ReplyTo, n.TopicID)
	return n, err
}

// numberOf returns the number of a post in a topic, 0 if it is not there.
func (t *Transport) numberOf(ctx context.Context, post string, topic int64) (int, error) {
	id, err := number(post)
	if err != nil {
		return 0, nil // no post of this forum: the topic is answered
	}
	t.mu.Lock()
	n := t.numbers[id]
	t.mu.Unlock()
	if n > 0 {
		return n, nil
	}
	p, err := t.client.Post(ctx, id)
	if errors.Is(err, forum.ErrNotFound) || err == nil && p.TopicID != topic {
		return 0, nil
	}
	return p.Number, err
}

// takenBack is shown in place of a post that cannot be deleted, such as the
// first of a personal message.
const takenBack = "*I have taken this back.*"

func (t *Transport) withdraw(ctx context.Context, p bot.Post) error {
	id, err := number(p.OfID)
	if err != nil {
		return err
	}
	full, err := t.client.Post(ctx, id)
	if err == nil && len(forum.Sections(full.Raw)) > 1 { // something else was said in it too
		return t.edit(ctx, p.OfID, "", bot.TxnID(p.Of))
	}
	if err == nil {
		err = t.client.DeletePost(ctx, id)
	}
	if errors.Is(err, forum.ErrForbidden) || errors.Is(err, forum.ErrInvalid) {
		err = t.edit(ctx, p.OfID, takenBack, bot.TxnID(p.Of))
	}
	if errors.Is(err, forum.ErrNotFound) {
		return nil
	}
	return err
}

// like is the only reaction that every forum has; it stands for all others.
func (t *Transport) like(ctx context.Context, p bot.Post) (string, error) {
	id, err := number(p.OfID)
	if err != nil {
		return "", err
	}
	if err := t.client.Like(ctx, id); errors.Is(err, forum.ErrForbidden) {
		return "", fmt.Errorf("%w: %w", bot.ErrNever, err)
	} else if err != nil {
		return "", err
	}
	return "like/" + p.OfID, nil
}

func number(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%w: %q is no id of this forum", bot.ErrNever, id)
	}
	return n, nil
}

// translate says what an error means for the post.
func translate(err error, tries int) error {
	const hopeless = 6 // a forum under load may lose the key for a while, but not so often
	wrap := func(as error) error { return fmt.Errorf("%w: %w", as, err) }
	var of *forum.Error
	var wait *bot.WaitError
	errors.As(err, &of)
	switch {
	case errors.As(err, &wait):
		return err
	case errors.Is(err, forum.ErrRateLimited):
		return wrap(&bot.WaitError{For: max(forum.Wait(err), time.Second), All: of != nil && of.All})
	case errors.Is(err, forum.ErrReadOnly):
		return wrap(&bot.WaitError{For: time.Minute, All: true})
	case errors.Is(err, forum.ErrOverloaded):
		return wrap(&bot.WaitError{For: 30 * time.Second, All: true})
	case errors.Is(err, forum.ErrHeld):
		return wrap(bot.ErrHeld)
	case errors.Is(err, forum.ErrUnknown):
		return wrap(bot.ErrUnknown)
	case errors.Is(err, forum.ErrInvalid), errors.Is(err, forum.ErrMoved), errors.Is(err, forum.ErrNotFound):
		return wrap(bot.ErrNever)
	case errors.Is(err, forum.ErrForbidden) && tries >= hopeless:
		return wrap(bot.ErrNever)
	}
	return err
}
