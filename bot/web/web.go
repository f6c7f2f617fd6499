// Package web is the bot's one HTTP listener: health, metrics, and the pages
// of the features.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Options are what the listener shows.
type Options struct {
	Addr string // "127.0.0.1:8008"; see Serve

	// Alive returns an error when the process had better be restarted; Ready
	// when it should not be relied on just now, for instance because a site
	// has not been heard of for minutes.
	Alive, Ready func(ctx context.Context) error

	Metrics       *prometheus.Registry
	MetricsPublic bool // otherwise only this machine may read them
	Pages         []bot.Page
	Log           *slog.Logger
}

// Handler returns the pages: /healthz, /readyz, /metrics and the features' own.
func Handler(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", check(o.Alive))
	mux.HandleFunc("GET /readyz", check(o.Ready))
	if o.Metrics != nil {
		h := promhttp.HandlerFor(o.Metrics, promhttp.HandlerOpts{})
		if !o.MetricsPublic {
			h = thisMachine(h)
		}
		mux.Handle("GET /metrics", h)
	}
	for _, p := range o.Pages {
		mux.Handle(p.Pattern, p.Handler)
	}
	return safe(mux)
}

// check answers with 200 and "ok", or 503 and what is wrong.
func check(healthy func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		answer := map[string]string{"status": "ok"}
		if healthy != nil {
			if err := healthy(r.Context()); err != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
				answer = map[string]string{"status": "unwell", "why": err.Error()}
			}
		}
		json.NewEncoder(w).Encode(answer)
	}
}

// thisMachine hides a page from everybody else, and from what a proxy passes on.
func thisMachine(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		ip := net.ParseIP(host)
		if err != nil || ip == nil || !ip.IsLoopback() || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// safe sets the headers that every page has.
func safe(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'")
		h.ServeHTTP(w, r)
	})
}

// Serve listens until ctx ends, then lets requests under way finish for up to
// five seconds. It returns nil unless it could not listen.
func Serve(ctx context.Context, o Options) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	srv := &http.Server{Handler: Handler(o), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 16}
	if o.Log != nil {
		srv.ErrorLog = slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug)
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		stopped <- srv.Shutdown(end)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("web: %w", err)
	}
	return <-stopped
}
