package news

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// undoByCode is `!undo CODE`.
func (d *desk) undoByCode(ctx context.Context, c *bot.Call, code string) (bot.Reply, bool, error) {
	b, ok, err := d.db.BroadcastByCode(ctx, code)
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	if c.Person.Role < bot.Coordinator && c.Person.ID != b.AskedBy && c.Person.ID != b.Person {
		return bot.Reply{}, true, bot.Errorf("Only a coordinator, or whoever wanted it sent, can take a broadcast back.")
	}
	r, err := d.back(ctx, c, b)
	return r, true, err
}

// takeBack is `!undo` of a confirmation.
func (d *desk) takeBack(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	b, ok, err := d.broadcast(ctx, data)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	return d.back(ctx, c, b)
}

// back stops a broadcast and takes back what was said of it.
func (d *desk) back(ctx context.Context, c *bot.Call, b storage.Broadcast) (bot.Reply, error) {
	switch {
	case b.State == "undone":
		return bot.Reply{}, bot.Errorf("%s has been taken back already.", nameOf(b))
	case c.Now.After(b.UndoUntil):
		return bot.Reply{}, bot.Errorf("%s could be taken back until %s; people have read it by now. `!news correct <number> …` changes an item of a newsletter everywhere.",
			nameOf(b), b.UndoUntil.In(d.Zone).Format("15:04 on Monday 2 January"))
	}
	copies, err := d.db.Copies(ctx, b.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	posts, t, err := d.withdraw(ctx, c, b, copies)
	if err != nil {
		return bot.Reply{}, err
	}
	waiting := b.State == "waiting"
	b.State, b.Ended = "undone", c.Now
	if _, err := d.db.SaveBroadcast(ctx, b); err != nil {
		return bot.Reply{}, err
	}
	if err := d.reopen(ctx, b); err != nil {
		return bot.Reply{}, err
	}
	if !waiting {
		posts = append(posts, told(b, fmt.Sprintf("%s: taken back by %s at %s.", nameOf(b), bot.Plain(c.From.Name), c.Now.In(d.Zone).Format("15:04")), c.Now))
	}
	return bot.Reply{Text: saysBack(b, t, waiting), Posts: posts, Did: []bot.Effect{{What: "took back: " + b.Title}}}, nil
}

// gone counts what an undo does.
type gone struct{ back, never, mails, hooks int }

// withdraw gives up what was not sent, and takes back the rest. What has been
// tried may be on its way: its withdrawal goes to the same place behind it.
func (d *desk) withdraw(ctx context.Context, c *bot.Call, b storage.Broadcast, copies []storage.Copy) (posts []bot.Post, t gone, err error) {
	for _, one := range copies {
		if one.State == "given up" {
			continue
		}
		if one.State == "owed" {
			stopped, err := d.db.Forgo(ctx, one.Key, "taken back before it was sent")
			if err != nil {
				return nil, t, err
			}
			if stopped {
				t.never++
				continue
			}
		}
		switch site, _, _ := strings.Cut(one.Room.Site, "/"); site {
		case "mail":
			t.mails++
			continue
		case "webhook":
			t.hooks++ // some of these places can: it is tried
		default:
			t.back++
		}
		posts = append(posts, bot.Post{Key: one.Key + "/back", Room: one.Room, To: one.To, Kind: bot.Withdraw, Rank: rankOf(one.Room), Of: one.Key, OfID: one.ID,
			Why: "A coordinator took it back.", Made: c.Now})
	}
	return posts, t, nil
}

// rankOf is the rank with which a place was told: what changes it has to
// stay behind it.
func rankOf(room bot.Room) bot.Rank {
	if strings.HasPrefix(room.Site, "discourse/") || strings.HasPrefix(room.Site, "webhook/") {
		return bot.Reminder
	}
	return bot.Broadcast
}

func saysBack(b storage.Broadcast, t gone, waiting bool) string {
	text := fmt.Sprintf("%s is taken back", nameOf(b))
	switch {
	case waiting:
		text += " before it was sent"
	case t.back > 0 && t.never > 0:
		text += fmt.Sprintf(" from %s; %s had not got it yet and will not", places(t.back), plural(t.never, "other", "others"))
	case t.back > 0:
		text += " from " + places(t.back)
	case t.never > 0:
		text += fmt.Sprintf(": %s had not got it yet and will not", places(t.never))
	}
	text += "."
	if t.mails > 0 {
		text += fmt.Sprintf(" %s had gone out and cannot be called back.", plural(t.mails, "mail", "mails"))
	}
	if t.hooks > 0 {
		text += fmt.Sprintf(" Of %s only Discord takes it back; elsewhere somebody there has to delete it.", plural(t.hooks, "webhook", "webhooks"))
	}
	if b.Issue != 0 {
		text += " Its items are in the draft again: `!news draft`."
	}
	return text
}

// reopen makes a newsletter that was taken back a draft again.
func (d *desk) reopen(ctx context.Context, b storage.Broadcast) error {
	if b.Issue == 0 {
		return nil
	}
	issue, ok, err := d.db.Issue(ctx, b.Issue)
	if err != nil || !ok {
		return err
	}
	if err := d.db.SetNewsStates(ctx, b.Issue, storage.Used, storage.Accepted); err != nil {
		return err
	}
	issue.State = "open"
	return d.db.SaveIssue(ctx, issue)
}
