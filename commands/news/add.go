package news

import (
	"context"
	"fmt"
	"strconv"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// add is `!news add …`.
func (d *desk) add(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, err := d.readPiece(c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if p.title == "" && p.link != "" {
		return bot.Reply{}, bot.Errorf("What is it about? Put a few words before the link, as in `!news add \"We won a bid\" %s`.", bot.Code(bot.Clip(p.link, 60)))
	}
	if p.title == "" {
		return bot.Reply{}, bot.Errorf("What is the news? Try `!news add \"We won a bid with Autonomic\" https://…`: a title, a few words, a link.")
	}
	issue, late, err := d.taking(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if old, ok, err := d.double(ctx, c, p); err != nil || ok {
		return d.merge(ctx, old, p, err)
	}
	item, err := d.enter(ctx, c, issue, p)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: d.thanks(item, issue, late, p.section == ""),
		Did:  []bot.Effect{{What: fmt.Sprintf("sent in #%d for the newsletter", item.ID), Undo: &bot.Act{Name: "news.drop", Data: strconv.FormatInt(item.ID, 10)}}},
	}, nil
}

// enter writes an item that somebody sends in. An editor's own goes in at once.
func (d *desk) enter(ctx context.Context, c *bot.Call, issue storage.NewsIssue, p piece) (storage.NewsItem, error) {
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return storage.NewsItem{}, err
	}
	editor, err := d.mayEdit(ctx, c)
	if err != nil {
		return storage.NewsItem{}, err
	}
	item := storage.NewsItem{Issue: issue.ID, Section: p.section, State: storage.Suggested, Title: p.title, Text: p.text, Link: p.link,
		LinkKey: compared(p.link), Origin: "person", Ref: sentWith(c), Person: person, FromSite: c.Room.Site, FromUser: c.From.ID, Made: c.Time}
	if item.Section == "" {
		item.Section = d.guess(p)
	}
	old, again, err := d.db.NewsAbout(ctx, item.Ref)
	if err != nil {
		return item, err
	}
	if again { // its message was edited: it keeps its number
		item.ID, item.Made = old.ID, old.Made
	}
	if editor {
		item.State = storage.Accepted
	}
	item.ID, err = d.db.SaveNews(ctx, item)
	return item, err
}

// sentWith names the message that sent an item in.
func sentWith(c *bot.Call) string {
	if c.Kind == bot.Edited {
		return "sent/" + c.Room.Site + "/" + c.Of
	}
	return "sent/" + c.Room.Site + "/" + c.ID
}

func (d *desk) thanks(item storage.NewsItem, issue storage.NewsIssue, late, guessed bool) string {
	where := bot.Plain(item.Section)
	if guessed {
		where += ", as I guess; `!news move " + strconv.FormatInt(item.ID, 10) + " <section>` puts it elsewhere"
	}
	state := "The editors see it next."
	if item.State == storage.Accepted {
		state = "It is in."
	}
	text := fmt.Sprintf("Thank you: **%s** is #%d in the %s newsletter (%s). %s", bot.Plain(item.Title), item.ID, monthName(issue), where, state)
	if late {
		return text + " The deadline for the one before has passed, so it waits for this one."
	}
	return text + " Deadline: " + when.Say(issue.Deadline, d.Zone) + "."
}

// double finds an item that tells the same: with the same link, or nearly
// the same title.
func (d *desk) double(ctx context.Context, c *bot.Call, p piece) (storage.NewsItem, bool, error) {
	recent, err := d.db.NewsSince(ctx, c.Time.AddDate(0, 0, -60))
	if err != nil {
		return storage.NewsItem{}, false, err
	}
	for _, i := range recent {
		if i.LinkKey != "" && i.LinkKey == compared(p.link) || alike(i.Title, p.title) && (i.LinkKey == "" || p.link == "" || i.LinkKey == compared(p.link)) {
			return i, true, nil
		}
	}
	return storage.NewsItem{}, false, nil
}

// merge adds to an item what a second telling of it has more.
func (d *desk) merge(ctx context.Context, old storage.NewsItem, p piece, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	if old.State == storage.Used {
		return bot.Reply{Text: fmt.Sprintf("That was in the newsletter already, as #%d: **%s**. If there is more to tell, give it a title of its own.", old.ID, bot.Plain(old.Title))}, nil
	}
	now, added := old, ""
	if old.Text == "" && p.text != "" {
		now.Text, added = p.text, "your text"
	}
	if old.Link == "" && p.link != "" {
		now.Link, now.LinkKey = p.link, compared(p.link)
		if added != "" {
			added += " and "
		}
		added += "your link"
	}
	if added == "" {
		return bot.Reply{Text: fmt.Sprintf("I have that already, as #%d: **%s**. `!news %d` shows it.", old.ID, bot.Plain(old.Title), old.ID)}, nil
	}
	if _, err := d.db.SaveNews(ctx, now); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("I have that already, as #%d: **%s**. I have added %s to it.", old.ID, bot.Plain(old.Title), added),
		Did:  []bot.Effect{{What: fmt.Sprintf("added to #%d", old.ID), Undo: itemAct(old)}},
	}, nil
}

// takenBack is why an item is rejected that was never to be.
const takenBack = "taken back"

// undoAdd takes back what somebody sent in. The number stays theirs, in case
// they only edit their message.
func (d *desk) undoAdd(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	item, ok, err := d.db.News(ctx, id)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if err := d.unsent(item); err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("#%d is no longer in the queue: %s.", id, bot.Plain(item.Title))
	item.State, item.Why, item.Title, item.Text, item.Link, item.LinkKey = storage.Rejected, takenBack, "(taken back)", "", "", ""
	_, err = d.db.SaveNews(ctx, item)
	return bot.Reply{Text: text}, err
}
