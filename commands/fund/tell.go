package fund

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

// The promises of this feature.
const (
	endKind  = "fund.end"  // ref "7": the deadline
	nearKind = "fund.near" // ref "7/48": so many hours before it
	halfKind = "fund.half" // ref "7": half way, put off to a better hour
)

// near are the hours before a deadline at which it is announced.
var near = []int{48, 4}

// quiet reports whether nothing unasked is said at a time: at night, on
// weekends and bank holidays, and around the new year.
func quiet(t time.Time, zone *time.Location) bool {
	l := t.In(zone)
	d := when.DateOf(l)
	return l.Hour() < 8 || l.Hour() >= 20 || !when.WorkingDay(d, when.EnglandWales) ||
		l.Month() == time.December && l.Day() >= 24 || l.Month() == time.January && l.Day() <= 2
}

// open is the first moment from t on at which something unasked may be said.
func open(t time.Time, zone *time.Location) time.Time {
	for quiet(t, zone) {
		d := when.DateOf(t.In(zone))
		if t.In(zone).Hour() >= 8 {
			d = d.AddDays(1)
		}
		t = when.At(d, when.HM(8, 0), zone)
	}
	return t
}

// before is the last good moment at or before t: an announcement of a
// deadline is early rather than late.
func before(t time.Time, zone *time.Location) time.Time {
	for quiet(t, zone) {
		d := when.DateOf(t.In(zone))
		if t.In(zone).Hour() < 17 {
			d = d.AddDays(-1)
		}
		t = when.At(d, when.HM(17, 0), zone)
		if !quiet(t, zone) {
			break
		}
		t = when.At(d, when.HM(16, 0), zone)
	}
	return t
}

// schedule promises what is to be said about a proposal, and its end.
func (d *desk) schedule(ctx context.Context, p storage.FundProposal, now time.Time, zone *time.Location) error {
	ref := strconv.FormatInt(p.ID, 10)
	if p.State != storage.FundOpen || p.Stopped > 0 {
		return d.release(ctx, p.ID)
	}
	if err := d.db.Promise(ctx, endKind, ref, p.Deadline); err != nil {
		return err
	}
	last := now
	for _, hours := range near {
		at := before(p.Deadline.Add(-time.Duration(hours)*time.Hour), zone)
		ref := fmt.Sprintf("%d/%d", p.ID, hours)
		if !at.After(last.Add(12*time.Hour)) && (last != now || !at.After(now)) {
			if err := d.db.Release(ctx, nearKind, ref); err != nil { // it has just been said, or would be at once
				return err
			}
			continue
		}
		if err := d.db.Promise(ctx, nearKind, ref, at); err != nil {
			return err
		}
		last = at
	}
	return nil
}

// release takes all promises about a proposal back.
func (d *desk) release(ctx context.Context, id int64) error {
	ref := strconv.FormatInt(id, 10)
	for _, hours := range near {
		if err := d.db.Release(ctx, nearKind, fmt.Sprintf("%s/%d", ref, hours)); err != nil {
			return err
		}
	}
	if err := d.db.Release(ctx, halfKind, ref); err != nil {
		return err
	}
	return d.db.Release(ctx, endKind, ref)
}

// decideDue ends the proposals whose time is up, and returns what is to be
// said about them. Whoever comes first does it: the promise at the deadline,
// or somebody who asks.
func (d *desk) decideDue(ctx context.Context, now time.Time, zone *time.Location) ([]bot.Post, error) {
	due, err := d.db.FundDue(ctx, now)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	for _, p := range due {
		p, again, err := d.db.FundDecide(ctx, p, now)
		if errors.Is(err, storage.ErrFundStopped) {
			return posts, nil // it is decided when somebody has looked at the ledger
		}
		if err != nil || again {
			return posts, err
		}
		if err := d.release(ctx, p.ID); err != nil {
			return nil, err
		}
		more, err := d.tellDecided(ctx, p, now, zone)
		if err != nil {
			return nil, err
		}
		posts = append(posts, more...)
	}
	return posts, nil
}

// tellDecided announces how a proposal ended.
func (d *desk) tellDecided(ctx context.Context, p storage.FundProposal, now time.Time, zone *time.Location) ([]bot.Post, error) {
	posts, err := d.update(ctx, p, now, zone)
	if err != nil || len(posts) == 0 {
		return posts, err
	}
	text, err := d.decided(ctx, p)
	if err != nil {
		return nil, err
	}
	if now.Sub(p.Ended) > 10*time.Minute {
		text += "\n(late: I was away at " + p.Ended.In(zone).Format("15:04 on Mon 2 Jan") + ")"
	}
	more, err := d.sayTo(ctx, p, bot.Room{}, bot.Post{Key: fmt.Sprintf("decided/%d", p.Ended.Unix()), Text: text, Why: "The time of this proposal was up."})
	return append(posts, more...), err
}

// decided says how a proposal ended, and which duties follow.
func (d *desk) decided(ctx context.Context, p storage.FundProposal) (string, error) {
	switch {
	case p.Kind == storage.FundSpend && p.State == storage.FundSucceeded:
		return fmt.Sprintf("%s is **approved**: nobody's objection stands. The treasurer pays %s%s from the common fund; then `!fund paid %d`.",
			name(p), sum(p, p.Target), payTo(p), p.ID), nil
	case p.State == storage.FundSucceeded:
		duties, err := d.duties(ctx, p)
		return fmt.Sprintf("%s has **succeeded**: %s pledged by %s.\n%s", name(p), sum(p, p.Pledged), power(p), duties), err
	case p.State == storage.FundFailed && p.Kind == storage.FundPledges:
		return fmt.Sprintf("%s did not reach %s: %s had been pledged. Nobody pays anything, and every pledge is free again. Thank you to all who pledged.", name(p), sum(p, p.Minimum), sum(p, p.Reached)), nil
	}
	return fmt.Sprintf("%s: it %s.", name(p), state(p)), nil
}

func payTo(p storage.FundProposal) string {
	if p.Details.Payee == "" {
		return ""
	}
	return " to " + bot.Plain(p.Details.Payee)
}

// tellEnd keeps the promise of a deadline.
func (d *desk) tellEnd(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	posts, err := d.decideDue(ctx, now, d.Zone)
	if trouble, _, lookErr := d.db.FundTrouble(ctx); trouble != "" || lookErr != nil {
		return posts, now.Add(time.Hour), errors.Join(err, lookErr)
	}
	return posts, time.Time{}, err
}

// tellNear says that a deadline is near: in the room, and to those who asked.
func (d *desk) tellNear(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	ref, hours, _ := strings.Cut(due.Ref, "/")
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	p, err := d.db.FundProposal(ctx, id)
	if err != nil || p.State != storage.FundOpen || p.Stopped > 0 || p.Due(now) {
		return nil, time.Time{}, err
	}
	text := fmt.Sprintf("%s: %s left, until %s. %s", name(p), sayLeft(p.Deadline.Sub(now)), sayUntil(p.Deadline, d.Zone), nextStep(p))
	key := fmt.Sprintf("near/%s/%d", hours, p.Deadline.Unix())
	posts, err := d.sayTo(ctx, p, bot.Room{}, bot.Post{Key: key, Text: text, Why: "A proposal to the fund ends soon."})
	if err != nil {
		return nil, time.Time{}, err
	}
	asked, err := d.db.FundReminders(ctx, p.ID)
	for _, r := range asked {
		posts = append(posts, bot.Post{Key: fmt.Sprintf("%s/%s/%d", cardKey(p), key, r.Person), Room: bot.Room{Site: r.Site}, To: r.User, Loud: true, Rank: bot.Reminder,
			Text: text, Why: "You asked me to remind you with `!fund remind`."})
	}
	return posts, time.Time{}, err
}

// nextStep says how far an open proposal is, and what one can do.
func nextStep(p storage.FundProposal) string {
	switch {
	case p.Kind == storage.FundSpend:
		return fmt.Sprintf("%s is approved unless somebody objects: `!fund veto %d because …`.", sum(p, p.Target), p.ID)
	case p.Left() == 0:
		return fmt.Sprintf("%s. `!fund %d` has the rest.", progress(p), p.ID)
	}
	return fmt.Sprintf("%s. `!fund pledge %d £…` adds to it.", progress(p), p.ID)
}

// tellHalf says that a proposal is half way, at a better hour than it got there.
func (d *desk) tellHalf(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	p, err := d.db.FundProposal(ctx, id)
	if err != nil || p.State != storage.FundOpen || p.Due(now) || 2*p.Pledged < p.Target {
		return nil, time.Time{}, err
	}
	posts, err := d.sayTo(ctx, p, bot.Room{}, halfWay(p))
	return posts, time.Time{}, err
}

func halfWay(p storage.FundProposal) bot.Post {
	return bot.Post{Key: fmt.Sprintf("half/%d", p.Target),
		Text: fmt.Sprintf("%s is past half way: %s, from %s. %s", name(p), progress(p), power(p), "`!fund "+strconv.FormatInt(p.ID, 10)+"` says what it is."),
		Why:  "A proposal to the fund got half way."}
}
