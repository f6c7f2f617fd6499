package fund

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
)

// propose is `!fund propose`: a conversation with one person, who sees
// everything before anybody else does.
func (d *desk) propose(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	r, old, err := d.written(ctx, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	switch strings.ToLower(strings.TrimSpace(c.Args)) {
	case "drop", "delete", "forget", "cancel":
		if !old {
			return bot.Reply{}, bot.Errorf("You have no unfinished proposal. `!fund propose` begins one.")
		}
		return bot.Reply{Text: fmt.Sprintf("Dropped: your unfinished proposal “%s”. Nobody else has seen it.", bot.Plain(r.Title))},
			errors.Join(d.db.FundSetDraft(ctx, c.Person.ID, "", c.Time), d.db.FundUnask(ctx, c.Room.Site, c.From.ID, c.Time))
	}
	if !c.Direct {
		r.Room = c.Room
	}
	if err := d.takeAll(&r, c.Args, c); err != nil {
		return bot.Reply{}, err
	}
	reply, err := d.onward(ctx, c, r, old)
	reply.Direct = true
	if !c.Direct && err == nil {
		reply.React = "💬" // the rest is between us
	}
	return reply, err
}

// onward keeps the draft, and asks for what it does not have yet, or shows it.
func (d *desk) onward(ctx context.Context, c *bot.Call, r draft, old bool) (bot.Reply, error) {
	if err := d.keep(ctx, c.Person.ID, r, c.Time); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.FundUnask(ctx, c.Room.Site, c.From.ID, c.Time); err != nil {
		return bot.Reply{}, err
	}
	f, missing := r.missing()
	if !missing {
		text, err := d.preview(ctx, c, r)
		return bot.Reply{Text: text, Ask: &bot.Ask{Act: bot.Act{Name: "fund.open"}, For: 2 * day, Needs: bot.Member}}, err
	}
	text := f.ask
	switch {
	case c.Kind != bot.Edited && strings.TrimSpace(c.Args) == "" && old && r.Title != "":
		text = fmt.Sprintf("Your proposal “%s” is not finished; nobody else has seen it. %s", bot.Plain(r.Title), f.ask)
	case !old && r.Title == "":
		text = fmt.Sprintf("A proposal by %s, then. I ask you a few things in turn; nothing is public before you have seen it all and said yes. `!fund propose drop` drops it.\n%s", bot.Plain(c.Person.Coop), f.ask)
	}
	return bot.Reply{Text: text, Ask: &bot.Ask{Act: bot.Act{Name: "fund.answer"}, Words: true, For: 7 * day, Needs: bot.Member}}, nil
}

// answered takes the answer to one of the questions.
func (d *desk) answered(ctx context.Context, c *bot.Call, _ string) (bot.Reply, error) {
	r, old, err := d.written(ctx, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if !old {
		return bot.Reply{}, bot.Errorf("I no longer have that proposal. `!fund propose` begins one.")
	}
	f, missing := r.missing() // which may not be what was asked first: what was said since counts
	if !missing {
		return d.onward(ctx, c, r, old)
	}
	var no *bot.Refusal
	err = d.take(&r, f, c.Args, c)
	switch {
	case errors.As(err, &no):
		return bot.Reply{Text: no.Text + "\n" + f.ask, Ask: &bot.Ask{Act: bot.Act{Name: "fund.answer"}, Words: true, For: 7 * day, Needs: bot.Member}}, nil
	case err != nil:
		return bot.Reply{}, err
	}
	reply, err := d.onward(ctx, c, r, old)
	reply.Did = []bot.Effect{{What: "wrote down “" + f.name + "” of a proposal",
		Fixed: fmt.Sprintf("I keep what you said first. `!fund propose %s …` changes that part, and we go on from there.", f.name)}}
	return reply, err
}

// open is the yes to a preview: the proposal becomes public.
func (d *desk) open(ctx context.Context, c *bot.Call, _ string) (bot.Reply, error) {
	r, old, err := d.written(ctx, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, missing := r.missing(); !old || missing {
		return bot.Reply{}, bot.Errorf("That proposal is no longer complete. `!fund propose` goes on with it.")
	}
	if c.Person.CoopID == 0 {
		return bot.Reply{}, bot.Errorf("You no longer act for a co-op. `!iam <co-op>` says which.")
	}
	p := r.proposal(d, c)
	if d.Announce.ID != "" {
		p.Room = d.Announce
	}
	if !p.Deadline.After(c.Received().Add(time.Hour)) {
		return bot.Reply{}, bot.Errorf("Its deadline, %s, is too near now. `!fund propose by in 3 weeks` sets another.", sayUntil(p.Deadline, c.Zone))
	}
	p, again, err := d.db.FundOpen(ctx, act(c, "open", 0), p)
	if err != nil {
		return d.refused(ctx, c, err, nil)
	}
	if err := d.db.FundSetDraft(ctx, c.Person.ID, "", c.Time); err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("%s is open until %s.", name(p), sayUntil(p.Deadline, c.Zone))
	if p.Room.ID == "" && !d.ownTopic(p) {
		text += fmt.Sprintf(" I know no room to announce it in; please tell people of `!fund %d`.", p.ID)
	} else {
		text += " I have announced it, and keep the announcement up to date."
	}
	switch {
	case d.ownTopic(p):
		text += " I open a topic for it on the forum."
	case p.Details.Link == "" && !strings.HasPrefix(p.Room.ID, inCategory):
		text += fmt.Sprintf(" When there is a topic to talk about it: `!fund link %d https://…`.", p.ID)
	}
	reply := bot.Reply{Text: text}
	if again {
		return reply, nil
	}
	reply.Did = []bot.Effect{{What: fmt.Sprintf("%s proposed #%d %s", p.OwnerName, p.ID, p.Title),
		Fixed: fmt.Sprintf("Others have seen #%d, so it stays. `!fund cancel %d` calls it off.", p.ID, p.ID)}}
	reply.Posts = d.announced(p, c.Received(), c.Zone)
	return reply, d.schedule(ctx, p, c.Received(), c.Zone)
}

// readDeadline reads the moment at which something ends. A day alone means
// its end. It is at least a day off, and at most a year.
func readDeadline(text string, now time.Time, zone *time.Location) (time.Time, error) {
	said := strings.TrimSpace(text)
	for _, word := range []string{"until ", "till ", "to ", "on "} {
		if len(said) > len(word) && strings.EqualFold(said[:len(word)], word) {
			said = said[len(word):]
		}
	}
	at, ok := moment(when.Read(said, when.Options{Now: now, Zone: zone}), zone)
	if !ok {
		return time.Time{}, bot.Errorf("I cannot tell when that is. Try a day, as in `31 January` or `in 3 weeks`, with a time if you like: `Friday 30 Jan 17:00`.")
	}
	switch {
	case at.Before(now.Add(day)):
		return time.Time{}, bot.Errorf("%s is too soon: please leave people a day at least.", sayUntil(at, zone))
	case at.After(now.Add(366 * day)):
		return time.Time{}, bot.Errorf("%s is more than a year off. Please choose an earlier day.", sayUntil(at, zone))
	}
	return at.UTC(), nil
}

// moment is the end of what a reading of a time names.
func moment(r when.Reading, zone *time.Location) (time.Time, bool) {
	switch {
	case r.Rest != "":
		return time.Time{}, false
	case r.Kind == when.Instant:
		return r.Start, true
	case r.Kind == when.OneDate:
		return when.At(r.Date, when.HM(23, 59), zone), true
	case r.Kind == when.Deadline && !r.By.At.IsZero():
		return r.By.At, true
	case r.Kind == when.Deadline && !r.By.Date.IsZero():
		return when.At(r.By.Date, when.HM(23, 59), zone), true
	}
	return time.Time{}, false
}
