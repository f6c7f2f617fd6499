package discoursetest

import (
	"fmt"
	"testing"
	"time"
)

// kinds returns the types of an account's notifications, newest first.
func (s *stage) kinds(as string) []int64 {
	s.t.Helper()
	list := s.get(as, "/notifications.json").want(200).get("notifications").([]any)
	out := []int64{}
	for _, v := range list {
		out = append(out, int64(v.(map[string]any)["notification_type"].(float64)))
	}
	return out
}

// Behaviour 13: who is told of what.
func TestNotifications(t *testing.T) {
	each(t, func(s *stage) {
		s.AddGroup("gardeners", Group{Mentionable: true}, "ben", "wortley")
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "Do you, @wortley?")
		a := s.get("wortley", "/notifications.json").want(200)
		s.equal("mentioned", s.kinds("wortley"), []int{Mentioned})
		s.equal("post", a.num("notifications.0.data.original_post_id"), s.Posts(topic.ID)[0].ID)
		s.equal("by", a.str("notifications.0.data.display_username"), "ana")
		s.Say("ben", topic.ID, "@gardeners, does anybody?")
		s.equal("a group", s.kinds("wortley"), []int{GroupMentioned, Mentioned})
		s.equal("its name", s.get("wortley", "/notifications.json").str("notifications.0.data.group_name"), "gardeners")
		s.Say("ben", topic.ID, "[quote=\"wortley, post:1, topic:1\"]\nwell\n[/quote]\nYou said so.")
		s.equal("quoted", s.kinds("wortley")[0], Quoted)
		s.equal("posted in her topic, twice and one row", s.kinds("ana"), []int{Posted})
		s.equal("how many", s.get("ana", "/notifications.json").str("notifications.0.data.display_username"), "2 replies")
		p := s.Say("wortley", topic.ID, "I have it.")
		s.Reply("ben", topic.ID, p.Number, "At last, @wortley!")
		s.equal("a reply with a mention is one row", s.kinds("wortley")[0], Replied)
		s.SetUser("wortley", func(u *User) { u.Watched = []int64{1} })
		s.NewTopic("ben", 1, "Something else", "Look here.")
		s.equal("watched", s.kinds("wortley")[0], WatchingTopic)
		s.get("", "/notifications.json").want(403)
	})
}

func TestMessagesCollapse(t *testing.T) {
	each(t, func(s *stage) {
		pm := s.PM("ana", "A question", "What is on, @wortley?", "wortley")
		s.equal("a message and no mention", s.kinds("wortley"), []int{PrivateMessage})
		first := s.Notifications("wortley")[0]
		s.clock.Add(time.Minute)
		s.Say("ana", pm.ID, "Are you there, @wortley?")
		s.equal("still one", s.kinds("wortley"), []int{PrivateMessage})
		second := s.Notifications("wortley")[0]
		s.holds("a new row about the first unread post", second.ID > first.ID && second.PostNumber == 1)
		s.Read("wortley", pm.ID)
		s.Say("ana", pm.ID, "Thanks.")
		s.equal("about the last one, once read", s.Notifications("wortley")[0].PostNumber, 3)
		s.Delete(s.Posts(pm.ID)[2].ID)
		s.equal("gone with its post", len(s.Notifications("wortley")), 0)
	})
}

// A mention that is edited in later makes a row then, in the background.
func TestEditedIn(t *testing.T) {
	c := newClock()
	f := New(t, Options{Mode: Newest, Clock: c.Now, NotifyAfter: 20 * time.Second})
	f.AddUser("ana", User{})
	f.AddUser("wortley", User{})
	topic := f.NewTopic("ana", 1, "Who has the ladder?", "I need it.")
	c.Add(time.Hour)
	f.Edit("ana", f.Posts(topic.ID)[0].ID, "I need it, @wortley.")
	if got := f.Notifications("wortley"); len(got) != 0 {
		t.Fatalf("told at once: %v", got)
	}
	c.Add(20 * time.Second)
	got := f.Notifications("wortley")
	if len(got) != 1 || got[0].Type != Mentioned || got[0].PostNumber != 1 {
		t.Fatalf("notifications %v, want one mention", got)
	}
	f.Edit("ana", f.Posts(topic.ID)[0].ID, "I really need it, @wortley.")
	c.Add(time.Minute)
	if got := f.Notifications("wortley"); len(got) != 1 {
		t.Errorf("told again: %v", got)
	}
	f.HoldNotifications(true)
	f.Say("ana", topic.ID, "Hello @wortley")
	c.Add(time.Hour)
	if got := f.Notifications("wortley"); len(got) != 1 {
		t.Errorf("told while held: %v", got)
	}
	f.HoldNotifications(false)
	if got := f.Notifications("wortley"); len(got) != 2 {
		t.Errorf("not told after: %v", got)
	}
}

func TestNotificationPages(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 70 {
			s.NewTopic("ana", s.general.ID, fmt.Sprintf("Question %d", i), "Well, @wortley?")
		}
		a := s.get("wortley", "/notifications.json")
		s.equal("a page", len(a.ids("notifications")), 60)
		s.equal("all", a.num("total_rows_notifications"), 70)
		s.equal("the rest", len(s.get("wortley", "/notifications.json?offset=60").ids("notifications")), 10)
		s.get("wortley", "/notifications.json?recent=true&silent=true&limit=5")
		s.equal("seen", s.get("wortley", "/notifications.json").num("seen_notification_id"), 0)
		s.equal("by type", len(s.get("wortley", "/notifications.json?recent=true&filter_by_types=replied").ids("notifications")), 0)
		s.get("wortley", "/notifications.json?recent=true&limit=5")
		s.holds("seen", s.get("wortley", "/notifications.json").num("seen_notification_id") > 0)
		s.ask("wortley", "PUT", "/notifications/mark-read.json", obj{"id": a.ids("notifications")[0]}).want(200)
		s.equal("read", s.get("wortley", "/notifications.json").get("notifications.0.read"), true)
		s.equal("not read", s.get("wortley", "/notifications.json").get("notifications.1.read"), false)
	})
}
