// Package caldav keeps events in a calendar on a CalDAV server, beside what
// people change there. https://www.rfc-editor.org/rfc/rfc4791
package caldav

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-webdav" // finds calendars and reads objects; its PUT knows no conditions
	"github.com/emersion/go-webdav/caldav"
)

// ErrForeign is returned when somebody else's event is where ours should be.
var ErrForeign = errors.New("caldav: another event is in that place")

// Options say which calendar is meant.
type Options struct {
	URL            string // of the calendar itself: "https://cloud.example.org/dav/calendars/bot/network/"
	User, Password string
}

// A Client writes to one calendar.
type Client struct {
	Options
	base  *url.URL
	http  *http.Client
	dav   *caldav.Client
	tries int // how often a conflict is tried to be solved
}

// New returns a client. Nothing is asked of the server yet.
func New(o Options) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(o.URL, "/") + "/")
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("caldav: %q is no address of a calendar", o.URL)
	}
	c := &Client{Options: o, base: base, tries: 5,
		// A redirected PUT would become a GET and look like a success.
		http: &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	c.dav, err = caldav.NewClient(webdav.HTTPClientWithBasicAuth(c.http, o.User, o.Password), base.Scheme+"://"+base.Host+"/")
	if err != nil {
		return nil, fmt.Errorf("caldav: %w", err)
	}
	return c, nil
}

// Calendars returns the addresses of the calendars that the user has.
func (c *Client) Calendars(ctx context.Context) ([]string, error) {
	principal, err := c.dav.FindCurrentUserPrincipal(ctx)
	if err != nil {
		return nil, fmt.Errorf("caldav: find the user: %w", err)
	}
	home, err := c.dav.FindCalendarHomeSet(ctx, principal)
	if err != nil {
		return nil, fmt.Errorf("caldav: find the user's calendars: %w", err)
	}
	found, err := c.dav.FindCalendars(ctx, home)
	if err != nil {
		return nil, fmt.Errorf("caldav: list calendars: %w", err)
	}
	var all []string
	for _, one := range found {
		all = append(all, c.base.ResolveReference(&url.URL{Path: one.Path}).String())
	}
	return all, nil
}

// Put writes a file with one event. Where the event stands already, our parts
// of it are renewed and everything that people added stays: alarms, guests,
// categories, their own notes. If somebody changes it at the same moment, it
// is read again and the two are joined anew.
func (c *Client) Put(ctx context.Context, file []byte) error {
	ours, err := ical.NewDecoder(bytes.NewReader(file)).Decode()
	if err != nil {
		return fmt.Errorf("caldav: %w", err)
	}
	event, uid, err := only(ours)
	if err != nil {
		return err
	}
	path := c.path(uid)
	for range c.tries {
		there, tag, err := c.get(ctx, path)
		if err != nil {
			return err
		}
		body := file
		if there != nil {
			changed, err := join(there, ours)
			if err != nil {
				return err
			}
			if !changed {
				return nil
			}
			if body, err = encode(there); err != nil {
				return err
			}
		} else if body, err = sealed(ours, event); err != nil {
			return err
		}
		done, err := c.put(ctx, path, tag, body)
		if done || err != nil {
			return err
		}
	}
	return fmt.Errorf("caldav: %s: somebody else changed it each time", path)
}

// path is where an event is kept.
func (c *Client) path(uid string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '@' || r == '.' {
			return r
		}
		return '-'
	}, uid)
	return c.base.Path + safe + ".ics"
}

// only returns the one event of a file.
func only(cal *ical.Calendar) (*ical.Component, string, error) {
	events := cal.Events()
	if len(events) != 1 {
		return nil, "", fmt.Errorf("caldav: want one event, not %d", len(events))
	}
	uid, err := events[0].Props.Text(ical.PropUID)
	if err != nil || uid == "" {
		return nil, "", errors.New("caldav: the event has no UID")
	}
	return events[0].Component, uid, nil
}

// get reads an object with its tag; nil if there is none.
func (c *Client) get(ctx context.Context, path string) (*ical.Calendar, string, error) {
	resp, err := c.do(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, "", nil
	case resp.StatusCode != http.StatusOK:
		return nil, "", fmt.Errorf("caldav: read %s: %s", path, resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, "", fmt.Errorf("caldav: read %s: %w", path, err)
	}
	cal, err := decode(body)
	if err != nil {
		return nil, "", fmt.Errorf("caldav: read %s: %w", path, err)
	}
	tag := resp.Header.Get("ETag")
	if tag == "" {
		return nil, "", fmt.Errorf("caldav: read %s: the server gives no ETag, so nothing can be changed there safely", path)
	}
	return cal, tag, nil
}

// decode reads an object; what the library cannot read is an error, not a panic.
func decode(body []byte) (cal *ical.Calendar, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cannot be read: %v", r)
		}
	}()
	return ical.NewDecoder(bytes.NewReader(body)).Decode()
}

// put writes an object if it is still as it was read: not there if tag is "".
// It returns false if it was not.
func (c *Client) put(ctx context.Context, path, tag string, body []byte) (done bool, err error) {
	header := http.Header{"Content-Type": {"text/calendar; charset=utf-8"}}
	if tag == "" {
		header.Set("If-None-Match", "*")
	} else {
		header.Set("If-Match", tag)
	}
	resp, err := c.do(ctx, http.MethodPut, path, body, header)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusNoContent:
		return true, nil
	case http.StatusPreconditionFailed:
		return false, nil
	case http.StatusConflict:
		return false, fmt.Errorf("caldav: write %s: %w (%s)", path, ErrForeign, resp.Status)
	}
	return false, fmt.Errorf("caldav: write %s: %s", path, resp.Status)
}

func (c *Client) do(ctx context.Context, method, path string, body []byte, header http.Header) (*http.Response, error) {
	address := *c.base
	address.Path = path
	r, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("caldav: %w", err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.SetBasicAuth(c.User, c.Password)
	r.Header.Set("User-Agent", "wortley")
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("caldav: %w", err)
	}
	return resp, nil
}

// Remove takes away the event with this UID, if it is there and nobody changes
// it at the same moment: then it is tried again. What belongs to somebody else
// is left alone.
func (c *Client) Remove(ctx context.Context, uid string) error {
	path := c.path(uid)
	for range c.tries {
		there, tag, err := c.get(ctx, path)
		if err != nil || there == nil {
			return err
		}
		if _, own, err := only(there); err != nil || own != uid {
			return fmt.Errorf("%w: %s", ErrForeign, path)
		}
		resp, err := c.do(ctx, http.MethodDelete, path, nil, http.Header{"If-Match": {tag}})
		if err != nil {
			return err
		}
		resp.Body.Close()
		switch resp.StatusCode {
		case http.StatusOK, http.StatusNoContent, http.StatusNotFound, http.StatusGone:
			return nil
		case http.StatusPreconditionFailed:
			continue
		}
		return fmt.Errorf("caldav: remove %s: %s", path, resp.Status)
	}
	return fmt.Errorf("caldav: %s: somebody else changed it each time", path)
}
