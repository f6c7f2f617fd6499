package matrix

import (
	"context"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// maxAsks is how many requests for keys may wait; more are left out, since
// programs ask again.
const maxAsks = 64

// A keyAsk is a device's request for the key to something the bot said.
type keyAsk struct {
	from    id.UserID
	request *event.RoomKeyRequestEventContent
}

// noteAsks keeps requests for keys until they can be answered.
func (s *session) noteAsks(sent []gjson.Result) {
	for _, v := range sent {
		if v.Get("type").Str != event.ToDeviceRoomKeyRequest.Type {
			continue
		}
		ask := keyAsk{from: id.UserID(v.Get("sender").Str), request: &event.RoomKeyRequestEventContent{}}
		if unmarshal(v.Get("content").Raw, ask.request) != nil {
			continue
		}
		select {
		case s.asks <- ask:
		default:
		}
	}
}

// answerAsks gives keys again to devices that had been given them and did
// not get them; mautrix refuses all others.
func (s *session) answerAsks(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case ask := <-s.asks:
			s.answerAsk(ctx, ask)
		}
	}
}

func (s *session) answerAsk(ctx context.Context, ask keyAsk) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	s.gate.RLock()
	defer s.gate.RUnlock()
	if !s.closed {
		s.keys.machine.HandleRoomKeyRequest(ctx, ask.from, ask.request)
	}
}
