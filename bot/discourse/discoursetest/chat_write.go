package discoursetest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// sendChat is POST /chat/ID. Nothing keeps the same request from saying the
// same thing twice, except the rule against duplicates where it bites.
func (c *call) sendChat() answer {
	ch := c.s.Channels[c.id("channel")]
	if !c.seesChannel(ch) || !ch.member(c.user) {
		return notFound()
	}
	message, thread, to := strings.TrimSpace(c.in.str("message")), c.in.num("thread_id"), c.in.num("in_reply_to_id")
	if a := c.checkChat(ch, message); a != nil {
		return *a
	}
	if t := c.s.Threads[thread]; thread != 0 && (t == nil || t.ChannelID != ch.ID) || to != 0 && c.s.Chat[to] == nil {
		return notFound()
	}
	if a := c.limitChat(); a != nil {
		return *a
	}
	m := c.chat(c.user, ch.ID, message, thread, to)
	return ok(obj{"success": "OK", "message_id": m.ID})
}

func (c *call) checkChat(ch *Channel, message string) *answer {
	set, n := c.s.Settings, len([]rune(message))
	var a answer
	users, _ := c.mentioned(c.cook(message))
	switch {
	case c.user.SilencedUntil != nil && c.user.SilencedUntil.After(c.now()):
		a = forbidden()
	case n < set.ChatMinLength && len(c.in.list("upload_ids")) == 0:
		a = invalid("", fmt.Sprintf("Message is too short, must have a minimum of %d characters.", set.ChatMinLength))
	case n > set.ChatMaxLength:
		a = invalid("", fmt.Sprintf("Message is too long, must have a maximum of %d characters.", set.ChatMaxLength))
	case len(users) > set.ChatMaxMentions:
		a = invalid("", fmt.Sprintf("Sorry, you can only mention %d users in a message.", set.ChatMaxMentions))
	case c.duplicate(ch, message):
		a = invalid("", "You posted an identical message too recently.")
	default:
		return nil
	}
	return &a
}

// duplicate says whether anybody said the same in this channel just now. How
// long, how big and how recent it must be grows stricter with the setting:
// at 0.5 21 characters, 57 members and 32 s.
func (c *call) duplicate(ch *Channel, message string) bool {
	s := c.s.Settings.ChatDuplicateSensitivity
	if s <= 0 || c.user.staff() {
		return false
	}
	x := (s - 0.1) / 0.9
	members, length, within := int(100-95*x), int(30-20*x), time.Duration(10+50*x)*time.Second
	if len(ch.Members) < members || len([]rune(message)) < length {
		return false
	}
	return slices.ContainsFunc(c.messagesOf(ch.ID), func(m *ChatMessage) bool {
		return m.DeletedAt == nil && strings.EqualFold(m.Text, message) && c.now().Sub(m.CreatedAt) < within
	})
}

// limitChat refuses an account that says too much, and silences it.
func (c *call) limitChat() *answer {
	if c.user.staff() {
		return nil
	}
	limit := c.o.Limits.ChatPer30s
	if c.user.TrustLevel == 0 {
		limit = c.o.Limits.NewChatPer30s
	}
	wait, refused := c.over("chat/"+c.user.Username, limit, 30*time.Second, false)
	if !refused {
		return nil
	}
	until := c.now().Add(time.Duration(c.s.Settings.ChatSilenceMinutes) * minute)
	c.user.SilencedUntil = &until
	a := tooMany(wait, "")
	return &a
}

// ownMessage finds the message of a path if the account may change it.
func (c *call) ownMessage() (*ChatMessage, *answer) {
	ch, m := c.s.Channels[c.id("channel")], c.s.Chat[c.id("message")]
	var a answer
	switch {
	case !c.seesChannel(ch) || m == nil || m.ChannelID != ch.ID || !c.seesMessage(m):
		a = notFound()
	case m.UserID != c.user.ID && !c.user.staff():
		a = forbidden()
	default:
		return m, nil
	}
	return nil, &a
}

// editChat is PUT /chat/api/channels/ID/messages/MID.
func (c *call) editChat() answer {
	m, refused := c.ownMessage()
	if refused != nil {
		return *refused
	}
	text := strings.TrimSpace(c.in.str("message"))
	if n := len([]rune(text)); n < c.s.Settings.ChatMinLength || n > c.s.Settings.ChatMaxLength {
		return invalid("", "Message is too short or too long.")
	}
	c.editMessage(m, text)
	return ok(obj{"success": "OK", "message_id": m.ID})
}

// deleteChat is DELETE /chat/api/channels/ID/messages/MID.
func (c *call) deleteChat() answer {
	m, refused := c.ownMessage()
	if refused != nil {
		return *refused
	}
	now := c.now()
	m.DeletedAt = &now
	return success()
}

// reactChat is PUT /chat/ID/react/MID.
func (c *call) reactChat() answer {
	ch, m := c.s.Channels[c.id("channel")], c.s.Chat[c.id("message")]
	if !c.seesChannel(ch) || !ch.member(c.user) || !c.seesMessage(m) || m.ChannelID != ch.ID {
		return notFound()
	}
	emoji := c.in.str("emoji")
	by := slices.DeleteFunc(m.Reactions[emoji], func(id int64) bool { return id == c.user.ID })
	switch c.in.str("react_action") {
	case "add":
		by = append(by, c.user.ID)
	case "remove":
	default:
		return badParameter("react_action")
	}
	if m.Reactions[emoji] = by; len(by) == 0 {
		delete(m.Reactions, emoji)
	}
	return success()
}

// joinChannel is POST /chat/api/channels/ID/memberships/me.
func (c *call) joinChannel() answer {
	ch := c.s.Channels[c.id("channel")]
	if !c.seesChannel(ch) || ch.Direct {
		return notFound()
	}
	if !ch.member(c.user) {
		ch.Members[c.user.ID] = 0
	}
	return ok(obj{"membership": obj{"following": true, "muted": false, "last_read_message_id": nil}})
}

// readChannel is PUT /chat/api/channels/ID/read.
func (c *call) readChannel() answer {
	ch := c.s.Channels[c.id("channel")]
	if !c.seesChannel(ch) || !ch.member(c.user) {
		return notFound()
	}
	id := c.in.num("message_id")
	if ms := c.messagesOf(ch.ID); id == 0 && len(ms) > 0 {
		id = ms[len(ms)-1].ID
	}
	ch.Members[c.user.ID] = id
	return success()
}

// openDirect is POST /chat/api/direct-message-channels.
func (c *call) openDirect() answer {
	if c.user.ChatOff || !c.s.Settings.ChatEnabled {
		return forbidden()
	}
	names := []string{c.user.Username}
	for _, n := range c.in.strs("target_usernames") {
		if u := c.Forum.user(n); u == nil || u.ChatOff {
			return invalid("", "That user does not use chat.")
		}
		if !strings.EqualFold(n, c.user.Username) {
			names = append(names, n)
		}
	}
	if len(names) < 2 {
		return badParameter("target_usernames")
	}
	return ok(obj{"channel": c.showChannel(c.direct(names))})
}
