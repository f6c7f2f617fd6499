package web

import (
	"sync/atomic"
	"time"

	"git.coop/cotech/wortley/bot"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Gauge is a number that is looked up when somebody asks for it.
type Gauge struct {
	Name, Help string
	Value      func() float64
}

// Metrics returns the bot's counters, with more gauges beside them.
func Metrics(b *bot.Bot, transports []string, more ...Gauge) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, c := range []struct {
		name, help string
		n          *atomic.Int64
	}{
		{"messages_total", "Messages that were for the bot.", &b.Stats.Heard},
		{"answers_total", "Messages that were answered.", &b.Stats.Answered},
		{"sent_total", "Posts that were sent.", &b.Stats.Sent},
		{"retries_total", "Tries that failed and will be repeated.", &b.Stats.Retried},
		{"failures_total", "Posts that were given up.", &b.Stats.Failed},
	} {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "wortley", Name: c.name, Help: c.help},
			func() float64 { return float64(c.n.Load()) }))
	}
	for _, name := range transports {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "wortley", Name: "last_batch_age_seconds",
			Help: "How long ago a site was last heard of; -1 if not since the start.", ConstLabels: prometheus.Labels{"transport": name}},
			func() float64 {
				at := b.LastBatch(name)
				if at.IsZero() {
					return -1
				}
				return time.Since(at).Seconds()
			}))
	}
	for _, g := range more {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "wortley", Name: g.Name, Help: g.Help}, g.Value))
	}
	return r
}
