package discourse

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// key returns the key a request is made with.
func (c *Client) key(r *request) Key {
	if r.isWrite() || r.writer {
		return c.config.Writer
	}
	return c.config.Reader
}

// request builds the HTTP request. The same call always gives the same bytes:
// the forum answers an identical POST within two minutes with the first answer.
func (c *Client) request(r *request) (*http.Request, error) {
	u := *c.base
	u.RawPath = ""
	at, err := u.Parse(u.EscapedPath() + "/" + r.path)
	if err != nil {
		return nil, fmt.Errorf("discourse: %s: %w", r.op, err)
	}
	at.RawQuery = r.query.Encode()
	body, kind, err := r.encode()
	if err != nil {
		return nil, fmt.Errorf("discourse: %s: %w", r.op, err)
	}
	req, err := http.NewRequest(r.method, at.String(), body)
	if err != nil {
		return nil, fmt.Errorf("discourse: %s: %w", r.op, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.config.UserAgent)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	c.key(r).sign(req.Header, c.config.Username)
	return req, nil
}

// encode returns the body and its type; a GET has none.
func (r *request) encode() (io.Reader, string, error) {
	switch {
	case r.file != nil:
		return r.file.form()
	case r.body != nil:
		b, err := json.Marshal(r.body)
		return bytes.NewReader(b), "application/json", err
	}
	return nil, "", nil
}

// roundTrip sends a request and reads the whole answer.
func (c *Client) roundTrip(ctx context.Context, r *request, req *http.Request) (answer, error) {
	limit := readTime
	switch {
	case r.file != nil:
		limit = uploadTime
	case r.isWrite():
		limit = writeTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return answer{}, &Error{Op: r.op, Why: ErrUnreachable, Err: err}
	}
	res, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		why := lost(r)
		if unsent(err) {
			why = ErrUnreachable
		}
		return answer{}, &Error{Op: r.op, Why: why, Err: err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case res.StatusCode >= 300: // the status says enough, whatever came of the body
		body = body[:min(len(body), maxBody)]
	case err != nil:
		return answer{}, &Error{Op: r.op, Why: lost(r), Status: res.StatusCode, Err: err}
	case len(body) > maxBody:
		return answer{}, &Error{Op: r.op, Why: tooLarge(r), Status: res.StatusCode}
	}
	return answer{res.StatusCode, res.Header, body}, nil
}

func tooLarge(r *request) error {
	if r.isWrite() {
		return ErrUnknown
	}
	return ErrTooLarge
}

// unsent reports whether an error came before any byte of the request was on its way.
func unsent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial" || isTLS(err)
}

// isTLS reports whether the handshake failed, which comes before the request.
func isTLS(err error) bool {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &cert) || errors.As(err, &record)
}
