package matrix

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"git.coop/cotech/wortley/bot"
	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix/id"
)

// Site is the transport's name, and the Site of its rooms.
const Site = "matrix"

// Config says which account the bot uses, and how.
type Config struct {
	Homeserver string // "https://matrix.example.org"; found by the user's server if empty
	User       string // "@wortley:example.org"
	Password   string // or:
	Token      string // a ready access token; its device is used
	DeviceName string // shown to people; "Wortley" if empty

	// Encryption may be "off": then the bot neither reads nor writes in
	// encrypted rooms. Anything else means on.
	Encryption string
	PickleKey  string // protects the keys in the database; "wortley" if empty

	// RecoveryKey signs the bot's own device, so that people see it as
	// verified. If it is empty, RecoveryFile is read. Where the account has
	// no signing keys yet, they are made at the first start, the recovery key
	// is written to RecoveryFile, if that is set, and shown by ShowRecovery.
	RecoveryKey  string
	RecoveryFile string
	ShowRecovery func(key string)

	// Invites are accepted from these users ("@ana:example.org"), from
	// everybody on these servers ("example.org"), and to these rooms
	// ("!abc"); every other is declined.
	Invites []string

	// Features, if set, are described to clients in direct rooms that the bot makes.
	Features func() []bot.Feature

	// PollEvery is how long the server may hold a request for news; 30 seconds if 0.
	PollEvery time.Duration
}

func (c Config) encrypts() bool { return c.Encryption != "off" }

// Transport is the bot on Matrix. It implements [bot.Transport].
type Transport struct {
	cfg  Config
	db   *dbutil.Database
	log  *slog.Logger
	http transportPool

	began    time.Time
	upgraded atomic.Bool
	live     atomic.Pointer[session] // nil while it is not connected
	rounds   rounds
	rooms    rooms
	names    names
	receipts receipts
	errands  chan struct{} // wakes whoever runs them
	awaited  awaited
	rendered rendered
	state    state
}

// New returns a transport whose tables are in db, which should be the
// database that the bot's memory is in: then what it reads and what the bot
// remembers of it are saved together.
func New(cfg Config, db *dbutil.Database, log *slog.Logger) *Transport {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if cfg.DeviceName == "" {
		cfg.DeviceName = "Wortley"
	}
	if cfg.PickleKey == "" {
		cfg.PickleKey = "wortley"
	}
	if cfg.PollEvery == 0 {
		cfg.PollEvery = 30 * time.Second
	}
	t := &Transport{cfg: cfg, log: log.With("transport", Site), http: newPool(), errands: make(chan struct{}, 1), began: time.Now()}
	t.db = db.Child(versionTable, upgrades, nil)
	t.rounds.changed = make(chan struct{})
	return t
}

// Name implements [bot.Transport].
func (t *Transport) Name() string { return Site }

// Receive implements [bot.Transport]. It logs in if it has to, and returns
// when the login is no longer valid or what it read could not be saved: keys
// in memory and in the database may differ then, so everything starts anew.
func (t *Transport) Receive(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	s, err := t.connect(ctx)
	if err != nil {
		return fmt.Errorf("matrix: connect: %w", err)
	}
	s.end = end
	var beside sync.WaitGroup
	t.live.Store(s)
	defer func() {
		t.live.CompareAndSwap(s, nil)
		end(nil)
		beside.Wait()
		s.close()
	}()
	beside.Go(func() { s.runErrands(ctx) })
	beside.Go(func() { s.sendReceipts(ctx) })
	if s.keys != nil {
		beside.Go(func() { s.answerAsks(ctx) })
	}
	err = s.listen(ctx, from, deliver)
	if cause := context.Cause(ctx); err == nil || errors.Is(err, context.Canceled) {
		err = cause
	}
	if out := (*loggedOut)(nil); errors.As(err, &out) {
		err = t.forgetLogin(context.WithoutCancel(ctx), s, out)
	}
	return fmt.Errorf("matrix: %w", err)
}

// session returns the connection, waiting a while for one.
func (t *Transport) session(ctx context.Context) (*session, error) {
	wait := time.NewTimer(10 * time.Second)
	defer wait.Stop()
	for {
		changed := t.rounds.watch()
		if s := t.live.Load(); s != nil {
			return s, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-wait.C:
			return nil, errors.New("matrix: not connected")
		case <-changed:
		}
	}
}

// place returns a room in the bot's words.
func place(room id.RoomID) bot.Room { return bot.Room{Site: Site, ID: room.String()} }
