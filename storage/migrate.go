package storage

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"

	"go.mau.fi/util/dbutil"
)

// ErrNewer is returned for a file of a later version of the program.
var ErrNewer = errors.New("this file was written by a newer Wortley")

//go:embed migrations/*.sql
var migrations embed.FS

var upgrades = dbutil.BuildUpgradeTable().WithFSPath(migrations, "migrations").Finish()

// versionTable says which migrations have run.
const versionTable = "wortley_version"

// migrate brings the schema up to date. Before it changes a file that is in
// use, it copies it to the same name with ".before-vN" added.
func (db *DB) migrate(ctx context.Context, asIs bool) error {
	child := db.Child(versionTable, upgrades, nil)
	version, err := db.schemaVersion(ctx)
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	if version > len(upgrades) {
		return fmt.Errorf("storage: %w (schema %d, this one knows %d): please install that version again, or restore an older backup", ErrNewer, version, len(upgrades))
	}
	if asIs && version < len(upgrades) {
		return fmt.Errorf("storage: this file was written by an older Wortley (schema %d, this one knows %d), and may be in use: start the bot with this version first", version, len(upgrades))
	}
	if version > 0 && version < len(upgrades) && db.Path != "" {
		if err := db.copyBefore(ctx, version); err != nil {
			return err
		}
	}
	if err := child.Upgrade(ctx); err != nil {
		if errors.Is(err, dbutil.ErrUnsupportedDatabaseVersion) {
			return fmt.Errorf("storage: %w: %w", ErrNewer, err)
		}
		return fmt.Errorf("storage: upgrade the schema: %w", err)
	}
	return nil
}

func (db *DB) schemaVersion(ctx context.Context) (version int, err error) {
	exists, err := db.TableExists(ctx, versionTable)
	if err != nil || !exists {
		return 0, err
	}
	err = db.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM "+versionTable).Scan(&version)
	return version, err
}

func (db *DB) copyBefore(ctx context.Context, version int) error {
	copied := fmt.Sprintf("%s.before-v%d", db.Path, version+1)
	if err := os.Remove(copied); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("storage: copy before upgrading: %w", err)
	}
	if _, err := db.Exec(ctx, "VACUUM INTO $1", copied); err != nil {
		return fmt.Errorf("storage: copy before upgrading: %w", err)
	}
	return os.Chmod(copied, 0o600)
}
