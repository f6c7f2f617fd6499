package discoursetest

import (
	"slices"
	"sort"
)

// seesCategory says whether an account, nil for an anonymous visitor, may
// read a category.
func (f *Forum) seesCategory(u *User, id int64) bool {
	c := f.s.Categories[id]
	if c == nil {
		return false
	}
	if len(c.Groups) == 0 || u != nil && u.Admin {
		return true
	}
	return slices.ContainsFunc(c.Groups, func(name string) bool {
		g := f.group(name)
		return g != nil && g.has(u)
	})
}

// takesPart says whether an account is in a personal message itself or by
// one of its groups.
func (f *Forum) takesPart(u *User, t *Topic) bool {
	if u == nil || !t.PM {
		return false
	}
	return slices.Contains(t.Users, u.ID) || slices.ContainsFunc(t.Groups, func(id int64) bool {
		return f.s.Groups[id].has(u)
	})
}

func (f *Forum) seesTopic(u *User, t *Topic) bool {
	switch {
	case t == nil || t.Uncommitted || t.DeletedAt != nil && !u.staff():
		return false
	case u == nil && f.s.Settings.LoginRequired:
		return false
	case t.PM:
		return u != nil && u.Admin || f.takesPart(u, t)
	}
	return f.seesCategory(u, t.CategoryID)
}

// whispers says whether an account may read whispers.
func (f *Forum) whispers(u *User) bool {
	for _, g := range f.s.Groups {
		if g.Whispers && g.has(u) {
			return true
		}
	}
	return false
}

// seesPost says whether an account may read a post by its id. Posts hidden
// after flags are seen, without their text.
func (f *Forum) seesPost(u *User, p *Post) bool {
	switch {
	case p == nil || p.Uncommitted:
		return false
	case p.DeletedAt != nil && !u.staff():
		return false
	case p.Type == Whisper && !f.whispers(u):
		return false
	}
	return f.seesTopic(u, f.s.Topics[p.TopicID])
}

// stream returns the posts of a topic an account sees, by number.
func (f *Forum) stream(u *User, t *Topic) []*Post {
	var out []*Post
	for _, id := range f.s.ByTopic[t.ID] {
		if p := f.s.Posts[id]; p.DeletedAt == nil && f.seesPost(u, p) {
			out = append(out, p)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Number < out[j].Number })
	return out
}

// postAt finds a post by its number; nil if there is none.
func (f *Forum) postAt(topic int64, number int) *Post {
	for _, id := range f.s.ByTopic[topic] {
		if p := f.s.Posts[id]; p.Number == number && !p.Uncommitted {
			return p
		}
	}
	return nil
}

// groupsOf returns the groups of an account that another may see.
func (f *Forum) groupsOf(u *User) []*Group {
	var out []*Group
	for _, g := range sorted(f.s.Groups) {
		if g.has(u) {
			out = append(out, g)
		}
	}
	return out
}

func (f *Forum) seesGroup(u *User, g *Group) bool {
	return g != nil && (!g.Hidden || g.has(u) || u.staff())
}
