package discoursetest

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"sort"
	"strings"
	"testing"
)

// TestAnswersAgainstSchemas asks everything that has a schema, in every age,
// as the bot and as an admin, of a forum where everything has happened that
// people do.
func TestAnswersAgainstSchemas(t *testing.T) {
	all, err := checkers()
	if err != nil {
		t.Fatal(err)
	}
	if all == nil {
		t.Skip(noSchemas)
	}
	each(t, func(s *stage) {
		lived(s)
		for _, as := range []string{"wortley", "admin"} {
			askEverything(s, as)
		}
		var missing []string
		for _, op := range operations {
			if c := all[s.Mode()]; c.raw[op] != nil && !c.used[op] {
				missing = append(missing, op)
			}
		}
		sort.Strings(missing)
		if len(missing) > 0 {
			s.t.Errorf("never checked: %v", missing)
		}
	})
}

// lived fills a forum with what people do in a year.
func lived(s *stage) {
	s.AddGroup("gardeners", Group{Mentionable: true, Owners: []int64{s.User("ana").ID}}, "ana", "ben", "wortley")
	s.AddUser("cleo", User{Fields: map[string]string{"1": "Plumbing"}, Timezone: "Europe/London"})
	sub := s.AddCategory("Garden", Category{Parent: s.general.ID})
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need the ladder, @wortley.", "tools", "sheds")
	s.Say("ben", topic.ID, "Not me.")
	reply := s.Reply("ana", topic.ID, 2, "Then who?")
	s.Reply("ben", topic.ID, 1, "> said\n\n[quote=\"ana, post:1, topic:1\"]\nI need\n[/quote]\nLook in the shed.")
	s.Like("wortley", reply.ID)
	s.Like("ben", reply.ID)
	s.Edit("ana", reply.ID, "Then who has it, @wortley?")
	s.SmallAction("mod", topic.ID, "pinned.enabled")
	s.Whisper("mod", topic.ID, "They never find it.")
	s.Hide(s.Say("ben", topic.ID, "Buy my ladders!").ID)
	s.NewTopic("ben", sub.ID, "Seeds for spring", "What shall we sow?", "sheds")
	s.TakeBack(s.Say("ben", topic.ID, "Nonsense.").ID)
	pm := s.PM("ana", "A question", "What is on, @wortley?", "wortley", "gardeners")
	s.Say("wortley", pm.ID, "Nothing much.")
	s.PM("wortley", "News", "There is news.", "admin")
	s.PM("admin", "Thanks", "Thank you.", "wortley")
	gone := s.NewTopic("ben", s.general.ID, "A mistake of mine", "Delete this.")
	s.Delete(s.Posts(gone.ID)[0].ID)
	for i := range 35 {
		s.NewTopic("ben", s.general.ID, fmt.Sprintf("Notice number %d", i), "For your notice.")
	}
	lounge := s.AddChannel("Lounge", Channel{}, "ana", "wortley")
	s.ChatSay("ana", lounge.ID, "Hello @wortley")
}

func askEverything(s *stage, as string) {
	topic, reply := int64(0), int64(0)
	for _, t := range s.Topics() {
		if t.Title == "Who has the ladder?" {
			topic, reply = t.ID, s.Posts(t.ID)[3].ID
		}
	}
	for _, path := range []string{
		"/posts.json", "/private-posts.json", "/latest.json", "/latest.json?order=created", fmt.Sprintf("/c/general/%d.json", s.general.ID),
		fmt.Sprintf("/c/general/%d/l/latest.json", s.general.ID), fmt.Sprintf("/c/%d/show.json", s.general.ID), "/tag/tools.json", "/tag/tools/l/latest.json",
		fmt.Sprintf("/t/%d.json", topic), fmt.Sprintf("/t/who-has-the-ladder/%d/3.json?include_raw=true", topic), fmt.Sprintf("/t/%d/posts.json?post_ids[]=%d", topic, reply),
		fmt.Sprintf("/posts/%d.json", reply), fmt.Sprintf("/posts/%d/replies.json", s.Posts(topic)[1].ID), "/site.json", "/site/basic-info.json", "/site/settings.json",
		"/about.json", "/session/current.json", "/categories.json", "/categories.json?include_subcategories=true", "/tags.json", "/groups.json", "/groups/gardeners.json",
		"/groups/gardeners/members.json", "/directory_items.json?period=all&user_field_ids=1|2&group=gardeners", "/u/" + as + ".json", "/u/ana.json", "/notifications.json",
		"/topics/private-messages/" + as + ".json", "/topics/private-messages-sent/" + as + ".json", "/user_actions.json?username=ana&filter=4,5", "/search.json?q=ladder",
	} {
		s.get(as, path).want(200)
	}
	if s.Mode() != Old {
		s.get(as, fmt.Sprintf("/groups/by-id/%d.json", s.group("gardeners").ID)).want(200)
	}
	if s.Mode() == Newest {
		s.get(as, fmt.Sprintf("/tag/tools/%d.json", s.tag("tools").ID)).want(200)
	}
	made := s.ask(as, "POST", "/posts.json", obj{"title": "A word from " + as + " to all of you", "raw": "This is the first post of it all.", "category": s.general.ID, "external_id": "word-" + as}).want(200)
	s.ask(as, "POST", "/posts.json", obj{"topic_id": topic, "raw": "And this is a reply to it all by " + as, "reply_to_post_number": 2}).want(200)
	s.ask(as, "POST", "/posts.json", obj{"title": "Psst", "raw": "This is between us, I am " + as, "archetype": "private_message", "target_recipients": "ana"}).want(200)
	s.ask(as, "PUT", fmt.Sprintf("/posts/%d.json", made.num("id")), obj{"post": obj{"raw": "This is what I meant to say to you.", "edit_reason": "clearer"}}).want(200)
	s.ask(as, "PUT", fmt.Sprintf("/t/-/%d.json", made.num("topic_id")), obj{"title": "Another word from " + as + " to all", "tags": []string{"tools"}}).want(200)
	s.ask(as, "PUT", fmt.Sprintf("/t/%d/status.json", made.num("topic_id")), obj{"status": "pinned", "enabled": "true"}).want(200)
	s.ask(as, "POST", fmt.Sprintf("/t/%d/notifications.json", topic), obj{"notification_level": "3"}).want(200)
	s.ask(as, "POST", "/post_actions.json", obj{"id": s.Posts(topic)[1].ID, "post_action_type_id": 2}).want(200)
	s.ask(as, "PUT", "/notifications/mark-read.json", obj{}).want(200)
	for _, m := range s.Topics() {
		if m.Title == "A question" {
			s.ask(as, "POST", fmt.Sprintf("/t/%d/invite.json", m.ID), obj{"user": "cleo"}).want(200)
			s.get(as, fmt.Sprintf("/t/%d.json", m.ID)).want(200)
		}
	}
	s.upload(as, "dot.png", picture(s.t, 3, 2)).want(200)
	if as == "admin" {
		members := fmt.Sprintf("/groups/%d/members.json", s.group("gardeners").ID)
		s.ask(as, "PUT", members, obj{"usernames": "cleo"}).want(200)
		s.ask(as, "DELETE", members, obj{"usernames": "cleo,nobody"}).want(200)
		s.get(as, "/tag_groups.json").want(200)
	}
}

// picture is a PNG of some size.
func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s *stage) upload(as, name string, content []byte) *reply {
	s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("type", "composer")
	w.WriteField("synchronous", "true")
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	part.Write(content)
	w.Close()
	r := s.request(as, "POST", "/uploads.json", b.String())
	r.Header.Set("Content-Type", w.FormDataContentType())
	a, err := s.do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// TestRoutesAreReal finds every route either in the published list of paths
// or in the list of those that are known and not published.
func TestRoutesAreReal(t *testing.T) {
	if schemaDir() == "" {
		t.Skip(noSchemas)
	}
	unpublished := []string{"private-posts", "post_actions/#id", "posts/#id/recover", "site/settings", "about", "session/", "srv/status", "t/external_id", "t/#id",
		"t/#id/#number", "t/:slug", "c/:", "tag/", "groups/by-id", "users/", "chat/", "post_action_users", "discourse-reactions/"}
	for _, r := range allRoutes() {
		known := operations[r.method+" "+r.pattern] != ""
		for _, u := range unpublished {
			known = known || strings.HasPrefix(r.pattern, u)
		}
		if !known && r.pattern != "posts/#id" {
			t.Errorf("%s /%s is in no list", r.method, r.pattern)
		}
	}
}

// The check would be worth nothing if it let mistakes pass.
func TestCheckSeesMistakes(t *testing.T) {
	all, err := checkers()
	if err != nil {
		t.Fatal(err)
	}
	if all == nil {
		t.Skip(noSchemas)
	}
	s := set(t, Options{Mode: Newest})
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.", "tools")
	good := string(s.get("wortley", fmt.Sprintf("/t/%d.json", topic.ID)).want(200).raw)
	for _, tt := range []struct{ what, old, new string }{
		{"a key too many", `"views":`, `"viewings":1,"views":`},
		{"a key too few", `"chunk_size":20,`, ``},
		{"a number in words", `"post_number":1`, `"post_number":"one"`},
		{"tags as names", `"tags":[{"id":1,"name":"tools","slug":"tools"}]`, `"tags":["tools"]`},
	} {
		bad := strings.Replace(good, tt.old, tt.new, 1)
		if bad == good {
			t.Fatalf("%s: %s is not in the answer", tt.what, tt.old)
		}
		if found, err := all[Newest].check("getTopic", []byte(bad)); !found || err == nil {
			t.Errorf("%s was let pass", tt.what)
		}
	}
}
