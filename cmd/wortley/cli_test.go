package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/integrations/directory"
)

// called is how a call of the program ended.
type called struct {
	code      int
	out, errs string
}

// wortley calls the program in an empty folder of the test.
func wortley(t *testing.T, stdin string, args ...string) called {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return called{code, out.String(), errs.String()}
}

// elsewhere lets a test work in an empty folder, without settings from outside.
func elsewhere(t *testing.T) {
	t.Helper()
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); strings.HasPrefix(name, "WORTLEY_") {
			t.Setenv(name, "")
		}
	}
	t.Chdir(t.TempDir())
}

func (c called) wants(t *testing.T, code int, inOut, inErrs string) {
	t.Helper()
	if c.code != code || !strings.Contains(c.out, inOut) || !strings.Contains(c.errs, inErrs) {
		t.Errorf("code %d, want %d; output %q, want %q in it; errors %q, want %q in them", c.code, code, c.out, inOut, c.errs, inErrs)
	}
}

func TestDemo(t *testing.T) {
	elsewhere(t)
	got := wortley(t, "!whohas discourse\n!whohas civicrm\n!whohas vr\n!whohas printing\n!whohas c\n!whohas react native\n!whohas hosting near sheffield\n!help\nhello\n", "demo")
	if got.code != exitFine || got.errs != "" {
		t.Fatalf("code %d, errors %q", got.code, got.errs)
	}
	answers := strings.Split(got.out, "\nana> ")[1:]
	for i, want := range [][]string{
		{"Agile Collective", "Autonomic", "Webarchitects"},
		{"MC3", "Outlandish"},
		{"Animorph", "Very Evil Demons"},
		{"Calverts"},
		{"nobody lists plain C", "C#"},
		{"ReactJS"},
		{"Webarchitects", "Sheffield", "km"},
		{"!whohas", "!capacity", "!help"},
		{"(I answer what begins with an exclamation mark"},
	} {
		for _, w := range want {
			if i >= len(answers) || !strings.Contains(answers[i], w) {
				t.Fatalf("answer %d has no %q:\n%s", i, w, got.out)
			}
		}
	}
	if left, _ := filepath.Glob("*"); len(left) > 0 {
		t.Errorf("the demo left %v behind", left)
	}
}

// TestReadmeTranscript keeps the conversation in the README true: what is
// typed there is typed, on the day it was, and -update writes the answers down.
func TestReadmeTranscript(t *testing.T) {
	const path, begin, end = "../../README.md", "```\nWortley, in a room", "\n```\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	rest, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no transcript", path)
	}
	var typed, out strings.Builder
	for line := range strings.Lines(rest) {
		if name, said, ok := strings.Cut(line, "> "); ok && !strings.ContainsAny(name, " :") {
			typed.WriteString(strings.TrimSpace(said) + "\n")
		}
	}
	clock := time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	a := &app{ctx: t.Context(), in: strings.NewReader(typed.String()), out: &out, err: &out, now: func() time.Time { return clock }}
	if err := (&demoCmd{As: "ana"}).Run(a); err != nil {
		t.Fatal(err)
	}
	now := head + "```\n" + strings.TrimSuffix(out.String(), "\n") + end + tail
	if bottest.Updating() {
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := bottest.Diff(string(text), now); d != "" {
		t.Errorf("the demo says something else than %s; run go test -tags goolm ./cmd/wortley -update\n%s", path, d)
	}
}

func TestDemoAsSomebodyElse(t *testing.T) {
	elsewhere(t)
	wortley(t, "!skill add cobol\n/as ana\n!skill add cobol\n", "demo", "--as", "dan").wants(t, exitFine, "dan, who is new here", "")
	got := wortley(t, "!skill add cobol\n!skills\n", "demo", "--as", "bob")
	got.wants(t, exitFine, "bob, who acts for Autonomic", "")
	if !strings.Contains(strings.ToLower(got.out[strings.LastIndex(got.out, "bob> "):]), "cobol") {
		t.Errorf("what bob added is not listed:\n%s", got.out)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}} {
		got := wortley(t, "", args...)
		got.wants(t, exitFine, "Begin with \"wortley demo\"", "")
		for _, command := range []string{"demo", "init", "run", "doctor", "import coops", "import fund", "export coops", "export fund", "backup", "restore", "play", "health", "completion", "version"} {
			if !strings.Contains(got.out, "\n  "+command+" ") {
				t.Errorf("help does not list %s", command)
			}
		}
	}
	wortley(t, "", "restore", "--help").wants(t, exitFine, "Put it in the place of what is there", "")
}

func TestWrongCalls(t *testing.T) {
	elsewhere(t)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"demoo"}, `did you mean "demo"?`},
		{[]string{"demo", "--loud"}, "unknown flag --loud"},
		{[]string{"import"}, "coops"},
		{[]string{"import", "coops"}, "<file>"},
		{[]string{"export", "coops", "--format", "pdf"}, "csv"},
		{[]string{"completion", "tcsh"}, "bash"},
		{[]string{"play"}, "<files>"},
	} {
		got := wortley(t, "", tt.args...)
		got.wants(t, exitCall, "", tt.want)
		if !strings.Contains(got.errs, "wortley --help") {
			t.Errorf("%v: the error names no way on: %q", tt.args, got.errs)
		}
	}
}

func TestVersion(t *testing.T) { wortley(t, "", "version").wants(t, exitFine, "wortley ", "") }

func TestUnknownSettingNamesItsLine(t *testing.T) {
	elsewhere(t)
	if err := os.WriteFile("wortley.yaml", []byte("data: data\nlimits:\n  per_persn: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"run", "doctor", "health"} {
		wortley(t, "", command).wants(t, exitOperator, "", "wortley.yaml:3: there is no setting called limits.per_persn; did you mean limits.per_person?")
	}
}

func TestRunWithoutASite(t *testing.T) {
	elsewhere(t)
	wortley(t, "", "run").wants(t, exitOperator, "", "set matrix.user")
	if left, _ := filepath.Glob("*"); len(left) > 0 {
		t.Errorf("a run that could not begin left %v behind", left)
	}
}

func TestInitOverwritesNothing(t *testing.T) {
	elsewhere(t)
	wortley(t, "", "init").wants(t, exitFine, "Wrote wortley.yaml", "")
	if err := os.WriteFile("wortley.yaml", []byte("name: mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wortley(t, "", "init").wants(t, exitOperator, "", "is there already")
	if text, err := os.ReadFile("wortley.yaml"); err != nil || string(text) != "name: mine\n" {
		t.Errorf("the file is now %q (%v)", text, err)
	}
}

// sample writes the sample directory into the folder of the test.
func sample(t *testing.T) {
	t.Helper()
	if err := os.WriteFile("coops.csv", directory.SampleCSV, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestImportAsksAndCanBeUndone(t *testing.T) {
	elsewhere(t)
	sample(t)
	wortley(t, "n\n", "import", "coops", "coops.csv").wants(t, exitFine, "I have left everything as it was", "")
	wortley(t, "", "export", "coops").wants(t, exitFine, "name,website", "")
	wortley(t, "yes\n", "import", "coops", "coops.csv").wants(t, exitFine, "Done: 62 new", "")
	wortley(t, "", "import", "coops", "coops.csv").wants(t, exitFine, "There is nothing to change", "")
	wortley(t, "", "import", "undo", "1").wants(t, exitFine, "62 co-ops taken out again", "")
	wortley(t, "", "import", "undo", "1").wants(t, exitWrong, "", "no import number 1")
	wortley(t, "", "import", "coops", "nowhere.csv").wants(t, exitWrong, "", "nowhere.csv")
}

func TestExportIsReadAgainTheSame(t *testing.T) {
	elsewhere(t)
	sample(t)
	wortley(t, "", "import", "coops", "coops.csv", "--yes").wants(t, exitFine, "Done", "")
	wortley(t, "", "export", "coops", "-o", "out.csv").wants(t, exitFine, "", "")
	wortley(t, "", "export", "coops", "-o", "out.csv").wants(t, exitWrong, "", "out.csv")
	wortley(t, "", "import", "coops", "out.csv").wants(t, exitFine, "0 new, 0 changed, 62 as they were, 0 missing\nThere is nothing to change.", "")
	wortley(t, "", "export", "coops", "--format", "markdown").wants(t, exitFine, "Agile Collective", "")
}

func TestExportWithoutDatabase(t *testing.T) {
	elsewhere(t)
	wortley(t, "", "export", "coops").wants(t, exitOperator, "", "there is no database at data/wortley.db yet")
	wortley(t, "", "backup", "b.db").wants(t, exitOperator, "", "there is no database")
}

func TestBackupAndRestore(t *testing.T) {
	elsewhere(t)
	sample(t)
	wortley(t, "", "import", "coops", "coops.csv", "--yes").wants(t, exitFine, "Done", "")
	before := wortley(t, "", "export", "coops").out
	wortley(t, "", "backup", "b.db").wants(t, exitFine, "verified", "")
	wortley(t, "", "backup", "b.db").wants(t, exitWrong, "", "is there already")

	wortley(t, "", "import", "undo", "1").wants(t, exitFine, "undone", "")
	wortley(t, "", "restore", "b.db").wants(t, exitOperator, "", "say --yes")
	if after := wortley(t, "", "export", "coops").out; after == before {
		t.Error("a refused restore changed the database")
	}
	wortley(t, "", "restore", "b.db", "--yes").wants(t, exitFine, "Restored: 29 co-ops on the list", "")
	if after := wortley(t, "", "export", "coops").out; after != before {
		t.Error("the restored directory is not the one that was backed up")
	}
	if kept, _ := filepath.Glob("data/wortley.db.before-restore-*"); len(kept) == 0 {
		t.Error("the old database is gone")
	}

	t.Setenv("WORTLEY_DATA", "fresh")
	wortley(t, "", "restore", "b.db").wants(t, exitFine, "Restored: 29", "")
	wortley(t, "", "restore", "coops.csv", "--yes").wants(t, exitWrong, "", "not an SQLite file")
	wortley(t, "", "restore", "gone.db", "--yes").wants(t, exitWrong, "", "gone.db")
	if after := wortley(t, "", "export", "coops").out; after != before {
		t.Error("a restore that failed changed the database")
	}
}

// A damaged backup is found out before anything is replaced.
func TestRestoreRefusesDamage(t *testing.T) {
	elsewhere(t)
	sample(t)
	wortley(t, "", "import", "coops", "coops.csv", "--yes").wants(t, exitFine, "Done", "")
	wortley(t, "", "backup", "b.db").wants(t, exitFine, "verified", "")
	text, err := os.ReadFile("b.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("half.db", text[:len(text)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if got := wortley(t, "", "restore", "half.db", "--yes"); got.code != exitWrong {
		t.Errorf("half a file was restored: %+v", got)
	}
	wortley(t, "", "export", "coops").wants(t, exitFine, "Agile Collective", "")
}

const conversation = `clock 2026-01-06 14:00
import coops coops.csv
set limits.per_person 2

# the bot's words are left out
ana: !whohas vr
ana: !whohas
ana: !whohas
`

func TestPlay(t *testing.T) {
	elsewhere(t)
	sample(t)
	if err := os.WriteFile("talk.txt", []byte(conversation), 0o600); err != nil {
		t.Fatal(err)
	}
	played := wortley(t, "", "play", "talk.txt")
	played.wants(t, exitFine, "bot: **Virtual Reality**: 2 co-ops", "")
	if !strings.Contains(played.out, "# the bot's words are left out\n") || !strings.Contains(played.out, "more than 2 commands in a minute") {
		t.Errorf("a comment or the setting is lost:\n%s", played.out)
	}
	wortley(t, "", "play", "--check", "talk.txt").wants(t, exitWrong, "+ bot: **Virtual Reality**", "")
	if err := os.WriteFile("real.txt", []byte(played.out), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := wortley(t, "", "play", "--check", "real.txt"); got != (called{}) {
		t.Errorf("what was played does not pass its own check: %+v", got)
	}
	wortley(t, "", "play", "gone.txt").wants(t, exitWrong, "", "gone.txt")
}

func TestPlayJSON(t *testing.T) {
	elsewhere(t)
	if err := os.WriteFile("talk.txt", []byte("clock 2026-07-06 14:00 Europe/London\n\nana: !whohas <b>\nana + ✅ \"whohas\"\nana - ✅ \"whohas\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := wortley(t, "", "play", "--json", "talk.txt")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if len(lines) != 4 {
		t.Fatalf("want four lines, got:\n%s%s", got.out, got.errs)
	}
	const first = `{"at":"2026-07-06T13:00:00Z","place":"general","from":"ana","kind":"said","text":"!whohas <b>","of":"","mentions":[],"notice":false,"asked":false}`
	if lines[0] != first {
		t.Errorf("got  %s\nwant %s", lines[0], first)
	}
	var kinds []string
	for _, l := range lines {
		var p playedLine
		if err := json.Unmarshal([]byte(l), &p); err != nil {
			t.Fatal(err)
		}
		if _, err := time.Parse(time.RFC3339, p.At); err != nil {
			t.Error(err)
		}
		kinds = append(kinds, p.From+" "+p.Kind)
	}
	if got := strings.Join(kinds, ", "); got != "ana said, bot said, ana reacted, ana deleted" {
		t.Errorf("kinds: %s", got)
	}
}

func TestWhen(t *testing.T) {
	const now = "--now=2026-01-06T14:00"
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{now, "15 January at 3pm"}, `{"kind":"instant","start":{"local":"2026-01-15T15:00","utc":"2026-01-15T15:00:00Z"}}`},
		{[]string{now, "--json", "15", "July", "at", "3pm"}, `{"kind":"instant","start":{"local":"2026-07-15T15:00","utc":"2026-07-15T14:00:00Z"}}`},
		{[]string{"--now", "2026-01-06T14:00:00Z", "nothing of the kind"}, `{"kind":"none"}`},
		{[]string{"--now", "2026-01-06T14:00Z", ""}, `{"kind":"none"}`},
	} {
		got := wortley(t, "", append([]string{"when"}, tt.args...)...)
		if got != (called{out: tt.want + "\n"}) {
			t.Errorf("when %q: %+v, want %s", tt.args, got, tt.want)
		}
	}
	wortley(t, "", "when").wants(t, exitCall, "", "<phrase>")
	wortley(t, "", "when", "--now", "soon", "x").wants(t, exitCall, "", `"soon" is no time`)
	wortley(t, "", "when", "--anchor", "AGM", "x").wants(t, exitCall, "", `"AGM" is no named day`)
	wortley(t, "", "when", "--meeting", "x/y", "x").wants(t, exitCall, "", "is no time")
}

func TestMoney(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--json", "1,250.50"}, `{"minor_units":125050,"currency":"GBP"}`},
		{[]string{"12", "pounds"}, `{"minor_units":1200,"currency":"GBP"}`},
		{[]string{"--currency", "EUR", "12"}, `{"minor_units":1200,"currency":"EUR"}`},
	} {
		if got := wortley(t, "", append([]string{"money"}, tt.args...)...); got != (called{out: tt.want + "\n"}) {
			t.Errorf("money %q: %+v, want %s", tt.args, got, tt.want)
		}
	}
	wortley(t, "", "money", "-£5").wants(t, exitFine, `{"error":`, "")
	wortley(t, "", "money", "--json", "-5").wants(t, exitFine, `{"error":`, "")
	wortley(t, "", "money", "--josn", "5").wants(t, exitCall, "", "unknown flag --josn")
	wortley(t, "", "money").wants(t, exitCall, "", "<text>")
}

func TestCalc(t *testing.T) {
	wortley(t, "", "calc", "workers_coop_subscription", "payroll=£320k").wants(t, exitFine, `{"pence":32000`, "")
	wortley(t, "", "calc", "--json", "workers_coop_subscription", "wages_pence=32000000").wants(t, exitFine, `{"pence":32000`, "")
	wortley(t, "", "calc", "no_such_model").wants(t, exitFine, `{"error":"invalid_input"`, "")
	wortley(t, "", "calc", "workers_coop_subscription", "payroll").wants(t, exitCall, "", "want one like members=9")
	wortley(t, "", "calc", "workers_coop_subscription", "payroll=1", "payroll=2").wants(t, exitCall, "", "payroll is given twice")
	wortley(t, "", "calc").wants(t, exitCall, "", "<model>")
}

func TestCompletion(t *testing.T) {
	for shell, want := range map[string]string{"bash": "complete -C ", "zsh": "bashcompinit", "fish": "commandline -cp"} {
		wortley(t, "", "completion", shell).wants(t, exitFine, want, "")
	}
}
