package discourse

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhatIsAsked(t *testing.T) {
	for _, tt := range []struct {
		file string
		do   func(c *Client) error
		ask  string
	}{
		{"posts.json", func(c *Client) error { _, err := c.Posts(ctx, Public, 0); return err }, "/posts.json"},
		{"posts.json", func(c *Client) error { _, err := c.Posts(ctx, Public, 77); return err }, "/posts.json?before=77"},
		{"private-posts.json", func(c *Client) error { _, err := c.Posts(ctx, Private, 0); return err }, "/private-posts.json"},
		{"topic.json", func(c *Client) error { _, err := c.Topic(ctx, 42, 1); return err }, "/t/42.json?include_raw=true"},
		{"topic.json", func(c *Client) error { _, err := c.Topic(ctx, 42, 2); return err }, "/t/42.json?include_raw=true&page=2"},
		{"topic.json", func(c *Client) error { _, err := c.TopicAt(ctx, 42, 9); return err }, "/t/42.json?include_raw=true&post_number=9"},
		{"topic.json", func(c *Client) error { _, err := c.TopicPosts(ctx, 42, []int64{1, 2}); return err }, "/t/42/posts.json?include_raw=true&post_ids%5B%5D=1&post_ids%5B%5D=2"},
		{"topic.json", func(c *Client) error { _, err := c.FindTopic(ctx, "k1"); return err }, "/t/external_id/k1.json"},
		{"latest.json", func(c *Client) error { _, err := c.Latest(ctx, Listing{}); return err }, "/latest.json"},
		{"latest.json", func(c *Client) error {
			_, err := c.Latest(ctx, Listing{Page: 1, PerPage: 100, Order: "created", TopicIDs: []int64{1, 2}})
			return err
		}, "/latest.json?order=created&page=1&per_page=100&topic_ids=1%2C2"},
		{"latest.json", func(c *Client) error {
			_, err := c.CategoryTopics(ctx, Category{ID: 5, Slug: "working-groups"}, Listing{WithoutSubs: true})
			return err
		}, "/c/working-groups/5/l/latest.json?no_subcategories=true"},
		{"latest.json", func(c *Client) error { _, err := c.TagTopics(ctx, "co-op/x", Listing{}); return err }, "/tag/co-op%2Fx/l/latest.json"},
		{"latest.json", func(c *Client) error { _, err := c.Messages(ctx, "wortley", 0); return err }, "/topics/private-messages/wortley.json"},
		{"latest.json", func(c *Client) error { _, err := c.SentMessages(ctx, "wortley", 1); return err }, "/topics/private-messages-sent/wortley.json?page=1"},
		{"notifications.json", func(c *Client) error { _, err := c.Notifications(ctx, 60); return err }, "/notifications.json?offset=60"},
		{"categories.json", func(c *Client) error { _, err := c.Categories(ctx); return err }, "/categories.json?include_subcategories=true"},
		{"user.json", func(c *Client) error { _, err := c.User(ctx, "ana.b"); return err }, "/u/ana.b.json"},
		{"group.json", func(c *Client) error { _, err := c.Group(ctx, "circle"); return err }, "/groups/circle.json"},
		{"members.json", func(c *Client) error { _, err := c.Members(ctx, "circle"); return err }, "/groups/circle/members.json?limit=200&offset=0"},
		{"directory.json", func(c *Client) error { _, err := c.Directory(ctx, "circle", []int64{1, 2}, 0); return err }, "/directory_items.json?group=circle&page=0&period=all&user_field_ids=1%7C2"},
		{"channels.json", func(c *Client) error { _, err := c.Channels(ctx); return err }, "/chat/api/me/channels"},
		{"messages.json", func(c *Client) error { _, err := c.ChatNewest(ctx, ChatPlace{3, 0}); return err }, "/chat/api/channels/3/messages?page_size=50"},
		{"messages.json", func(c *Client) error { _, err := c.ChatNewest(ctx, ChatPlace{3, 5}); return err }, "/chat/api/channels/3/threads/5/messages?page_size=50"},
		{"basic-info.json", func(c *Client) error { _, err := c.BasicInfo(ctx); return err }, "/site/basic-info.json"},
	} {
		c, f := open(t, playback(t, tt.file))
		if err := tt.do(c); err != nil {
			t.Errorf("%s: %v", tt.ask, err)
		}
		if ask, _ := f.last(); ask != "GET "+tt.ask {
			t.Errorf("asked %s, want %s", ask, tt.ask)
		}
	}
}

func TestPosts(t *testing.T) {
	c, _ := open(t, playback(t, "posts.json"))
	posts, err := c.Posts(ctx, Public, 0)
	if err != nil || len(posts) != 4 {
		t.Fatalf("%d posts, %v", len(posts), err)
	}
	p := posts[0]
	if p.ReplyToUser == nil || p.ReplyToUser.Username == "" {
		t.Errorf("whom it answers is not read: %+v", p)
	}
	p.Cooked, p.ReplyToUser = "", nil
	want := Post{ID: 104, Type: Regular, TopicID: 42, Number: 4, UserID: 11, Username: "ana", Name: "Ana", Raw: "@wortley !whohas discourse",
		Version: 1, Created: time.Date(2026, 1, 6, 14, 0, 44, 123e6, time.UTC), Updated: time.Date(2026, 1, 6, 14, 0, 44, 123e6, time.UTC),
		ReplyTo: 2, CategoryID: 5, TopicTitle: "Minutes of the January call", TopicSlug: "minutes-of-the-january-call", Actions: []Action{}}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got %+v\nwant %+v", p, want)
	}
	if posts[1].Likes() != 3 || posts[0].Likes() != 0 || !posts[3].Yours || p.Path() != "t/42/4" {
		t.Errorf("likes %d, yours %v, path %s", posts[1].Likes(), posts[3].Yours, p.Path())
	}
	c, _ = open(t, playback(t, "private-posts.json"))
	if posts, err = c.Posts(ctx, Private, 0); err != nil || posts[0].CategoryID != 0 || posts[1].Type != SmallAction {
		t.Errorf("private posts: %+v, %v", posts, err)
	}
}

func TestTopics(t *testing.T) {
	c, _ := open(t, playback(t, "topic.json"))
	topic, err := c.Topic(ctx, 42, 1)
	if err != nil || topic.Title != "Minutes of the January call" || !slices.Equal(topic.Stream, []int64{101, 103, 104}) || len(topic.Posts) != 3 ||
		!slices.Equal(Names(topic.Tags), []string{"meeting", "fund"}) || topic.Highest != 4 || !topic.CanPost || topic.Private() || topic.Path() != "t/42" {
		t.Errorf("%+v, %v", topic, err)
	}
	c, _ = open(t, always(200, `{"id":50,"title":"A question","archetype":"private_message","category_id":null,"details":{"allowed_users":[{"username":"ana"}],"allowed_groups":[{"name":"circle"}]}}`))
	if topic, err = c.Topic(ctx, 50, 1); err != nil || !topic.Private() || !slices.Equal(topic.People, []string{"ana"}) || !slices.Equal(topic.Groups, []string{"circle"}) {
		t.Errorf("a personal message: %+v, %v", topic, err)
	}
	c, f := open(t, playback(t, "topic.json"))
	ids := make([]int64, 120)
	if posts, err := c.TopicPosts(ctx, 42, ids); err != nil || len(f.asked) != 3 || len(posts) != 9 {
		t.Errorf("120 posts: %d requests, %d posts, %v", len(f.asked), len(posts), err)
	}
}

func TestTagsInBothForms(t *testing.T) {
	for _, tt := range []struct {
		file string
		want []Tag
		sent string
	}{
		{"latest.json", []Tag{{3, "meeting", "meeting"}}, `[{"id":3,"name":"meeting"}]`},
		{"latest-old.json", []Tag{{0, "meeting", ""}, {0, "fund", ""}}, `["meeting","fund"]`},
	} {
		c, _ := open(t, playback(t, tt.file))
		list, err := c.Latest(ctx, Listing{})
		if err != nil || !reflect.DeepEqual(list.Topics[0].Tags, tt.want) || list.More != (tt.file == "latest.json") {
			t.Errorf("%s: %+v, %v", tt.file, list, err)
			continue
		}
		if b, err := json.Marshal(list.Topics[0].Tags); err != nil || string(b) != tt.sent {
			t.Errorf("%s: sent as %s, %v; want %s", tt.file, b, err, tt.sent)
		}
	}
	for file, want := range map[string][]Tag{"tags.json": {{3, "meeting", "meeting"}, {4, "fund", "fund"}}, "tags-old.json": {{0, "meeting", ""}}} {
		c, _ := open(t, playback(t, file))
		if tags, err := c.Tags(ctx); err != nil || !reflect.DeepEqual(tags, want) {
			t.Errorf("%s: %+v, %v", file, tags, err)
		}
	}
	c, _ := open(t, always(200, `{"topic_list":{"topics":[{"id":1,"tags":[7,null,{"id":null,"name":"x"}]},{"id":2,"tags":null}]}}`))
	if list, err := c.Latest(ctx, Listing{}); err != nil || len(list.Topics) != 2 || list.Topics[0].Tags[2].Name != "x" {
		t.Errorf("odd tags: %+v, %v", list, err)
	}
}

func TestNotifications(t *testing.T) {
	c, _ := open(t, playback(t, "notifications.json"))
	got, err := c.Notifications(ctx, 0)
	if err != nil || len(got) != 3 {
		t.Fatal(got, err)
	}
	for i, want := range []Notice{
		{Title: "Minutes", PostID: 104, By: "ana"},
		{By: "bob", ChatChannel: 3, ChatMessage: 7, ChatThread: 5},
		{Title: "Hello", PostID: 97, By: "cleo", Group: "circle"},
	} {
		if got[i].Data != want {
			t.Errorf("notice %d: %+v, want %+v", i, got[i].Data, want)
		}
	}
	if got[0].Type != Mentioned || got[0].TopicID != 42 || got[0].Number != 4 || got[1].Type != ChatMention || got[1].TopicID != 0 {
		t.Errorf("%+v", got)
	}
}

func TestCategories(t *testing.T) {
	c, _ := open(t, playback(t, "categories.json"))
	all, err := c.Categories(ctx)
	if err != nil || len(all) != 3 || all[1].Path() != "c/fund/6" || all[1].ParentID != 5 || !all[1].Restricted || all[0].Subs != nil || all[0].Permission != 1 {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestPeople(t *testing.T) {
	c, _ := open(t, playback(t, "members.json"))
	members, err := c.Members(ctx, "circle")
	if err != nil || len(members) != 2 || !members[0].Owner || members[1].Owner || !members[1].LastPosted.IsZero() || members[1].Timezone != "Europe/Berlin" {
		t.Errorf("members: %+v, %v", members, err)
	}
	c, _ = open(t, playback(t, "user.json"))
	u, err := c.User(ctx, "ana")
	if err != nil || !u.In("Circle") || u.In("fund") || u.Timezone != "Europe/London" || !reflect.DeepEqual(u.Fields, Fields{1: {"Wood and film"}, 2: {"Go", "Rust"}}) {
		t.Errorf("user: %+v, %v", u, err)
	}
	c, _ = open(t, playback(t, "directory.json"))
	rows, err := c.Directory(ctx, "circle", []int64{1, 2}, 0)
	if err != nil || len(rows) != 2 || !reflect.DeepEqual(rows[0].Fields, Fields{1: {"Wood and film"}, 2: {"Go"}}) || len(rows[1].Fields) != 0 {
		t.Errorf("directory: %+v, %v", rows, err)
	}
	c, _ = open(t, playback(t, "group.json"))
	if g, err := c.Group(ctx, "circle"); err != nil || g.ID != 41 || g.Count != 12 || !g.IsMember || !g.Messageable {
		t.Errorf("group: %+v, %v", g, err)
	}
}

func TestMembersOfALargeGroup(t *testing.T) {
	c, f := open(t, func(w http.ResponseWriter, r *http.Request) {
		var offset int
		if _, err := fmt.Sscan(r.URL.Query().Get("offset"), &offset); err != nil {
			t.Error(err)
		}
		var rows []string
		for i := offset; i < min(offset+200, 450); i++ {
			rows = append(rows, fmt.Sprintf(`{"id":%d,"username":"p%d"}`, i+1, i))
		}
		always(200, `{"members":[`+strings.Join(rows, ",")+`],"meta":{"total":450}}`)(w, r)
	})
	if all, err := c.Members(ctx, "circle"); err != nil || len(all) != 450 || len(f.asked) != 3 || all[449].Username != "p449" {
		t.Errorf("%d members in %d requests, %v", len(all), len(f.asked), err)
	}
}

func TestSite(t *testing.T) {
	c, _ := open(t, playback(t, "basic-info.json"))
	if b, err := c.BasicInfo(ctx); err != nil || b.Title != "The Hub" || b.LoginRequired {
		t.Errorf("%+v, %v", b, err)
	}
	c, _ = open(t, always(200, `{"min_post_length":8,"chat_enabled":true,"max_topic_title_length":"x"}`))
	if s, err := c.Settings(ctx); err != nil || s.MinPost != 8 || !s.Chat || s.MaxPost != 32000 || s.MaxTitle != 255 {
		t.Errorf("%+v, %v", s, err)
	}
	c, _ = open(t, always(404, `{}`))
	if s, err := c.Settings(ctx); !errors.Is(err, ErrNotFound) || s != DefaultSettings {
		t.Errorf("no settings: %+v, %v", s, err)
	}
	c, _ = open(t, always(200, `{"categories":[{"id":1,"name":"News","slug":"news"}],"groups":[{"id":41,"name":"circle"}],"user_fields":[{"id":1,"name":"Skills","field_type":"text"}],"can_tag_topics":true}`))
	if s, err := c.Site(ctx); err != nil || len(s.Categories) != 1 || s.UserFields[0].Name != "Skills" || !s.CanTag || s.CanMakeTag {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestMe(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		why    error
	}{
		{200, `{"current_user":{"id":2,"username":"Wortley","trust_level":4}}`, nil},
		{200, `{"current_user":{"id":11,"username":"ana"}}`, ErrForbidden},
		{404, `{}`, ErrNotFound},
		{200, `{}`, ErrBroken},
	} {
		c, f := open(t, always(tt.status, tt.body))
		if me, err := c.Present(ctx); !errors.Is(err, tt.why) || tt.why == nil && me.ID != 2 {
			t.Errorf("%s: %+v, %v; want %v", tt.body, me, err, tt.why)
		}
		if f.heads[0].Get("Discourse-Present") != "true" {
			t.Error("not present")
		}
		if _, err := c.Me(ctx); f.heads[1].Get("Discourse-Present") != "" {
			t.Errorf("present unasked, %v", err)
		}
	}
}

func TestChannels(t *testing.T) {
	c, _ := open(t, playback(t, "channels.json"))
	got, err := c.Channels(ctx)
	if err != nil || len(got.Public) != 1 || len(got.Direct) != 1 {
		t.Fatal(got, err)
	}
	if ch := got.Public[0]; ch.ID != 3 || !ch.Threads || ch.Category != 5 || !ch.Following || ch.Last.ID != 70 || ch.Direct() {
		t.Errorf("a channel: %+v", ch)
	}
	if ch := got.Direct[0]; !ch.Direct() || ch.People[0].Username != "ana" || ch.Category != 0 || ch.Last.Text != "!help" {
		t.Errorf("a direct chat: %+v", ch)
	}
	c, _ = open(t, playback(t, "messages.json"))
	page, err := c.ChatNewest(ctx, ChatPlace{3, 0})
	if err != nil || !page.Older || page.Newer || len(page.Messages) != 3 {
		t.Fatal(page, err)
	}
	if m := page.Messages[1]; m.ThreadID != 5 || m.ReplyTo.ID != 70 || !m.Edited || m.User.Username != "ana" || page.Messages[2].Hook == nil {
		t.Errorf("%+v", m)
	}
}

func TestThreads(t *testing.T) {
	c, f := open(t, always(200, `{"threads":[{"id":5,"channel_id":3,"title":"Rota","last_message_id":80,"original_message":{"id":70,"message":"Who?"}}]}`))
	for _, ask := range []struct {
		path string
		do   func() ([]Thread, error)
	}{
		{"/chat/api/channels/3/threads", func() ([]Thread, error) { return c.Threads(ctx, 3) }},
		{"/chat/api/me/threads", func() ([]Thread, error) { return c.MyThreads(ctx) }},
	} {
		got, err := ask.do()
		if line, _ := f.last(); err != nil || line != "GET "+ask.path || len(got) != 1 || got[0].LastID != 80 || got[0].Original.Text != "Who?" {
			t.Errorf("%s: %+v, %v", line, got, err)
		}
	}
}

// The types must not need more of an answer than the official schemas promise,
// nor name a field that they do not know.
func TestTypesFitTheRecordings(t *testing.T) {
	for _, tt := range []struct {
		file string
		into any
	}{
		{"posts.json", &postPage{}}, {"private-posts.json", &postPage{}}, {"post.json", &Post{}}, {"topic.json", &topicAnswer{}},
		{"latest.json", &listAnswer{}}, {"latest-old.json", &listAnswer{}}, {"notifications.json", &notificationAnswer{}},
		{"categories.json", &categoriesAnswer{}}, {"tags.json", &tagsAnswer{}}, {"tags-old.json", &tagsAnswer{}},
		{"members.json", &membersAnswer{}}, {"upload.json", &Upload{}}, {"user.json", &userAnswer{}}, {"group.json", &groupAnswer{}},
		{"directory.json", &directoryAnswer{}}, {"channels.json", &channelsAnswer{}}, {"messages.json", &chatAnswer{}},
	} {
		if err := json.Unmarshal([]byte(recorded(t, tt.file)), tt.into); err != nil {
			t.Errorf("%s: %v", tt.file, err)
		}
	}
}
