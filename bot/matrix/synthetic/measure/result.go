package measure

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// Result is what one run of a scenario showed. Latencies are in milliseconds:
// p50, p99 and max from the sync response that brought the command to the
// acceptance of the answer, fed_… from the saying of it.
type Result struct {
	Scenario string `json:"scenario"`
	Bot      string `json:"bot"`
	Rows     int    `json:"rows"`
	Seed     uint64 `json:"seed"`

	Commands   int  `json:"commands"`
	Answered   int  `json:"answered"`
	Missed     int  `json:"missed"`
	Duplicates int  `json:"duplicates"`
	Wrong      int  `json:"wrong"` // answers without the skill or the right number of co-ops
	OutOfOrder int  `json:"out_of_order"`
	TimedOut   bool `json:"timed_out"` // the run was ended by its deadline

	Seconds        float64 `json:"seconds"` // from the first command in a sync to the last answer
	ThroughputPerS float64 `json:"throughput_per_s"`
	P50            float64 `json:"p50_ms"`
	P99            float64 `json:"p99_ms"`
	Max            float64 `json:"max_ms"`
	FedP50         float64 `json:"fed_p50_ms"`
	FedP99         float64 `json:"fed_p99_ms"`
	FedMax         float64 `json:"fed_max_ms"`
	InFlight       int     `json:"in_flight_sends_peak"`

	ChangeSeen float64 `json:"change_seen_ms,omitempty"` // from the end of the import to the first answer that shows it; -1: never

	ColdStart float64 `json:"cold_start_ms"`        // from the start of the process on new data to its first answer
	Restart   float64 `json:"restart_ms,omitempty"` // the same on data it had
	RSSIdle   int64   `json:"rss_idle_kib"`
	RSSPeak   int64   `json:"rss_peak_kib"`
	RSSAfter  int64   `json:"rss_after_kib"`
	CPU       float64 `json:"cpu_s"`
	CPUEach   float64 `json:"cpu_us_per_command"`
	IdleCPU   float64 `json:"idle_cpu_s_per_min"`

	Outages   int             `json:"outages"` // of the server, that happened
	Ends      int             `json:"ends"`    // of the bot, that happened
	Broadcast *Broadcast      `json:"broadcast,omitempty"`
	Server    synthetic.Stats `json:"server"`
}

// Broadcast is how one message to all rooms went.
type Broadcast struct {
	Rooms    int     `json:"rooms"`
	Reached  int     `json:"reached"`
	Twice    int     `json:"twice"`         // messages beyond the first of each room
	Seconds  float64 `json:"seconds"`       // from the command, or its confirmation, to the last room
	Least    float64 `json:"least_seconds"` // what the server's limit makes the least
	Refusals int     `json:"refusals"`
}

// latencies computes the latencies and the throughput.
func (r *Result) latencies(answers []synthetic.Answer) {
	var served, said []time.Duration
	var first, last time.Time
	for _, a := range answers {
		said = append(said, a.At.Sub(a.Said))
		begun := a.Said
		if !a.Served.IsZero() { // else it was read from /messages
			served = append(served, a.At.Sub(a.Served))
			begun = a.Served
		}
		if first.IsZero() || begun.Before(first) {
			first = begun
		}
		if a.At.After(last) {
			last = a.At
		}
	}
	r.P50, r.P99, r.Max = percentiles(served)
	r.FedP50, r.FedP99, r.FedMax = percentiles(said)
	if took := last.Sub(first); took > 0 {
		r.Seconds = took.Seconds()
		r.ThroughputPerS = float64(len(answers)) / r.Seconds
	}
}

func percentiles(times []time.Duration) (p50, p99, most float64) {
	if len(times) == 0 {
		return 0, 0, 0
	}
	slices.Sort(times)
	at := func(share float64) float64 { return ms(times[min(len(times)-1, int(share*float64(len(times))))]) }
	return at(0.50), at(0.99), ms(times[len(times)-1])
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// right says whether an answer names the skill and how many co-ops list it.
func right(text, skill string, owners int) bool {
	text = strings.ReplaceAll(text, ",", "") // 1,234 is 1234
	number := fmt.Sprintf("%d co-op", owners)
	i := strings.Index(text, number)
	alone := i == 0 || i > 0 && (text[i-1] < '0' || text[i-1] > '9')
	return alone && strings.Contains(strings.ToLower(text), strings.ToLower(skill))
}

// Table prints results for people, a line each.
func Table(w io.Writer, results []Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "scenario\tbot\trows\tanswered\tmissed\ttwice\twrong\tlate\tper s\tp50 ms\tp99 ms\tsaid p50\tsaid p99\tsends\treplays\tstart ms\tidle MiB\tpeak MiB\tCPU µs\t")
	for _, r := range results {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d/%d\t%d\t%d\t%d\t%d\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t\n",
			r.Scenario, r.Bot, r.Rows, r.Answered, r.Commands, r.Missed, r.Duplicates, r.Wrong, r.OutOfOrder,
			r.ThroughputPerS, r.P50, r.P99, r.FedP50, r.FedP99, r.InFlight, r.Server.TxnReplays, r.ColdStart,
			float64(r.RSSIdle)/1024, float64(r.RSSPeak)/1024, r.CPUEach)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range results {
		if b := r.Broadcast; b != nil {
			fmt.Fprintf(w, "%s, %s: %d of %d rooms, %d twice, in %.2f s (least %.2f), %d refusals\n",
				r.Scenario, r.Bot, b.Reached, b.Rooms, b.Twice, b.Seconds, b.Least, b.Refusals)
		}
		if r.ChangeSeen < 0 {
			fmt.Fprintf(w, "%s, %s: a change of the directory was never seen\n", r.Scenario, r.Bot)
		} else if r.ChangeSeen > 0 {
			fmt.Fprintf(w, "%s, %s: a change of the directory was seen after %.0f ms\n", r.Scenario, r.Bot, r.ChangeSeen)
		}
		if r.IdleCPU > 0 || r.Scenario == "idle" {
			fmt.Fprintf(w, "%s, %s: %.2f s of processor a minute\n", r.Scenario, r.Bot, r.IdleCPU)
		}
	}
	return nil
}
