package group

import (
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"git.coop/cotech/wortley/storage"
)

// TestPlan holds which step is due: the budgets, the doubling gaps, and that
// any message begins anew.
func TestPlan(t *testing.T) {
	now := time.Date(2026, 5, 20, 8, 30, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	quiet := health.Status{Day: when.DateOf(now), State: health.Quiet}
	watch := health.Status{Day: when.DateOf(now), State: health.Watch}
	watch.On[health.NoDate] = when.DateOf(ago(1))
	papers := health.Status{Day: when.DateOf(now), State: health.Watch}
	papers.On[health.Minutes] = when.DateOf(ago(1))
	poll := []health.Span{{First: when.DateOf(ago(1))}}
	for _, tt := range []struct {
		name  string
		h     storage.Health
		s     health.Status
		g     health.Group
		led   bool
		human time.Time
		want  int
	}{
		{"something is missing", storage.Health{Step: noStep}, watch, health.Group{}, true, ago(2), toConvenor},
		{"and nobody to tell", storage.Health{Step: noStep}, watch, health.Group{}, false, ago(2), noStep},
		{"minutes are asked after elsewhere", storage.Health{Step: noStep}, papers, health.Group{}, true, ago(2), noStep},
		{"told five days ago, and somebody wrote since", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(5)}, watch, health.Group{}, true, ago(2), noStep},
		{"told eight days ago, and somebody wrote since", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(8)}, watch, health.Group{}, true, ago(2), toConvenor},
		{"told twice: a fortnight", storage.Health{Step: toConvenor, Asked: 2, Stepped: ago(8)}, watch, health.Group{}, true, ago(2), noStep},
		{"a date is being looked for", storage.Health{Step: noStep}, watch, health.Group{Polls: poll}, true, ago(2), noStep},
		{"quiet: its convenor first", storage.Health{Step: noStep}, quiet, health.Group{}, true, ago(20), toConvenor},
		{"without a convenor the group", storage.Health{Step: noStep}, quiet, health.Group{}, false, ago(20), toGroup},
		{"people are talking", storage.Health{Step: noStep}, quiet, health.Group{}, false, ago(1), noStep},
		{"three days later the group", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(3)}, quiet, health.Group{}, true, ago(20), toGroup},
		{"not twice in a week", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(3), Room: ago(6)}, quiet, health.Group{}, true, ago(20), noStep},
		{"twice as long after no answer", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(10), Room: ago(10), Unanswered: 1}, quiet, health.Group{}, true, ago(20), noStep},
		{"three without an answer are enough", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(300), Room: ago(300), Unanswered: 3}, quiet, health.Group{}, true, ago(400), noStep},
		{"muted", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(5), Muted: true}, quiet, health.Group{}, true, ago(20), noStep},
		{"muted for long: the digest alone", storage.Health{Step: toConvenor, Asked: 1, Stepped: ago(28), Muted: true}, quiet, health.Group{}, true, ago(50), toDigest},
		{"a week later the deputy", storage.Health{Step: toGroup, Stepped: ago(7)}, quiet, health.Group{}, true, ago(20), toDeputy},
		{"not a day earlier", storage.Health{Step: toGroup, Stepped: ago(6)}, quiet, health.Group{}, true, ago(20), noStep},
		{"leave does not count", storage.Health{Step: toGroup, Stepped: ago(7)}, quiet, health.Group{Leave: []health.Span{{First: when.DateOf(ago(5)), Last: when.DateOf(ago(2))}}}, true, ago(20), noStep},
		{"a fortnight later the digest", storage.Health{Step: toDeputy, Stepped: ago(14)}, quiet, health.Group{}, true, ago(40), toDigest},
		{"four weeks later the options", storage.Health{Step: toDigest, Stepped: ago(28)}, quiet, health.Group{}, true, ago(80), toOptions},
		{"then nothing", storage.Health{Step: toOptions, Stepped: ago(300)}, quiet, health.Group{}, true, ago(400), noStep},
	} {
		h := tt.h
		if got := plan(&h, tt.s, &tt.g, tt.led, tt.human, now); got != tt.want {
			t.Errorf("%s: step %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestMayTell(t *testing.T) {
	for _, tt := range []struct {
		at   string
		want bool
	}{
		{"2026-05-20T08:30:00Z", true},
		{"2026-05-20T06:30:00Z", false}, // 7:30 in London
		{"2026-05-20T19:30:00Z", false},
		{"2026-05-23T10:00:00Z", false}, // a Saturday
		{"2026-05-25T10:00:00Z", false}, // a bank holiday
		{"2026-12-21T10:00:00Z", false},
		{"2027-01-04T10:00:00Z", true},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := mayTell(at, storage.Group{}); got != tt.want {
			t.Errorf("may tell at %s: %v, want %v", tt.at, got, tt.want)
		}
	}
}
