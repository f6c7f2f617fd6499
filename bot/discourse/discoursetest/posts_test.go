package discoursetest

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// many has an account say n things in a topic and returns the ids.
func (s *stage) many(as string, topic int64, n int) []int64 {
	var ids []int64
	for range n {
		s.clock.Add(time.Second)
		ids = append(ids, s.Say(as, topic, "So it goes.").ID)
	}
	return ids
}

// Behaviour 6: what /posts.json shows and what it does not.
func TestWhatIsListed(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		seen := s.Say("ben", topic.ID, "Not me.").ID
		s.Whisper("mod", topic.ID, "They never find it.")
		s.SmallAction("mod", topic.ID, "closed.enabled")
		s.Moderate("mod", topic.ID, "Be nice.")
		s.Hide(s.Say("ben", topic.ID, "Buy my ladders!").ID)
		s.Delete(s.Say("ben", topic.ID, "A mistake.").ID)
		unlisted := s.NewTopic("ana", s.general.ID, "A secret", "Nobody knows.")
		s.Unlist(unlisted.ID)
		s.NewTopic("mod", 3, "The safe", "The code is 1234.")
		pm := s.PM("ana", "A question", "What is on?", "wortley")
		s.PM("ana", "Another", "What is on?", "ben")
		s.equal("newest public post", s.get("wortley", "/posts.json").ids("latest_posts")[0], seen)
		s.equal("private posts", s.get("wortley", "/private-posts.json").ids("private_posts"), []int64{s.Posts(pm.ID)[0].ID})
		s.equal("an admin's private posts", len(s.get("admin", "/private-posts.json").ids("private_posts")), 2)
		s.get("", "/private-posts.json").want(404)
	})
}

// before= means another thing on each of the three.
func TestBefore(t *testing.T) {
	each(t, func(s *stage) {
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		pm := s.PM("ana", "A question", "What is on?", "ben")
		early := s.many("ben", topic.ID, 10)
		s.many("ana", pm.ID, 120) // a stretch nobody else sees
		late := s.many("ben", topic.ID, 60)
		list := func(before int64) []int64 {
			return s.get("wortley", fmt.Sprintf("/posts.json?before=%d", before)).want(200).ids("latest_posts")
		}
		first := s.get("wortley", "/posts.json").ids("latest_posts")
		s.equal("first page", []int64{first[0], first[49], int64(len(first))}, []int64{late[59], late[10], 50})
		mark := late[30]
		page := list(mark)
		s.equal("includes the mark", slices.Contains(page, mark), s.Mode() != Newest)
		beyond := list(late[0] - 1)
		switch s.Mode() {
		case Old:
			s.equal("posts of a window", len(page), 31)
			s.equal("a window of invisible ids", len(beyond), 0)
			s.equal("the next one", len(list(late[0]-51)), 0)
			s.equal("the one that reaches", list(early[9] + 20)[0], early[9])
		default:
			s.equal("posts of a page", len(page), map[Mode]int{Mid: 44, Newest: 43}[s.Mode()])
			s.equal("invisible ids are skipped", beyond[0], early[9])
		}
		s.equal("the end", len(list(1)), map[Mode]int{Old: 1, Mid: 1, Newest: 0}[s.Mode()])
	})
}

// The middle generation sorts by when posts were made, not by id.
func TestMidOrder(t *testing.T) {
	s := set(t, Options{Mode: Mid})
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
	late := s.many("ben", topic.ID, 55)
	split, moved := s.Split(s.general.ID, "The ladder, again", s.Posts(topic.ID)[0].ID)
	s.equal("a new id", moved[0].ID > late[54] && moved[0].TopicID == split.ID, true)
	s.equal("the old time", moved[0].CreatedAt, s.Post(s.Posts(topic.ID)[0].ID).CreatedAt)
	ids := s.get("wortley", "/posts.json").ids("latest_posts")
	s.equal("newest by time", ids[0], late[54])
	s.equal("the copy is not on the page", slices.Contains(ids, moved[0].ID), false)
	s.SetMode(Newest)
	s.equal("by id it is the first", s.get("wortley", "/posts.json").ids("latest_posts")[0], moved[0].ID)
	s.SetMode(Mid)
	s.o.MidExclusive = true
	s.equal("exclusive", slices.Contains(s.get("wortley", fmt.Sprintf("/posts.json?before=%d", late[9])).ids("latest_posts"), late[9]), false)
}

// Behaviour 7: an old id that was not there before.
func TestLateIDs(t *testing.T) {
	each(t, func(s *stage) {
		s.AddGroup("gardeners", Group{}, "ana")
		garden := s.AddCategory("Garden", Category{Groups: []string{"gardeners"}})
		topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		listed := func(id int64) bool { return slices.Contains(s.get("wortley", "/posts.json").ids("latest_posts"), id) }
		appears := func(what string, id int64, by func()) {
			s.t.Helper()
			s.Say("ben", topic.ID, "Life goes on.")
			s.holds(what+": not there before", !listed(id))
			by()
			s.holds(what+": there after", listed(id))
		}
		slow, show := s.SayLate("ben", topic.ID, "I was slow.")
		s.get("admin", fmt.Sprintf("/posts/%d.json", slow)).want(404)
		appears("slow transaction", slow, func() { show() })
		slow, show = s.NewTopicLate("ben", s.general.ID, "A slow topic", "It took a while.")
		appears("slow topic", slow, func() { show() })
		deleted := s.Say("ben", topic.ID, "Oh dear.").ID
		s.Delete(deleted)
		appears("undelete", deleted, func() { s.Recover(deleted) })
		s.Hide(deleted)
		appears("unhide", deleted, func() { s.Unhide(deleted) })
		secret := s.NewTopic("ana", s.general.ID, "A secret", "Nobody knows.")
		s.Unlist(secret.ID)
		appears("relist", s.Posts(secret.ID)[0].ID, func() { s.Relist(secret.ID) })
		seeds := s.Posts(s.NewTopic("ana", garden.ID, "Seeds", "What shall we sow?").ID)[0].ID
		appears("group gain", seeds, func() { s.Join("gardeners", "wortley") })
		s.Leave("gardeners", "wortley")
		appears("category made public", seeds, func() { s.SetCategory(garden.ID, func(c *Category) { c.Groups = nil }) })
		pm := s.PM("ana", "A question", "What is on?", "ben")
		appears("message made public", s.Posts(pm.ID)[0].ID, func() { s.MakePublic(pm.ID, s.general.ID) })
	})
}

func TestMoves(t *testing.T) {
	each(t, func(s *stage) {
		from := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "I need it.")
		to := s.NewTopic("ana", 1, "Who has the drill?", "I need it too.")
		a, b := s.Say("ben", from.ID, "Not me."), s.Say("ben", from.ID, "Nor me.")
		moved := s.Move(to.ID, a.ID)
		s.equal("id, topic, number", []int64{moved[0].ID, moved[0].TopicID, int64(moved[0].Number)}, []int64{a.ID, to.ID, 2})
		s.equal("category", s.get("wortley", "/posts.json").num("latest_posts.0.category_id"), s.general.ID)
		copied := s.Copy(to.ID, b.ID)
		s.holds("a copy has an id of its own", copied[0].ID > b.ID && s.Post(b.ID).TopicID == from.ID)
		numbers := []int{}
		for _, p := range s.Posts(from.ID) {
			numbers = append(numbers, p.Number)
		}
		s.equal("numbers with a gap, and a small action", numbers, []int{1, 3, 4})
		s.Recategorise(from.ID, 1)
		s.Retag(from.ID, "tools")
		s.equal("category of a post", s.get("wortley", fmt.Sprintf("/t/%d.json", from.ID)).num("category_id"), 1)
	})
}
