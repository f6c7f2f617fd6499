package storage

import (
	"context"
	"database/sql"
	"errors"

	"go.mau.fi/util/dbutil"
)

// A Coop is a co-op as the directory knows it.
type Coop struct {
	ID         int64
	Name       string
	Slug       string
	Website    string
	Town       string
	Status     string // listed, former, mentioned
	DelistedOn string // 2025-06-12, "" if unknown
	Members    int    // 0 if unknown
	SkillsAsOf string
	Source     string
}

const coopColumns = `coop.id, coop.name, coop.slug, coop.website, coop.town, coop.status, coop.delisted_on, coop.members, coop.skills_as_of, coop.source`

func scanCoop(row dbutil.Scannable) (c Coop, err error) {
	err = row.Scan(c.fields()...)
	return c, err
}

func (c *Coop) fields() []any {
	return []any{&c.ID, &c.Name, &c.Slug, &c.Website, &c.Town, &c.Status, &c.DelistedOn, &c.Members, &c.SkillsAsOf, &c.Source}
}

// EnsureCoop returns the number of the co-op with this name, listing it if
// there is none.
func (db *DB) EnsureCoop(ctx context.Context, name string) (id int64, err error) {
	err = db.QueryRow(ctx, `
		INSERT INTO coop (name, status) VALUES ($1, 'listed')
		ON CONFLICT (name) DO UPDATE SET name = name
		RETURNING id`, name).Scan(&id)
	return id, err
}

// SaveCoop writes a co-op, found by its number, or by its name if it has none
// yet, and returns its number.
func (db *DB) SaveCoop(ctx context.Context, c Coop) (id int64, err error) {
	if c.ID != 0 {
		_, err = db.Exec(ctx, `
			UPDATE coop SET name = $2, slug = $3, website = $4, town = $5, status = $6, delisted_on = $7, members = $8, skills_as_of = $9, source = $10
			WHERE id = $1`, c.ID, c.Name, c.Slug, c.Website, c.Town, c.Status, c.DelistedOn, c.Members, c.SkillsAsOf, c.Source)
		return c.ID, err
	}
	err = db.QueryRow(ctx, `
		INSERT INTO coop (name, slug, website, town, status, delisted_on, members, skills_as_of, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (name) DO UPDATE SET slug = excluded.slug, website = excluded.website, town = excluded.town,
			status = excluded.status, delisted_on = excluded.delisted_on, members = excluded.members,
			skills_as_of = excluded.skills_as_of, source = excluded.source
		RETURNING id`,
		c.Name, c.Slug, c.Website, c.Town, c.Status, c.DelistedOn, c.Members, c.SkillsAsOf, c.Source).Scan(&id)
	return id, err
}

// DropCoop removes a co-op and what it does. It is for undoing an import;
// a co-op that leaves becomes former instead. One that the fund's books name
// is only off the list: nothing is taken out of the books.
func (db *DB) DropCoop(ctx context.Context, id int64) error {
	for _, query := range []string{
		`DELETE FROM coop_skill WHERE coop = $1`,
		`UPDATE coop SET status = 'mentioned' WHERE id = $1`,
		`DELETE FROM coop WHERE id = $1
			AND NOT EXISTS (SELECT 1 FROM fund_entry WHERE coop = $1) AND NOT EXISTS (SELECT 1 FROM fund_proposal WHERE owner = $1)`,
	} {
		if _, err := db.Exec(ctx, query, id); err != nil {
			return err
		}
	}
	return nil
}

// Coop returns a co-op by its number, or [ErrNotFound].
func (db *DB) Coop(ctx context.Context, id int64) (Coop, error) {
	edition, err := db.editionOf(ctx, directory)
	if err != nil {
		return Coop{}, err
	}
	if c, ok := db.coops.get(id, edition); ok {
		return c, nil
	}
	c, err := scanCoop(db.QueryRow(ctx, `SELECT `+coopColumns+` FROM coop WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err == nil {
		db.coops.put(id, edition, c)
	}
	return c, err
}

// Coops returns every co-op by name.
func (db *DB) Coops(ctx context.Context) ([]Coop, error) {
	return rows(ctx, db, scanCoop, `SELECT `+coopColumns+` FROM coop ORDER BY name`)
}

// CoopAliases returns the other names of co-ops: what each is called to its number.
func (db *DB) CoopAliases(ctx context.Context) (map[string]int64, error) {
	found, err := db.Query(ctx, `SELECT alias, coop FROM coop_alias`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	names := map[string]int64{}
	for found.Next() {
		var name string
		var id int64
		if err := found.Scan(&name, &id); err != nil {
			return nil, err
		}
		names[name] = id
	}
	return names, found.Err()
}

// NameCoop gives a co-op another name. The key is the name as it is compared.
func (db *DB) NameCoop(ctx context.Context, key, alias string, coop int64) error {
	_, err := db.Exec(ctx, `
		INSERT INTO coop_alias (key, alias, coop) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET alias = excluded.alias, coop = excluded.coop`, key, alias, coop)
	return err
}

// UnnameCoop takes another name away again.
func (db *DB) UnnameCoop(ctx context.Context, key string) error {
	_, err := db.Exec(ctx, `DELETE FROM coop_alias WHERE key = $1`, key)
	return err
}

// ActsFor counts the people who act for a co-op.
func (db *DB) ActsFor(ctx context.Context, coop int64) (n int, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) FROM person WHERE coop = $1`, coop).Scan(&n)
	return n, err
}
