package discoursetest

import (
	"fmt"
	"slices"
	"sort"
)

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
		return c.unseen()
	}
	return ok(c.showPost(p, alone))
}

// unseen is the answer to something that is gone or not for this account.
func (c *call) unseen() answer { return notFound() }

// postReplies is GET /posts/ID/replies.json.
func (c *call) postReplies() answer {
	p := c.s.Posts[c.id("id")]
	if !c.seesPost(c.user, p) {
		return c.unseen()
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

// likePost is POST /post_actions.json with type 2.
func (c *call) likePost() answer {
	p := c.s.Posts[c.in.num("id")]
	switch {
	case !c.seesPost(c.user, p):
		return c.unseen()
	case c.in.num("post_action_type_id") != 2 || p.UserID == c.user.ID:
		return forbidden()
	}
	perPost := rate{fmt.Sprintf("action-%d", p.ID), c.o.Limits.ActionsPerMinute, minute}
	if a := c.limitUser(c.user, perPost, rate{"likes", c.o.Limits.LikesPerDay, day}); a != nil {
		return *a
	}
	p.Likes[c.user.ID] = c.now()
	return ok(c.showPost(p, alone))
}

// unlikePost is DELETE /post_actions/ID.json, within ten minutes.
func (c *call) unlikePost() answer {
	p := c.s.Posts[c.id("id")]
	if !c.seesPost(c.user, p) {
		return c.unseen()
	}
	at, liked := p.Likes[c.user.ID]
	if !liked {
		return notFound()
	}
	if c.now().Sub(at) >= likeUndo {
		return forbidden()
	}
	delete(p.Likes, c.user.ID)
	return ok(c.showPost(p, alone))
}

// userActions is GET /user_actions.json: 4 topics, 5 replies, 7 mentions.
func (c *call) userActions() answer {
	u := c.Forum.user(c.in.str("username"))
	if u == nil {
		return notFound()
	}
	var filters []int64
	if filters = c.in.nums("filter"); len(filters) == 0 {
		filters = []int64{4, 5}
	}
	out := []obj{}
	skip := c.in.num("offset")
	for id := c.s.Seq["post"]; id > 0 && len(out) < 30; id-- {
		p := c.s.Posts[id]
		if p == nil || p.Type != Regular || !c.seesPost(c.user, p) || c.s.Topics[p.TopicID].PM {
			continue
		}
		kind := c.actionKind(u, p)
		if kind == 0 || !slices.Contains(filters, kind) {
			continue
		}
		if skip--; skip < 0 {
			out = append(out, c.showAction(u, p, kind))
		}
	}
	return ok(obj{"user_actions": out})
}

func (c *call) actionKind(u *User, p *Post) int64 {
	switch {
	case p.UserID == u.ID && p.Number == 1:
		return 4
	case p.UserID == u.ID:
		return 5
	}
	if users, _ := c.mentioned(p.Cooked); slices.Contains(users, u) {
		return 7
	}
	return 0
}

func (c *call) showAction(u *User, p *Post, kind int64) obj {
	t, by := c.s.Topics[p.TopicID], c.s.Users[p.UserID]
	var postID any = p.ID
	if kind == 4 {
		postID = nil
	}
	return obj{
		"excerpt": excerpt(p.Cooked, 300), "action_type": kind, "created_at": stamp(p.CreatedAt),
		"avatar_template": avatar(by), "acting_avatar_template": avatar(by), "slug": t.Slug, "topic_id": t.ID,
		"target_user_id": u.ID, "target_name": u.Name, "target_username": u.Username, "post_number": p.Number,
		"post_id": postID, "username": by.Username, "name": by.Name, "user_id": by.ID, "acting_username": by.Username,
		"acting_name": by.Name, "acting_user_id": by.ID, "title": t.Title, "deleted": false, "hidden": p.Hidden,
		"post_type": p.Type, "action_code": nil, "category_id": orNil(t.CategoryID), "closed": t.Closed, "archived": t.Archived,
	}
}
