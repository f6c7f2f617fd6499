package matrix

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix/id"
)

//go:embed upgrades/*.sql
var upgradeFiles embed.FS

var upgrades = dbutil.BuildUpgradeTable().WithFSPath(upgradeFiles, "upgrades").Finish()

// versionTable says which upgrades have run.
const versionTable = "wortley_matrix_version"

// Private are the beginnings of the names of tables that hold a device's
// keys and login, or what is only true for that device. A backup leaves them
// out: an old copy of them breaks encryption, and without them the bot logs
// in as a new device.
var Private = []string{"matrix_", "crypto_", "mx_", versionTable}

// A device is the login of the bot. Its keys are stored under its ID.
type device struct {
	user       id.UserID
	device     id.DeviceID
	token      string // "" if it is not logged in
	firstLogin time.Time
}

// device returns the stored device, ok false if there is none.
func (t *Transport) device(ctx context.Context) (d device, ok bool, err error) {
	var at int64
	err = t.db.QueryRow(ctx, `SELECT user, device, token, first_login FROM matrix_device`).Scan(&d.user, &d.device, &d.token, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	d.firstLogin = time.UnixMilli(at)
	return d, err == nil, err
}

// saveDevice stores a device; the time of the first login stays.
func (t *Transport) saveDevice(ctx context.Context, d device) error {
	_, err := t.db.Exec(ctx, `
		INSERT INTO matrix_device (one, user, device, token, first_login) VALUES (1, $1, $2, $3, $4)
		ON CONFLICT (one) DO UPDATE SET user = excluded.user, device = excluded.device, token = excluded.token`,
		d.user, d.device, d.token, d.firstLogin.UnixMilli())
	if err != nil {
		return fmt.Errorf("save the device: %w", err)
	}
	return nil
}
