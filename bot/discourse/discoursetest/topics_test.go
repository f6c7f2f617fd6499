package discoursetest

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// Behaviour 11: one topic.
func TestTopic(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.", "tools")
		s.many("ben", topic.ID, 30)
		s.Whisper("mod", topic.ID, "They never find it.")
		path := fmt.Sprintf("/t/%d.json", topic.ID)
		a := s.get("wortley", path).want(200)
		s.equal("stream", len(a.get("post_stream.stream").([]any)), 31)
		s.equal("posts", len(a.ids("post_stream.posts")), 20)
		s.equal("highest", a.num("highest_post_number"), 31)
		s.equal("highest for those who see whispers", s.get("mod", path).num("highest_post_number"), 32)
		s.holds("message_bus_last_id", a.num("message_bus_last_id") > 0)
		s.equal("a high number shows the end", s.get("wortley", path+"?post_number=9999").num("post_stream.posts.19.post_number"), 31)
		s.equal("the second page", s.get("wortley", path+"?page=2").num("post_stream.posts.0.post_number"), 21)
		s.get("wortley", path+"?page=3").want(404)
		s.ask("wortley", "DELETE", path, nil).want(403)
		s.get("wortley", fmt.Sprintf("/t/%s/%d/25.json", topic.Slug, topic.ID)).want(200)
		s.get("wortley", fmt.Sprintf("/t/wrong-name/%d.json", topic.ID)).want(301)
		ids := s.get("wortley", path).ids("post_stream.posts")
		got := s.get("wortley", fmt.Sprintf("/t/%d/posts.json?post_ids[]=%d&post_ids[]=%d", topic.ID, ids[3], ids[5]))
		s.equal("posts by ids", got.ids("post_stream.posts"), []int64{ids[3], ids[5]})
		s.contains("extras", s.get("wortley", "/t/99999.json").want(404).str("extras.html"), "private")
		pm := s.PM("ana", "A question", "What is on?", "ben")
		s.get("wortley", fmt.Sprintf("/t/%d.json", pm.ID)).want(404)
		s.equal("category of a message", s.get("ben", fmt.Sprintf("/t/%d.json", pm.ID)).want(200).get("category_id"), nil)
	})
}

// Lists: pinned first, order, pages, what is left out.
func TestLists(t *testing.T) {
	each(t, func(s *stage) {
		garden := s.AddCategory("Garden", Category{Parent: s.general.ID})
		seeds := s.NewTopic("ana", garden.ID, "Seeds for spring", "What shall we sow?", "sheds")
		s.clock.Add(time.Minute)
		ladder := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.", "tools", "sheds")
		s.clock.Add(time.Minute)
		hidden := s.NewTopic("ana", s.general.ID, "A secret", "Nobody knows.")
		s.Unlist(hidden.ID)
		list := func(path string) []int64 { return s.get("wortley", path).want(200).ids("topic_list.topics") }
		inGeneral := fmt.Sprintf("/c/general/%d/l/latest.json", s.general.ID)
		s.equal("latest", list("/latest.json")[:2], []int64{ladder.ID, seeds.ID})
		s.equal("a category, its pinned topic first", list(inGeneral), []int64{s.general.About, ladder.ID, seeds.ID})
		s.equal("without subcategories", list(inGeneral+"?no_subcategories=true"), []int64{s.general.About, ladder.ID})
		s.equal("a tag", list("/tag/sheds/l/latest.json"), []int64{ladder.ID, seeds.ID})
		s.equal("by ids", list(fmt.Sprintf("/latest.json?topic_ids=%d,%d,%d", seeds.ID, hidden.ID, s.general.About)), []int64{seeds.ID, s.general.About})
		s.equal("a page", list("/latest.json?per_page=1&page=1"), []int64{seeds.ID})
		s.equal("oldest first", list("/latest.json?order=created&ascending=true")[0], 1)
		s.Pin(seeds.ID, true)
		s.equal("pinned", list("/latest.json")[0], seeds.ID)
		s.equal("pinned, by activity", list("/latest.json?order=activity")[0], ladder.ID)
		s.SetUser("wortley", func(u *User) { u.Muted = []int64{garden.ID} })
		s.equal("muted", slices.Contains(list("/latest.json"), seeds.ID), false)
		s.get("wortley", "/c/office/3.json").want(404)
		s.get("wortley", "/tag/nonsense.json").want(404)
	})
}

// Tags are names, and objects on the newest servers.
func TestTagForms(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.", "tools")
		for _, path := range []string{"/latest.json", "/c/general/2.json", "/tag/tools.json"} {
			tags := s.get("wortley", path).get("topic_list.topics.0.tags")
			if path == "/c/general/2.json" {
				tags = s.get("wortley", path).get("topic_list.topics.1.tags")
			}
			want := fmt.Sprint([]any{"tools"})
			if s.Mode() == Newest {
				want = fmt.Sprint([]any{map[string]any{"id": 1, "name": "tools", "slug": "tools"}})
			}
			s.equal(path, tags, want)
		}
		s.equal("tags.json", s.get("wortley", "/tags.json").get("tags.0.id"), map[Mode]any{Old: "tools", Mid: "tools", Newest: 1}[s.Mode()])
		s.Retag(topic.ID, "sheds")
		s.equal("retagged", len(s.get("wortley", "/tag/tools.json").ids("topic_list.topics")), 0)
		s.equal("retagged", len(s.get("wortley", "/tag/sheds.json").ids("topic_list.topics")), 1)
		s.Change(func(set *Settings) { set.TaggingEnabled = false })
		s.equal("tagging off", s.get("wortley", "/latest.json").get("topic_list.topics.0.tags"), nil)
	})
}

// A bump is not a post.
func TestBump(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		at := func() (bumped, posted any) {
			a := s.get("wortley", fmt.Sprintf("/latest.json?topic_ids=%d", topic.ID))
			return a.get("topic_list.topics.0.bumped_at"), a.get("topic_list.topics.0.last_posted_at")
		}
		s.clock.Add(time.Hour)
		s.Edit("ana", s.Posts(topic.ID)[0].ID, "I still need it.")
		bumped, posted := at()
		s.equal("bumped by an edit", bumped, stamp(s.clock.Now()))
		s.equal("last post", posted, stamp(s.clock.Now().Add(-time.Hour)))
		s.clock.Add(time.Hour)
		s.ask("wortley", "POST", "/posts.json", obj{"topic_id": topic.ID, "raw": "A quiet word of mine.", "no_bump": true}).want(200)
		bumped, posted = at()
		s.equal("not bumped", bumped, stamp(s.clock.Now().Add(-time.Hour)))
		s.equal("last post", posted, stamp(s.clock.Now()))
		s.clock.Add(time.Hour)
		s.Whisper("mod", topic.ID, "Ignored.")
		_, posted = at()
		s.equal("a whisper is no post", posted, stamp(s.clock.Now().Add(-time.Hour)))
	})
}

func TestUpdateTopic(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ben", s.general.ID, "Who has the ladder?", "I need it.", "tools")
		path := fmt.Sprintf("/t/-/%d.json", topic.ID)
		s.ask("ana", "PUT", path, obj{"title": "Who has the long ladder?"}).want(403)
		a := s.ask("ben", "PUT", path, obj{"title": "Who has the long ladder?", "category_id": 1, "tags": []string{"tools", "unheard-of"}}).want(200)
		s.equal("slug", a.str("basic_topic.slug"), "who-has-the-long-ladder")
		got := s.Topic(topic.ID)
		s.equal("category and tags", fmt.Sprint(got.CategoryID, got.Tags), "1 [1]")
		s.ask("ben", "PUT", path, obj{"category_id": 3}).want(403)
		status := fmt.Sprintf("/t/%d/status.json", topic.ID)
		s.ask("ben", "PUT", status, obj{"status": "closed", "enabled": "true"}).want(403)
		s.ask("wortley", "PUT", status, obj{"status": "closed", "enabled": "true"}).want(200)
		s.equal("small action", s.Posts(topic.ID)[1].ActionCode, "closed.enabled")
		s.ask("wortley", "PUT", status, obj{"status": "upside-down", "enabled": "true"}).want(400)
	})
}

func TestDeleteTopic(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("wortley", s.general.ID, "Who has the ladder?", "I need it.")
		path := fmt.Sprintf("/t/%d.json", topic.ID)
		s.ask("ana", "DELETE", path, nil).want(403)
		s.ask("wortley", "DELETE", path, nil).want(200)
		s.get("wortley", path).want(404)
		s.Recover(s.Post(topic.ID).ID)
		s.get("wortley", path).want(200)
	})
}
