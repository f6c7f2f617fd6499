package discourse

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// A Topic is a topic as it is shown on its own or as a row in a list, where
// Posts, Stream and the people are missing.
type Topic struct {
	ID         int64  `json:"id"`
	Title      string `json:"title"`
	Slug       string `json:"slug"`
	CategoryID int64  `json:"category_id"` // 0 for personal messages
	Tags       []Tag  `json:"tags"`
	Archetype  string `json:"archetype"` // "regular", "private_message", "banner"
	UserID     int64  `json:"user_id"`   // who began it; not in lists
	ExternalID string `json:"external_id"`

	Created time.Time `json:"created_at"`
	// LastPosted is when the last post was made, zero if the list does not say.
	// Bumped moves for other reasons too: never judge activity by it.
	LastPosted time.Time  `json:"last_posted_at"`
	Bumped     time.Time  `json:"bumped_at"`
	Deleted    *time.Time `json:"deleted_at"`

	Count    int  `json:"posts_count"`
	Highest  int  `json:"highest_post_number"` // numbers have gaps
	Replies  int  `json:"reply_count"`
	Visible  bool `json:"visible"` // false: unlisted
	Closed   bool `json:"closed"`
	Archived bool `json:"archived"`
	Pinned   bool `json:"pinned"`
	Views    int  `json:"views"`
	Likes    int  `json:"like_count"`

	LastPoster string `json:"last_poster_username"` // in lists
	Excerpt    string `json:"excerpt"`              // in lists, for some

	Posts   []Post   `json:"-"` // a part of them; see [Client.Topic]
	Stream  []int64  `json:"-"` // the ids of all posts the account can see, in order
	People  []string `json:"-"` // who takes part in a personal message
	Groups  []string `json:"-"`
	CanPost bool     `json:"-"`
}

// Private reports whether it is a personal message.
func (t Topic) Private() bool { return t.Archetype == "private_message" }

// Path returns where it is found below the forum's address: "t/12".
func (t Topic) Path() string { return fmt.Sprintf("t/%d", t.ID) }

type topicAnswer struct {
	Topic
	PostStream struct {
		Posts  []Post  `json:"posts"`
		Stream []int64 `json:"stream"`
	} `json:"post_stream"`
	Details struct {
		AllowedUsers []struct {
			Username string `json:"username"`
		} `json:"allowed_users"`
		AllowedGroups []struct {
			Name string `json:"name"`
		} `json:"allowed_groups"`
		CanCreatePost bool `json:"can_create_post"`
	} `json:"details"`
}

func (a *topicAnswer) ok() bool { return a.Topic.ID > 0 && allOK(a.PostStream.Posts) }

func (a *topicAnswer) topic() Topic {
	t := a.Topic
	t.Posts, t.Stream, t.CanPost = a.PostStream.Posts, a.PostStream.Stream, a.Details.CanCreatePost
	for _, u := range a.Details.AllowedUsers {
		t.People = append(t.People, u.Username)
	}
	for _, g := range a.Details.AllowedGroups {
		t.Groups = append(t.Groups, g.Name)
	}
	return t
}

type streamAnswer struct {
	PostStream struct {
		Posts *[]Post `json:"posts"`
	} `json:"post_stream"`
}

func (a *streamAnswer) ok() bool { return a.PostStream.Posts != nil && allOK(*a.PostStream.Posts) }

func (c *Client) topicView(ctx context.Context, id int64, q url.Values) (Topic, error) {
	q.Set("include_raw", "true")
	var a topicAnswer
	err := c.get(ctx, fmt.Sprintf("get topic %d", id), fmt.Sprintf("t/%d.json", id), q, &a)
	return a.topic(), err
}

// Topic returns a topic with a page of its posts, counted from 1; a server
// shows 20 at a time and answers ErrNotFound after the last. Servers that know
// how give raw texts too.
func (c *Client) Topic(ctx context.Context, id int64, page int) (Topic, error) {
	q := url.Values{}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return c.topicView(ctx, id, q)
}

// TopicAt returns a topic with the posts around a post number.
func (c *Client) TopicAt(ctx context.Context, id int64, number int) (Topic, error) {
	return c.topicView(ctx, id, url.Values{"post_number": {strconv.Itoa(number)}})
}

// TopicEnd returns a topic with its last posts.
func (c *Client) TopicEnd(ctx context.Context, id int64) (Topic, error) {
	return c.TopicAt(ctx, id, 999_999_999)
}

// TopicPosts returns posts of a topic by their ids, up to fifty a request.
// Those that are gone or belong elsewhere are left out.
func (c *Client) TopicPosts(ctx context.Context, topic int64, ids []int64) ([]Post, error) {
	var all []Post
	for len(ids) > 0 {
		n := min(len(ids), window)
		q := url.Values{"include_raw": {"true"}}
		for _, id := range ids[:n] {
			q.Add("post_ids[]", strconv.FormatInt(id, 10))
		}
		var a streamAnswer
		if err := c.get(ctx, fmt.Sprintf("get posts of topic %d", topic), fmt.Sprintf("t/%d/posts.json", topic), q, &a); err != nil {
			return nil, err
		}
		all = append(all, *a.PostStream.Posts...)
		ids = ids[n:]
	}
	return all, nil
}

// A TopicChange is what to change about a topic; empty fields stay as they are.
type TopicChange struct {
	Title      string `json:"title,omitempty"`
	CategoryID int64  `json:"category_id,omitempty"`
	Tags       []Tag  `json:"tags,omitempty"`
}

// UpdateTopic changes title, category or tags.
func (c *Client) UpdateTopic(ctx context.Context, id int64, change TopicChange) error {
	return c.do(ctx, &request{op: fmt.Sprintf("update topic %d", id), method: http.MethodPut,
		path: fmt.Sprintf("t/-/%d.json", id), body: change})
}

// SetTopicStatus sets "closed", "pinned", "visible" or "archived".
func (c *Client) SetTopicStatus(ctx context.Context, id int64, status string, enabled bool) error {
	return c.do(ctx, &request{op: fmt.Sprintf("set topic %d %s", id, status), method: http.MethodPut,
		path: fmt.Sprintf("t/%d/status.json", id),
		body: map[string]string{"status": status, "enabled": strconv.FormatBool(enabled)}})
}

// DeleteTopic deletes a topic.
func (c *Client) DeleteTopic(ctx context.Context, id int64) error {
	return c.do(ctx, &request{op: fmt.Sprintf("delete topic %d", id), method: http.MethodDelete, path: fmt.Sprintf("t/%d.json", id)})
}
