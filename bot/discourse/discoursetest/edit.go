package discoursetest

import (
	"net/http"
	"time"
)

// updatePost is PUT /posts/ID.json.
func (c *call) updatePost() answer {
	p, in := c.s.Posts[c.id("id")], c.in.sub("post")
	if !c.seesPost(c.user, p) {
		return notFound()
	}
	if c.user.ID != p.UserID && !c.user.staff() && !p.Wiki {
		return forbidden()
	}
	if c.editTooLate(p) {
		return invalid("", "Sorry, that post was created too long ago. It can no longer be edited or deleted.")
	}
	if !in.has("raw") {
		return badParameter("post")
	}
	was := in.str("original_text")
	if was == "" {
		was = in.str("raw_old") // its older name
	}
	if was != "" && was != p.Raw {
		return refusal(http.StatusConflict, "", "Another user edited this post and your changes can no longer be saved.")
	}
	if problems := c.checkBody(draft{TopicID: p.TopicID, Raw: in.str("raw")}); len(problems) > 0 {
		return invalid("", problems...)
	}
	if a := c.limitUser(c.user, rate{"edits", c.editsPerDay(c.user), day}); a != nil {
		return *a
	}
	c.edit(c.user, p, in.str("raw"), in.str("edit_reason"), c.in.flag("bypass_bump"))
	o := c.showPost(p, written)
	return ok(obj{"post": o})
}

// editTooLate says whether the author's time to edit is over. Staff and
// wikis have no end of it, nor has trust level 4.
func (c *call) editTooLate(p *Post) bool {
	limit := c.s.Settings.PostEditTimeLimit
	if c.user.TrustLevel >= 2 {
		limit = c.s.Settings.TL2PostEditTimeLimit
	}
	if c.user.staff() || p.Wiki || c.user.TrustLevel == 4 || limit == 0 {
		return false
	}
	return c.now().Sub(p.CreatedAt) > time.Duration(limit)*time.Minute
}

// deletePost is DELETE /posts/ID.json: staff delete, authors take back.
func (c *call) deletePost() answer {
	p := c.s.Posts[c.id("id")]
	if !c.seesPost(c.user, p) {
		return notFound()
	}
	if a := c.limitUser(c.user, rate{"delete-post", c.o.Limits.DeletesPerMinute, minute}); a != nil {
		return *a
	}
	switch {
	case c.user.staff():
		c.delete(p)
	case p.UserID == c.user.ID && p.Number > 1:
		c.takeBack(p)
	default:
		return forbidden()
	}
	return answer{status: http.StatusOK, body: nil}
}

// recoverPost is PUT /posts/ID/recover.json.
func (c *call) recoverPost() answer {
	p := c.s.Posts[c.id("id")]
	if p == nil || !c.user.staff() && (p.UserID != c.user.ID || !p.UserDeleted || p.DeletedAt != nil) {
		return notFound()
	}
	c.recover(p)
	return ok(c.showPost(p, alone))
}
