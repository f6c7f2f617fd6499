package discourse

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"
)

// NotificationType tells what a notification is about.
type NotificationType int

// The types that lead to something to read or do.
const (
	Mentioned             NotificationType = 1
	Replied               NotificationType = 2
	Quoted                NotificationType = 3
	PrivateMessage        NotificationType = 6
	Posted                NotificationType = 9
	GroupMentioned        NotificationType = 15
	PostApproved          NotificationType = 20
	ChatMention           NotificationType = 29
	ChatMessageNotice     NotificationType = 30
	ChatInvitation        NotificationType = 31
	ChatGroupMention      NotificationType = 32
	WatchingCategoryOrTag NotificationType = 36
)

// A Notification is one row of the account's bell. The rows are no log: those
// about one topic replace each other, and they vanish with what they are
// about. They come seconds or minutes after it.
type Notification struct {
	ID      int64            `json:"id"`
	Type    NotificationType `json:"notification_type"`
	Read    bool             `json:"read"`
	Created time.Time        `json:"created_at"`
	TopicID int64            `json:"topic_id"` // 0 in Chat
	Number  int              `json:"post_number"`
	Data    Notice           `json:"data"`
}

// A Notice is what a notification says of its cause. Fields are filled as far
// as the type has them.
type Notice struct {
	Title       string // of the topic
	PostID      int64
	By          string // who caused it
	Group       string // the group that was mentioned
	ChatChannel int64
	ChatMessage int64
	ChatThread  int64
	Direct      bool // in a chat between few people
}

// UnmarshalJSON reads a notice, whose numbers are sometimes texts.
func (n *Notice) UnmarshalJSON(b []byte) error {
	var d struct {
		TopicTitle   string `json:"topic_title"`
		PostID       number `json:"original_post_id"`
		Display      string `json:"display_username"`
		Original     string `json:"original_username"`
		MentionedBy  string `json:"mentioned_by_username"`
		GroupName    string `json:"group_name"`
		ChatChannel  number `json:"chat_channel_id"`
		ChatMessage  number `json:"chat_message_id"`
		ChatThread   number `json:"chat_thread_id"`
		IsDirect     bool   `json:"is_direct_message_channel"`
		IsGroup      bool   `json:"is_group_mention"`
		Identifier   string `json:"identifier"`
		UserNameOnly string `json:"username"`
	}
	_ = json.Unmarshal(b, &d) // as far as it goes
	*n = Notice{Title: d.TopicTitle, PostID: int64(d.PostID), Group: d.GroupName, ChatChannel: int64(d.ChatChannel),
		ChatMessage: int64(d.ChatMessage), ChatThread: int64(d.ChatThread), Direct: d.IsDirect}
	if d.IsGroup {
		n.Group = d.Identifier
	}
	for _, by := range []string{d.Original, d.MentionedBy, d.Display, d.UserNameOnly} {
		if n.By == "" {
			n.By = by
		}
	}
	return nil
}

// A number is written as a number or as a text.
type number int64

func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseInt(string(bytes.Trim(b, `"`)), 10, 64)
	if err == nil {
		*n = number(v)
	}
	return nil
}

type notificationAnswer struct {
	Notifications *[]Notification `json:"notifications"`
}

func (a *notificationAnswer) ok() bool {
	if a.Notifications == nil {
		return false
	}
	for _, n := range *a.Notifications {
		if n.ID <= 0 {
			return false
		}
	}
	return true
}

// Notifications returns up to 60 notifications, newest first, after skipping
// offset of them. It marks nothing as seen.
func (c *Client) Notifications(ctx context.Context, offset int) ([]Notification, error) {
	q := url.Values{}
	if offset > 0 {
		q.Set("offset", strconv.Itoa(offset))
	}
	var a notificationAnswer
	if err := c.get(ctx, "list notifications", "notifications.json", q, &a); err != nil {
		return nil, err
	}
	return *a.Notifications, nil
}
