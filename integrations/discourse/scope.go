package discourse

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// What each key has to be allowed, and nothing more.
var (
	ReaderScopes = []string{"global:read"}
	WriterScopes = []string{"topics:write", "posts:edit", "topics:update", "topics:status", "uploads:create", "chat:create_message"}
)

// A Check is one thing about the forum that was looked at.
type Check struct {
	What    string // "reader key", "writer key", "account", "personal messages", …
	OK      bool
	Problem string // what is wrong and what to do, in a sentence; with OK: a remark
}

// CheckScopes looks at both keys and at the account without changing
// anything: a message that a key lacks a scope looks the same to the forum as
// a wrong key, so it asks which scopes there are.
func (c *Client) CheckScopes(ctx context.Context) []Check {
	return []Check{
		c.checkKey(ctx, "reader key", c.config.Reader, false, ReaderScopes),
		c.checkKey(ctx, "writer key", c.config.Writer, true, WriterScopes),
		c.checkAccount(ctx),
		c.checkRead("personal messages", func() error { _, err := c.Posts(ctx, Private, 0); return err }),
		c.checkRead("notifications", func() error { _, err := c.Notifications(ctx, 0); return err }),
		c.checkChat(ctx),
	}
}

type scopesAnswer struct {
	Scopes *[]struct {
		Resource string `json:"resource"`
		Action   string `json:"action"`
		Key      string `json:"key"`
	} `json:"scopes"`
}

func (a *scopesAnswer) ok() bool { return a.Scopes != nil }

// scopes returns what a key is allowed, as "resource:action"; nothing at all
// means everything.
func (c *Client) scopes(ctx context.Context, writer bool) ([]string, error) {
	var a scopesAnswer
	r := &request{op: "list scopes", method: http.MethodGet, path: "session/scopes", writer: writer, into: &a}
	if err := c.do(ctx, r); err != nil {
		return nil, err
	}
	var list []string
	for _, s := range *a.Scopes {
		action := s.Action
		if action == "" {
			action = s.Key
		}
		list = append(list, s.Resource+":"+strings.TrimPrefix(action, s.Resource+":"))
	}
	slices.Sort(list)
	return list, nil
}

func (c *Client) checkKey(ctx context.Context, what string, key Key, writer bool, want []string) Check {
	k := Check{What: what}
	if key.None() {
		k.Problem = "There is none: nothing can be " + map[bool]string{true: "written.", false: "read that a visitor cannot see."}[writer]
		return k
	}
	if key.user {
		k.OK, k.Problem = true, "It is a user key: its scopes cannot be listed, and it allows one request in 30 seconds."
		return k
	}
	have, err := c.scopes(ctx, writer)
	if err != nil {
		k.Problem = explain(err)
		return k
	}
	k.OK, k.Problem = compare(have, want)
	return k
}

// compare says which scopes are missing, and which are too many.
func compare(have, want []string) (ok bool, remark string) {
	if len(have) == 0 {
		return true, "It has no scopes, so it may do everything the account may. A key with " + strings.Join(want, ", ") + " is safer."
	}
	var missing, extra []string
	for _, s := range want {
		if !slices.Contains(have, s) {
			missing = append(missing, s)
		}
	}
	for _, s := range have {
		if !slices.Contains(want, s) {
			extra = append(extra, s)
		}
	}
	if len(missing) > 0 {
		return false, "It lacks " + strings.Join(missing, ", ") + ": an admin can add scopes only by making a new key."
	}
	if len(extra) > 0 {
		return true, "It could do without " + strings.Join(extra, ", ") + "."
	}
	return true, ""
}

// checkAccount looks whom the reader's key belongs to.
func (c *Client) checkAccount(ctx context.Context) Check {
	k := Check{What: "account"}
	me, err := c.Me(ctx)
	switch {
	case err != nil:
		k.Problem = explain(err)
	case me.Admin:
		k.Problem = me.Username + " is an admin, who is shown everybody's personal messages. Use an ordinary account."
	case me.Moderator:
		k.Problem = me.Username + " is a moderator, who is shown what members are not. Use an ordinary account."
	case me.ID < 0:
		k.Problem = me.Username + " is a system account, which gets no notifications. Use an ordinary account."
	default:
		k.OK = true
		if me.TrustLevel < 4 {
			k.Problem = me.Username + " is below trust level 4: posts can be edited for a month at most, and 30 times a day."
		}
	}
	return k
}

func (c *Client) checkRead(what string, ask func() error) Check {
	k := Check{What: what}
	if c.config.Reader.None() {
		k.Problem = "They need a reader key."
		return k
	}
	err := ask()
	k.OK = err == nil
	if err != nil {
		k.Problem = explain(err)
	}
	return k
}

// checkChat looks whether there is chat for the account. A forum may do without.
func (c *Client) checkChat(ctx context.Context) Check {
	k := c.checkRead("chat", func() error { _, err := c.Channels(ctx); return err })
	if s, err := c.Settings(ctx); !k.OK && err == nil && !s.Chat {
		return Check{What: k.What, OK: true, Problem: "It is off there."}
	}
	return k
}

// explain says in a sentence what an error means to an operator.
func explain(err error) string {
	for _, e := range []struct {
		why  error
		text string
	}{
		{ErrForbidden, "The forum says no: the key is wrong or revoked, is for another account, or may not do this."},
		{ErrNotFound, "The forum knows no such thing: it is off, or the account may not see it."},
		{ErrNotMine, "The forum answered as to a visitor: it is busy, or something on the way keeps the key from it."},
		{ErrRateLimited, "Too much was asked of the forum: try again later, or ask its admins for a higher limit."},
		{ErrUnreachable, "There is no way to the forum: is its address right?"},
		{ErrMoved, "The forum answers from another address: use that one."},
		{ErrBroken, "The answer makes no sense: is this the address of a Discourse forum?"},
	} {
		if errors.Is(err, e.why) {
			return e.text
		}
	}
	return err.Error()
}
