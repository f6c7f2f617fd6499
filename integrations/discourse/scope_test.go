package discourse

import (
	"net/http"
	"strings"
	"testing"
)

// scoped answers as a forum whose keys have these scopes.
func scoped(t *testing.T, reader, writer, me string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("a check has written: %s %s", r.Method, r.URL)
		}
		switch r.URL.Path {
		case "/session/scopes":
			if r.Header.Get("Api-Key") == "write-me" {
				always(200, writer)(w, r)
				return
			}
			always(200, reader)(w, r)
		case "/session/current.json":
			always(200, me)(w, r)
		case "/private-posts.json":
			playback(t, "private-posts.json")(w, r)
		case "/notifications.json":
			playback(t, "notifications.json")(w, r)
		default:
			always(404, `{}`)(w, r)
		}
	}
}

func TestCheckScopes(t *testing.T) {
	const (
		read    = `{"scopes":[{"resource":"global","action":"read"}]}`
		write   = `{"scopes":[{"resource":"topics","action":"write"},{"resource":"posts","action":"edit"},{"resource":"topics","action":"update"},{"resource":"topics","action":"status"},{"resource":"uploads","action":"create"},{"resource":"chat","key":"create_message"}]}`
		account = `{"current_user":{"id":2,"username":"wortley","trust_level":4}}`
	)
	for _, tt := range []struct {
		name, reader, writer, me string
		ok                       string // one letter a check: y or n
		says                     string
	}{
		{"as it should be", read, write, account, "yyyyyn", ""},
		{"a key without scopes", read, `{"scopes":[]}`, account, "yyyyyn", "is safer"},
		{"a scope missing", read, `{"scopes":[{"resource":"topics","action":"write"}]}`, account, "ynyyyn", "It lacks posts:edit, topics:update, topics:status, uploads:create, chat:create_message"},
		{"a scope too many", strings.Replace(read, "]", `,{"resource":"users","action":"delete"}]`, 1), write, account, "yyyyyn", "do without users:delete"},
		{"an admin", read, write, `{"current_user":{"id":2,"username":"wortley","admin":true}}`, "yynyyn", "is an admin"},
		{"a moderator", read, write, `{"current_user":{"id":2,"username":"wortley","moderator":true}}`, "yynyyn", "is a moderator"},
		{"the system", read, write, `{"current_user":{"id":-1,"username":"wortley"}}`, "yynyyn", "is a system account"},
		{"a newcomer", read, write, `{"current_user":{"id":2,"username":"wortley","trust_level":1}}`, "yyyyyn", "below trust level 4"},
		{"another account", read, write, `{"current_user":{"id":11,"username":"ana"}}`, "yynyyn", "is for another account"},
	} {
		c, _ := open(t, scoped(t, tt.reader, tt.writer, tt.me))
		got, said := "", ""
		for _, k := range c.CheckScopes(ctx) {
			got += map[bool]string{true: "y", false: "n"}[k.OK]
			said += k.Problem + "\n"
			if !k.OK && k.Problem == "" {
				t.Errorf("%s: %s is not well, without a reason", tt.name, k.What)
			}
		}
		if got != tt.ok || !strings.Contains(said, tt.says) {
			t.Errorf("%s: %s, want %s with %q; said\n%s", tt.name, got, tt.ok, tt.says, said)
		}
	}
	c, _ := open(t, always(403, `{"error_type":"invalid_access"}`))
	c.config.Writer = Key{}
	for _, k := range c.CheckScopes(ctx) {
		if k.OK || k.Problem == "" {
			t.Errorf("a wrong key: %+v", k)
		}
	}
}
