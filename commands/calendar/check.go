package calendar

import (
	"context"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// soon is how long before a meeting its absence elsewhere is said: late enough
// for it to have been written there, early enough to mend it.
const soon = 14 * 24 * time.Hour

// checkAll looks at all listings again, on working days. What is amiss is said
// once for each meeting and each date it had.
func (d *desk) checkAll(ctx context.Context, now time.Time) ([]bot.Post, error) {
	if d.Fetch == nil || !when.WorkingDay(when.DateOf(now.In(when.London)), when.EnglandWales) {
		return nil, nil
	}
	all, err := d.db.Listings(ctx)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	for _, l := range all {
		more, err := d.check(ctx, l, now)
		if err != nil {
			return nil, err
		}
		posts = append(posts, more...)
	}
	return posts, nil
}

// check looks at one listing. One that cannot be read today is left for tomorrow.
func (d *desk) check(ctx context.Context, l storage.Listing, now time.Time) ([]bot.Post, error) {
	if l.Room.ID == "" {
		return nil, nil
	}
	listed, err := d.Fetch(ctx, l.URL, window(now, when.London))
	if err != nil {
		return d.unread(l, now, err), nil
	}
	l.LastRead = now
	if _, err := d.db.SaveListing(ctx, l); err != nil {
		return nil, err
	}
	groups, err := d.compared(ctx, l)
	if err != nil {
		return nil, err
	}
	diff, err := d.compare(ctx, listed.Events, groups, l.Group != 0, now)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	where := "in " + bot.Plain(l.Name)
	say := func(key, text string) {
		posts = append(posts, bot.Post{Key: fmt.Sprintf("calendar/%d/%s", l.ID, key), Room: l.Room, Rank: bot.Reminder, Text: text,
			Why: "Somebody asked me with `!calendar import` to compare the calendar " + l.Name + " with what is agreed here."})
	}
	for _, f := range diff.missing {
		if f.here.Start.Before(now.Add(soon)) {
			say(fmt.Sprintf("missing/%d/%d", f.here.ID, f.here.Sequence), f.sayMissing(where, now)+" Whoever looks after that calendar can add it.")
		}
	}
	for _, f := range diff.other {
		say(fmt.Sprintf("other/%d/%d/%d", f.here.ID, f.here.Sequence, f.there.Start.Unix()), f.sayOther(where, now))
	}
	for _, f := range diff.unknown {
		if f.there.Start.Before(now.Add(soon)) {
			say(fmt.Sprintf("unknown/%s/%d", f.there.UID, f.there.Start.Unix()), f.sayUnknown(where, now, when.London))
		}
	}
	return posts, nil
}

// unread says once that a listing has not been readable for a week.
func (d *desk) unread(l storage.Listing, now time.Time, err error) []bot.Post {
	if now.Sub(l.LastRead) < 7*24*time.Hour {
		return nil
	}
	return []bot.Post{{Key: fmt.Sprintf("calendar/%d/unread/%d", l.ID, l.LastRead.Unix()), Room: l.Room, Rank: bot.Reminder,
		Text: fmt.Sprintf("I have not been able to read the calendar %s for a week: %s. `!calendar forget %s` if it is gone.", bot.Plain(l.Name), bot.Plain(why(err)), bot.Code(l.Name)),
		Why:  "Somebody asked me with `!calendar import` to look at that calendar each day."}}
}
