package group

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
)

const digestKind = "group.week"

// nextMonday is half past nine on the next Monday after a moment.
func nextMonday(now time.Time) time.Time {
	day := when.DateOf(now.In(when.London))
	for {
		at := when.At(day, when.HM(9, 30), when.London)
		if day.Weekday() == time.Monday && at.After(now) {
			return at
		}
		day = day.AddDays(1)
	}
}

// week is the coordinators' weekly digest: a line for each group that nobody
// answers for, and nothing if there is none. It waits for a working day.
func (d *desk) week(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	day := when.DateOf(now.In(when.London))
	if health.Still(day) {
		return nil, nextMonday(now), nil
	}
	if !when.WorkingDay(day, when.EnglandWales) {
		return nil, when.At(day.AddDays(1), when.HM(9, 30), when.London), nil
	}
	lines, err := d.weekLines(ctx, day)
	if err != nil || len(lines) == 0 {
		return nil, nextMonday(now), err
	}
	text := "**Groups, this week**\n" + strings.Join(lines, "\n") + "\n`!health all` shows them all. What happens is yours to decide."
	posts, err := d.toCoordinators(ctx, text, fmt.Sprintf("week/%d", due.At.Unix()), "You are a coordinator; once a week I tell you of groups for which nobody answers. Their convenors, rooms and deputies were asked first.")
	return posts, nextMonday(now), err
}

func (d *desk) weekLines(ctx context.Context, today when.Date) (lines []string, err error) {
	all, err := d.db.Groups(ctx)
	if err != nil {
		return nil, err
	}
	known, err := d.db.Healths(ctx)
	if err != nil {
		return nil, err
	}
	needs, err := d.db.Needs(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range all {
		h := known[g.ID]
		s := statusOf(h)
		if g.State != "open" {
			continue
		}
		fresh := when.DateOf(h.Stepped.In(when.London)).DaysTo(today) < 8 // told once
		if s.State == health.Quiet && h.Step == toDigest && fresh {
			lines = append(lines, fmt.Sprintf("- **%s** (`%s`): quiet since %s: %s%s", bot.Plain(g.Name), bot.Code(g.Slug), when.SayDateShort(s.Since, today), reasons(s, today), tried(h)))
		} else if s.Has(health.NoConvenor) && s.On[health.NoConvenor].DaysTo(today) >= 7 && s.On[health.NoConvenor].DaysTo(today) < 14 {
			lines = append(lines, fmt.Sprintf("- **%s** (`%s`): has had no convenor since %s", bot.Plain(g.Name), bot.Code(g.Slug), when.SayDateShort(s.On[health.NoConvenor], today)))
		}
		if at, ok := needs[g.ID]; ok && when.DateOf(at.In(when.London)).DaysTo(today) < 8 {
			lines = append(lines, fmt.Sprintf("- 🆘 **%s** (`%s`): needs hands", bot.Plain(g.Name), bot.Code(g.Slug)))
		}
	}
	return lines, nil
}
