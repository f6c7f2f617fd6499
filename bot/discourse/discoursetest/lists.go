package discoursetest

import (
	"fmt"
	"html"
	"slices"
	"sort"
)

// A listing is one of the lists of topics.
type listing struct {
	topics    []*Topic
	pinned    func(*Topic) bool
	name      string // for the address of the next page
	category  bool   // the list of a category leaves some keys out
	withParts bool   // personal messages
}

// latest is GET /latest.json.
func (c *call) latest() answer {
	l := listing{name: "/latest", pinned: func(t *Topic) bool { return t.Pinned && t.Globally }}
	only := c.in.nums("topic_ids")
	for _, t := range c.s.Topics {
		muted := c.user != nil && slices.Contains(c.user.Muted, t.CategoryID)
		if c.isListed(t) && (!muted || len(only) > 0) && (len(only) == 0 || slices.Contains(only, t.ID)) {
			l.topics = append(l.topics, t)
		}
	}
	return ok(c.topicList(l))
}

func (c *call) isListed(t *Topic) bool {
	return !t.PM && !t.Unlisted && t.DeletedAt == nil && c.seesTopic(c.user, t)
}

// categoryTopics is GET /c/SLUG/ID.json and its /l/latest form, with the
// topics of subcategories unless no_subcategories=true.
func (c *call) categoryTopics() answer {
	cat := c.s.Categories[c.id("id")]
	if cat == nil || !c.seesCategory(c.user, cat.ID) {
		return topicNotFound()
	}
	l := listing{name: fmt.Sprintf("/c/%s/%d/l/latest", cat.Slug, cat.ID), category: true}
	l.pinned = func(t *Topic) bool { return t.Pinned && t.CategoryID == cat.ID }
	for _, t := range c.s.Topics {
		sub := c.s.Categories[t.CategoryID]
		below := sub != nil && sub.Parent == cat.ID && t.ID != sub.About && !c.in.flag("no_subcategories")
		if c.isListed(t) && (t.CategoryID == cat.ID || below) {
			l.topics = append(l.topics, t)
		}
	}
	return ok(c.topicList(l))
}

// tagTopics is GET /tag/NAME.json and its /l/latest form; the newest servers
// also take SLUG/ID.
func (c *call) tagTopics() answer {
	tag := c.tag(c.path["name"])
	if id := c.id("id"); id != 0 {
		tag = c.s.Tags[id]
	}
	if tag == nil {
		return topicNotFound()
	}
	l := listing{name: "/tag/" + tag.Slug + "/l/latest", pinned: func(t *Topic) bool { return t.Pinned && t.Globally }}
	for _, t := range c.s.Topics {
		if c.isListed(t) && slices.Contains(t.Tags, tag.ID) {
			l.topics = append(l.topics, t)
		}
	}
	o := c.topicList(l)
	o["topic_list"].(obj)["tags"] = []obj{{"id": tag.ID, "name": tag.Name, "topic_count": len(l.topics), "staff": false}}
	return ok(o)
}

// privateMessages is GET /topics/private-messages/NAME.json: those the
// account got.
func (c *call) privateMessages() answer { return c.messages(false) }

// sentMessages is GET /topics/private-messages-sent/NAME.json.
func (c *call) sentMessages() answer { return c.messages(true) }

func (c *call) messages(sent bool) answer {
	u := c.Forum.user(c.path["name"])
	if u == nil || c.user != u && (c.user == nil || !c.user.Admin) {
		return notFound()
	}
	l := listing{name: "/topics/private-messages/" + u.Username, pinned: func(*Topic) bool { return false }, withParts: true}
	for _, t := range c.s.Topics {
		mine := t.UserID == u.ID
		answered := len(c.participants(t)) > 1
		if t.PM && !t.Uncommitted && t.DeletedAt == nil && slices.Contains(t.Users, u.ID) && (sent && mine || !sent && (!mine || answered)) {
			l.topics = append(l.topics, t)
		}
	}
	return ok(c.topicList(l))
}

// topicList sorts, cuts a page and shows it.
func (c *call) topicList(l listing) obj {
	c.order(l)
	per, page := int(c.in.num("per_page")), int(c.in.num("page"))
	if per < 1 || per > 100 {
		per = 30
	}
	from := min(page*per, len(l.topics))
	shown := l.topics[from:min(from+per, len(l.topics))]
	topics, users := []obj{}, map[int64]*User{}
	for _, t := range shown {
		topics = append(topics, c.showInList(t, l, users))
	}
	list := obj{"can_create_topic": c.user != nil, "per_page": per, "topics": topics}
	if from+per < len(l.topics) {
		list["more_topics_url"] = fmt.Sprintf("%s%s?page=%d", c.o.Base, l.name, page+1)
	}
	if l.category && c.s.Settings.TaggingEnabled {
		list["top_tags"] = c.topTags()
	}
	if l.category && c.o.Mode == Newest {
		list["filter"] = "latest"
	}
	brief := []obj{}
	for _, u := range sorted(users) {
		brief = append(brief, briefUser(u))
	}
	return obj{"users": brief, "primary_groups": []any{}, "topic_list": list}
}

// order puts pinned topics first and the rest by the order asked for.
func (c *call) order(l listing) {
	key := func(t *Topic) int64 { return t.BumpedAt.UnixMilli() }
	asked := c.in.str("order")
	switch asked {
	case "created":
		key = func(t *Topic) int64 { return t.CreatedAt.UnixMilli() }
	case "posts":
		key = func(t *Topic) int64 { return int64(c.regularCount(t)) }
	}
	up := c.in.flag("ascending")
	sort.Slice(l.topics, func(i, j int) bool {
		a, b := l.topics[i], l.topics[j]
		if pa, pb := l.pinned(a), l.pinned(b); pa != pb && asked == "" {
			return pa
		}
		if key(a) != key(b) {
			return key(a) > key(b) != up
		}
		return a.ID > b.ID != up
	})
}

func (c *call) showInList(t *Topic, l listing, users map[int64]*User) obj {
	posters := c.posters(t, users)
	o := obj{
		"id": t.ID, "title": t.Title, "fancy_title": html.EscapeString(t.Title), "slug": t.Slug, "posts_count": c.regularCount(t),
		"reply_count": max(0, c.regularCount(t)-1), "highest_post_number": c.highest(t), "created_at": stamp(t.CreatedAt),
		"last_posted_at": stamp(t.LastPostedAt), "bumped": true, "bumped_at": stamp(t.BumpedAt), "archetype": archetype(t),
		"unseen": false, "pinned": l.pinned(t), "unpinned": nil, "visible": !t.Unlisted, "closed": t.Closed, "archived": t.Archived,
		"views": t.Views, "like_count": 0, "has_summary": false, "last_poster_username": c.s.Users[t.LastPoster].Username,
		"category_id": orNil(t.CategoryID), "pinned_globally": t.Globally, "featured_link": nil, "posters": posters,
	}
	if l.category {
		first := c.postAt(t.ID, 1)
		o["excerpt"], o["image_url"], o["bookmarked"], o["liked"] = "", nil, nil, nil
		if first != nil && t.Pinned {
			o["excerpt"] = excerpt(first.Cooked, 200)
		}
	} else if c.user != nil {
		o["last_read_post_number"], o["unread_posts"] = t.LastRead[c.user.ID], max(0, t.Highest-t.LastRead[c.user.ID])
		o["notification_level"], o["bookmarked"], o["liked"] = max(1, t.Levels[c.user.ID]), false, false
	}
	if c.s.Settings.TaggingEnabled && !t.PM {
		o["tags"] = c.showTags(t.Tags)
	}
	if l.withParts {
		o["allowed_user_count"], o["participants"] = len(t.Users), posters
	}
	return o
}

// posters are up to five accounts of a topic: who opened it, who was last,
// and those between.
func (c *call) posters(t *Topic, users map[int64]*User) []obj {
	ids := []int64{t.UserID}
	for id := range c.participants(t) {
		if id != t.UserID && id != t.LastPoster {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids[1:])
	ids = ids[:min(len(ids), 4)]
	if t.LastPoster != t.UserID {
		ids = append(ids, t.LastPoster)
	}
	out := []obj{}
	for i, id := range ids {
		users[id] = c.s.Users[id]
		what, extras := "Frequent Poster", ""
		if i == 0 {
			what = "Original Poster"
		}
		if id == t.LastPoster {
			what, extras = "Most Recent Poster", "latest"
			if i == 0 {
				what = "Original Poster, Most Recent Poster"
			}
		}
		out = append(out, obj{"extras": extras, "description": what, "user_id": id, "primary_group_id": nil})
	}
	return out
}
