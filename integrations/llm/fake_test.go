package llm

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A fake is a server that answers chat completions as it is told.
type fake struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []map[string]any
	header []http.Header
	answer func(n int, w http.ResponseWriter, r *http.Request)
}

func newFake(t testing.TB, answer func(n int, w http.ResponseWriter, r *http.Request)) *fake {
	t.Helper()
	f := &fake{answer: answer}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		var body map[string]any
		if err := json.Unmarshal(data, &body); err != nil {
			t.Errorf("asked with %q", data)
		}
		f.mu.Lock()
		f.asked, f.header = append(f.asked, body), append(f.header, r.Header)
		n := len(f.asked)
		f.mu.Unlock()
		if r.URL.Path != "/v1/chat/completions" {
			t.Errorf("asked at %s", r.URL.Path)
		}
		f.answer(n, w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) times() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked)
}

// says answers with a text.
func says(content string) func(int, http.ResponseWriter, *http.Request) {
	return ends(content, "stop")
}

func ends(content, reason string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"index": 0, "finish_reason": reason, "message": map[string]any{"role": "assistant", "content": content}}}})
	}
}

// answers says a status, and then what comes after it.
func answers(code int, header, body string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) {
		if k, v, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(k, v)
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

// first answers the first n questions one way, and the others another way.
func first(n int, one, other func(int, http.ResponseWriter, *http.Request)) func(int, http.ResponseWriter, *http.Request) {
	return func(i int, w http.ResponseWriter, r *http.Request) {
		if i <= n {
			one(i, w, r)
			return
		}
		other(i, w, r)
	}
}

const key = "sk-very-secret"

// client asks a fake, and notes how long it waited between tries.
func client(t testing.TB, f *fake, waited *[]time.Duration, change func(*Config)) *Client {
	t.Helper()
	cfg := Config{URL: f.URL + "/v1/", Key: key, Model: "small-model", Timeout: 20 * time.Second, Sleep: func(_ context.Context, d time.Duration) error {
		if waited != nil {
			*waited = append(*waited, d)
		}
		return nil
	}}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func gathering() Thread {
	return Thread{Title: "Spring gathering in Sheffield", Posts: []Post{
		{ID: "p901", Text: "Shall we hold the spring gathering in Sheffield? The big hall is free on 18 April and costs £250."},
		{ID: "p902", Text: "Sheffield suits us, two people from our co-op would come. Can we cook together?"},
		{ID: "p903", Text: "The hall has a kitchen. I will ask for the key, and somebody has to book the rooms for the gathering."},
	}}
}

const good = `{"points":[{"text":"The spring gathering may be in Sheffield in April, in the big hall","post":1,"quote":"big hall is free on 18 April"},{"text":"Somebody has to book the rooms","post":3,"quote":"somebody has to book the rooms"}]}`

func TestSummary(t *testing.T) {
	f := newFake(t, says("```json\n"+good+"\n```"))
	c := client(t, f, nil, nil)
	s := c.Summarise(t.Context(), gathering())
	if s.Model != "small-model" || s.Note != "" || len(s.Points) != 2 || s.Points[0].Post != "p901" || s.Points[1].Post != "p903" {
		t.Fatalf("got %+v", s)
	}
	if want := "The spring gathering may be in Sheffield in April, in the big hall. Somebody has to book the rooms."; s.Text() != want {
		t.Errorf("text %q", s.Text())
	}
	if want := "machine summary of 3 posts, by model small-model"; s.Label() != want {
		t.Errorf("label %q", s.Label())
	}
	if c.Summarise(t.Context(), gathering()); f.times() != 1 {
		t.Errorf("the same thread was asked about %d times", f.times())
	}
	more := gathering()
	more.Posts[0].Text += " Who is in?"
	if c.Summarise(t.Context(), more); f.times() != 2 {
		t.Error("a thread that has changed was not asked about again")
	}
	if auth := f.header[0].Get("Authorization"); auth != "Bearer "+key {
		t.Errorf("asked with %q", auth)
	}
}

// TestWhatTheModelSees holds no ids, asks for a schema, and offers no tools.
func TestWhatTheModelSees(t *testing.T) {
	f := newFake(t, says(good))
	thread := gathering()
	thread.Posts[1].Text += " What do you think, @zoe-of_leeds?"
	client(t, f, nil, nil).Summarise(t.Context(), thread)
	data, _ := json.Marshal(f.asked[0])
	for _, never := range []string{"p901", "zoe", "tools", key, `"stream":true`} {
		if strings.Contains(string(data), never) {
			t.Errorf("%s is in the question", never)
		}
	}
	for _, wanted := range []string{`"json_schema"`, `"additionalProperties":false`, `"max_tokens":600`} {
		if !strings.Contains(string(data), wanted) {
			t.Errorf("%s is not in the question: %s", wanted, data)
		}
	}
}

func TestFailures(t *testing.T) {
	broken := func(int, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	hang := func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for _, tt := range []struct {
		name   string
		answer func(int, http.ResponseWriter, *http.Request)
		change func(*Config)
		want   error // nil: it works in the end
		asked  int
		waited []time.Duration
	}{
		{name: "too many, then well", answer: first(1, answers(429, "Retry-After: 7", `{"error":{"message":"slow down"}}`), says(good)), asked: 2, waited: []time.Duration{7 * time.Second}},
		{name: "too many for longer than there is time", answer: answers(429, "Retry-After: 600", "{}"), want: ErrUnavailable, asked: 1},
		{name: "too many, always", answer: answers(429, "", `{"error":{"message":"no"}}`), want: ErrUnavailable, asked: 3, waited: []time.Duration{time.Second, 2 * time.Second}},
		{name: "a proxy's page, then well", answer: first(2, answers(502, "Content-Type: text/html", "<html>Bad gateway</html>"), says(good)), asked: 3, waited: []time.Duration{time.Second, 2 * time.Second}},
		{name: "broken", answer: answers(500, "", `{"error":{"message":"`+key+`"}}`), want: ErrUnavailable, asked: 3, waited: []time.Duration{time.Second, 2 * time.Second}},
		{name: "cut", answer: first(1, broken, says(good)), asked: 2, waited: []time.Duration{time.Second}},
		{name: "wrong key", answer: answers(401, "", `{"error":{"message":"bad key `+key+`"}}`), want: ErrUnavailable, asked: 1},
		{name: "no such model", answer: answers(404, "", `{"error":{"message":"no"}}`), want: ErrUnavailable, asked: 1},
		{name: "elsewhere", answer: answers(307, "Location: https://evil.example/", ""), want: ErrUnavailable, asked: 1},
		{name: "knows no schemas", answer: first(1, answers(400, "", `{"error":{"message":"response_format is not supported"}}`), says(good)), asked: 2},
		{name: "refuses the question", answer: answers(400, "", `{"error":{"message":"no"}}`), want: ErrUnavailable, asked: 2},
		{name: "hangs", answer: hang, change: func(c *Config) { c.Timeout = 50 * time.Millisecond }, want: ErrUnavailable, asked: 1},
		{name: "no choices", answer: answers(200, "", `{"choices":[]}`), want: ErrUnusable, asked: 1},
		{name: "broken off at the limit", answer: ends(good[:80], "length"), want: ErrUnusable, asked: 1},
		{name: "broken off, though it looks whole", answer: ends(good, "length"), want: ErrUnusable, asked: 1},
		{name: "filtered", answer: ends("", "content_filter"), want: ErrUnusable, asked: 1},
		{name: "wants a tool", answer: ends("", "tool_calls"), want: ErrUnusable, asked: 1},
		{name: "empty", answer: says(""), want: ErrUnusable, asked: 1},
		{name: "prose", answer: says("Here is your summary: all is well."), want: ErrUnusable, asked: 1},
		{name: "half of it", answer: says(good[:len(good)-20]), want: ErrUnusable, asked: 1},
		{name: "another form", answer: says(`{"points":[{"text":"x","post":"1","quote":"y"}]}`), want: ErrUnusable, asked: 1},
		{name: "a list", answer: says(`[]`), want: ErrUnusable, asked: 1},
		{name: "a page instead", answer: answers(200, "Content-Type: text/html", "<html>hello</html>"), want: ErrUnavailable, asked: 3, waited: []time.Duration{time.Second, 2 * time.Second}},
		{name: "endless", answer: says(strings.Repeat("x", 2*mostRead)), want: ErrUnavailable, asked: 3, waited: []time.Duration{time.Second, 2 * time.Second}},
		{name: "no points", answer: says(`{"points":[]}`), want: ErrUnusable, asked: 1},
		{name: "budget", answer: answers(500, "", ""), change: func(c *Config) { c.Daily = 2 }, want: ErrBudget, asked: 2, waited: []time.Duration{time.Second, 2 * time.Second}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t, tt.answer)
			var waited []time.Duration
			c := client(t, f, &waited, tt.change)
			s, err := c.ByModel(t.Context(), gathering())
			switch {
			case tt.want == nil && (err != nil || len(s.Points) != 2):
				t.Errorf("got %+v, %v", s, err)
			case tt.want != nil && !errors.Is(err, tt.want):
				t.Errorf("got %v, want %v", err, tt.want)
			case err != nil && (strings.Contains(err.Error(), key) || strings.Contains(err.Error(), f.URL)):
				t.Errorf("a secret is in %q", err)
			}
			if f.times() != tt.asked {
				t.Errorf("asked %d times, want %d", f.times(), tt.asked)
			}
			if len(waited) != len(tt.waited) {
				t.Errorf("waited %v, want %v", waited, tt.waited)
			} else {
				for i := range waited {
					if waited[i] != tt.waited[i] {
						t.Errorf("waited %v, want %v", waited, tt.waited)
					}
				}
			}
			// Whatever happens, there is a summary.
			if tt.want != nil {
				if s := c.Summarise(t.Context(), gathering()); len(s.Points) == 0 || s.Model != "" || s.Note == "" {
					t.Errorf("instead there is %+v", s)
				}
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	f := newFake(t, says(good))
	c := client(t, f, nil, nil)
	f.Close()
	if _, err := c.ByModel(t.Context(), gathering()); !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), key) {
		t.Errorf("got %v", err)
	}
}

func TestOff(t *testing.T) {
	var c *Client
	if _, err := c.ByModel(t.Context(), gathering()); !errors.Is(err, ErrOff) {
		t.Error(err)
	}
	if _, err := c.Rephrase(t.Context(), "tomorrow"); !errors.Is(err, ErrOff) {
		t.Error(err)
	}
	if s := c.Summarise(t.Context(), gathering()); len(s.Points) == 0 || s.Note != "" {
		t.Errorf("got %+v", s)
	}
	for _, cfg := range []Config{{URL: "ollama", Model: "m"}, {URL: "https://x.example"}} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v is accepted", cfg)
		}
	}
}

// TestBudgetOfADay lasts until midnight UTC.
func TestBudgetOfADay(t *testing.T) {
	f := newFake(t, says(good))
	now := time.Date(2026, 1, 6, 23, 59, 0, 0, time.UTC)
	c := client(t, f, nil, func(c *Config) { c.Daily = 1; c.Now = func() time.Time { return now } })
	other := gathering()
	other.Title = "another"
	if _, err := c.ByModel(t.Context(), gathering()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ByModel(t.Context(), other); !errors.Is(err, ErrBudget) {
		t.Errorf("got %v", err)
	}
	now = now.Add(2 * time.Minute)
	if _, err := c.ByModel(t.Context(), other); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

func TestRephrase(t *testing.T) {
	for _, tt := range []struct{ said, want string }{
		{`{"phrase":"Thursday 16 January at 14:30"}`, "Thursday 16 January at 14:30"},
		{`{"phrase":"the last Wednesday of each month"}`, "the last Wednesday of each month"},
		{`{"phrase":""}`, ""},
		{`{"phrase":"see https://evil.example"}`, ""},
		{`{"phrase":"@room tomorrow"}`, ""},
		{`{"phrase":"!fund pledge 1 500"}`, ""},
		{`{"phrase":"<b>tomorrow</b>"}`, ""},
		{`{"phrase":"` + strings.Repeat("tomorrow ", 30) + `"}`, ""},
		{`{"when":"tomorrow"}`, ""},
	} {
		f := newFake(t, says(tt.said))
		got, err := client(t, f, nil, nil).Rephrase(t.Context(), "let's say the Thursday after next, half two")
		if got != tt.want || (tt.want == "") != errors.Is(err, ErrUnusable) {
			t.Errorf("%s: got %q, %v", tt.said, got, err)
		}
	}
}
