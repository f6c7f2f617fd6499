package discoursetest

import (
	"fmt"
	"sort"
	"time"
)

// groupMembers is GET /groups/NAME/members.json, up to 1000 a page.
func (c *call) groupMembers() answer {
	g := c.findGroup()
	switch {
	case g == nil:
		return notFound()
	case !c.seesMembers(g):
		return forbidden()
	}
	limit, offset := int(c.in.num("limit")), int(c.in.num("offset"))
	if limit <= 0 {
		limit = 50
	}
	if limit > 1000 || offset < 0 {
		return badParameter("limit")
	}
	var members []*User
	for id := range g.Members {
		members = append(members, c.s.Users[id])
	}
	c.orderMembers(g, members)
	page, owners := []obj{}, []obj{}
	from := min(offset, len(members))
	for _, u := range members[from:min(from+limit, len(members))] {
		page = append(page, showMember(g, u))
	}
	for _, id := range g.Owners {
		owners = append(owners, showMember(g, c.s.Users[id]))
	}
	return ok(obj{"members": page, "owners": owners, "meta": obj{"total": len(members), "limit": limit, "offset": offset}})
}

func (c *call) orderMembers(g *Group, members []*User) {
	key := func(u *User) int64 { return 0 }
	switch c.in.str("order") {
	case "last_posted_at":
		key = func(u *User) int64 { return millis(u.LastPosted) }
	case "last_seen_at":
		key = func(u *User) int64 { return millis(u.LastSeen) }
	case "added_at":
		key = func(u *User) int64 { return g.Members[u.ID].UnixMilli() }
	}
	desc := c.in.flag("desc") || c.in.has("asc") && !c.in.flag("asc")
	sort.Slice(members, func(i, j int) bool {
		a, b := members[i], members[j]
		if key(a) != key(b) {
			return key(a) < key(b) != desc
		}
		return a.Username < b.Username
	})
}

func millis(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

func showMember(g *Group, u *User) obj {
	added, member := g.Members[u.ID]
	if !member {
		added = u.CreatedAt
	}
	return obj{"id": u.ID, "username": u.Username, "name": u.Name, "avatar_template": avatar(u), "title": orNull(u.Title),
		"last_posted_at": stampOf(u.LastPosted), "last_seen_at": stampOf(u.LastSeen), "added_at": stamp(added), "timezone": orNull(u.Timezone)}
}

// addMembers is PUT /groups/ID/members.json, for owners and staff.
func (c *call) addMembers() answer {
	g := c.s.Groups[c.id("id")]
	if !c.seesGroup(c.user, g) {
		return notFound()
	}
	if !g.owner(c.user) && !c.user.staff() || g.Automatic {
		return forbidden()
	}
	names := []string{}
	for _, name := range c.in.strs("usernames") {
		u := c.Forum.user(name)
		if u == nil {
			return badParameter("usernames")
		}
		if g.has(u) {
			return invalid("", fmt.Sprintf("'%s' is already a member of this group.", u.Username))
		}
		g.Members[u.ID] = c.now()
		names = append(names, u.Username)
	}
	return ok(obj{"success": "OK", "usernames": names, "emails": []any{}})
}

// removeMembers is DELETE /groups/ID/members.json.
func (c *call) removeMembers() answer {
	g := c.s.Groups[c.id("id")]
	if !c.seesGroup(c.user, g) {
		return notFound()
	}
	if !g.owner(c.user) && !c.user.staff() || g.Automatic {
		return forbidden()
	}
	gone, skipped := []string{}, []string{}
	for _, name := range c.in.strs("usernames") {
		if u := c.Forum.user(name); u != nil && g.has(u) {
			delete(g.Members, u.ID)
			gone = append(gone, u.Username)
		} else {
			skipped = append(skipped, name)
		}
	}
	return ok(obj{"success": "OK", "usernames": gone, "skipped_usernames": skipped})
}
