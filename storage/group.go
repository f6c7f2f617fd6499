package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// A Group is a working group: a circle, a strategy group, a project with an
// end, a board, a rota, or the network's call.
type Group struct {
	ID      int64
	Slug    string // the word people type for it: "csd"
	Name    string
	Kind    string // "circle", "strategy", "project", "board", "rota", "call"
	Purpose string
	Zone    string // "Europe/London", "": the network's
	Nation  string // whose bank holidays, "": the network's
	Cadence int    // days between meetings, 0 if not agreed
	Quorum  int    // people, or co-ops for a call; 0 if not agreed
	EndsOn  string // 2026-06-30
	State   string // "open", "resting", "closed"
	Until   string // it rests until that day
	Merged  int64  // the group that took it in
	Made    time.Time
	Closed  time.Time
}

const groupColumns = `id, slug, name, kind, purpose, zone, nation, cadence, quorum, ends_on, state, until_day, coalesce(merged, 0), made_at, coalesce(closed_at, 0)`

func scanGroup(row dbutil.Scannable) (g Group, err error) {
	var made, closed int64
	err = row.Scan(&g.ID, &g.Slug, &g.Name, &g.Kind, &g.Purpose, &g.Zone, &g.Nation, &g.Cadence, &g.Quorum, &g.EndsOn, &g.State, &g.Until, &g.Merged, &made, &closed)
	g.Made = time.Unix(made, 0).UTC()
	if closed != 0 {
		g.Closed = time.Unix(closed, 0).UTC()
	}
	return g, err
}

func oneGroup(row *sql.Row) (Group, bool, error) {
	g, err := scanGroup(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Group{}, false, nil
	}
	return g, err == nil, err
}

// SaveGroup writes a group, a new one if its ID is 0, and returns its ID.
func (db *DB) SaveGroup(ctx context.Context, g Group) (id int64, err error) {
	var closed any
	if !g.Closed.IsZero() {
		closed = g.Closed.Unix()
	}
	if g.State == "" {
		g.State = "open"
	}
	err = db.QueryRow(ctx, `
		INSERT INTO working_group (id, slug, name, kind, purpose, zone, nation, cadence, quorum, ends_on, state, until_day, merged, made_at, closed_at)
		VALUES (nullif($1, 0), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nullif($13, 0), $14, $15)
		ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, kind = excluded.kind, purpose = excluded.purpose,
			zone = excluded.zone, nation = excluded.nation, cadence = excluded.cadence, quorum = excluded.quorum, ends_on = excluded.ends_on,
			state = excluded.state, until_day = excluded.until_day, merged = excluded.merged, closed_at = excluded.closed_at
		RETURNING id`,
		g.ID, g.Slug, g.Name, g.Kind, g.Purpose, g.Zone, g.Nation, g.Cadence, g.Quorum, g.EndsOn, g.State, g.Until, g.Merged, g.Made.Unix(), closed).Scan(&id)
	return id, err
}

// Group returns a group by its ID.
func (db *DB) Group(ctx context.Context, id int64) (Group, bool, error) {
	return oneGroup(db.QueryRow(ctx, `SELECT `+groupColumns+` FROM working_group WHERE id = $1`, id))
}

// GroupNamed returns a group by its slug or its whole name, in any case.
func (db *DB) GroupNamed(ctx context.Context, word string) (Group, bool, error) {
	return oneGroup(db.QueryRow(ctx, `SELECT `+groupColumns+` FROM working_group WHERE slug = $1 OR name = $1 ORDER BY slug = $1 DESC, state = 'closed', id LIMIT 1`, word))
}

// GroupAt returns the group that talks in a room.
func (db *DB) GroupAt(ctx context.Context, room bot.Room) (Group, bool, error) {
	return oneGroup(db.QueryRow(ctx, `SELECT `+groupColumns+` FROM working_group
		WHERE id = (SELECT grp FROM group_place WHERE site = $1 AND room = $2)`, room.Site, room.ID))
}

// Groups returns all groups, the closed ones last, by name.
func (db *DB) Groups(ctx context.Context) ([]Group, error) {
	return rows(ctx, db, scanGroup, `SELECT `+groupColumns+` FROM working_group ORDER BY state = 'closed', name, id`)
}

// A Place is where a group talks.
type Place struct {
	Room  bot.Room // ID may be "category/5" or "tag/events" on a forum
	Group int64
	At    time.Time
}

// BindPlace gives a place to a group, taking it from another that had it.
func (db *DB) BindPlace(ctx context.Context, p Place) error {
	_, err := db.Exec(ctx, `
		INSERT INTO group_place (site, room, grp, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (site, room) DO UPDATE SET grp = excluded.grp, at = excluded.at`, p.Room.Site, p.Room.ID, p.Group, p.At.Unix())
	return err
}

// UnbindPlace takes a place from the group that has it.
func (db *DB) UnbindPlace(ctx context.Context, room bot.Room) error {
	_, err := db.Exec(ctx, `DELETE FROM group_place WHERE site = $1 AND room = $2`, room.Site, room.ID)
	return err
}

// Places returns where a group talks, the first bound first.
func (db *DB) Places(ctx context.Context, group int64) ([]Place, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (p Place, err error) {
		var at int64
		err = row.Scan(&p.Room.Site, &p.Room.ID, &p.Group, &at)
		p.At = time.Unix(at, 0).UTC()
		return p, err
	}, `SELECT site, room, grp, at FROM group_place WHERE grp = $1 ORDER BY at, site, room`, group)
}

// A GroupMember is a person in a group.
type GroupMember struct {
	Group, Person int64
	Name          string
	Coop          string // "" if they act for none
	Role          string // "member", "deputy", "convenor"
	At            time.Time
}

func scanGroupMember(row dbutil.Scannable) (m GroupMember, err error) {
	var at int64
	err = row.Scan(&m.Group, &m.Person, &m.Name, &m.Coop, &m.Role, &at)
	m.At = time.Unix(at, 0).UTC()
	return m, err
}

const groupMemberQuery = `
	SELECT m.grp, m.person, p.name, coalesce(c.name, ''), m.role, m.at
	FROM group_member AS m JOIN person AS p ON p.id = m.person LEFT JOIN coop AS c ON c.id = p.coop `

// SetGroupMember makes a person a member, deputy or convenor of a group.
func (db *DB) SetGroupMember(ctx context.Context, group, person int64, role string, at time.Time) error {
	_, err := db.Exec(ctx, `
		INSERT INTO group_member (grp, person, role, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (grp, person) DO UPDATE SET role = excluded.role`, group, person, role, at.Unix())
	return err
}

// DropGroupMember takes a person out of a group.
func (db *DB) DropGroupMember(ctx context.Context, group, person int64) error {
	_, err := db.Exec(ctx, `DELETE FROM group_member WHERE grp = $1 AND person = $2`, group, person)
	return err
}

// GroupMembers returns who is in a group: convenor, deputies, then the others
// in the order in which they joined.
func (db *DB) GroupMembers(ctx context.Context, group int64) ([]GroupMember, error) {
	return rows(ctx, db, scanGroupMember, groupMemberQuery+`WHERE m.grp = $1
		ORDER BY CASE m.role WHEN 'convenor' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END, m.at, m.person`, group)
}

// GroupRole returns what a person is in a group: "" for nothing.
func (db *DB) GroupRole(ctx context.Context, group, person int64) (role string, err error) {
	err = db.QueryRow(ctx, `SELECT role FROM group_member WHERE grp = $1 AND person = $2`, group, person).Scan(&role)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return role, err
}

// GroupsOf returns a person's groups.
func (db *DB) GroupsOf(ctx context.Context, person int64) ([]GroupMember, error) {
	return rows(ctx, db, scanGroupMember, groupMemberQuery+`WHERE m.person = $1 ORDER BY m.grp`, person)
}

// A GroupLink says where a group keeps something.
type GroupLink struct {
	Group     int64
	What, URL string
}

// SetGroupLink remembers where a group keeps something; an empty URL forgets it.
func (db *DB) SetGroupLink(ctx context.Context, l GroupLink, at time.Time) error {
	if l.URL == "" {
		_, err := db.Exec(ctx, `DELETE FROM group_link WHERE grp = $1 AND what = $2`, l.Group, l.What)
		return err
	}
	_, err := db.Exec(ctx, `
		INSERT INTO group_link (grp, what, url, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (grp, what) DO UPDATE SET url = excluded.url, at = excluded.at`, l.Group, l.What, l.URL, at.Unix())
	return err
}

// GroupLinks returns where a group keeps its things, by name.
func (db *DB) GroupLinks(ctx context.Context, group int64) ([]GroupLink, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (l GroupLink, err error) {
		return l, row.Scan(&l.Group, &l.What, &l.URL)
	}, `SELECT grp, what, url FROM group_link WHERE grp = $1 ORDER BY what`, group)
}
