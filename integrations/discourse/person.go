package discourse

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sameName compares names of accounts, which ignore case.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }

// A User is somebody's profile, as far as the account may see it.
type User struct {
	ID         int64  `json:"id"`
	Username   string `json:"username"`
	Name       string `json:"name"`
	Hidden     bool   `json:"profile_hidden"` // nothing else is told
	TrustLevel int    `json:"trust_level"`
	Timezone   string `json:"timezone"` // IANA name, "" if not told
	CanMessage bool   `json:"can_send_private_message_to_user"`
	Groups     []struct {
		Name string `json:"name"`
	} `json:"groups"`
	Fields Fields `json:"user_fields"`
}

// In reports whether somebody is in a group.
func (u User) In(group string) bool {
	for _, g := range u.Groups {
		if sameName(g.Name, group) {
			return true
		}
	}
	return false
}

// Fields are answers to the questions of the profile, by the question's id.
// A field of several choices has several.
type Fields map[int64][]string

// UnmarshalJSON reads texts, lists and nulls under ids that are texts.
func (f *Fields) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := lenient(json.Unmarshal(b, &raw)); err != nil {
		return err
	}
	*f = Fields{}
	for k, v := range raw {
		id, err := strconv.ParseInt(k, 10, 64)
		if err != nil {
			continue
		}
		var one string
		var many []string
		if json.Unmarshal(v, &one) == nil && one != "" {
			many = []string{one}
		} else if json.Unmarshal(v, &many) != nil {
			continue
		}
		if len(many) > 0 {
			(*f)[id] = many
		}
	}
	return nil
}

type userAnswer struct {
	User User `json:"user"`
}

func (a *userAnswer) ok() bool { return a.User.Username != "" }

// User returns somebody's profile, or ErrNotFound.
func (c *Client) User(ctx context.Context, username string) (User, error) {
	var a userAnswer
	err := c.get(ctx, "get user "+username, "u/"+escape(username)+".json", nil, &a)
	return a.User, err
}

// A Group is a group of people.
type Group struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	FullName    string `json:"full_name"`
	Count       int    `json:"user_count"`
	Automatic   bool   `json:"automatic"`
	CanSee      bool   `json:"can_see_members"`
	Mentionable bool   `json:"mentionable"` // an @mention by the account rings its people
	Messageable bool   `json:"messageable"`
	IsMember    bool   `json:"is_group_user"` // the account is in it
}

type groupAnswer struct {
	Group Group `json:"group"`
}

func (a *groupAnswer) ok() bool { return a.Group.ID != 0 }

// Group returns a group by its short name, or ErrNotFound.
func (c *Client) Group(ctx context.Context, name string) (Group, error) {
	var a groupAnswer
	err := c.get(ctx, "get group "+name, "groups/"+escape(name)+".json", nil, &a)
	return a.Group, err
}

// A Member is somebody in a group.
type Member struct {
	ID         int64     `json:"id"`
	Username   string    `json:"username"`
	Name       string    `json:"name"`
	LastPosted time.Time `json:"last_posted_at"` // zero: never, or not told
	LastSeen   time.Time `json:"last_seen_at"`
	Added      time.Time `json:"added_at"`
	Timezone   string    `json:"timezone"`
	Owner      bool      `json:"-"`
}

type membersAnswer struct {
	Members *[]Member `json:"members"`
	Owners  []Member  `json:"owners"`
	Meta    struct {
		Total int `json:"total"`
	} `json:"meta"`
}

func (a *membersAnswer) ok() bool { return a.Members != nil }

// memberPage is what is asked for at once, below what any server allows.
const memberPage = 200

// Members returns everybody in a group, up to 10,000. ErrForbidden if the
// account may not see who is in it.
func (c *Client) Members(ctx context.Context, group string) ([]Member, error) {
	var all []Member
	for len(all) < 10_000 {
		var a membersAnswer
		q := url.Values{"limit": {strconv.Itoa(memberPage)}, "offset": {strconv.Itoa(len(all))}}
		err := c.get(ctx, "list members of "+group, "groups/"+escape(group)+"/members.json", q, &a)
		if err != nil {
			return nil, err
		}
		for _, m := range *a.Members {
			m.Owner = slices.ContainsFunc(a.Owners, func(o Member) bool { return o.ID == m.ID })
			all = append(all, m)
		}
		if len(*a.Members) == 0 || len(all) >= a.Meta.Total {
			break
		}
	}
	return all, nil
}
