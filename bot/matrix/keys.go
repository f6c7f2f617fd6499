package matrix

import (
	"context"
	"errors"
	"fmt"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
	"maunium.net/go/mautrix/sqlstatestore"
)

// keys are the end-to-end encryption of one device.
type keys struct {
	machine  *crypto.OlmMachine
	rooms    *sqlstatestore.SQLStateStore // which rooms are encrypted, and who is in them
	received []id.SessionID               // that came with the response being read
}

// errDeviceGone: the server and the database no longer agree about the
// device's keys, so that nobody could read what it says.
var errDeviceGone = errors.New("the device's keys are gone")

// openKeys loads the device's keys, shares them with the server at the first
// start, and signs the device with the owner's key.
func (s *session) openKeys(ctx context.Context) error {
	k := &keys{rooms: sqlstatestore.NewSQLStateStore(s.t.db, nil, false)}
	k.rooms.DisableNameDisambiguation = true
	store := crypto.NewSQLCryptoStore(s.t.db, nil, string(s.device), s.device, []byte(s.t.cfg.PickleKey))
	if err := errors.Join(k.rooms.Upgrade(ctx), store.DB.Upgrade(ctx)); err != nil {
		return fmt.Errorf("upgrade the tables of keys: %w", err)
	}
	s.client.StateStore = k.rooms
	log := s.client.Log
	m := crypto.NewOlmMachine(s.client, &log, store, k.rooms)
	m.DisableDecryptKeyFetching = true // decrypting happens within a transaction, where nothing may wait for the server
	m.DisableRatchetTracking = true
	m.IgnorePostDecryptionParseErrors = true
	m.SessionReceived = func(_ context.Context, _ id.RoomID, session id.SessionID, _ uint32) {
		k.received = append(k.received, session)
	}
	k.machine = m
	if err := m.Load(ctx); err != nil {
		return fmt.Errorf("load the device's keys: %w", err)
	}
	s.keys, s.asks = k, make(chan keyAsk, maxAsks)
	s.waiting.Store(true)
	if err := s.agree(ctx); err != nil {
		return err
	}
	return s.sign(ctx)
}

// agree makes sure that the server has the keys that are in the database.
func (s *session) agree(ctx context.Context) error {
	m := s.keys.machine
	found, err := s.client.QueryKeys(ctx, &mautrix.ReqQueryKeys{DeviceKeys: mautrix.DeviceKeysRequest{s.user: {s.device}}})
	if err != nil {
		return fmt.Errorf("ask for the device's keys: %w", err)
	}
	theirs, there := found.DeviceKeys[s.user][s.device]
	there = there && len(theirs.Keys) > 0
	switch shared := m.GetAccount().Shared; {
	case !there && !shared:
		if err := m.ShareKeys(ctx, -1); err != nil {
			return fmt.Errorf("share the device's keys: %w", err)
		}
		return nil
	case !there:
		return fmt.Errorf("%w: the server has lost them", errDeviceGone)
	case !shared, theirs.Keys.GetEd25519(s.device) != m.OwnIdentity().SigningKey:
		return fmt.Errorf("%w: the server has others", errDeviceGone)
	}
	return nil
}

// encrypt encrypts an event for a room's members. It fails rather than let
// anything out in plain text.
func (s *session) encrypt(ctx context.Context, room id.RoomID, kind event.Type, content any) (*event.EncryptedEventContent, error) {
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.closed {
		return nil, errors.New("the connection is being made anew")
	}
	m := s.keys.machine
	sealed, err := m.EncryptMegolmEvent(ctx, room, kind, content)
	if err == nil || !errors.Is(err, crypto.ErrSessionExpired) && !errors.Is(err, crypto.ErrNoGroupSession) && !errors.Is(err, crypto.ErrSessionNotShared) {
		return sealed, err
	}
	members, err := s.members(ctx, room)
	if err != nil {
		return nil, err
	}
	if err := m.ShareGroupSession(ctx, room, members); err != nil {
		return nil, fmt.Errorf("share the room's key: %w", err)
	}
	return m.EncryptMegolmEvent(ctx, room, kind, content)
}

// members returns who is in a room or invited. Servers name only those who
// speak until they are asked for all.
func (s *session) members(ctx context.Context, room id.RoomID) ([]id.UserID, error) {
	complete, err := s.keys.rooms.HasFetchedMembers(ctx, room)
	if err != nil {
		return nil, err
	}
	if !complete {
		if _, err := s.client.Members(ctx, room); err != nil {
			return nil, fmt.Errorf("ask for the room's members: %w", err)
		}
	}
	return s.keys.rooms.GetRoomJoinedOrInvitedMembers(ctx, room)
}
