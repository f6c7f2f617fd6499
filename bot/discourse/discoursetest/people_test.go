package discoursetest

import (
	"fmt"
	"testing"
	"time"
)

// Behaviour 12: the site and its people.
func TestSite(t *testing.T) {
	each(t, func(s *stage) {
		s.equal("version", s.get("", "/about.json").want(200).str("about.version"), s.Mode().Version())
		s.equal("categories of the bot", len(s.get("wortley", "/site.json").ids("categories")), 2)
		s.equal("categories of a moderator", len(s.get("mod", "/site.json").ids("categories")), 3)
		s.equal("post_approved", s.get("wortley", "/site.json").num("notification_types.post_approved"), PostApproved)
		s.get("", "/session/current.json").want(404)
		s.get("", "/srv/status").want(200)
		s.Change(func(set *Settings) { set.LoginRequired = true })
		s.get("", "/site/basic-info.json").want(200)
		s.get("", "/categories.json").want(403)
	})
}

func TestMembers(t *testing.T) {
	each(t, func(s *stage) {
		s.AddUser("quiet", User{Name: "Quiet"})
		g := s.AddGroup("gardeners", Group{HiddenMembers: true, Owners: []int64{s.User("ana").ID}}, "ana", "quiet")
		path := "/groups/gardeners/members.json"
		s.equal("hidden", s.get("wortley", path).want(403).str("error_type"), "invalid_access")
		s.Join("gardeners", "wortley")
		a := s.get("wortley", path).want(200)
		s.equal("owners", a.ids("owners"), []int64{s.User("ana").ID})
		s.equal("never posted", fmt.Sprint(a.get("members.1.username"), a.get("members.1.last_posted_at"), a.get("members.1.last_seen_at")), "quiet<nil> <nil>")
		for i := range 60 {
			s.AddUser(fmt.Sprintf("m%02d", i), User{})
			s.Join("gardeners", fmt.Sprintf("m%02d", i))
		}
		a = s.get("wortley", path)
		s.equal("a page and all", fmt.Sprint(len(a.ids("members")), a.num("meta.total")), "50 63")
		s.equal("the next page", len(s.get("wortley", path+"?offset=50&limit=50").ids("members")), 13)
		s.equal("all at once", len(s.get("wortley", path+"?limit=1000").ids("members")), 63)
		s.get("wortley", path+"?limit=1001").want(400)
		add := fmt.Sprintf("/groups/%d/members.json", g.ID)
		s.ask("wortley", "PUT", add, obj{"usernames": "ben"}).want(403)
		s.ask("ana", "PUT", add, obj{"usernames": "ben"}).want(200)
		s.ask("ana", "PUT", add, obj{"usernames": "ben"}).want(422)
		s.ask("ana", "DELETE", add, obj{"usernames": "ben"}).want(200)
		s.holds("not a member", !s.group("gardeners").has(s.user("ben")))
		s.AddGroup("secret", Group{Hidden: true}, "ana")
		s.get("wortley", "/groups/secret.json").want(404)
		s.get("ana", "/groups/secret.json").want(200)
	})
}

func TestUsers(t *testing.T) {
	each(t, func(s *stage) {
		s.AddUser("hermit", User{HiddenProfile: true})
		s.AddUser("cleo", User{Fields: map[string]string{"1": "Plumbing"}, Timezone: "Europe/London"})
		cleo := s.get("wortley", "/u/CLEO.json").want(200)
		s.equal("field", cleo.str("user.user_fields.1"), "Plumbing")
		s.equal("timezone", cleo.str("user.timezone"), "Europe/London")
		s.equal("options of others", cleo.get("user.user_option"), nil)
		s.equal("a hidden profile", s.get("wortley", "/u/hermit.json").want(200).get("user.profile_hidden"), true)
		s.get("wortley", "/u/nobody.json").want(404)

		s.AddGroup("plumbers", Group{}, "cleo")
		all := s.get("wortley", "/directory_items.json?period=all&user_field_ids=1|2").want(200)
		s.equal("own row first", all.ids("directory_items")[0], s.User("wortley").ID)
		s.equal("and once more", int64(len(all.ids("directory_items"))), all.num("meta.total_rows_directory_items")+1)
		some := s.get("wortley", "/directory_items.json?period=all&group=plumbers&user_field_ids=1")
		s.equal("a group", fmt.Sprint(len(some.ids("directory_items")), some.get("directory_items.0.user.user_fields.1.value.0")), "1Plumbing")
	})
}

func TestUserActions(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		p := s.Say("wortley", topic.ID, "Ben has it.")
		s.Whisper("mod", topic.ID, "He has not.")
		a := s.get("ana", "/user_actions.json?username=wortley&filter=5").want(200)
		s.equal("replies", fmt.Sprint(len(a.get("user_actions").([]any)), a.num("user_actions.0.post_id")), fmt.Sprint(1, p.ID))
		s.equal("topics", s.get("ben", "/user_actions.json?username=ana&filter=4").num("user_actions.0.topic_id"), topic.ID)
	})
}

func TestSearch(t *testing.T) {
	s := set(t, Options{Mode: Newest, Limits: Limits{SearchPerMinute: 3}})
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.", "tools")
	p := s.Say("ben", topic.ID, "The ladder is in the shed.")
	s.NewTopic("mod", 3, "The ladder of success", "Not for you.")
	s.equal("one post a topic", s.get("wortley", "/search.json?q=ladder").ids("posts"), []int64{p.ID})
	s.equal("all of a topic", len(s.get("wortley", fmt.Sprintf("/search.json?q=ladder+topic:%d", topic.ID)).ids("posts")), 2)
	s.equal("filters", len(s.get("wortley", "/search.json?q=ladder+@ana+%23general+tags:tools+in:title").ids("posts")), 1)
	limited := s.get("wortley", "/search.json?q=ladder").want(429)
	s.equal("shape", fmt.Sprint(limited.get("failed"), limited.get("errors")), "FAILED<nil>")
	s.clock.Add(time.Minute)
	s.get("wortley", "/search.json?q=l").want(400)
}

// Behaviour 17, what is here of it: the same bytes are the same upload.
func TestUploads(t *testing.T) {
	each(t, func(s *stage) {
		first := s.upload("wortley", "dot.png", picture(t, 3, 2)).want(200)
		again := s.upload("ana", "other.png", picture(t, 3, 2)).want(200)
		other := s.upload("wortley", "line.png", picture(t, 9, 1)).want(200)
		s.equal("id", again.num("id"), first.num("id"))
		s.holds("another picture has another id", other.num("id") != first.num("id"))
		s.equal("size", fmt.Sprint(first.num("width"), first.num("height")), "3 2")
		s.contains("short_url", first.str("short_url"), "upload://")
		s.Change(func(set *Settings) { set.MaxImageSizeKB = 0 })
		s.upload("wortley", "big.png", picture(t, 5, 5)).want(422)
	})
}
