package minutes

import (
	"context"
	"fmt"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// Missing minutes are asked after twice: the note-taker (or whoever calls the
// meetings) alone after two working days, the group after five.
const (
	askTaker = 2
	askGroup = 5
)

// missing asks after minutes that nobody has handed in. It runs each morning.
func (d *desk) missing(ctx context.Context, now time.Time) ([]bot.Post, error) {
	today := when.DateOf(now.In(when.London))
	if !when.WorkingDay(today, when.EnglandWales) {
		return nil, nil
	}
	met, err := d.db.MeetingsBetween(ctx, now.AddDate(0, 0, -21), now)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	for _, m := range met {
		if m.State != storage.Booked && m.State != storage.Held || m.End.After(now) {
			continue
		}
		more, err := d.askAfter(ctx, m, today)
		if err != nil {
			return nil, err
		}
		posts = append(posts, more...)
	}
	return posts, nil
}

func (d *desk) askAfter(ctx context.Context, m storage.Meeting, today when.Date) ([]bot.Post, error) {
	private, public := workingDaysAfter(m.Day, askTaker) == today, workingDaysAfter(m.Day, askGroup) == today
	if !private && !public {
		return nil, nil
	}
	have, err := d.db.HasMinutes(ctx, m.ID, m.Group, m.Day.String())
	if err != nil || have {
		return nil, err
	}
	g, ok, err := d.db.Group(ctx, m.Group)
	if err != nil || !ok || g.State != "open" {
		return nil, err
	}
	add := fmt.Sprintf("`!minutes add %s: https://…` keeps a link, or the text itself", sayShort(m.Day))
	if public {
		places, err := d.db.Places(ctx, g.ID)
		if err != nil || len(places) == 0 {
			return nil, err
		}
		return []bot.Post{{Key: fmt.Sprintf("minutes/missing/%d/group", m.ID), Room: places[0].Room, Rank: bot.Reminder,
			Text: fmt.Sprintf("The meeting on %s has no minutes yet. If somebody has notes: %s.", when.SayDateShort(m.Day, today), add),
			Why:  "Five working days have passed since the meeting, and I have no minutes of it."}}, nil
	}
	to, ok, err := d.writer(ctx, m)
	if err != nil || !ok {
		return nil, err
	}
	return []bot.Post{{Key: fmt.Sprintf("minutes/missing/%d/taker", m.ID), Room: bot.Room{Site: to.Site}, To: to.User, Rank: bot.Reminder,
		Text: fmt.Sprintf("Are there minutes of %s, %s? Say `minutes add %s %s: https://…` with a link, or the text itself. A few lines do.", bot.Plain(g.Name), when.SayDateShort(m.Day, today), bot.Code(g.Slug), sayShort(m.Day)),
		Why:  "You took notes at that meeting or call the group's meetings, and I have no minutes of it."}}, nil
}

// writer is who is asked for minutes: the note-taker, or else the convenor.
func (d *desk) writer(ctx context.Context, m storage.Meeting) (storage.Account, bool, error) {
	person := m.NoteTaker
	if person == 0 {
		members, err := d.db.GroupMembers(ctx, m.Group)
		if err != nil {
			return storage.Account{}, false, err
		}
		if len(members) > 0 && members[0].Role == "convenor" {
			person = members[0].Person
		}
	}
	if person == 0 {
		return storage.Account{}, false, nil
	}
	all, err := d.db.Accounts(ctx, person)
	if err != nil || len(all) == 0 {
		return storage.Account{}, false, err
	}
	return all[0], true, nil
}
