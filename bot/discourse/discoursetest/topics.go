package discoursetest

import "html"

// updateTopic is PUT /t/-/ID.json: title, category, tags.
func (c *call) updateTopic() answer {
	t := c.s.Topics[c.id("id")]
	if !c.seesTopic(c.user, t) {
		return topicNotFound()
	}
	if !c.user.staff() && c.user.ID != t.UserID && c.user.TrustLevel < 3 {
		return forbidden()
	}
	in := c.in
	if sub := in.sub("topic"); len(sub) > 0 {
		in = sub
	}
	if title := in.str("title"); title != "" && title != t.Title {
		d := draft{Title: title, CategoryID: 1, PM: t.PM}
		if problems := c.checkTopic(d, false); len(problems) > 0 {
			return invalid("", problems...)
		}
		t.Title, t.Slug = title, slugify(title)
	}
	if id := in.num("category_id"); id != 0 {
		if !c.writesCategory(id) {
			return forbidden()
		}
		t.CategoryID = id
	}
	if in.has("tags") {
		c.in = in
		t.Tags = c.tagIDs(c.allowedTags(c.readTags()))
	}
	return ok(obj{"basic_topic": obj{"id": t.ID, "title": t.Title, "fancy_title": html.EscapeString(t.Title), "slug": t.Slug, "posts_count": c.regularCount(t)}})
}

// topicStatus is PUT /t/ID/status.json.
func (c *call) topicStatus() answer {
	t := c.s.Topics[c.id("id")]
	if !c.seesTopic(c.user, t) {
		return topicNotFound()
	}
	if !c.user.staff() && c.user.TrustLevel < 4 {
		return forbidden()
	}
	on, code := c.in.flag("enabled"), ""
	switch c.in.str("status") {
	case "closed":
		t.Closed, code = on, "closed.disabled"
		if on {
			code = "closed.enabled"
		}
	case "archived":
		t.Archived = on
	case "visible":
		t.Unlisted = !on
	case "pinned":
		t.Pinned, t.Globally = on, false
	case "pinned_globally":
		t.Pinned, t.Globally = on, on
	default:
		return badParameter("status")
	}
	if code != "" {
		c.post(c.user, draft{TopicID: t.ID, Type: SmallAction, ActionCode: code})
	}
	return ok(obj{"success": "OK", "topic_status_update": nil})
}

// deleteTopic is DELETE /t/ID.json, for staff, and for who opened it while
// nobody has answered.
func (c *call) deleteTopic() answer {
	t := c.s.Topics[c.id("id")]
	if !c.seesTopic(c.user, t) {
		return topicNotFound()
	}
	first := c.postAt(t.ID, 1)
	if first == nil || !c.user.staff() && (c.user.ID != t.UserID || c.regularCount(t) > 1) {
		return forbidden()
	}
	c.delete(first)
	return answer{status: 200}
}

// topicLevel is POST /t/ID/notifications.json: 0 muted to 3 watching.
func (c *call) topicLevel() answer {
	t := c.s.Topics[c.id("id")]
	if !c.seesTopic(c.user, t) {
		return topicNotFound()
	}
	t.Levels[c.user.ID] = int(c.in.num("notification_level"))
	return success()
}

// inviteToTopic is POST /t/ID/invite.json: adds an account to a message.
func (c *call) inviteToTopic() answer {
	t, u := c.s.Topics[c.id("id")], c.Forum.user(c.in.str("user"))
	if !c.seesTopic(c.user, t) || !t.PM {
		return topicNotFound()
	}
	if u == nil {
		return invalid("", "Sorry, that user can't be invited.")
	}
	c.invite(t, u)
	return ok(obj{"user": briefUser(u)})
}
