package matrix

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// Send implements [bot.Transport]. If the connection breaks, it waits for a
// whole round of news to tell whether the post has arrived.
func (t *Transport) Send(ctx context.Context, p bot.Post) (string, error) {
	s, err := t.session(ctx)
	if err != nil {
		return "", err
	}
	t.state.waitUp(ctx, t.rounds.watch())
	txn := bot.TxnID(p.Key)
	search := p.Tries > 1 && time.Since(p.Made) > forgetful
	if p.Tries > 1 && !t.awaited.hasTried(txn) {
		if sent, _ := t.foundLater(ctx, txn, time.Until(t.began.Add(slowest))); sent != "" {
			return sent, nil
		}
		search = true // the last life may have had another device
	}
	sent, err := t.try(ctx, s, p, search)
	if errors.Is(err, errNowhere) {
		sent, err = t.try(ctx, s, p, search)
	}
	switch lost := lostLogin(err); {
	case err == nil:
		t.receipts.add(p)
		return sent, nil
	case lost != nil && !errors.Is(lost, bot.ErrStop):
		s.end(lost) // the request for news would not notice for half a minute
	}
	return "", fmt.Errorf("matrix: send to %s: %w", p.Room.ID+p.To, err)
}

// errNowhere: the outcome of a try was unknown, but the news that followed
// did not show the post.
var errNowhere = errors.New("it has not arrived")

// try says a post once. If it cannot tell whether it was said, it looks at
// the news that follow.
func (t *Transport) try(ctx context.Context, s *session, p bot.Post, search bool) (string, error) {
	txn := bot.TxnID(p.Key)
	sent, err := s.send(ctx, p, search)
	if err == nil || errors.Is(err, bot.ErrNever) {
		t.awaited.settled(txn)
		return sent, err
	}
	t.awaited.tries(txn)
	if !errors.Is(err, bot.ErrUnknown) {
		return "", err
	}
	sent, heard := t.foundLater(ctx, txn, settle)
	switch {
	case sent != "":
		t.awaited.settled(txn)
		return sent, nil
	case heard:
		return "", fmt.Errorf("%w: %v", errNowhere, err)
	}
	return "", err
}

// send says a post, unless a search of its room shows that it has been said.
func (s *session) send(ctx context.Context, p bot.Post, search bool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	room := id.RoomID(p.Room.ID)
	if p.To != "" {
		var err error
		if room, err = s.directRoom(ctx, p); err != nil {
			return "", err
		}
	}
	txn := bot.TxnID(p.Key)
	if search {
		if sent, err := s.look(ctx, room, p, txn); err != nil || sent != "" {
			return sent, err
		}
	}
	path, body, err := s.request(ctx, room, p, txn)
	if err != nil {
		return "", err
	}
	return s.put(ctx, path, body)
}

// request returns the path and the body of the request that says a post.
func (s *session) request(ctx context.Context, room id.RoomID, p bot.Post, txn string) (path string, body []byte, err error) {
	if p.Kind == bot.Withdraw {
		return roomPath(room) + "/redact/" + url.PathEscape(p.OfID) + "/" + txn, []byte(`{}`), nil
	}
	encrypted, err := s.encrypted(ctx, room)
	if err != nil {
		return "", nil, err
	}
	if encrypted && s.keys == nil {
		return "", nil, fmt.Errorf("%w: the room is encrypted, and encryption is switched off", bot.ErrNever)
	}
	kind, content, err := s.content(ctx, p, encrypted)
	if err != nil {
		return "", nil, err
	}
	if !encrypted || kind == event.EventReaction { // reactions are never encrypted, so that servers can count them
		content[keyField] = txn
		body, err = encode(content)
	} else {
		kind, body, err = s.seal(ctx, room, kind, content, txn)
	}
	return roomPath(room) + "/send/" + kind.Type + "/" + txn, body, err
}

// seal encrypts a content. The key stays outside.
func (s *session) seal(ctx context.Context, room id.RoomID, kind event.Type, content object, txn string) (event.Type, []byte, error) {
	body, err := encode(content)
	if err != nil {
		return kind, nil, err
	}
	sealed, err := s.encrypt(ctx, room, kind, json.RawMessage(body))
	if err != nil {
		return kind, nil, fmt.Errorf("encrypt: %w", err)
	}
	if body, err = json.Marshal(sealed); err == nil {
		body, err = sjson.SetBytes(body, escaped(keyField), txn)
	}
	return event.EventEncrypted, body, err
}

// encode writes JSON, with < and > as they are: HTML is full of them.
func encode(content object) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(content)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// encrypted reports whether a room is encrypted. Nothing is sent to a room
// before the server has been asked; one that was once encrypted stays so.
func (s *session) encrypted(ctx context.Context, room id.RoomID) (bool, error) {
	r := s.t.rooms.get(room)
	if r.asked || r.encrypted {
		return r.encrypted, nil
	}
	body, err := s.call(ctx, "GET", roomPath(room)+"/state/m.room.encryption", nil)
	e := (*callError)(nil)
	if err != nil && (!errors.As(err, &e) || e.code != "M_NOT_FOUND") {
		return false, fmt.Errorf("ask whether the room is encrypted: %w", refusedCall(err))
	}
	return err == nil, s.t.db.DoTxn(ctx, nil, func(ctx context.Context) error {
		r := s.t.rooms.get(room)
		r.asked, r.encrypted = true, err == nil
		if r.encrypted && s.keys != nil {
			var settings event.EncryptionEventContent
			if err := unmarshal(body, &settings); err != nil {
				return err
			}
			if err := s.keys.rooms.SetEncryptionEvent(ctx, room, &settings); err != nil {
				return err
			}
		}
		return s.t.saveRoom(ctx, r)
	})
}

// put makes the request that says a post and returns the event's ID.
func (s *session) put(ctx context.Context, path string, body []byte) (string, error) {
	answer, err := s.call(ctx, "PUT", path, body)
	e := (*callError)(nil)
	switch {
	case err == nil:
		return gjson.Get(answer, "event_id").Str, nil
	case errors.Is(err, errNotSent):
		return "", err
	case !errors.As(err, &e), e.status >= 500, e.status == 408:
		return "", fmt.Errorf("%w: %w", bot.ErrUnknown, err)
	}
	return "", refusedCall(err)
}

// refusedCall says in the bot's words what a server's "no" means.
func refusedCall(err error) error {
	e := (*callError)(nil)
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.status == 429:
		return &bot.WaitError{For: max(e.wait, 100*time.Millisecond), All: true}
	case lostLogin(err) != nil, e.status >= 500, e.status == 408:
		return err
	}
	return fmt.Errorf("%w: %w", bot.ErrNever, err)
}

// refused is refusedCall for requests that mautrix makes.
func refused(err error) error {
	var e mautrix.HTTPError
	if !errors.As(err, &e) || e.RespError == nil || e.Response == nil {
		return err
	}
	if e.Response.StatusCode == 429 {
		return &bot.WaitError{For: max(errorWait(err), 100*time.Millisecond), All: true}
	}
	if code := e.RespError.ErrCode; code == "M_FORBIDDEN" || code == "M_NOT_FOUND" || code == "M_TOO_LARGE" {
		return fmt.Errorf("%w: %w", bot.ErrNever, err)
	}
	return err
}

func roomPath(room id.RoomID) string {
	return "/_matrix/client/v3/rooms/" + url.PathEscape(room.String())
}
