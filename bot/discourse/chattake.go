package discourse

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

// take puts into the batch what a message of chat means for the bot. It
// reports whether there was anything new about it.
func (c *Chat) take(batch *bot.Batch, next *chatPosition, r *read, ch forum.Channel, p forum.ChatPlace, m forum.ChatMessage) bool {
	if m.Hook != nil || m.User.ID < 0 {
		return false
	}
	c.know(m, p)
	old, known := r.Seen[m.ID]
	switch {
	case m.Deleted != nil:
		return known && c.gone(batch, r, p, m.ID, *m.Deleted)
	case strings.EqualFold(m.User.Username, c.Username):
		if !known {
			old = said{Ours: true, For: true, At: m.Created.Unix()}
		}
		touched := c.touched(batch, &old, p, m)
		r.Seen[m.ID] = old
		return touched || !known
	case !known && r.Seen[m.ReplyTo.ID].Ours && !c.isSettled(batch, m.ReplyTo.ID, time.Unix(r.Seen[m.ReplyTo.ID].At, 0)):
		return true // heard at the next look
	case known && (old.Gone || old.Text == short(m.Text)):
		return false
	case !known && m.Created.Before(next.oldest()):
		r.Seen[m.ID] = said{Gone: true, At: m.Created.Unix()} // history, moved or restored
		return false
	}
	out := c.message(ch, p, m)
	if known {
		out.ID += "-" + short(m.Text) + strconv.FormatInt(c.Now().UnixMilli(), 36)
		out.Kind, out.Of, out.Time = bot.Edited, postID(m.ID), c.Now().UTC()
	}
	forBot := old.For || out.Direct || out.Named || strings.HasPrefix(out.Text, "!") || r.Seen[m.ReplyTo.ID].Ours
	r.Seen[m.ID] = said{Text: short(m.Text), User: m.User.Username, At: m.Created.Unix(), For: forBot}
	batch.Messages = append(batch.Messages, out)
	return true
}

// unsettled is how long a message of the bot may not be known to be one of
// its posts: its sending is under way, or was cut short by a kill.
const unsettled = time.Minute

// isSettled reports whether the bot knows, with this batch at the latest,
// which of its posts a message is. What people say to it waits for that.
func (c *Chat) isSettled(batch *bot.Batch, id int64, made time.Time) bool {
	c.mu.Lock()
	txn := c.sent[id]
	c.mu.Unlock()
	if txn == "" {
		since := made
		if c.begun.After(since) {
			since = c.begun
		}
		return c.Now().Sub(since) > unsettled
	}
	if e := (bot.Echo{Txn: txn, ID: postID(id)}); !slices.Contains(batch.Echoes, e) {
		batch.Echoes = append(batch.Echoes, e)
	}
	return true
}

// message returns what somebody said in chat.
func (c *Chat) message(ch forum.Channel, p forum.ChatPlace, m forum.ChatMessage) bot.Message {
	out := bot.Message{ID: postID(m.ID), Room: c.roomOf(p), From: bot.User{ID: m.User.Username, Name: m.User.Name},
		Text: forum.Text(m.Cooked), Time: m.Created.UTC(), Kind: bot.Said, Named: forum.IsMentioned(m.Cooked, c.Username),
		Direct: alone(ch) != ""}
	if out.From.Name == "" {
		out.From.Name = m.User.Username
	}
	if m.ReplyTo.ID != 0 {
		out.ReplyTo = postID(m.ReplyTo.ID)
	}
	return out
}

func (c *Chat) roomOf(p forum.ChatPlace) bot.Room {
	room := bot.Room{Site: c.name, ID: postID(p.Channel)}
	if p.Thread != 0 {
		room.Thread = postID(p.Thread)
	}
	return room
}

// touched tells of reactions to what the bot said, put on and taken off.
func (c *Chat) touched(batch *bot.Batch, s *said, p forum.ChatPlace, m forum.ChatMessage) (news bool) {
	messages, on := reactions(m.ID, s.On, m.Reactions, c.Username, c.Now().UTC())
	if len(messages) == 0 || !c.isSettled(batch, m.ID, m.Created) {
		return false
	}
	s.On = on
	for _, r := range messages {
		r.Room = c.roomOf(p)
		batch.Messages = append(batch.Messages, r)
	}
	return true
}

func userOf(u forum.ChatUser) bot.User {
	if u.Name == "" {
		return bot.User{ID: u.Username, Name: u.Username}
	}
	return bot.User{ID: u.Username, Name: u.Name}
}

// missing tells of messages that the newest ones of a place no longer show.
func (c *Chat) missing(batch *bot.Batch, r *read, p forum.ChatPlace, page forum.ChatPage, now time.Time) {
	if len(page.Messages) == 0 && page.Older {
		return
	}
	low := int64(0)
	if page.Older {
		low = page.Messages[0].ID
	}
	for _, id := range slices.Sorted(maps.Keys(r.Seen)) {
		there := slices.ContainsFunc(page.Messages, func(m forum.ChatMessage) bool { return m.ID == id })
		if s := r.Seen[id]; id >= low && !there && !s.Ours {
			c.gone(batch, r, p, id, now)
		}
	}
}

// gone tells that a message is there no longer. It stays known, so that it
// is not obeyed again if it comes back.
func (c *Chat) gone(batch *bot.Batch, r *read, p forum.ChatPlace, id int64, at time.Time) bool {
	s := r.Seen[id]
	if s.Gone || s.Ours {
		return false
	}
	s.Gone = true
	r.Seen[id] = s
	batch.Messages = append(batch.Messages, bot.Message{ID: postID(id) + "-gone", Kind: bot.Deleted, Of: postID(id),
		Room: c.roomOf(p), From: bot.User{ID: s.User, Name: s.User}, Time: at.UTC()})
	return true
}

// know remembers where a message was said, for answers to it.
func (c *Chat) know(m forum.ChatMessage, p forum.ChatPlace) {
	const most = 2000
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.places) >= most {
		clear(c.places)
	}
	if m.ThreadID != 0 {
		p.Thread = m.ThreadID
	}
	c.places[m.ID] = p
}
