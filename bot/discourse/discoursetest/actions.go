package discoursetest

import (
	"fmt"
	"slices"
)

// likePost is POST /post_actions.json with type 2.
func (c *call) likePost() answer {
	p := c.s.Posts[c.in.num("id")]
	switch {
	case !c.seesPost(c.user, p):
		return notFound()
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
		return notFound()
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
