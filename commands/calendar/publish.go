package calendar

import (
	"context"
	"time"

	"git.coop/cotech/wortley/bot"
)

// publishAll writes the meetings that changed since its last run to a calendar
// on a server. A meeting that cannot be written is tried again at the next run.
func (d *desk) publishAll(ctx context.Context, now time.Time) ([]bot.Post, error) {
	since, err := d.db.Ran(ctx, publishedMark)
	if err != nil {
		return nil, err
	}
	if since.IsZero() {
		since = now.Add(-shownOff)
	}
	changed, err := d.db.MeetingsChangedSince(ctx, since)
	if err != nil {
		return nil, err
	}
	groups, err := d.groups(ctx)
	if err != nil {
		return nil, err
	}
	for i := range changed {
		m := &changed[i]
		c := d.calendar(groups[m.Group].Name, "")
		c.Feed = false // a METHOD may not stand in a stored object (RFC 4791, 4.1)
		c.Events = append(c.Events, event(m, groups[m.Group], m.Location()))
		if err := d.Publish.Put(ctx, c); err != nil {
			return nil, err
		}
		// Changes in the same second as this one are written again: that is
		// harmless, and none is missed.
		if err := d.db.SetRan(ctx, publishedMark, m.Changed); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// publishedMark is up to when changes are on the server.
const publishedMark = "calendar published"
