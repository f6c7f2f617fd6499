package discoursetest

import (
	"slices"
	"strings"
	"time"
)

// Automatic groups, by the ids Discourse gives them.
const (
	groupAdmins, groupModerators, groupStaff = 1, 2, 3
	groupTrust                               = 10 // 10–14
)

func (f *Forum) seed() {
	for id, name := range map[int64]string{
		groupAdmins: "admins", groupModerators: "moderators", groupStaff: "staff",
		10: "trust_level_0", 11: "trust_level_1", 12: "trust_level_2", 13: "trust_level_3", 14: "trust_level_4",
	} {
		f.s.Groups[id] = &Group{ID: id, Name: name, Automatic: true, Members: map[int64]time.Time{}}
	}
	f.s.Groups[groupStaff].Whispers = true
	f.s.Seq["group"] = 40
	f.addUser("system", User{ID: -1, Name: "system", Admin: true, TrustLevel: 4})
	f.addUser("admin", User{Name: "Admin", Admin: true, TrustLevel: 4})
	f.addCategory("Uncategorized", Category{})
}

// AddUser adds an account. u may say more about it; what it leaves out is
// that of an ordinary member at trust level 1.
func (f *Forum) AddUser(username string, u User) User {
	var out *User
	f.write(func() { out = f.addUser(username, u) })
	return *out
}

func (f *Forum) addUser(username string, u User) *User {
	if u.ID == 0 {
		u.ID = f.s.next("user")
	}
	u.Username = username
	switch {
	case u.TrustLevel == 0:
		u.TrustLevel = 1
	case u.TrustLevel < 0:
		u.TrustLevel = 0
	}
	if u.CreatedAt.IsZero() {
		u.CreatedAt = f.now().AddDate(-1, 0, 0)
	}
	if u.Fields == nil {
		u.Fields = map[string]string{}
	}
	f.s.Users[u.ID] = &u
	f.joinAutomatic(&u)
	return &u
}

func (f *Forum) joinAutomatic(u *User) {
	join := func(id int64, in bool) {
		if in {
			f.s.Groups[id].Members[u.ID] = u.CreatedAt
		} else {
			delete(f.s.Groups[id].Members, u.ID)
		}
	}
	join(groupAdmins, u.Admin)
	join(groupModerators, u.Moderator)
	join(groupStaff, u.staff())
	for l := range 5 {
		join(groupTrust+int64(l), l <= u.TrustLevel)
	}
}

// SetUser changes an account.
func (f *Forum) SetUser(username string, fn func(*User)) {
	f.write(func() {
		u := f.mustUser(username)
		fn(u)
		f.joinAutomatic(u)
	})
}

// Rename gives an account another name. Its old mentions are written anew.
func (f *Forum) Rename(old, name string) {
	f.write(func() {
		u := f.mustUser(old)
		u.Username = name
		for _, p := range f.s.Posts {
			if mentions(p.Raw, old) {
				p.Raw = replaceMention(p.Raw, old, name)
				f.cookPost(p)
			}
		}
	})
}

func (u *User) staff() bool { return u != nil && (u.Admin || u.Moderator) }

// user finds an account by name, whatever the case; nil if there is none.
func (f *Forum) user(name string) *User {
	for _, u := range f.s.Users {
		if strings.EqualFold(u.Username, name) {
			return u
		}
	}
	return nil
}

func (f *Forum) mustUser(name string) *User {
	u := f.user(name)
	if u == nil {
		panic("discoursetest: no account " + name)
	}
	return u
}

// User returns an account as it is now.
func (f *Forum) User(name string) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *f.mustUser(name)
}

// AddGroup adds a group with these members. g may say more about it.
func (f *Forum) AddGroup(name string, g Group, members ...string) Group {
	f.write(func() {
		g.ID, g.Name = f.s.next("group"), name
		g.Members = map[int64]time.Time{}
		for _, m := range members {
			g.Members[f.mustUser(m).ID] = f.now()
		}
		f.s.Groups[g.ID] = &g
	})
	return g
}

// Join makes an account a member of a group.
func (f *Forum) Join(group, username string) {
	f.write(func() { f.mustGroup(group).Members[f.mustUser(username).ID] = f.now() })
}

// Leave ends that.
func (f *Forum) Leave(group, username string) {
	f.write(func() { delete(f.mustGroup(group).Members, f.mustUser(username).ID) })
}

func (f *Forum) group(name string) *Group {
	for _, g := range f.s.Groups {
		if strings.EqualFold(g.Name, name) {
			return g
		}
	}
	return nil
}

func (f *Forum) mustGroup(name string) *Group {
	g := f.group(name)
	if g == nil {
		panic("discoursetest: no group " + name)
	}
	return g
}

func (g *Group) has(u *User) bool {
	if u == nil {
		return false
	}
	_, ok := g.Members[u.ID]
	return ok
}

func (g *Group) owner(u *User) bool { return u != nil && slices.Contains(g.Owners, u.ID) }

// Has says whether there is such an account.
func (f *Forum) Has(username string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.user(username) != nil
}
