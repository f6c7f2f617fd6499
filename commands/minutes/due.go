package minutes

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

const dueKind = "action"

// promise has an action's owner reminded: on its day, or the first working
// day after it, at half past nine.
func (d *desk) promise(ctx context.Context, a storage.ActionItem, now time.Time) error {
	ref := strconv.FormatInt(a.ID, 10)
	day, err := when.ParseDate(a.Due)
	if err != nil || a.State == "done" || a.State == "dropped" || a.Owner == 0 {
		return d.db.Release(ctx, dueKind, ref)
	}
	at := morning(day)
	if !at.After(now) {
		at = morning(when.DateOf(now.In(when.London)).AddDays(1))
	}
	return d.db.Promise(ctx, dueKind, ref, at)
}

// morning is half past nine on a day, or on the next working day after it.
func morning(day when.Date) time.Time {
	for !when.WorkingDay(day, when.EnglandWales) {
		day = day.AddDays(1)
	}
	return when.At(day, when.HM(9, 30), when.London)
}

// awake is a moment at which groups may be spoken to unasked: t itself, or the
// next working morning if it is night, a weekend or a bank holiday.
func awake(t time.Time) time.Time {
	local := t.In(when.London)
	day := when.DateOf(local)
	if when.WorkingDay(day, when.EnglandWales) {
		switch hour := local.Hour(); {
		case hour >= 8 && hour < 20:
			return t
		case hour < 8:
			return morning(day)
		}
	}
	return morning(day.AddDays(1))
}

// workingDaysAfter is the n-th working day after a day.
func workingDaysAfter(day when.Date, n int) when.Date {
	for n > 0 {
		if day = day.AddDays(1); when.WorkingDay(day, when.EnglandWales) {
			n--
		}
	}
	return day
}

// tellDue reminds the owner of an action, and once more three working days
// later. After that it is a matter of the next agenda.
func (d *desk) tellDue(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	a, err := d.db.Action(ctx, id)
	if errors.Is(err, storage.ErrNotFound) || err == nil && (a.State != "open" || a.Owner == 0 || a.Due == "") {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	day, err := when.ParseDate(a.Due)
	if err != nil {
		return nil, time.Time{}, err
	}
	today := when.DateOf(now.In(when.London))
	said := fmt.Sprintf("was due on %s", sayDay(a.Due, now.In(when.London)))
	if today == day {
		said = "is due today"
	}
	next := time.Time{}
	if second := morning(workingDaysAfter(day, 3)); today.Before(when.DateOf(second.In(when.London))) {
		next = second
	}
	account, ok, err := d.account(ctx, a)
	if err != nil || !ok {
		return nil, time.Time{}, err
	}
	return []bot.Post{{
		Key: fmt.Sprintf("action/%d/%d", a.ID, due.At.Unix()), Room: bot.Room{Site: account.Site}, To: account.User, Rank: bot.Reminder,
		Text: fmt.Sprintf("Action %d %s: %s (%s). ✅ on this, or `action done %d`, when it is; `action due %d next Friday` gives it more time; `action give %d @name` hands it on.",
			a.ID, said, bot.Plain(a.Text), bot.Plain(a.GroupName), a.ID, a.ID, a.ID),
		Why: "It is your action, and its day has come.",
	}}, next, nil
}

// account is where the owner of an action is told: on the site where it was
// written down, if they are there.
func (d *desk) account(ctx context.Context, a storage.ActionItem) (storage.Account, bool, error) {
	all, err := d.db.Accounts(ctx, a.Owner)
	if err != nil || len(all) == 0 {
		return storage.Account{}, false, err
	}
	for _, one := range all {
		if strings.HasPrefix(a.Post, "answer/"+one.Site+"/") {
			return one, true, nil
		}
	}
	return all[0], true, nil
}

// touchDue hears of reactions to reminders.
func (d *desk) touchDue(ctx context.Context, c *bot.Call, key, emoji string, on bool) (bot.Reply, error) {
	number, _, _ := strings.Cut(strings.TrimPrefix(key, "action/"), "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return bot.Reply{}, nil
	}
	a, err := d.db.Action(ctx, id)
	return d.touch(ctx, c, a, err, emoji, on)
}

// touchAnswer hears of reactions to what the bot said when an action was written down.
func (d *desk) touchAnswer(ctx context.Context, c *bot.Call, key, emoji string, on bool) (bot.Reply, error) {
	a, err := d.db.ActionByPost(ctx, key)
	return d.touch(ctx, c, a, err, emoji, on)
}

// touch ticks an action off at a ✅, and opens it again when that is taken away.
func (d *desk) touch(ctx context.Context, c *bot.Call, a storage.ActionItem, err error, emoji string, on bool) (bot.Reply, error) {
	if errors.Is(err, storage.ErrNotFound) {
		return bot.Reply{}, nil
	}
	if err != nil || emoji != "✅" && emoji != "☑" && emoji != "✔" {
		return bot.Reply{}, err
	}
	switch {
	case on && a.State == "open":
		return d.close(ctx, c, a, "done")
	case !on && a.State == "done":
		a.State = "open"
		if _, err := d.db.SaveAction(ctx, a); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Text: fmt.Sprintf("Open again: action %d, %s.", a.ID, bot.Plain(a.Text))}, d.promise(ctx, a, c.Now)
	}
	return bot.Reply{}, nil
}
