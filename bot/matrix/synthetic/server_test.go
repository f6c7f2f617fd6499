package synthetic

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	ev "maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// newServer returns a server that ends with the test, and its bot.
func newServer(t *testing.T, o Options) (*Server, *mautrix.Client) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, newClient(t, s, s.User, s.Token)
}

func newClient(t *testing.T, s *Server, user, token string) *mautrix.Client {
	t.Helper()
	c, err := mautrix.NewClient(s.URL, id.UserID(user), token)
	if err != nil {
		t.Fatal(err)
	}
	// On a connection used before, net/http repeats a GET that was cut.
	c.Client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	return c
}

// syncOnce asks for what is new without waiting.
func syncOnce(t *testing.T, c *mautrix.Client, since, filter string) *mautrix.RespSync {
	t.Helper()
	res, err := c.FullSyncRequest(t.Context(), mautrix.ReqSync{Since: since, FilterID: filter})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// answer replies to an event with a transaction id.
func answer(ctx context.Context, c *mautrix.Client, room, to, text, txn string) (string, error) {
	content := &ev.MessageEventContent{MsgType: ev.MsgNotice, Body: text}
	content.RelatesTo = (&ev.RelatesTo{}).SetReplyTo(id.EventID(to))
	res, err := c.SendMessageEvent(ctx, id.RoomID(room), ev.EventMessage, content, mautrix.ReqSendEvent{TransactionID: txn})
	if err != nil {
		return "", err
	}
	return res.EventID.String(), nil
}

func mustAnswer(t *testing.T, c *mautrix.Client, room, to, text, txn string) string {
	t.Helper()
	id, err := answer(t.Context(), c, room, to, text, txn)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func bodies(events []*ev.Event) []string {
	var texts []string
	for _, e := range events {
		if text, ok := e.Content.Raw["body"].(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

func TestQuestionAndAnswer(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 2, Members: 3})
	room := s.Rooms()[1]
	first := syncOnce(t, bot, "", "")
	if len(first.Rooms.Join) != 2 {
		t.Fatalf("the bot is in %d rooms, want 2", len(first.Rooms.Join))
	}
	asked := s.Say(room, Person(1), `!whohas "ladder" \ Leiter ü`)

	next := syncOnce(t, bot, first.NextBatch, "")
	got := next.Rooms.Join[id.RoomID(room)].Timeline.Events
	if len(got) != 1 || got[0].ID.String() != asked || got[0].Sender.String() != Person(1) {
		t.Fatalf("events after the question: %v", got)
	}
	if text := bodies(got)[0]; text != `!whohas "ladder" \ Leiter ü` {
		t.Errorf("body = %q", text)
	}
	sent := mustAnswer(t, bot, room, asked, "one co-op", "t1")

	answers, err := s.Await(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	a := answers[0]
	if a.ID != sent || a.To != asked || a.Room != room || a.Text != "one co-op" || a.Txn != "t1" {
		t.Errorf("answer = %+v", a)
	}
	if a.Said.After(a.Served) || a.Served.After(a.At) || a.Served.IsZero() {
		t.Errorf("said %v, served %v, answered %v: want this order", a.Said, a.Served, a.At)
	}
	if got, want := s.Tally([]string{asked}), (Tally{Answered: 1}); got != want {
		t.Errorf("Tally = %+v, want %+v", got, want)
	}
	if s.Text(sent) != "one co-op" || s.Text("$unknown") != "" {
		t.Errorf("Text(answer) = %q", s.Text(sent))
	}
}

func TestOwnEchoHasTransactionID(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	room := s.Rooms()[0]
	since := syncOnce(t, bot, "", "").NextBatch
	mustAnswer(t, bot, room, s.Say(room, Person(0), "!whohas x"), "none", "t1")
	echo := syncOnce(t, bot, since, "").Rooms.Join[id.RoomID(room)].Timeline.Events[1]
	if echo.Unsigned.TransactionID != "t1" {
		t.Errorf("the sender's echo has transaction id %q, want t1", echo.Unsigned.TransactionID)
	}

	other := newClient(t, s, "", "")
	login(t, other, s.User, "OTHER")
	echo = syncOnce(t, other, since, "").Rooms.Join[id.RoomID(room)].Timeline.Events[1]
	if echo.Unsigned.TransactionID != "" {
		t.Errorf("another device of the sender sees transaction id %q", echo.Unsigned.TransactionID)
	}
}

func TestTransactionIDs(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 2})
	room, elsewhere := s.Rooms()[0], s.Rooms()[1]
	asked := s.Say(room, Person(0), "!whohas x")
	one := mustAnswer(t, bot, room, asked, "none", "t1")
	for _, tt := range []struct {
		what, room, txn string
		same            bool
	}{
		{"repeated", room, "t1", true},
		{"another id", room, "t2", false},
		{"another room", elsewhere, "t1", false},
	} {
		if got := mustAnswer(t, bot, tt.room, asked, "none", tt.txn); (got == one) != tt.same {
			t.Errorf("%s: event %s, first was %s", tt.what, got, one)
		}
	}
	if got := s.Stats(); got.TxnReplays != 1 || got.Sends != 3 {
		t.Errorf("replays %d and sends %d, want 1 and 3", got.TxnReplays, got.Sends)
	}
	if got := s.Tally([]string{asked}).Duplicates; got != 2 {
		t.Errorf("duplicates = %d, want 2", got)
	}

	login(t, bot, s.User, "FIRSTDEVICE")
	if got := mustAnswer(t, bot, room, asked, "none", "t1"); got == one {
		t.Error("a new login shares the transaction ids of the old one")
	}
	again := mustAnswer(t, bot, room, asked, "none", "t1")
	s.ForgetTxns()
	if got := mustAnswer(t, bot, room, asked, "none", "t1"); got == again {
		t.Error("the transaction id is known after ForgetTxns")
	}
}

func TestNoTransactionMemory(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1, NoTxnMemory: true})
	room := s.Rooms()[0]
	asked := s.Say(room, Person(0), "!whohas x")
	first := mustAnswer(t, bot, room, asked, "none", "t")
	if second := mustAnswer(t, bot, room, asked, "none", "t"); first == second {
		t.Error("the transaction id was remembered")
	}
}

func TestLoginAndRevoke(t *testing.T) {
	s, bot := newServer(t, Options{})
	if _, err := bot.Versions(t.Context()); err != nil {
		t.Error(err)
	}
	who, err := bot.Whoami(t.Context())
	if err != nil || who.UserID.String() != s.User || who.DeviceID != "FIRSTDEVICE" {
		t.Errorf("whoami = %+v, %v", who, err)
	}
	for _, soft := range []bool{false, true} {
		s.Revoke(s.User, soft)
		_, err = bot.Whoami(t.Context())
		var http mautrix.HTTPError
		if !errors.As(err, &http) || !errors.Is(err, mautrix.MUnknownToken) || http.RespError.ExtraData["soft_logout"] != soft {
			t.Errorf("after Revoke(soft=%t): %v, %v", soft, err, http.RespError)
		}
		login(t, bot, s.User, "FIRSTDEVICE")
		if _, err = bot.Whoami(t.Context()); err != nil {
			t.Error(err)
		}
	}
	_, err = bot.Login(t.Context(), &mautrix.ReqLogin{Type: mautrix.AuthTypePassword,
		Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: "bot"}, Password: "wrong"})
	if !errors.Is(err, mautrix.MForbidden) {
		t.Errorf("login with a wrong password: %v", err)
	}
}

func login(t *testing.T, c *mautrix.Client, user, device string) {
	t.Helper()
	_, err := c.Login(t.Context(), &mautrix.ReqLogin{
		Type:       mautrix.AuthTypePassword,
		Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: user},
		Password:   Password, DeviceID: id.DeviceID(device), StoreCredentials: true,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLongPollWaits(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	since := syncOnce(t, bot, "", "").NextBatch
	got := make(chan *mautrix.RespSync, 1)
	go func() {
		res, err := bot.FullSyncRequest(t.Context(), mautrix.ReqSync{Since: since, Timeout: 20_000})
		if err != nil {
			t.Error(err)
		}
		got <- res
	}()
	s.Say(s.Rooms()[0], Person(0), "hello") // before or while it waits: both have to be seen
	if res := <-got; res == nil || len(res.Rooms.Join) != 1 {
		t.Errorf("response = %+v, want the one room", res)
	}
	if res := syncOnce(t, bot, (func() string { return token(len(s.stream)) })(), ""); len(res.Rooms.Join) != 0 {
		t.Errorf("nothing is new, but %v came", res.Rooms.Join)
	}
}

func TestAccountDataAndUnknownPaths(t *testing.T) {
	_, bot := newServer(t, Options{})
	want := map[string][]string{"@ana:synthetic.test": {"!a:synthetic.test"}}
	if err := bot.SetAccountData(t.Context(), "m.direct", want); err != nil {
		t.Fatal(err)
	}
	var got map[string][]string
	if err := bot.GetAccountData(t.Context(), "m.direct", &got); err != nil || len(got) != 1 {
		t.Errorf("m.direct = %v, %v", got, err)
	}
	var raw json.RawMessage
	if err := bot.GetAccountData(t.Context(), "m.other", &raw); !errors.Is(err, mautrix.MNotFound) {
		t.Errorf("account data never set: %v", err)
	}
	_, err := bot.MakeRequest(t.Context(), "GET", bot.BuildClientURL("v3", "voip", "turnServer"), nil, nil)
	if !errors.Is(err, mautrix.MUnrecognized) {
		t.Errorf("a path the server does not know: %v", err)
	}
}

func TestPosts(t *testing.T) {
	s, bot := newServer(t, Options{Rooms: 1})
	room := s.Rooms()[0]
	_, from := s.Posts(0)
	mustAnswer(t, bot, room, s.Say(room, Person(0), "said by a person"), "a reply", "t1")
	res, err := bot.SendText(t.Context(), id.RoomID(room), "unasked")
	if err != nil {
		t.Fatal(err)
	}
	posts, next := s.Posts(from)
	if len(posts) != 1 || posts[0].ID != res.EventID.String() || posts[0].Room != room || posts[0].Text != "unasked" {
		t.Errorf("posts = %+v", posts)
	}
	if posts, _ = s.Posts(next); len(posts) != 0 {
		t.Errorf("posts after the last = %+v", posts)
	}
}
