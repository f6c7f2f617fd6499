package measure

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// yardsticks are built once, before the tests.
var yardsticks = map[string]Bot{}

func TestMain(m *testing.M) { os.Exit(withYardsticks(m)) }

func withYardsticks(m *testing.M) int {
	dir, err := os.MkdirTemp("", "yardsticks-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"bare", "raw"} {
		if yardsticks[name], err = Yardstick(context.Background(), name, dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return m.Run()
}

// measured runs a scenario against a yardstick, beside other tests: a run
// mostly waits.
func measured(t *testing.T, name string, sc Scenario) Result {
	t.Helper()
	t.Parallel()
	dir := t.TempDir()
	directory, err := MakeDirectory(filepath.Join(dir, "coops.csv"), 300)
	if err != nil {
		t.Fatal(err)
	}
	set := Setup{Dir: filepath.Join(dir, "run"), Directory: directory, Seed: 1, Quiet: 1500 * time.Millisecond, Deadline: time.Minute}
	res, err := Run(t.Context(), sc, yardsticks[name], set)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(set.Dir, "log"))
		t.Fatalf("%v\n%s", err, log)
	}
	if res.TimedOut {
		t.Errorf("the run met its deadline: %+v", res)
	}
	return res
}

func TestBareOneByOne(t *testing.T) {
	r := measured(t, "bare", Scenario{Name: "short", Rooms: 4, Members: 3, Warm: 5, Commands: 40, Restart: true})
	if r.Commands != 40 || r.Answered != 40 || r.Missed+r.Duplicates+r.Wrong+r.OutOfOrder != 0 {
		t.Errorf("of 40 commands in quiet: %+v", r)
	}
	if r.P50 <= 0 || r.P99 < r.P50 || r.Max < r.P99 || r.FedP50 < r.P50 || r.Seconds <= 0 || r.ThroughputPerS <= 0 {
		t.Errorf("latencies: %+v", r)
	}
	if r.ColdStart <= 0 || r.Restart <= 0 || r.InFlight != 1 {
		t.Errorf("start %v, restart %v, sends under way %d", r.ColdStart, r.Restart, r.InFlight)
	}
	if _, err := os.Stat("/proc/self/status"); err == nil && (r.RSSIdle < 1000 || r.RSSPeak < r.RSSIdle) {
		t.Errorf("memory idle %d KiB, peak %d KiB", r.RSSIdle, r.RSSPeak)
	}
}

// What bare loses in trouble, the measurement has to see.
func TestBareInTrouble(t *testing.T) {
	for _, tt := range []struct {
		sc     Scenario
		missed int // at least
		ends   int
	}{
		{Scenario{Name: "limited", Rooms: 2, Commands: 60, Feed: AtOnce, Trouble: Trouble{TimelineLimit: 10}}, 40, 0},
		{Scenario{Name: "limit", Rooms: 2, Commands: 20, Feed: AtOnce, Trouble: Trouble{LimitRate: 0.001, LimitBurst: 5}}, 15, 0},
		{Scenario{Name: "kill", Rooms: 4, Commands: 400, Feed: AtOnce, MaxEvents: 200, Trouble: Trouble{EndEvery: 50, Ends: 1}}, 100, 1},
		{Scenario{Name: "send-faults", Rooms: 4, Commands: 60, Feed: Paced, Rate: 500, Trouble: Trouble{SendFaults: 0.5}}, 5, 0},
	} {
		t.Run(tt.sc.Name, func(t *testing.T) {
			r := measured(t, "bare", tt.sc)
			if r.Missed < tt.missed || r.Missed+r.Answered != r.Commands || r.Ends != tt.ends {
				t.Errorf("missed %d (at least %d), ended %d times (want %d): %+v", r.Missed, tt.missed, r.Ends, tt.ends, r)
			}
		})
	}
}

func TestRawOverOutages(t *testing.T) {
	r := measured(t, "raw", Scenario{Name: "rewind", Rooms: 4, Commands: 200, Feed: Paced, Rate: 500,
		Trouble: Trouble{OutageEvery: 50, Outages: 2, Away: 50 * time.Millisecond, Rewind: 30}})
	if r.Outages != 2 || r.Duplicates == 0 {
		t.Errorf("outages %d, answers that came twice %d; want 2 and some: %+v", r.Outages, r.Duplicates, r)
	}
}

func TestRawBroadcast(t *testing.T) {
	r := measured(t, "raw", Scenario{Name: "broadcast", Rooms: 30, Broadcast: true, AskEvery: 100 * time.Millisecond,
		Trouble: Trouble{LimitRate: 0.001, LimitBurst: 25}})
	b := r.Broadcast
	if b == nil || b.Rooms != 30 || b.Reached+r.Answered != 25 || b.Twice != 0 || b.Refusals < 5 {
		t.Errorf("25 sends allowed for 30 rooms: %+v of %+v", b, r)
	}
	if r.Commands < 5 || r.Answered > 1 {
		t.Errorf("asked %d, answered %d without sends left", r.Commands, r.Answered)
	}
}

func TestBotThatDoesNotStart(t *testing.T) {
	dir := t.TempDir()
	directory, err := MakeDirectory(filepath.Join(dir, "coops.csv"), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, commands := range [][][]string{{{"/no/such/bot"}}, {{"false"}, {"true"}}, {{"true"}}} {
		set := Setup{Dir: t.TempDir(), Directory: directory}
		if _, err := Run(t.Context(), Scenario{Rooms: 1, Commands: 1}, Bot{Name: "x", Commands: commands}, set); err == nil {
			t.Errorf("measured %q", commands)
		}
	}
}

// raw holds the directory in memory and cannot see the change; the
// measurement has to say so.
func TestChangeThatIsNotSeen(t *testing.T) {
	r := measured(t, "raw", Scenario{Name: "rate", Rooms: 4, Commands: 100, Feed: Paced, Rate: 500, Change: true})
	if r.ChangeSeen != -1 || r.Answered != 100 || r.Wrong != 0 {
		t.Errorf("seen after %v ms, %d answered, %d wrong; want never, 100, 0", r.ChangeSeen, r.Answered, r.Wrong)
	}
}

func TestChangeThatIsSeen(t *testing.T) {
	d, err := MakeDirectory(filepath.Join(t.TempDir(), "coops.csv"), 0)
	if err != nil {
		t.Fatal(err)
	}
	skill := d.Skills[0]
	c := change{begun: time.Unix(1, 0), done: time.Unix(2, 0), skill: skill, owners: d.Owners[skill] + 1}
	answer := func(at time.Duration, owners int) synthetic.Answer {
		return synthetic.Answer{At: time.Unix(2, 0).Add(at), Text: fmt.Sprintf("%s: %d co-ops", skill, owners)}
	}
	old, fresh := answer(time.Millisecond, d.Owners[skill]), answer(7*time.Millisecond, d.Owners[skill]+1)
	if got := c.seen([]synthetic.Answer{old, fresh}); got != 7 {
		t.Errorf("seen after %v ms, want 7", got)
	}
	if c.notice(old, skill); !c.waiting() {
		t.Error("the old answer ended the wait")
	}
	if c.notice(fresh, skill); c.waiting() {
		t.Error("the new answer did not end the wait")
	}
}
