package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"time"

	"git.coop/cotech/wortley/bot"
)

// patience is how long a server may be away before it is asked less often.
const patience = 30 * time.Second

// listen asks the server for news until ctx ends or the login does.
func (s *session) listen(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	var failing time.Time // since when
	fails := 0
	for {
		round, body, err := s.ask(ctx, from, fails > 0)
		if err == nil {
			s.t.state.setUp(true)
			s.t.state.heard(time.Now())
			var next string
			if next, err = s.take(ctx, body, from, deliver); err == nil {
				from, fails = next, 0
				s.t.rounds.end(round)
				continue
			}
			if !errors.Is(err, errAround) {
				return err
			}
		}
		switch lost := lostLogin(err); {
		case ctx.Err() != nil:
			return ctx.Err()
		case lost != nil:
			return lost
		case errors.Is(err, errCut):
			continue
		}
		if fails++; fails == 1 {
			failing = time.Now()
		}
		if fails == 1 || time.Since(failing) > patience {
			s.t.log.Warn("no news from the server, will ask again", "err", err)
		}
		s.t.state.miss()
		s.t.state.setUp(!errors.Is(err, errNotSent))
		pause(ctx, waitFor(err, fails, time.Since(failing)))
	}
}

// waitFor says how long to wait after the n-th failure in a row. A server
// that restarts is asked twice a second, one that stays away ever less.
func waitFor(err error, n int, failing time.Duration) time.Duration {
	if e := (*callError)(nil); errors.As(err, &e) && e.wait > 0 {
		return e.wait
	}
	if n <= 3 {
		return started / 5 // most failures are of one request, and to know soon tells that the server was there
	}
	if failing < patience {
		return min(bot.Backoff(n), 400*time.Millisecond)
	}
	return bot.Backoff(n)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// errAround: the server did not say what is needed to read a response.
// Nothing has been read, so the response can be asked for again.
var errAround = errors.New("cannot read what the server sent yet")

// errCut: a sender wants a round at once.
var errCut = errors.New("cut short")

// ask makes one request for news after a position. The server holds it until
// there are some, but not the first one, nor one that somebody waits for.
func (s *session) ask(ctx context.Context, from string, now bool) (round int, body string, err error) {
	asking, cut := context.WithCancel(ctx)
	defer cut()
	round, hurry := s.t.rounds.begin(cut)
	defer s.t.rounds.answered()
	hold := s.t.cfg.PollEvery
	if hurry || now || from == "" || round == 1 {
		hold = 0
	}
	limit := hold + callTime
	if from == "" {
		limit += 5 * time.Minute
	}
	asking, stop := context.WithTimeout(asking, limit)
	defer stop()
	body, err = s.call(asking, "GET", s.syncPath(from, hold), nil)
	if err != nil && ctx.Err() == nil && errors.Is(asking.Err(), context.Canceled) {
		err = errCut
	}
	return round, body, err
}

func (s *session) syncPath(from string, hold time.Duration) string {
	q := url.Values{"timeout": {strconv.FormatInt(hold.Milliseconds(), 10)}, "filter": {laterFilter}}
	if from == "" {
		q.Set("filter", firstFilter)
	} else {
		q.Set("since", from)
	}
	return "/_matrix/client/v3/sync?" + q.Encode()
}

// Filters keep from the server's answer what the bot has no use for. Members
// are named only when they speak: a big room has hundreds.
// https://spec.matrix.org/v1.16/client-server-api/#filtering
var (
	firstFilter = syncFilter(1) // what was said before the first login is history
	laterFilter = syncFilter(100)
)

var stateTypes = []string{"m.room.name", "m.room.encryption", "m.room.member", "m.room.history_visibility", "m.room.tombstone"}

// What people do, and the polls that are the bot's own: they come back as its echoes.
var timelineTypes = append([]string{typeMessage, typeSealed, typeReaction, typeRedaction, typeVote, typeVoteOld, typePoll.Type, typePollEnd.Type}, stateTypes...)

type object = map[string]any

func syncFilter(limit int) string {
	none := object{"not_types": []string{"*"}}
	filter, err := json.Marshal(object{
		"presence":     none,
		"account_data": object{"types": []string{"m.direct"}},
		"room": object{
			"account_data": none, "ephemeral": none,
			"state":    object{"types": stateTypes, "lazy_load_members": true},
			"timeline": object{"types": timelineTypes, "lazy_load_members": true, "limit": limit},
		},
	})
	if err != nil {
		panic(err)
	}
	return string(filter)
}

var gapFilter = func() string {
	filter, err := json.Marshal(object{"types": timelineTypes, "lazy_load_members": true})
	if err != nil {
		panic(err)
	}
	return string(filter)
}()
