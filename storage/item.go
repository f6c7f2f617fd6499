package storage

import (
	"context"
	"encoding/json"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// read remembers what happened on a forum, without its words.
func (db *DB) read(ctx context.Context, items []bot.Item) error {
	for _, i := range items {
		tags, err := json.Marshal(i.Tags)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, `
			INSERT INTO forum_item (site, id, topic, number, title, url, category, tags, author, at, gone)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (site, id) DO UPDATE SET topic = excluded.topic, number = excluded.number, title = excluded.title, url = excluded.url,
				category = excluded.category, tags = excluded.tags, gone = excluded.gone`,
			i.Site, i.ID, i.Topic, i.Number, i.Title, i.URL, i.Category, string(tags), i.Author.ID, i.Time.Unix(), i.Kind == bot.Deleted); err != nil {
			return err
		}
	}
	return nil
}

// ForumTopic returns what is known of a topic's posts, the opening one first.
func (db *DB) ForumTopic(ctx context.Context, site, topic string) ([]bot.Item, error) {
	return rows(ctx, db, scanItem, itemQuery+`WHERE site = $1 AND topic = $2 ORDER BY number`, site, topic)
}

const itemQuery = `SELECT site, id, topic, number, title, url, category, tags, author, at, gone FROM forum_item `

func scanItem(row dbutil.Scannable) (i bot.Item, err error) {
	var (
		tags string
		at   int64
		gone bool
	)
	if err := row.Scan(&i.Site, &i.ID, &i.Topic, &i.Number, &i.Title, &i.URL, &i.Category, &tags, &i.Author.ID, &at, &gone); err != nil {
		return i, err
	}
	i.Time, i.Kind = time.Unix(at, 0).UTC(), bot.Said
	if gone {
		i.Kind = bot.Deleted
	}
	return i, json.Unmarshal([]byte(tags), &i.Tags)
}
