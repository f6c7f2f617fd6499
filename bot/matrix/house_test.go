package matrix_test

import (
	"bytes"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"
)

// eventually waits until ok, for what nobody can see but by asking.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: it never was so", what)
		}
	}
}

// one returns a value from the bot's database.
func (h *house) one(t *testing.T, query string, args ...any) string {
	t.Helper()
	h.mu.Lock()
	db := h.db
	h.mu.Unlock()
	var value string
	if err := db.QueryRow(context.Background(), "SELECT coalesce(("+query+"), '')", args...).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// status returns what the bot says about its device: "yes" if it is verified.
func (h *house) status() string {
	h.mu.Lock()
	transport := h.transport
	h.mu.Unlock()
	if transport == nil {
		return ""
	}
	for _, line := range transport.Status(context.Background()) {
		if verified, ok := strings.CutPrefix(line, "Verified by its owner: "); ok {
			return verified
		}
	}
	return ""
}

func (h *house) device(t *testing.T) id.DeviceID {
	return id.DeviceID(h.one(t, "SELECT device FROM matrix_device"))
}

// spawn runs the bot as a process of its own.
func (h *house) spawn(t *testing.T) (kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asBot+"="+h.dir, "WORTLEY_TEST_SERVER="+h.url)
	out := &testLog{t: t}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	kill = func() {
		once.Do(func() {
			cmd.Process.Kill()
			cmd.Wait() // how it ended is no news
			if t.Failed() {
				t.Logf("the bot's process:\n%s", out)
			}
		})
	}
	t.Cleanup(kill)
	return kill
}

// A proxy stands between the bot and the server, and makes trouble.
type proxy struct {
	url  string
	back *httputil.ReverseProxy
	ctx  context.Context // ends with the test

	mu      sync.Mutex
	trouble func(w http.ResponseWriter, r *http.Request) (done bool)
	change  func(resp *http.Response) error
}

func newProxy(t *testing.T, to string) *proxy {
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{back: httputil.NewSingleHostReverseProxy(target)}
	p.back.ErrorLog = log.New(io.Discard, "", 0) // of those who hang up
	p.back.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	p.back.ModifyResponse = func(resp *http.Response) error {
		p.mu.Lock()
		change := p.change
		p.mu.Unlock()
		if change != nil {
			return change(resp)
		}
		return nil
	}
	s := httptest.NewServer(p)
	ctx, cancel := context.WithCancel(context.Background())
	p.ctx = ctx
	t.Cleanup(func() { cancel(); s.CloseClientConnections(); s.Close() })
	p.url = s.URL
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	trouble := p.trouble
	p.mu.Unlock()
	if trouble == nil || !trouble(w, r) {
		p.pass(w, r)
	}
}

// pass hands a request on and sees it through: Dendrite on SQLite without C
// loses its database connection when somebody hangs up in the middle.
func (p *proxy) pass(w http.ResponseWriter, r *http.Request) {
	p.back.ServeHTTP(w, r.WithContext(p.ctx))
}

// make sets the trouble; nil ends it.
func (p *proxy) make(trouble func(w http.ResponseWriter, r *http.Request) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = trouble
}

// replace changes the bodies of answers whose path holds a word.
func (p *proxy) replace(path string, f func(body string) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.change = func(resp *http.Response) error {
		if !strings.Contains(resp.Request.URL.Path, path) {
			return nil
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		changed := []byte(f(string(body)))
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
		resp.Header.Del("Content-Length")
		return nil
	}
}
