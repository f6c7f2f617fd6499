package discoursetest

import (
	"html"
	"maps"
	"slices"
)

const chunk = 20 // posts a topic page shows

// getTopic is GET /t/ID.json, /t/SLUG/ID.json and either with a post number.
func (c *call) getTopic() answer {
	t := c.s.Topics[c.id("id")]
	if !c.seesTopic(c.user, t) {
		return topicNotFound()
	}
	if slug, given := c.path["slug"]; given && slug != t.Slug {
		return c.redirect(t)
	}
	number := c.id("number")
	if number == 0 {
		number = c.in.num("post_number")
	}
	stream := c.stream(c.user, t)
	from := c.chunkStart(stream, int(number))
	if from >= len(stream) && c.in.num("page") > 1 {
		return topicNotFound()
	}
	return ok(c.showTopic(t, stream, stream[from:min(from+chunk, len(stream))]))
}

// chunkStart is where the page begins that holds a post number: the last
// page if the number is beyond it, else a few posts before it.
func (c *call) chunkStart(stream []*Post, number int) int {
	if page := int(c.in.num("page")); page > 1 {
		return min((page-1)*chunk, len(stream))
	}
	at := slices.IndexFunc(stream, func(p *Post) bool { return p.Number >= number })
	if at < 0 {
		at = len(stream)
	}
	return max(0, min(at-5, len(stream)-chunk))
}

func (c *call) redirect(t *Topic) answer {
	to := c.topicPath(t)
	if n := c.path["number"]; n != "" {
		to += "/" + n
	}
	return answer{status: 301, kind: "text/html", text: "<html><body>You are being redirected.</body></html>", header: map[string]string{"Location": "http://" + c.r.Host + to + ".json"}}
}

// topicByExternalID is GET /t/external_id/ID.json.
func (c *call) topicByExternalID() answer {
	t := c.topicByExternal(c.path["external"])
	if t == nil || !c.seesTopic(c.user, t) {
		return topicNotFound()
	}
	return c.redirect(t)
}

// topicPosts is GET /t/ID/posts.json with post_ids[], or the posts after
// post_number.
func (c *call) topicPosts() answer {
	t := c.s.Topics[c.id("id")]
	if !c.seesTopic(c.user, t) {
		return topicNotFound()
	}
	ids, after := c.in.nums("post_ids"), int(c.in.num("post_number"))
	posts := []obj{}
	for _, p := range c.stream(c.user, t) {
		if len(posts) == chunk && len(ids) == 0 {
			break
		}
		if slices.Contains(ids, p.ID) || len(ids) == 0 && p.Number > after {
			posts = append(posts, c.showPost(p, inStream))
		}
	}
	return ok(obj{"post_stream": obj{"posts": posts}, "id": t.ID})
}

func (c *call) showTopic(t *Topic, stream, page []*Post) obj {
	posts, ids := []obj{}, []int64{}
	for _, p := range page {
		posts = append(posts, c.showPost(p, inStream))
	}
	for _, p := range stream {
		ids = append(ids, p.ID)
	}
	o := obj{
		"post_stream": obj{"posts": posts, "stream": ids}, "timeline_lookup": []any{}, "suggested_topics": []any{},
		"tags_descriptions": obj{}, "id": t.ID, "title": t.Title, "fancy_title": html.EscapeString(t.Title),
		"posts_count": c.regularCount(t), "created_at": stamp(t.CreatedAt), "views": t.Views,
		"reply_count": max(0, c.regularCount(t)-1), "like_count": 0, "last_posted_at": stamp(t.LastPostedAt),
		"visible": !t.Unlisted, "closed": t.Closed, "archived": t.Archived, "has_summary": false,
		"archetype": archetype(t), "slug": t.Slug, "category_id": orNil(t.CategoryID), "word_count": 10,
		"deleted_at": stampOf(t.DeletedAt), "user_id": t.UserID, "featured_link": nil, "pinned_globally": t.Globally,
		"pinned_at": nil, "pinned_until": nil, "image_url": nil, "slow_mode_seconds": t.SlowModeSeconds, "draft": nil,
		"draft_key": "topic_" + itoa64(t.ID), "draft_sequence": 0, "unpinned": nil, "pinned": t.Pinned,
		"current_post_number": 1, "highest_post_number": c.highest(t), "deleted_by": nil, "has_deleted": false,
		"actions_summary": c.topicFlags(), "chunk_size": chunk, "bookmarked": false, "bookmarks": []any{},
		"topic_timer": nil, "message_bus_last_id": len(stream), "participant_count": len(c.participants(t)),
		"show_read_indicator": false, "thumbnails": nil, "slow_mode_enabled_until": nil, "details": c.topicDetails(t),
		"tags": c.showTags(t.Tags),
	}
	if !c.s.Settings.TaggingEnabled {
		o["tags"] = []any{}
	}
	if t.ExternalID != "" {
		o["external_id"] = t.ExternalID
	}
	if c.user != nil && t.LastRead[c.user.ID] > 0 {
		o["last_read_post_number"] = t.LastRead[c.user.ID]
	}
	return o
}

// highest is the highest post number, with whispers for those who see them.
func (c *call) highest(t *Topic) int {
	most := 0
	for _, p := range c.stream(c.user, t) {
		most = max(most, p.Number)
	}
	return most
}

func archetype(t *Topic) string {
	if t.PM {
		return "private_message"
	}
	return "regular"
}

// showTags is a list of names, or of objects on the newest servers.
func (c *call) showTags(ids []int64) []any {
	out := []any{}
	for _, id := range ids {
		t := c.s.Tags[id]
		if c.o.Mode == Newest {
			out = append(out, obj{"id": t.ID, "name": t.Name, "slug": t.Slug})
		} else {
			out = append(out, t.Name)
		}
	}
	return out
}

func (c *call) topicFlags() []obj {
	out := []obj{}
	for _, id := range []int{4, 8, 7} {
		out = append(out, obj{"id": id, "count": 0, "hidden": false, "can_act": c.user != nil})
	}
	return out
}

func (c *call) regularCount(t *Topic) int {
	n := 0
	for _, id := range c.s.ByTopic[t.ID] {
		if p := c.s.Posts[id]; p.Type == Regular && p.DeletedAt == nil && !p.Uncommitted {
			n++
		}
	}
	return n
}

// participants counts the posts of each account in a topic.
func (c *call) participants(t *Topic) map[int64]int {
	out := map[int64]int{}
	for _, p := range c.stream(c.user, t) {
		if p.Type == Regular {
			out[p.UserID]++
		}
	}
	return out
}

func (c *call) topicDetails(t *Topic) obj {
	staff, self := c.user.staff(), int64(0)
	if c.user != nil {
		self = c.user.ID
	}
	level := 1
	if c.user != nil {
		level = max(level, t.Levels[c.user.ID])
	}
	o := obj{
		"can_edit": staff || self == t.UserID, "notification_level": level, "can_create_post": c.user != nil && !t.Closed,
		"can_reply_as_new_topic": c.user != nil, "can_flag_topic": c.user != nil, "can_remove_self_id": self,
		"created_by": briefUser(c.s.Users[t.UserID]), "last_poster": briefUser(c.s.Users[t.LastPoster]),
		"participants": c.showParticipants(t),
	}
	for _, k := range []string{"move_posts", "delete", "remove_allowed_users", "convert_topic", "review_topic", "close_topic", "archive_topic", "split_merge_topic", "edit_staff_notes", "toggle_topic_visibility", "pin_unpin_topic", "moderate_category"} {
		o["can_"+k] = staff
	}
	if t.PM {
		o["can_invite_to"] = true
		o["allowed_users"], o["allowed_groups"] = c.recipients(t)
	}
	return o
}

// recipients are the accounts and groups in a personal message.
func (c *call) recipients(t *Topic) (users, groups []obj) {
	users, groups = []obj{}, []obj{}
	for _, id := range t.Users {
		users = append(users, briefUser(c.s.Users[id]))
	}
	for _, id := range t.Groups {
		groups = append(groups, obj{"id": id, "name": c.s.Groups[id].Name})
	}
	return users, groups
}

func (c *call) showParticipants(t *Topic) []obj {
	counts, out := c.participants(t), []obj{}
	for _, u := range sorted(c.s.Users) {
		if counts[u.ID] == 0 {
			continue
		}
		o := briefUser(u)
		maps.Copy(o, obj{"post_count": counts[u.ID], "primary_group_name": nil, "flair_name": nil, "flair_url": nil, "flair_color": nil, "flair_bg_color": nil, "flair_group_id": nil, "admin": u.Admin, "moderator": u.Moderator, "trust_level": u.TrustLevel})
		if c.o.Mode == Old {
			delete(o, "flair_group_id")
		}
		out = append(out, o)
	}
	return out
}
