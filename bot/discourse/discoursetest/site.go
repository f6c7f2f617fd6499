package discoursetest

import "maps"

// site is GET /site.json: what a client needs to know before anything else.
func (c *call) site() answer {
	o := obj{
		"default_archetype": "regular", "notification_types": c.noteTypes(),
		"post_types":   obj{"regular": 1, "moderator_action": 2, "small_action": 3, "whisper": 4},
		"trust_levels": obj{"newuser": 0, "basic": 1, "member": 2, "regular": 3, "leader": 4},
		"groups":       c.siteGroups(), "filters": []string{"latest", "unread", "new", "unseen", "top", "read", "posted", "bookmarks"},
		"homepage_choices": []any{}, "periods": []string{"all", "yearly", "quarterly", "monthly", "weekly", "daily"},
		"top_menu_items": []string{"latest", "new", "unread", "top", "categories"}, "anonymous_top_menu_items": []string{"latest", "top", "categories"},
		"uncategorized_category_id": 1, "user_field_max_length": 2048, "post_action_types": c.actionTypes(), "topic_flag_types": c.actionTypes()[1:],
		"can_create_tag": c.user != nil && c.user.TrustLevel >= c.s.Settings.MinTrustToCreateTag, "can_tag_topics": c.user != nil, "can_tag_pms": false,
		"tags_filter_regexp": "[\\/\\?#\\[\\]@!\\$&'\\(\\)\\*\\+,;=\\.%\\\\`^\\s|\\{\\}\"<>]+", "top_tags": c.topTags(), "email_configured": true,
		"topic_featured_link_allowed_category_ids": []any{}, "user_themes": []any{}, "user_color_schemes": []any{},
		"default_light_color_scheme": nil, "default_dark_color_scheme": nil, "censored_regexp": []any{}, "custom_emoji_translation": obj{},
		"watched_words_replace": nil, "watched_words_link": nil, "categories": c.siteCategories(),
		"archetypes":  []obj{{"id": "regular", "name": "Regular Topic", "options": []any{}}, {"id": "private_message", "name": "Message", "options": []any{}}},
		"user_fields": userFields(), "auth_providers": []any{}, "full_name_required_for_signup": false, "full_name_visible_in_signup": true,
	}
	if c.o.Mode < Newest {
		drop(o, "homepage_choices", "email_configured", "default_light_color_scheme")
	}
	if c.o.Mode == Old {
		drop(o, "full_name_required_for_signup", "full_name_visible_in_signup")
	}
	return ok(o)
}

func (c *call) noteTypes() map[string]int {
	out := maps.Clone(notificationTypes)
	out["new_features"] = 37
	if c.o.Mode > Old {
		out["admin_problems"], out["linked_consolidated"], out["chat_watched_thread"] = 38, 39, 40
	}
	return out
}

func (c *call) siteGroups() []obj {
	out := []obj{}
	for _, g := range sorted(c.s.Groups) {
		if !c.seesGroup(c.user, g) {
			continue
		}
		o := obj{"id": g.ID, "name": g.Name, "flair_url": nil, "flair_bg_color": nil, "flair_color": nil}
		if c.o.Mode == Newest {
			o["automatic"], o["display_name"] = g.Automatic, g.Name
		}
		out = append(out, o)
	}
	return out
}

// actionTypes are the like and the flags.
func (c *call) actionTypes() []obj {
	out := []obj{}
	for i, k := range []struct {
		id   int
		key  string
		name string
	}{{2, "like", "Like"}, {3, "off_topic", "Off-Topic"}, {4, "inappropriate", "Inappropriate"}, {8, "spam", "Spam"}, {7, "notify_moderators", "Something Else"}} {
		o := obj{"id": k.id, "name_key": k.key, "name": k.name, "description": k.name, "short_description": k.name, "is_flag": k.id != 2}
		if c.o.Mode == Old {
			o["is_custom_flag"] = k.id == 7
		} else {
			o["require_message"], o["enabled"], o["applies_to"], o["is_used"] = k.id == 7, true, []string{"Post", "Topic"}, false
			o["position"], o["auto_action_type"] = i, k.id == 8
		}
		if c.o.Mode == Newest {
			o["system"] = true
		}
		out = append(out, o)
	}
	return out
}

// userFields are the two fields of a profile.
func userFields() []obj {
	field := func(id int, name string) obj {
		return obj{"id": id, "name": name, "description": name, "field_type": "text", "editable": true, "required": false, "requirement": "optional", "show_on_profile": true, "show_on_user_card": false, "searchable": true, "position": id}
	}
	return []obj{field(1, "Skills"), field(2, "Co-op")}
}

// siteSettings is GET /site/settings.json.
func (c *call) siteSettings() answer { return ok(c.s.Settings) }

// basicInfo is GET /site/basic-info.json, for everybody.
func (c *call) basicInfo() answer {
	set := c.s.Settings
	return ok(obj{
		"logo_url": "/images/logo.png", "logo_small_url": "/images/logo-small.png", "apple_touch_icon_url": "/images/icon.png",
		"favicon_url": "/images/favicon.png", "title": set.Title, "description": set.SiteDescription, "header_primary_color": "333333",
		"header_background_color": "ffffff", "login_required": set.LoginRequired, "locale": set.DefaultLocale,
		"include_in_discourse_discover": false, "mobile_logo_url": "/images/logo.png",
	})
}

// about is GET /about.json, where the version is.
func (c *call) about() answer {
	admins := []obj{}
	for _, u := range sorted(c.s.Users) {
		if u.Admin && u.ID > 0 {
			admins = append(admins, briefUser(u))
		}
	}
	return ok(obj{"users": admins, "about": obj{
		"title": c.s.Settings.Title, "description": c.s.Settings.SiteDescription, "locale": c.s.Settings.DefaultLocale,
		"version": c.o.Mode.Version(), "https": false, "can_see_about_stats": true, "admin_ids": []any{}, "moderator_ids": []any{},
		"stats": obj{"topics_count": len(c.s.Topics), "posts_count": len(c.s.Posts), "users_count": len(c.s.Users)},
	}})
}

// currentSession is GET /session/current.json; 404 for anonymous visitors.
func (c *call) currentSession() answer {
	u := c.user
	if u == nil {
		return notFound()
	}
	groups := []obj{}
	for _, g := range c.groupsOf(u) {
		groups = append(groups, obj{"id": g.ID, "name": g.Name})
	}
	o := briefUser(u)
	maps.Copy(o, obj{"admin": u.Admin, "moderator": u.Moderator, "staff": u.staff(), "trust_level": u.TrustLevel, "title": orNull(u.Title),
		"timezone": orNull(u.Timezone), "groups": groups, "can_create_topic": true, "has_chat_enabled": !u.ChatOff && c.s.Settings.ChatEnabled, "muted_category_ids": u.Muted})
	return ok(obj{"current_user": o})
}

// serverStatus is GET /srv/status, for those who watch the server.
func (c *call) serverStatus() answer { return answer{status: 200, text: "ok", kind: "text/plain"} }
