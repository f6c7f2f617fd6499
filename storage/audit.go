package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// Log implements [bot.Memory].
func (db *DB) Log(ctx context.Context, e bot.Entry) error {
	_, err := db.LogID(ctx, e)
	return err
}

// LogID writes the audit log and returns the number of the entry.
func (db *DB) LogID(ctx context.Context, e bot.Entry) (id int64, err error) {
	var undo bot.Act
	if e.Effect.Undo != nil {
		undo = *e.Effect.Undo
	}
	var person sql.NullInt64
	if e.Person != 0 {
		person = sql.NullInt64{Int64: e.Person, Valid: true}
	}
	err = db.QueryRow(ctx, `
		INSERT INTO audit (at, person, user, site, room, message, post, what, undo_name, undo_data, fixed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		e.At.Unix(), person, e.User, e.Room.Site, e.Room.ID, e.Message, e.Post, e.Effect.What, undo.Name, undo.Data, e.Effect.Fixed).Scan(&id)
	return id, err
}

// AuditEntry returns an entry that has not been undone, or [ErrNotFound].
func (db *DB) AuditEntry(ctx context.Context, id int64) (bot.Entry, error) {
	e, err := scanEntry(db.QueryRow(ctx, `SELECT `+entryColumns+` FROM audit WHERE id = $1 AND undone_at IS NULL`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return e, err
}

// AuditFor returns the latest entries for a post that have not been undone.
func (db *DB) AuditFor(ctx context.Context, post string, limit int) ([]bot.Entry, error) {
	return rows(ctx, db, scanEntry, `
		SELECT `+entryColumns+` FROM audit
		WHERE post = $1 AND undone_at IS NULL ORDER BY id DESC LIMIT $2`, post, limit)
}

const entryColumns = `id, at, coalesce(person, 0), user, site, room, message, post, what, undo_name, undo_data, fixed`

func scanEntry(row dbutil.Scannable) (e bot.Entry, err error) {
	var at int64
	var undo bot.Act
	err = row.Scan(&e.ID, &at, &e.Person, &e.User, &e.Room.Site, &e.Room.ID, &e.Message, &e.Post, &e.Effect.What, &undo.Name, &undo.Data, &e.Effect.Fixed)
	e.At = time.Unix(at, 0).UTC()
	if undo.Name != "" {
		e.Effect.Undo = &undo
	}
	return e, err
}

// Effects implements [bot.Memory].
func (db *DB) Effects(ctx context.Context, site, message string) ([]bot.Entry, error) {
	return rows(ctx, db, scanEntry, `
		SELECT `+entryColumns+` FROM audit
		WHERE site = $1 AND message = $2 AND undone_at IS NULL AND (undo_name <> '' OR fixed <> '')
		ORDER BY id DESC`, site, message)
}

// LastEffect implements [bot.Memory].
func (db *DB) LastEffect(ctx context.Context, person int64, site, user string, room bot.Room, since time.Time) (bot.Entry, bool, error) {
	e, err := scanEntry(db.QueryRow(ctx, `
		SELECT `+entryColumns+` FROM audit
		WHERE site = $1 AND user = $2 AND room = $3 AND at >= $4 AND undone_at IS NULL AND (undo_name <> '' OR fixed <> '')
		ORDER BY id DESC LIMIT 1`, site, user, room.ID, since.Unix()))
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	return e, err == nil, err
}

// Undone implements [bot.Memory].
func (db *DB) Undone(ctx context.Context, id int64, at time.Time) error {
	_, err := db.Exec(ctx, `UPDATE audit SET undone_at = $2 WHERE id = $1`, id, at.Unix())
	return err
}

// Question implements [bot.Memory].
func (db *DB) Question(ctx context.Context, q bot.Question) error {
	_, err := db.Exec(ctx, `
		INSERT INTO question (code, post, site, room, user, act_name, act_data, needs, anybody, words, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (code) DO UPDATE SET post = excluded.post, site = excluded.site, room = excluded.room, user = excluded.user,
			act_name = excluded.act_name, act_data = excluded.act_data, needs = excluded.needs,
			anybody = excluded.anybody, words = excluded.words, until = excluded.until, closed_at = NULL`,
		q.Code, q.Post, q.Room.Site, q.Room.ID, q.User, q.Ask.Act.Name, q.Ask.Act.Data, q.Ask.Needs, q.Ask.Anybody, q.Ask.Words, q.Until.Unix())
	return err
}

const questionQuery = `
	SELECT code, post, site, room, user, act_name, act_data, needs, anybody, words, until FROM question
	WHERE closed_at IS NULL AND `

func oneQuestion(row *sql.Row) (q bot.Question, ok bool, err error) {
	var until int64
	err = row.Scan(&q.Code, &q.Post, &q.Room.Site, &q.Room.ID, &q.User, &q.Ask.Act.Name, &q.Ask.Act.Data, &q.Ask.Needs, &q.Ask.Anybody, &q.Ask.Words, &until)
	q.Until = time.Unix(until, 0).UTC()
	if errors.Is(err, sql.ErrNoRows) {
		return q, false, nil
	}
	return q, err == nil, err
}

// QuestionByCode implements [bot.Memory].
func (db *DB) QuestionByCode(ctx context.Context, code string) (bot.Question, bool, error) {
	return oneQuestion(db.QueryRow(ctx, questionQuery+`code = $1`, code))
}

// QuestionByPost implements [bot.Memory].
func (db *DB) QuestionByPost(ctx context.Context, key string) (bot.Question, bool, error) {
	return oneQuestion(db.QueryRow(ctx, questionQuery+`post = $1`, key))
}

// QuestionIn implements [bot.Memory]. Most people are asked nothing, and that
// is kept in mind.
func (db *DB) QuestionIn(ctx context.Context, room bot.Room, user string, now time.Time) (bot.Question, bool, error) {
	edition, err := db.editionOf(ctx, people)
	if err != nil {
		return bot.Question{}, false, err
	}
	who := Account{Site: room.Site, User: user}
	asked, ok := db.asked.get(who, edition)
	if !ok {
		if err := db.QueryRow(ctx, `
			SELECT EXISTS (SELECT 1 FROM question WHERE closed_at IS NULL AND site = $1 AND user = $2)`, room.Site, user).Scan(&asked); err != nil {
			return bot.Question{}, false, err
		}
		db.asked.put(who, edition, asked)
	}
	if !asked {
		return bot.Question{}, false, nil
	}
	return oneQuestion(db.QueryRow(ctx, questionQuery+`
		site = $1 AND user = $2 AND until >= $4 AND (room = $3 OR room = '')
		ORDER BY until DESC, code LIMIT 1`, room.Site, user, room.ID, now.Unix()))
}

// Closed implements [bot.Memory].
func (db *DB) Closed(ctx context.Context, code string, at time.Time) error {
	_, err := db.Exec(ctx, `UPDATE question SET closed_at = $2 WHERE code = $1`, code, at.Unix())
	return err
}
