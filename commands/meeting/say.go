package meeting

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

func itoa(n int) string { return strconv.Itoa(n) }

func name(g storage.Group) string { return "**" + bot.Plain(g.Name) + "**" }

// sayWhen gives a slot in full: "Thu 16 Jan 2025, 14:00–15:30 (UK time)".
func sayWhen(s storage.Slot) string { return when.SaySpan(s.Start, s.End, s.Location()) }

// short gives a slot's start for lists: "Thu 16 Jan 14:00".
func short(s storage.Slot, now time.Time) string { return when.SayShort(s.Start, now, s.Location()) }

// sayDay gives a slot's day: "Thu 16 Jan".
func sayDay(s storage.Slot, now time.Time) string {
	return when.SayDateShort(s.Day, when.DateOf(now.In(s.Location())))
}

// span gives a slot without the zone, with its end: "Thu 16 Jan 14:00–15:30".
func span(s storage.Slot, now time.Time) string {
	end := s.End.In(s.Location())
	if when.DateOf(end) != s.Day {
		return short(s, now) + "–" + end.Format("Mon 2 Jan 15:04")
	}
	return short(s, now) + "–" + end.Format("15:04")
}

// about is a meeting's title in quotation marks with a space before it, or nothing.
func about(title string) string {
	if title == "" {
		return ""
	}
	return " “" + bot.Plain(title) + "”"
}

// list joins words: "a", "a and b", "a, b and c".
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// soon is a date to give as an example: a Thursday in the week after next.
func soon(now time.Time, g storage.Group) string {
	today := when.DateOf(now.In(zone(g, nil)))
	return when.SayDateShort(today.Monday().AddDays(17), today) + " 14:00"
}

// called is a person's name as it is said; those who were forgotten are somebody.
func called(name string) string {
	if name == "" {
		return "somebody"
	}
	return bot.Plain(name)
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// moment gives a deadline: "Mon 16 Dec 12:00".
func moment(t, now time.Time, zone *time.Location) string { return when.SayShort(t, now, zone) }

// forum reports whether a site shows the markup of forums.
func forum(site string) bool { return strings.HasPrefix(site, "discourse/") }

// localDate is the markup that shows each reader of a forum their own time.
// https://meta.discourse.org/t/discourse-local-dates/97093
func localDate(s storage.Slot) string {
	zone := s.Location()
	const wall = "2006-01-02T15:04:05"
	return fmt.Sprintf(`[date-range from=%s to=%s timezone="%s"]`, s.Start.In(zone).Format(wall), s.End.In(zone).Format(wall), zone)
}

// event is the markup of the forum's calendar plugin.
// https://meta.discourse.org/t/discourse-calendar-and-event/97376
func event(s storage.Slot, title string) string {
	zone := s.Location()
	const wall = "2006-01-02 15:04"
	title = strings.NewReplacer(`"`, "'", "[", "(", "]", ")").Replace(bot.Printable(title))
	return fmt.Sprintf("[event start=\"%s\" end=\"%s\" timezone=\"%s\" status=\"public\" name=\"%s\"]\n[/event]", s.Start.In(zone).Format(wall), s.End.In(zone).Format(wall), zone, title)
}
