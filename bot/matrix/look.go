package matrix

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"
)

// forgetful is after how long a server may have forgotten a transaction ID.
const forgetful = 30 * time.Minute

// look searches a room for a post that an earlier try may have said.
func (s *session) look(ctx context.Context, room id.RoomID, p bot.Post, txn string) (string, error) {
	if p.Kind == bot.Withdraw {
		return "", nil // taking back twice is taking back once
	}
	oldest := p.Made.Add(-time.Hour).UnixMilli()
	from := ""
	for range lookPages {
		q := url.Values{"dir": {"b"}, "limit": {"100"}}
		if from != "" {
			q.Set("from", from)
		}
		body, err := s.call(ctx, "GET", roomPath(room)+"/messages?"+q.Encode(), nil)
		if err != nil {
			return "", fmt.Errorf("look for an earlier try: %w", refusedCall(err))
		}
		page := gjson.Parse(body)
		for _, v := range page.Get("chunk").Array() {
			e := readEvent(v)
			if e.at < oldest {
				return "", nil
			}
			if s.isPost(&e, txn) {
				return strings.Clone(e.id), nil
			}
		}
		next := page.Get("end").Str
		if next == "" || next == from {
			break
		}
		from = next
	}
	return "", nil
}

// lookPages is how many pages of a room are searched.
const lookPages = 20

// isPost reports whether an event is the bot's post with a transaction ID.
func (s *session) isPost(e *rawEvent, txn string) bool {
	return e.sender == string(s.user) && (e.txn == txn || e.content.Get(escaped(keyField)).Str == txn)
}

// openOwn decrypts one of the bot's own events outside of a transaction.
func (rd *reading) openOwn(ctx context.Context, r *room, e *rawEvent) (*rawEvent, error) {
	rd.s.gate.RLock()
	defer rd.s.gate.RUnlock()
	if rd.s.closed {
		return nil, nil
	}
	return rd.decrypt(ctx, r, e)
}
