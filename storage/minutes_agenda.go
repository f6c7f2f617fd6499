package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"go.mau.fi/util/dbutil"
)

// An AgendaItem is something a group means to talk about.
type AgendaItem struct {
	ID, Group int64
	Meeting   int64 // for that one and not before; 0: for the next
	Text      string
	Person    int64 // who asked for it, 0
	Name      string
	State     string // "open", "done", "dropped"
	Made      time.Time
}

const agendaQuery = `
	SELECT a.id, a.grp, coalesce(a.meeting, 0), a.text, coalesce(a.person, 0), coalesce(p.name, ''), a.state, a.made_at
	FROM agenda_item AS a LEFT JOIN person AS p ON p.id = a.person `

func scanAgendaItem(row dbutil.Scannable) (a AgendaItem, err error) {
	var made int64
	err = row.Scan(&a.ID, &a.Group, &a.Meeting, &a.Text, &a.Person, &a.Name, &a.State, &made)
	a.Made = time.Unix(made, 0).UTC()
	return a, err
}

// Agenda returns what a group still means to talk about, in the order it was
// asked for, whatever meeting it is for.
func (db *DB) Agenda(ctx context.Context, group int64) ([]AgendaItem, error) {
	return rows(ctx, db, scanAgendaItem, agendaQuery+`WHERE a.grp = $1 AND a.state = 'open' ORDER BY a.id`, group)
}

// AgendaItem returns one by its number, whatever became of it, or [ErrNotFound].
func (db *DB) AgendaItem(ctx context.Context, id int64) (AgendaItem, error) {
	a, err := scanAgendaItem(db.QueryRow(ctx, agendaQuery+`WHERE a.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return a, err
}

// AddAgendaItem puts something on the agenda and returns its number.
func (db *DB) AddAgendaItem(ctx context.Context, a AgendaItem) (id int64, err error) {
	err = db.QueryRow(ctx, `
		INSERT INTO agenda_item (grp, meeting, text, person, made_at)
		VALUES ($1, nullif($2, 0), $3, nullif($4, 0), $5) RETURNING id`,
		a.Group, a.Meeting, a.Text, a.Person, a.Made.Unix()).Scan(&id)
	return id, err
}

// SetAgendaItem says what became of an item: "open", "done" or "dropped".
func (db *DB) SetAgendaItem(ctx context.Context, id int64, state string, at time.Time) error {
	_, err := db.Exec(ctx, `
		UPDATE agenda_item SET state = $2, closed_at = CASE WHEN $2 <> 'open' THEN $3 END WHERE id = $1`, id, state, at.Unix())
	return err
}
