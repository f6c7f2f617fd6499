package discoursetest

import (
	"fmt"
	"slices"
	"strings"
)

// Notification types, as Discourse numbers them.
const (
	Mentioned      = 1
	Replied        = 2
	Quoted         = 3
	PrivateMessage = 6
	Posted         = 9
	GroupMentioned = 15
	PostApproved   = 20
	ChatMention    = 29
	WatchingTopic  = 36 // watching_category_or_tag
)

// collapsing types are kept once a topic and account: a new one deletes the
// earlier ones.
var collapsing = []int{Replied, Posted, PrivateMessage, WatchingTopic}

// HoldNotifications keeps the background from making notifications until it
// is called with false.
func (f *Forum) HoldNotifications(hold bool) { f.write(func() { f.s.HoldNotices = hold }) }

// Notifications returns what an account was told, oldest first.
func (f *Forum) Notifications(username string) []Notification {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.work()
	var out []Notification
	for _, n := range f.notesOf(f.mustUser(username)) {
		out = append(out, *n)
	}
	return out
}

func (f *Forum) notesOf(u *User) []*Notification {
	return slices.DeleteFunc(sorted(f.s.Notes), func(n *Notification) bool { return n.UserID != u.ID })
}

// work does the background work that is due.
func (f *Forum) work() {
	f.expire()
	if f.s.HoldNotices {
		return
	}
	jobs := f.s.Jobs
	f.s.Jobs = nil
	for _, j := range jobs {
		switch p := f.s.Posts[j.PostID]; {
		case j.Due.After(f.now()):
			f.s.Jobs = append(f.s.Jobs, j)
		case j.ChatID != 0:
			f.notifyChat(f.s.Chat[j.ChatID])
		case p == nil || p.DeletedAt != nil || p.Hidden || p.Type != Regular && p.Type != ModAction:
		case j.Edited:
			f.notifyMentions(p, map[int64]bool{})
		default:
			f.notifyPost(p)
		}
	}
}

// notifyPost tells everybody concerned of a new post, each account once.
func (f *Forum) notifyPost(p *Post) {
	t, told := f.s.Topics[p.TopicID], map[int64]bool{p.UserID: true}
	if t.PM {
		f.notifyMessage(p, t, told)
	}
	if to := f.postAt(p.TopicID, p.ReplyTo); p.ReplyTo != 0 && to != nil {
		f.notify(f.s.Users[to.UserID], Replied, p, nil, told)
	}
	for _, name := range quoted(p.Raw) {
		f.notify(f.user(name), Quoted, p, nil, told)
	}
	f.notifyMentions(p, told)
	if op := f.postAt(p.TopicID, 1); op != nil && p.Number > 1 {
		f.notify(f.s.Users[op.UserID], Posted, p, nil, told)
	}
	for _, u := range sorted(f.s.Users) {
		if !t.PM && slices.Contains(u.Watched, t.CategoryID) {
			f.notify(u, WatchingTopic, p, nil, told)
		}
	}
}

// notifyMessage tells those who take part in a personal message: whatever
// the post says, they get one row of this type and no mention.
func (f *Forum) notifyMessage(p *Post, t *Topic, told map[int64]bool) {
	for _, u := range sorted(f.s.Users) {
		if f.takesPart(u, t) {
			f.notify(u, PrivateMessage, p, nil, told)
		}
	}
}

func (f *Forum) notifyMentions(p *Post, told map[int64]bool) {
	told[p.UserID] = true
	users, groups := f.mentioned(p.Cooked)
	for _, u := range users {
		if !f.toldOf(u, p) {
			f.notify(u, Mentioned, p, nil, told)
		}
	}
	for _, g := range groups {
		if !g.Mentionable || len(g.Members) >= f.s.Settings.MaxGroupMention {
			continue
		}
		for _, u := range sorted(f.s.Users) {
			if g.has(u) && !f.toldOf(u, p) {
				f.notify(u, GroupMentioned, p, map[string]any{"group_id": g.ID, "group_name": g.Name}, told)
			}
		}
	}
}

// toldOf says whether an account has a row about a post already.
func (f *Forum) toldOf(u *User, p *Post) bool {
	for _, n := range f.s.Notes {
		if n.UserID == u.ID && n.PostID == p.ID {
			return true
		}
	}
	return false
}

func (f *Forum) notify(u *User, kind int, p *Post, more map[string]any, told map[int64]bool) {
	if u == nil || u.ID < 0 || told[u.ID] || !f.seesPost(u, p) {
		return
	}
	told[u.ID] = true
	t, author := f.s.Topics[p.TopicID], f.s.Users[p.UserID]
	about, by := p, author.Username
	if slices.Contains(collapsing, kind) {
		about, by = f.collapse(u, t, p, by)
	}
	data := map[string]any{
		"topic_title": t.Title, "original_post_id": p.ID, "original_post_type": p.Type,
		"original_username": author.Username, "revision_number": nil, "display_username": by,
	}
	for k, v := range more {
		data[k] = v
	}
	f.addNote(&Notification{UserID: u.ID, Type: kind, TopicID: t.ID, PostNumber: about.Number, PostID: about.ID, Slug: t.Slug, Data: data})
}

// collapse deletes the earlier rows of a topic and returns the post and name
// the one row that stays is about: the first unread post, and "N replies".
func (f *Forum) collapse(u *User, t *Topic, p *Post, by string) (*Post, string) {
	for id, n := range f.s.Notes {
		if n.UserID == u.ID && n.TopicID == t.ID && slices.Contains(collapsing, n.Type) {
			delete(f.s.Notes, id)
		}
	}
	first, unread := p, 0
	for _, id := range f.s.ByTopic[t.ID] {
		q := f.s.Posts[id]
		if q.Number <= t.LastRead[u.ID] || q.UserID == u.ID || q.Type != Regular || q.DeletedAt != nil || !f.seesPost(u, q) {
			continue
		}
		unread++
		if q.Number < first.Number {
			first = q
		}
	}
	if unread > 1 {
		return first, fmt.Sprintf("%d replies", unread)
	}
	return p, by
}

func (f *Forum) addNote(n *Notification) {
	n.ID, n.CreatedAt = f.s.next("notification"), f.now()
	f.s.Notes[n.ID] = n
}

// Read marks a topic as read by an account, as its browser would.
func (f *Forum) Read(username string, topic int64) {
	f.write(func() {
		u, t := f.mustUser(username), f.s.Topics[topic]
		t.LastRead[u.ID] = t.Highest
		for _, n := range f.s.Notes {
			if n.UserID == u.ID && n.TopicID == topic {
				n.Read = true
			}
		}
		now := f.now()
		u.LastSeen = &now
	})
}

// quoted returns whom a text quotes.
func quoted(raw string) []string {
	var out []string
	for _, m := range quoteOpen.FindAllStringSubmatch(raw, -1) {
		name, _, _ := strings.Cut(m[1], ",")
		out = append(out, strings.TrimSpace(name))
	}
	return out
}
