package discourse

import (
	"log/slog"
	"net/http"
	"strings"
)

// A Key is an API key bound to one account. It is a value that cannot be
// printed, logged or encoded by accident. The zero Key is no key: requests
// are then made as an anonymous visitor.
type Key struct {
	secret *string // behind a pointer, so that %+v of any struct that holds it shows an address
	user   bool
}

// NewKey returns a single-user key that an admin of the forum made.
func NewKey(secret string) Key {
	secret = strings.TrimSpace(secret)
	if secret == "" {
		return Key{}
	}
	return Key{secret: &secret}
}

// UserKey returns a key that the account made for itself. The forum allows
// it one request in 30 seconds on average.
func UserKey(secret string) Key {
	k := NewKey(secret)
	k.user = true
	return k
}

// None reports whether there is no key.
func (k Key) None() bool { return k.secret == nil }

func (k Key) String() string {
	if k.None() {
		return "[no key]"
	}
	return "[key]"
}

// GoString keeps the secret out of %#v.
func (k Key) GoString() string { return k.String() }

// MarshalText keeps the secret out of JSON and YAML.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// LogValue keeps the secret out of logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// sign adds the key to a request's headers: the only place where the forum
// takes it for JSON.
func (k Key) sign(h http.Header, username string) {
	switch {
	case k.None():
	case k.user:
		h.Set("User-Api-Key", *k.secret)
	default:
		h.Set("Api-Key", *k.secret)
		if username != "" {
			h.Set("Api-Username", username)
		}
	}
}

// redact takes the secret out of a text that came from elsewhere.
func (k Key) redact(s string) string {
	if k.None() {
		return s
	}
	return strings.ReplaceAll(s, *k.secret, "[key]")
}
