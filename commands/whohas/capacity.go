package whohas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// capacityFor is how long a statement holds if it names no end.
const capacityFor = 91 // days

// capacity is `!capacity`: bare it lists, with words it says.
func (d *desk) capacity(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	said := tidy(c.Args)
	switch strings.ToLower(said) {
	case "":
		return d.capacities(ctx, c)
	case "ask me", "remind me", "ask me monthly":
		return d.askMonthly(ctx, c)
	case "stop asking", "don't ask", "do not ask me":
		return d.stopAsking(ctx, c)
	}
	if c.Person.CoopID == 0 {
		return bot.Reply{}, bot.Errorf("Whose capacity is that? Tell me your co-op first: `!iam <co-op>`.")
	}
	old, err := d.db.CapacityOf(ctx, c.Person.CoopID)
	had := err == nil
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return bot.Reply{}, err
	}
	undo := capacityWas(c.Person.CoopID, old, had)
	if noTime.MatchString(said) {
		if err := d.db.DropCapacity(ctx, c.Person.CoopID); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Text: fmt.Sprintf("**%s**: no spare time for now. Thank you for saying so.", bot.Plain(c.Person.Coop)),
			Did: []bot.Effect{{What: c.Person.Coop + ": no capacity", Undo: undo}}}, nil
	}
	k, err := readCapacity(said, when.DateOf(c.Time.In(c.Zone)))
	if err != nil {
		return bot.Reply{}, err
	}
	k.Coop = c.Person.CoopID
	if err := d.db.SetCapacity(ctx, k); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("**%s** has time: %s. Shown until %s; `!capacity none` ends it sooner.", bot.Plain(c.Person.Coop), understood(k), sayDay(k.Until)),
		Did:  []bot.Effect{{What: c.Person.Coop + ": capacity " + k.Words, Undo: undo}},
	}, nil
}

var (
	noTime     = regexp.MustCompile(`(?i)^(?:none|nothing|no|full|0|zero|no capacity|no time|busy)$`)
	peopleSaid = regexp.MustCompile(`(?i)\b(\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|a|an)\s+(?:full[- ]time\s+|part[- ]time\s+)?(?:people|persons?|developers?|devs?|designers?|members?|of us)\b`)
	weeksSaid  = regexp.MustCompile(`(?i)\b(?:for\s+)?(\d{1,3}|one|two|three|four|five|six|eight|ten|a)\s+(weeks?|months?)\b(\s+lead)?`)
	leadSaid   = regexp.MustCompile(`(?i)\b(?:lead(?:\s+time)?(?:\s+of)?|in)\s+(\d{1,2}|one|two|three|four|five|six|a)\s+months?\b|\b(\d{1,2}|one|two|three|four|five|six)\s+months?\s+lead(?:\s+time)?\b`)
	fromSaid   = regexp.MustCompile(`(?i)\bfrom\s+([^:,;]+?)(?:\s+(?:until|till|to)\b|[:,;]|$)`)
	untilSaid  = regexp.MustCompile(`(?i)\b(?:until|till)\s+([^:,;]+?)(?:[:,;]|$)`)
)

// readCapacity reads "2 people from March: design, 6 weeks".
func readCapacity(said string, today when.Date) (storage.Capacity, error) {
	k := storage.Capacity{Words: bot.Clip(said, 160), Lead: -1, SaidOn: today.String()}
	start := today
	if !understandable(said) {
		return k, bot.Errorf("I did not find a number of people, a time or a day in that. Try `!capacity 2 people from March: design, 6 weeks`, or `!capacity none`.")
	}
	if m := peopleSaid.FindStringSubmatch(said); m != nil {
		k.People = number(m[1])
	}
	rest := said
	if k.People > 500 || k.People == 0 && peopleSaid.MatchString(said) {
		return k, bot.Errorf("How many people is that? Try `!capacity 2 people from March: design, 6 weeks`, or `!capacity none`.")
	}
	if m := leadSaid.FindStringSubmatch(said); m != nil {
		k.Lead = number(m[1] + m[2])
		start = today.AddMonths(k.Lead)
		rest = leadSaid.ReplaceAllString(said, " ")
	}
	if m := weeksSaid.FindStringSubmatch(rest); m != nil {
		k.Weeks = number(m[1])
		if strings.HasPrefix(strings.ToLower(m[2]), "month") {
			k.Weeks = k.Weeks * 13 / 3
		}
	}
	if m := fromSaid.FindStringSubmatch(said); m != nil {
		day, ok := readDay(m[1], today)
		if !ok {
			return k, bot.Errorf("I cannot read the day “%s”. Try `from March`, `from 6 Jan` or `from now`.", bot.Plain(bot.Clip(m[1], 30)))
		}
		start = day
		if start.After(today) {
			k.From = start.String()
		}
	}
	end := start.AddDays(capacityFor)
	if k.Weeks > 0 {
		end = start.AddDays(7 * k.Weeks)
	}
	if m := untilSaid.FindStringSubmatch(said); m != nil {
		day, ok := readDay(m[1], today)
		if !ok {
			return k, bot.Errorf("I cannot read the day “%s”. Try `until 28 Feb` or `until March`.", bot.Plain(bot.Clip(m[1], 30)))
		}
		if day.Before(start) {
			return k, bot.Errorf("That would end on %s, before it begins on %s.", sayDay(day.String()), sayDay(start.String()))
		}
		end = day
	}
	k.Until = end.String()
	return k, nil
}

// free says that somebody has time, without a number.
var freeSaid = regexp.MustCompile(`(?i)\b(?:free|spare|available|capacity|time|now|days?|hours?)\b`)

// understandable reports whether there is anything about time in what was said.
func understandable(said string) bool {
	for _, r := range []*regexp.Regexp{peopleSaid, weeksSaid, leadSaid, fromSaid, untilSaid, freeSaid} {
		if r.MatchString(said) {
			return true
		}
	}
	return false
}

var numberWords = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}

func number(s string) int {
	if n, ok := numberWords[strings.ToLower(s)]; ok {
		return n
	}
	n, _ := strconv.Atoi(s) // only digits come here
	return n
}

// understood repeats what was read.
func understood(k storage.Capacity) string {
	text := "“" + bot.Plain(k.Words) + "”"
	var read []string
	if k.People > 0 {
		read = append(read, people(k.People))
	}
	if k.From != "" {
		read = append(read, "from "+sayDay(k.From))
	}
	if k.Lead >= 0 {
		read = append(read, fmt.Sprintf("lead time %d months", k.Lead))
	}
	if k.Weeks > 0 {
		read = append(read, fmt.Sprintf("for %d weeks", k.Weeks))
	}
	if len(read) > 0 {
		text += " (" + strings.Join(read, ", ") + ")"
	}
	return text
}

// capacities is the list of who has time.
func (d *desk) capacities(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	all, err := d.db.Capacities(ctx, day(c))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: "Nobody has told me that they have time. If your co-op has: `!capacity 2 people from March: design, 6 weeks`."}, nil
	}
	var t strings.Builder
	fmt.Fprintf(&t, "**Capacity**: %s", count(len(all), false)+" with time\n")
	for _, k := range all[:min(len(all), screen)] {
		place := ""
		if k.Town != "" {
			place = " (" + bot.Plain(k.Town) + ")"
		}
		fmt.Fprintf(&t, "- **%s**%s: %s · said on %s, until %s\n", bot.Plain(k.CoopName), place, bot.Plain(k.Words), sayDay(k.SaidOn), sayDay(k.Until))
	}
	if len(all) > screen {
		fmt.Fprintf(&t, "%d more. ", len(all)-screen)
	}
	t.WriteString("`!whohas design with capacity` looks for a skill among them.")
	return bot.Reply{Text: t.String()}, nil
}

// capacityUndo is what a co-op had said before.
type capacityUndo struct {
	Coop int64
	Had  bool
	Was  storage.Capacity
}

func capacityWas(coop int64, was storage.Capacity, had bool) *bot.Act {
	data, _ := json.Marshal(capacityUndo{coop, had, was}) // numbers and words: cannot fail
	return &bot.Act{Name: "capacity.was", Data: string(data)}
}

func (d *desk) undoCapacity(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var u capacityUndo
	if err := json.Unmarshal([]byte(data), &u); err != nil {
		return bot.Reply{}, err
	}
	if u.Had {
		return bot.Reply{}, d.db.SetCapacity(ctx, u.Was)
	}
	return bot.Reply{}, d.db.DropCapacity(ctx, u.Coop)
}

// askMonthly has the person asked each month, on its first working day at ten.
func (d *desk) askMonthly(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Person.CoopID == 0 {
		return bot.Reply{}, bot.Errorf("For which co-op shall I ask you? Tell me first: `!iam <co-op>`.")
	}
	if err := d.db.SetPrompt(ctx, storage.Prompt{Coop: c.Person.CoopID, Site: c.Room.Site, User: c.From.ID}); err != nil {
		return bot.Reply{}, err
	}
	next := nextPrompt(c.Time, c.Zone)
	if err := d.db.Promise(ctx, promptKind, strconv.FormatInt(c.Person.CoopID, 10), next); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("I will ask you about %s's capacity each month, first on %s. `!capacity stop asking` ends it.", bot.Plain(c.Person.Coop), next.In(c.Zone).Format("Monday 2 January")),
		Did: []bot.Effect{{What: c.Person.Coop + ": asked about capacity each month", Undo: &bot.Act{Name: "capacity.stop"}}}}, nil
}

func (d *desk) stopAsking(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.db.DropPrompt(ctx, c.Person.CoopID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "All right, I will not ask about your capacity any more.", Did: []bot.Effect{{What: c.Person.Coop + ": no longer asked about capacity"}}}, d.db.Release(ctx, promptKind, strconv.FormatInt(c.Person.CoopID, 10))
}

// stopped undoes a wish to be asked.
func (d *desk) stopped(ctx context.Context, c *bot.Call, _ string) (bot.Reply, error) {
	return d.stopAsking(ctx, c)
}

const promptKind = "capacity"

// nextPrompt is ten o'clock on the first working day of the month after t.
func nextPrompt(t time.Time, zone *time.Location) time.Time {
	day := when.DateOf(t.In(zone)).EndOfMonth().AddDays(1)
	for !when.WorkingDay(day, when.EnglandWales) {
		day = day.AddDays(1)
	}
	return when.At(day, when.HM(10, 0), zone)
}

// prompt asks one co-op, and promises to ask again next month.
func (d *desk) prompt(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	all, err := d.db.Prompts(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	for _, p := range all {
		if strconv.FormatInt(p.Coop, 10) != due.Ref {
			continue
		}
		text := fmt.Sprintf("Does **%s** have time for other co-ops this month? Say it like this: `!capacity 2 people from March: design, 6 weeks`, or `!capacity none`. `!capacity stop asking` ends this question.", bot.Plain(p.CoopName))
		if k, err := d.db.CapacityOf(ctx, p.Coop); err == nil {
			text += fmt.Sprintf("\nLast time, on %s, you said: “%s”.", sayDay(k.SaidOn), bot.Plain(k.Words))
		}
		return []bot.Post{{
			Key: fmt.Sprintf("capacity/%d/%d", p.Coop, due.At.Unix()), Room: bot.Room{Site: p.Site}, To: p.User, Loud: true, Rank: bot.Reminder,
			Text: text, Why: "You asked me to ask you each month with `!capacity ask me`.",
		}}, nextPrompt(now, bot.London()), nil
	}
	return nil, time.Time{}, nil
}

// sayDay writes "2026-03-01" as "1 March 2026".
func sayDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2 January 2006")
}
