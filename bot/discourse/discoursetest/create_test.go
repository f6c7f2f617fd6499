package discoursetest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Behaviour 8: topics, replies, messages.
func TestCreate(t *testing.T) {
	each(t, func(s *stage) {
		made := s.ask("wortley", "POST", "/posts.json", obj{"title": "Minutes of the meeting on 6 January", "raw": "We met and we talked.", "category": s.general.ID, "external_id": "Minutes-7", "auto_track": false}).want(200)
		s.equal("number", made.num("post_number"), 1)
		topic := made.num("topic_id")
		reply := s.ask("wortley", "POST", "/posts.json", fmt.Sprintf("topic_id=%d&raw=%s", topic, "And+then+we+had+a+cup+of+tea.")).want(200)
		s.equal("number of a reply", reply.num("post_number"), 2)
		nested := s.ask("ana", "POST", "/posts.json", obj{"topic_id": topic, "raw": "It was very good tea.", "reply_to_post_number": 2, "nested_post": true}).want(200)
		s.equal("nested", nested.num("post.reply_to_post_number"), 2)
		pm := s.ask("wortley", "POST", "/posts.json", obj{"title": "Hello", "raw": "This is for you two.", "archetype": "private_message", "target_recipients": "ana,ben"}).want(200)
		s.equal("who is in it", len(s.Topic(pm.num("topic_id")).Users), 3)
		s.ask("wortley", "POST", "/posts.json", obj{"topic_id": topic, "raw": "This is for you two.", "archetype": "private_message"}).want(400)
		s.ask("", "POST", "/posts.json", obj{"topic_id": topic, "raw": "This is from nobody at all."}).want(403)

		found := s.get("wortley", "/t/external_id/minutes-7.json").want(301)
		s.contains("redirect", found.header.Get("Location"), fmt.Sprintf("/t/minutes-of-the-meeting-on-6-january/%d.json", topic))
		s.get("wortley", "/t/external_id/minutes-8.json").want(404)
	})
}

// Every rule that refuses a text.
func TestRules(t *testing.T) {
	s := set(t, Options{Mode: Newest})
	s.AddUser("newcomer", User{TrustLevel: -1})
	s.keys["newcomer"] = s.Key("newcomer")
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
	s.NewTopic("ana", s.general.ID, "Taken already, this title", "So it is.")
	slow := s.NewTopic("ana", s.general.ID, "One at a time, please", "Think first.")
	s.write(func() { s.s.Topics[slow.ID].SlowModeSeconds = 60; s.s.Topics[1].ExternalID = "taken" })
	s.Say("ben", slow.ID, "I thought.")
	row := s.NewTopic("ana", s.general.ID, "How many in a row?", "Three.")
	for range 3 {
		s.Say("ben", row.ID, "One more.")
	}
	s.ask("ben", "POST", "/posts.json", obj{"topic_id": topic.ID, "raw": "I have said this before.", "auto_track": false}).want(200)
	names := ""
	for i := range 11 {
		s.AddUser(fmt.Sprintf("member%d", i), User{})
		names += fmt.Sprintf("@member%d ", i)
	}
	title := func(x string) obj { return obj{"title": x, "raw": "This is a proper text.", "category": s.general.ID} }
	reply := func(x string) obj { return obj{"topic_id": topic.ID, "raw": x} }
	for _, tt := range []struct {
		as   string
		body obj
		want string
	}{
		{"ben", reply(""), "blank"},
		{"ben", reply("Too short"), "too short (minimum is 20"},
		{"ben", reply("Too short<!-- but with a long comment behind it -->"), "too short (minimum is 20"},
		{"ben", reply(strings.Repeat("long text ", 3201)), "limited to 32000"},
		{"ben", reply("aaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "unclear"},
		{"ben", reply("!?!?.,;:-()[]{}+*~#=&%$§\"/"), "unclear"},
		{"ben", reply("WHO HAS THE LADDER? TELL ME!"), "unclear"},
		{"ben", reply("I have said this before."), "too similar"},
		{"ben", reply("Hello to " + names), "only mention 10"},
		{"newcomer", reply("Hello @ana @ben @mod, how are you?"), "only mention 2"},
		{"newcomer", reply("See https://a.example https://b.example https://c.example"), "only put 2 links"},
		{"ben", title(""), "can't be blank"},
		{"ben", title("Too short"), "too short (minimum is 15"},
		{"ben", title(strings.Repeat("long title ", 24)), "too long (maximum is 255"},
		{"ben", title("aaaa bbbb aaaa bbbb aaaa"), "unclear"},
		{"ben", title("WHERE IS THE LONG LADDER NOW"), "unclear"},
		{"ben", title("Antidisestablishmentarianismus-and-more of it"), "too long"},
		{"ben", title("TAKEN already, this title"), "already been used"},
		{"ben", obj{"title": "A title as good as any", "raw": "This is a proper text."}, "Category can't be blank"},
		{"ben", obj{"title": "A title as good as any", "raw": "This is a proper text.", "category": 2, "external_id": "no spaces, please"}, "must only contain"},
		{"ben", obj{"title": "A title as good as any", "raw": "This is a proper text.", "category": 2, "external_id": strings.Repeat("x", 51)}, "too long (maximum is 50"},
		{"ben", obj{"title": "A title as good as any", "raw": "This is a proper text.", "category": 2, "external_id": "TAKEN"}, "already been taken"},
		{"ben", obj{"title": "PM", "raw": "Short", "archetype": "private_message", "target_recipients": "ana"}, "too short (minimum is 10"},
		{"ben", obj{"title": "PM", "raw": "Long enough text", "archetype": "private_message", "target_recipients": "nobody"}, "valid user"},
		{"ben", obj{"topic_id": slow.ID, "raw": "I had a second thought."}, "slow mode"},
		{"ben", obj{"topic_id": row.ID, "raw": "This would be the fourth."}, "3 times in a row"},
		{"ben", obj{"topic_id": 9999, "raw": "Is there anybody here?"}, "could not be found"},
	} {
		a := s.ask(tt.as, "POST", "/posts.json", tt.body)
		if a.status != 422 || !strings.Contains(a.str("errors.0"), tt.want) || a.str("action") != "create_post" {
			t.Errorf("%v by %s: %d %s, want 422 with %q", tt.body, tt.as, a.status, a.raw, tt.want)
		}
	}
	s.ask("ana", "POST", "/posts.json", obj{"topic_id": row.ID, "raw": "Who opened a topic may go on."}).want(200)
	s.ask("ben", "POST", "/posts.json", obj{"title": "A title for staff only", "raw": "This is a proper text.", "category": 3}).want(403)
	s.ask("ben", "POST", "/posts.json", obj{"topic_id": topic.ID, "raw": "Whispering is for others.", "whisper": true}).want(403)
	s.ask("ben", "POST", "/posts.json", obj{"topic_id": topic.ID, "raw": "Bumping is for others, too.", "no_bump": true}).want(400)
	s.Close(topic.ID)
	s.ask("ben", "POST", "/posts.json", reply("This topic is closed now.")).want(403)
	s.clock.Add(6 * time.Minute)
	s.Reopen(topic.ID)
	s.ask("ben", "POST", "/posts.json", reply("I have said this before.")).want(200)
}

func TestRulesAreReadable(t *testing.T) {
	each(t, func(s *stage) {
		a := s.get("wortley", "/site/settings.json").want(200)
		s.equal("min_post_length", a.num("min_post_length"), 20)
		s.equal("max_tags_per_topic", a.num("max_tags_per_topic"), 5)
		s.equal("chat_enabled", a.get("chat_enabled"), true)
		s.Change(func(set *Settings) { set.MinPostLength = 5 })
		s.equal("min_post_length", s.get("wortley", "/site/settings.json").num("min_post_length"), 5)
	})
}

// The same request within two minutes gets the first answer, refusals too.
func TestMemory(t *testing.T) {
	each(t, func(s *stage) {
		topic, say := ladder(s)
		first := s.ask("wortley", "POST", "/posts.json", say).want(200)
		s.clock.Add(119 * time.Second)
		s.equal("the same answer", s.ask("wortley", "POST", "/posts.json", say).want(200).num("id"), first.num("id"))
		other := s.request("wortley", "POST", "/posts.json", say)
		other.Header.Set("User-Agent", "another")
		a, err := s.do(other)
		if err != nil {
			t.Fatal(err)
		}
		s.contains("another user agent", a.want(422).str("errors.0"), "too similar")
		s.clock.Add(2 * time.Second)
		s.ask("wortley", "POST", "/posts.json", say).want(422)
		s.ask("ana", "POST", "/posts.json", say).want(200)
		s.equal("posts", len(s.Posts(topic.ID)), 3)

		short := obj{"topic_id": topic.ID, "raw": "Quite short"}
		s.ask("wortley", "POST", "/posts.json", short).want(422)
		s.Change(func(set *Settings) { set.MinPostLength = 5 })
		s.ask("wortley", "POST", "/posts.json", short).want(422) // replayed, although it would do now
		s.clock.Add(2 * time.Minute)
		s.ask("wortley", "POST", "/posts.json", short).want(200)
	})
}

func TestPace(t *testing.T) {
	s := set(t, Options{Limits: RealLimits()})
	s.AddUser("newcomer", User{TrustLevel: -1, CreatedAt: s.clock.Now()})
	s.keys["newcomer"] = s.Key("newcomer")
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
	n := 0
	say := func(as string, topic int64) *reply {
		n++
		body := obj{"raw": fmt.Sprintf("This is what I have to say, number %d.", n), "topic_id": topic}
		if topic == 0 {
			body = obj{"raw": body["raw"], "title": fmt.Sprintf("What I have to say, number %d", n), "category": s.general.ID}
		}
		return s.ask(as, "POST", "/posts.json", body)
	}
	say("wortley", topic.ID).want(200)
	s.equal("wait", say("wortley", topic.ID).want(429).num("extras.wait_seconds"), 5)
	s.clock.Add(5 * time.Second)
	say("wortley", topic.ID).want(200)
	s.clock.Add(5 * time.Second)
	say("wortley", 0).want(200)
	s.clock.Add(5 * time.Second)
	s.equal("wait for a topic", say("wortley", 0).want(429).num("extras.wait_seconds"), 10)
	say("mod", topic.ID).want(200) // staff need not wait
	say("mod", topic.ID).want(200)

	for range 19 {
		s.clock.Add(15 * time.Second)
		say("wortley", 0).want(200)
	}
	s.clock.Add(15 * time.Second)
	say("wortley", 0).want(429) // the 21st topic of the day
	for range 3 {
		s.clock.Add(2 * time.Minute)
		say("newcomer", 0).want(200)
	}
	s.clock.Add(2 * time.Minute)
	say("newcomer", 0).want(429) // the fourth of the first day
}

// Held for approval: accepted, and not there.
func TestApproval(t *testing.T) {
	each(t, func(s *stage) {
		topic, say := ladder(s)
		s.SetCategory(s.general.ID, func(c *Category) { c.Approval = true })
		a := s.ask("wortley", "POST", "/posts.json", say).want(200)
		s.equal("action", a.str("action"), "enqueued")
		s.equal("id", a.get("id"), nil)
		s.equal("pending", a.num("pending_count"), 1)
		s.equal("posts", len(s.Posts(topic.ID)), 1)
		later := s.Say("ben", topic.ID, "Not me.")
		s.clock.Add(time.Hour)
		p := s.Approve(s.Queue()[0].ID)
		s.holds("a new post, made now", p.ID > later.ID && p.CreatedAt.Equal(s.clock.Now()))
		note := s.get("wortley", "/notifications.json")
		s.equal("type", note.num("notifications.0.notification_type"), PostApproved)
		s.equal("number", note.num("notifications.0.post_number"), p.Number)
		s.ask("wortley", "POST", "/posts.json", obj{"topic_id": topic.ID, "raw": "This will not be liked."}).want(200)
		s.Reject(s.Queue()[0].ID)
		s.equal("queue", len(s.Queue()), 0)
		s.equal("posts", len(s.Posts(topic.ID)), 3)
		s.SetCategory(s.general.ID, func(c *Category) { c.Approval = false })
		s.SetUser("wortley", func(u *User) { u.Moderated = true })
		s.equal("a moderated account", s.ask("wortley", "POST", "/posts.json", obj{"topic_id": topic.ID, "raw": "I am on my best behaviour."}).str("action"), "enqueued")
	})
}

// Tags go in by name everywhere and as objects on the newest; what is not
// allowed is dropped without a word.
func TestTagsOfNewTopics(t *testing.T) {
	each(t, func(s *stage) {
		tools := s.AddTag("tools")
		tagsOf := func(as, title string, tags any) any {
			a := s.ask(as, "POST", "/posts.json", obj{"title": title, "raw": "Look at the tags of it: " + title, "category": s.general.ID, "tags": tags}).want(200)
			var names []string
			for _, id := range s.Topic(a.num("topic_id")).Tags {
				names = append(names, s.s.Tags[id].Name)
			}
			return names
		}
		s.equal("names", tagsOf("ana", "A topic with names", []string{"tools", "brand-new"}), []string{"tools"})
		s.equal("new ones by those who may", tagsOf("wortley", "A topic with new tags", []string{"Fresh Paint"}), []string{"fresh-paint"})
		objects := tagsOf("ana", "A topic with objects", []obj{{"id": tools.ID, "name": "tools"}})
		s.equal("objects", objects, map[Mode]any{Old: []string{}, Mid: []string{}, Newest: []string{"tools"}}[s.Mode()])
		s.equal("not more than five", len(tagsOf("wortley", "A topic with many tags", []string{"a1", "a2", "a3", "a4", "a5", "a6"}).([]string)), 5)
	})
}

// Behaviour 9: reading, changing and deleting one post.
func TestOnePost(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("wortley", s.general.ID, "Who has the ladder?", "I need it.")
		first := s.Posts(topic.ID)[0]
		path := fmt.Sprintf("/posts/%d.json", first.ID)
		edit := func(as, was, raw string) *reply {
			return s.ask(as, "PUT", path, obj{"post": obj{"raw": raw, "original_text": was, "edit_reason": "news"}})
		}
		edit("wortley", "I need it.", "Ben has it, as I hear now.").want(200)
		a := s.get("ana", path)
		s.equal("version within five minutes", a.num("version"), 1)
		s.equal("raw", a.str("raw"), "Ben has it, as I hear now.")
		s.clock.Add(5*time.Minute + time.Second)
		s.equal("version", edit("wortley", "Ben has it, as I hear now.", "Ana has it, as I hear now.").want(200).num("post.version"), 2)
		s.holds("a change shows", s.get("ana", path).str("updated_at") > s.get("ana", path).str("created_at"))
		edit("wortley", "Ben has it, as I hear now.", "Nobody has it, as I hear now.").want(409)
		edit("ana", "", "I am not the author of this.").want(403)
		edit("mod", "", "Moderators may change anything.").want(200)
		edit("wortley", "", "Short").want(422)
		s.SetUser("wortley", func(u *User) { u.TrustLevel = 1 })
		s.clock.Add(25 * time.Hour)
		s.contains("too late", edit("wortley", "", "It is a day later by now.").want(422).str("errors.0"), "too long ago")

		secret := s.Posts(s.NewTopic("mod", 3, "The safe", "The code is 1234.").ID)[0]
		s.equal("kind", s.get("ana", fmt.Sprintf("/posts/%d.json", secret.ID)).want(404).str("error_type"), "not_found")
		s.get("ana", "/posts/99999.json").want(404)
		reply := s.Say("ana", topic.ID, "Not me.")
		s.Delete(reply.ID)
		s.get("wortley", fmt.Sprintf("/posts/%d.json", reply.ID)).want(404)
		s.holds("staff see when", s.get("mod", fmt.Sprintf("/posts/%d.json", reply.ID)).want(200).get("deleted_at") != nil)
		hidden := s.Say("ana", topic.ID, "Buy my ladders!")
		s.Hide(hidden.ID)
		seen := s.get("wortley", fmt.Sprintf("/posts/%d.json", hidden.ID)).want(200)
		s.equal("raw of a hidden post", seen.get("raw"), nil)
		s.contains("cooked of a hidden post", seen.str("cooked"), "temporarily hidden")
	})
}

func TestEditBudget(t *testing.T) {
	s := set(t, Options{Limits: Limits{EditsPerDay: 2, DeletesPerMinute: 2}})
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
	p := s.Say("wortley", topic.ID, "Wait a moment, I shall look.")
	path := fmt.Sprintf("/posts/%d.json", p.ID)
	for i := range 6 {
		s.ask("wortley", "PUT", path, obj{"post": obj{"raw": fmt.Sprintf("I have looked %d times by now.", i)}}).want(200)
	}
	s.ask("wortley", "PUT", path, obj{"post": obj{"raw": "That was enough for one day."}}).want(429)
	s.ask("wortley", "DELETE", path, nil).want(200)
	s.equal("taken back", s.Post(p.ID).Raw, "(post deleted by author)")
	s.clock.Add(23 * time.Hour)
	s.get("ana", path).want(200)
	s.clock.Add(time.Hour)
	s.get("ana", path).want(404)
}

func TestLikes(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		p := s.Posts(topic.ID)[0]
		like := obj{"id": p.ID, "post_action_type_id": 2}
		s.equal("acted", s.ask("wortley", "POST", "/post_actions.json", like).want(200).get("actions_summary.0.acted"), true)
		s.ask("ana", "POST", "/post_actions.json", like).want(403)
		undo := fmt.Sprintf("/post_actions/%d.json?post_action_type_id=2", p.ID)
		s.ask("wortley", "DELETE", undo, nil).want(200)
		s.ask("wortley", "POST", "/post_actions.json", like).want(200)
		s.clock.Add(10 * time.Minute)
		s.ask("wortley", "DELETE", undo, nil).want(403)
		s.equal("likes", len(s.Post(p.ID).Likes), 1)
	})
}
