package discourse

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A forum answers requests in a test without a network, so that waiting is
// done on synctest's clock.
type forum struct {
	t     *testing.T
	serve http.HandlerFunc
	asked []string // "GET /posts.json?before=7"
	sent  []string // bodies
	heads []http.Header
}

func (f *forum) RoundTrip(req *http.Request) (*http.Response, error) {
	ask := req.Method + " " + req.URL.RequestURI()
	f.asked = append(f.asked, ask)
	f.heads = append(f.heads, req.Header.Clone())
	body := ""
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(b)
		req.Body = io.NopCloser(strings.NewReader(body))
	}
	f.sent = append(f.sent, body)
	w := httptest.NewRecorder()
	f.serve(w, req)
	res := w.Result()
	res.Request = req
	return res, req.Context().Err()
}

// last returns the last request line and its body.
func (f *forum) last() (ask, body string) {
	if len(f.asked) == 0 {
		return "", ""
	}
	return f.asked[len(f.asked)-1], f.sent[len(f.sent)-1]
}

// open returns a client of a forum that answers with serve.
func open(t *testing.T, serve http.HandlerFunc) (*Client, *forum) {
	t.Helper()
	f := &forum{t: t, serve: serve}
	c, err := New(Config{
		URL: "https://forum.example.org", Reader: NewKey("read-me"), Writer: NewKey("write-me"), Username: "wortley",
		UserAgent: "wortley-test", Transport: f, Governor: NewGovernor(Pace{PerMinute: 1000}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, f
}

// always answers every request alike.
func always(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		kind := "application/json; charset=utf-8"
		for i := 0; i+1 < len(header); i += 2 {
			if header[i] == "Content-Type" {
				kind = header[i+1]
				continue
			}
			w.Header().Add(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// recorded returns a file of testdata.
func recorded(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// playback answers every request with a file of testdata.
func playback(t *testing.T, name string) http.HandlerFunc { return always(200, recorded(t, name)) }

var ctx = context.Background()
