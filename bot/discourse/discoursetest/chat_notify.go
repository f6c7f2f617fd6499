package discoursetest

// notifyChat tells the members a message mentions. Direct channels make no
// notifications.
func (f *Forum) notifyChat(m *ChatMessage) {
	if m == nil || m.DeletedAt != nil || f.s.Channels[m.ChannelID].Direct {
		return
	}
	ch, author := f.s.Channels[m.ChannelID], f.s.Users[m.UserID]
	users, _ := f.mentioned(m.Cooked)
	for _, u := range users {
		if u == author || !ch.member(u) || f.toldOfChat(u, m) {
			continue
		}
		data := map[string]any{
			"chat_message_id": m.ID, "chat_channel_id": ch.ID, "mentioned_by_username": author.Username,
			"is_direct_message_channel": false, "chat_channel_title": ch.Name, "chat_channel_slug": ch.Slug,
		}
		if m.ThreadID != 0 {
			data["chat_thread_id"] = m.ThreadID
		}
		f.addNote(&Notification{UserID: u.ID, Type: ChatMention, ChatMessage: m.ID, Data: data})
	}
}

func (f *Forum) toldOfChat(u *User, m *ChatMessage) bool {
	for _, n := range f.s.Notes {
		if n.UserID == u.ID && n.ChatMessage == m.ID {
			return true
		}
	}
	return false
}
