package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/web"
)

func get(t *testing.T, h http.Handler, path string, change func(*http.Request)) (int, string) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.RemoteAddr = "127.0.0.1:1234"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Body)
	return w.Code, string(body)
}

func TestHealth(t *testing.T) {
	still := errors.New("matrix has not been heard of for 4m0s")
	h := web.Handler(web.Options{Ready: func(context.Context) error { return still }})
	if code, body := get(t, h, "/healthz", nil); code != 200 || !strings.Contains(body, `"ok"`) {
		t.Errorf("healthz: %d %s", code, body)
	}
	if code, body := get(t, h, "/readyz", nil); code != 503 || !strings.Contains(body, "not been heard of") {
		t.Errorf("readyz: %d %s", code, body)
	}
}

func TestMetricsAreNotPublic(t *testing.T) {
	b := bot.New(nil, bot.Options{}, nil, nil)
	b.Stats.Answered.Add(3)
	o := web.Options{Metrics: web.Metrics(b, []string{"matrix"})}
	for _, tt := range []struct {
		name   string
		public bool
		change func(*http.Request)
		want   int
	}{
		{"this machine", false, nil, 200},
		{"another", false, func(r *http.Request) { r.RemoteAddr = "192.0.2.1:80" }, 404},
		{"through a proxy", false, func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.1") }, 404},
		{"public", true, func(r *http.Request) { r.RemoteAddr = "192.0.2.1:80" }, 200},
	} {
		o.MetricsPublic = tt.public
		code, body := get(t, web.Handler(o), "/metrics", tt.change)
		if code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, code, tt.want)
		}
		if code == 200 && !strings.Contains(body, "wortley_answers_total 3") {
			t.Errorf("%s: no answers in\n%s", tt.name, body)
		}
	}
}
