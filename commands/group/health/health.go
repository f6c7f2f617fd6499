// Package health says how a group is: from the days on which people wrote,
// its meetings, its minutes and its actions, and from its own rhythm. Groups
// are measured, people never; nothing here knows a name.
//
// Everything is a pure function: [Step] takes yesterday's status and what is
// known today, and returns today's. Quiet is not silence alone: most groups
// that are dying still talk. So a state changes because something is missing,
// and silence counts against the group's own habits, on the group's own clock
// ([Clock]), never against a fixed number of days.
package health

import (
	"git.coop/cotech/wortley/bot/when"
)

// State is how a group is.
type State string

// The states. People alone make a group rest or close.
const (
	Fine    State = "fine"
	Watch   State = "watch" // something is missing
	Quiet   State = "quiet"
	Resting State = "resting"
	Closed  State = "closed"
)

// Signal is one thing that may be missing.
type Signal int

// The signals. A date that is not in the calendar, which would be the tenth,
// is answered at once and says nothing about health.
const (
	Silence    Signal = iota // longer than the group's threshold
	NoDate                   // two working days after a meeting, and none ahead
	PutOff                   // two in a row since one was held
	NotMet                   // for more than 1.5 times its rhythm
	FewVoices                // half as many as it had, or fewer
	Actions                  // one three weeks over, or three over
	Minutes                  // none, five working days after the meeting
	NoConvenor               // and no deputy
	Hanging                  // a question without an answer
	signals
)

// A Count is the life of a group on one day.
type Count struct {
	Day      int32 // since 1 January 1970, in the group's zone
	Messages uint16
	Voices   uint16 // people who wrote
}

// Day returns the number of a day in [Count].
func Day(d when.Date) int32 { return int32(epoch.DaysTo(d)) }

// Date returns the day of a number in [Count].
func Date(day int32) when.Date { return epoch.AddDays(int(day)) }

var epoch = when.Date{Year: 1970, Month: 1, Day: 1}

// A Meeting is one that was held, is ahead, or was put off.
type Meeting struct {
	Day     when.Date
	Made    when.Date // when it was put into the calendar
	Off     when.Date // when it was put off, cancelled or lapsed; zero: it was not
	Minutes when.Date // when they were filed; zero: not yet
	Firm    bool      // booked, not only proposed
}

// A Span is a run of days, both included; Last zero: it is not over.
type Span struct{ First, Last when.Date }

func (s Span) holds(d when.Date) bool {
	return !d.Before(s.First) && (s.Last.IsZero() || !d.After(s.Last))
}

// An Action is something that somebody took on.
type Action struct{ Due, Done when.Date }

// A Question waits for an answer: a person's, or a yes to a date.
type Question struct {
	Asked, Answered when.Date
	Date            bool // it is about a date, which cannot wait
}

// A Group is what is known of one.
type Group struct {
	Made     when.Date
	Cadence  int // days between meetings, as agreed; 0: not agreed
	Nation   when.Nation
	Life     []Count   // by day; days without a message are left out
	Meetings []Meeting // by day
	Polls    []Span    // while a date was being looked for
	Actions  []Action
	Asked    []Question
	Unled    []Span // days without convenor and deputy, in a group that had one
	Leave    []Span // it said that it rests, or the bot could not hear it
	Resting  []Span // of these, what people said
	Closed   when.Date
}

// A Status is how a group is on a day, and what has to be known tomorrow.
type Status struct {
	Day       when.Date
	State     State
	Since     when.Date
	On        [signals]when.Date // since when each signal is on; zero: it is off
	Recovered when.Date          // when it was last fine again after being quiet
	Threshold int                // of silence, in half days of the group's clock
	Silent    int                // half days on that clock since anybody wrote
}

// Has reports whether a signal is on.
func (s Status) Has(g Signal) bool { return !s.On[g].IsZero() }

// Step returns the status on a day from that of an earlier one; the zero
// Status is that of a group nobody has looked at.
func Step(was Status, g *Group, day when.Date) Status {
	s := Status{Day: day, State: was.State, Since: was.Since, Recovered: was.Recovered}
	if s.State == "" {
		s.State, s.Since = Fine, day
	}
	s.measure(was, g)
	next := s.next(g)
	if next == s.State {
		return s
	}
	if s.State == Quiet && (next == Fine || next == Watch) || s.State == Resting {
		s.Recovered, s.On[PutOff] = day, when.Date{}
		next = s.next(g)
	}
	s.State, s.Since = next, day
	return s
}

// next is the state that follows from the signals.
func (s *Status) next(g *Group) State {
	switch {
	case !g.Closed.IsZero() && !s.Day.Before(g.Closed):
		return Closed
	case holds(g.Resting, s.Day):
		return Resting
	case s.State == Quiet && !s.recovers(g):
		return Quiet
	case s.State != Quiet && s.quiet():
		return Quiet
	case s.any():
		return Watch
	}
	return Fine
}

func holds(spans []Span, d when.Date) bool {
	for _, s := range spans {
		if s.holds(d) {
			return true
		}
	}
	return false
}

// lasting is how many days two signals have to be on together.
const lasting = 3

// quiet reports whether a group that was not has become quiet: by silence, by
// putting off twice, or by two of the other signals that have lasted.
func (s *Status) quiet() bool {
	if s.Has(Silence) || s.Has(PutOff) {
		return true
	}
	old, fresh := 0, false
	for g := NoDate; g < signals; g++ {
		if s.Has(g) && s.On[g].DaysTo(s.Day) >= lasting {
			old++
			fresh = fresh || s.Recovered.IsZero() || s.On[g].After(s.Recovered)
		}
	}
	return old >= 2 && fresh
}

func (s *Status) any() bool {
	for g := NoDate; g < signals; g++ {
		if s.Has(g) {
			return true
		}
	}
	return false
}

// Looking reports whether a date is being looked for on a day.
func (g *Group) Looking(d when.Date) bool { return holds(g.Polls, d) }

// Booked reports whether a meeting is ahead that is more than a proposal.
func (g *Group) Booked(d when.Date) bool {
	for _, m := range g.Meetings {
		if m.Firm && !m.Made.After(d) && !m.Day.Before(d) && !m.off(d) {
			return true
		}
	}
	return false
}

// recovers reports whether a quiet group is fine again: it has met, or has a
// date and two people have spoken. A group that does not meet has only to speak.
func (s *Status) recovers(g *Group) bool {
	ahead, meets := false, g.Cadence > 0
	for _, m := range g.Meetings {
		if m.Made.After(s.Day) {
			continue
		}
		meets = true
		if m.off(s.Day) {
			continue
		}
		if m.Day.Before(s.Day) && !m.Day.Before(s.Since) {
			return true
		}
		ahead = ahead || m.Firm && !m.Day.Before(s.Day)
	}
	return (ahead || !meets) && spoken(g.Life, s.Since, s.Day)
}

// spoken reports whether two people have spoken between two days: on one
// day, or on two. Who they were is not known.
func spoken(life []Count, from, to when.Date) bool {
	days := 0
	for i := len(life) - 1; i >= 0 && life[i].Day >= Day(from); i-- {
		if life[i].Day > Day(to) {
			continue
		}
		if days++; life[i].Voices > 1 || days > 1 {
			return true
		}
	}
	return false
}

func (m Meeting) off(d when.Date) bool { return !m.Off.IsZero() && !m.Off.After(d) }
