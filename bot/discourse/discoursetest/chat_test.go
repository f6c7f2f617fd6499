package discoursetest

import (
	"fmt"
	"testing"
	"time"
)

// Behaviour 14: chat.
func TestChatChannels(t *testing.T) {
	each(t, func(s *stage) {
		lounge := s.AddChannel("Lounge", Channel{}, "ana", "wortley")
		s.AddChannel("Elsewhere", Channel{}, "ana")
		office := s.AddChannel("Office", Channel{CategoryID: 3}, "mod")
		m := s.ChatSay("ana", lounge.ID, "Good morning, @wortley.")
		dm := s.DM("ben", "wortley")
		s.equal("one channel between two", s.DM("wortley", "ben").ID, dm.ID)
		a := s.get("wortley", "/chat/api/me/channels").want(200)
		s.equal("public", a.ids("public_channels"), []int64{lounge.ID})
		s.equal("last message", a.num("public_channels.0.last_message.id"), m.ID)
		s.equal("direct", a.ids("direct_message_channels"), []int64{dm.ID})
		s.equal("all public ones", len(s.get("wortley", "/chat/api/channels").ids("channels")), 2)
		s.get("wortley", fmt.Sprintf("/chat/api/channels/%d/messages", office.ID)).want(404)
		note := s.get("wortley", "/notifications.json")
		s.equal("mention", note.num("notifications.0.notification_type"), ChatMention)
		s.equal("of a message", note.num("notifications.0.data.chat_message_id"), m.ID)
		s.ChatSay("ben", dm.ID, "Hello @wortley")
		s.equal("direct channels make no rows", s.kinds("wortley"), []int{ChatMention})
		s.SetUser("wortley", func(u *User) { u.ChatOff = true })
		s.get("wortley", "/chat/api/me/channels").want(403)
	})
}

func TestChatPaging(t *testing.T) {
	each(t, func(s *stage) {
		lounge := s.AddChannel("Lounge", Channel{}, "ana", "wortley")
		var ids []int64
		for i := range 70 {
			ids = append(ids, s.ChatSay("ana", lounge.ID, fmt.Sprintf("Line %d", i)).ID)
		}
		list := func(query string) []int64 {
			return s.get("wortley", fmt.Sprintf("/chat/api/channels/%d/messages?%s", lounge.ID, query)).want(200).ids("messages")
		}
		s.equal("newest", list("page_size=50"), ids[20:])
		s.equal("after one", list(fmt.Sprintf("page_size=50&direction=future&target_message_id=%d", ids[9])), ids[10:60])
		s.equal("the rest", list(fmt.Sprintf("page_size=50&direction=future&target_message_id=%d", ids[59])), ids[60:])
		s.equal("nothing new", list(fmt.Sprintf("page_size=50&direction=future&target_message_id=%d", ids[69])), []int64{})
		s.equal("before one", list(fmt.Sprintf("page_size=5&direction=past&target_message_id=%d", ids[9])), ids[4:9])
		s.get("wortley", fmt.Sprintf("/chat/api/channels/%d/messages?page_size=501", lounge.ID)).want(400)
		s.get("wortley", fmt.Sprintf("/chat/api/channels/%d/messages?page_size=51", lounge.ID)).want(map[Mode]int{Old: 400, Mid: 400, Newest: 200}[s.Mode()])

		s.ChatDelete(ids[60])
		after := fmt.Sprintf("page_size=50&direction=future&target_message_id=%d", ids[60])
		s.equal("a trashed target starts at the oldest", list(after)[0], ids[0])
		s.equal("its author goes on from it", s.get("ana", fmt.Sprintf("/chat/api/channels/%d/messages?%s", lounge.ID, after)).ids("messages")[0], ids[61])
		s.ChatPurge(ids[60])
		s.get("wortley", fmt.Sprintf("/chat/api/channels/%d/messages?%s", lounge.ID, after)).want(404)

		late, show := s.ChatSayLate("ana", lounge.ID, "I was slow.")
		higher := s.ChatSay("ana", lounge.ID, "I was not.").ID
		s.equal("late", list("page_size=1"), []int64{higher})
		show()
		s.equal("a lower id appears", list("page_size=2"), []int64{late, higher})
		s.clock.Add(91 * 24 * time.Hour)
		s.equal("retention", len(list("page_size=50")), 0)
	})
}

func TestThreads(t *testing.T) {
	each(t, func(s *stage) {
		lounge := s.AddChannel("Lounge", Channel{Threading: true}, "ana", "ben", "wortley")
		m := s.ChatSay("ana", lounge.ID, "Who has the ladder?")
		sent := s.ask("wortley", "POST", fmt.Sprintf("/chat/%d", lounge.ID), obj{"message": "Ben has it.", "in_reply_to_id": m.ID}).want(200)
		list := s.get("ben", fmt.Sprintf("/chat/api/channels/%d/messages", lounge.ID))
		if s.Mode() == Old {
			s.equal("all in the channel", len(list.ids("messages")), 2)
			s.equal("answer to", list.num("messages.1.in_reply_to.id"), m.ID)
			s.get("wortley", "/chat/api/me/threads").want(404)
			return
		}
		s.equal("only the original", list.ids("messages"), []int64{m.ID})
		thread := list.num("messages.0.thread_id")
		s.ChatReply("ben", m.ID, "I do, @wortley.")
		replies := s.get("ben", fmt.Sprintf("/chat/api/channels/%d/threads/%d/messages", lounge.ID, thread)).want(200)
		s.equal("the thread", replies.ids("messages")[1], sent.num("message_id"))
		s.equal("my threads", s.get("wortley", "/chat/api/me/threads").ids("threads"), []int64{thread})
		s.equal("threads of the channel", s.get("ana", fmt.Sprintf("/chat/api/channels/%d/threads", lounge.ID)).num("threads.0.reply_count"), 2)
		s.equal("mention in it", s.get("wortley", "/notifications.json").num("notifications.0.data.chat_thread_id"), thread)
		s.ask("ana", "POST", fmt.Sprintf("/chat/%d", lounge.ID), obj{"message": "Thanks.", "thread_id": thread}).want(200)
		s.ask("ana", "POST", fmt.Sprintf("/chat/%d", lounge.ID), obj{"message": "Thanks.", "thread_id": 999}).want(404)
	})
}

func TestChatWriting(t *testing.T) {
	each(t, func(s *stage) {
		lounge := s.AddChannel("Lounge", Channel{}, "ana")
		path := fmt.Sprintf("/chat/%d", lounge.ID)
		hello := obj{"message": "Hello everybody, this is a long message."}
		s.ask("wortley", "POST", path, hello).want(404) // not a member
		s.ask("wortley", "POST", fmt.Sprintf("/chat/api/channels/%d/memberships/me", lounge.ID), nil).want(200)
		sent := s.ask("wortley", "POST", path, hello).want(200)
		s.equal("success", sent.str("success"), "OK")
		s.ask("wortley", "POST", path, hello).want(200) // said twice: nothing stops it
		s.equal("messages", len(s.ChatMessages(lounge.ID)), 2)
		for i := range 57 {
			s.AddUser(fmt.Sprintf("m%02d", i), User{})
			s.JoinChannel(lounge.ID, fmt.Sprintf("m%02d", i))
		}
		s.contains("in a big channel it is", s.ask("ana", "POST", path, hello).want(422).str("errors.0"), "identical")
		s.clock.Add(33 * time.Second)
		s.ask("ana", "POST", path, hello).want(200)

		one := fmt.Sprintf("/chat/api/channels/%d/messages/%d", lounge.ID, sent.num("message_id"))
		s.ask("ana", "PUT", one, obj{"message": "I was never here."}).want(403)
		s.ask("wortley", "PUT", one, obj{"message": "Hello, all."}).want(200)
		s.equal("edited", s.ChatMessages(lounge.ID)[0].Edited, true)
		s.ask("wortley", "PUT", fmt.Sprintf("/chat/%d/react/%d", lounge.ID, sent.num("message_id")), obj{"emoji": "+1", "react_action": "add"}).want(200)
		s.equal("reaction", s.get("ana", fmt.Sprintf("/chat/api/channels/%d/messages", lounge.ID)).str("messages.0.reactions.0.emoji"), "+1")
		s.ask("wortley", "DELETE", one, nil).want(200)
		s.equal("messages", len(s.ChatMessages(lounge.ID)), 2)
		s.ask("wortley", "POST", path, obj{"message": ""}).want(422)
		s.ask("wortley", "POST", path, obj{"message": string(make([]byte, 6001))}).want(422)
		dm := s.ask("wortley", "POST", "/chat/api/direct-message-channels", obj{"target_usernames": []string{"ben"}, "upsert": true}).want(200)
		s.equal("the same again", s.ask("wortley", "POST", "/chat/api/direct-message-channels", obj{"target_usernames": []string{"ben"}}).num("channel.id"), dm.num("channel.id"))
		s.equal("its kind", dm.str("channel.chatable_type"), "DirectMessage")
	})
}

func TestChatSilence(t *testing.T) {
	s := set(t, Options{Mode: Newest, Limits: RealLimits(), Settings: func(set *Settings) { set.ChatDuplicateSensitivity = 0 }})
	lounge := s.AddChannel("Lounge", Channel{}, "wortley")
	path := fmt.Sprintf("/chat/%d", lounge.ID)
	for range 40 {
		s.ask("wortley", "POST", path, obj{"message": "And another thing."}).want(200)
	}
	s.ask("wortley", "POST", path, obj{"message": "And another thing."}).want(429)
	s.clock.Add(29 * time.Minute)
	s.ask("wortley", "POST", path, obj{"message": "May I?"}).want(403)
	s.clock.Add(2 * time.Minute)
	s.ask("wortley", "POST", path, obj{"message": "May I?"}).want(200)
}
