package discourse

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"https://forum.example.org", "/posts/7.json"},
		{"https://forum.example.org/", "/posts/7.json"},
		{"https://example.org/forum/", "/forum/posts/7.json"},
		{"ftp://forum.example.org", ""},
		{"forum.example.org", ""},
		{"https://user:secret@forum.example.org", ""},
		{"https://forum.example.org/?api_key=x", ""},
	} {
		f := &forum{t: t, serve: playback(t, "post.json")}
		c, err := New(Config{URL: tt.url, Transport: f})
		if (err == nil) != (tt.want != "") {
			t.Errorf("New(%q): %v", tt.url, err)
		}
		if err != nil {
			continue
		}
		if _, err := c.Post(ctx, 7); err != nil {
			t.Fatal(err)
		}
		if link := c.Link("/t/12"); link != strings.TrimRight(tt.url, "/")+"/t/12" {
			t.Errorf("%s: link %s", tt.url, link)
		}
		if ask, _ := f.last(); ask != "GET "+tt.want {
			t.Errorf("%s: asked for %q, want %q", tt.url, ask, tt.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	c, f := open(t, playback(t, "post.json"))
	if _, err := c.Post(ctx, 7); err != nil {
		t.Fatal(err)
	}
	if err := c.Like(ctx, 7); err != nil {
		t.Fatal(err)
	}
	for i, want := range []map[string]string{
		{"Api-Key": "read-me", "Api-Username": "wortley", "Accept": "application/json", "User-Agent": "wortley-test", "Content-Type": ""},
		{"Api-Key": "write-me", "Api-Username": "wortley", "Accept": "application/json", "User-Agent": "wortley-test", "Content-Type": "application/json"},
	} {
		for k, v := range want {
			if got := f.heads[i].Get(k); got != v {
				t.Errorf("%s: header %s is %q, want %q", f.asked[i], k, got, v)
			}
		}
	}
	if f.sent[0] != "" {
		t.Errorf("a GET has a body: %q", f.sent[0])
	}

	f = &forum{t: t, serve: playback(t, "post.json")}
	user, err := New(Config{URL: "https://forum.example.org", Reader: UserKey("mine"), Username: "wortley", Transport: f})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := user.Post(ctx, 7); err != nil {
		t.Fatal(err)
	}
	if h := f.heads[0]; h.Get("User-Api-Key") != "mine" || h.Get("Api-Key") != "" {
		t.Errorf("headers with a user key: %v", h)
	}
}

func TestKeysStaySecret(t *testing.T) {
	const secret = "5ecret"
	key := NewKey(" " + secret + "\n")
	c, f := open(t, always(403, `{"errors":["The key `+secret+` is wrong."],"error_type":"invalid_access"}`))
	c.config.Reader = key
	_, err := c.Post(ctx, 7)
	if h := f.heads[0].Get("Api-Key"); h != secret {
		t.Errorf("the key sent is %q", h)
	}
	encoded, jsonErr := json.Marshal(map[string]any{"key": key, "config": c.config.Reader})
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", key, "client", c, "err", err)
	for what, s := range map[string]string{
		"%v": fmt.Sprintf("%v %v %v", key, c.config, *c), "%+v": fmt.Sprintf("%+v %+v %+v", key, c.config, *c),
		"%#v": fmt.Sprintf("%#v %#v %#v", key, c.config, c), "%s %q %x": fmt.Sprintf("%s %q %x", key, key, key),
		"JSON": string(encoded), "a log": log.String(), "an error": err.Error(), "a struct": fmt.Sprintf("%+v", struct{ k Key }{key}),
	} {
		if strings.Contains(s, secret) || strings.Contains(s, fmt.Sprintf("%x", secret)) {
			t.Errorf("%s shows the key: %s", what, s)
		}
	}
	if !NewKey(" ").None() || key.None() {
		t.Error("None is wrong")
	}
}

func TestWithoutAWriterNothingIsWritten(t *testing.T) {
	c, f := open(t, always(200, `{}`))
	c.config.Writer = Key{}
	if err := c.Like(ctx, 7); !errors.Is(err, ErrForbidden) || Transient(err) || len(f.asked) > 0 {
		t.Errorf("%v after %q", err, f.asked)
	}
}

func TestAnswersThatMayNotBeOurs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		header []string
		reader Key
		mine   bool
	}{
		{"a normal answer", []string{"Set-Cookie", "_t=; path=/"}, NewKey("k"), true},
		{"the key was dropped", []string{"Set-Cookie", "_t=x; path=/", "Set-Cookie", "dosp=1; Path=/"}, NewKey("k"), false},
		{"logged out", []string{"Discourse-Logged-Out", "1"}, NewKey("k"), false},
		{"from the visitors' cache", []string{"X-Discourse-Cached", "true"}, NewKey("k"), false},
		{"as a visitor, from the cache", []string{"X-Discourse-Cached", "true"}, Key{}, true},
		{"a cookie that only looks like it", []string{"Set-Cookie", "xdosp=1"}, NewKey("k"), true},
	} {
		c, _ := open(t, always(200, recorded(t, "posts.json"), tt.header...))
		c.config.Reader = tt.reader
		posts, err := c.Posts(ctx, Public, 0)
		if tt.mine != (err == nil) || !tt.mine && (!errors.Is(err, ErrNotMine) || !Transient(err) || posts != nil) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	// A write was done whatever its answer looks like.
	c, _ := open(t, always(200, recorded(t, "post.json"), "Set-Cookie", "dosp=1"))
	if p, err := c.Create(ctx, NewPost{TopicID: 42, Raw: "Hello."}); err != nil || p.ID != 104 {
		t.Errorf("a write with a strange cookie: %v, %v", p.ID, err)
	}
}

func TestUnusableAnswers(t *testing.T) {
	for _, tt := range []struct{ name, body string }{
		{"a web page", "<!DOCTYPE html><title>Welcome</title>"},
		{"nothing", ""},
		{"cut", recorded(t, "posts.json")[:700]},
		{"an empty object", "{}"},
		{"null", "null"},
		{"another list", `{"private_pots":[]}`},
		{"a post without an id", `{"latest_posts":[{"topic_id":1,"raw":"x"}]}`},
		{"a time that is none", `{"latest_posts":[{"id":7,"topic_id":1,"created_at":"soon"},{"id":6,"topic_id":1}]}`},
		{"an id that is no number", `{"latest_posts":[{"id":"seven","topic_id":1}]}`},
	} {
		c, _ := open(t, always(200, tt.body))
		if posts, err := c.Posts(ctx, Public, 0); !errors.Is(err, ErrBroken) || posts != nil {
			t.Errorf("%s: %d posts, %v", tt.name, len(posts), err)
		}
	}
	c, _ := open(t, always(200, `{"latest_posts":[{"id":7,"topic_id":1,"post_number":"x","raw":"Hello","new_key":{"a":[1]},"wiki":"maybe"},{"id":6,"topic_id":1}]}`))
	if posts, err := c.Posts(ctx, Public, 0); err != nil || len(posts) != 2 || posts[0].Raw != "Hello" {
		t.Errorf("fields of unexpected kinds: %+v, %v", posts, err)
	}
}

func TestRedirects(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked, with the key %q", r.Header.Get("Api-Key"))
	}))
	defer other.Close()
	var asked []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch r.URL.Path {
		case "/t/external_id/k1.json":
			http.Redirect(w, r, "/t/minutes/42.json", http.StatusMovedPermanently)
		case "/t/minutes/42.json":
			if r.Header.Get("Api-Key") != "read-me" || r.Header.Get("Accept") != "application/json" {
				t.Errorf("headers after a redirect: %v", r.Header)
			}
			fmt.Fprint(w, recorded(t, "topic.json"))
		case "/loop.json":
			http.Redirect(w, r, "/loop.json", http.StatusFound)
		default:
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusMovedPermanently)
		}
	}))
	defer site.Close()
	c, err := New(Config{URL: site.URL, Reader: NewKey("read-me"), Writer: NewKey("write-me")})
	if err != nil {
		t.Fatal(err)
	}
	if topic, err := c.FindTopic(ctx, "k1"); err != nil || topic.ID != 42 {
		t.Errorf("a topic by its external id: %d, %v", topic.ID, err)
	}
	if used := c.Governor().State().Used; used != 2 {
		t.Errorf("a redirect counts as %d requests, want 2", used)
	}
	if _, err := c.Post(ctx, 7); !errors.Is(err, ErrMoved) || Transient(err) {
		t.Errorf("a redirect to another host: %v", err)
	}
	if err := c.Like(ctx, 7); !errors.Is(err, ErrMoved) {
		t.Errorf("a redirected write: %v", err)
	}
	asked = nil
	if err := c.get(ctx, "loop", "loop.json", nil, nil); !errors.Is(err, ErrMoved) || len(asked) > 4 {
		t.Errorf("a loop: %v after %d requests", err, len(asked))
	}
}

func TestLargeAnswers(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		fmt.Fprint(z, `{"id":104,"topic_id":42,"raw":"`)
		n := 1 << 20
		if strings.Contains(r.URL.Path, "666") {
			n = maxBody
		}
		block := strings.Repeat("x", 1<<16)
		for i := 0; i < n; i += len(block) {
			if _, err := z.Write([]byte(block)); err != nil {
				return
			}
		}
		fmt.Fprint(z, `"}`)
	}))
	defer site.Close()
	c, err := New(Config{URL: site.URL})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := c.Post(ctx, 104); err != nil || len(p.Raw) != 1<<20 {
		t.Errorf("a long post: %d bytes, %v", len(p.Raw), err)
	}
	if _, err := c.Post(ctx, 666); !errors.Is(err, ErrTooLarge) || Transient(err) {
		t.Errorf("an answer that unpacks to too much: %v", err)
	}
}
