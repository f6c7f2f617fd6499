package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"go.mau.fi/util/dbutil"
)

// A Skill is something that co-ops do or use.
type Skill struct {
	ID   int64
	Key  string
	Name string
	Kind string // service, technology, group
}

// An Owner is a co-op with a skill.
type Owner struct {
	Coop
	Skill     int64
	SkillName string
	SkillKind string
	Level     string // expert, can do, learning, or ""
	AsOf      string // 2025-06-30
	From      string // who said so
}

func scanSkill(row dbutil.Scannable) (s Skill, err error) {
	err = row.Scan(&s.ID, &s.Key, &s.Name, &s.Kind)
	return s, err
}

// SkillByKey returns the skill with this key, or that accepted alias, or [ErrNotFound].
func (db *DB) SkillByKey(ctx context.Context, key string) (Skill, error) {
	s, err := scanSkill(db.QueryRow(ctx, `SELECT id, key, name, kind FROM skill WHERE key = $1`, key))
	if errors.Is(err, sql.ErrNoRows) {
		s, err = scanSkill(db.QueryRow(ctx, `
			SELECT s.id, s.key, s.name, s.kind FROM skill_alias AS a JOIN skill AS s ON s.id = a.skill
			WHERE a.key = $1 AND a.accepted`, key))
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return s, err
}

// EnsureSkill returns the skill with this key, adding it if there is none.
func (db *DB) EnsureSkill(ctx context.Context, key, name, kind string) (id int64, err error) {
	err = db.QueryRow(ctx, `SELECT id FROM skill WHERE key = $1`, key).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = db.QueryRow(ctx, `INSERT INTO skill (key, name, kind) VALUES ($1, $2, $3) RETURNING id`, key, name, kind).Scan(&id)
	}
	return id, err
}

// Skills returns every skill by name.
func (db *DB) Skills(ctx context.Context) ([]Skill, error) {
	return rows(ctx, db, scanSkill, `SELECT id, key, name, kind FROM skill ORDER BY name`)
}

// SkillsMark returns a number that is another one when there are other skills.
func (db *DB) SkillsMark(ctx context.Context) (mark int64, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce(max(id), 0) * 1000003 + count(*) FROM skill`).Scan(&mark)
	return mark, err
}

// numbers writes a list of numbers for an IN clause: our own, never text.
func numbers(ids []int64) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, id)
	}
	return b.String()
}

// OwnerCount returns how many co-ops have one of the skills: current ones, or
// former and merely mentioned ones.
func (db *DB) OwnerCount(ctx context.Context, skills []int64, former bool) (n int, err error) {
	if len(skills) == 1 {
		err = db.QueryRow(ctx, `SELECT count(*) FROM coop_skill WHERE skill = $1 AND former = $2`, skills[0], former).Scan(&n)
		return n, err
	}
	err = db.QueryRow(ctx, `SELECT count(DISTINCT coop) FROM coop_skill WHERE skill IN (`+numbers(skills)+`) AND former = $1`, former).Scan(&n)
	return n, err
}

const ownerQuery = `
	SELECT ` + coopColumns + `, cs.skill, skill.name, skill.kind, cs.level, cs.as_of, cs.source
	FROM coop_skill AS cs
	JOIN coop ON coop.id = cs.coop
	JOIN skill ON skill.id = cs.skill
	WHERE `

func scanOwner(row dbutil.Scannable) (o Owner, err error) {
	err = row.Scan(append(o.Coop.fields(), &o.Skill, &o.SkillName, &o.SkillKind, &o.Level, &o.AsOf, &o.From)...)
	return o, err
}

// Owners returns the co-ops that have one of the skills, a row for each skill.
func (db *DB) Owners(ctx context.Context, skills []int64, former bool) ([]Owner, error) {
	return rows(ctx, db, scanOwner, ownerQuery+`cs.skill IN (`+numbers(skills)+`) AND cs.former = $1 ORDER BY cs.coop, cs.skill`, former)
}

// A Rank is what the order of a skill's owners depends on, and what is said
// of the skill.
type Rank struct {
	Coop  int64
	Level string
	AsOf  string
}

// Ranks returns the owners of one skill, from the index alone: up to limit of
// them, beginning with the first co-op whose number is not below from, and
// going round at the end.
func (db *DB) Ranks(ctx context.Context, skill int64, former bool, from int64, limit int) ([]Rank, error) {
	scan := func(row dbutil.Scannable) (r Rank, err error) {
		err = row.Scan(&r.Coop, &r.Level, &r.AsOf)
		return r, err
	}
	found, err := rows(ctx, db, scan, `
		SELECT coop, level, as_of FROM coop_skill
		WHERE skill = $1 AND former = $2 AND coop >= $3 ORDER BY coop LIMIT $4`, skill, former, from, limit)
	if err != nil || len(found) == limit || from == 0 {
		return found, err
	}
	more, err := rows(ctx, db, scan, `
		SELECT coop, level, as_of FROM coop_skill
		WHERE skill = $1 AND former = $2 AND coop < $3 ORDER BY coop LIMIT $4`, skill, former, from, limit-len(found))
	return append(found, more...), err
}

// LastCoop returns the highest number of a co-op.
func (db *DB) LastCoop(ctx context.Context) (id int64, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce(max(id), 0) FROM coop`).Scan(&id)
	return id, err
}

// SkillsOf returns what a co-op does, by name.
func (db *DB) SkillsOf(ctx context.Context, coop int64) ([]Owner, error) {
	return rows(ctx, db, scanOwner, ownerQuery+`cs.coop = $1 ORDER BY skill.kind, skill.name`, coop)
}

// SkillsOfMany returns what several co-ops do.
func (db *DB) SkillsOfMany(ctx context.Context, coops []int64) ([]Owner, error) {
	return rows(ctx, db, scanOwner, ownerQuery+`cs.coop IN (`+numbers(coops)+`) ORDER BY cs.coop, skill.kind, skill.name`)
}

// A Can says that a co-op has a skill.
type Can struct {
	Skill, Coop int64
	Level       string
	AsOf        string
	From        string
}

// SetSkill says that a co-op has a skill, or changes what is said of it.
func (db *DB) SetSkill(ctx context.Context, c Can) error {
	_, err := db.Exec(ctx, `
		INSERT INTO coop_skill (skill, former, coop, level, as_of, source)
		VALUES ($1, (SELECT status <> 'listed' FROM coop WHERE id = $2), $2, $3, $4, $5)
		ON CONFLICT (skill, former, coop) DO UPDATE SET level = excluded.level, as_of = excluded.as_of, source = excluded.source`,
		c.Skill, c.Coop, c.Level, c.AsOf, c.From)
	return err
}

// GetSkill returns what is said of a co-op's skill, or [ErrNotFound].
func (db *DB) GetSkill(ctx context.Context, skill, coop int64) (c Can, err error) {
	c.Skill, c.Coop = skill, coop
	err = db.QueryRow(ctx, `SELECT level, as_of, source FROM coop_skill WHERE skill = $1 AND coop = $2`, skill, coop).Scan(&c.Level, &c.AsOf, &c.From)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return c, err
}

// DropSkill says that a co-op no longer has a skill.
func (db *DB) DropSkill(ctx context.Context, skill, coop int64) error {
	_, err := db.Exec(ctx, `DELETE FROM coop_skill WHERE skill = $1 AND coop = $2`, skill, coop)
	return err
}

// DropSkills removes all that a co-op does.
func (db *DB) DropSkills(ctx context.Context, coop int64) error {
	_, err := db.Exec(ctx, `DELETE FROM coop_skill WHERE coop = $1`, coop)
	return err
}

// An Alias is another word for a skill.
type Alias struct {
	Key, Alias string
	Skill      int64
	SkillName  string
	Accepted   bool
}

// Aliases returns the words that people added, or suggested if accepted is false.
func (db *DB) Aliases(ctx context.Context, accepted bool) ([]Alias, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (a Alias, err error) {
		err = row.Scan(&a.Key, &a.Alias, &a.Skill, &a.SkillName, &a.Accepted)
		return a, err
	}, `SELECT a.key, a.alias, a.skill, s.name, a.accepted FROM skill_alias AS a JOIN skill AS s ON s.id = a.skill
		WHERE a.accepted = $1 ORDER BY a.alias`, accepted)
}

// SetAlias adds or changes another word for a skill.
func (db *DB) SetAlias(ctx context.Context, a Alias) error {
	_, err := db.Exec(ctx, `
		INSERT INTO skill_alias (key, alias, skill, accepted, at) VALUES ($1, $2, $3, $4, unixepoch())
		ON CONFLICT (key) DO UPDATE SET alias = excluded.alias, skill = excluded.skill, accepted = excluded.accepted`,
		a.Key, a.Alias, a.Skill, a.Accepted)
	return err
}

// DropAlias removes another word for a skill.
func (db *DB) DropAlias(ctx context.Context, key string) error {
	_, err := db.Exec(ctx, `DELETE FROM skill_alias WHERE key = $1`, key)
	return err
}
