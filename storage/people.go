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

// AccountSite returns the site whose accounts are used on another: a forum's
// chat has the accounts of the forum.
func AccountSite(site string) string {
	if name, ok := strings.CutPrefix(site, "chat/"); ok {
		return "discourse/" + name
	}
	return site
}

// Person implements [bot.Memory]. The tables that it reads are those of the
// part people, so that a person is kept until any of them changes.
func (db *DB) Person(ctx context.Context, site string, u bot.User) (bot.Person, error) {
	edition, err := db.editionOf(ctx, people)
	if err != nil {
		return bot.Person{}, err
	}
	account := Account{Site: AccountSite(site), User: u.ID}
	p, ok := db.persons.get(account, edition)
	if !ok {
		if p, err = db.personOf(ctx, account); err != nil {
			return bot.Person{}, err
		}
		db.persons.put(account, edition, p)
	}
	if p.ID == 0 {
		p.Name = u.Name
	}
	return p, nil
}

// personOf reads who has an account; the zero person is nobody we have a record of.
func (db *DB) personOf(ctx context.Context, a Account) (p bot.Person, err error) {
	err = db.QueryRow(ctx, `
		SELECT p.id, p.name, p.role, coalesce(c.id, 0), coalesce(c.name, '')
		FROM account AS a
		JOIN person AS p ON p.id = a.person
		LEFT JOIN coop AS c ON c.id = p.coop
		WHERE a.site = $1 AND a.user = $2`, a.Site, a.User).Scan(&p.ID, &p.Name, &p.Role, &p.CoopID, &p.Coop)
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
	if err != nil || r.Upgraded == "" || r.Upgraded == r.Room.ID {
		return err
	}
	return db.moveRoom(ctx, r.Room.Site, r.Room.ID, r.Upgraded)
}

// An Account is a person as one site knows them.
type Account struct {
	Site, User string
	Person     int64
	Name       string
}

func scanAccount(row dbutil.Scannable) (a Account, err error) {
	err = row.Scan(&a.Site, &a.User, &a.Person, &a.Name)
	return a, err
}

const accountQuery = `SELECT a.site, a.user, a.person, p.name FROM account AS a JOIN person AS p ON p.id = a.person WHERE `

// AccountsFor returns the accounts of the people who act for a co-op.
func (db *DB) AccountsFor(ctx context.Context, coop int64) ([]Account, error) {
	return rows(ctx, db, scanAccount, accountQuery+`p.coop = $1 ORDER BY p.id, a.site`, coop)
}

// AccountsWith returns the accounts of people with a role or a higher one.
func (db *DB) AccountsWith(ctx context.Context, role bot.Role) ([]Account, error) {
	return rows(ctx, db, scanAccount, accountQuery+`p.role >= $1 ORDER BY p.id, a.site`, role)
}

// Accounts returns a person's accounts.
func (db *DB) Accounts(ctx context.Context, person int64) ([]Account, error) {
	return rows(ctx, db, scanAccount, accountQuery+`p.id = $1 ORDER BY a.site`, person)
}

// Link makes an account another one of a person's.
func (db *DB) Link(ctx context.Context, site, user string, person int64) error {
	_, err := db.Exec(ctx, `
		INSERT INTO account (site, user, person) VALUES ($1, $2, $3)
		ON CONFLICT (site, user) DO UPDATE SET person = excluded.person`, AccountSite(site), user, person)
	return err
}

// Unlink takes an account away from its person.
func (db *DB) Unlink(ctx context.Context, site, user string) error {
	_, err := db.Exec(ctx, `DELETE FROM account WHERE site = $1 AND user = $2`, AccountSite(site), user)
	return err
}

// SetLinkCode remembers a one-time code of an account, in place of its earlier ones.
func (db *DB) SetLinkCode(ctx context.Context, code, site, user string, until time.Time) error {
	if _, err := db.Exec(ctx, `DELETE FROM link_code WHERE site = $1 AND user = $2`, AccountSite(site), user); err != nil {
		return err
	}
	_, err := db.Exec(ctx, `INSERT INTO link_code (code, site, user, until) VALUES ($1, $2, $3, $4)`, code, AccountSite(site), user, until.Unix())
	return err
}

// UseLinkCode returns whose code it is and forgets it, or [ErrNotFound].
func (db *DB) UseLinkCode(ctx context.Context, code string, now time.Time) (site, user string, err error) {
	err = db.QueryRow(ctx, `DELETE FROM link_code WHERE code = $1 AND until >= $2 RETURNING site, user`, code, now.Unix()).Scan(&site, &user)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return site, user, err
}

// ForgetPerson erases who a person was. What they did stays in the audit log
// under their number, which nothing leads back from. It returns how many
// accounts and log rows lost a name.
func (db *DB) ForgetPerson(ctx context.Context, site string, u bot.User) (cleared int64, err error) {
	p, err := db.Person(ctx, site, u)
	if err != nil {
		return 0, err
	}
	accounts := []Account{{Site: AccountSite(site), User: u.ID}}
	if p.ID != 0 {
		if accounts, err = db.Accounts(ctx, p.ID); err != nil {
			return 0, err
		}
	}
	return cleared, db.Do(ctx, func(ctx context.Context) error {
		for _, a := range accounts {
			n, err := db.forgetAccount(ctx, a)
			if err != nil {
				return err
			}
			cleared += n
		}
		if p.ID == 0 {
			return nil
		}
		_, err := db.Exec(ctx, `UPDATE person SET name = '', coop = NULL, role = 0 WHERE id = $1`, p.ID)
		return err
	})
}

func (db *DB) forgetAccount(ctx context.Context, a Account) (cleared int64, err error) {
	chat := a.Site
	if name, ok := strings.CutPrefix(a.Site, "discourse/"); ok {
		chat = "chat/" + name
	}
	for _, query := range []string{
		`DELETE FROM account WHERE site = $1 AND user = $3 AND $2 <> ''`,
		`DELETE FROM link_code WHERE site = $1 AND user = $3 AND $2 <> ''`,
		`DELETE FROM configured WHERE site = $1 AND user = $3 AND $2 <> ''`,
		`DELETE FROM capacity_prompt WHERE site IN ($1, $2) AND user = $3`,
		`DELETE FROM question WHERE site IN ($1, $2) AND user = $3`,
		`UPDATE audit SET undo_name = '', undo_data = '' WHERE site IN ($1, $2) AND user = $3 AND undo_name = 'link.cut'`,
		`UPDATE audit SET user = '' WHERE site IN ($1, $2) AND user = $3`,
		`UPDATE outbox SET text = '' WHERE text <> '' AND state <> 'owed' AND EXISTS (
			SELECT 1 FROM inbox AS i WHERE i.site IN ($1, $2) AND i.sender = $3
			AND substr(outbox.key, 1, length(i.site) + length(i.id) + 9) = 'answer/' || i.site || '/' || i.id || '/')`,
		`UPDATE inbox SET text = '', sender = '', sender_name = '' WHERE site IN ($1, $2) AND sender = $3`,
		`UPDATE outbox SET text = '', person = '' WHERE site IN ($1, $2) AND person = $3 AND state <> 'owed'`,
		`UPDATE room SET person = '', name = '' WHERE site IN ($1, $2) AND person = $3`,
	} {
		res, err := db.Exec(ctx, query, a.Site, chat, a.User)
		if err != nil {
			return cleared, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return cleared, err
		}
		cleared += n
	}
	return cleared, nil
}
