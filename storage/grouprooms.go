package storage

import (
	"context"
	"database/sql"
	"errors"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// RoomName returns what a room is called, "" if that is not known.
func (db *DB) RoomName(ctx context.Context, r bot.Room) (name string, err error) {
	err = db.QueryRow(ctx, `SELECT name FROM room WHERE site = $1 AND id = $2`, r.Site, r.ID).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return name, err
}

// DropGroup removes a group and all that hangs on it. It is for undoing its
// beginning; a group that ends is closed instead.
func (db *DB) DropGroup(ctx context.Context, id int64) error {
	_, err := db.Exec(ctx, `DELETE FROM working_group WHERE id = $1`, id)
	return err
}

// DropFromGroups takes a person out of every group.
func (db *DB) DropFromGroups(ctx context.Context, person int64) error {
	_, err := db.Exec(ctx, `DELETE FROM group_member WHERE person = $1`, person)
	return err
}

// GroupSizes returns how many members each group has, by its number.
func (db *DB) GroupSizes(ctx context.Context) (map[int64]int, error) {
	found, err := db.Query(ctx, `SELECT grp, count(*) FROM group_member GROUP BY grp`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	sizes := map[int64]int{}
	for found.Next() {
		var id int64
		var n int
		if err := found.Scan(&id, &n); err != nil {
			return nil, err
		}
		sizes[id] = n
	}
	return sizes, found.Err()
}

// A NamedLink is a link with its group's names.
type NamedLink struct {
	GroupLink
	Slug, Name string
}

// AllGroupLinks returns the links of all groups that are not closed.
func (db *DB) AllGroupLinks(ctx context.Context) ([]NamedLink, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (l NamedLink, err error) {
		return l, row.Scan(&l.Group, &l.What, &l.URL, &l.Slug, &l.Name)
	}, `SELECT l.grp, l.what, l.url, g.slug, g.name FROM group_link AS l JOIN working_group AS g ON g.id = l.grp
		WHERE g.state <> 'closed' ORDER BY g.name, l.what`)
}
