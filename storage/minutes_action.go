package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// An ActionItem is something that somebody said they would do.
type ActionItem struct {
	ID, Group int64
	GroupName string
	Text      string
	Owner     int64  // 0: nobody, or somebody we do not know
	OwnerName string // "" if nobody
	Due       string // 2026-01-16, ""
	State     string // "open", "done", "dropped"
	Post      string // the key of what the bot said about it first
	MadeBy    int64
	Made      time.Time
}

const actionQuery = `
	SELECT a.id, a.grp, g.name, a.text, coalesce(a.owner, 0), coalesce(p.name, a.owner_name), a.due, a.state, a.post, coalesce(a.made_by, 0), a.made_at
	FROM action_item AS a JOIN working_group AS g ON g.id = a.grp LEFT JOIN person AS p ON p.id = a.owner `

func scanAction(row dbutil.Scannable) (a ActionItem, err error) {
	var made int64
	err = row.Scan(&a.ID, &a.Group, &a.GroupName, &a.Text, &a.Owner, &a.OwnerName, &a.Due, &a.State, &a.Post, &a.MadeBy, &made)
	a.Made = time.Unix(made, 0).UTC()
	return a, err
}

// Actions returns a group's open actions: by day, those without one last.
func (db *DB) Actions(ctx context.Context, group int64) ([]ActionItem, error) {
	return rows(ctx, db, scanAction, actionQuery+`WHERE a.grp = $1 AND a.state = 'open' ORDER BY a.due = '', a.due, a.id`, group)
}

// ActionsOf returns a person's open actions in all groups, by day.
func (db *DB) ActionsOf(ctx context.Context, person int64) ([]ActionItem, error) {
	return rows(ctx, db, scanAction, actionQuery+`WHERE a.owner = $1 AND a.state = 'open' ORDER BY a.due = '', a.due, a.id`, person)
}

// Action returns one by its number, whatever became of it, or [ErrNotFound].
func (db *DB) Action(ctx context.Context, id int64) (ActionItem, error) {
	return oneAction(db.QueryRow(ctx, actionQuery+`WHERE a.id = $1`, id))
}

// ActionByPost returns the one that the bot spoke of first in a post, or [ErrNotFound].
func (db *DB) ActionByPost(ctx context.Context, key string) (ActionItem, error) {
	return oneAction(db.QueryRow(ctx, actionQuery+`WHERE a.post = $1 AND a.post <> ''`, key))
}

func oneAction(row *sql.Row) (ActionItem, error) {
	a, err := scanAction(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return a, err
}

// SaveAction writes an action, a new one if its ID is 0, and returns its number.
func (db *DB) SaveAction(ctx context.Context, a ActionItem) (id int64, err error) {
	name := a.OwnerName
	if a.Owner != 0 {
		name = ""
	}
	if a.State == "" {
		a.State = "open"
	}
	err = db.QueryRow(ctx, `
		INSERT INTO action_item (id, grp, text, owner, owner_name, due, state, post, made_by, made_at)
		VALUES (nullif($1, 0), $2, $3, nullif($4, 0), $5, $6, $7, $8, nullif($9, 0), $10)
		ON CONFLICT (id) DO UPDATE SET text = excluded.text, owner = excluded.owner, owner_name = excluded.owner_name,
			due = excluded.due, state = excluded.state, post = excluded.post, closed_at = NULL
		RETURNING id`,
		a.ID, a.Group, a.Text, a.Owner, name, a.Due, a.State, a.Post, a.MadeBy, a.Made.Unix()).Scan(&id)
	return id, err
}

// SetActionState says what became of an action: "open", "done" or "dropped".
func (db *DB) SetActionState(ctx context.Context, id int64, state string, at time.Time) error {
	_, err := db.Exec(ctx, `
		UPDATE action_item SET state = $2, closed_at = CASE WHEN $2 <> 'open' THEN $3 END WHERE id = $1`, id, state, at.Unix())
	return err
}

// PersonCalled finds somebody by what people on a site call them: the name
// of a group's member first, then of anybody. It returns false if there is
// nobody, or more than one.
func (db *DB) PersonCalled(ctx context.Context, site string, group int64, name string) (bot.Person, bool, error) {
	user := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "@")
	if user == "" {
		return bot.Person{}, false, nil
	}
	type match struct {
		bot.Person
		in bool
	}
	found, err := rows(ctx, db, func(row dbutil.Scannable) (m match, err error) {
		return m, row.Scan(&m.ID, &m.Name, &m.in)
	}, `
		SELECT DISTINCT p.id, p.name, EXISTS (SELECT 1 FROM group_member AS m WHERE m.person = p.id AND m.grp = $3)
		FROM person AS p LEFT JOIN account AS a ON a.person = p.id AND a.site = $2
		WHERE p.name <> '' AND (lower(p.name) = $1 OR lower(p.name) LIKE replace(replace($1, '%', ''), '_', '') || ' %'
			OR lower(a.user) IN ($1, '@' || $1) OR lower(a.user) LIKE '@' || replace(replace($1, '%', ''), '_', '') || ':%')
		ORDER BY 3 DESC, 1 LIMIT 3`, user, AccountSite(site), group)
	if err != nil || len(found) == 0 {
		return bot.Person{}, false, err
	}
	if len(found) > 1 && found[0].in == found[1].in {
		return bot.Person{}, false, nil
	}
	return found[0].Person, true, nil
}
