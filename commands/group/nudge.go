package group

import (
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
	"git.coop/cotech/wortley/storage"
)

// A nudge is what there is to say about a group on a morning. It never names
// anybody, and never blames.
type nudge struct {
	g         storage.Group
	s         health.Status
	f         *health.Group
	now       time.Time
	lastHuman time.Time
}

func (n nudge) today() when.Date { return when.DateOf(n.now.In(zone(n.g))) }

func (n nudge) slug() string { return bot.Code(n.g.Slug) }

// convenor is step 0: the one missing thing, with dates to choose from.
func (n nudge) convenor() string {
	text := fmt.Sprintf("**%s**: %s.", bot.Plain(n.g.Name), n.missing())
	if n.wantsDate() {
		text += fmt.Sprintf(" Would one of these do? %s.\n✅ asks everybody by poll; `!poll %s: …` asks with dates of your own.", n.dates(" · "), n.slug())
	} else if s := n.mend(); s != "" {
		text += " " + s
	}
	return text + "\n🙂 all is well · 💤 rest for four weeks · 🔕 tell me no more about it · 🆘 we need hands · 🕊 close it kindly"
}

// group is step 1: facts and three dates, nothing else; with words on sites
// that have no signs.
func (n nudge) group(site string) string {
	how := "✅ asks everybody by poll · 💤 rest for four weeks · 🔕 leave us alone · 🆘 we need hands."
	if strings.HasPrefix(site, "discourse/") { // where there is only a heart
		how = "`!poll` asks everybody · `!quiet 4 weeks` lets the group rest."
	}
	return fmt.Sprintf("It has gone quiet here: %s. Shall we meet? %s.\n%s `!health` shows what I counted.", n.facts(), n.dates(" · "), how)
}

// deputy is step 2.
func (n nudge) deputy() string {
	return fmt.Sprintf("**%s** has been quiet since %s: %s. Would you call the next meeting? %s.\n✅ asks everybody by poll; `!convenor %s: me` takes it on for good. 💤 rest for four weeks · 🔕 not me. Doing nothing is fine too.",
		bot.Plain(n.g.Name), when.SayDateShort(n.s.Since, n.today()), n.facts(), n.dates(" · "), n.slug())
}

// options is step 4.
func (n nudge) options() string {
	slug := n.slug()
	return fmt.Sprintf("**%s** has been quiet since %s, and nobody has answered: %s. What could be done, if somebody wants to:\n"+
		"- somebody else calls it: `!convenor %s: <name>`\n- it joins another group: `!group merge %[4]s into …`\n- it rests: `!quiet %[4]s until …`\n- it ends, with thanks: `!group close %[4]s`\nI say no more about it until somebody writes there.",
		bot.Plain(n.g.Name), when.SayDateShort(n.s.Since, n.today()), n.facts(), slug)
}

// wantsDate reports whether a date would mend it.
func (n nudge) wantsDate() bool {
	for _, sig := range []health.Signal{health.NoDate, health.PutOff, health.NotMet, health.Silence} {
		if n.s.Has(sig) {
			return true
		}
	}
	return false
}

// missing says the one thing that would help most.
func (n nudge) missing() string {
	for _, sig := range order {
		if n.s.Has(sig) {
			return n.say(sig)
		}
	}
	return "nothing is missing"
}

// facts says everything that is missing in one go.
func (n nudge) facts() string {
	var all []string
	for _, sig := range order {
		if n.s.Has(sig) {
			all = append(all, n.say(sig))
		}
	}
	if len(all) == 0 {
		return "there has been neither a meeting nor a date since then"
	}
	return strings.Join(all, ", ")
}

// say says one missing thing.
func (n nudge) say(sig health.Signal) string {
	switch sig {
	case health.NoDate:
		if day, ok := n.lastMet(); ok {
			return "there is no date for the next meeting (the last was on " + when.SayDateShort(day, n.today()) + ")"
		}
		return "there is no date for the next meeting"
	case health.NotMet:
		return "it means to meet " + every(n.g.Cadence) + " and has not for longer"
	case health.Silence:
		if n.lastHuman.IsZero() {
			return "nobody has written yet"
		}
		days := when.DateOf(n.lastHuman.In(zone(n.g))).DaysTo(n.today())
		return fmt.Sprintf("nobody has written for %d days (up to %d is usual)", days, n.s.Threshold/2)
	}
	return signalWords[sig]
}

// mend is what to do about the missing thing where a date is not it.
func (n nudge) mend() string {
	switch {
	case n.s.Has(health.Minutes):
		return "`!minutes add https://…` in its room keeps a link or the text."
	case n.s.Has(health.Actions):
		return "`!actions` in its room shows them; dropping one is a normal answer."
	case n.s.Has(health.NoConvenor):
		return fmt.Sprintf("`!convenor %s: me` takes it on.", n.slug())
	}
	return ""
}

func (n nudge) lastMet() (day when.Date, ok bool) {
	for _, m := range n.f.Meetings {
		if m.Off.IsZero() && m.Day.Before(n.today()) {
			day, ok = m.Day, true
		}
	}
	return day, ok
}

// slots are three days to meet on: the group's usual weekday if it has one,
// at least a week ahead, in different weeks, and never in the holidays.
func (n nudge) slots() (days []when.Date) {
	usual := time.Thursday
	if day, ok := n.lastMet(); ok {
		usual = day.Weekday()
	}
	nation := when.Nation(n.g.Nation)
	other := time.Tuesday
	if usual == time.Tuesday {
		other = time.Thursday
	}
	for day := n.today().AddDays(8); len(days) < 3; day = day.AddDays(1) {
		w := day.Weekday()
		if w != usual && w != other || !when.WorkingDay(day, nation) || health.Still(day) {
			continue
		}
		if len(days) == 0 && w != usual {
			continue
		}
		days = append(days, day)
	}
	return days
}

// clock is the time of day at which the group usually meets.
const usualClock = "14:00"

func (n nudge) dates(between string) string {
	var all []string
	for _, d := range n.slots() {
		all = append(all, when.SayDateShort(d, n.today()))
	}
	return strings.Join(all, between) + ", " + usualClock
}

// poll is what `!poll` is told.
func (n nudge) poll() string {
	var all []string
	for _, d := range n.slots() {
		all = append(all, when.SayDateShort(d, n.today())+" "+usualClock)
	}
	return strings.Join(all, ", ")
}

// why is what `!why` says about a step.
func (n nudge) why(step int) string {
	whom := map[int]string{toConvenor: "You call its meetings, so you hear of it first, and alone.",
		toGroup:   "Its convenor was asked first; a group hears of it at most once in 7 days, three times without an answer, and no more once anybody writes.",
		toDeputy:  "The group was told a week ago and nobody answered; you are its deputy, or have long been a member.",
		toOptions: "Its convenor, the group and its deputy were asked, and it was in your weekly digest."}[step]
	return fmt.Sprintf("%s has been %s since %s: %s. I count days, meetings and what is missing, never people. %s 🔕 under my message stops this; `!quiet %s until 6 Jan` lets the group rest.",
		bot.Plain(n.g.Name), map[health.State]string{health.Watch: "missing something"}[n.s.State]+map[health.State]string{health.Quiet: "quiet"}[n.s.State],
		when.SayDateShort(n.s.Since, n.today()), reasons(n.s, n.today()), whom, n.slug())
}

func isTag(r bot.Room) bool      { return strings.HasPrefix(r.ID, "tag/") }
func isCategory(r bot.Room) bool { return strings.HasPrefix(r.ID, "category/") }
