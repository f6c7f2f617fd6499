package storage

import (
	"context"
	"encoding/json"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// A MeetingBatch is what reminders of many meetings are made of, read
// together: one by one it takes five times as long.
type MeetingBatch struct {
	Meetings map[int64]Meeting
	Groups   map[int64]Group
	Rooms    map[int64][]bot.Room // by group; categories and tags too
	RSVPs    map[int64][]RSVP     // by meeting
	Busy     map[int64]bool       // by group: it has an agenda, open actions or minutes
}

// MeetingBatch reads meetings by their IDs, with their groups, places and
// answers. Those that are no more are left out.
func (db *DB) MeetingBatch(ctx context.Context, ids []int64) (MeetingBatch, error) {
	b := MeetingBatch{map[int64]Meeting{}, map[int64]Group{}, map[int64][]bot.Room{}, map[int64][]RSVP{}, map[int64]bool{}}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return b, err
	}
	meetings, err := rows(ctx, db, scanMeeting, `SELECT `+meetingColumns+` FROM meeting WHERE id IN (SELECT value FROM json_each($1))`, string(wanted))
	if err != nil {
		return b, err
	}
	var groups []int64
	for _, m := range meetings {
		b.Meetings[m.ID] = m
		groups = append(groups, m.Group)
	}
	of, err := json.Marshal(groups)
	if err != nil {
		return b, err
	}
	all, err := rows(ctx, db, scanGroup, `SELECT `+groupColumns+` FROM working_group WHERE id IN (SELECT value FROM json_each($1))`, string(of))
	if err != nil {
		return b, err
	}
	for _, g := range all {
		b.Groups[g.ID] = g
	}
	places, err := rows(ctx, db, func(row dbutil.Scannable) (p Place, err error) {
		return p, row.Scan(&p.Room.Site, &p.Room.ID, &p.Group)
	}, `SELECT site, room, grp FROM group_place WHERE grp IN (SELECT value FROM json_each($1)) ORDER BY grp, at, site, room`, string(of))
	if err != nil {
		return b, err
	}
	for _, p := range places {
		b.Rooms[p.Group] = append(b.Rooms[p.Group], p.Room)
	}
	busy, err := rows(ctx, db, func(row dbutil.Scannable) (id int64, err error) { return id, row.Scan(&id) }, `
		SELECT value FROM json_each($1) WHERE EXISTS (SELECT 1 FROM agenda_item WHERE grp = value AND state = 'open')
			OR EXISTS (SELECT 1 FROM action_item WHERE grp = value AND state = 'open') OR EXISTS (SELECT 1 FROM minutes WHERE grp = value)`, string(of))
	if err != nil {
		return b, err
	}
	for _, id := range busy {
		b.Busy[id] = true
	}
	rsvps, err := rows(ctx, db, scanRSVP, rsvpQuery+`WHERE r.meeting IN (SELECT value FROM json_each($1))`+rsvpOrder, string(wanted))
	for _, r := range rsvps {
		b.RSVPs[r.Meeting] = append(b.RSVPs[r.Meeting], r)
	}
	return b, err
}
