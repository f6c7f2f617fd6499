package when

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the readings in testdata")

// A line of testdata: a phrase, or a directive that changes the options for what follows.
type line struct {
	text, phrase, want string
	opt                Options
}

// table reads the phrases of a file, each with the options that hold there.
func table(t testing.TB, file string) []line {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []line
	opt := Options{}
	for _, text := range strings.Split(strings.TrimSuffix(string(src), "\n"), "\n") {
		l := line{text: text}
		word, arg, _ := strings.Cut(text, " ")
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case word == "now":
			opt = Options{Now: wall(t, arg), Passive: opt.Passive}
		case word == "anchor":
			name, date, _ := strings.Cut(arg, "=")
			d, err := ParseDate(date)
			if err != nil {
				t.Fatal(err)
			}
			opt.Anchors = map[string]Date{name: d}
		case word == "meeting":
			start, end, _ := strings.Cut(arg, "/")
			opt.Meeting = &Span{Start: wall(t, start), End: wall(t, end)}
		case word == "passive":
			opt.Passive = arg != "off"
		default:
			l.phrase, l.want, _ = strings.Cut(text, " => ")
			l.phrase = strings.TrimSpace(l.phrase)
			l.opt = opt
		}
		lines = append(lines, l)
	}
	return lines
}

func wall(t testing.TB, s string) time.Time {
	t.Helper()
	w, err := time.ParseInLocation("2006-01-02T15:04", s, London)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestTable holds the readings of testdata/*.txt; -update writes what they are now.
func TestTable(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	phrases := 0
	for _, file := range files {
		var out strings.Builder
		for _, l := range table(t, file) {
			if l.phrase == "" {
				out.WriteString(l.text + "\n")
				continue
			}
			phrases++
			got := brief(Read(l.phrase, l.opt))
			fmt.Fprintf(&out, "%s => %s\n", l.phrase, got)
			if got != l.want && !*update {
				t.Errorf("%s: %q\n got %s\nwant %s", filepath.Base(file), l.phrase, got, l.want)
			}
		}
		if *update {
			if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if phrases < 250 {
		t.Errorf("only %d phrases", phrases)
	}
}

// brief writes a reading on one line, for people.
func brief(r Reading) string {
	var b strings.Builder
	b.WriteString(string(r.Kind))
	say := func(format string, args ...any) { fmt.Fprintf(&b, " "+format, args...) }
	switch r.Kind {
	case Instant:
		say("%s", wallText(r.Start))
	case Range:
		say("%s–%s %d min", wallText(r.Start), wallText(r.End), r.Minutes)
	case OneDate:
		say("%s", r.Date)
	case Dates:
		say("%s–%s", r.Date, r.Last)
	case Window:
		say("%s–%s", briefBound(r.From), briefBound(r.To))
	case Deadline:
		say("%s", briefBound(r.By))
	case Choice:
		var items []string
		for _, it := range r.Items {
			items = append(items, brief(it))
		}
		say("%s [%s]", r.Op, strings.Join(items, " | "))
	case Recurrence:
		say("%s", r.Series.Rule)
		for i, o := range r.Occurrences {
			if i == 0 && r.HasClock {
				say("%s:", o.Clock)
			}
			if i < 5 {
				say("%s", o.Date)
			}
		}
		for _, d := range r.Series.Except {
			say("not %s", d)
		}
	case RecurrenceAnchor:
		say("%q %+d", r.Anchor, r.OffsetDays)
	case AgendaCycle:
		say("%d %q", r.Every, r.Theme)
		if r.Otherwise != "" {
			say("else %q", r.Otherwise)
		}
	case Ask, Error:
		say("%v", r.Reasons)
	}
	if r.Kind != Range && r.Minutes > 0 {
		say("%d min", r.Minutes)
	}
	if r.Part != nil {
		text, _ := json.Marshal(r.Part)
		say("part %s", text)
	}
	if len(r.Candidates) > 0 {
		say("offer %s", strings.Join(r.Candidates, " "))
	}
	if len(r.Needs) > 0 {
		say("needs %v", r.Needs)
	}
	if len(r.Assumed) > 0 {
		say("assumed %v", r.Assumed)
	}
	if r.BankHoliday != nil {
		say("(%s)", r.BankHoliday.Name)
	}
	if r.Intent != "" {
		say("%s", r.Intent)
	}
	return b.String()
}

func briefBound(b Bound) string {
	switch {
	case b.Open():
		return "…"
	case b.At.IsZero():
		return b.Date.String()
	}
	return wallText(b.At)
}

// check holds what is true of every reading, whatever the phrase was.
func check(t testing.TB, phrase string, opt Options, r Reading) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%q at %s: %s: %s", phrase, wallText(opt.Now), fmt.Sprintf(format, args...), brief(r))
	}
	moment := func(at time.Time) {
		t.Helper()
		if at.IsZero() {
			return
		}
		local := at.In(London)
		found := false
		for _, x := range Instants(DateOf(local), ClockOf(local), London) {
			found = found || x.Equal(at)
		}
		if !found || wallText(at) != wallText(local) || at.Second() != 0 {
			fail("moment %s is not what London shows", at)
		}
	}
	for _, at := range []time.Time{r.Start, r.End, r.From.At, r.To.At, r.By.At} {
		moment(at)
	}
	for i, o := range r.Occurrences {
		if r.HasClock {
			moment(o.Start)
		}
		if i > 0 && !o.Start.After(r.Occurrences[i-1].Start) {
			fail("occurrences out of order")
		}
	}
	switch r.Kind {
	case Instant:
		if !r.Start.After(opt.Now) {
			fail("an instant that is over")
		}
	case Range:
		if !r.End.After(r.Start) || !r.Start.After(opt.Now) || r.Minutes != int(r.End.Sub(r.Start)/time.Minute) {
			fail("a range that is over, empty or of another length")
		}
	case OneDate:
		if !r.Date.Valid() || r.Date.Before(DateOf(opt.Now)) {
			fail("a date that is over or does not exist")
		}
	case Dates:
		if !r.Date.Valid() || !r.Last.Valid() || !r.Last.After(r.Date) && r.Intent == "" {
			fail("a run that does not run")
		}
	case Window:
		if !r.From.Date.IsZero() && !r.To.Date.IsZero() && r.To.Date.Before(r.From.Date) || !r.From.At.IsZero() && !r.To.At.IsZero() && !r.To.At.After(r.From.At) {
			fail("a window that closes before it opens")
		}
	case Deadline:
		if r.By.Open() || !r.By.Date.IsZero() && r.By.Date.Before(DateOf(opt.Now)) {
			fail("no deadline, or one that is over")
		}
	case Choice:
		if len(r.Items) < 2 || r.Op != "any" && r.Op != "all" {
			fail("no choice")
		}
		for _, it := range r.Items {
			check(t, phrase, opt, it)
		}
	case Recurrence:
		checkSeries(t, phrase, r, fail)
	case Ask, Error:
		if len(r.Reasons) == 0 {
			fail("no reason")
		}
	case RecurrenceAnchor, AgendaCycle, None:
	default:
		fail("kind")
	}
	if r.Begin < 0 || r.Finish > len(phrase) || r.Begin > r.Finish {
		fail("span %d–%d", r.Begin, r.Finish)
	}
}

func checkSeries(t testing.TB, phrase string, r Reading, fail func(string, ...any)) {
	t.Helper()
	if back, err := ParseRule(r.Series.Rule.String()); err != nil || back.String() != r.Series.Rule.String() {
		fail("rule does not read back: %v", err)
	}
	if len(r.Occurrences) == 0 && !slices.Contains(r.Needs, "date") {
		fail("no occurrences")
	}
	if !r.HasClock != slices.Contains(r.Needs, "time") {
		fail("needs %v", r.Needs)
	}
}

// TestEveryMorning reads the table at many other moments: whatever comes out must hold together.
func TestEveryMorning(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		for i, l := range table(t, file) {
			if l.phrase == "" {
				continue
			}
			for day := i % 7; day < 800; day += 29 {
				opt := l.opt
				opt.Now = time.Date(2025, 1, 1+day, (i+day)%24, 13, 27, 5, time.UTC)
				check(t, l.phrase, opt, Read(l.phrase, opt))
			}
		}
	}
}

// TestSameAgain reads everything twice: nothing may depend on the order of a map.
func TestSameAgain(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		for _, l := range table(t, file) {
			a, errA := ReadJSON(l.phrase, l.opt)
			b, errB := ReadJSON(l.phrase, l.opt)
			if errA != nil || errB != nil || string(a) != string(b) || !json.Valid(a) {
				t.Errorf("%q: %s and %s (%v, %v)", l.phrase, a, b, errA, errB)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		for _, l := range table(f, file) {
			f.Add(l.phrase, l.opt.Passive, int64(l.opt.Now.Unix()))
		}
	}
	f.Add("\xff\xfe 31/31/31 24:00-24:00½ every 99999999999th", false, int64(1768903200))
	f.Add("fortnightlY0000", true, int64(1768903142))
	f.Fuzz(func(t *testing.T, phrase string, passive bool, now int64) {
		now = 1704067200 + (now%189216000+189216000)%189216000 // 2024 to 2029
		opt := Options{Now: time.Unix(now, 0).UTC(), Passive: passive, Anchors: map[string]Date{"board meeting": {2027, 2, 10}, "AGM": {2026, 6, 1}}}
		if now%3 == 0 {
			opt.Meeting = &Span{Start: time.Unix(now/60*60+864000, 0), End: time.Unix(now/60*60+864000+5400, 0)}
		}
		r := Read(phrase, opt)
		check(t, phrase, opt, r)
		if again := Read(phrase, opt); brief(again) != brief(r) {
			t.Errorf("%q: %s, then %s", phrase, brief(r), brief(again))
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%q: %v", phrase, err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var lines []line
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		for _, l := range table(b, file) {
			if l.phrase != "" {
				lines = append(lines, l)
			}
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		l := lines[i%len(lines)]
		Read(l.phrase, l.opt)
	}
}
