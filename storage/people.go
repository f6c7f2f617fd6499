package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"git.coop/cotech/wortley/bot"
)

// AccountSite returns the site whose accounts are used on another: a forum's
// chat has the accounts of the forum.
func AccountSite(site string) string {
	if name, ok := strings.CutPrefix(site, "chat/"); ok {
		return "discourse/" + name
	}
	return site
}

// Person implements [bot.Memory].
func (db *DB) Person(ctx context.Context, site string, u bot.User) (bot.Person, error) {
	p := bot.Person{Name: u.Name}
	err := db.QueryRow(ctx, `
		SELECT p.id, p.name, p.role, coalesce(c.id, 0), coalesce(c.name, '')
		FROM account AS a
		JOIN person AS p ON p.id = a.person
		LEFT JOIN coop AS c ON c.id = p.coop
		WHERE a.site = $1 AND a.user = $2`, AccountSite(site), u.ID).Scan(&p.ID, &p.Name, &p.Role, &p.CoopID, &p.Coop)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if p.Role == bot.Anyone && p.CoopID != 0 {
		p.Role = bot.Member
	}
	return p, err
}

// Know returns the number of the person behind an account, making a record of
// them if there is none yet.
func (db *DB) Know(ctx context.Context, site string, u bot.User) (id int64, err error) {
	p, err := db.Person(ctx, site, u)
	if err != nil || p.ID != 0 {
		return p.ID, err
	}
	err = db.QueryRow(ctx, `INSERT INTO person (name) VALUES ($1) RETURNING id`, u.Name).Scan(&id)
	if err != nil {
		return 0, err
	}
	_, err = db.Exec(ctx, `INSERT INTO account (site, user, person) VALUES ($1, $2, $3)`, AccountSite(site), u.ID, id)
	return id, err
}

// SetCoop lets a person act for a co-op, or for none if coop is 0.
func (db *DB) SetCoop(ctx context.Context, person, coop int64) error {
	_, err := db.Exec(ctx, `UPDATE person SET coop = nullif($2, 0) WHERE id = $1`, person, coop)
	return err
}

// SetRole gives a person a role.
func (db *DB) SetRole(ctx context.Context, person int64, role bot.Role) error {
	_, err := db.Exec(ctx, `UPDATE person SET role = $2 WHERE id = $1`, person, role)
	return err
}

func (db *DB) knowRoom(ctx context.Context, r bot.RoomInfo) error {
	_, err := db.Exec(ctx, `
		INSERT INTO room (site, id, name, person, encrypted, joined_at, left_at)
		VALUES ($1, $2, $3, $4, $5, unixepoch(), CASE WHEN $6 THEN unixepoch() END)
		ON CONFLICT (site, id) DO UPDATE SET
			name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE name END,
			person = CASE WHEN excluded.person <> '' THEN excluded.person ELSE person END,
			encrypted = encrypted OR excluded.encrypted,
			left_at = excluded.left_at`,
		r.Room.Site, r.Room.ID, r.Name, r.Direct, r.Encrypted, r.Left)
	return err
}
