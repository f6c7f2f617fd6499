package storage

import (
	"context"
	"fmt"
	"slices"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
)

// ConfigureCoordinators makes the people behind these accounts coordinators,
// because the configuration says so. Those whom it named at an earlier start
// and no longer does lose the role; coordinators by other ways keep it.
func (db *DB) ConfigureCoordinators(ctx context.Context, accounts []Account) error {
	return db.Do(ctx, func(ctx context.Context) error {
		named, err := rows(ctx, db, func(row dbutil.Scannable) (a Account, err error) {
			err = row.Scan(&a.Site, &a.User)
			return a, err
		}, `SELECT site, user FROM configured`)
		if err != nil {
			return fmt.Errorf("storage: configured coordinators: %w", err)
		}
		for _, a := range named {
			stays := slices.ContainsFunc(accounts, func(b Account) bool { return a.Site == b.Site && a.User == b.User })
			if stays {
				continue
			}
			if err := db.unconfigure(ctx, a); err != nil {
				return fmt.Errorf("storage: %s is no longer a coordinator: %w", a.User, err)
			}
		}
		for _, a := range accounts {
			if err := db.configure(ctx, a); err != nil {
				return fmt.Errorf("storage: %s is a coordinator: %w", a.User, err)
			}
		}
		return nil
	})
}

func (db *DB) configure(ctx context.Context, a Account) error {
	id, err := db.Know(ctx, a.Site, bot.User{ID: a.User, Name: a.User})
	if err != nil {
		return err
	}
	if err := db.SetRole(ctx, id, bot.Coordinator); err != nil {
		return err
	}
	_, err = db.Exec(ctx, `INSERT INTO configured (site, user) VALUES ($1, $2) ON CONFLICT DO NOTHING`, a.Site, a.User)
	return err
}

func (db *DB) unconfigure(ctx context.Context, a Account) error {
	if _, err := db.Exec(ctx, `DELETE FROM configured WHERE site = $1 AND user = $2`, a.Site, a.User); err != nil {
		return err
	}
	p, err := db.Person(ctx, a.Site, bot.User{ID: a.User})
	if err != nil || p.ID == 0 || p.Role != bot.Coordinator {
		return err
	}
	return db.SetRole(ctx, p.ID, bot.Anyone)
}
