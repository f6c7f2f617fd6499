package discoursetest

import "slices"

// seesChannel says whether the account may read a channel.
func (c *call) seesChannel(ch *Channel) bool {
	switch {
	case ch == nil || c.user == nil || c.user.ChatOff || !c.s.Settings.ChatEnabled:
		return false
	case ch.Direct:
		return ch.member(c.user)
	}
	return c.seesCategory(c.user, ch.CategoryID)
}

func (c *call) seesMessage(m *ChatMessage) bool {
	return m != nil && !m.Uncommitted && (m.DeletedAt == nil || c.user.staff() || m.UserID == c.user.ID)
}

// myChannels is GET /chat/api/me/channels: those the account is a member of.
func (c *call) myChannels() answer {
	if c.user == nil || c.user.ChatOff || !c.s.Settings.ChatEnabled {
		return forbidden()
	}
	public, direct := []obj{}, []obj{}
	for _, ch := range sorted(c.s.Channels) {
		switch {
		case !ch.member(c.user) || !c.seesChannel(ch):
		case ch.Direct:
			direct = append(direct, c.showChannel(ch))
		default:
			public = append(public, c.showChannel(ch))
		}
	}
	return ok(obj{"public_channels": public, "direct_message_channels": direct, "meta": obj{"message_bus_last_ids": obj{}}, "tracking": obj{"channel_tracking": obj{}, "thread_tracking": obj{}}})
}

// allChannels is GET /chat/api/channels: the public ones.
func (c *call) allChannels() answer {
	out := []obj{}
	for _, ch := range sorted(c.s.Channels) {
		if !ch.Direct && c.seesChannel(ch) {
			out = append(out, c.showChannel(ch))
		}
	}
	return ok(obj{"channels": out, "meta": obj{"load_more_url": nil}, "tracking": obj{}})
}

// getChannel is GET /chat/api/channels/ID.
func (c *call) getChannel() answer {
	ch := c.s.Channels[c.id("channel")]
	if !c.seesChannel(ch) {
		return notFound()
	}
	return ok(obj{"channel": c.showChannel(ch)})
}

// inChannelList says whether a message is in the list of its channel: all
// but the replies of threads.
func (c *call) inChannelList(m *ChatMessage) bool {
	t := c.s.Threads[m.ThreadID]
	return t == nil || t.Original == m.ID
}

// channelMessages is GET /chat/api/channels/ID/messages.
func (c *call) channelMessages() answer {
	return c.messagePage(func(m *ChatMessage) bool { return c.inChannelList(m) })
}

// threadMessages is GET /chat/api/channels/ID/threads/TID/messages.
func (c *call) threadMessages() answer {
	t := c.s.Threads[c.id("thread")]
	if t == nil || t.ChannelID != c.id("channel") {
		return notFound()
	}
	return c.messagePage(func(m *ChatMessage) bool { return m.ThreadID == t.ID })
}

// messagePage returns messages around, before or after a target. A target
// that was deleted for good is a 404; one that was trashed and is not for
// this account is dropped, and the answer begins where the channel does.
func (c *call) messagePage(listed func(*ChatMessage) bool) answer {
	ch := c.s.Channels[c.id("channel")]
	if !c.seesChannel(ch) {
		return notFound()
	}
	most := 50
	if c.o.Mode == Newest {
		most = 500
	}
	size, direction, target := int(c.in.num("page_size")), c.in.str("direction"), c.in.num("target_message_id")
	if size < 0 || size > most || direction != "" && direction != "past" && direction != "future" {
		return badParameter("page_size")
	}
	if size == 0 {
		size = 50
	}
	var all []*ChatMessage
	for _, m := range c.messagesOf(ch.ID) {
		if listed(m) && c.seesMessage(m) {
			all = append(all, m)
		}
	}
	dropped := false
	if target != 0 {
		m := c.s.Chat[target]
		if m == nil || m.ChannelID != ch.ID {
			return notFound()
		}
		if dropped = !c.seesMessage(m); dropped {
			target = 0
		}
	}
	from, to := pageBounds(all, size, direction, target, dropped)
	messages := []obj{}
	for _, m := range all[from:to] {
		messages = append(messages, c.showMessage(m))
	}
	return ok(obj{"messages": messages, "tracking": obj{}, "meta": obj{"target_message_id": orNil(target), "can_load_more_past": from > 0, "can_load_more_future": to < len(all)}})
}

// pageBounds returns which of all messages are on a page.
func pageBounds(all []*ChatMessage, size int, direction string, target int64, dropped bool) (from, to int) {
	at, found := slices.BinarySearchFunc(all, target, func(m *ChatMessage, id int64) int { return int(m.ID - id) })
	switch {
	case direction == "future" && target == 0, dropped:
		return 0, min(size, len(all))
	case target == 0:
		return max(0, len(all)-size), len(all)
	case direction == "future":
		if found {
			at++
		}
		return at, min(at+size, len(all))
	case direction == "past":
		return max(0, at-size), at
	}
	return max(0, at-size/2), min(at+size/2, len(all))
}

// myThreads is GET /chat/api/me/threads: those the account said something in
// or began, newest reply first.
func (c *call) myThreads() answer {
	return c.threads(func(t *Thread) bool {
		ch := c.s.Channels[t.ChannelID]
		return ch.member(c.user) && c.seesChannel(ch) && slices.ContainsFunc(c.threadOf(t), func(m *ChatMessage) bool { return m.UserID == c.user.ID })
	})
}

// channelThreads is GET /chat/api/channels/ID/threads.
func (c *call) channelThreads() answer {
	ch := c.s.Channels[c.id("channel")]
	if !c.seesChannel(ch) || !ch.Threading {
		return notFound()
	}
	return c.threads(func(t *Thread) bool { return t.ChannelID == ch.ID })
}

func (c *call) threadOf(t *Thread) []*ChatMessage {
	return slices.DeleteFunc(c.messagesOf(t.ChannelID), func(m *ChatMessage) bool { return m.ThreadID != t.ID || !c.seesMessage(m) })
}

func (c *call) threads(listed func(*Thread) bool) answer {
	if c.user == nil {
		return notLoggedIn()
	}
	out := []obj{}
	for _, t := range sorted(c.s.Threads) {
		ms := c.threadOf(t)
		if len(ms) == 0 || !listed(t) {
			continue
		}
		last := ms[len(ms)-1]
		out = append(out, obj{
			"id": t.ID, "title": nil, "status": "open", "channel_id": t.ChannelID, "channel": c.showChannel(c.s.Channels[t.ChannelID]),
			"original_message": c.showMessage(ms[0]), "reply_count": len(ms) - 1, "last_message_id": last.ID,
			"preview": obj{"last_reply_id": last.ID, "last_reply_created_at": stamp(last.CreatedAt), "reply_count": len(ms) - 1},
		})
	}
	slices.SortFunc(out, func(a, b obj) int { return int(b["last_message_id"].(int64) - a["last_message_id"].(int64)) })
	return ok(obj{"threads": out, "tracking": obj{}, "meta": obj{"load_more_url": nil}})
}
