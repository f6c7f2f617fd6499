package discourse

import (
	"context"
	"errors"
	"strconv"
	"strings"
)

// A Generation is what has to be known about the server's age.
type Generation struct {
	Version string // "3.1.0.beta2", "2026.2.0"; "" if the site keeps it to itself
	// Windows: a page of a feed is a window of fifty ids with its upper end
	// included, so it can be empty although there are older posts.
	Windows bool
	// TagObjects: tags are objects, and new topics want them as objects.
	TagObjects bool
}

// String returns "old", "mid" or "new", by behaviour and not by date: a mid
// server that is small enough to be taken for an old one is called so.
func (g Generation) String() string {
	switch {
	case g.Windows:
		return "old"
	case g.TagObjects:
		return "new"
	}
	return "mid"
}

// Generation finds out how the server behaves, in three to five requests. Ask
// once a start and when the version changes. What cannot be told is taken to
// be as on the oldest servers, which is safe everywhere.
func (c *Client) Generation(ctx context.Context) (Generation, error) {
	g := Generation{Windows: true}
	about, err := c.About(ctx)
	if err == nil {
		g.Version = about.Version
	} else if Transient(err) {
		return g, err
	}
	if g.Windows, err = c.windows(ctx); err != nil {
		return g, err
	}
	g.TagObjects, err = c.tagObjects(ctx, g.Version)
	return g, err
}

// windows asks for the posts before one that was just seen. If it is included
// the server may be old, unless the page reaches further than a window of ids.
func (c *Client) windows(ctx context.Context) (bool, error) {
	posts, err := c.Posts(ctx, Public, 0)
	if err != nil || len(posts) == 0 {
		return true, err
	}
	seen := int64(0)
	for _, p := range posts {
		seen = max(seen, p.ID)
	}
	posts, err = c.Posts(ctx, Public, seen)
	if err != nil {
		return true, err
	}
	included := false
	for _, p := range posts {
		if p.ID <= seen-window {
			return false, nil
		}
		included = included || p.ID == seen
	}
	if included {
		return true, nil
	}
	switch _, err = c.Post(ctx, seen); { // it may have been deleted just now
	case err == nil:
		return false, nil
	case errors.Is(err, ErrNotFound):
		return true, nil
	}
	return true, err
}

// tagObjects looks at a tag, or at the version where there are no tags.
func (c *Client) tagObjects(ctx context.Context, version string) (bool, error) {
	tags, err := c.Tags(ctx)
	if len(tags) > 0 {
		return tags[0].ID > 0, nil
	}
	if err != nil && Transient(err) {
		return false, err
	}
	return atLeast(version, 2026, 2), nil
}

// atLeast compares a version by year and month: "2026.2.0" and later.
func atLeast(version string, year, month int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	y, err := strconv.Atoi(parts[0])
	m, err2 := strconv.Atoi(strings.SplitN(parts[1], "-", 2)[0])
	return err == nil && err2 == nil && (y > year || y == year && m >= month)
}
