package health

import (
	"fmt"
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot/when"
)

func d(s string) when.Date {
	day, err := when.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return day
}

// talk is life on each of the days, two people a day.
func talk(days ...string) (life []Count) {
	for _, s := range days {
		life = append(life, Count{Day: Day(d(s)), Messages: 3, Voices: 2})
	}
	return life
}

// every is life each n days from one day to another.
func every(n int, from, to string) (life []Count) {
	for day := d(from); !day.After(d(to)); day = day.AddDays(n) {
		life = append(life, Count{Day: Day(day), Messages: 3, Voices: 2})
	}
	return life
}

// history plays a group and returns its changes: "2024-04-29 watch".
func history(g *Group, from, to string) (changes []string) {
	var s Status
	for day := d(from); !day.After(d(to)); day = day.AddDays(1) {
		was := s.State
		if s = Step(s, g, day); s.State != was {
			changes = append(changes, fmt.Sprintf("%s %s", day, s.State))
		}
	}
	return changes
}

// TestHistories holds the state of groups on every day.
func TestHistories(t *testing.T) {
	for _, tt := range []struct {
		name     string
		g        Group
		from, to string
		want     string
	}{
		{"a launch after which nothing happens", Group{
			Life:     talk("2024-04-03", "2024-04-25"),
			Meetings: []Meeting{{Day: d("2024-04-25"), Made: d("2024-04-03"), Firm: true}},
		}, "2024-04-03", "2024-06-30", "2024-04-03 fine, 2024-04-29 watch, 2024-05-05 quiet"},
		{"the next date is made in time", Group{
			Life: every(7, "2024-04-03", "2024-06-05"),
			Meetings: []Meeting{{Day: d("2024-04-25"), Made: d("2024-04-03"), Firm: true, Minutes: d("2024-04-29")},
				{Day: d("2024-05-23"), Made: d("2024-04-26"), Firm: true, Minutes: d("2024-05-24")}, {Day: d("2024-06-20"), Made: d("2024-05-23"), Firm: true}},
		}, "2024-04-03", "2024-06-05", "2024-04-03 fine"},
		{"put off twice, then a date and two voices", Group{
			Life: every(3, "2024-11-01", "2025-01-10"),
			Meetings: []Meeting{{Day: d("2024-11-21"), Made: d("2024-10-10"), Off: d("2024-11-20")}, {Day: d("2024-12-12"), Made: d("2024-11-25"), Off: d("2024-12-11")},
				{Day: d("2025-01-16"), Made: d("2024-12-13"), Firm: true}},
		}, "2024-11-01", "2025-01-10", "2024-11-01 fine, 2024-11-22 watch, 2024-11-25 fine, 2024-12-11 quiet, 2024-12-13 fine"},
		{"silence of a group that writes each week", Group{
			Life: every(7, "2024-01-01", "2024-06-03"),
		}, "2024-05-01", "2024-07-01", "2024-05-01 fine, 2024-06-14 quiet"},
		{"the clock stops at Christmas", Group{
			Life: append(every(7, "2024-06-03", "2024-12-16"), talk("2025-01-08", "2025-01-09")...),
		}, "2024-12-01", "2025-01-10", "2024-12-01 fine"},
		{"half speed in August", Group{
			Life: every(6, "2024-01-01", "2024-07-28"),
		}, "2024-07-01", "2024-08-31", "2024-07-01 fine, 2024-08-05 quiet"},
		{"a month in which the bot heard nothing", Group{
			Life:  append(every(7, "2024-01-01", "2024-06-03"), talk("2024-07-08")...),
			Leave: []Span{{d("2024-06-05"), d("2024-07-04")}},
		}, "2024-05-01", "2024-07-10", "2024-05-01 fine"},
		{"resting until a day", Group{
			Life:  every(7, "2024-01-01", "2024-06-03"),
			Leave: []Span{{d("2024-06-05"), d("2024-09-01")}}, Resting: []Span{{d("2024-06-05"), d("2024-09-01")}},
		}, "2024-05-01", "2024-09-20", "2024-05-01 fine, 2024-06-05 resting, 2024-09-02 fine, 2024-09-11 quiet"},
		{"two convenors resign at once", Group{
			Life:  every(5, "2024-01-01", "2024-06-30"),
			Unled: []Span{{d("2024-05-10"), d("2024-05-20")}},
		}, "2024-05-01", "2024-06-20", "2024-05-01 fine, 2024-05-10 watch, 2024-05-21 fine"},
		{"no convenor, and nobody answers about a date", Group{
			Life:  every(5, "2024-01-01", "2024-06-30"),
			Unled: []Span{{d("2024-05-10"), when.Date{}}}, Asked: []Question{{Asked: d("2024-05-13"), Date: true}},
		}, "2024-05-01", "2024-06-20", "2024-05-01 fine, 2024-05-10 watch, 2024-05-17 quiet, 2024-05-20 watch"},
		{"an old action", Group{
			Life: every(5, "2024-01-01", "2024-06-30"), Actions: []Action{{Due: d("2024-05-01"), Done: d("2024-06-03")}},
		}, "2024-05-01", "2024-06-20", "2024-05-01 fine, 2024-05-23 watch, 2024-06-03 fine"},
		{"closed", Group{Life: every(5, "2024-01-01", "2024-05-30"), Closed: d("2024-05-09")},
			"2024-05-01", "2024-06-20", "2024-05-01 fine, 2024-05-09 closed"},
	} {
		if tt.g.Made.IsZero() {
			tt.g.Made = d("2024-01-01")
		}
		if got := strings.Join(history(&tt.g, tt.from, tt.to), ", "); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestClock(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		leave    []Span
		want     int
	}{
		{"2024-05-01", "2024-05-08", nil, 14},
		{"2024-03-30", "2024-04-01", nil, 4}, // the clocks change: days are days
		{"2024-12-15", "2025-01-05", nil, 12},
		{"2024-07-31", "2024-08-31", nil, 31},
		{"2024-05-01", "2024-05-08", []Span{{d("2024-05-03"), d("2024-05-04")}}, 10},
		{"2024-05-01", "2024-05-08", []Span{{First: d("2024-05-03")}}, 2},
	} {
		if got := (Clock{tt.leave}).Between(Day(d(tt.from)), Day(d(tt.to))); got != tt.want {
			t.Errorf("from %s to %s with leave %v: %d half days, want %d", tt.from, tt.to, tt.leave, got, tt.want)
		}
	}
}

func TestThreshold(t *testing.T) {
	today := Day(d("2024-06-30"))
	for _, tt := range []struct {
		name    string
		life    []Count
		cadence int
		want    int // half days
	}{
		{"nothing known", nil, 0, 60},
		{"a rhythm and nothing else", nil, 28, 75},
		{"each day", every(1, "2024-05-01", "2024-06-30"), 0, 20},
		{"each third week", every(21, "2023-12-01", "2024-06-30"), 0, 52},
		{"each day, and a rhythm", every(1, "2024-05-01", "2024-06-30"), 28, 75},
		{"one freak gap", append(every(7, "2024-01-01", "2024-03-01"), every(7, "2024-05-10", "2024-06-30")...), 0, 20},
	} {
		if got := Threshold(tt.life, Clock{}, tt.cadence, today); got != tt.want {
			t.Errorf("%s: %d half days, want %d", tt.name, got, tt.want)
		}
	}
}

func TestFewVoices(t *testing.T) {
	life := func(last uint16) (life []Count) {
		for i := range int32(300) {
			c := Count{Day: Day(d("2024-01-01")) + i, Messages: 5, Voices: 5}
			if i > 270 {
				c.Voices = last
			}
			life = append(life, c)
		}
		return life
	}
	for _, tt := range []struct {
		last uint16
		want bool
	}{{5, false}, {3, false}, {2, true}, {1, true}} {
		g := &Group{Made: d("2024-01-01"), Life: life(tt.last)}
		if got := fewVoices(g, Clock{}, Day(d("2024-01-01"))+299); got != tt.want {
			t.Errorf("five voices, then %d: %v, want %v", tt.last, got, tt.want)
		}
	}
}

// BenchmarkHealth is the health of 10,000 groups with two years of daily
// counts, all of them in memory.
func BenchmarkHealth(b *testing.B) {
	const groups, days = 10_000, 730
	first := Day(d("2024-01-01"))
	all := make([]Count, 0, groups*days)
	for i := range groups {
		for j := range days {
			all = append(all, Count{Day: first + int32(j), Messages: uint16(1 + (i+j)%7), Voices: uint16(1 + (i*j)%5)})
		}
	}
	was := Status{Day: Date(first + days - 2), State: Fine, Since: Date(first)}
	b.ReportAllocs()
	for b.Loop() {
		for i := range groups {
			g := &Group{Made: Date(first), Cadence: 28, Nation: when.EnglandWales, Life: all[i*days : (i+1)*days],
				Meetings: []Meeting{{Day: Date(first + 700), Made: Date(first + 600), Firm: true}}}
			Step(was, g, Date(first+days-1))
		}
	}
	b.ReportMetric(float64(len(all)*8)/1e6, "MB-of-counts")
}
