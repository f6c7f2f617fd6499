package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A far side takes posts, and answers as it is told.
type far struct {
	*httptest.Server
	mu     sync.Mutex
	taken  []request
	answer func(n int, w http.ResponseWriter)
}

type request struct {
	method, path string
	header       http.Header
	body         map[string]any
}

func newFar(t testing.TB, answer func(n int, w http.ResponseWriter)) *far {
	t.Helper()
	f := &far{answer: answer}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		one := request{r.Method, r.URL.RequestURI(), r.Header, nil}
		if len(data) > 0 {
			if err := json.Unmarshal(data, &one.body); err != nil {
				t.Errorf("not JSON: %s", data)
			}
		}
		f.mu.Lock()
		f.taken = append(f.taken, one)
		n := len(f.taken)
		f.mu.Unlock()
		if f.answer != nil {
			f.answer(n, w)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *far) all() []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]request{}, f.taken...)
}

const secretPath = "/services/T0000/B0000/verysecrettoken"

func hook(f *far, kind string) Hook {
	h := Hook{Name: "near", Kind: kind, URL: f.URL + secretPath}
	switch kind {
	case "talk":
		h.URL, h.Secret = f.URL+"/index.php/call/abcd1234", "shared"
	case "discord":
		h.URL = f.URL + "/api/webhooks/1234/verysecrettoken"
	}
	return h
}

func transport(t testing.TB, h Hook) *Transport {
	t.Helper()
	tr, err := New(Options{Hooks: []Hook{h}})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func post() bot.Post {
	return bot.Post{Key: "news/7/webhook/near", Room: bot.Room{Site: "webhook/near"}, Kind: bot.Say, Title: "January news",
		Text: "Hello **all**, @channel <!channel> bob@example.org:\n- [Fair](https://hub.example/t/1?a=1&b=2)", Tries: 1}
}

func TestFormats(t *testing.T) {
	for _, tt := range []struct{ kind, field, want string }{
		{"slack", "text", "*January news*\n\nHello *all*, @channel &lt;!channel&gt; bob@example.org:\n\n• <https://hub.example/t/1?a=1&amp;b=2|Fair>"},
		{"mattermost", "text", "**January news**\n\nHello **all**, @\u200dchannel <!channel> bob@example.org:\n- [Fair](https://hub.example/t/1?a=1&b=2)"},
		{"rocketchat", "text", "**January news**\n\nHello **all**, @\u200dchannel <!channel> bob@example.org:\n- [Fair](https://hub.example/t/1?a=1&b=2)"},
		{"discord", "content", "**January news**\n\nHello **all**, @\u200dchannel <!channel> bob@example.org:\n- [Fair](https://hub.example/t/1?a=1&b=2)"},
		{"talk", "message", "**January news**\n\nHello **all**, @\u200dchannel <!channel> bob@example.org:\n- [Fair](https://hub.example/t/1?a=1&b=2)"},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			f := newFar(t, nil)
			id, err := transport(t, hook(f, tt.kind)).Send(t.Context(), post())
			if err != nil || id == "" {
				t.Fatalf("id %q, %v", id, err)
			}
			got := f.all()[0]
			if got.body[tt.field] != tt.want {
				t.Errorf("said %q\nwant %q", got.body[tt.field], tt.want)
			}
		})
	}
}

func TestDiscordChangesAndDeletes(t *testing.T) {
	f := newFar(t, func(_ int, w http.ResponseWriter) { fmt.Fprint(w, `{"id":"99"}`) })
	tr := transport(t, hook(f, "discord"))
	p := post()
	id, err := tr.Send(t.Context(), p)
	if err != nil || id != "99" {
		t.Fatalf("id %q, %v", id, err)
	}
	p.Kind, p.OfID = bot.Edit, id
	if _, err := tr.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	p.Kind = bot.Withdraw
	if _, err := tr.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range f.all() {
		got = append(got, r.method+" "+r.path)
	}
	want := "POST /api/webhooks/1234/verysecrettoken?wait=true, PATCH /api/webhooks/1234/verysecrettoken/messages/99, DELETE /api/webhooks/1234/verysecrettoken/messages/99"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %v", got)
	}
	mentions, _ := json.Marshal(f.all()[0].body["allowed_mentions"])
	if string(mentions) != `{"parse":[]}` {
		t.Errorf("mentions %s", mentions)
	}
}

// TestLongTexts makes every place take what is too long for it, in one piece.
func TestLongTexts(t *testing.T) {
	for kind, limit := range map[string]int{"slack": slackMost, "mattermost": mattermostMost, "rocketchat": rocketMost, "discord": discordEmbeds, "talk": talkMost} {
		f := newFar(t, nil)
		p := post()
		p.Text = strings.Repeat("a line of words ünd more\n", 4000)
		if _, err := transport(t, hook(f, kind)).Send(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		all := f.all()
		text, _ := all[0].body["text"].(string)
		if m, ok := all[0].body["message"].(string); ok {
			text = m
		}
		if embeds, ok := all[0].body["embeds"].([]any); ok {
			text = embeds[0].(map[string]any)["description"].(string)
		}
		if n := len([]rune(text)); len(all) != 1 || n > limit || n < limit/2 || !strings.Contains(text, "shortened") {
			t.Errorf("%s: %d posts, %d letters of %d", kind, len(all), n, limit)
		}
	}
}

func TestTalkSigns(t *testing.T) {
	f := newFar(t, func(_ int, w http.ResponseWriter) { w.WriteHeader(http.StatusCreated) })
	if _, err := transport(t, hook(f, "talk")).Send(t.Context(), post()); err != nil {
		t.Fatal(err)
	}
	r := f.all()[0]
	mac := hmac.New(sha256.New, []byte("shared"))
	mac.Write([]byte(r.header.Get("X-Nextcloud-Talk-Bot-Random") + r.body["message"].(string)))
	if got := r.header.Get("X-Nextcloud-Talk-Bot-Signature"); got != hex.EncodeToString(mac.Sum(nil)) || r.path != "/ocs/v2.php/apps/spreed/api/v1/bot/abcd1234/message" ||
		r.header.Get("OCS-APIRequest") != "true" || len(r.header.Get("X-Nextcloud-Talk-Bot-Random")) != 64 || len(r.body["referenceId"].(string)) != 64 {
		t.Errorf("signature %q, path %q, header %v", got, r.path, r.header)
	}
}

func TestOutcomes(t *testing.T) {
	hang := func(_ int, w http.ResponseWriter) { panic(http.ErrAbortHandler) }
	status := func(code int, header, body string) func(int, http.ResponseWriter) {
		return func(_ int, w http.ResponseWriter) {
			if name, value, ok := strings.Cut(header, ": "); ok {
				w.Header().Set(name, value)
			}
			w.WriteHeader(code)
			io.WriteString(w, body)
		}
	}
	for _, tt := range []struct {
		name    string
		kind    string
		answer  func(int, http.ResponseWriter)
		wait    time.Duration
		never   bool
		unknown bool
		again   bool
	}{
		{name: "too many, in seconds", kind: "slack", answer: status(429, "Retry-After: 30", ""), wait: 30 * time.Second},
		{name: "too many, as Discord says it", kind: "discord", answer: status(429, "", `{"message":"slow down","retry_after":2.5,"global":false}`), wait: 2500 * time.Millisecond},
		{name: "too many, unsaid", kind: "mattermost", answer: status(429, "", ""), wait: time.Minute},
		{name: "too many, for years", kind: "slack", answer: status(429, "Retry-After: 99999999", ""), wait: time.Hour},
		{name: "busy for a while", kind: "slack", answer: status(503, "Retry-After: 5", ""), wait: 5 * time.Second},
		{name: "broken", kind: "slack", answer: status(500, "", "rollup_error"), again: true},
		{name: "a proxy gave up", kind: "slack", answer: status(504, "", ""), unknown: true},
		{name: "cut", kind: "slack", answer: hang, unknown: true},
		{name: "gone", kind: "slack", answer: status(404, "", "no_service "+secretPath), never: true},
		{name: "archived", kind: "slack", answer: status(410, "", "channel_is_archived"), never: true},
		{name: "wrong signature", kind: "talk", answer: status(401, "", ""), never: true},
		{name: "elsewhere", kind: "slack", answer: status(302, "Location: https://evil.example", ""), never: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFar(t, tt.answer)
			f.Config.ErrorLog = nil
			_, err := transport(t, hook(f, tt.kind)).Send(t.Context(), post())
			if err == nil {
				t.Fatal("it was said")
			}
			var wait *bot.WaitError
			errors.As(err, &wait)
			if (wait != nil) != (tt.wait != 0) || wait != nil && (wait.For != tt.wait || wait.All) || errors.Is(err, bot.ErrNever) != tt.never || errors.Is(err, bot.ErrUnknown) != tt.unknown {
				t.Errorf("got %v (%+v)", err, wait)
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), f.URL) {
				t.Errorf("the secret is in %q", err)
			}
		})
	}
}

// TestNobodyThere is no unknown outcome: nothing was written.
func TestNobodyThere(t *testing.T) {
	f := newFar(t, nil)
	tr := transport(t, hook(f, "slack"))
	f.Close()
	_, err := tr.Send(t.Context(), post())
	if err == nil || errors.Is(err, bot.ErrUnknown) || errors.Is(err, bot.ErrNever) || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func TestWhatCannotBeTakenBack(t *testing.T) {
	f := newFar(t, nil)
	for _, kind := range []string{"slack", "mattermost", "rocketchat", "talk"} {
		tr := transport(t, hook(f, kind))
		p := post()
		p.Kind, p.OfID = bot.Withdraw, "x"
		if _, err := tr.Send(t.Context(), p); !errors.Is(err, bot.ErrNever) {
			t.Errorf("%s: %v", kind, err)
		}
		p.Kind = bot.Edit
		if _, err := tr.Send(t.Context(), p); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if n := len(f.all()); n != 4 {
		t.Errorf("%d posts, want 4 corrections", n)
	}
	for _, r := range f.all() {
		data, _ := json.Marshal(r.body)
		if !strings.Contains(string(data), "Correction:") {
			t.Errorf("said %s", data)
		}
	}
}

func TestWrongHooks(t *testing.T) {
	for _, h := range []Hook{{Kind: "irc", URL: "https://x.example"}, {Kind: "slack", URL: "x"}, {Kind: "talk", URL: "https://x.example/call/a"}, {Kind: "talk", URL: "https://x.example/secret", Secret: "s"}} {
		if _, err := New(Options{Hooks: []Hook{h}}); err == nil {
			t.Errorf("%v is accepted", h)
		}
	}
	if _, err := transport(t, Hook{Name: "a", Kind: "slack", URL: "https://x.example"}).Send(t.Context(), post()); !errors.Is(err, bot.ErrNever) {
		t.Errorf("a hook that is not there: %v", err)
	}
}

// TestSecretsStayOut logs everything there is to log.
func TestSecretsStayOut(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	f := newFar(t, func(_ int, w http.ResponseWriter) { panic(http.ErrAbortHandler) })
	h := hook(f, "slack")
	tr, err := New(Options{Hooks: []Hook{h}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	_, err = tr.Send(t.Context(), post())
	log.Info("failed", "hook", h, "err", err)
	fmt.Fprintf(&out, "%v %+v %s", h, h, h)
	if strings.Contains(out.String(), "secret") || !strings.Contains(out.String(), "twice") {
		t.Errorf("the log says %s", out.String())
	}
}

// TestThroughTheBot has a place that is busy, then broken, and gets it once.
func TestThroughTheBot(t *testing.T) {
	f := newFar(t, func(n int, w http.ResponseWriter) {
		switch n {
		case 1:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(429)
		case 2:
			w.WriteHeader(500)
		}
	})
	db, err := storage.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Owe(t.Context(), post()); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	b := bot.New(db, bot.Options{Now: func() time.Time { return now }}, []bot.Transport{transport(t, hook(f, "mattermost"))}, nil)
	for range 3 {
		if err := b.Settle(context.Background()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	if n, sent := len(f.all()), b.Stats.Sent.Load(); n != 3 || sent != 1 {
		t.Errorf("%d tries, said %d times", n, sent)
	}
}
