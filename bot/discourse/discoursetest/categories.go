package discoursetest

import (
	"maps"
	"time"
)

// categoryBase is what every place says of a category.
func (c *call) categoryBase(cat *Category) obj {
	topics, posts := 0, 0
	for _, t := range c.s.Topics {
		if t.CategoryID == cat.ID && !t.PM && !t.Unlisted && t.DeletedAt == nil && t.ID != cat.About {
			topics, posts = topics+1, posts+c.regularCount(t)
		}
	}
	permission := 1
	if !c.writesCategoryAs(cat) {
		permission = 3
	}
	children := 0
	for _, other := range c.s.Categories {
		if other.Parent == cat.ID {
			children++
		}
	}
	o := obj{
		"id": cat.ID, "name": cat.Name, "color": "0088CC", "text_color": "FFFFFF", "style_type": "square", "emoji": nil, "icon": nil,
		"slug": cat.Slug, "topic_count": topics, "post_count": posts, "position": cat.ID, "description": nil, "description_text": nil,
		"description_excerpt": nil, "topic_url": "", "read_restricted": len(cat.Groups) > 0, "permission": permission,
		"notification_level": 1, "can_edit": c.user.staff(), "topic_template": nil, "topic_title_placeholder": nil, "has_children": children > 0,
		"subcategory_count": nil, "sort_order": nil, "sort_ascending": nil, "show_subcategory_list": false, "num_featured_topics": 3,
		"default_view": nil, "subcategory_list_style": "rows_with_featured_topics", "default_top_period": "all", "default_list_filter": "all",
		"minimum_required_tags": 0, "navigate_to_first_post_after_read": false, "uploaded_logo": nil, "uploaded_logo_dark": nil,
		"uploaded_background": nil, "uploaded_background_dark": nil,
	}
	if t := c.s.Topics[cat.About]; t != nil {
		o["topic_url"] = c.topicPath(t)
	}
	if c.o.Mode < Newest {
		drop(o, "style_type", "emoji", "icon", "topic_title_placeholder")
	}
	if c.o.Mode == Old {
		drop(o, "subcategory_count", "uploaded_background_dark")
	}
	return o
}

func (c *call) writesCategoryAs(cat *Category) bool {
	return c.user != nil && c.writesCategory(cat.ID)
}

func (c *call) visibleCategories() []*Category {
	var out []*Category
	for _, cat := range sorted(c.s.Categories) {
		if c.seesCategory(c.user, cat.ID) {
			out = append(out, cat)
		}
	}
	return out
}

// siteCategories are those of /site.json: all, flat.
func (c *call) siteCategories() []obj {
	out := []obj{}
	for _, cat := range c.visibleCategories() {
		o := c.categoryBase(cat)
		o["allow_global_tags"], o["required_tag_groups"], o["read_only_banner"] = false, []any{}, nil
		if c.o.Mode < Newest {
			o["allowed_tags"], o["allowed_tag_groups"] = []any{}, []any{}
		}
		if cat.Parent != 0 {
			o["parent_category_id"] = cat.Parent
		}
		out = append(out, o)
	}
	return out
}

// categories is GET /categories.json: the top ones, or the children of
// parent_category_id; with include_subcategories=true each with its own.
func (c *call) categories() answer {
	parent := c.in.num("parent_category_id")
	list := obj{"can_create_category": c.user.staff(), "can_create_topic": c.user != nil, "categories": c.listCategories(parent)}
	return ok(obj{"category_list": list})
}

func (c *call) listCategories(parent int64) []obj {
	out := []obj{}
	for _, cat := range c.visibleCategories() {
		if cat.Parent != parent {
			continue
		}
		o := c.categoryBase(cat)
		for name, since := range map[string]time.Duration{"topics_day": day, "topics_week": 7 * day, "topics_month": 30 * day, "topics_year": 365 * day, "topics_all_time": 1 << 62} {
			o[name] = c.topicsSince(cat, since)
		}
		ids := []int64{}
		for _, sub := range c.visibleCategories() {
			if sub.Parent == cat.ID {
				ids = append(ids, sub.ID)
			}
		}
		o["subcategory_ids"] = ids
		if c.in.flag("include_subcategories") && len(ids) > 0 {
			o["subcategory_list"] = c.listCategories(cat.ID)
		}
		if cat.ID == 1 {
			o["is_uncategorized"] = true
		}
		out = append(out, o)
	}
	return out
}

func (c *call) topicsSince(cat *Category, d time.Duration) int {
	n := 0
	for _, t := range c.s.Topics {
		if t.CategoryID == cat.ID && !t.PM && !t.Unlisted && t.DeletedAt == nil && c.now().Sub(t.CreatedAt) < d {
			n++
		}
	}
	return n
}

// getCategory is GET /c/ID/show.json.
func (c *call) getCategory() answer {
	cat := c.s.Categories[c.id("id")]
	if cat == nil || !c.seesCategory(c.user, cat.ID) {
		return notFound()
	}
	o := c.categoryBase(cat)
	maps.Copy(o, obj{
		"custom_fields": obj{}, "allowed_tags": []any{}, "allowed_tag_groups": []any{}, "allow_global_tags": false, "required_tag_groups": []any{},
		"read_only_banner": nil, "available_groups": []any{}, "auto_close_hours": nil, "auto_close_based_on_last_post": false,
		"allow_unlimited_owner_edits_on_first_post": false, "default_slow_mode_seconds": nil, "group_permissions": c.permissions(cat),
		"email_in": nil, "email_in_allow_strangers": false, "mailinglist_mirror": false, "all_topics_wiki": false, "can_delete": c.user.staff(),
		"allow_badges": true, "topic_featured_link_allowed": true, "search_priority": 0, "form_template_ids": []any{},
		"topic_posting_review_group_ids": []any{}, "reply_posting_review_group_ids": []any{},
	})
	if c.o.Mode < Newest {
		drop(o, "topic_posting_review_group_ids", "reply_posting_review_group_ids")
	}
	if c.o.Mode == Old {
		o["has_children"] = nil
	}
	return ok(obj{"category": o})
}

func (c *call) permissions(cat *Category) []obj {
	names := cat.Groups
	if len(names) == 0 {
		names = []string{"everyone"}
	}
	out := []obj{}
	for _, n := range names {
		o := obj{"permission_type": 1, "group_name": n, "group_id": int64(0)}
		if g := c.group(n); g != nil {
			o["group_id"] = g.ID
		}
		if c.o.Mode < Newest {
			delete(o, "group_id")
		}
		out = append(out, o)
	}
	return out
}
