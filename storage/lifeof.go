package storage

import (
	"context"
	"time"

	"go.mau.fi/util/dbutil"
)

// DayLife is the life of a group on one day, without words and names.
type DayLife struct {
	Day      string // 2026-01-06, UTC
	Messages int
	Voices   int // people on the day's liveliest place
	Last     time.Time
}

func scanDayLife(row dbutil.Scannable) (l DayLife, err error) {
	var at int64
	err = row.Scan(&l.Day, &l.Messages, &l.Voices, &at)
	l.Last = time.Unix(at, 0).UTC()
	return l, err
}

// GroupLife returns the life of a group in all its places since a day, by
// day. Rooms and chats are counted as they are heard; on a forum topics and
// replies are, each once, also those from before the group was bound.
func (db *DB) GroupLife(ctx context.Context, group int64, since string) ([]DayLife, error) {
	return rows(ctx, db, scanDayLife, `
		WITH place AS (SELECT site, room FROM group_place WHERE grp = $1),
		post AS (
			SELECT f.site, f.id, f.author, f.at FROM place AS p JOIN forum_item AS f
				ON f.site = p.site AND f.category = substr(p.room, 10) WHERE p.room LIKE 'category/%' AND NOT f.gone AND f.at >= unixepoch($2)
			UNION
			SELECT f.site, f.id, f.author, f.at FROM place AS p JOIN forum_item AS f
				ON f.site = p.site AND f.topic = replace(p.room, 'topic/', '') WHERE NOT f.gone AND f.at >= unixepoch($2)
			UNION
			SELECT f.site, f.id, f.author, f.at FROM place AS p JOIN forum_item AS f
				ON f.site = p.site AND EXISTS (SELECT 1 FROM json_each(f.tags) AS t WHERE t.value = substr(p.room, 5) COLLATE NOCASE)
				WHERE p.room LIKE 'tag/%' AND NOT f.gone AND f.at >= unixepoch($2)
		),
		day AS (
			SELECT l.day, l.messages AS n, l.speakers AS voices, l.last_at AS last FROM place AS p JOIN life AS l ON l.site = p.site AND l.room = p.room
				WHERE l.site NOT LIKE 'discourse/%' AND l.day >= $2
			UNION ALL
			SELECT date(at, 'unixepoch'), count(*), count(DISTINCT author), max(at) FROM post GROUP BY 1
		)
		SELECT day, sum(n), max(voices), max(last) FROM day GROUP BY day ORDER BY day`, group, since)
}

// SkillsSince returns how many skills co-ops said or confirmed since a day.
func (db *DB) SkillsSince(ctx context.Context, day string) (n int, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) FROM coop_skill WHERE NOT former AND as_of >= $1`, day).Scan(&n)
	return n, err
}
