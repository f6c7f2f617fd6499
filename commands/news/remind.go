package news

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

const deadlineKind = "news.deadline"

// ahead are the days before the deadline on which rooms are reminded of it.
var ahead = []int{7, 2}

// promiseReminders promises the reminders of a deadline that are still to come.
func (d *desk) promiseReminders(ctx context.Context, issue storage.NewsIssue, now time.Time) error {
	for _, days := range ahead {
		ref := fmt.Sprintf("%d/%d", issue.ID, days)
		at := issue.Deadline.In(d.Zone).AddDate(0, 0, -days)
		if !at.After(now) {
			if err := d.db.Release(ctx, deadlineKind, ref); err != nil {
				return err
			}
			continue
		}
		if err := d.db.Promise(ctx, deadlineKind, ref, at); err != nil {
			return err
		}
	}
	return d.db.Promise(ctx, deadlineKind, fmt.Sprintf("%d/0", issue.ID), issue.Deadline)
}

// remind tells the rooms that want it of a deadline, and the editor that it
// has passed.
func (d *desk) remind(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, days, ok := strings.Cut(due.Ref, "/")
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil || !ok {
		return nil, time.Time{}, err
	}
	if awake := d.awake(now); awake.After(now) {
		return nil, awake, nil
	}
	issue, ok, err := d.db.Issue(ctx, number)
	if err != nil || !ok || issue.State != "open" {
		return nil, time.Time{}, err
	}
	items, err := d.db.NewsOf(ctx, issue.ID)
	if err != nil {
		return nil, time.Time{}, err
	}
	if days == "0" {
		posts, err := d.passed(ctx, issue, items, due)
		return posts, time.Time{}, err
	}
	if !now.Before(issue.Deadline) {
		return nil, time.Time{}, nil
	}
	rooms, err := d.db.NewsRooms(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	var posts []bot.Post
	for _, r := range rooms {
		if r.Reminded {
			posts = append(posts, bot.Post{Key: fmt.Sprintf("news/%s/%s/%s", due.Ref, r.Room.Site, r.Room.ID), Room: r.Room, Rank: bot.Broadcast,
				Text: d.reminder(issue, items, now), Why: "This room wants reminders of the newsletter's deadline. `!news stop reminders` ends them."})
		}
	}
	return posts, time.Time{}, nil
}

func (d *desk) reminder(issue storage.NewsIssue, items []storage.NewsItem, now time.Time) string {
	n := 0
	for _, i := range items {
		if alive(i) {
			n++
		}
	}
	have := "Nothing is in it yet"
	if n > 0 {
		have = "It has " + plural(n, "item", "items") + " so far"
	}
	return fmt.Sprintf("The **%s newsletter** takes items until %s, %s. %s. What is your news, your next date, your question to everybody? `!news add …`",
		monthName(issue), when.Say(issue.Deadline, d.Zone), when.Relative(issue.Deadline, now, d.Zone), have)
}

// passed tells whoever makes the newsletter that it can go out.
func (d *desk) passed(ctx context.Context, issue storage.NewsIssue, items []storage.NewsItem, due bot.Due) ([]bot.Post, error) {
	p := d.compose(issue, items, storage.Accepted)
	rooms, err := d.db.NewsRooms(ctx)
	if err != nil || len(rooms) == 0 && p.items == 0 {
		return nil, err // a network without a newsletter is not reminded of one
	}
	editors, err := d.onDuty(ctx)
	if err != nil {
		return nil, err
	}
	waiting := 0
	for _, i := range items {
		if i.State == storage.Suggested {
			waiting++
		}
	}
	text := fmt.Sprintf("The deadline of the %s newsletter has passed: %s in the draft", monthName(issue), plural(p.items, "item is", "items are"))
	if waiting > 0 {
		text += fmt.Sprintf(", %s", plural(waiting, "suggestion waits", "suggestions wait"))
	}
	text += ". `!news draft` shows it, `!news publish` shows what goes where and asks."
	var posts []bot.Post
	for _, a := range editors {
		posts = append(posts, bot.Post{Key: fmt.Sprintf("news/%s/%s/%s", due.Ref, a.Site, a.User), Room: bot.Room{Site: a.Site}, To: a.User, Rank: bot.Reminder,
			Text: text, Why: "It is your turn to make the newsletter."})
	}
	return posts, nil
}

// onDuty returns one account of each person who makes this newsletter: the
// editor whose turn it is, or the coordinators where there is no rota.
func (d *desk) onDuty(ctx context.Context) ([]storage.Account, error) {
	editors, err := d.db.Editors(ctx)
	if err != nil {
		return nil, err
	}
	all, err := d.db.AccountsWith(ctx, bot.Coordinator)
	if len(editors) > 0 {
		all, err = d.db.Accounts(ctx, editors[0].Person)
	}
	var first []storage.Account
	seen := map[int64]bool{}
	for _, a := range all {
		if !seen[a.Person] {
			seen[a.Person] = true
			first = append(first, a)
		}
	}
	return first, err
}
