package discoursetest

import "slices"

// tags is GET /tags.json.
func (c *call) tags() answer {
	out := []obj{}
	for _, t := range sorted(c.s.Tags) {
		o := obj{"id": t.Name, "text": t.Name, "name": t.Name, "count": c.tagCount(t), "pm_count": 0, "target_tag": nil}
		if c.o.Mode == Newest {
			o["id"], o["slug"] = t.ID, t.Slug
		}
		out = append(out, o)
	}
	return ok(obj{"tags": out, "extras": obj{"categories": []any{}}})
}

func (c *call) tagCount(t *Tag) int {
	n := 0
	for _, topic := range c.s.Topics {
		if c.isListed(topic) && slices.Contains(topic.Tags, t.ID) {
			n++
		}
	}
	return n
}

func (c *call) topTags() []any {
	var ids []int64
	for _, t := range sorted(c.s.Tags) {
		if c.tagCount(t) > 0 {
			ids = append(ids, t.ID)
		}
	}
	return c.showTags(ids)
}

// tagGroups is GET /tag_groups.json; this forum has none, and only staff may
// know.
func (c *call) tagGroups() answer {
	if !c.user.staff() {
		return forbidden()
	}
	return ok(obj{"tag_groups": []any{}})
}
