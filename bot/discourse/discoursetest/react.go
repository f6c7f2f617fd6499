package discoursetest

import (
	"maps"
	"slices"
)

// React has an account put an emoji, by its name, on a post of a forum with
// the reactions plugin; Unreact takes it off.
func (f *Forum) React(username string, post int64, emoji string) {
	f.write(func() {
		p, u := f.s.Posts[post], f.mustUser(username)
		if p.Reactions == nil {
			p.Reactions = map[string][]int64{}
		}
		p.Reactions[emoji] = append(p.Reactions[emoji], u.ID)
	})
}

// Unreact undoes React.
func (f *Forum) Unreact(username string, post int64, emoji string) {
	f.write(func() {
		p, u := f.s.Posts[post], f.mustUser(username)
		p.Reactions[emoji] = slices.DeleteFunc(p.Reactions[emoji], func(id int64) bool { return id == u.ID })
	})
}

// Unlike takes a like off.
func (f *Forum) Unlike(username string, post int64) {
	f.write(func() { delete(f.s.Posts[post].Likes, f.mustUser(username).ID) })
}

// all are the reactions to a post, likes among them as hearts.
func (f *Forum) all(p *Post) map[string][]int64 {
	all := map[string][]int64{}
	for emoji, by := range p.Reactions {
		if len(by) > 0 {
			all[emoji] = by
		}
	}
	if len(p.Likes) > 0 {
		all["heart"] = append(slices.Clone(all["heart"]), slices.Sorted(maps.Keys(p.Likes))...)
	}
	return all
}

func (c *call) reactions(p *Post) []obj {
	out := []obj{}
	all := c.all(p)
	for _, emoji := range slices.Sorted(maps.Keys(all)) {
		out = append(out, obj{"id": emoji, "type": "emoji", "count": len(all[emoji])})
	}
	return out
}

// reactors is GET /discourse-reactions/posts/ID/reactions-users.json.
func (c *call) reactors() answer {
	p := c.s.Posts[c.id("id")]
	if !c.s.Settings.ReactionsEnabled || !c.seesPost(c.user, p) {
		return notFound()
	}
	out := []obj{}
	all := c.all(p)
	for _, emoji := range slices.Sorted(maps.Keys(all)) {
		out = append(out, obj{"id": emoji, "count": len(all[emoji]), "users": c.brief(all[emoji])})
	}
	return ok(obj{"reaction_users": out})
}

// likers is GET /post_action_users.json with type 2.
func (c *call) likers() answer {
	p := c.s.Posts[c.in.num("id")]
	if !c.seesPost(c.user, p) || c.in.num("post_action_type_id") != 2 {
		return notFound()
	}
	return ok(obj{"post_action_users": c.brief(slices.Sorted(maps.Keys(p.Likes)))})
}

func (c *call) brief(ids []int64) []obj {
	out := []obj{}
	for _, id := range ids {
		out = append(out, briefUser(c.s.Users[id]))
	}
	return out
}
