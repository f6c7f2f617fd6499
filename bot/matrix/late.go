package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// roomKeys takes in the keys that came with a response, and reads what was
// waiting for them.
func (rd *reading) roomKeys(ctx context.Context, r *response) error {
	k := rd.s.keys
	k.received = nil
	if len(r.toDevice) > 0 {
		rd.takeIn(ctx, r.toDevice)
	}
	for _, session := range k.received {
		if err := rd.late(ctx, session); err != nil {
			return err
		}
	}
	return nil
}

// takeIn hands mautrix what was sent to this device, but for requests that
// take an answer.
func (rd *reading) takeIn(ctx context.Context, sent []gjson.Result) {
	defer rd.s.watchdog()()
	for _, v := range sent {
		var e event.Event
		if err := json.Unmarshal([]byte(v.Raw), &e); err != nil {
			continue
		}
		e.Type.Class = event.ToDeviceEventType
		switch e.Type {
		case event.ToDeviceEncrypted, event.ToDeviceRoomKeyWithheld, event.ToDeviceOrgMatrixRoomKeyWithheld:
			if e.Content.ParseRaw(e.Type) == nil {
				rd.s.keys.machine.HandleToDeviceEvent(ctx, &e)
			}
		}
	}
}

// late reads the events that a key had been missing for.
func (rd *reading) late(ctx context.Context, session id.SessionID) error {
	found, err := rd.s.t.db.Query(ctx, `SELECT room, event FROM matrix_undecrypted WHERE session = $1 ORDER BY at`, session)
	if err != nil {
		return err
	}
	type waiting struct{ room, event string }
	var all []waiting
	for found.Next() {
		var w waiting
		if err := errors.Join(found.Scan(&w.room, &w.event)); err != nil {
			found.Close()
			return err
		}
		all = append(all, w)
	}
	if err := errors.Join(found.Err(), found.Close()); err != nil {
		return err
	}
	for _, w := range all {
		r := rd.s.t.rooms.get(id.RoomID(w.room))
		e := readEvent(gjson.Parse(w.event))
		opened, err := rd.decrypt(ctx, &r, &e)
		if errors.Is(err, crypto.ErrNoSessionFound) {
			continue
		}
		if opened != nil {
			if err := rd.hear(ctx, &r, opened); err != nil {
				return err
			}
		}
		if _, err := rd.s.t.db.Exec(ctx, `DELETE FROM matrix_undecrypted WHERE id = $1`, e.id); err != nil {
			return err
		}
	}
	return nil
}

// open decrypts an event, or keeps it for when its key arrives, nil then:
// keys often come one response after what they open.
func (rd *reading) open(ctx context.Context, r *room, e *rawEvent) (*rawEvent, error) {
	if rd.s.keys == nil {
		return nil, nil
	}
	opened, err := rd.decrypt(ctx, r, e)
	if err == nil {
		return opened, nil
	}
	rd.s.t.state.undecrypted.Add(1)
	_, err = rd.s.t.db.Exec(ctx, `
		INSERT INTO matrix_undecrypted (id, room, session, event, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO NOTHING`,
		e.id, r.id, e.content.Get("session_id").Str, e.raw, rd.now.UnixMilli())
	rd.errands = true
	rd.s.waiting.Store(true)
	return nil, err
}

// decrypt returns the event within an encrypted one.
func (rd *reading) decrypt(ctx context.Context, r *room, e *rawEvent) (*rawEvent, error) {
	sealed := &event.Event{}
	if err := json.Unmarshal([]byte(e.raw), sealed); err != nil {
		return nil, err
	}
	sealed.RoomID, sealed.Type.Class = r.id, event.MessageEventType
	if err := sealed.Content.ParseRaw(sealed.Type); err != nil {
		return nil, err
	}
	opened, err := rd.s.keys.machine.DecryptMegolmEvent(ctx, sealed)
	if err != nil {
		return nil, err
	}
	inner := *e
	inner.kind, inner.content, inner.sealed = opened.Type.Type, gjson.ParseBytes(opened.Content.VeryRaw), true
	return &inner, nil
}

// Waits for a key that does not come: then it is asked for, and then the
// sender is told. Tests shorten them.
var (
	askAfter  = 5 * time.Second
	tellAfter = 40 * time.Second
)

// lateFor is how long an event waits for its key.
const lateFor = 7 * 24 * time.Hour

// missing is an event that still waits for its key.
type missing struct {
	id, session string
	room        id.RoomID
	raw         string
	at          time.Time
	asked, told bool
}

func (s *session) missing(ctx context.Context) ([]missing, error) {
	found, err := s.t.db.Query(ctx, `
		SELECT id, session, room, event, at, asked, told FROM matrix_undecrypted
		WHERE asked = 0 OR told = 0 ORDER BY at LIMIT 100`)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []missing
	for found.Next() {
		var m missing
		var at int64
		if err := found.Scan(&m.id, &m.session, &m.room, &m.raw, &at, &m.asked, &m.told); err != nil {
			return nil, err
		}
		m.at = time.UnixMilli(at)
		all = append(all, m)
	}
	return all, found.Err()
}

// chase asks for keys that do not come. It returns when to look again, zero
// if nothing waits.
func (s *session) chase(ctx context.Context) (time.Time, error) {
	all, err := s.missing(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if len(all) == 0 {
		s.waiting.Store(false)
	}
	var next time.Time
	for _, m := range all {
		due := m.at.Add(tellAfter)
		if !m.asked {
			due = m.at.Add(askAfter)
			if !time.Now().Before(due) {
				if err := s.askForKey(ctx, m); err != nil {
					return time.Now().Add(askAfter), err
				}
				continue
			}
		}
		if next.IsZero() || due.Before(next) {
			next = due
		}
	}
	_, err = s.t.db.Exec(ctx, `DELETE FROM matrix_undecrypted WHERE at < $1`, time.Now().Add(-lateFor).UnixMilli())
	return next, err
}

func (s *session) askForKey(ctx context.Context, m missing) error {
	e := readEvent(gjson.Parse(m.raw))
	device := id.DeviceID(e.content.Get("device_id").Str)
	if device == "" {
		device = "*"
	}
	err := s.keys.machine.SendRoomKeyRequest(ctx, m.room, id.SenderKey(e.content.Get("sender_key").Str), id.SessionID(m.session), "",
		map[id.UserID][]id.DeviceID{id.UserID(e.sender): {device}})
	if err != nil {
		return fmt.Errorf("ask for a missing key: %w", err)
	}
	_, err = s.t.db.Exec(ctx, `UPDATE matrix_undecrypted SET asked = 1 WHERE id = $1`, m.id)
	return err
}

// tellUnread answers people whose messages cannot be read: once a day and
// person when it was said directly, once a day in other rooms.
func (rd *reading) tellUnread(ctx context.Context) error {
	all, err := rd.s.missing(ctx)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.told || rd.now.Before(m.at.Add(tellAfter)) {
			continue
		}
		r := rd.s.t.rooms.get(m.room)
		e := readEvent(gjson.Parse(m.raw))
		key := "unread/" + m.room.String() + "/" + rd.now.UTC().Format(time.DateOnly)
		if r.direct() {
			key += "/" + e.sender
		}
		if r.joined {
			rd.batch.Posts = append(rd.batch.Posts, bot.Post{Key: key, Room: place(m.room), Kind: bot.Say, ReplyTo: m.id, Made: rd.now,
				Text: "I cannot read this message: your program has not given me the key to it. Please write it again, or write to me directly.",
				Why:  "I received an encrypted message without its key."})
		}
		if _, err := rd.s.t.db.Exec(ctx, `UPDATE matrix_undecrypted SET told = 1 WHERE id = $1`, m.id); err != nil {
			return err
		}
	}
	return nil
}
