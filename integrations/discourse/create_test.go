package discourse

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestWhatIsSent(t *testing.T) {
	at := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		do   func(c *Client) error
		ask  string
		body string
	}{
		{"a topic", func(c *Client) error {
			_, err := c.Create(ctx, NewPost{Title: "January call", Raw: "Hello.", CategoryID: 5, Tags: []Tag{{Name: "meeting"}}, ExternalID: "k1"})
			return err
		}, "POST /posts.json", `{"title":"January call","raw":"Hello.","category":5,"tags":["meeting"],"external_id":"k1","auto_track":false}`},
		{"tags as objects", func(c *Client) error {
			_, err := c.Create(ctx, NewPost{Title: "January call", Raw: "Hello.", Tags: []Tag{{ID: 3, Name: "meeting", Slug: "meeting"}}})
			return err
		}, "POST /posts.json", `{"title":"January call","raw":"Hello.","tags":[{"id":3,"name":"meeting"}],"auto_track":false}`},
		{"a reply", func(c *Client) error {
			_, err := c.Create(ctx, NewPost{TopicID: 42, ReplyTo: 4, Raw: "Hello.", Key: "k2"})
			return err
		}, "POST /posts.json", `{"raw":"Hello.\n\n\u003c!-- k2 --\u003e","topic_id":42,"reply_to_post_number":4,"auto_track":false}`},
		{"a personal message", func(c *Client) error {
			_, err := c.Create(ctx, NewPost{Title: "Code", Raw: "Your code is 123.", To: []string{"ana", "circle"}})
			return err
		}, "POST /posts.json", `{"title":"Code","raw":"Your code is 123.","archetype":"private_message","target_recipients":"ana,circle","auto_track":false}`},
		{"an edit", func(c *Client) error {
			_, err := c.EditPost(ctx, 104, Edit{Raw: "New", Reason: "typo", Original: "Old"})
			return err
		}, "PUT /posts/104.json", `{"post":{"raw":"New","edit_reason":"typo","original_text":"Old","raw_old":"Old"}}`},
		{"a deletion", func(c *Client) error { return c.DeletePost(ctx, 104) }, "DELETE /posts/104.json", ""},
		{"a like", func(c *Client) error { return c.Like(ctx, 104) }, "POST /post_actions.json", `{"id":104,"post_action_type_id":2}`},
		{"a like taken back", func(c *Client) error { return c.Unlike(ctx, 104) }, "DELETE /post_actions/104.json?post_action_type_id=2", ""},
		{"a topic's title", func(c *Client) error { return c.UpdateTopic(ctx, 42, TopicChange{Title: "New"}) }, "PUT /t/-/42.json", `{"title":"New"}`},
		{"a topic closed", func(c *Client) error { return c.SetTopicStatus(ctx, 42, "closed", true) }, "PUT /t/42/status.json", `{"enabled":"true","status":"closed"}`},
		{"a topic deleted", func(c *Client) error { return c.DeleteTopic(ctx, 42) }, "DELETE /t/42.json", ""},
		{"chat", func(c *Client) error {
			_, err := c.Say(ctx, NewChat{Place: ChatPlace{3, 5}, Text: "Hello.", ReplyTo: 70})
			return err
		}, "POST /chat/3", `{"message":"Hello.","thread_id":5,"in_reply_to_id":70}`},
		{"a chat edit", func(c *Client) error { return c.EditChat(ctx, 3, 70, "New") }, "PUT /chat/api/channels/3/messages/70", `{"message":"New"}`},
		{"a chat deletion", func(c *Client) error { return c.DeleteChat(ctx, 3, 70) }, "DELETE /chat/api/channels/3/messages/70", ""},
		{"a chat reaction", func(c *Client) error { return c.ReactChat(ctx, 3, 70, "heart", false) }, "PUT /chat/3/react/70", `{"emoji":"heart","react_action":"remove"}`},
		{"joining", func(c *Client) error { return c.Join(ctx, 3) }, "POST /chat/api/channels/3/memberships/me", ""},
		{"a direct chat", func(c *Client) error { _, err := c.OpenDirect(ctx, "ana"); return err }, "POST /chat/api/direct-message-channels", `{"target_usernames":["ana"],"upsert":true}`},
	} {
		answer := fmt.Sprintf(`{"id":7,"topic_id":42,"post":{"id":7,"topic_id":42},"message_id":70,"channel":{"id":9},"created_at":%q}`, at.Format(time.RFC3339))
		c, f := open(t, always(200, answer))
		err := tt.do(c)
		if ask, body := f.last(); err != nil || ask != tt.ask || body != tt.body {
			t.Errorf("%s: %v\n got %s %s\nwant %s %s", tt.name, err, ask, body, tt.ask, tt.body)
		}
	}
}

func TestAnswersToANewPost(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		id         int64
		why        error
	}{
		{"posted", recorded(t, "post.json"), 104, nil},
		{"posted, nested", `{"action":"create_post","post":{"id":7,"topic_id":42}}`, 7, nil},
		{"held", `{"success":true,"action":"enqueued","pending_post":{"id":3},"pending_count":1}`, 0, ErrHeld},
		{"no sense", `{"success":true}`, 0, ErrUnknown},
	} {
		c, _ := open(t, always(200, tt.body))
		p, err := c.Create(ctx, NewPost{TopicID: 42, Raw: "Hello."})
		if p.ID != tt.id || !errors.Is(err, tt.why) {
			t.Errorf("%s: %d, %v", tt.name, p.ID, err)
		}
		if tt.why == ErrHeld && Transient(err) {
			t.Errorf("%s: would be sent again", tt.name)
		}
	}
}

func TestPostsThatMakeNoSenseAreNotSent(t *testing.T) {
	for _, n := range []NewPost{
		{}, {Raw: "Hello."}, {TopicID: 1}, {TopicID: 1, Raw: "x", Title: "y"}, {TopicID: 1, Raw: "x", To: []string{"ana"}},
		{Title: "x", Raw: "y", ExternalID: "with space"}, {Title: "x", Raw: "y", ExternalID: strings.Repeat("a", 51)},
		{TopicID: 1, Raw: "x", Key: "--> <b>"}, {Title: "x", Raw: "y", To: []string{"ana,bob"}}, {Title: "x", Raw: "y", To: []string{""}},
	} {
		c, f := open(t, always(200, `{}`))
		if _, err := c.Create(ctx, n); !errors.Is(err, ErrInvalid) || len(f.asked) > 0 {
			t.Errorf("%+v: %v after %q", n, err, f.asked)
		}
	}
}

func TestTheSamePostGivesTheSameBytes(t *testing.T) {
	c, f := open(t, always(200, recorded(t, "post.json")))
	n := NewPost{Title: "January call", Raw: "Hello.", Tags: []Tag{{Name: "b"}, {Name: "a"}}, ExternalID: "k1"}
	for range 2 {
		if _, err := c.Create(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	if f.sent[0] != f.sent[1] || !reflect.DeepEqual(f.heads[0], f.heads[1]) {
		t.Errorf("they differ:\n%s\n%s", f.sent[0], f.sent[1])
	}
}

func TestMarkers(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		{Mark("Hello.", "k1"), "k1"},
		{Mark("Hello.", "k1") + "\n\n", "k1"},
		{"<!-- k1 -->", "k1"},
		{Mark(Mark("Hello.", "k1"), "k2"), "k1 k2"},
		{"Hello. <!-- k1 -->", ""},
		{Mark("Hello.", "k1") + "\nMore.", "k1"},
		{Mark("Hello.", "two words"), ""},
		{"", ""},
	} {
		if got := strings.Join(MarksOf(tt.raw), " "); got != tt.want {
			t.Errorf("MarksOf(%q) = %q, want %q", tt.raw, got, tt.want)
		}
	}
}

func TestFindReply(t *testing.T) {
	raws := map[string]string{
		"/posts/101.json": `{"id":101,"topic_id":42,"username":"Wortley","raw":"Hello.\n\n<!-- k1 -->"}`,
		"/posts/103.json": `{"id":103,"topic_id":42,"username":"wortley","raw":"Hello.\n\n<!-- k2 -->"}`,
	}
	serve := func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; path {
		case "/t/42.json":
			always(200, `{"id":42,"post_stream":{"stream":[90,101,102,103,104],"posts":[
				{"id":101,"topic_id":42,"post_type":1,"username":"wortley"},
				{"id":102,"topic_id":42,"post_type":1,"username":"ana","raw":"Copied.\n\n<!-- k3 -->"},
				{"id":103,"topic_id":42,"post_type":1,"username":"wortley"},
				{"id":104,"topic_id":42,"post_type":1,"username":"other","yours":true,"raw":"Renamed.\n\n<!-- k4 -->"}]}}`)(w, r)
		case "/t/42/posts.json":
			always(200, `{"post_stream":{"posts":[{"id":90,"topic_id":42,"post_type":1,"username":"wortley","raw":"Early.\n\n<!-- k5 -->"}]}}`)(w, r)
		default:
			if raws[path] == "" {
				always(404, `{}`)(w, r)
				return
			}
			always(200, raws[path])(w, r)
		}
	}
	for _, tt := range []struct {
		key string
		id  int64
	}{{"k1", 101}, {"k2", 103}, {"k3", 0}, {"k4", 104}, {"k5", 90}, {"k6", 0}} {
		c, _ := open(t, serve)
		p, err := c.FindReply(ctx, 42, tt.key)
		if p.ID != tt.id || (err == nil) != (tt.id != 0) || tt.id == 0 && !errors.Is(err, ErrNotFound) {
			t.Errorf("FindReply(%s) = %d, %v; want %d", tt.key, p.ID, err, tt.id)
		}
	}
	c, _ := open(t, always(503, "busy"))
	if _, err := c.FindReply(ctx, 42, "k1"); errors.Is(err, ErrNotFound) || !Transient(err) {
		t.Errorf("not knowing is not the same as not finding: %v", err)
	}
	c, _ = open(t, playback(t, "private-posts.json"))
	if p, err := c.FindMessage(ctx, "k2"); err != nil || p.ID != 107 {
		t.Errorf("FindMessage: %d, %v", p.ID, err)
	}
	if _, err := c.FindMessage(ctx, "k9"); !errors.Is(err, ErrNotFound) {
		t.Errorf("FindMessage of what is not there: %v", err)
	}
}

func TestUpload(t *testing.T) {
	c, f := open(t, playback(t, "upload.json"))
	u, err := c.Upload(ctx, File{Name: "chart.png", Data: []byte("\x89PNG\r\n\x1a\n")})
	if err != nil || u.ID != 77 || u.Markdown("The [fund] | 2026") != "![The (fund) / 2026|640x480](upload://abc.png)" {
		t.Errorf("%+v, %v", u, err)
	}
	for _, part := range []string{"name=\"type\"\r\n\r\ncomposer\r\n", "name=\"synchronous\"\r\n\r\ntrue\r\n", `name="file"; filename="chart.png"`, "Content-Type: image/png"} {
		if _, body := f.last(); !strings.Contains(body, part) {
			t.Errorf("the form has no %q: %q", part, body)
		}
	}
	u.Width = 0
	if got := u.Markdown("x"); got != "[chart.png|attachment](upload://abc.png)" {
		t.Errorf("a file: %s", got)
	}
}
