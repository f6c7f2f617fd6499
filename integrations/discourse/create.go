package discourse

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// A NewPost is a topic, a reply or a personal message to be made.
type NewPost struct {
	Raw string // Markdown

	// A topic.
	Title      string
	CategoryID int64
	Tags       []Tag  // as [Client.Tags] gave them; look at the topic afterwards: those we may not make are dropped silently
	ExternalID string // unique on the site: up to 50 letters, digits, "_" and "-"
	Unlisted   bool

	// A reply.
	TopicID int64
	ReplyTo int // the number of the post it answers, 0: the topic

	// A personal message, with Title and perhaps ExternalID.
	To []string // names of people and groups

	// Key is put at the end of the text; see [Mark]. For replies and messages.
	Key string
	// NoBump leaves the topic where it is in the lists; for trust level 4.
	NoBump bool
}

type newPostBody struct {
	Title      string `json:"title,omitempty"`
	Raw        string `json:"raw"`
	Category   int64  `json:"category,omitempty"`
	Tags       []Tag  `json:"tags,omitempty"`
	ExternalID string `json:"external_id,omitempty"`
	Unlist     bool   `json:"unlist_topic,omitempty"`
	TopicID    int64  `json:"topic_id,omitempty"`
	ReplyTo    int    `json:"reply_to_post_number,omitempty"`
	Archetype  string `json:"archetype,omitempty"`
	Recipients string `json:"target_recipients,omitempty"`
	NoBump     bool   `json:"no_bump,omitempty"`
	AutoTrack  bool   `json:"auto_track"` // false: the account does not begin to follow each topic it answers in
}

func (n NewPost) body() newPostBody {
	b := newPostBody{Title: n.Title, Raw: n.Raw, Category: n.CategoryID, Tags: n.Tags, ExternalID: n.ExternalID,
		Unlist: n.Unlisted, TopicID: n.TopicID, ReplyTo: n.ReplyTo, NoBump: n.NoBump}
	if n.Key != "" {
		b.Raw = Mark(n.Raw, n.Key)
	}
	if len(n.To) > 0 {
		b.Archetype, b.Recipients = "private_message", strings.Join(n.To, ",")
	}
	return b
}

// check refuses what would not do what it says.
func (n NewPost) check() error {
	switch {
	case n.Raw == "":
		return fmt.Errorf("an empty text")
	case n.TopicID != 0 && (n.Title != "" || len(n.To) > 0 || n.ExternalID != "" || len(n.Tags) > 0):
		return fmt.Errorf("a reply cannot have a title, people, tags or an external id")
	case n.TopicID == 0 && n.Title == "":
		return fmt.Errorf("neither a topic nor a title")
	case n.ExternalID != "" && !aKey.MatchString(n.ExternalID), n.Key != "" && !aKey.MatchString(n.Key):
		return fmt.Errorf("a key must be 1 to 50 letters, digits, _ or -")
	}
	for _, to := range n.To {
		if to == "" || strings.ContainsAny(to, ", \n") {
			return fmt.Errorf("%q is not the name of a person or group", to)
		}
	}
	return nil
}

type createAnswer struct {
	Post
	Action  string          `json:"action"`
	Nested  *Post           `json:"post"`
	Pending json.RawMessage `json:"pending_post"`
}

func (a *createAnswer) held() bool { return a.Action == "enqueued" || a.Pending != nil }

func (a *createAnswer) ok() bool {
	if a.Nested != nil && a.Post.ID == 0 {
		a.Post = *a.Nested
	}
	return a.held() || a.Post.ok()
}

// Create posts. ErrHeld means that the forum took it and a moderator has to
// approve it; then it has no id. ErrInvalid means that it was refused, which
// after a try of unknown outcome may be because it is there already (titles
// and external ids are unique, and equal texts within five minutes are not
// taken): look with [Client.FindTopic], [Client.FindReply] or [Client.FindMessage].
//
// After ErrUnknown the same NewPost may be sent again between 35 and 100
// seconds after the first try: the forum keeps its answer to the same bytes
// for two minutes, but two tries at once can both be posted. Later: look first.
func (c *Client) Create(ctx context.Context, n NewPost) (Post, error) {
	op := n.op()
	if err := n.check(); err != nil {
		return Post{}, &Error{Op: op, Why: ErrInvalid, Err: err}
	}
	var a createAnswer
	err := c.do(ctx, &request{op: op, method: http.MethodPost, path: "posts.json", body: n.body(), into: &a})
	if err == nil && a.held() {
		err = &Error{Op: op, Why: ErrHeld, Status: http.StatusOK}
	}
	if err != nil {
		return Post{}, err
	}
	return a.Post, nil
}

func (n NewPost) op() string {
	switch {
	case n.TopicID != 0:
		return fmt.Sprintf("reply in topic %d", n.TopicID)
	case len(n.To) > 0:
		return "send message"
	}
	return "create topic"
}
