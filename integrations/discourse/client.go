package discourse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A Config says which forum, as whom and how. Only URL is needed.
type Config struct {
	URL       string // "https://forum.example.org", with its folder if it lives in one
	Reader    Key    // for every GET; without it the forum is read as a visitor
	Writer    Key    // for everything else
	Username  string // the account of both keys; may be left out with single-user keys
	UserAgent string // says who we are and whom to write to: forums block and slow down nameless ones

	Governor  *Governor         // one a site; a new one with the default pace if nil
	Transport http.RoundTripper // a new [http.Transport] if nil
}

// A Client talks to one forum. It may be used from several goroutines.
type Client struct {
	config Config
	base   *url.URL
	http   *http.Client
	gov    *Governor
}

// New returns a client for a forum. It makes no request.
func New(c Config) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(c.URL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil || base.RawQuery != "" {
		return nil, fmt.Errorf("discourse: %q is not the address of a forum", c.URL)
	}
	if c.UserAgent == "" {
		c.UserAgent = "wortley (+https://git.coop/cotech/wortley)"
	}
	if c.Governor == nil {
		c.Governor = NewGovernor(Pace{})
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	client := &Client{config: c, base: base, gov: c.Governor}
	client.http = &http.Client{Transport: c.Transport, CheckRedirect: client.redirect}
	return client, nil
}

// String names the forum and nothing secret.
func (c *Client) String() string { return "discourse " + c.base.String() }

// GoString keeps %#v as short.
func (c *Client) GoString() string { return c.String() }

// Governor returns what all requests to the site pass through.
func (c *Client) Governor() *Governor { return c.gov }

// Username returns the configured name of the account.
func (c *Client) Username() string { return c.config.Username }

// CanWrite reports whether there is a key to write with.
func (c *Client) CanWrite() bool { return !c.config.Writer.None() }

// Link returns the address of a page of the forum: Link("t/12/3").
func (c *Client) Link(path string) string { return c.base.String() + "/" + strings.TrimLeft(path, "/") }

// redirect follows the forum to the proper address of a topic, but never to
// another host, where the key must not go, and never from a write, which
// would become a read on the way.
func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	if via[0].Method != http.MethodGet || len(via) > 3 || req.URL.Host != c.base.Host || req.URL.Scheme != c.base.Scheme {
		return http.ErrUseLastResponse
	}
	c.gov.count()
	return nil
}

// Time limits of one request, its answer included. The server gives a write
// up after 30 seconds; see [Client.Create].
const (
	readTime   = 10 * time.Second
	writeTime  = 30 * time.Second
	uploadTime = time.Minute
)

// maxBody bounds an answer, unpacked: 50 posts of 32,000 characters, raw and
// cooked, with room to spare.
const maxBody = 32 << 20 // bytes

// A request is one call.
type request struct {
	op     string // for errors: "list posts"
	method string
	path   string // below the base, escaped: "posts.json"
	query  url.Values
	body   any   // sent as JSON, if not nil
	file   *File // sent as a form, if not nil
	header map[string]string
	writer bool // with the writer's key although it is a GET
	into   any  // where to put the answer; nil: only that it went well matters
}

func (r *request) isWrite() bool { return r.method != http.MethodGet }

// get asks for JSON with the reader's key.
func (c *Client) get(ctx context.Context, op, path string, query url.Values, into any) error {
	return c.do(ctx, &request{op: op, method: http.MethodGet, path: path, query: query, into: into})
}

// do makes one request, within the pace, and decodes its answer.
func (c *Client) do(ctx context.Context, r *request) error {
	if r.isWrite() && !c.CanWrite() {
		return &Error{Op: r.op, Why: ErrForbidden, Err: errors.New("there is no key to write with")}
	}
	req, err := c.request(r)
	if err != nil {
		return err
	}
	if err := c.gov.wait(ctx, r.op, r.isWrite()); err != nil {
		return err
	}
	a, err := c.roundTrip(ctx, r, req)
	if err != nil {
		return err
	}
	return c.judge(r, a)
}

// judge decides what an answer is worth.
func (c *Client) judge(r *request, a answer) error {
	if a.status < 300 {
		c.gov.heard(a.readOnly())
	} else {
		e := a.refused(r.op, r.isWrite(), c.gov.pace.Now())
		c.gov.heard(a.readOnly() || e.Why == ErrReadOnly)
		e.Text = c.config.Writer.redact(c.config.Reader.redact(e.Text))
		if e.Why == ErrRateLimited && e.All {
			c.gov.pause(e.Wait)
		}
		return e
	}
	if !r.isWrite() && !c.key(r).None() {
		if sign := foreign(a.header); sign != "" {
			return &Error{Op: r.op, Why: ErrNotMine, Status: a.status, Code: sign}
		}
	}
	if r.into == nil {
		return nil
	}
	if err := decode(a.body, r.into); err != nil {
		return &Error{Op: r.op, Why: lost(r), Status: a.status, Err: err}
	}
	return nil
}

// lost says what is known when no usable answer came.
func lost(r *request) error {
	if r.isWrite() {
		return ErrUnknown
	}
	return ErrBroken
}

// foreign returns the header that shows an answer to have been made for an
// anonymous visitor, or "". Under load older servers drop the key from a GET
// and set a cookie that says so; only visitors get answers from the cache.
func foreign(h http.Header) string {
	for _, line := range h.Values("Set-Cookie") {
		if k, err := http.ParseSetCookie(line); err == nil && k.Name == "dosp" && k.Value == "1" {
			return "dosp"
		}
	}
	for _, name := range []string{"Discourse-Logged-Out", "X-Discourse-Cached"} {
		if h.Get(name) != "" {
			return name
		}
	}
	return ""
}
