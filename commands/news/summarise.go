package news

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// readThread implements the Ask of `!news summarise 31`: it has the forum
// thread behind the item's link read and summarised. Who may not change the
// item costs nothing.
func (d *desk) readThread(ctx context.Context, c *bot.Call) (any, error) {
	item, err := d.summarisable(ctx, c)
	if err != nil {
		return nil, err
	}
	text, err := d.Summarise(ctx, item.Link)
	var refusal *bot.Refusal
	switch {
	case errors.As(err, &refusal):
		return nil, err
	case err != nil:
		return nil, bot.Errorf("I cannot read that thread just now. Please try again in a few minutes.")
	case text == "":
		return nil, bot.Errorf("I found nothing in that thread to put in short. `!news edit %d text: …` takes your own words.", item.ID)
	}
	return text, nil
}

// summarisable returns the item of a call if its text may be replaced.
func (d *desk) summarisable(ctx context.Context, c *bot.Call) (storage.NewsItem, error) {
	item, rest, err := d.numbered(ctx, c, "!news summarise 31")
	if err != nil {
		return item, err
	}
	if c.Person, err = d.db.Person(ctx, c.Room.Site, c.From); err != nil {
		return item, err
	}
	if err := d.owning(ctx, c, item); err != nil {
		return item, err
	}
	if err := d.unsent(item); err != nil {
		return item, err
	}
	switch {
	case rest != "":
		return item, bot.Errorf("Only the number, please: `!news summarise %d`.", item.ID)
	case d.Summarise == nil || item.Link == "":
		return item, bot.Errorf("I can put in short what a forum thread says, and #%d leads to none. `!news edit %d link: …` gives it a link.", item.ID, item.ID)
	case item.Consent != "":
		return item, bot.Errorf("The author of #%d was asked about its very words, so I leave them.", item.ID)
	}
	return item, nil
}

// A proposal is a text that waits for a yes.
type proposal struct {
	ID   int64
	Text string
}

// summarise is `!news summarise 31`: it shows the summary and asks.
func (d *desk) summarise(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	item, err := d.summarisable(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	text, _ := c.Told.(string)
	if text == "" {
		return bot.Reply{}, bot.Errorf("I have not read the thread. Please say it again: `!news summarise %d`.", item.ID)
	}
	data, err := json.Marshal(proposal{item.ID, text})
	if err != nil {
		return bot.Reply{}, err
	}
	instead := ""
	if item.Text != "" {
		instead = ", instead of what it says now"
	}
	return bot.Reply{Text: fmt.Sprintf("#%d could say this%s. Please read the thread before you say yes:\n\n%s", item.ID, instead, bot.Plain(text)),
		Ask: &bot.Ask{Act: bot.Act{Name: "news.summary", Data: string(data)}}}, nil
}

// summarised puts a confirmed summary into its item.
func (d *desk) summarised(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var p proposal
	if err := json.Unmarshal([]byte(data), &p); err != nil {
		return bot.Reply{}, err
	}
	was, ok, err := d.db.News(ctx, p.ID)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if err := d.unsent(was); err != nil {
		return bot.Reply{}, err
	}
	now := was
	now.Text, now.ByHand = paragraphs(p.Text), true
	return d.changed(ctx, was, now, fmt.Sprintf("#%d now reads:\n\n%s", now.ID, itemText(now)), "summarised")
}
