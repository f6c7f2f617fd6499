package discoursetest

import (
	"net/http"
	"slices"
	"strings"
)

// splitFields cuts 1|2|3.
func splitFields(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == ',' })
}

// search is GET /search.json: words, @name, #slug, tags:name, topic:ID,
// in:title and order:latest. It finds one post a topic, unless topic: is
// given, and 50 a page. Its limit has an answer of its own.
func (c *call) search() answer {
	if c.user != nil && !c.user.staff() {
		if _, refused := c.over("search/"+c.user.Username, c.o.Limits.SearchPerMinute, minute, false); refused {
			a, _ := faultAnswer(LimitSearch)
			return a
		}
	}
	term := c.in.str("q")
	if term == "" {
		term = c.in.str("term")
	}
	if len(strings.TrimSpace(term)) < 2 {
		return answer{status: http.StatusBadRequest, body: obj{"errors": []string{"Your search term is too short."}, "error_type": "invalid_parameters"}}
	}
	const per = 50
	q := parseSearch(term)
	from := max(0, int(c.in.num("page"))-1) * per
	posts, topics, ids := []obj{}, []obj{}, []int64{}
	seen := map[int64]bool{}
	for id := c.s.Seq["post"]; id > 0 && len(ids) < from+per; id-- {
		p := c.s.Posts[id]
		if p == nil || p.Type != Regular || p.Hidden || p.DeletedAt != nil || !c.seesPost(c.user, p) || !c.found(q, p) || seen[p.TopicID] && q.topic == 0 {
			continue
		}
		seen[p.TopicID] = true
		if ids = append(ids, p.ID); len(ids) <= from {
			continue
		}
		u, t := c.s.Users[p.UserID], c.s.Topics[p.TopicID]
		posts = append(posts, obj{"id": p.ID, "name": u.Name, "username": u.Username, "avatar_template": avatar(u), "created_at": stamp(p.CreatedAt),
			"like_count": len(p.Likes), "blurb": excerpt(p.Cooked, 200), "post_number": p.Number, "topic_id": p.TopicID})
		topics = append(topics, c.showInList(t, listing{pinned: func(*Topic) bool { return false }}, map[int64]*User{}))
	}
	result := obj{"more_posts": nil, "more_users": nil, "more_categories": nil, "term": term, "search_log_id": 1, "more_full_page_results": nil,
		"can_create_topic": true, "error": nil, "post_ids": ids[min(from, len(ids)):], "user_ids": []any{}, "category_ids": []any{}, "tag_ids": []any{}, "group_ids": []any{}}
	o := obj{"posts": posts, "users": []any{}, "categories": []any{}, "tags": []any{}, "groups": []any{}, "grouped_search_result": result}
	if len(topics) > 0 {
		o["topics"] = topics
	}
	return ok(o)
}

type searchQuery struct {
	words   []string
	by      string
	slug    string
	tag     string
	topic   int64
	inTitle bool
}

func parseSearch(term string) searchQuery {
	var q searchQuery
	for _, w := range strings.Fields(strings.ToLower(term)) {
		key, value, _ := strings.Cut(w, ":")
		switch {
		case w[0] == '@':
			q.by = w[1:]
		case w[0] == '#':
			q.slug = w[1:]
		case key == "tags" || key == "tag":
			q.tag = value
		case key == "topic":
			q.topic = params{"v": value}.num("v")
		case w == "in:title":
			q.inTitle = true
		case key == "order" || key == "in" || key == "status":
		default:
			q.words = append(q.words, strings.Trim(w, `"`))
		}
	}
	return q
}

func (c *call) found(q searchQuery, p *Post) bool {
	t := c.s.Topics[p.TopicID]
	cat := c.s.Categories[t.CategoryID]
	tag := c.tag(q.tag)
	switch {
	case t.PM:
		return false
	case q.by != "" && !strings.EqualFold(c.s.Users[p.UserID].Username, q.by),
		q.slug != "" && (cat == nil || cat.Slug != q.slug),
		q.tag != "" && (tag == nil || !slices.Contains(t.Tags, tag.ID)),
		q.topic != 0 && q.topic != t.ID:
		return false
	}
	in := strings.ToLower(t.Title)
	if !q.inTitle {
		in += "\n" + strings.ToLower(p.Raw)
	}
	for _, w := range q.words {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}
