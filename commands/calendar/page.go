package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/ical"
	"git.coop/cotech/wortley/storage"
)

// form is raised when feeds are written in another way.
const form = 1

// feeds remembers the last bytes of feeds, each with the mark it was built at.
type feeds struct {
	mu  sync.Mutex
	all map[string]feed
}

type feed struct {
	mark string
	body []byte
}

// maxFeeds is how many octets of feeds are remembered at most.
const maxFeeds = 16 << 20

func (f *feeds) get(name, mark string) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	one, ok := f.all[name]
	return one.body, ok && one.mark == mark
}

func (f *feeds) put(name, mark string, body []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	size := len(body)
	for _, one := range f.all {
		size += len(one.body)
	}
	if f.all == nil || size > maxFeeds {
		f.all = map[string]feed{}
	}
	if len(body) <= maxFeeds {
		f.all[name] = feed{mark: mark, body: body}
	}
}

// source is a feed that can be asked for.
type source struct {
	name    string // what it is remembered as
	private bool
	mark    string
	build   func(ctx context.Context) (ical.Calendar, error)
}

func (d *desk) pages() []bot.Page {
	page := func(pattern string, find func(ctx context.Context, r *http.Request, now time.Time) (*source, error)) bot.Page {
		return bot.Page{Pattern: "GET " + pattern, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			now := d.Now().UTC()
			s, err := find(r.Context(), r, now)
			if err == nil && s == nil {
				http.NotFound(w, r)
				return
			}
			if err == nil {
				err = d.serve(w, r, s, now)
			}
			if err != nil {
				http.Error(w, "This calendar cannot be read just now.", http.StatusInternalServerError)
			}
		})}
	}
	return []bot.Page{page(networkPath, d.network), page(groupPath+"{file}", d.group), page(ownPath+"{file}", d.own)}
}

func (d *desk) network(ctx context.Context, _ *http.Request, now time.Time) (*source, error) {
	mark, err := d.db.CalendarMark(ctx, 0, now.Add(-shownOff))
	return &source{name: "network", mark: mark, build: func(ctx context.Context) (ical.Calendar, error) { return d.networkFeed(ctx, now) }}, err
}

func (d *desk) group(ctx context.Context, r *http.Request, now time.Time) (*source, error) {
	slug, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok {
		return nil, nil
	}
	g, ok, err := d.db.GroupNamed(ctx, slug)
	if err != nil || !ok || !strings.EqualFold(g.Slug, slug) {
		return nil, err
	}
	mark, err := d.db.CalendarMark(ctx, g.ID, now.Add(-shownOff))
	return &source{name: fmt.Sprintf("group/%d", g.ID), mark: mark, build: func(ctx context.Context) (ical.Calendar, error) { return d.groupFeed(ctx, g, now) }}, err
}

func (d *desk) own(ctx context.Context, r *http.Request, now time.Time) (*source, error) {
	secret, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok || len(secret) < 16 {
		return nil, nil
	}
	person, err := d.db.PersonWithCalendar(ctx, secret)
	if err != nil || person == 0 {
		return nil, err
	}
	mark, err := d.db.CalendarMarkOf(ctx, person, now.Add(-shownOff))
	mark += "/" + now.Format(time.DateOnly) // which meeting is the next one is a matter of the day
	return &source{name: fmt.Sprintf("person/%d", person), private: true, mark: mark, build: func(ctx context.Context) (ical.Calendar, error) { return d.ownFeed(ctx, person, now) }}, err
}

// serve answers with a feed, or with 304 if the asker has it already. That is
// decided by the mark alone: the feed is not built for it.
func (d *desk) serve(w http.ResponseWriter, r *http.Request, s *source, now time.Time) error {
	from, _ := span(now)
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%s/%s/%s", form, s.name, s.mark, from.Format(time.DateOnly), d.BaseURL))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", map[bool]string{true: "private, max-age=900", false: "max-age=900"}[s.private])
	if has(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, ok := d.feeds.get(s.name, tag)
	if !ok {
		c, err := s.build(r.Context())
		if err != nil {
			return fmt.Errorf("calendar: %s: %w", s.name, err)
		}
		if body, err = c.Bytes(); err != nil {
			return fmt.Errorf("calendar: %s: %w", s.name, err)
		}
		d.feeds.put(s.name, tag, body)
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the asker may have gone
	}
	return nil
}

// has reports whether a tag is among those of an If-None-Match (RFC 9110, 13.1.2).
func has(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == tag || one == "*" {
			return true
		}
	}
	return false
}

// feedOf is the address of a group's feed.
func (d *desk) feedOf(g storage.Group) string {
	return d.BaseURL + groupPath + url.PathEscape(g.Slug) + ".ics"
}
