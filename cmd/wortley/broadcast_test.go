package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/matrix/dendritetest"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// TestBroadcastOnDendrite announces something in 50 rooms of a real server
// while the bot is killed three times: every room is told once.
func TestBroadcastOnDendrite(t *testing.T) {
	if os.Getenv("WORTLEY_SLOW") != "1" {
		t.Skip("SKIPPED, NOT TESTED: 50 rooms on a real server take half a minute; set WORTLEY_SLOW=1")
	}
	const rooms, kills = 50, 3
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	server := dendritetest.Start(t)
	a := &announcer{t: t, client: server.Login("alice"), told: map[id.RoomID]int{}}
	a.open(rooms)
	h := &house{t: t, path: path, folder: t.TempDir()}
	h.env = []string{"HOME=" + h.folder, "PATH=" + os.Getenv("PATH"), "WORTLEY_MATRIX_USER=" + string(dendritetest.UserID("bot")),
		"WORTLEY_MATRIX_HOMESERVER=" + patient(t, server.URL), "WORTLEY_MATRIX_PASSWORD=" + dendritetest.Password("bot"), "WORTLEY_MATRIX_ENCRYPTION=off",
		"WORTLEY_MATRIX_INVITES=" + dendritetest.ServerName, "WORTLEY_COORDINATORS=" + string(dendritetest.UserID("alice")), "WORTLEY_WEB_ADDR=off",
		"WORTLEY_BROADCASTS_EVERYWHERE=yes", "WORTLEY_BROADCASTS_PER_SECOND=10", "WORTLEY_BROADCASTS_BURST=4"}
	running := h.start()
	a.until("the bot is in all rooms", func() bool { return a.joined == rooms })
	a.say("!announce now The doors open at nine.", "")
	a.until("the bot asks", func() bool { return a.asked != "" })
	a.say("yes", a.asked)
	for killed := range kills {
		a.until("the next rooms are told", func() bool { return len(a.told) >= 12*(killed+1) })
		running.cmd.Process.Kill()
		<-running.Done
		running = h.start()
	}
	a.until("all rooms are told", func() bool { return len(a.told) == rooms })
	a.say("!status", "")
	a.until("the bot goes on", func() bool { return a.answers >= 2 })
	for room, n := range a.told {
		if n != 1 {
			t.Errorf("%s was told %d times", room, n)
		}
	}
}

// patient returns the address of a proxy that sees requests through when the
// bot that made them is killed: Dendrite on SQLite without C loses its
// database connection when somebody hangs up in the middle.
func patient(t *testing.T, to string) string {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			return // killed before it had said what it wanted
		}
		req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, to+r.URL.RequestURI(), bytes.NewReader(asked))
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		req.Header = r.Header.Clone()
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		maps.Copy(w.Header(), resp.Header)
		w.WriteHeader(resp.StatusCode)
		w.Write(answer)
	}))
	t.Cleanup(func() { proxy.CloseClientConnections(); proxy.Close() })
	return proxy.URL
}

// An announcer is a coordinator who watches all rooms.
type announcer struct {
	t      *testing.T
	client *mautrix.Client
	room   id.RoomID // where she talks with the bot
	since  string

	joined  int
	asked   id.EventID // the bot's question
	answers int        // of the bot, in replies
	told    map[id.RoomID]int
}

// open makes rooms and invites the bot.
func (a *announcer) open(n int) {
	a.t.Helper()
	var mu sync.Mutex
	var making sync.WaitGroup
	slots := make(chan struct{}, 2)
	for i := range n {
		making.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			made, err := a.client.CreateRoom(a.t.Context(), &mautrix.ReqCreateRoom{Name: fmt.Sprintf("Room %d", i), Invite: []id.UserID{dendritetest.UserID("bot")}})
			if err != nil {
				a.t.Error(err)
				return
			}
			mu.Lock()
			a.room = made.RoomID
			mu.Unlock()
		})
	}
	making.Wait()
	if a.t.Failed() {
		a.t.FailNow()
	}
}

func (a *announcer) say(text string, to id.EventID) {
	a.t.Helper()
	c := &event.MessageEventContent{MsgType: event.MsgText, Body: text}
	if to != "" {
		c.RelatesTo = &event.RelatesTo{InReplyTo: &event.InReplyTo{EventID: to}}
	}
	if _, err := a.client.SendMessageEvent(a.t.Context(), a.room, event.EventMessage, c); err != nil {
		a.t.Fatal(err)
	}
}

// until watches the rooms until something is so.
func (a *announcer) until(what string, so func() bool) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), 2*time.Minute)
	defer cancel()
	for !so() {
		resp, err := a.client.FullSyncRequest(ctx, mautrix.ReqSync{Since: a.since, Timeout: 1000, FilterID: `{"room":{"timeline":{"limit":100}}}`})
		if err != nil {
			a.t.Fatalf("until %s: %v", what, err)
		}
		a.since = resp.NextBatch
		for room, joined := range resp.Rooms.Join {
			for _, e := range joined.Timeline.Events {
				a.see(room, e)
			}
		}
	}
}

func (a *announcer) see(room id.RoomID, e *event.Event) {
	if e.Sender != dendritetest.UserID("bot") {
		return
	}
	body, _ := e.Content.Raw["body"].(string)
	relates, _ := e.Content.Raw["m.relates_to"].(map[string]any)
	switch {
	case e.Type.Type == "m.room.member":
		if e.Content.Raw["membership"] == "join" {
			a.joined++
		}
	case relates["rel_type"] != nil:
	case relates != nil:
		a.answers++
		if strings.Contains(body, "Shall I?") {
			a.asked = e.ID
		}
	case strings.Contains(body, "The doors open at nine."):
		a.told[room]++
	}
}
