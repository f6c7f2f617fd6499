package minutes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// meetingNow is the meeting that minutes begun now are of: one that is on, or
// begins within the hour, or ended within the last. It is 0 if there is none.
func (d *desk) meetingNow(ctx context.Context, group int64, now time.Time) (int64, error) {
	all, err := d.db.Meetings(ctx, group, now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil {
		return 0, err
	}
	for _, m := range all {
		if m.State == storage.Booked || m.State == storage.Proposed || m.State == storage.Held {
			return m.ID, nil
		}
	}
	return 0, nil
}

// takesNotes makes whoever starts the minutes the meeting's note-taker, if it
// has none.
func (d *desk) takesNotes(ctx context.Context, meeting, person int64, now time.Time) error {
	if meeting == 0 {
		return nil
	}
	_, _, err := d.db.ChangeMeeting(ctx, meeting, now, func(m *storage.Meeting) {
		if m.NoteTaker == 0 {
			m.NoteTaker = person
		}
	})
	return err
}

// lastDay is the day that minutes without one are of: that of the last
// meeting, or today.
func (d *desk) lastDay(ctx context.Context, group int64, c *bot.Call) (day string, meeting int64, err error) {
	m, ok, err := d.db.LastMeeting(ctx, group, c.Time)
	if err != nil || !ok {
		return today(c), 0, err
	}
	return m.Day.String(), m.ID, nil
}

// held are when a group met, the latest first.
type held []time.Time

// heldBefore returns when a group met up to now.
func (d *desk) heldBefore(ctx context.Context, group int64, now time.Time) (held, error) {
	all, err := d.db.RecentMeetings(ctx, group, now, 30)
	h := held{}
	for _, m := range all {
		if (m.State == storage.Booked || m.State == storage.Held) && !m.End.After(now) {
			h = append(h, m.Start)
		}
	}
	return h, err
}

// carried says how many meetings something has outlasted, "" if none.
func (h held) carried(made time.Time) string {
	n := 0
	for _, start := range h {
		if start.After(made) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" · carried (%d)", n)
}

// split parts a group's agenda into what is for its next meeting, and a line
// about what was put on the agenda of later ones.
func (d *desk) split(ctx context.Context, group int64, now time.Time) (next []storage.AgendaItem, later string, err error) {
	items, err := d.db.Agenda(ctx, group)
	if err != nil {
		return nil, "", err
	}
	first, _, err := d.db.NextMeeting(ctx, group, now)
	if err != nil {
		return nil, "", err
	}
	for _, a := range items {
		if a.Meeting == 0 || a.Meeting == first.ID {
			next = append(next, a)
			continue
		}
		m, err := d.db.Meeting(ctx, a.Meeting)
		switch {
		case errors.Is(err, storage.ErrNotFound) || err == nil && !m.Ahead(now):
			next = append(next, a)
		case err != nil:
			return nil, "", err
		default:
			later += fmt.Sprintf("\nLater, on %s: %s", when.SayDateShort(m.Day, when.DateOf(now)), bot.Plain(a.Text))
		}
	}
	return next, later, nil
}

// upNext is what is on the agenda of a group's next meeting, in its order.
func (d *desk) upNext(ctx context.Context, group int64, now time.Time) ([]storage.AgendaItem, error) {
	items, _, err := d.split(ctx, group, now)
	return items, err
}

// forDay reads "13 Feb: the accounts": an item for the meeting on that day.
func (d *desk) forDay(ctx context.Context, c *bot.Call, group int64, text string) (storage.Meeting, string, error) {
	said := daySaid.FindStringSubmatch(text)
	if said == nil {
		return storage.Meeting{}, text, nil
	}
	day, err := when.Day(said[1], c.Time, c.Zone)
	if err != nil {
		return storage.Meeting{}, text, nil
	}
	from := when.At(day, 0, c.Zone)
	all, err := d.db.Meetings(ctx, group, from, from.AddDate(0, 0, 1))
	if err != nil {
		return storage.Meeting{}, text, err
	}
	for _, m := range all {
		if m.Ahead(c.Time) && m.Day == day {
			return m, strings.TrimSpace(said[2]), nil
		}
	}
	return storage.Meeting{}, text, bot.Errorf("There is no meeting on %s that I know of. `!agenda add …` without a day puts it on the next one's agenda.", when.SayDate(day))
}
