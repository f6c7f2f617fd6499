package storage

import (
	"context"
	"fmt"
)

// follows are the tables whose rows belong to a room and move with it when
// the room is replaced by another, as Matrix does to upgrade it. Rows that the
// new room has already stay as they are there.
var follows = []string{"group_place", "question", "audit", "poll", "feed", "feed_line", "minutes", "fund_proposal", "news_room", "broadcast", "broadcast_copy", "life_voice", "calendar_listing"}

// stays are the tables with rooms whose rows belong to the past: messages
// were said where they were said.
var stays = []string{"inbox", "news_heard"}

// moveRoom gives to a room what belonged to the one that it replaces.
func (db *DB) moveRoom(ctx context.Context, site, from, to string) error {
	queries := []string{
		`UPDATE outbox SET room = $3, thread = '', reply_to = '' WHERE site = $1 AND room = $2 AND state = 'owed' AND kind NOT IN ('edit', 'withdraw', 'react')`,
		`INSERT INTO life (site, room, day, messages, speakers, last_at) SELECT site, $3, day, messages, speakers, last_at FROM life WHERE site = $1 AND room = $2
			ON CONFLICT (site, room, day) DO UPDATE SET messages = messages + excluded.messages,
				speakers = max(speakers, excluded.speakers), last_at = max(last_at, excluded.last_at)`,
		`DELETE FROM life WHERE site = $1 AND room = $2 AND $3 <> ''`,
		`UPDATE OR IGNORE reminder SET ref = json_array($1, $3) WHERE kind = 'feed' AND ref = json_array($1, $2)`,
	}
	for _, table := range follows {
		queries = append(queries,
			fmt.Sprintf(`UPDATE OR IGNORE %s SET room = $3 WHERE site = $1 AND room = $2`, table),
			fmt.Sprintf(`DELETE FROM %s WHERE site = $1 AND room = $2 AND $3 <> ''`, table))
	}
	for _, query := range queries {
		if _, err := db.Exec(ctx, query, site, from, to); err != nil {
			return fmt.Errorf("storage: move a room: %w", err)
		}
	}
	return nil
}
