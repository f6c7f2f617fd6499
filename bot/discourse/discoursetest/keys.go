package discoursetest

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// Key makes an API key of one account and returns it. Scopes are those of
// Discourse, as "global:read" or, narrowed to ids, "topics:write=12,13";
// without any the key may do everything the account may.
func (f *Forum) Key(username string, scopes ...string) string {
	return f.key(username, false, scopes)
}

// SiteKey makes an API key that works with the name of any account.
func (f *Forum) SiteKey(scopes ...string) string { return f.key("", false, scopes) }

// UserKey makes a user API key.
func (f *Forum) UserKey(username string) string { return f.key(username, true, nil) }

func (f *Forum) key(username string, userKey bool, scopes []string) string {
	k := &Key{UserKey: userKey}
	for _, s := range scopes {
		name, only, narrowed := strings.Cut(s, "=")
		sc := scope{Name: name}
		if narrowed {
			sc.Only = strings.Split(only, ",")
		}
		k.Scopes = append(k.Scopes, sc)
	}
	f.write(func() {
		if username != "" {
			k.UserID = f.mustUser(username).ID
		}
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", f.addr, f.s.next("key")))
		k.Secret = fmt.Sprintf("%x", sum)
		f.s.Keys[k.Secret] = k
	})
	return k.Secret
}

// Revoke makes a key useless.
func (f *Forum) Revoke(key string) { f.write(func() { f.s.Keys[key].Revoked = true }) }
