package matrix

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"maunium.net/go/mautrix/id"
)

// sign makes people's programs show the bot's device as verified: it is
// signed with the account's own key, which the recovery key opens. Where the
// account has none, one is made. What cannot be signed is told, not fatal.
func (s *session) sign(ctx context.Context) error {
	m := s.keys.machine
	if _, err := m.FetchKeys(ctx, []id.UserID{s.user}, true); err != nil {
		return fmt.Errorf("ask for the account's keys: %w", err)
	}
	has, verified, err := m.GetOwnVerificationStatus(ctx)
	if err != nil {
		return fmt.Errorf("look at the account's keys: %w", err)
	}
	switch {
	case verified:
		err = nil
	case has:
		err = s.signWithRecoveryKey(ctx)
	default:
		err = s.makeSigningKeys(ctx)
	}
	if err == nil {
		s.t.state.setVerified("yes")
		return nil
	}
	s.t.state.setVerified("no: " + err.Error())
	s.t.log.Warn("my device is not verified, so some people's programs will not talk to it", "device", s.device, "err", err)
	return nil
}

func (s *session) signWithRecoveryKey(ctx context.Context) error {
	key, err := s.t.recoveryKey()
	if err != nil {
		return err
	}
	if key == "" {
		return errors.New("the account has signing keys, but I have no recovery key to open them with")
	}
	if err := s.keys.machine.VerifyWithRecoveryKey(ctx, key); err != nil {
		return fmt.Errorf("sign with the recovery key: %w", err)
	}
	return nil
}

// makeSigningKeys gives the account its first signing keys. The recovery key
// is kept even if their upload failed halfway.
func (s *session) makeSigningKeys(ctx context.Context) error {
	m := s.keys.machine
	var key string
	var err error
	if s.t.cfg.Password != "" {
		key, _, err = m.GenerateAndUploadCrossSigningKeysWithPassword(ctx, s.t.cfg.Password, "")
	} else {
		key, _, err = m.GenerateAndUploadCrossSigningKeys(ctx, nil, "")
	}
	if key != "" {
		err = errors.Join(err, s.t.keepRecoveryKey(key))
	}
	if err != nil {
		return fmt.Errorf("make signing keys: %w", err)
	}
	if err := m.SignOwnDevice(ctx, m.OwnIdentity()); err != nil {
		return fmt.Errorf("sign the device: %w", err)
	}
	if err := m.SignOwnMasterKey(ctx); err != nil {
		return fmt.Errorf("sign the master key: %w", err)
	}
	return nil
}

// recoveryKey returns the configured recovery key, "" if there is none.
func (t *Transport) recoveryKey() (string, error) {
	if t.cfg.RecoveryKey != "" || t.cfg.RecoveryFile == "" {
		return t.cfg.RecoveryKey, nil
	}
	key, err := os.ReadFile(t.cfg.RecoveryFile)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(key)), err
}

func (t *Transport) keepRecoveryKey(key string) error {
	if t.cfg.ShowRecovery != nil {
		t.cfg.ShowRecovery(key)
	}
	if t.cfg.RecoveryFile == "" {
		return nil
	}
	return os.WriteFile(t.cfg.RecoveryFile, []byte(key+"\n"), 0o600)
}
