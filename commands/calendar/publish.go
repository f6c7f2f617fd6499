package calendar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/caldav"
	"git.coop/cotech/wortley/storage"
)

// publishedMark is up to when changes are on the server.
const publishedMark = "calendar published"

// publishAll writes the meetings that changed since its last run to a calendar
// on a server, and takes away those that were undone. What cannot be written
// is tried again at the next run.
func (d *desk) publishAll(ctx context.Context, now time.Time) ([]bot.Post, error) {
	since, err := d.db.Ran(ctx, publishedMark)
	if err != nil {
		return nil, err
	}
	changed, err := d.db.MeetingsChangedSince(ctx, since)
	if err != nil {
		return nil, err
	}
	groups, err := d.groups(ctx)
	if err != nil {
		return nil, err
	}
	from, to := span(now)
	for i := range changed {
		m := &changed[i]
		if m.Start.Before(from) || m.Start.After(to) {
			continue
		}
		if err := d.publishOne(ctx, m, groups[m.Group]); err != nil {
			return nil, err
		}
		// Changes in the same second as this one are written again: that is
		// harmless, and none is missed.
		if err := d.db.SetRan(ctx, publishedMark, m.Changed); err != nil {
			return nil, err
		}
	}
	return nil, d.unpublish(ctx)
}

func (d *desk) publishOne(ctx context.Context, m *storage.Meeting, g storage.Group) error {
	c := d.calendar(g.Name, "")
	c.Feed = false // a METHOD may not stand in a stored object (RFC 4791, 4.1)
	c.Events = append(c.Events, event(m, g, m.Location()))
	file, err := c.Bytes()
	if err != nil {
		return fmt.Errorf("calendar: publish: %w", err)
	}
	if err := d.Publish.Put(ctx, file); err != nil && !errors.Is(err, caldav.ErrForeign) {
		return err // somebody else's event stays what it is
	}
	return d.db.Published(ctx, m.UID, m.Changed)
}

// unpublish takes away what was published and is no meeting any more: its
// booking was undone.
func (d *desk) unpublish(ctx context.Context) error {
	gone, err := d.db.PublishedGone(ctx)
	if err != nil {
		return err
	}
	for _, uid := range gone {
		if err := d.Publish.Remove(ctx, uid); err != nil && !errors.Is(err, caldav.ErrForeign) {
			return err
		}
		if err := d.db.Unpublished(ctx, uid); err != nil {
			return err
		}
	}
	return nil
}
