package synthetic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix"
)

// put sends a message with nothing between the test and the wire.
func put(t *testing.T, s *Server, room, txn string) (*http.Response, error) {
	t.Helper()
	url := fmt.Sprintf("%s/_matrix/client/v3/rooms/%s/send/m.room.message/%s", s.URL, room, txn)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader(`{"body":"x","msgtype":"m.text"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err == nil {
		resp.Body.Close()
	}
	return resp, err
}

func TestFaultsOfSends(t *testing.T) {
	s, _ := newServer(t, Options{Rooms: 1})
	for i, tt := range []struct {
		fault  Fault
		status int // 0: the connection is cut
		done   bool
	}{
		{NoFault, 200, true}, {Error500, 500, false}, {Error502, 502, false},
		{DropBefore, 0, false}, {DropAfter, 0, true}, {Error504, 504, true},
	} {
		before := s.Stats().Sends
		s.FailNext(Sends, tt.fault)
		resp, err := put(t, s, s.Rooms()[0], fmt.Sprint(i))
		status := 0
		if err == nil {
			status = resp.StatusCode
		}
		if done := s.Stats().Sends > before; status != tt.status || done != tt.done {
			t.Errorf("fault %d: status %d, done %t; want %d, %t", tt.fault, status, done, tt.status, tt.done)
		}
	}
	if got := s.Stats().Faults; got != 5 {
		t.Errorf("faults = %d, want 5", got)
	}
}

func TestFaultsOfSyncs(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	since := syncOnce(t, bot, "", "").NextBatch
	s.Say(s.Rooms()[0], Person(0), "hello")
	s.FailNext(Syncs, Error500, DropAfter)
	for range 2 {
		if _, err := bot.FullSyncRequest(t.Context(), mautrix.ReqSync{Since: since}); err == nil {
			t.Error("a sync that was to fail did not")
		}
	}
	if res := syncOnce(t, bot, since, ""); len(res.Rooms.Join) != 1 {
		t.Errorf("the message was lost with the failed syncs: %+v", res)
	}
}

func TestShareOfFaults(t *testing.T) {
	var failed [2]int
	for run := range failed {
		s, _ := newServer(t, Options{Rooms: 1, Seed: 7})
		s.FailShare(Sends, 0.2)
		for i := range 200 {
			if resp, err := put(t, s, s.Rooms()[0], fmt.Sprint(i)); err != nil || resp.StatusCode != 200 {
				failed[run]++
			}
		}
	}
	if failed[0] < 20 || failed[0] > 60 || failed[0] != failed[1] {
		t.Errorf("of 200 sends %d and %d failed, want about 40 and the same", failed[0], failed[1])
	}
}

func TestLimitSaysWhenInBothForms(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	room := s.Rooms()[0]
	s.LimitSends(0.001, 2) // a thousand seconds a token: no refill during the test
	for i := range 2 {
		mustAnswer(t, bot, room, "$x", "within the burst", fmt.Sprint(i))
	}
	for i, inHeader := range []bool{false, true, false} {
		_, err := answer(t.Context(), bot, room, "$x", "too much", fmt.Sprint("late", i))
		var refused mautrix.HTTPError
		if !errors.As(err, &refused) || !errors.Is(err, mautrix.MLimitExceeded) || refused.Response.StatusCode != 429 {
			t.Fatalf("send %d beyond the limit: %v", i, err)
		}
		header := refused.Response.Header.Get("Retry-After")
		ms, inBody := refused.RespError.ExtraData["retry_after_ms"].(float64)
		if (header != "") != inHeader || inBody == inHeader || inBody && ms < 900_000 || inHeader && len(header) < 3 {
			t.Errorf("refusal %d: Retry-After %q, retry_after_ms %v", i, header, ms)
		}
	}
	if got := s.Stats(); got.Refusals != 3 || got.Sends != 2 {
		t.Errorf("refusals %d, sends %d; want 3 and 2", got.Refusals, got.Sends)
	}
	s.LimitSends(0, 0)
	mustAnswer(t, bot, room, "$x", "no limit", "late0")
}

func TestLimitRefills(t *testing.T) {
	s, _ := newServer(t, Options{})
	s.LimitSends(10, 3)
	s.trouble.tokens, s.trouble.filled = 0, time.Now().Add(-250*time.Millisecond)
	taken := 0
	for range 5 {
		if _, refused := s.trouble.send(); refused == nil {
			taken++
		}
	}
	if taken != 2 {
		t.Errorf("a quarter of a second at ten a second let %d through, want 2", taken)
	}
}

func TestDownAndUp(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	first := syncOnce(t, bot, "", "")
	cut := make(chan error, 1)
	go func() {
		_, err := bot.FullSyncRequest(t.Context(), mautrix.ReqSync{Since: first.NextBatch, Timeout: 20_000})
		cut <- err
	}()
	if err := s.AwaitSync(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Down()
	if err := <-cut; err == nil {
		t.Error("a sync under way outlived the server")
	}
	if _, err := put(t, s, s.Rooms()[0], "t1"); err == nil {
		t.Error("a server that is down takes messages")
	}
	s.Say(s.Rooms()[0], Person(0), "said meanwhile")
	if err := s.Up(); err != nil {
		t.Fatal(err)
	}
	if res := syncOnce(t, bot, first.NextBatch, ""); len(res.Rooms.Join) != 1 {
		t.Errorf("after Up: %+v", res)
	}
}

func TestDelayAndSendsUnderWay(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	s.DelaySends(50 * time.Millisecond)
	room, asked := s.Rooms()[0], ask(s, s.Rooms()[0], 1, 4)
	start := time.Now()
	var group sync.WaitGroup
	for _, id := range asked {
		group.Go(func() {
			if _, err := answer(t.Context(), bot, room, id, "none", "t"+id); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if took := time.Since(start); took < 50*time.Millisecond {
		t.Errorf("took %v, want at least the delay", took)
	}
	if got := s.Stats().InFlightSends; got < 2 || got > 4 {
		t.Errorf("sends under way = %d, want 2 to 4", got)
	}
}

func TestTallyKnowsLateAnswers(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 2})
	one, two := s.Rooms()[0], s.Rooms()[1]
	a, b, c := s.Say(one, Person(0), "a"), s.Say(one, Person(0), "b"), s.Say(two, Person(1), "c")
	never := s.Say(two, Person(1), "never answered")
	mustAnswer(t, bot, two, c, "c", "1")
	mustAnswer(t, bot, one, b, "b", "2")
	mustAnswer(t, bot, one, a, "a, after b", "3")
	mustAnswer(t, bot, one, a, "a again", "4")
	want := Tally{Answered: 3, Missed: 1, Duplicates: 1, OutOfOrder: 1}
	if got := s.Tally([]string{a, b, c, never}); got != want {
		t.Errorf("Tally = %+v, want %+v", got, want)
	}
}

func TestOnAnswerComesBeforeTheSenderKnows(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	release, seen := make(chan struct{}), make(chan string, 1)
	s.OnAnswer(func(a Answer) { seen <- a.Text; <-release })
	done := make(chan error, 1)
	go func() {
		_, err := answer(t.Context(), bot, s.Rooms()[0], "$x", "hello", "t1")
		done <- err
	}()
	if text := <-seen; text != "hello" {
		t.Errorf("answer = %q", text)
	}
	select {
	case err := <-done:
		t.Errorf("the sender was told first: %v", err)
	default:
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	s, _ := newServer(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Await(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Await = %v", err)
	}
}
