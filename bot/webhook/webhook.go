// Package webhook is a [bot.Transport] that only sends: posts to channels of
// Slack, Mattermost, Rocket.Chat, Discord and Nextcloud Talk, for people who
// live elsewhere.
//
// Each hook is a site of its own, "webhook/<name>"; a [bot.Post] to it needs
// no room. The text is the same everywhere, in the marks of the place; it never
// rings for anybody. Title becomes a bold first line. On Discord an edit
// changes the message and a withdrawal deletes it. The other places know
// neither: there an edit is said again, as a correction, and a withdrawal is
// given up.
//
// None of these places takes a key with a message, and none lets a hook look
// at what it has said. A message is therefore said exactly once unless the
// connection is cut, or the bot killed, after the place has taken it and before
// the bot knows: then it is said a second time, rather than never.
package webhook

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
)

// A Hook is an address that posts go to.
type Hook struct {
	Name   string // as in Room{Site: "webhook/<name>"}
	Kind   string // one of [Kinds]
	URL    string // as the place gave it, and a secret; for Talk the address of the conversation, https://cloud.example/call/<token>
	Secret string // for Talk: the bot's shared secret
}

// LogValue implements [slog.LogValuer]: a hook's address is a secret.
func (h Hook) LogValue() slog.Value { return slog.StringValue(h.String()) }

func (h Hook) String() string { return "webhook/" + h.Name + " (" + h.Kind + ")" }

// Options say how hooks are used.
type Options struct {
	Hooks  []Hook
	Client *http.Client // its redirects are never followed; one with 30 seconds if nil
	Log    *slog.Logger
}

// A Transport posts to hooks.
type Transport struct {
	hooks  map[string]Hook // by site
	client *http.Client
	log    *slog.Logger
}

// New returns a transport, or an error if a hook cannot be used.
func New(o Options) (*Transport, error) {
	t := &Transport{hooks: map[string]Hook{}, client: o.Client, log: o.Log}
	if t.client == nil {
		t.client = &http.Client{Timeout: 30 * time.Second}
	}
	noRedirects := *t.client
	noRedirects.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.client = &noRedirects
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	for _, h := range o.Hooks {
		if err := h.check(); err != nil {
			return nil, fmt.Errorf("webhook: %s: %w", h.Name, err)
		}
		t.hooks["webhook/"+h.Name] = h
	}
	return t, nil
}

func (h Hook) check() error {
	p, ok := places[h.Kind]
	u, err := url.Parse(h.URL)
	switch {
	case !ok:
		return fmt.Errorf("kind %q; want one of %s", h.Kind, strings.Join(Kinds(), ", "))
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return errors.New("want an address that begins with https://") // the address itself is a secret
	case h.Kind == "talk" && h.Secret == "":
		return errors.New("a secret is needed, the one that the bot was installed with")
	case p.check != nil:
		return p.check(h)
	}
	return nil
}

// Name implements [bot.Transport].
func (t *Transport) Name() string { return "webhook" }

// Receive implements [bot.Transport]: nothing ever comes.
func (t *Transport) Receive(ctx context.Context, _ string, deliver func(context.Context, bot.Batch) error) error {
	return bot.SendOnly(ctx, deliver)
}

// Send implements [bot.Transport].
func (t *Transport) Send(ctx context.Context, p bot.Post) (string, error) {
	h, ok := t.hooks[p.Room.Site]
	if !ok {
		return "", fmt.Errorf("%s: no such hook is configured (%w)", p.Room.Site, bot.ErrNever)
	}
	place := places[h.Kind]
	c, err := place.call(h, p)
	if err != nil {
		return "", fmt.Errorf("%s: %w", p.Room.Site, err)
	}
	answer, err := t.do(ctx, c)
	if err != nil {
		err = fmt.Errorf("%s: %w", p.Room.Site, h.scrubbed(err))
		if errors.Is(err, bot.ErrUnknown) {
			t.log.Warn("it is unknown whether a post was taken; it is sent again, and may be there twice", "site", p.Room.Site, "key", p.Key)
		}
		return "", err
	}
	if place.id != nil {
		return cmp.Or(place.id(answer), bot.TxnID(p.Key)), nil
	}
	return bot.TxnID(p.Key), nil
}

// A call is what is asked of a place.
type call struct {
	method string
	url    string
	header map[string]string
	body   any // made into JSON, nil for none
}

// most is how much of an answer is read, in bytes.
const most = 64 << 10

// do makes a call and returns the answer.
func (t *Transport) do(ctx context.Context, c call) ([]byte, error) {
	var body []byte
	if c.body != nil {
		var err error
		if body, err = json.Marshal(c.body); err != nil {
			return nil, fmt.Errorf("%w (%w)", err, bot.ErrNever)
		}
	}
	req, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the address cannot be used (%w)", bot.ErrNever)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "wortley")
	for k, v := range c.header {
		req.Header.Set(k, v)
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return nil, unsent(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, most))
	if err != nil && resp.StatusCode < 300 {
		return nil, nil // it was taken; the rest of the answer says nothing that matters
	}
	return answer, judge(resp, answer)
}

// unsent says whether a call that got no answer may have been taken. The
// error loses the address, which is a secret.
func unsent(err error) error {
	var withAddress *url.Error
	if errors.As(err, &withAddress) {
		err = withAddress.Err
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return err
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return err
	}
	return fmt.Errorf("%w (%w)", err, bot.ErrUnknown)
}

// scrubbed takes the secret parts of the hook out of an error's text.
func (h Hook) scrubbed(err error) error {
	text := err.Error()
	parts := []string{h.URL, h.Secret}
	if u, e := url.Parse(h.URL); e == nil {
		for _, p := range strings.Split(u.Path, "/") {
			if len(p) > 7 {
				parts = append(parts, p)
			}
		}
	}
	clean := text
	for _, p := range parts {
		if p != "" {
			clean = strings.ReplaceAll(clean, p, "…")
		}
	}
	if clean == text {
		return err
	}
	return &hidden{clean, err}
}

// A hidden error is another one in other words.
type hidden struct {
	text string
	err  error
}

func (e *hidden) Error() string { return e.text }
func (e *hidden) Unwrap() error { return e.err }

// Reach checks that the server of a hook answers at all. It says nothing there.
func (t *Transport) Reach(ctx context.Context, name string) error {
	h := t.hooks["webhook/"+name]
	u, err := url.Parse(h.URL)
	if err != nil {
		return errors.New("its address cannot be read")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, u.Scheme+"://"+u.Host+"/", nil)
	if err != nil {
		return errors.New("its address cannot be used")
	}
	resp, err := t.client.Do(req)
	if err != nil {
		var withAddress *url.Error
		if errors.As(err, &withAddress) {
			err = withAddress.Err
		}
		return h.scrubbed(err)
	}
	return resp.Body.Close()
}
