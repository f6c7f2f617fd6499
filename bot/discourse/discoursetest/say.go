package discoursetest

import (
	"slices"
	"time"
)

// A draft is a post that somebody wants to make: the first of a topic when
// TopicID is 0.
type draft struct {
	Title, Raw    string
	CategoryID    int64
	TopicID       int64
	ReplyTo       int
	PM            bool
	Users, Groups []int64
	Tags          []string
	ExternalID    string
	Type          int
	ActionCode    string
	NoBump        bool
	Unlisted      bool
	CreatedAt     time.Time // default now
}

// NewTopic has an account open a topic. Tags that do not exist are made.
func (f *Forum) NewTopic(username string, category int64, title, raw string, tags ...string) Topic {
	p := f.say(username, draft{Title: title, Raw: raw, CategoryID: category, Tags: tags})
	return f.Topic(p.TopicID)
}

// Say has an account reply in a topic or personal message.
func (f *Forum) Say(username string, topic int64, raw string) Post {
	return f.say(username, draft{TopicID: topic, Raw: raw})
}

// Reply is Say as a reply to the post with that number.
func (f *Forum) Reply(username string, topic int64, number int, raw string) Post {
	return f.say(username, draft{TopicID: topic, Raw: raw, ReplyTo: number})
}

// PM has an account write a personal message to accounts and groups.
func (f *Forum) PM(username, title, raw string, to ...string) Topic {
	f.mu.Lock()
	d := draft{Title: title, Raw: raw, PM: true}
	for _, name := range to {
		if u := f.user(name); u != nil {
			d.Users = append(d.Users, u.ID)
		} else {
			d.Groups = append(d.Groups, f.mustGroup(name).ID)
		}
	}
	f.mu.Unlock()
	return f.Topic(f.say(username, d).TopicID)
}

// Whisper has an account say something only staff can read.
func (f *Forum) Whisper(username string, topic int64, raw string) Post {
	return f.say(username, draft{TopicID: topic, Raw: raw, Type: Whisper})
}

// SmallAction adds a line such as "closed this topic" to a topic.
func (f *Forum) SmallAction(username string, topic int64, code string) Post {
	return f.say(username, draft{TopicID: topic, Type: SmallAction, ActionCode: code})
}

// Moderate has an account say something as a moderator.
func (f *Forum) Moderate(username string, topic int64, raw string) Post {
	return f.say(username, draft{TopicID: topic, Raw: raw, Type: ModAction})
}

func (f *Forum) say(username string, d draft) Post {
	var p *Post
	f.write(func() { p = f.post(f.mustUser(username), d) })
	return *p
}

// SayLate is Say by a slow transaction: the post has its id and its time
// now, and is not there for anybody before show is called.
func (f *Forum) SayLate(username string, topic int64, raw string) (id int64, show func() Post) {
	return f.late(username, draft{TopicID: topic, Raw: raw})
}

// NewTopicLate is NewTopic by a slow transaction.
func (f *Forum) NewTopicLate(username string, category int64, title, raw string) (id int64, show func() Post) {
	return f.late(username, draft{Title: title, Raw: raw, CategoryID: category})
}

func (f *Forum) late(username string, d draft) (int64, func() Post) {
	var p *Post
	f.write(func() { p = f.prepare(f.mustUser(username), d) })
	return p.ID, func() Post {
		var out Post
		// Looked up again: the forum may have been restarted meanwhile.
		f.write(func() { p := f.s.Posts[p.ID]; f.commit(p, d.NoBump); out = *p })
		return out
	}
}

// post makes a post at once.
func (f *Forum) post(u *User, d draft) *Post {
	p := f.prepare(u, d)
	f.commit(p, d.NoBump)
	return p
}

// prepare gives out the ids of a post and keeps it where nobody sees it.
func (f *Forum) prepare(u *User, d draft) *Post {
	at := d.CreatedAt
	if at.IsZero() {
		at = f.now()
	}
	if d.TopicID == 0 {
		d.TopicID = f.newTopic(u, d, at).ID
	}
	p := &Post{
		ID: f.s.next("post"), TopicID: d.TopicID, UserID: u.ID, Type: max(d.Type, Regular), Raw: d.Raw,
		CreatedAt: at, UpdatedAt: at, LastVersionAt: at, LastEditor: u.ID, ReplyTo: d.ReplyTo,
		Version: 1, ActionCode: d.ActionCode, NoBump: d.NoBump, Uncommitted: true, Likes: map[int64]time.Time{},
	}
	f.s.Posts[p.ID] = p
	f.s.ByTopic[p.TopicID] = append(f.s.ByTopic[p.TopicID], p.ID)
	return p
}

func (f *Forum) newTopic(u *User, d draft, at time.Time) *Topic {
	t := &Topic{
		ID: f.s.next("topic"), CategoryID: d.CategoryID, Title: d.Title, Slug: slugify(d.Title), UserID: u.ID,
		PM: d.PM, Users: d.Users, Groups: d.Groups, Tags: f.tagIDs(d.Tags), CreatedAt: at, BumpedAt: at,
		LastPostedAt: at, LastPoster: u.ID, Unlisted: d.Unlisted, ExternalID: d.ExternalID, Uncommitted: true,
		LastRead: map[int64]int{}, Levels: map[int64]int{},
	}
	if d.PM {
		t.CategoryID = 0
		if !slices.Contains(t.Users, u.ID) {
			t.Users = append(t.Users, u.ID)
		}
	}
	f.s.Topics[t.ID] = t
	return t
}

// commit makes a prepared post visible and does what follows from it.
func (f *Forum) commit(p *Post, noBump bool) {
	t, u := f.s.Topics[p.TopicID], f.s.Users[p.UserID]
	t.Uncommitted, p.Uncommitted = false, false
	t.Highest++
	p.Number = t.Highest
	f.cookPost(p)
	if p.Type == Regular || p.Type == ModAction {
		t.LastPostedAt, t.LastPoster = p.CreatedAt, u.ID
		if !noBump {
			t.BumpedAt = p.CreatedAt
		}
		u.LastPosted = &p.CreatedAt
	}
	t.LastRead[u.ID] = p.Number
	f.s.Jobs = append(f.s.Jobs, noteJob{PostID: p.ID, Due: f.now().Add(f.o.NotifyAfter)})
}
