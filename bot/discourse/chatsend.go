package discourse

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// Send implements [bot.Transport]. Chat keeps no mark and knows no request
// again: a post that may have been said is looked for by its words, among the
// newest messages of its place.
func (c *Chat) Send(ctx context.Context, p bot.Post) (string, error) {
	id, err := c.send(ctx, p)
	if err != nil {
		return "", fmt.Errorf("%s: %w", c.name, c.translate(err, p.Tries))
	}
	return id, nil
}

func (c *Chat) send(ctx context.Context, p bot.Post) (string, error) {
	switch p.Kind {
	case bot.Edit:
		return c.edit(ctx, p)
	case bot.Withdraw:
		return p.OfID, c.withdraw(ctx, p)
	case bot.React:
		return c.react(ctx, p)
	}
	n, err := c.draft(ctx, p)
	if err != nil {
		return "", err
	}
	if p.Tries > 1 {
		if id, err := c.find(ctx, n, p); err == nil || !errors.Is(err, forum.ErrNotFound) {
			return id, err
		}
	}
	return c.say(ctx, n, p)
}

// draft returns what is to be said. An answer is said where its question was.
func (c *Chat) draft(ctx context.Context, p bot.Post) (n forum.NewChat, err error) {
	n.Text = c.chatText(ctx, p)
	if p.File != nil {
		up, err := c.client.Upload(ctx, forum.File{Name: p.File.Name, MIME: p.File.MIME, Data: p.File.Data})
		if err != nil {
			return n, err
		}
		n.Uploads = []int64{up.ID}
	}
	if p.To != "" {
		n.Place.Channel, err = c.directWith(ctx, p.To)
		return n, err
	}
	if n.Place.Channel, err = number(p.Room.ID); err != nil {
		return n, err
	}
	if p.Room.Thread != "" {
		n.Place.Thread, err = number(p.Room.Thread)
		return n, err
	}
	if p.ReplyTo != "" {
		n.ReplyTo, err = number(p.ReplyTo)
	}
	return n, err
}

// say says it. What it answers may be gone by now; a channel that the bot is
// not in can be joined.
func (c *Chat) say(ctx context.Context, n forum.NewChat, p bot.Post) (string, error) {
	id, err := c.client.Say(ctx, n)
	if errors.Is(err, forum.ErrNotFound) && n.ReplyTo != 0 {
		n.ReplyTo = 0
		id, err = c.client.Say(ctx, n)
	}
	if errors.Is(err, forum.ErrNotFound) && c.client.Join(ctx, n.Place.Channel) == nil {
		id, err = c.client.Say(ctx, n)
	}
	if errors.Is(err, forum.ErrInvalid) && c.justSaid(ctx, n) {
		return "", fmt.Errorf("%w: %w", &bot.WaitError{For: 40 * time.Second}, err)
	}
	if err != nil {
		return "", err
	}
	c.use(id, p.Key)
	return postID(id), nil
}

// find looks for what may have been said before, since it was decided, and
// not as another post.
func (c *Chat) find(ctx context.Context, n forum.NewChat, p bot.Post) (string, error) {
	page, err := c.client.ChatNewest(ctx, n.Place)
	if err != nil {
		return "", err
	}
	for _, m := range page.Messages {
		if m.ID == n.ReplyTo && m.ThreadID != 0 { // our answer has begun a thread
			if page, err = c.client.ChatNewest(ctx, forum.ChatPlace{Channel: n.Place.Channel, Thread: m.ThreadID}); err != nil {
				return "", err
			}
			break
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range slices.Backward(page.Messages) {
		if m.Deleted == nil && c.isFree(m.ID, p.Key) && strings.EqualFold(m.User.Username, c.Username) && strings.TrimSpace(m.Text) == strings.TrimSpace(n.Text) &&
			!m.Created.Before(p.Made.Truncate(time.Second)) && (n.ReplyTo == 0 || m.ReplyTo.ID == 0 || m.ReplyTo.ID == n.ReplyTo) {
			c.sent[m.ID] = bot.TxnID(p.Key)
			return postID(m.ID), nil
		}
	}
	return "", forum.ErrNotFound
}

// isFree reports whether a message is not known to be another post.
func (c *Chat) isFree(id int64, key string) bool {
	txn := c.sent[id]
	return txn == "" || txn == bot.TxnID(key)
}

// justSaid reports whether somebody has just said the same, which the forum
// refuses for a while.
func (c *Chat) justSaid(ctx context.Context, n forum.NewChat) bool {
	page, err := c.client.ChatNewest(ctx, n.Place)
	return err == nil && slices.ContainsFunc(page.Messages, func(m forum.ChatMessage) bool {
		return strings.EqualFold(strings.TrimSpace(m.Text), strings.TrimSpace(n.Text)) && c.Now().Sub(m.Created) < 2*time.Minute
	})
}

// use remembers which post a message is: what is heard of it is only told
// together with that.
func (c *Chat) use(id int64, key string) {
	const most = 5000
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sent) >= most {
		clear(c.sent)
	}
	c.sent[id] = bot.TxnID(key)
}

// directWith returns the direct channel with a person.
func (c *Chat) directWith(ctx context.Context, user string) (int64, error) {
	c.mu.Lock()
	id := c.direct[user]
	c.mu.Unlock()
	if id != 0 {
		return id, nil
	}
	ch, err := c.client.OpenDirect(ctx, user)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.direct[user] = ch.ID
	return ch.ID, nil
}

// edit changes what the bot said. With a key that may only write, the new
// words are said as a message of their own.
func (c *Chat) edit(ctx context.Context, p bot.Post) (string, error) {
	id, err := number(p.OfID)
	if err != nil {
		return "", err
	}
	n, err := c.draft(ctx, p)
	if err != nil {
		return "", err
	}
	err = c.client.EditChat(ctx, n.Place.Channel, id, n.Text)
	if errors.Is(err, forum.ErrForbidden) || errors.Is(err, forum.ErrNotFound) {
		if p.Tries > 1 {
			if id, err := c.find(ctx, n, p); err == nil {
				return id, nil
			}
		}
		return c.say(ctx, n, p)
	}
	return p.OfID, err
}

func (c *Chat) withdraw(ctx context.Context, p bot.Post) error {
	id, channel, err := c.whichOf(ctx, p)
	if err != nil {
		return err
	}
	err = c.client.DeleteChat(ctx, channel, id)
	if errors.Is(err, forum.ErrNotFound) {
		return nil
	}
	return err
}

func (c *Chat) react(ctx context.Context, p bot.Post) (string, error) {
	id, channel, err := c.whichOf(ctx, p)
	if err != nil {
		return "", err
	}
	return "react/" + p.OfID + "/" + p.Text, c.client.ReactChat(ctx, channel, id, emojiName(p.Text), true)
}

// whichOf returns the message that a post is about, and its channel.
func (c *Chat) whichOf(ctx context.Context, p bot.Post) (id, channel int64, err error) {
	if id, err = number(p.OfID); err != nil {
		return 0, 0, err
	}
	c.mu.Lock()
	place, known := c.places[id]
	c.mu.Unlock()
	switch {
	case known:
		return id, place.Channel, nil
	case p.To != "":
		channel, err = c.directWith(ctx, p.To)
	default:
		channel, err = number(p.Room.ID)
	}
	return id, channel, err
}

var heading = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *#*$`)

// chatText returns the text of a post as chat takes it: no headings, nobody
// rung for by accident, and not too long.
func (c *Chat) chatText(ctx context.Context, p bot.Post) string {
	text := heading.ReplaceAllString(mentioning(p), "**$1**")
	most := c.forum.limits(ctx).MaxChatText
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	const rest = "\n… The rest is too long for chat: ask me for less at a time."
	return string([]rune(text)[:most-utf8.RuneCountInString(rest)]) + rest
}

// translate says what an error means for the post. An account that said too
// much is silenced for half an hour.
func (c *Chat) translate(err error, tries int) error {
	const hopeless = 10
	var wait *bot.WaitError
	switch {
	case errors.As(err, &wait):
		return err
	case errors.Is(err, forum.ErrRateLimited) && forum.Wait(err) > 0:
		var of *forum.Error
		if errors.As(err, &of) && !of.All {
			return fmt.Errorf("%w: %w", &bot.WaitError{For: max(of.Wait, 30*time.Minute), All: true}, err)
		}
	case errors.Is(err, forum.ErrForbidden) && tries < hopeless:
		return fmt.Errorf("%w: %w", &bot.WaitError{For: 5 * time.Minute}, err)
	case errors.Is(err, forum.ErrForbidden):
		return fmt.Errorf("%w: %w", bot.ErrNever, err)
	}
	return translate(err, tries)
}
