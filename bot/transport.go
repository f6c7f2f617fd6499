package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"
)

// A Transport carries messages and posts between a site and the bot.
type Transport interface {
	// Name is the site, as in [Room].Site. One transport may serve several
	// sites whose names begin with its own and a slash.
	Name() string

	// Receive calls deliver with what is new and the position after it,
	// until ctx ends or it can go on no longer. It asks for more only when
	// deliver returned nil; after an error it starts again at the last
	// position that was delivered. A send-only transport uses [SendOnly].
	Receive(ctx context.Context, from string, deliver func(ctx context.Context, b Batch) error) error

	// Send says a post and returns the ID the site gave it. A post whose
	// Tries is above 1 may have been said before: look first. Send may be
	// called from several goroutines, never for one room at a time.
	Send(ctx context.Context, p Post) (id string, err error)
}

// TxnID returns the transaction ID of a post: 32 letters and digits made
// from its key, the same at every try.
func TxnID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20]))
}

// alive is how often a transport that only sends says that it is there.
const alive = time.Minute

// SendOnly is the Receive of a transport that only sends: an empty batch at
// once, which lets the sending begin, and one every minute until ctx ends.
func SendOnly(ctx context.Context, deliver func(ctx context.Context, b Batch) error) error {
	tick := time.NewTicker(alive)
	defer tick.Stop()
	for {
		if err := deliver(ctx, Batch{Position: "send-only"}); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
