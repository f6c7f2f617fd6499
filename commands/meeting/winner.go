package meeting

import (
	"cmp"
	"slices"
	"time"

	"git.coop/cotech/wortley/storage"
)

// A score is how an option of a poll stands.
type score struct {
	storage.PollOption
	yes, maybe, no int  // people, or co-ops for a network call
	asked          int  // if-need-bes of people who are required
	refused        bool // somebody who is required cannot
}

func (s score) can() int { return s.yes + s.maybe }

// scores counts the votes for each option that still stands. In a network
// call each co-op has one voice: the latest of its people's. The order of
// the votes does not matter. Away reports whether a person is on leave on
// the day of an option.
func scores(p storage.Poll, votes []storage.Vote, byCoop bool, away func(person int64, o storage.PollOption) bool) []score {
	if byCoop {
		votes = voices(votes)
	}
	required := map[int64]bool{}
	for _, person := range p.Required {
		required[person] = true
	}
	var all []score
	for _, o := range p.Options {
		if o.Dropped {
			continue
		}
		s := score{PollOption: o}
		for _, v := range votes {
			if v.N != o.N {
				continue
			}
			switch v.Answer {
			case "yes":
				s.yes++
			case "maybe":
				s.maybe++
				if required[v.Person] {
					s.asked++
				}
			default:
				s.no++
				s.refused = s.refused || required[v.Person]
			}
		}
		for person := range required {
			s.refused = s.refused || away(person, o)
		}
		all = append(all, s)
	}
	return all
}

// voices leaves one vote of each co-op for each option: the latest, and of
// two at the same second that of the person who was known first.
func voices(votes []storage.Vote) []storage.Vote {
	type voice struct {
		n    int
		coop int64
	}
	last := map[voice]storage.Vote{}
	for _, v := range votes {
		if v.Coop == 0 {
			continue
		}
		k := voice{v.N, v.Coop}
		old, there := last[k]
		if !there || v.At.After(old.At) || v.At.Equal(old.At) && v.Person < old.Person {
			last[k] = v
		}
	}
	var kept []storage.Vote
	for _, v := range last {
		kept = append(kept, v)
	}
	slices.SortFunc(kept, func(a, b storage.Vote) int { return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Person, b.Person)) })
	return kept
}

// best sorts scores, the winner first: most who can come; most yes; fewest
// if-need-bes of required people; with at least three working days' notice;
// the earliest; the first in the poll.
func best(all []score, notice func(start time.Time) bool) []score {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b score) int {
		return cmp.Or(
			cmp.Compare(b.can(), a.can()),
			cmp.Compare(b.yes, a.yes),
			cmp.Compare(a.asked, b.asked),
			cmp.Compare(bit(notice(b.Start)), bit(notice(a.Start))),
			a.Start.Compare(b.Start),
			cmp.Compare(a.N, b.N))
	})
	return sorted
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// winners are the options that may be booked, the best first: those with a
// quorum that no required person refuses and that are still to come. Of
// options that overlap only the best is one.
func winners(all []score, quorum int, now time.Time, notice func(start time.Time) bool) []score {
	var won []score
	for _, s := range best(all, notice) {
		overlaps := slices.ContainsFunc(won, func(w score) bool { return s.Start.Before(w.End) && w.Start.Before(s.End) })
		if s.can() >= quorum && !s.refused && s.Start.After(now) && !overlaps {
			won = append(won, s)
		}
	}
	return won
}
