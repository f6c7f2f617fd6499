package discoursetest

import "slices"

// Move moves posts to another topic. They keep their ids and get new numbers
// there; a topic's first post stays and is copied, under a new id with the
// old time. The posts are returned as they are there.
func (f *Forum) Move(to int64, posts ...int64) []Post {
	var out []Post
	f.write(func() { out = f.move(f.s.Topics[to], posts) })
	return out
}

// Split moves posts into a new topic.
func (f *Forum) Split(category int64, title string, posts ...int64) (Topic, []Post) {
	var t *Topic
	var out []Post
	f.write(func() {
		first := f.s.Posts[posts[0]]
		t = f.newTopic(f.s.Users[first.UserID], draft{CategoryID: category, Title: title}, f.now())
		t.Uncommitted = false
		out = f.move(t, posts)
	})
	return *t, out
}

// Copy is Move that leaves the originals where they are, as newer servers can.
func (f *Forum) Copy(to int64, posts ...int64) []Post {
	var out []Post
	f.write(func() {
		for _, id := range posts {
			out = append(out, *f.copyPost(f.s.Posts[id], f.s.Topics[to]))
		}
		f.resettle(f.s.Topics[to])
	})
	return out
}

func (f *Forum) move(to *Topic, posts []int64) []Post {
	var out []Post
	var from *Topic
	for _, id := range posts {
		p := f.s.Posts[id]
		from = f.s.Topics[p.TopicID]
		if p.Number == 1 {
			p = f.copyPost(p, to)
		} else {
			f.place(p, to)
		}
		out = append(out, *p)
	}
	f.resettle(from)
	f.resettle(to)
	to.BumpedAt = to.LastPostedAt
	f.post(f.s.Users[-1], draft{TopicID: from.ID, Type: SmallAction, ActionCode: "split_topic", Raw: "Posts were moved to another topic."})
	return out
}

func (f *Forum) place(p *Post, to *Topic) {
	ids := f.s.ByTopic[p.TopicID]
	f.s.ByTopic[p.TopicID] = slices.DeleteFunc(ids, func(id int64) bool { return id == p.ID })
	f.s.ByTopic[to.ID] = append(f.s.ByTopic[to.ID], p.ID)
	to.Highest++
	p.TopicID, p.Number, p.ReplyTo = to.ID, to.Highest, 0
}

func (f *Forum) copyPost(p *Post, to *Topic) *Post {
	c := f.prepare(f.s.Users[p.UserID], draft{TopicID: to.ID, Raw: p.Raw, CreatedAt: p.CreatedAt})
	to.Highest++
	c.Number, c.Uncommitted = to.Highest, false
	f.cookPost(c)
	return c
}

// MakePublic turns a personal message into a topic of a category.
func (f *Forum) MakePublic(topic, category int64) {
	f.write(func() {
		t := f.s.Topics[topic]
		t.PM, t.CategoryID = false, category
		f.post(f.s.Users[-1], draft{TopicID: topic, Type: SmallAction, ActionCode: "public_topic"})
	})
}

// Retag gives a topic these tags in place of those it had.
func (f *Forum) Retag(topic int64, tags ...string) {
	f.write(func() { f.s.Topics[topic].Tags = f.tagIDs(tags) })
}

// Recategorise puts a topic into another category.
func (f *Forum) Recategorise(topic, category int64) {
	f.write(func() { f.s.Topics[topic].CategoryID = category })
}

// Retitle gives a topic another title.
func (f *Forum) Retitle(topic int64, title string) {
	f.write(func() { t := f.s.Topics[topic]; t.Title, t.Slug = title, slugify(title) })
}

// Unlist takes a topic out of every list; Relist puts it back.
func (f *Forum) Unlist(topic int64) { f.write(func() { f.s.Topics[topic].Unlisted = true }) }

// Relist undoes Unlist.
func (f *Forum) Relist(topic int64) { f.write(func() { f.s.Topics[topic].Unlisted = false }) }

// Close closes a topic to replies over HTTP, Reopen undoes it.
func (f *Forum) Close(topic int64) { f.write(func() { f.s.Topics[topic].Closed = true }) }

// Reopen undoes Close.
func (f *Forum) Reopen(topic int64) { f.write(func() { f.s.Topics[topic].Closed = false }) }

// Pin pins a topic in its category, or everywhere.
func (f *Forum) Pin(topic int64, globally bool) {
	f.write(func() { t := f.s.Topics[topic]; t.Pinned, t.Globally = true, globally })
}

// Invite adds an account to a personal message.
func (f *Forum) Invite(topic int64, username string) {
	f.write(func() { f.invite(f.s.Topics[topic], f.mustUser(username)) })
}

func (f *Forum) invite(t *Topic, u *User) {
	if !slices.Contains(t.Users, u.ID) {
		t.Users = append(t.Users, u.ID)
	}
}
