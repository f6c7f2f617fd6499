package discoursetest

import "sort"

const postsPerPage = 50

// listPosts is GET /posts.json: public posts, newest first.
func (c *call) listPosts() answer {
	return ok(obj{"latest_posts": c.postPage(c.isPublic)})
}

// listPrivatePosts is GET /private-posts.json: posts of personal messages
// the account takes part in; for an admin those of everybody.
func (c *call) listPrivatePosts() answer {
	if c.user == nil {
		return notFound()
	}
	return ok(obj{"private_posts": c.postPage(c.isPrivate)})
}

func (c *call) isPublic(p *Post) bool {
	t := c.s.Topics[p.TopicID]
	return !t.PM && p.Type == Regular && !p.Hidden && !t.Unlisted && t.DeletedAt == nil && p.DeletedAt == nil && c.seesPost(c.user, p)
}

func (c *call) isPrivate(p *Post) bool {
	t := c.s.Topics[p.TopicID]
	return t.PM && p.DeletedAt == nil && t.DeletedAt == nil && p.Type != Whisper && c.seesPost(c.user, p)
}

// postPage returns one page as servers of this age make it.
func (c *call) postPage(listed func(*Post) bool) []obj {
	before := c.in.num("before")
	var page []*Post
	switch c.o.Mode {
	case Old:
		page = c.window(before, listed)
	case Mid:
		if before > 0 && c.o.MidExclusive {
			before--
		}
		page = c.newestByTime(before, listed)
	default:
		if before > 0 {
			before--
		}
		page = c.newestByID(before, listed)
	}
	out := []obj{}
	for _, p := range page {
		out = append(out, c.showPost(p, inList))
	}
	return out
}

// window looks at the 50 ids up to and with before, of all posts there are,
// and keeps those that are listed: often none.
func (c *call) window(before int64, listed func(*Post) bool) []*Post {
	if before <= 0 {
		before = c.lastPostID()
	}
	var page []*Post
	for id := before; id > before-postsPerPage && id > 0; id-- {
		if p := c.s.Posts[id]; p != nil && listed(p) {
			page = append(page, p)
		}
	}
	byTime(page)
	return page
}

// lastPostID is the highest id of a post that is there, seen or not.
func (c *call) lastPostID() int64 {
	for id := c.s.Seq["post"]; id > 0; id-- {
		if p := c.s.Posts[id]; p != nil && !p.Uncommitted {
			return id
		}
	}
	return 0
}

// newestByID returns the 50 listed posts with the highest ids up to most.
func (c *call) newestByID(most int64, listed func(*Post) bool) []*Post {
	if most <= 0 && c.in.num("before") <= 0 {
		most = c.s.Seq["post"]
	}
	var page []*Post
	for id := most; id > 0 && len(page) < postsPerPage; id-- {
		if p := c.s.Posts[id]; p != nil && listed(p) {
			page = append(page, p)
		}
	}
	return page
}

// newestByTime returns the 50 listed posts made last, among those with ids
// up to most.
func (c *call) newestByTime(most int64, listed func(*Post) bool) []*Post {
	if most <= 0 && c.in.num("before") <= 0 {
		most = c.s.Seq["post"]
	}
	var all []*Post
	for id := most; id > 0; id-- {
		if p := c.s.Posts[id]; p != nil && listed(p) {
			all = append(all, p)
		}
	}
	byTime(all)
	return all[:min(len(all), postsPerPage)]
}

func byTime(posts []*Post) {
	sort.SliceStable(posts, func(i, j int) bool { return posts[i].CreatedAt.After(posts[j].CreatedAt) })
}

// getPost is GET /posts/ID.json.
func (c *call) getPost() answer {
	p := c.s.Posts[c.id("id")]
	if !c.seesPost(c.user, p) {
		return notFound()
	}
	return ok(c.showPost(p, alone))
}

// postReplies is GET /posts/ID/replies.json.
func (c *call) postReplies() answer {
	p := c.s.Posts[c.id("id")]
	if !c.seesPost(c.user, p) {
		return notFound()
	}
	out := []obj{}
	for _, q := range c.repliesTo(p) {
		o := c.showPost(q, alone)
		o["reply_to_user"] = c.replyTo(p)
		drop(o, "raw", "badges_granted")
		out = append(out, o)
	}
	return ok(out)
}
