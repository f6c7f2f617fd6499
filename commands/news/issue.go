package news

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// current returns the newsletter that is being made, beginning one if need be.
func (d *desk) current(ctx context.Context, now time.Time) (storage.NewsIssue, error) {
	issue, ok, err := d.db.CurrentIssue(ctx)
	if err != nil || ok {
		return issue, err
	}
	last, ok, err := d.db.LastIssue(ctx)
	if err != nil {
		return issue, err
	}
	month := monthOf(now.In(d.Zone))
	if !d.deadlineOf(month).After(now) {
		month = after(month)
	}
	if ok && month <= last.Month {
		month = after(last.Month)
	}
	return d.begin(ctx, month, now)
}

// next returns the newsletter after one.
func (d *desk) next(ctx context.Context, issue storage.NewsIssue, now time.Time) (storage.NewsIssue, error) {
	return d.begin(ctx, after(issue.Month), now)
}

func (d *desk) begin(ctx context.Context, month string, now time.Time) (storage.NewsIssue, error) {
	issue, err := d.db.OpenIssue(ctx, month, d.deadlineOf(month))
	if err != nil {
		return issue, err
	}
	return issue, d.promiseReminders(ctx, issue, now)
}

// taking returns the newsletter that something sent in now goes into, and
// whether it came too late for the one before.
func (d *desk) taking(ctx context.Context, now time.Time) (issue storage.NewsIssue, late bool, err error) {
	issue, err = d.current(ctx, now)
	if err != nil || now.Before(issue.Deadline) {
		return issue, false, err
	}
	issue, err = d.next(ctx, issue, now)
	return issue, true, err
}

func monthOf(t time.Time) string { return t.Format("2006-01") }

// after returns the month after one.
func after(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, 1, 0).Format("2006-01")
}

// deadlineOf is noon of the day of the month that is set, or of the working
// day before it.
func (d *desk) deadlineOf(month string) time.Time {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return time.Time{}
	}
	last := t.AddDate(0, 1, -1).Day()
	day := when.Date{Year: t.Year(), Month: t.Month(), Day: min(d.Day, last)}
	for d.rests(day) {
		day = day.AddDays(-1)
	}
	return when.At(day, when.HM(12, 0), d.Zone)
}

// monthName is how people call an issue: "December".
func monthName(issue storage.NewsIssue) string {
	t, err := time.Parse("2006-01", issue.Month)
	if err != nil {
		return issue.Month
	}
	return t.Format("January")
}

// titleOf is the headline of an issue: "CoTech newsletter, December 2026".
func (d *desk) titleOf(issue storage.NewsIssue) string {
	t, err := time.Parse("2006-01", issue.Month)
	if err != nil {
		return d.Title
	}
	return d.Title + ", " + t.Format("January 2006")
}

// deadline is `!news deadline` and `!news deadline Fri 13 Dec 12:00`.
func (d *desk) deadline(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	issue, err := d.current(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if strings.TrimSpace(c.Args) == "" {
		return bot.Reply{Text: d.sayDeadline(issue, c.Now)}, nil
	}
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	at, err := d.readMoment(c.Args, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	if !at.After(c.Now) {
		return bot.Reply{}, bot.Errorf("%s has passed. Try a time to come, as in `!news deadline Friday 12:00`.", when.Say(at, d.Zone))
	}
	was := issue
	issue.Deadline = at
	if err := d.db.SaveIssue(ctx, issue); err != nil {
		return bot.Reply{}, err
	}
	if err := d.promiseReminders(ctx, issue, c.Now); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: d.sayDeadline(issue, c.Now),
		Did:  []bot.Effect{{What: "moved the newsletter's deadline to " + when.Say(at, d.Zone), Undo: issueAct(was)}},
	}, nil
}

// readMoment reads one moment; a day alone is taken at noon.
func (d *desk) readMoment(text string, now time.Time) (time.Time, error) {
	text = bot.Clip(strings.Join(strings.Fields(bot.Printable(text)), " "), 80)
	r := when.Read(text, when.Options{Now: now, Zone: d.Zone, Nation: d.Nation})
	switch {
	case r.Kind == when.Instant:
		return r.Start, nil
	case r.Kind == when.OneDate:
		return when.At(r.Date, when.HM(12, 0), d.Zone), nil
	case r.Kind == when.Deadline && !r.By.At.IsZero():
		return r.By.At, nil
	case r.Kind == when.Deadline:
		return when.At(r.By.Date, when.HM(12, 0), d.Zone), nil
	}
	return time.Time{}, bot.Errorf("%s. Try `!news deadline Friday 12:00`.", strings.TrimRight(bot.Plain(when.Explain(text, r)), ".?"))
}

func (d *desk) sayDeadline(issue storage.NewsIssue, now time.Time) string {
	if !now.Before(issue.Deadline) {
		return fmt.Sprintf("The deadline of the **%s newsletter** was %s. What comes in now goes to the next one.", monthName(issue), when.Say(issue.Deadline, d.Zone))
	}
	return fmt.Sprintf("The **%s newsletter** takes items until %s (%s). Send one in with `!news add …`.",
		monthName(issue), when.Say(issue.Deadline, d.Zone), when.Relative(issue.Deadline, now, d.Zone))
}

// issueAct brings back what an issue was.
func issueAct(was storage.NewsIssue) *bot.Act {
	data, _ := json.Marshal(was) // plain fields: cannot fail
	return &bot.Act{Name: "news.issue", Data: string(data)}
}

func (d *desk) undoIssue(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var was storage.NewsIssue
	if err := json.Unmarshal([]byte(data), &was); err != nil {
		return bot.Reply{}, err
	}
	issue, ok, err := d.db.Issue(ctx, was.ID)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	issue.Deadline, issue.Intro = was.Deadline, was.Intro
	if err := d.db.SaveIssue(ctx, issue); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "As it was: " + d.sayDeadline(issue, c.Now)}, d.promiseReminders(ctx, issue, c.Now)
}
