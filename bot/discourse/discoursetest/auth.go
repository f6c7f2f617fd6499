package discoursetest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// anyKey marks a route every key may use.
const anyKey = "*"

// identify finds out who asks. A nil user with a nil refusal is an anonymous
// visitor. Keys in the address count only for feeds.
func (f *Forum) identify(r *http.Request, feed bool) (*User, *Key, *answer) {
	secret, name, id := r.Header.Get("Api-Key"), r.Header.Get("Api-Username"), r.Header.Get("Api-User-Id")
	userSecret := r.Header.Get("User-Api-Key")
	if q := r.URL.Query(); feed && secret == "" && userSecret == "" {
		secret, name = q.Get("api_key"), q.Get("api_username")
	}
	if secret == "" && userSecret == "" {
		return nil, nil, nil
	}
	bad := badKey()
	k := f.s.Keys[secret+userSecret]
	if k == nil || k.Revoked || k.UserKey != (userSecret != "") {
		return nil, nil, &bad
	}
	u := f.keyUser(k, name, id)
	if u == nil || u.Suspended {
		return nil, nil, &bad
	}
	return u, k, nil
}

// keyUser returns whom a key stands for; nil if the name does not fit.
func (f *Forum) keyUser(k *Key, name, id string) *User {
	own := f.s.Users[k.UserID]
	switch {
	case name != "":
		u := f.user(name)
		if k.UserID != 0 && u != own {
			return nil
		}
		return u
	case id != "":
		n, _ := strconv.ParseInt(id, 10, 64)
		if k.UserID != 0 && n != k.UserID {
			return nil
		}
		return f.s.Users[n]
	case k.UserID == 0:
		return nil
	}
	return own
}

// allows says whether the scopes of a key let a call pass.
func (k *Key) allows(r *route, c *call) bool {
	if k == nil || len(k.Scopes) == 0 || r.scope == anyKey {
		return true
	}
	return slices.ContainsFunc(k.Scopes, func(s scope) bool {
		if s.Name == "global:read" {
			return r.method == http.MethodGet
		}
		if s.Name == "global:write" {
			return r.method != http.MethodGet
		}
		return s.Name == r.scope && r.scope != "" && s.covers(c)
	})
}

// covers says whether a narrowed scope holds for the topic or channel of a
// call.
func (s scope) covers(c *call) bool {
	if len(s.Only) == 0 {
		return true
	}
	id := c.path["channel"]
	if id == "" {
		id = c.path["id"]
	}
	if t := c.in.str("topic_id"); t != "" {
		id = t
	}
	return slices.Contains(s.Only, id)
}

// keyScopes is GET /session/scopes: what the key that asks may do.
func (c *call) keyScopes() answer {
	if c.key == nil {
		return notFound()
	}
	out := []obj{}
	for _, s := range c.key.Scopes {
		resource, action, _ := strings.Cut(s.Name, ":")
		var only any
		if len(s.Only) > 0 {
			only = obj{"topic_id": s.Only}
			if resource == "chat" {
				only = obj{"channel_id": s.Only}
			}
		}
		out = append(out, obj{"resource": resource, "action": action, "key": action, "parameters": []string{}, "urls": []string{}, "allowed_parameters": only})
	}
	return ok(obj{"scopes": out})
}
