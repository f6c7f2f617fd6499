package discoursetest

import (
	"slices"
	"time"
)

// Edit has an account change a post. Within five minutes of the last version
// an author's change leaves the version as it was.
func (f *Forum) Edit(username string, post int64, raw string) Post {
	var out *Post
	f.write(func() { out = f.s.Posts[post]; f.edit(f.mustUser(username), out, raw, "", false) })
	return *out
}

func (f *Forum) edit(u *User, p *Post, raw, reason string, bypassBump bool) {
	now := f.now()
	grace := time.Duration(f.s.Settings.EditingGracePeriod) * time.Second
	if u.ID != p.LastEditor || now.Sub(p.LastVersionAt) > grace {
		p.Version++
		p.LastVersionAt, p.LastEditor = now, u.ID
	}
	p.Raw, p.UpdatedAt, p.EditReason = raw, now, reason
	f.cookPost(p)
	if t := f.s.Topics[p.TopicID]; p.Number == t.Highest && !bypassBump && p.Type == Regular {
		t.BumpedAt = now
	}
	f.s.Jobs = append(f.s.Jobs, noteJob{PostID: p.ID, Edited: true, Due: now.Add(f.o.NotifyAfter)})
}

// Onebox has the background replace the bare links of a post by previews:
// the cooked text changes, nothing else.
func (f *Forum) Onebox(post int64) {
	f.write(func() { p := f.s.Posts[post]; p.Cooked = fillOneboxes(p.Cooked) })
}

// Delete has a moderator delete a post; deleting the first one deletes the
// topic.
func (f *Forum) Delete(post int64) {
	f.write(func() { f.delete(f.s.Posts[post]) })
}

func (f *Forum) delete(p *Post) {
	now := f.now()
	p.DeletedAt = &now
	if p.Number == 1 {
		f.s.Topics[p.TopicID].DeletedAt = &now
	}
	for id, n := range f.s.Notes {
		if n.PostID == p.ID {
			delete(f.s.Notes, id)
		}
	}
	f.resettle(f.s.Topics[p.TopicID])
}

// TakeBack has the author delete a post: for a day it stays with "(post
// deleted by author)" as its text, then it goes.
func (f *Forum) TakeBack(post int64) {
	f.write(func() { f.takeBack(f.s.Posts[post]) })
}

func (f *Forum) takeBack(p *Post) {
	p.OldRaw, p.UserDeleted = p.Raw, true
	f.s.TakenBack = append(f.s.TakenBack, p.ID)
	f.edit(f.s.Users[p.UserID], p, "(post deleted by author)", "", true)
}

// expire deletes what its authors took back a day ago and the chat that is
// older than the site keeps it.
func (f *Forum) expire() {
	after := time.Duration(f.s.Settings.DeleteRemovedPostsAfter) * time.Hour
	f.s.TakenBack = slices.DeleteFunc(f.s.TakenBack, func(id int64) bool {
		p := f.s.Posts[id]
		if p.UserDeleted && p.DeletedAt == nil && f.now().Sub(p.UpdatedAt) >= after {
			f.delete(p)
		}
		return !p.UserDeleted || p.DeletedAt != nil
	})
	f.expireChat()
}

// Recover undoes Delete or TakeBack: an old id is visible again.
func (f *Forum) Recover(post int64) {
	f.write(func() { f.recover(f.s.Posts[post]) })
}

func (f *Forum) recover(p *Post) {
	p.DeletedAt = nil
	if p.UserDeleted {
		p.UserDeleted, p.Raw = false, p.OldRaw
		f.cookPost(p)
	}
	if p.Number == 1 {
		f.s.Topics[p.TopicID].DeletedAt = nil
	}
	f.resettle(f.s.Topics[p.TopicID])
}

// Hide hides a post after flags: it leaves /posts.json, and its text is seen
// only by its author and staff. Unhide undoes it.
func (f *Forum) Hide(post int64) { f.write(func() { f.s.Posts[post].Hidden = true }) }

// Unhide undoes Hide.
func (f *Forum) Unhide(post int64) { f.write(func() { f.s.Posts[post].Hidden = false }) }

// Like has an account like a post.
func (f *Forum) Like(username string, post int64) {
	f.write(func() { f.s.Posts[post].Likes[f.mustUser(username).ID] = f.now() })
}

// resettle works out what a topic says about its last post.
func (f *Forum) resettle(t *Topic) {
	t.Highest = 0
	for _, id := range f.s.ByTopic[t.ID] {
		p := f.s.Posts[id]
		if p.DeletedAt != nil || p.Uncommitted {
			continue
		}
		t.Highest = max(t.Highest, p.Number)
		if p.Type == Regular && (p.Number == 1 || !p.CreatedAt.Before(t.LastPostedAt)) {
			t.LastPostedAt, t.LastPoster = p.CreatedAt, p.UserID
		}
	}
}
