package discourse

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A NewChat is a message to be said in Chat. Its text is a small Markdown
// without headings and HTML, at most 6000 characters.
type NewChat struct {
	Place   ChatPlace
	Text    string
	ReplyTo int64 // begins a thread where the channel has threads
	Uploads []int64
}

type newChatBody struct {
	Message string  `json:"message"`
	Thread  int64   `json:"thread_id,omitempty"`
	ReplyTo int64   `json:"in_reply_to_id,omitempty"`
	Uploads []int64 `json:"upload_ids,omitempty"`
}

type chatID struct {
	ID int64 `json:"message_id"`
}

func (a *chatID) ok() bool { return a.ID > 0 }

// Say says something in Chat and returns the id of the message. Chat has no
// memory of requests: after ErrUnknown look with [Client.FindChat] first.
// ErrNotFound if the account is not a member of the channel; [Client.Join] helps.
// Saying too much silences the account for half an hour.
func (c *Client) Say(ctx context.Context, n NewChat) (int64, error) {
	var a chatID
	err := c.do(ctx, &request{op: "say in " + n.Place.String(), method: http.MethodPost,
		path: fmt.Sprintf("chat/%d", n.Place.Channel),
		body: newChatBody{n.Text, n.Place.Thread, n.ReplyTo, n.Uploads}, into: &a})
	return a.ID, err
}

// FindChat looks for a message of ours with this very text among the newest of
// a place, said at since or later, and returns the newest, or ErrNotFound.
// Two messages of the same text cannot be told apart: it is as much as Chat allows.
func (c *Client) FindChat(ctx context.Context, p ChatPlace, text string, since time.Time) (ChatMessage, error) {
	page, err := c.ChatNewest(ctx, p)
	if err != nil {
		return ChatMessage{}, err
	}
	for i := len(page.Messages) - 1; i >= 0; i-- {
		m := page.Messages[i]
		if m.Deleted == nil && !m.Created.Before(since) && sameName(m.User.Username, c.config.Username) &&
			strings.TrimSpace(m.Text) == strings.TrimSpace(text) {
			return m, nil
		}
	}
	return ChatMessage{}, &Error{Op: "find in " + p.String(), Why: ErrNotFound}
}

// EditChat changes the text of a message of ours. It needs a key without scopes.
func (c *Client) EditChat(ctx context.Context, channel, message int64, text string) error {
	return c.do(ctx, &request{op: fmt.Sprintf("edit chat message %d", message), method: http.MethodPut,
		path: fmt.Sprintf("chat/api/channels/%d/messages/%d", channel, message), body: map[string]string{"message": text}})
}

// DeleteChat deletes a message of ours. It needs a key without scopes.
func (c *Client) DeleteChat(ctx context.Context, channel, message int64) error {
	return c.do(ctx, &request{op: fmt.Sprintf("delete chat message %d", message), method: http.MethodDelete,
		path: fmt.Sprintf("chat/api/channels/%d/messages/%d", channel, message)})
}

// ReactChat puts an emoji, by its name without colons, on a message, or takes
// it off. It needs a key without scopes.
func (c *Client) ReactChat(ctx context.Context, channel, message int64, emoji string, on bool) error {
	action := "add"
	if !on {
		action = "remove"
	}
	return c.do(ctx, &request{op: fmt.Sprintf("react to chat message %d", message), method: http.MethodPut,
		path: fmt.Sprintf("chat/%d/react/%d", channel, message), body: map[string]string{"emoji": emoji, "react_action": action}})
}

// Join makes the account a member of a channel. It needs a key without scopes.
func (c *Client) Join(ctx context.Context, channel int64) error {
	return c.do(ctx, &request{op: fmt.Sprintf("join chat %d", channel), method: http.MethodPost,
		path: fmt.Sprintf("chat/api/channels/%d/memberships/me", channel)})
}

type channelAnswer struct {
	Channel Channel `json:"channel"`
}

func (a *channelAnswer) ok() bool { return a.Channel.ID > 0 }

// OpenDirect returns the direct chat with people; it is made if there is
// none. It needs a key without scopes.
func (c *Client) OpenDirect(ctx context.Context, usernames ...string) (Channel, error) {
	var a channelAnswer
	err := c.do(ctx, &request{op: "open chat with " + strings.Join(usernames, ", "), method: http.MethodPost,
		path: "chat/api/direct-message-channels", body: map[string]any{"target_usernames": usernames, "upsert": true}, into: &a})
	return a.Channel, err
}
