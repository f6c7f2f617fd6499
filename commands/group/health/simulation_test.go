package health

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/when"
)

// The simulation: groups of six kinds of rhythm live for two to three years,
// then die. While they are alive every alarm about silence is a false one;
// after that one has to come.
//
// The generator: on each day people write with a chance that depends on how
// far the next meeting is, times the weight of the weekday, times that of the
// season. One meeting in ten is skipped with all its talk; none is held
// between 20 December and 3 January. Groups without meetings have bursts of 3
// to 12 days, and rests between them of 36 days on average (four exponential
// times of 9). Groups die on a random day of their third year; alarms count
// from their second. The seeds are fixed.

var start = when.Date{Year: 2022, Month: 1, Day: 3}

const simulated = 60 // groups a kind and seed

// A kind is a rhythm of meetings and of talk about them.
type kind struct {
	name    string
	cadence int             // days between meetings, as agreed; 0: it has none
	daily   float64         // chance of a message on any day
	around  map[int]float64 // chance by days after the meeting
	bursts  bool

	slowest int // days from the last message to the alarm, the median that must not be exceeded
}

var aroundMeeting = map[int]float64{-14: 0.25, -7: 0.55, -6: 0.2, -3: 0.3, -2: 0.35, -1: 0.6, 0: 0.95, 1: 0.6, 2: 0.3, 5: 0.2, 7: 0.15}

var kindsOfRhythm = []kind{
	{name: "daily", daily: 0.75, slowest: 13},
	{name: "weekly", cadence: 7, daily: 0.12, around: map[int]float64{-1: 0.5, 0: 0.95, 1: 0.5}, slowest: 22},
	{name: "monthly", cadence: 28, daily: 0.01, around: aroundMeeting, slowest: 49},
	{name: "six-weekly", cadence: 42, daily: 0.01, around: aroundMeeting, slowest: 68},
	{name: "quarterly", cadence: 91, daily: 0.01, around: aroundMeeting, slowest: 165},
	{name: "bursty", bursts: true, slowest: 79},
}

// weight is how likely people are to write on a day, against a working day.
func weight(d when.Date) float64 {
	w := [7]float64{0.15, 1, 1, 1, 1, 0.9, 0.25}[d.Weekday()]
	switch {
	case d.Month == time.December && d.Day >= 20, d.Month == time.January && d.Day <= 3:
		w *= 0.1
	case d.Month == time.August:
		w *= 0.5
	}
	if _, holiday := when.BankHoliday(d, when.EnglandWales); holiday {
		w *= 0.3
	}
	return w
}

// live gives the days of a group's life and the day of its death.
func (k kind) live(r *rand.Rand) (life []Count, death int) {
	death = 2*365 + r.IntN(365)
	chance := k.chances(r, death)
	for i := range death {
		if r.Float64() < chance[i]*weight(start.AddDays(i)) {
			life = append(life, Count{Day: Day(start) + int32(i), Messages: 1, Voices: 1})
		}
	}
	return life, death
}

// chances gives the chance of a message by day, before weekday and season.
func (k kind) chances(r *rand.Rand, days int) []float64 {
	chance := make([]float64, days)
	for i := range chance {
		chance[i] = k.daily
	}
	if k.bursts {
		for at := r.IntN(20); at < days; {
			length := 3 + r.IntN(10)
			for i := at; i < min(at+length, days); i++ {
				chance[i] = 0.6
			}
			at += length + int((r.ExpFloat64()+r.ExpFloat64()+r.ExpFloat64()+r.ExpFloat64())*9)
		}
		return chance
	}
	for at := r.IntN(max(1, k.cadence)); k.cadence > 0 && at < days; at += k.cadence {
		if r.Float64() < 0.1 || Still(start.AddDays(at)) {
			continue
		}
		for after, p := range k.around {
			if i := at + after; i >= 0 && i < days {
				chance[i] = max(chance[i], p)
			}
		}
	}
	return chance
}

// outcome is what came of the groups of a kind.
type outcome struct {
	falsely float64 // alarms a year
	took    int     // days, the median
}

func (k kind) simulate(seeds int) outcome {
	alarms, years := 0, 0.0
	var took []int
	for seed := range seeds {
		r := rand.New(rand.NewPCG(uint64(seed), 6))
		for range simulated {
			life, death := k.live(r)
			n, late := k.watch(life)
			alarms += n
			years += float64(death-warm) / 365
			took = append(took, late)
		}
	}
	slices.Sort(took)
	return outcome{float64(alarms) / years, took[len(took)/2]}
}

// warm is how long a group is known before its alarms count.
const warm = 365

// watch looks at a group each day. It returns the alarms while it was alive,
// and the days from its last message to the alarm after its death.
func (k kind) watch(life []Count) (alarms, took int) {
	g := &Group{Made: start, Cadence: k.cadence}
	alarmed, known := false, 0
	for i := 0; ; i++ {
		today := Day(start) + int32(i)
		if known < len(life) && life[known].Day == today {
			known++
			alarmed = false
		}
		g.Life = life[:known]
		if alarmed || i < warm || silent(g, Clock{}, today) <= Threshold(g.Life, Clock{}, k.cadence, today) {
			continue
		}
		if known == len(life) { // nobody will write again
			return alarms, int(today - life[len(life)-1].Day)
		}
		alarmed = true
		alarms++
	}
}

// TestSimulation is run with 20 seeds by .ci/slow, with one otherwise.
func TestSimulation(t *testing.T) {
	seeds := 1
	if n := os.Getenv("WORTLEY_SEEDS"); n != "" {
		fmt.Sscan(n, &seeds)
	}
	for _, k := range kindsOfRhythm {
		t.Run(k.name, func(t *testing.T) {
			got := k.simulate(seeds)
			t.Logf("%-10s %.2f false alarms a year, %d days from the last message to the alarm", k.name, got.falsely, got.took)
			if got.falsely > 1.3 {
				t.Errorf("%.2f false alarms a year, want at most 1.3", got.falsely)
			}
			if got.took > k.slowest {
				t.Errorf("the alarm came after %d days, want at most %d", got.took, k.slowest)
			}
		})
	}
}
