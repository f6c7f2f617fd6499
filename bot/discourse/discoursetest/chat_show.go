package discoursetest

import "slices"

func (c *call) showChannel(ch *Channel) obj {
	o := obj{
		"id": ch.ID, "title": c.channelTitle(ch), "slug": ch.Slug, "description": nil, "status": "open", "memberships_count": len(ch.Members),
		"chatable_id": ch.CategoryID, "chatable_type": "Category", "chatable_url": nil, "allow_channel_wide_mentions": true,
		"threading_enabled": ch.Threading && c.o.Mode != Old, "current_user_membership": nil, "last_message": nil,
		"meta": obj{"message_bus_last_ids": obj{}, "can_join_chat_channel": true},
	}
	if ch.Direct {
		o["chatable_type"], o["chatable"] = "DirectMessage", obj{"id": ch.ID, "users": c.others(ch)}
	} else if cat := c.s.Categories[ch.CategoryID]; cat != nil {
		o["chatable"] = obj{"id": cat.ID, "name": cat.Name, "slug": cat.Slug}
	}
	if c.user != nil && ch.member(c.user) {
		o["current_user_membership"] = obj{"following": true, "muted": false, "last_read_message_id": orNil(ch.Members[c.user.ID])}
	}
	for _, m := range c.messagesOf(ch.ID) {
		if m.DeletedAt == nil && !m.Uncommitted && c.inChannelList(m) {
			o["last_message"] = c.showMessage(m)
		}
	}
	return o
}

func (c *call) others(ch *Channel) []obj {
	out := []obj{}
	for _, u := range sorted(c.s.Users) {
		if ch.member(u) && u != c.user {
			out = append(out, briefUser(u))
		}
	}
	return out
}

func (c *call) channelTitle(ch *Channel) string {
	if !ch.Direct {
		return ch.Name
	}
	title := ""
	for _, u := range c.others(ch) {
		title += "@" + u["username"].(string) + " "
	}
	return title[:max(0, len(title)-1)]
}

func (c *call) showMessage(m *ChatMessage) obj {
	u := c.s.Users[m.UserID]
	mentioned := []obj{}
	users, _ := c.mentioned(m.Cooked)
	for _, who := range users {
		mentioned = append(mentioned, briefUser(who))
	}
	o := obj{"id": m.ID, "message": m.Text, "cooked": m.Cooked, "created_at": stamp(m.CreatedAt), "excerpt": excerpt(m.Cooked, 150),
		"chat_channel_id": m.ChannelID, "user": briefUser(u), "mentioned_users": mentioned, "uploads": []any{}, "streaming": false, "blocks": []any{}}
	if m.ThreadID != 0 {
		o["thread_id"] = m.ThreadID
	}
	if m.Edited {
		o["edited"] = true
	}
	if m.DeletedAt != nil {
		o["deleted_at"], o["deleted_by_id"] = stampOf(m.DeletedAt), m.UserID
	}
	if to := c.s.Chat[m.ReplyTo]; to != nil {
		o["in_reply_to"] = obj{"id": to.ID, "cooked": to.Cooked, "excerpt": excerpt(to.Cooked, 150), "user": briefUser(c.s.Users[to.UserID])}
	}
	if len(m.Reactions) > 0 {
		o["reactions"] = c.showReactions(m)
	}
	return o
}

func (c *call) showReactions(m *ChatMessage) []obj {
	out := []obj{}
	for emoji, by := range m.Reactions {
		users := []obj{}
		for _, id := range by {
			users = append(users, briefUser(c.s.Users[id]))
		}
		out = append(out, obj{"emoji": emoji, "count": len(by), "users": users, "reacted": c.user != nil && slices.Contains(by, c.user.ID)})
	}
	slices.SortFunc(out, func(a, b obj) int {
		if a["emoji"].(string) < b["emoji"].(string) {
			return -1
		}
		return 1
	})
	return out
}
