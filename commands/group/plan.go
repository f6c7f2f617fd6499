package group

import (
	"time"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"git.coop/cotech/wortley/storage"
)

// The steps of care. Each is taken once; anybody's message begins anew.
const (
	noStep     = -1
	toConvenor = 0 // alone: the one missing thing
	toGroup    = 1 // one message in its room
	toDeputy   = 2 // alone: would you call it?
	toDigest   = 3 // a line in the coordinators' week
	toOptions  = 4 // coordinators: what could be done; after that silence
)

const dayLong = 24 * time.Hour

// The budgets: one unasked message in a group's rooms in seven days, three
// without an answer, and twice as long between one and the next; as long as
// people are talking, nobody is told that it is quiet.
const (
	roomGap     = 7 * dayLong
	mostUnheard = 3
	talking     = 3 * dayLong
)

// waits are the group days from a step to the next one.
var waits = map[int]int{toConvenor: 3, toGroup: 7, toDeputy: 14, toDigest: 28}

// plan says which step is due, [noStep] for none. Its clock is the group's:
// days on which nobody is expected do not count.
func plan(h *storage.Health, s health.Status, g *health.Group, hasConvenor bool, lastHuman, now time.Time) int {
	if lastHuman.After(h.Stepped) {
		h.Step, h.Unanswered = noStep, 0
	}
	if s.State == health.Fine {
		h.Step, h.Asked = noStep, 0
	}
	if g.Looking(s.Day) || g.Booked(s.Day) {
		return noStep // one question at a time; and those who will meet need none
	}
	talk := now.Sub(lastHuman) < talking
	switch s.State {
	case health.Watch:
		if h.Step < toConvenor && hasConvenor && ours(s) && now.Sub(h.Stepped) >= gap(h.Asked) {
			return toConvenor
		}
	case health.Quiet:
		return nextStep(h, g, hasConvenor, talk, now)
	}
	return noStep
}

func nextStep(h *storage.Health, g *health.Group, hasConvenor, talk bool, now time.Time) int {
	since := groupDays(g, h.Stepped, now)
	switch {
	case h.Step < toConvenor && hasConvenor:
		if now.Sub(h.Stepped) >= gap(h.Asked) && !talk {
			return toConvenor
		}
	case h.Step <= toConvenor:
		if h.Step == toConvenor && since < waits[toConvenor] || talk || h.Muted {
			return muted(h, since)
		}
		if now.Sub(h.Room) >= roomGap<<h.Unanswered && h.Unanswered < mostUnheard {
			return toGroup
		}
	case h.Step < toOptions && since >= waits[h.Step]:
		return h.Step + 1
	}
	return noStep
}

// muted goes on to the digest where a group does not want to be told.
func muted(h *storage.Health, since int) int {
	if h.Muted && h.Step < toDigest && since >= waits[toDigest] {
		return toDigest
	}
	return noStep
}

// gap is how long a convenor is left in peace: 7, 14, 28, 56 days.
func gap(asked int) time.Duration {
	if asked == 0 {
		return 0
	}
	return roomGap << min(asked-1, 3)
}

// groupDays counts whole days of the group's own clock.
func groupDays(g *health.Group, from, to time.Time) int {
	return health.NewClock(g.Leave).Between(health.Day(when.DateOf(from.In(when.London))), health.Day(when.DateOf(to.In(when.London)))) / 2
}

// ours reports whether there is anything to say beside minutes and actions,
// which are asked after where they are kept.
func ours(s health.Status) bool {
	for _, sig := range order {
		if sig != health.Minutes && sig != health.Actions && s.Has(sig) {
			return true
		}
	}
	return false
}

// order is which missing thing is told first: what is easiest to mend.
var order = []health.Signal{health.NoDate, health.PutOff, health.NotMet, health.Minutes, health.Actions, health.NoConvenor, health.FewVoices, health.Hanging, health.Silence}

// mayTell reports whether a group may be told something unasked at a moment:
// on a working day between 8 and 20, and not from 20 December to 3 January.
func mayTell(now time.Time, g storage.Group) bool {
	local := now.In(zone(g))
	day := when.DateOf(local)
	return !health.Still(day) && when.WorkingDay(day, when.Nation(g.Nation)) && local.Hour() >= 8 && local.Hour() < 20
}

// nextLook is half past nine on the next morning.
func nextLook(now time.Time, g storage.Group) time.Time {
	z := zone(g)
	day := when.DateOf(now.In(z))
	at := when.At(day, when.HM(9, 30), z)
	for !at.After(now) {
		day = day.AddDays(1)
		at = when.At(day, when.HM(9, 30), z)
	}
	return at
}
