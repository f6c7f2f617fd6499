package discoursetest

import (
	"fmt"
	"slices"
)

// notifications is GET /notifications.json: 60 rows a page, newest first.
// recent=true marks the bell as seen unless silent=true.
func (c *call) notifications() answer {
	if c.user == nil {
		return notLoggedIn()
	}
	limit := int(c.in.num("limit"))
	if limit < 1 || limit > 60 {
		limit = 60
	}
	rows := c.notesOf(c.user)
	slices.Reverse(rows)
	total, newest := len(rows), int64(0)
	if total > 0 {
		newest = rows[0].ID
	}
	recent := c.in.flag("recent")
	if types := c.in.strs("filter_by_types"); recent && len(types) > 0 {
		rows = slices.DeleteFunc(rows, func(n *Notification) bool { return !slices.Contains(types, typeName(n.Type)) })
	}
	offset := min(int(c.in.num("offset")), len(rows))
	page := rows[offset:min(offset+limit, len(rows))]
	out := []obj{}
	for _, n := range page {
		out = append(out, showNote(n))
	}
	o := obj{"notifications": out, "total_rows_notifications": total, "seen_notification_id": c.user.Seen,
		"load_more_notifications": fmt.Sprintf("/notifications?offset=%d&username=%s", offset+limit, c.user.Username)}
	if recent && !c.in.flag("silent") {
		c.user.Seen = max(c.user.Seen, newest)
	}
	if recent {
		drop(o, "total_rows_notifications", "load_more_notifications")
	}
	return ok(o)
}

func showNote(n *Notification) obj {
	o := obj{"id": n.ID, "user_id": n.UserID, "notification_type": n.Type, "read": n.Read, "high_priority": n.Type == PrivateMessage,
		"created_at": stamp(n.CreatedAt), "post_number": orNil(int64(n.PostNumber)), "topic_id": orNil(n.TopicID), "slug": orNull(n.Slug), "data": n.Data}
	if n.TopicID != 0 {
		o["fancy_title"] = n.Data["topic_title"]
	}
	return o
}

// typeName is the name of a notification type, "" for an unknown one.
func typeName(kind int) string {
	for name, n := range notificationTypes {
		if n == kind {
			return name
		}
	}
	return ""
}

// markRead is PUT /notifications/mark-read.json, of one or of all.
func (c *call) markRead() answer {
	id := c.in.num("id")
	for _, n := range c.notesOf(c.user) {
		if id == 0 || n.ID == id {
			n.Read = true
		}
	}
	return success()
}

// notificationTypes are the types of every age; newTypes came later.
var notificationTypes = map[string]int{
	"mentioned": 1, "replied": 2, "quoted": 3, "edited": 4, "liked": 5, "private_message": 6, "invited_to_private_message": 7,
	"invitee_accepted": 8, "posted": 9, "moved_post": 10, "linked": 11, "granted_badge": 12, "invited_to_topic": 13, "custom": 14,
	"group_mentioned": 15, "group_message_summary": 16, "watching_first_post": 17, "topic_reminder": 18, "liked_consolidated": 19,
	"post_approved": 20, "code_review_commit_approved": 21, "membership_request_accepted": 22, "membership_request_consolidated": 23,
	"bookmark_reminder": 24, "reaction": 25, "votes_released": 26, "event_reminder": 27, "event_invitation": 28, "chat_mention": 29,
	"chat_message": 30, "chat_invitation": 31, "chat_group_mention": 32, "chat_quoted": 33, "watching_category_or_tag": 36,
}
