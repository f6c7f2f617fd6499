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
		if err := db.readItem(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) readItem(ctx context.Context, i bot.Item) error {
	if i.Kind == bot.Deleted { // it may say no more than which post it was
		_, err := db.Exec(ctx, `UPDATE forum_item SET gone = 1 WHERE site = $1 AND id = $2`, i.Site, i.ID)
		return err
	}
	tags, err := json.Marshal(append([]string{}, i.Tags...))
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, `
		INSERT INTO forum_item (site, id, topic, number, title, url, category, tags, author, at, gone)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)
		ON CONFLICT (site, id) DO UPDATE SET topic = excluded.topic, number = excluded.number, title = excluded.title, url = excluded.url,
			category = excluded.category, tags = excluded.tags, gone = 0`,
		i.Site, i.ID, i.Topic, i.Number, i.Title, i.URL, i.Category, string(tags), i.Author.ID, i.Time.Unix()); err != nil {
		return err
	}
	if i.Kind != bot.Edited || i.Number != 1 {
		return nil
	}
	_, err = db.Exec(ctx, `UPDATE forum_item SET title = $3, category = $4, tags = $5 WHERE site = $1 AND topic = $2`,
		i.Site, i.Topic, i.Title, i.Category, string(tags))
	return err
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
