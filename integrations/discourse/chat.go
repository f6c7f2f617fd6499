package discourse

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// A Channel is a chat channel or a direct chat between people.
type Channel struct {
	ID        int64        `json:"id"`
	Title     string       `json:"title"`
	Slug      string       `json:"slug"`
	Status    string       `json:"status"`            // "open", "read_only", "closed", "archived"
	Kind      string       `json:"chatable_type"`     // "Category", "DirectMessage"
	Threads   bool         `json:"threading_enabled"` // then answers in threads are not in the channel's list
	Last      *ChatMessage `json:"last_message"`
	People    []ChatUser   `json:"-"` // of a direct chat
	Following bool         `json:"-"` // the account is a member
	Category  int64        `json:"-"` // the category it belongs to, 0 if none
}

// Direct reports whether it is a chat between people.
func (c Channel) Direct() bool { return c.Kind == "DirectMessage" }

// UnmarshalJSON reads a channel with what it keeps deeper down.
func (c *Channel) UnmarshalJSON(b []byte) error {
	type plain Channel
	var d struct {
		plain
		ChatableID int64 `json:"chatable_id"`
		Chatable   struct {
			Users []ChatUser `json:"users"`
		} `json:"chatable"`
		Membership *struct {
			Following bool `json:"following"`
		} `json:"current_user_membership"`
	}
	err := lenient(json.Unmarshal(b, &d))
	*c = Channel(d.plain)
	c.People = d.Chatable.Users
	c.Following = d.Membership != nil && d.Membership.Following
	if c.Kind == "Category" {
		c.Category = d.ChatableID
	}
	return err
}

// A ChatUser is who said something.
type ChatUser struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
}

// A ChatMessage is one message of Chat.
type ChatMessage struct {
	ID        int64      `json:"id"`
	ChannelID int64      `json:"chat_channel_id"`
	ThreadID  int64      `json:"thread_id"` // 0: in no thread
	Text      string     `json:"message"`   // Markdown
	Cooked    string     `json:"cooked"`
	Excerpt   string     `json:"excerpt"`
	Created   time.Time  `json:"created_at"`
	Edited    bool       `json:"edited"`
	Deleted   *time.Time `json:"deleted_at"`
	User      ChatUser   `json:"user"`
	ReplyTo   struct {
		ID int64 `json:"id"`
	} `json:"in_reply_to"`
	Reactions []Reaction `json:"reactions"`
	Hook      *struct {
		Username string `json:"username"`
	} `json:"chat_webhook_event"` // set if a program said it
}

// A Reaction is an emoji on a message, and who put it there.
type Reaction struct {
	Emoji string     `json:"emoji"` // its name, without colons
	Count int        `json:"count"`
	Users []ChatUser `json:"users"` // not all of them, where there are many
}

// Channels are what the account can see of Chat.
type Channels struct {
	Public []Channel
	Direct []Channel
}

type channelsAnswer struct {
	Public *[]Channel `json:"public_channels"`
	Direct []Channel  `json:"direct_message_channels"`
}

func (a *channelsAnswer) ok() bool { return a.Public != nil }

// Channels returns the channels the account has joined and its direct chats,
// each with its last message: one request tells which of them have news.
// ErrNotFound or ErrForbidden where Chat is off.
func (c *Client) Channels(ctx context.Context) (Channels, error) {
	var a channelsAnswer
	if err := c.get(ctx, "list chat channels", "chat/api/me/channels", nil, &a); err != nil {
		return Channels{}, err
	}
	return Channels{*a.Public, a.Direct}, nil
}

// chatPage is how many messages every server gives at once; more is refused by older ones.
const chatPage = 50

// A ChatPage is a part of a channel or thread, oldest first.
type ChatPage struct {
	Messages []ChatMessage
	Older    bool // there are older ones
	Newer    bool // there are newer ones
}

type chatAnswer struct {
	Messages *[]ChatMessage `json:"messages"`
	Meta     struct {
		Past   bool `json:"can_load_more_past"`
		Future bool `json:"can_load_more_future"`
	} `json:"meta"`
}

func (a *chatAnswer) ok() bool {
	if a.Messages == nil {
		return false
	}
	for _, m := range *a.Messages {
		if m.ID <= 0 {
			return false
		}
	}
	return true
}

// A ChatPlace is a channel, or a thread in it.
type ChatPlace struct {
	Channel int64
	Thread  int64 // 0: the channel itself
}

func (p ChatPlace) path() string {
	if p.Thread != 0 {
		return fmt.Sprintf("chat/api/channels/%d/threads/%d/messages", p.Channel, p.Thread)
	}
	return fmt.Sprintf("chat/api/channels/%d/messages", p.Channel)
}

func (p ChatPlace) String() string {
	if p.Thread != 0 {
		return fmt.Sprintf("chat %d, thread %d", p.Channel, p.Thread)
	}
	return fmt.Sprintf("chat %d", p.Channel)
}

// Where a page lies of its target.
const (
	past   = "past"
	future = "future"
)

func (c *Client) chatPage(ctx context.Context, p ChatPlace, direction string, target int64) (ChatPage, error) {
	q := url.Values{"page_size": {strconv.Itoa(chatPage)}}
	if target > 0 {
		q.Set("direction", direction)
		q.Set("target_message_id", strconv.FormatInt(target, 10))
	}
	var a chatAnswer
	if err := c.get(ctx, "read "+p.String(), p.path(), q, &a); err != nil {
		return ChatPage{}, err
	}
	return ChatPage{*a.Messages, a.Meta.Past, a.Meta.Future}, nil
}

// ChatNewest returns the newest messages of a place.
func (c *Client) ChatNewest(ctx context.Context, p ChatPlace) (ChatPage, error) {
	return c.chatPage(ctx, p, "", 0)
}
