package matrix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
)

// transportPool keeps connections open: sends go side by side, and a new
// connection costs more than a send.
type transportPool struct{ client *http.Client }

func newPool() transportPool {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.MaxIdleConns = 64
	pool.MaxIdleConnsPerHost = 48
	return transportPool{&http.Client{Transport: pool}}
}

// Limits of time and size of a request.
const (
	callTime    = 40 * time.Second
	maxResponse = 512 << 20 // bytes
)

// A callError is a server's "no".
type callError struct {
	status int
	code   string // "M_LIMIT_EXCEEDED"
	words  string // the server's
	wait   time.Duration
	soft   bool // of a lost login: the device is still there
}

func (e *callError) Error() string {
	if e.code == "" {
		return fmt.Sprintf("%d %s", e.status, http.StatusText(e.status))
	}
	return fmt.Sprintf("%d %s: %s", e.status, e.code, e.words)
}

// errNotSent marks requests that never left.
var errNotSent = errors.New("the server cannot be reached")

// call makes a request and returns the body of the answer. It logs nothing,
// since bodies are what people say. The path begins with /_matrix.
func (s *session) call(ctx context.Context, method, path string, body []byte) (string, error) {
	return s.exchange(ctx, method, path, body, maxResponse)
}

// fetch gets at most limit bytes.
func (s *session) fetch(ctx context.Context, path string, limit int64) (string, error) {
	return s.exchange(ctx, "GET", path, nil, limit)
}

func (s *session) exchange(ctx context.Context, method, path string, body []byte, limit int64) (string, error) {
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, r)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errNotSent, err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := s.t.http.client.Do(req)
	if err != nil {
		if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
			return "", fmt.Errorf("%w: %w", errNotSent, err)
		}
		return "", err
	}
	defer resp.Body.Close()
	text, err := readAll(resp, limit)
	if err != nil {
		return "", fmt.Errorf("read the answer: %w", err)
	}
	if resp.StatusCode < 500 {
		s.t.state.answered(time.Now())
	}
	if resp.StatusCode/100 != 2 {
		return "", refusal(resp, text)
	}
	return text, nil
}

// readAll reads a body. A long one is not copied more often than it has to
// be, a short one needs no room for that.
func readAll(resp *http.Response, limit int64) (string, error) {
	if n := resp.ContentLength; n >= 0 && n <= min(limit, 64<<10) {
		body := make([]byte, n)
		_, err := io.ReadFull(resp.Body, body)
		return string(body), err
	}
	var text strings.Builder
	if n := resp.ContentLength; n > 0 && n <= limit {
		text.Grow(int(n))
	}
	n, err := io.Copy(&text, io.LimitReader(resp.Body, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("more than %d bytes", limit)
	}
	return text.String(), err
}

// refusal reads what a server says when it says no.
func refusal(resp *http.Response, text string) *callError {
	e := &callError{status: resp.StatusCode}
	if gjson.Valid(text) {
		body := gjson.Parse(text)
		e.code, e.words = body.Get("errcode").String(), bot.Clip(bot.Printable(body.Get("error").String()), 200)
		e.soft = body.Get("soft_logout").Bool()
		e.wait = time.Duration(body.Get("retry_after_ms").Int()) * time.Millisecond
	}
	if after := resp.Header.Get("Retry-After"); after != "" && e.wait == 0 {
		e.wait = retryAfter(after)
	}
	return e
}

// retryAfter reads the header, which holds seconds or a date.
func retryAfter(s string) time.Duration {
	if n, err := strconv.Atoi(s); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil {
		return time.Until(at)
	}
	return 0
}

// A loggedOut error says that the server no longer accepts the token.
type loggedOut struct {
	soft bool // the device is still there: log in again with it
	err  error
}

func (e *loggedOut) Error() string { return fmt.Sprintf("logged out: %v", e.err) }

// lostLogin returns what an error says about the login: a *loggedOut, an
// error that wraps [bot.ErrStop], or nil if it says nothing.
func lostLogin(err error) error {
	code, soft := said(err)
	switch code {
	case "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN":
		return &loggedOut{soft, err}
	case "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED":
		return fmt.Errorf("%w: %w", bot.ErrStop, err)
	}
	return nil
}

// said returns the error code of a server's "no", whoever made the request.
func said(err error) (code string, soft bool) {
	if e := (*callError)(nil); errors.As(err, &e) {
		return e.code, e.soft
	}
	var e mautrix.HTTPError
	if errors.As(err, &e) && e.RespError != nil {
		soft, _ = e.RespError.ExtraData["soft_logout"].(bool)
		return e.RespError.ErrCode, soft
	}
	return "", false
}
