package storage

import (
	"context"
	"time"

	"go.mau.fi/util/dbutil"
)

// A Bounce is an address that a relay said at once does not exist.
type Bounce struct {
	Address string
	Times   int
	Last    time.Time
	Note    string // what the relay said last
}

// Bounces returns the addresses to which mail could not be delivered, those
// that failed most often first, as far as the outbox remembers.
func (db *DB) Bounces(ctx context.Context) ([]Bounce, error) {
	return rows(ctx, db, func(row dbutil.Scannable) (b Bounce, err error) {
		var at int64
		err = row.Scan(&b.Address, &b.Times, &at, &b.Note)
		b.Last = time.UnixMilli(at).UTC()
		return b, err
	}, `SELECT person, count(*), max(sent_at), note FROM outbox
		WHERE site = 'mail' AND state = 'given up' AND note LIKE 'bounced: %' AND person <> ''
		GROUP BY person ORDER BY 2 DESC, 3 DESC`)
}
