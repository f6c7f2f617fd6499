package discoursetest

import (
	"slices"
	"sort"
	"time"
)

// A Channel is a place to chat: public, in a category, or direct between
// some accounts.
type Channel struct {
	ID, CategoryID int64
	Name, Slug     string
	Direct         bool
	Threading      bool // replies go into threads; not on Old servers
	Members        map[int64]int64
	CreatedAt      time.Time
}

// A ChatMessage is a line of a channel.
type ChatMessage struct {
	ID, ChannelID, UserID int64
	ThreadID              int64 // 0: in none
	ReplyTo               int64
	Text, Cooked          string
	CreatedAt             time.Time
	DeletedAt             *time.Time // trashed: its author and staff see it
	Edited                bool
	Uncommitted           bool
	Reactions             map[string][]int64
}

// A Thread hangs off a message of a channel.
type Thread struct {
	ID, ChannelID, Original int64
}

// AddChannel adds a public channel with these members. Without a category
// it is in Uncategorized.
func (f *Forum) AddChannel(name string, ch Channel, members ...string) Channel {
	f.write(func() {
		ch.Name, ch.Slug = name, slugify(name)
		ch.CategoryID = max(ch.CategoryID, 1)
		f.addChannel(&ch, members)
	})
	return ch
}

// DM opens a direct channel between accounts, or finds the one there is.
func (f *Forum) DM(members ...string) Channel {
	var out *Channel
	f.write(func() { out = f.direct(members) })
	return *out
}

func (f *Forum) direct(members []string) *Channel {
	ids := map[int64]bool{}
	for _, m := range members {
		ids[f.mustUser(m).ID] = true
	}
	for _, ch := range sorted(f.s.Channels) {
		if ch.Direct && len(ch.Members) == len(ids) && !slices.ContainsFunc(members, func(m string) bool { return !ch.member(f.mustUser(m)) }) {
			return ch
		}
	}
	ch := &Channel{Direct: true}
	f.addChannel(ch, members)
	return ch
}

func (f *Forum) addChannel(ch *Channel, members []string) {
	ch.ID, ch.CreatedAt, ch.Members = f.s.next("channel"), f.now(), map[int64]int64{}
	for _, m := range members {
		ch.Members[f.mustUser(m).ID] = 0
	}
	f.s.Channels[ch.ID] = ch
}

func (ch *Channel) member(u *User) bool {
	if u == nil {
		return false
	}
	_, in := ch.Members[u.ID]
	return in
}

// JoinChannel makes an account a member of a channel; LeaveChannel ends it.
func (f *Forum) JoinChannel(channel int64, username string) {
	f.write(func() { f.s.Channels[channel].Members[f.mustUser(username).ID] = 0 })
}

// LeaveChannel ends what JoinChannel began.
func (f *Forum) LeaveChannel(channel int64, username string) {
	f.write(func() { delete(f.s.Channels[channel].Members, f.mustUser(username).ID) })
}

// ChatSay has an account say something in a channel.
func (f *Forum) ChatSay(username string, channel int64, text string) ChatMessage {
	var m *ChatMessage
	f.write(func() { m = f.chat(f.mustUser(username), channel, text, 0, 0) })
	return *m
}

// ChatReply has an account answer a message: in its thread, which begins
// with it, where the channel has threads.
func (f *Forum) ChatReply(username string, message int64, text string) ChatMessage {
	var m *ChatMessage
	f.write(func() {
		to := f.s.Chat[message]
		m = f.chat(f.mustUser(username), to.ChannelID, text, to.ThreadID, to.ID)
	})
	return *m
}

// ChatSayLate is ChatSay by a slow transaction: the id is given out, the
// message is not there before show is called.
func (f *Forum) ChatSayLate(username string, channel int64, text string) (id int64, show func()) {
	f.write(func() {
		id = f.chat(f.mustUser(username), channel, text, 0, 0).ID
		f.s.Chat[id].Uncommitted = true
	})
	return id, func() { f.write(func() { f.s.Chat[id].Uncommitted = false }) }
}

func (f *Forum) chat(u *User, channel int64, text string, thread, replyTo int64) *ChatMessage {
	ch := f.s.Channels[channel]
	m := &ChatMessage{ID: f.s.next("chat"), ChannelID: channel, UserID: u.ID, Text: text, Cooked: f.cook(text), CreatedAt: f.now(), ReplyTo: replyTo, Reactions: map[string][]int64{}}
	if ch.Threading && f.o.Mode != Old {
		m.ThreadID = f.threadFor(thread, f.s.Chat[replyTo])
	}
	f.s.Chat[m.ID] = m
	f.s.Jobs = append(f.s.Jobs, noteJob{ChatID: m.ID, Due: f.now().Add(f.o.NotifyAfter)})
	return m
}

// threadFor returns the thread a message goes into: the one asked for, that
// of the message it answers, or a new one.
func (f *Forum) threadFor(thread int64, to *ChatMessage) int64 {
	if thread != 0 || to == nil {
		return thread
	}
	if to.ThreadID == 0 {
		t := &Thread{ID: f.s.next("thread"), ChannelID: to.ChannelID, Original: to.ID}
		f.s.Threads[t.ID] = t
		to.ThreadID = t.ID
	}
	return to.ThreadID
}

// ChatEdit changes a message.
func (f *Forum) ChatEdit(message int64, text string) {
	f.write(func() { f.editMessage(f.s.Chat[message], text) })
}

func (f *Forum) editMessage(m *ChatMessage, text string) {
	m.Text, m.Cooked, m.Edited = text, f.cook(text), true
	f.s.Jobs = append(f.s.Jobs, noteJob{ChatID: m.ID, Edited: true, Due: f.now().Add(f.o.NotifyAfter)})
}

// ChatDelete trashes a message: only its author and staff still see it.
func (f *Forum) ChatDelete(message int64) {
	f.write(func() { now := f.now(); f.s.Chat[message].DeletedAt = &now })
}

// ChatPurge deletes a message for good, as the end of its retention does.
func (f *Forum) ChatPurge(message int64) { f.write(func() { delete(f.s.Chat, message) }) }

func (f *Forum) expireChat() {
	if f.s.Settings.ChatRetentionDays == 0 {
		return
	}
	end := f.now().AddDate(0, 0, -f.s.Settings.ChatRetentionDays)
	for id, m := range f.s.Chat {
		if m.CreatedAt.Before(end) && !f.s.Channels[m.ChannelID].Direct {
			delete(f.s.Chat, id)
		}
	}
}

// ChatMessages returns the messages of a channel, threads among them, oldest
// first and without trashed ones.
func (f *Forum) ChatMessages(channel int64) []ChatMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []ChatMessage
	for _, m := range f.messagesOf(channel) {
		if m.DeletedAt == nil && !m.Uncommitted {
			out = append(out, *m)
		}
	}
	return out
}

func (f *Forum) messagesOf(channel int64) []*ChatMessage {
	var out []*ChatMessage
	for _, m := range f.s.Chat {
		if m.ChannelID == channel {
			out = append(out, m)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// ChatReact has an account put an emoji, by its name, on a message;
// ChatUnreact takes it off.
func (f *Forum) ChatReact(username string, message int64, emoji string) {
	f.write(func() {
		m, u := f.s.Chat[message], f.mustUser(username)
		m.Reactions[emoji] = append(m.Reactions[emoji], u.ID)
	})
}

// ChatUnreact undoes ChatReact.
func (f *Forum) ChatUnreact(username string, message int64, emoji string) {
	f.write(func() {
		m, u := f.s.Chat[message], f.mustUser(username)
		m.Reactions[emoji] = slices.DeleteFunc(m.Reactions[emoji], func(id int64) bool { return id == u.ID })
		if len(m.Reactions[emoji]) == 0 {
			delete(m.Reactions, emoji)
		}
	})
}
