package discoursetest

import (
	"fmt"
	"maps"
	"sort"
)

// getUser is GET /u/NAME.json: everything for the account itself and staff,
// less for others, and a stub of a hidden profile.
func (c *call) getUser() answer {
	u := c.Forum.user(c.path["name"])
	if u == nil {
		return notFound()
	}
	all := c.user == u || c.user.staff()
	if u.HiddenProfile && !all {
		o := briefUser(u)
		o["profile_hidden"] = true
		return ok(obj{"user": o})
	}
	o := c.profile(u)
	if all {
		maps.Copy(o, c.privateProfile(u))
	} else if u.Timezone != "" {
		o["timezone"] = u.Timezone
	}
	return ok(obj{"user_badges": []any{}, "user": o})
}

func (c *call) profile(u *User) obj {
	posts, topics := 0, 0
	for _, p := range c.s.Posts {
		if p.UserID == u.ID && p.DeletedAt == nil && p.Type == Regular && !c.s.Topics[p.TopicID].PM {
			posts++
			if p.Number == 1 {
				topics++
			}
		}
	}
	fields := obj{"1": orNull(u.Fields["1"]), "2": orNull(u.Fields["2"])}
	groups := []obj{}
	for _, g := range c.groupsOf(u) {
		if c.seesGroup(c.user, g) {
			o := c.groupBase(g)
			o["display_name"], o["user_count"] = g.Name, len(g.Members)
			delete(o, "is_group_user")
			groups = append(groups, o)
		}
	}
	o := briefUser(u)
	maps.Copy(o, obj{
		"last_posted_at": stampOf(u.LastPosted), "last_seen_at": stampOf(u.LastSeen), "created_at": stamp(u.CreatedAt), "ignored": false,
		"muted": false, "can_ignore_user": c.user != u, "can_ignore_users": true, "can_mute_user": c.user != u, "can_mute_users": true,
		"can_send_private_messages": true, "can_send_private_message_to_user": c.user != u, "trust_level": u.TrustLevel,
		"moderator": u.Moderator, "admin": u.Admin, "title": orNull(u.Title), "badge_count": 0, "user_fields": fields, "custom_fields": obj{},
		"time_read": 0, "recent_time_read": 0, "primary_group_id": nil, "primary_group_name": nil, "flair_group_id": nil, "flair_name": nil,
		"flair_url": nil, "flair_bg_color": nil, "flair_color": nil, "featured_topic": nil, "staged": false, "can_edit": c.user == u || c.user.staff(),
		"can_edit_username": false, "can_edit_email": false, "can_edit_name": false, "uploaded_avatar_id": nil, "has_title_badges": false,
		"pending_count": 0, "profile_view_count": 0, "can_upload_profile_header": false, "can_upload_user_card_background": false,
		"post_count": posts, "topic_count": topics, "groups": groups,
	})
	if c.o.Mode < Newest {
		delete(o, "topic_count")
	}
	if c.o.Mode == Old {
		drop(o, "can_ignore_users", "can_mute_users")
	}
	return o
}

// privateProfile is what only the account itself and staff see.
func (c *call) privateProfile(u *User) obj {
	o := obj{
		"second_factor_enabled": false, "second_factor_backup_enabled": false, "can_be_deleted": false, "can_delete_all_posts": false,
		"locale": nil, "system_avatar_upload_id": nil, "system_avatar_template": avatar(u), "mailing_list_posts_per_day": 0,
		"can_change_bio": true, "can_change_location": true, "can_change_website": true, "can_change_tracking_preferences": true,
		"user_api_keys": nil, "user_auth_tokens": []any{}, "user_notification_schedule": schedule(), "use_logo_small_as_avatar": false,
		"invited_by": nil, "group_users": c.groupUsers(u), "user_option": c.userOption(u),
	}
	for _, k := range []string{"muted_category_ids", "regular_category_ids", "watched_tags", "watching_first_post_tags", "tracked_tags", "muted_tags",
		"tracked_category_ids", "watched_category_ids", "watched_first_post_category_ids", "muted_usernames", "ignored_usernames",
		"allowed_pm_usernames", "featured_user_badge_ids"} {
		o[k] = []any{}
	}
	return o
}

func (c *call) groupUsers(u *User) []obj {
	out := []obj{}
	for _, g := range c.groupsOf(u) {
		out = append(out, obj{"group_id": g.ID, "user_id": u.ID, "notification_level": 3})
	}
	return out
}

func schedule() obj {
	o := obj{"enabled": false}
	for d := range 7 {
		o[fmt.Sprintf("day_%d_start_time", d)], o[fmt.Sprintf("day_%d_end_time", d)] = 480, 1020
	}
	return o
}

func (c *call) userOption(u *User) obj {
	o := obj{
		"user_id": u.ID, "mailing_list_mode": false, "mailing_list_mode_frequency": 1, "email_digests": false, "email_level": 1,
		"email_messages_level": 0, "external_links_in_new_tab": false, "bookmark_auto_delete_preference": 3, "color_scheme_id": nil,
		"dark_scheme_id": nil, "dynamic_favicon": false, "enable_quoting": true, "enable_smart_lists": true, "enable_markdown_monospace_font": true,
		"digest_after_minutes": 10080, "automatically_unpin_topics": true, "auto_track_topics_after_msecs": 240000,
		"notification_level_when_replying": 2, "new_topic_duration_minutes": 2880, "email_previous_replies": 2, "email_in_reply_to": true,
		"like_notification_frequency": 1, "notify_on_linked_posts": true, "push_notification_level": "all",
		"enable_upcoming_change_available_notifications": true, "include_tl0_in_digests": false, "theme_ids": []any{}, "theme_key_seq": 0,
		"allow_private_messages": true, "enable_allowed_pm_users": false, "homepage_id": nil, "hide_profile_and_presence": u.HiddenProfile,
		"hide_profile": u.HiddenProfile, "hide_presence": false, "text_size": "normal", "text_size_seq": 0, "title_count_mode": "notifications",
		"timezone": orNull(u.Timezone), "skip_new_user_tips": false, "topics_unread_when_closed": true, "interface_color_mode": 1,
		"automatically_translate": true, "understood_languages": []string{}, "show_original_content": false, "send_shortcut": "meta_enter",
	}
	if c.o.Mode < Newest {
		drop(o, "enable_markdown_monospace_font", "notify_on_linked_posts", "push_notification_level", "enable_upcoming_change_available_notifications",
			"interface_color_mode", "automatically_translate", "understood_languages", "show_original_content", "send_shortcut")
		o["enable_defer"] = false
	}
	if c.o.Mode == Old {
		drop(o, "enable_smart_lists", "hide_profile", "hide_presence", "topics_unread_when_closed")
	}
	return o
}

// directory is GET /directory_items.json, 50 a page. Without a group the
// row of the account that asks stands on top of the first page as well.
func (c *call) directory() answer {
	const per = 50
	page := int(c.in.num("page"))
	name := c.in.str("group")
	var users []*User
	for _, u := range sorted(c.s.Users) {
		if u.ID > 0 && !u.HiddenProfile && (name == "" || c.group(name) != nil && c.group(name).has(u)) {
			users = append(users, u)
		}
	}
	sort.SliceStable(users, func(i, j int) bool { return millis(users[i].LastPosted) > millis(users[j].LastPosted) })
	from := min(page*per, len(users))
	shown := users[from:min(from+per, len(users))]
	items := []obj{}
	if page == 0 && name == "" && c.user != nil && c.user.ID > 0 {
		items = append(items, c.directoryItem(c.user))
	}
	for _, u := range shown {
		items = append(items, c.directoryItem(u))
	}
	return ok(obj{"directory_items": items, "meta": obj{"last_updated_at": stamp(c.now().Truncate(day)), "total_rows_directory_items": len(users),
		"load_more_directory_items": fmt.Sprintf("/directory_items?page=%d&period=%s", page+1, c.in.str("period"))}})
}

func (c *call) directoryItem(u *User) obj {
	who := briefUser(u)
	who["title"] = orNull(u.Title)
	if ids := c.in.str("user_field_ids"); ids != "" {
		fields := obj{}
		for _, f := range splitFields(ids) {
			fields[f] = obj{"value": []string{u.Fields[f]}, "searchable": true}
		}
		who["user_fields"] = fields
	}
	p := c.profile(u)
	topics, _ := p["topic_count"].(int)
	return obj{"id": u.ID, "likes_received": 0, "likes_given": 0, "topics_entered": 0, "topic_count": topics, "post_count": p["post_count"],
		"posts_read": 0, "days_visited": 0, "user": who}
}
