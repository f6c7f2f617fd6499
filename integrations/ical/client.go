package ical

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// ErrPrivate is returned for addresses within the bot's own network: people
// who name an address must not reach what only the bot's machine can.
var ErrPrivate = errors.New("ical: the address is not on the public internet")

// A Client fetches the calendars of others.
type Client struct{ http *http.Client }

// NewClient returns a client for addresses on the public internet, or, with
// anywhere, for all.
func NewClient(anywhere bool) *Client {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	if !anywhere {
		dialer.Control = publicOnly
	}
	transport := &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 20 * time.Second}
	return &Client{&http.Client{Transport: transport, Timeout: 30 * time.Second, CheckRedirect: fewRedirects}}
}

// publicOnly looks at the address that a name stood for, just before it is called.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := at.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || carrierNAT.Contains(ip) {
		return ErrPrivate
	}
	return nil
}

// carrierNAT is private too (RFC 6598).
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

func fewRedirects(r *http.Request, via []*http.Request) error {
	if len(via) >= 5 {
		return errors.New("too many redirects")
	}
	if r.URL.Scheme != "https" && r.URL.Scheme != "http" {
		return fmt.Errorf("redirected to a %s address", r.URL.Scheme)
	}
	return nil
}

// Address makes what a person typed an address that can be fetched: webcal
// becomes https. It reports false for anything else than a web address.
func Address(typed string) (string, bool) {
	typed = strings.Trim(strings.TrimSpace(typed), "<>")
	for _, scheme := range []string{"webcal://", "webcals://"} {
		if len(typed) > len(scheme) && strings.EqualFold(typed[:len(scheme)], scheme) {
			typed = "https://" + typed[len(scheme):]
		}
	}
	u, err := url.Parse(typed)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	return u.String(), true
}

// Fetch returns the file at an address. It gives up after 30 seconds.
func (c *Client) Fetch(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("ical: fetch: %w", err)
	}
	r.Header.Set("Accept", "text/calendar, */*;q=0.5")
	r.Header.Set("User-Agent", "wortley")
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ical: fetch: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ical: fetch %s: %s", r.URL.Hostname(), resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("ical: fetch %s: %w", r.URL.Hostname(), err)
	}
	if len(body) > MaxFile {
		return nil, fmt.Errorf("ical: fetch %s: the file has more than %d MiB", r.URL.Hostname(), MaxFile>>20)
	}
	return body, nil
}

// Listing fetches and reads a calendar.
func (c *Client) Listing(ctx context.Context, address string, w Window) (Listing, error) {
	file, err := c.Fetch(ctx, address)
	if err != nil {
		return Listing{}, err
	}
	return Read(bytes.NewReader(file), w)
}
