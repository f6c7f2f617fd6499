package meeting

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

const seriesHelp = "- `!series add last Wednesday except Aug and Dec at 14:00 for 90 minutes`\n" +
	"- `!series add three weeks before every board meeting at 14:00`: proposed as soon as I know the board's date\n" +
	"- `!series`: what repeats; `!series skip 26 March`; `!series stop`\n" +
	"- `!series renew`: it goes on for another year; without that its meetings are only proposed\n" +
	"- `!series theme every 3rd meeting is strategy, the others project work`"

// renewMonths is how long a series goes on before somebody has to say that it does.
const renewMonths = 12

// series is `!series`: what repeats.
func (d *desk) series(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if rest != "" {
		return bot.Reply{}, bot.Errorf("I do not know what to do with that. `!series add %s`? There are also `!series skip`, `!series stop` and `!series renew`.", bot.Code(bot.Clip(oneLine(rest), 60)))
	}
	all, err := d.db.GroupSeries(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: name(g) + " has no rhythm that I know of. Try `!series add last Wednesday of the month at 14:00`."}, nil
	}
	var t strings.Builder
	t.WriteString(name(g) + " meets")
	for _, s := range all {
		line, err := d.seriesLine(ctx, s, c.Now)
		if err != nil {
			return bot.Reply{}, err
		}
		t.WriteString("\n- " + line)
	}
	return bot.Reply{Text: t.String()}, nil
}

// seriesLine says a series in one line, with its next dates.
func (d *desk) seriesLine(ctx context.Context, s storage.Series, now time.Time) (string, error) {
	text := "the day " + offset(s.Offset) + " each " + bot.Plain(s.Anchor)
	if s.Anchor == "" {
		plan, err := s.Plan()
		if err != nil {
			return "", err
		}
		text = sayRule(plan.Rule)
	}
	z := storage.Slot{Zone: s.Zone}.Location()
	text += fmt.Sprintf(", %s–%s", s.Clock, (s.Clock+when.Clock(s.Minutes))%(24*60)) + about(s.Title)
	ahead, err := d.db.MeetingsOf(ctx, s.ID, now)
	if err != nil {
		return "", err
	}
	var dates []string
	for _, m := range ahead {
		if m.Ahead(now) && len(dates) < 3 {
			dates = append(dates, sayDay(m.Slot, now))
		}
	}
	if len(dates) > 0 {
		text += ": next " + list(dates)
	}
	if len(s.Except) > 0 {
		var off []string
		for _, day := range s.Except {
			if !day.Before(when.DateOf(now.In(z))) && len(off) < 5 {
				off = append(off, when.SayDateShort(day, when.DateOf(now.In(z))))
			}
		}
		if len(off) > 0 {
			text += "; not on " + list(off)
		}
	}
	if s.Every > 0 {
		text += fmt.Sprintf("; every %d meetings: %s", s.Every, bot.Plain(s.Theme))
	}
	if !s.RenewBy.IsZero() {
		text += "; goes on until " + when.SayDateShort(s.RenewBy, when.DateOf(now.In(z))) + " (`!series renew`)"
	}
	return text + ".", nil
}

func offset(days int) string {
	n, word := days, "after"
	if days < 0 {
		n, word = -days, "before"
	}
	if n%7 == 0 && n > 0 {
		return plural(n/7, "week") + " " + word
	}
	return plural(n, "day") + " " + word
}

// materialise makes the coming meetings of a series and promises their
// reminders.
func (d *desk) materialise(ctx context.Context, s storage.Series, now time.Time) ([]storage.Meeting, error) {
	made, err := d.db.Materialise(ctx, s, now)
	if err != nil {
		return nil, err
	}
	g, _, err := d.db.Group(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		if err := d.schedule(ctx, m, g, now); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// oneSeries is the series that a command is about, and the rest of its words.
func (d *desk) oneSeries(ctx context.Context, c *bot.Call) (storage.Series, storage.Group, string, error) {
	g, words, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Series{}, g, "", err
	}
	if err := d.may(ctx, c, g); err != nil {
		return storage.Series{}, g, "", err
	}
	all, err := d.db.GroupSeries(ctx, g.ID)
	if err != nil {
		return storage.Series{}, g, "", err
	}
	words = oneLine(words)
	first, rest := atSpace(words)
	if n, err := strconv.Atoi(first); err == nil && len(all) > 1 && n >= 1 && n <= len(all) {
		return all[n-1], g, rest, nil
	}
	switch len(all) {
	case 0:
		return storage.Series{}, g, words, bot.Errorf("%s has no rhythm that I know of. Try `!series add last Wednesday of the month at 14:00`.", name(g))
	case 1:
		return all[0], g, words, nil
	}
	var which []string
	for i, s := range all {
		which = append(which, fmt.Sprintf("%d) %s", i+1, ruleOf(s)))
	}
	return storage.Series{}, g, words, bot.Errorf("Which one? %s. Say its number first, as in `!series stop 1`.", strings.Join(which, " · "))
}
