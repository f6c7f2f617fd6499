package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/web"
	"git.coop/cotech/wortley/storage"
)

const (
	unready = 3 * time.Minute  // so long without news, a site is not to be relied on
	stuck   = 15 * time.Minute // and after this, the process had better be restarted
)

// alive returns an error when a new start is the best that can be done.
func (p *program) alive(ctx context.Context) error {
	if err := p.remembers(ctx); err != nil {
		return err
	}
	return p.still(stuck)
}

// ready returns an error when the bot cannot do its work just now.
func (p *program) ready(ctx context.Context) error {
	if err := p.remembers(ctx); err != nil {
		return err
	}
	for _, t := range p.sites {
		if p.bot.LastBatch(t.Name()).IsZero() {
			return fmt.Errorf("%s has not been heard of yet", t.Name())
		}
	}
	return p.still(unready)
}

func (p *program) remembers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var one int
	if err := p.db.QueryRow(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("the database does not answer: %w", err)
	}
	return nil
}

// still returns an error if a site has not been heard of for so long.
func (p *program) still(limit time.Duration) error {
	limits := map[string]time.Duration{}
	for _, t := range p.sites {
		limits[t.Name()] = limit
	}
	return p.bot.Still(p.started, limits)
}

// watch says in the log when a site stands still, and when it moves again. If
// it stands still for so long that a new start is the best that can be done, it
// returns an error, and the process ends: whoever started it starts it again.
func (p *program) watch(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	well := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := p.alive(ctx); err != nil && ctx.Err() == nil {
			return fmt.Errorf("watchdog: %w", err)
		}
		err := p.still(unready)
		switch {
		case err != nil && well:
			p.log.Error("a site stands still", "err", err)
		case err == nil && !well:
			p.log.Info("every site moves again")
		}
		well = err == nil
	}
}

// gauges are numbers for /metrics that are looked up when somebody asks.
func (p *program) gauges() []web.Gauge {
	look := func(pick func(storage.Status) float64) func() float64 {
		return func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			s, err := p.db.StatusBeside(ctx)
			if err != nil {
				return -1
			}
			return pick(s)
		}
	}
	return []web.Gauge{
		{Name: "waiting_messages", Help: "Messages that are not answered yet.", Value: look(func(s storage.Status) float64 { return float64(s.Waiting) })},
		{Name: "owed_posts", Help: "Posts that are not sent yet.", Value: look(func(s storage.Status) float64 { return float64(s.Owed) })},
		{Name: "oldest_owed_seconds", Help: "How long the oldest of them has waited.", Value: look(age)},
		{Name: "promises", Help: "What is promised for later.", Value: look(func(s storage.Status) float64 { return float64(s.Promises) })},
	}
}

func age(s storage.Status) float64 {
	if s.OldestOwed.IsZero() {
		return 0
	}
	return time.Since(s.OldestOwed).Seconds()
}

type healthCmd struct{}

// Run asks the running bot how it is: 0 is well, 1 is not. It is for
// containers, in which there is no other program to ask with.
func (healthCmd) Run(a *app) error {
	c, err := loadConfig(a.config, os.Environ())
	if err != nil {
		return err
	}
	if c.Web.Addr == "off" {
		return operatorError{fmt.Errorf("health: web.addr is off, so there is nobody to ask")}
	}
	answer, err := asked(a.ctx, c.Config, "/healthz")
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	fmt.Fprintln(a.out, answer)
	return nil
}

// asked fetches one of the running bot's own pages. An answer other than 200
// is an error.
func asked(ctx context.Context, c *Config, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+dialable(c.Web.Addr)+path, nil)
	if err != nil {
		return "", err
	}
	resp, err := (&http.Client{Timeout: 8 * time.Second}).Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return "", err
	}
	answer := bot.Printable(strings.TrimSpace(string(body)))
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(answer)
	}
	return answer, nil
}

// dialable is where a listening address is reached on this machine.
func dialable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
