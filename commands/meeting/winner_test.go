package meeting

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
	"pgregory.net/rapid"
)

var monday = time.Date(2025, 1, 6, 9, 0, 0, 0, time.UTC)

// somePoll makes options on different days, some of them dropped.
func somePoll(t *rapid.T) storage.Poll {
	var p storage.Poll
	for n := range rapid.IntRange(1, 5).Draw(t, "options") {
		day := when.DateOf(monday).AddDays(rapid.IntRange(0, 12).Draw(t, "day"))
		slot := storage.Slot{Day: day, Clock: when.HM(14, 0), Minutes: 60, Zone: "Europe/London"}
		p.Options = append(p.Options, storage.PollOption{N: n + 1, Slot: slot.Moments(), Dropped: rapid.Float64().Draw(t, "dropped") < 0.1})
	}
	if rapid.Bool().Draw(t, "required") {
		p.Required = []int64{1}
	}
	return p
}

func someVotes(t *rapid.T, p storage.Poll) []storage.Vote {
	var votes []storage.Vote
	for person := range rapid.IntRange(0, 8).Draw(t, "people") {
		for _, o := range p.Options {
			if answer := rapid.SampledFrom([]string{"", "yes", "yes", "maybe", "no"}).Draw(t, "answer"); answer != "" {
				votes = append(votes, storage.Vote{N: o.N, Person: int64(person + 1), Coop: int64(person / 2), Answer: answer,
					At: monday.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "at")) * time.Second)})
			}
		}
	}
	return votes
}

func nobodyAway(int64, storage.PollOption) bool { return false }

func numbers(all []score) []int {
	var n []int
	for _, s := range all {
		n = append(n, s.N)
	}
	return n
}

// TestWinnerDoesNotDependOnTheOrderOfVotes shuffles votes and options, for
// people and for co-ops.
func TestWinnerDoesNotDependOnTheOrderOfVotes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePoll(t)
		votes := someVotes(t, p)
		byCoop := rapid.Bool().Draw(t, "by co-op")
		quorum := rapid.IntRange(1, 4).Draw(t, "quorum")
		soon := notice(monday, storage.Group{})
		want := numbers(winners(scores(p, votes, byCoop, nobodyAway), quorum, monday, soon))
		r := rand.New(rand.NewPCG(uint64(rapid.IntRange(0, 1000).Draw(t, "seed")), 1))
		for range 3 {
			r.Shuffle(len(votes), func(i, j int) { votes[i], votes[j] = votes[j], votes[i] })
			shuffled := p
			shuffled.Options = slices.Clone(p.Options)
			r.Shuffle(len(p.Options), func(i, j int) {
				shuffled.Options[i], shuffled.Options[j] = shuffled.Options[j], shuffled.Options[i]
			})
			if got := numbers(winners(scores(shuffled, votes, byCoop, nobodyAway), quorum, monday, soon)); !slices.Equal(got, want) {
				t.Fatalf("winners %v, in another order of votes %v", want, got)
			}
		}
	})
}

// TestWinnersHaveAQuorum holds every winner to what was promised.
func TestWinnersHaveAQuorum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somePoll(t)
		all := scores(p, someVotes(t, p), false, nobodyAway)
		quorum := rapid.IntRange(1, 4).Draw(t, "quorum")
		won := winners(all, quorum, monday, notice(monday, storage.Group{}))
		for i, w := range won {
			if w.can() < quorum || w.refused || w.Dropped || !w.Start.After(monday) {
				t.Fatalf("won: %+v, quorum %d", w, quorum)
			}
			if i > 0 && w.can() > won[0].can() {
				t.Fatalf("%d with %d came after %d with %d", w.N, w.can(), won[0].N, won[0].can())
			}
		}
		for _, s := range all {
			if len(won) == 0 && s.can() >= quorum && !s.refused && s.Start.After(monday) {
				t.Fatalf("nothing won, though %d has %d of %d", s.N, s.can(), quorum)
			}
		}
	})
}

func TestRulesOfTheWinner(t *testing.T) {
	option := func(n, days, hour int) storage.PollOption {
		slot := storage.Slot{Day: when.DateOf(monday).AddDays(days), Clock: when.HM(hour, 0), Minutes: 60, Zone: "Europe/London"}
		return storage.PollOption{N: n, Slot: slot.Moments()}
	}
	vote := func(n int, person int64, answer string) storage.Vote {
		return storage.Vote{N: n, Person: person, Coop: person, Answer: answer, At: monday}
	}
	three := []storage.PollOption{option(1, 1, 14), option(2, 7, 14), option(3, 8, 14)}
	for _, tt := range []struct {
		what     string
		votes    []storage.Vote
		required []int64
		quorum   int
		want     int // 0: nothing wins
	}{
		{"no votes", nil, nil, 1, 0},
		{"most who can come", []storage.Vote{vote(1, 1, "yes"), vote(1, 2, "yes"), vote(2, 1, "yes"), vote(2, 2, "maybe"), vote(2, 3, "maybe")}, nil, 2, 2},
		{"then most yes", []storage.Vote{vote(2, 1, "yes"), vote(2, 2, "maybe"), vote(3, 1, "yes"), vote(3, 2, "yes")}, nil, 2, 3},
		{"then fewest favours of those who are needed", []storage.Vote{vote(2, 1, "maybe"), vote(2, 2, "yes"), vote(3, 1, "yes"), vote(3, 2, "maybe")}, []int64{1}, 2, 3},
		{"then three working days' notice", []storage.Vote{vote(1, 1, "yes"), vote(1, 2, "yes"), vote(3, 1, "yes"), vote(3, 2, "yes")}, nil, 2, 3},
		{"then the earliest", []storage.Vote{vote(3, 1, "yes"), vote(3, 2, "yes"), vote(2, 1, "yes"), vote(2, 2, "yes")}, nil, 2, 2},
		{"not below the quorum", []storage.Vote{vote(2, 1, "yes"), vote(2, 2, "yes")}, nil, 3, 0},
		{"not if somebody who is needed cannot", []storage.Vote{vote(2, 1, "no"), vote(2, 2, "yes"), vote(2, 3, "yes"), vote(2, 4, "yes"), vote(3, 2, "yes"), vote(3, 3, "yes")}, []int64{1}, 2, 3},
		{"but if somebody else cannot", []storage.Vote{vote(2, 1, "no"), vote(2, 2, "yes"), vote(2, 3, "yes")}, nil, 2, 2},
	} {
		p := storage.Poll{Options: three, Required: tt.required}
		won := winners(scores(p, tt.votes, false, nobodyAway), tt.quorum, monday, notice(monday, storage.Group{}))
		got := 0
		if len(won) > 0 {
			got = won[0].N
		}
		if got != tt.want {
			t.Errorf("%s: option %d wins, want %d", tt.what, got, tt.want)
		}
	}
}

// TestCoopsHaveOneVoice counts the latest word of each co-op in a network call.
func TestCoopsHaveOneVoice(t *testing.T) {
	p := storage.Poll{Options: []storage.PollOption{{N: 1}}}
	votes := []storage.Vote{
		{N: 1, Person: 1, Coop: 7, Answer: "yes", At: monday},
		{N: 1, Person: 2, Coop: 7, Answer: "no", At: monday.Add(time.Second)},
		{N: 1, Person: 3, Coop: 8, Answer: "yes", At: monday},
		{N: 1, Person: 4, Coop: 0, Answer: "yes", At: monday},
	}
	if s := scores(p, votes, true, nobodyAway)[0]; s.yes != 1 || s.no != 1 {
		t.Errorf("by co-op: %d yes, %d no, want 1 and 1", s.yes, s.no)
	}
	if s := scores(p, votes, false, nobodyAway)[0]; s.yes != 3 || s.no != 1 {
		t.Errorf("by person: %d yes, %d no, want 3 and 1", s.yes, s.no)
	}
}

func TestBallots(t *testing.T) {
	options := []storage.PollOption{{N: 1}, {N: 2}, {N: 3}, {N: 4, Dropped: true}}
	for _, tt := range []struct{ words, said, want string }{
		{"1 2", "yes", "1 and 2 yes"},
		{"1, 2 and 3", "maybe", "1, 2 and 3 if need be"},
		{"1 !maybe 3 !no 2", "yes", "1 yes, 3 if need be, 2 no"},
		{"A yes, B maybe", "", "1 yes, 2 if need be"},
		{"1 yes, 2 maybe, 3 no", "", "1 yes, 2 if need be, 3 no"},
		{"yes 1 2", "", "1 and 2 yes"},
		{"1 and 2 yes; 3 if need be no", "", "1 and 2 yes, 3 no"},
		{"all", "yes", "1, 2 and 3 yes"},
		{"none of them", "", "1, 2 and 3 no"},
		{"1️⃣ 3️⃣", "yes", "1 and 3 yes"},
		{"4", "yes", ""},
		{"1 2", "", ""},
		{"sorry, I am ill", "no", ""},
		{"I can do the 3 of us", "", ""},
		{"", "yes", ""},
	} {
		b, ok := readBallot(tt.words, tt.said, options)
		got := b.String()
		if !ok {
			got = ""
		}
		if got != tt.want {
			t.Errorf("readBallot(%q, %q) = %q, want %q", tt.words, tt.said, got, tt.want)
		}
	}
}
