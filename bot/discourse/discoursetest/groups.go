package discoursetest

import (
	"fmt"
	"maps"
)

// groups is GET /groups.json, 36 a page.
func (c *call) groups() answer {
	const per = 36
	page := int(c.in.num("page"))
	var seen []*Group
	for _, g := range sorted(c.s.Groups) {
		if c.seesGroup(c.user, g) {
			seen = append(seen, g)
		}
	}
	from := min(page*per, len(seen))
	out := []obj{}
	for _, g := range seen[from:min(from+per, len(seen))] {
		o := c.groupBase(g)
		o["display_name"] = g.Name
		if g.owner(c.user) {
			o["is_group_owner"] = true
		}
		out = append(out, o)
	}
	return ok(obj{"groups": out, "extras": obj{"type_filters": []string{"my", "owner", "public", "close", "automatic"}},
		"total_rows_groups": len(seen), "load_more_groups": fmt.Sprintf("/groups?page=%d", page+1)})
}

func (c *call) groupBase(g *Group) obj {
	o := obj{
		"id": g.ID, "automatic": g.Automatic, "name": g.Name, "user_count": len(g.Members), "mentionable_level": levelIf(g.Mentionable),
		"messageable_level": 99, "visibility_level": levelOf(g.Hidden), "primary_group": false, "title": orNull(g.Title),
		"grant_trust_level": nil, "incoming_email": nil, "has_messages": false, "flair_url": nil, "flair_bg_color": nil, "flair_color": nil,
		"bio_raw": nil, "bio_cooked": nil, "bio_excerpt": nil, "public_admission": false, "public_exit": false,
		"allow_membership_requests": false, "full_name": nil, "default_notification_level": 3, "membership_request_template": nil,
		"is_group_user": g.has(c.user), "members_visibility_level": levelOf(g.HiddenMembers), "can_see_members": c.seesMembers(g),
		"can_admin_group": c.user.staff(), "publish_read_state": false,
	}
	if c.o.Mode == Newest && !c.seesMembers(g) {
		delete(o, "user_count")
	}
	return o
}

func levelIf(everyone bool) int {
	if everyone {
		return 99
	}
	return 0
}

func levelOf(hidden bool) int {
	if hidden {
		return 2
	}
	return 0
}

func (c *call) seesMembers(g *Group) bool {
	return !g.HiddenMembers || g.has(c.user) || c.user.staff()
}

// findGroup finds the group of a path, by name or id.
func (c *call) findGroup() *Group {
	g := c.group(c.path["name"])
	if id := c.id("id"); id != 0 {
		g = c.s.Groups[id]
	}
	if !c.seesGroup(c.user, g) {
		return nil
	}
	return g
}

// getGroup is GET /groups/NAME.json and /groups/by-id/ID.json.
func (c *call) getGroup() answer {
	g := c.findGroup()
	if g == nil {
		return notFound()
	}
	o := c.groupBase(g)
	maps.Copy(o, obj{
		"is_group_owner_display": g.owner(c.user), "mentionable": g.Mentionable, "messageable": true, "automatic_membership_email_domains": nil,
		"smtp_server": nil, "smtp_port": nil, "smtp_ssl_mode": nil, "email_username": nil, "email_password": nil, "message_count": 0,
		"allow_unknown_sender_topic_replies": false, "watching_category_ids": []any{}, "tracking_category_ids": []any{},
		"watching_first_post_category_ids": []any{}, "regular_category_ids": []any{}, "muted_category_ids": []any{},
	})
	if c.o.Mode < Newest {
		maps.Copy(o, obj{"imap_server": nil, "imap_port": nil, "imap_ssl": nil, "imap_mailbox_name": "", "imap_mailboxes": []any{}, "imap_last_error": nil, "imap_old_emails": nil, "imap_new_emails": nil})
	}
	if c.o.Mode == Mid {
		o["smtp_ssl_mode"] = 0
	}
	if c.o.Mode == Old {
		delete(o, "smtp_ssl_mode")
		o["smtp_ssl"] = nil
	}
	names := []string{}
	for _, other := range sorted(c.s.Groups) {
		if c.seesGroup(c.user, other) {
			names = append(names, other.Name)
		}
	}
	return ok(obj{"group": o, "extras": obj{"visible_group_names": names}})
}
