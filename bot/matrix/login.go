package matrix

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"git.coop/cotech/wortley/bot"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"
)

// A session is a logged-in connection with the keys of its device in memory.
type session struct {
	t      *Transport
	client *mautrix.Client // for everything that carries nobody's words
	base   string          // "https://matrix.example.org"
	token  string
	user   id.UserID
	device id.DeviceID
	since  time.Time // of the first login: what was said before is history
	end    context.CancelCauseFunc

	keys    *keys       // nil if encryption is off
	waiting atomic.Bool // events may be waiting for their keys
	asks    chan keyAsk
	unsaved int // responses in a row that were not saved

	// gate keeps keys from being used while a response changes them: mautrix
	// holds locks of its own while it waits for the database, and the
	// response holds the database while it waits for those locks.
	gate   sync.RWMutex
	closed bool
}

// connect logs in, if that has not been done, and makes the keys ready.
func (t *Transport) connect(ctx context.Context) (*session, error) {
	if err := t.prepare(ctx); err != nil {
		return nil, err
	}
	s, err := t.login(ctx)
	if err != nil {
		return nil, giveUp(err)
	}
	if !t.cfg.encrypts() {
		return s, nil
	}
	err = s.openKeys(ctx)
	if errors.Is(err, errDeviceGone) && t.cfg.Token != "" {
		return nil, fmt.Errorf("%w: the device of the access token cannot be used: %w; log in anew, on a device that nothing else has used, and configure that token", bot.ErrStop, err)
	}
	if errors.Is(err, errDeviceGone) {
		t.log.Warn("the server no longer knows the keys of this device, so I log in as a new one", "device", s.device, "err", err)
		if err := t.renewDevice(ctx); err != nil {
			return nil, err
		}
		if s, err = t.login(ctx); err != nil {
			return nil, giveUp(err)
		}
		err = s.openKeys(ctx)
	}
	if out := (*loggedOut)(nil); errors.As(lostLogin(err), &out) {
		return nil, t.forgetLogin(ctx, s, out)
	}
	return s, err
}

// prepare makes the tables and reads what is kept in memory.
func (t *Transport) prepare(ctx context.Context) error {
	if !t.upgraded.Load() {
		if err := t.db.Upgrade(ctx); err != nil {
			return fmt.Errorf("upgrade the tables: %w", err)
		}
		t.upgraded.Store(true)
	}
	return t.rooms.load(ctx, t.db)
}

// login returns a connection with a valid token, as far as is known.
func (t *Transport) login(ctx context.Context) (*session, error) {
	client, err := t.newClient(ctx)
	if err != nil {
		return nil, err
	}
	d, known, err := t.device(ctx)
	if err != nil {
		return nil, err
	}
	if t.cfg.Token != "" {
		d, err = t.adopt(ctx, client, d, known)
	} else if d.token == "" || !known {
		d, err = t.enter(ctx, client, d, known)
	}
	if err != nil {
		return nil, err
	}
	client.UserID, client.DeviceID, client.AccessToken = d.user, d.device, d.token
	return &session{t: t, client: client, base: strings.TrimSuffix(client.HomeserverURL.String(), "/"), token: d.token,
		user: d.user, device: d.device, since: d.firstLogin}, nil
}

// newClient returns a client for the homeserver, looking it up if need be.
func (t *Transport) newClient(ctx context.Context) (*mautrix.Client, error) {
	server := t.cfg.Homeserver
	if server == "" {
		_, host, err := id.UserID(t.cfg.User).Parse()
		if err != nil {
			return nil, fmt.Errorf("%w: the user %q has no server: %w", bot.ErrStop, t.cfg.User, err)
		}
		server = "https://" + host
		if known, err := mautrix.DiscoverClientAPIWithClient(ctx, t.http.client, host); err == nil && known != nil && known.Homeserver.BaseURL != "" {
			server = known.Homeserver.BaseURL
		}
	}
	client, err := mautrix.NewClient(server, "", "")
	if err != nil {
		return nil, fmt.Errorf("%w: the homeserver %q: %w", bot.ErrStop, server, err)
	}
	client.Client = t.http.client
	client.Log = quietLog(t.log)
	return client, nil
}

// adopt takes the device that a ready token belongs to.
func (t *Transport) adopt(ctx context.Context, client *mautrix.Client, d device, known bool) (device, error) {
	if known && d.token == t.cfg.Token {
		return d, nil
	}
	client.AccessToken = t.cfg.Token
	who, err := client.Whoami(ctx)
	if err != nil {
		return d, fmt.Errorf("the access token: %w", err)
	}
	if err := t.sameUser(d, known, who.UserID); err != nil {
		return d, err
	}
	if who.DeviceID == "" && t.cfg.encrypts() {
		return d, fmt.Errorf("%w: the access token belongs to no device, so nothing can be encrypted with it; use one from a login, or set encryption to off", bot.ErrStop)
	}
	d.user, d.device, d.token = who.UserID, who.DeviceID, t.cfg.Token
	if !known {
		d.firstLogin = time.Now()
	}
	return d, t.saveDevice(ctx, d)
}

// enter logs in with the password, as the stored device or as a new one
// whose ID is stored first.
func (t *Transport) enter(ctx context.Context, client *mautrix.Client, d device, known bool) (device, error) {
	if t.cfg.Password == "" {
		return d, fmt.Errorf("%w: neither a password nor an access token is configured", bot.ErrStop)
	}
	if !known {
		d = device{user: id.UserID(t.cfg.User), device: newDeviceID(), firstLogin: time.Now()}
		if err := t.saveDevice(ctx, d); err != nil {
			return d, err
		}
	}
	got, err := client.Login(ctx, &mautrix.ReqLogin{
		Type:                     mautrix.AuthTypePassword,
		Identifier:               mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: t.cfg.User},
		Password:                 t.cfg.Password,
		DeviceID:                 d.device,
		InitialDeviceDisplayName: t.cfg.DeviceName,
	})
	if err != nil {
		return d, fmt.Errorf("log in: %w", err)
	}
	if err := t.sameUser(d, known && strings.HasPrefix(string(d.user), "@"), got.UserID); err != nil {
		return d, err
	}
	d.user, d.device, d.token = got.UserID, got.DeviceID, got.AccessToken
	return d, t.saveDevice(ctx, d)
}

// sameUser refuses a second account on the same database: what it knows of
// rooms and positions belongs to the first.
func (t *Transport) sameUser(d device, known bool, now id.UserID) error {
	if known && d.user != now {
		return fmt.Errorf("%w: this database belongs to %s, not to %s; use another one", bot.ErrStop, d.user, now)
	}
	return nil
}

func newDeviceID() id.DeviceID { return id.DeviceID("WORTLEY" + rand.Text()[:8]) }

// forgetLogin makes the next connection log in again: as the same device
// after a soft logout, as a new one after a hard logout.
func (t *Transport) forgetLogin(ctx context.Context, s *session, out *loggedOut) error {
	if t.cfg.Token != "" {
		return fmt.Errorf("%w: the access token is no longer valid: %w", bot.ErrStop, out.err)
	}
	t.log.Warn("the server has ended my login", "device", s.device, "soft", out.soft)
	if !out.soft {
		return errors.Join(out, t.renewDevice(ctx))
	}
	return errors.Join(out, t.saveDevice(ctx, device{user: s.user, device: s.device, firstLogin: s.since}))
}

// renewDevice chooses the ID of a new device, which the next login makes.
func (t *Transport) renewDevice(ctx context.Context) error {
	d, _, err := t.device(ctx)
	if err != nil {
		return err
	}
	d.device, d.token = newDeviceID(), ""
	return t.saveDevice(ctx, d)
}

// giveUp marks refusals of a login that will not change by themselves.
func giveUp(err error) error {
	switch code, _ := said(err); code {
	case "M_FORBIDDEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_INVALID_USERNAME":
		return fmt.Errorf("%w: %w", bot.ErrStop, err)
	case "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN":
		return fmt.Errorf("%w: the access token is not valid: %w", bot.ErrStop, err)
	}
	return err
}

// close waits until nobody uses the keys any more.
func (s *session) close() {
	s.gate.Lock()
	defer s.gate.Unlock()
	s.closed = true
	if s.keys != nil {
		s.keys.machine.Destroy()
	}
}
