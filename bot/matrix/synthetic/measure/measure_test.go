package measure

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
	"git.coop/cotech/wortley/bot/matrix/synthetic/yardstick"
)

func TestDirectoryIsAsItSays(t *testing.T) {
	dir := t.TempDir()
	d, err := MakeDirectory(filepath.Join(dir, "a.csv"), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	owners, rows := map[string]int{}, 0
	err = yardstick.ReadDirectory(d.File, func(_ string, skills []string) error {
		for _, s := range skills {
			owners[s]++
			rows++
		}
		return nil
	})
	if err != nil || rows != 10_000 {
		t.Fatalf("%d rows, %v", rows, err)
	}
	for _, s := range d.Skills {
		if owners[s] != d.Owners[s] {
			t.Errorf("%s: %d owners in the file, %d counted", s, owners[s], d.Owners[s])
		}
	}
	if most, least := owners[d.Skills[0]], owners[d.Skills[len(d.Skills)-1]]; most < 5*least {
		t.Errorf("the most common skill has %d owners, the rarest %d", most, least)
	}
	again, err := MakeDirectory(filepath.Join(dir, "b.csv"), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := os.ReadFile(d.File)
	two, _ := os.ReadFile(again.File)
	if !bytes.Equal(one, two) {
		t.Error("the same size gave another directory")
	}
}

func TestWordsDiffer(t *testing.T) {
	seen := map[string]int{}
	for i := range 5000 {
		w := word(i)
		if other, had := seen[w]; had {
			t.Fatalf("word(%d) = word(%d) = %q", i, other, w)
		}
		seen[w] = i
	}
}

func TestRight(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want bool
	}{
		{"**Ladder**: 3 co-ops (as of June)", 3, true},
		{"3 co-ops list ladder", 3, true},
		{"ladder: 1,234 co-ops", 1234, true},
		{"ladder: 1 co-op", 1, true},
		{"ladder: 13 co-ops", 3, false},
		{"ladder: 4 co-ops", 3, false},
		{"shed: 3 co-ops", 3, false},
		{"", 3, false},
	} {
		if got := right(tt.text, "Ladder", tt.n); got != tt.want {
			t.Errorf("right(%q, %d) = %t", tt.text, tt.n, got)
		}
	}
}

func TestLatencies(t *testing.T) {
	start := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	var answers []synthetic.Answer
	for i := range 100 {
		served := start.Add(time.Duration(i) * time.Second)
		answers = append(answers, synthetic.Answer{Said: served.Add(-time.Second), Served: served, At: served.Add(time.Duration(i+1) * time.Millisecond)})
	}
	var r Result
	r.latencies(answers)
	if r.P50 != 51 || r.P99 != 100 || r.Max != 100 || r.FedP50 != 1051 || r.Seconds != 99.1 {
		t.Errorf("latencies = %+v", r)
	}
	r = Result{}
	r.latencies(nil)
	if r.P50 != 0 || r.ThroughputPerS != 0 {
		t.Errorf("of no answers = %+v", r)
	}
}

func TestTwoTroubles(t *testing.T) {
	faults, _ := Find("faults")
	rewind, _ := Find("server-rewind")
	both := faults.With(rewind)
	if both.Name != "faults+server-rewind" || both.SendFaults != 0.05 || both.Outages != 2 || both.Rewind != 200 || both.Commands != faults.Commands {
		t.Errorf("both = %+v", both)
	}
	kill, _ := Find("bot-kill")
	if got := faults.With(kill).EndEvery; got != 250 {
		t.Errorf("three kills in 1,000 commands: one every %d, want 250", got)
	}
	for _, name := range Troubles {
		s, ok := Find(name)
		if !ok || s.Trouble == (Trouble{}) {
			t.Errorf("trouble %q: %+v", name, s)
		}
		if a := s.With(Scenario{}).Trouble; a != s.Trouble {
			t.Errorf("%s with no other trouble = %+v", name, a)
		}
		if b := (Scenario{}).With(s).Trouble; b != s.Trouble {
			t.Errorf("%s on top of nothing = %+v", name, b)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	bot := Bot{Commands: [][]string{{"bot", "-d", "{data}", "-s={homeserver}"}}, Env: []string{"USER_ID={user}"}}
	dir := t.TempDir()
	s, err := newSubject(bot, dir, map[string]string{"homeserver": "http://h", "user": "@bot:x", "token": "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	cmd := s.command(bot.Commands[0])
	data := filepath.Join(dir, "data")
	if got, want := strings.Join(cmd.Args, " "), "bot -d "+data+" -s=http://h"; got != want {
		t.Errorf("arguments %q, want %q", got, want)
	}
	env := strings.Join(cmd.Env, "\n")
	for _, want := range []string{"USER_ID=@bot:x", "WORTLEY_MATRIX_TOKEN=secret", "WORTLEY_DATA=" + data} {
		if !strings.Contains(env, want) {
			t.Errorf("the environment lacks %s", want)
		}
	}
	if _, err := newSubject(bot, dir, nil); err == nil {
		t.Error("the data of another run were taken")
	}
}

func TestOwnProcess(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc here: memory and processor time are not measured")
	}
	now, peak := memory(os.Getpid())
	if now < 1000 || peak < now {
		t.Errorf("memory = %d, %d KiB", now, peak)
	}
	begun := time.Now()
	for n := 0; processorTime(os.Getpid()) == 0; n++ {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("ten seconds of work are not seen")
		}
	}
	if now, peak = memory(-1); now != 0 || peak != 0 || processorTime(-1) != 0 {
		t.Error("a process that is not there uses something")
	}
}

func TestTableAndJSON(t *testing.T) {
	r := Result{Scenario: "broadcast", Bot: "raw", Commands: 3, Answered: 2, Missed: 1, Broadcast: &Broadcast{Rooms: 5, Reached: 4}}
	var b strings.Builder
	if err := Table(&b, []Result{r}); err != nil || !strings.Contains(b.String(), "2/3") || !strings.Contains(b.String(), "4 of 5 rooms") {
		t.Errorf("table = %s, %v", b.String(), err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for _, field := range strings.Fields("p50_ms p99_ms fed_p50_ms fed_p99_ms fed_max_ms throughput_per_s missed duplicates out_of_order in_flight_sends_peak rss_idle_kib rss_peak_kib cpu_us_per_command cold_start_ms idle_cpu_s_per_min seconds") {
		if _, ok := got[field]; !ok {
			t.Errorf("the JSON lacks %s", field)
		}
	}
	if server, _ := got["server"].(map[string]any); server["txn_replays"] == nil {
		t.Error("the JSON lacks server.txn_replays")
	}
}
