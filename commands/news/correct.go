package news

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A correction is an item as it is to be from now on.
type correction struct {
	ID                         int64
	Section, Title, Text, Link string
	Back                       bool // it undoes one
}

// correct is `!news correct 31 …`: it shows the item as it would be, and asks.
func (d *desk) correct(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	was, rest, err := d.numbered(ctx, c, "!news correct 31 text: It starts at 15:00.")
	if err != nil {
		return bot.Reply{}, err
	}
	if was.State != storage.Used {
		return bot.Reply{}, bot.Errorf("#%d has not gone out, so `!news edit %d …` is enough.", was.ID, was.ID)
	}
	now, err := d.rewritten(was, rest)
	if err != nil {
		return bot.Reply{}, err
	}
	b, ok, err := d.db.BroadcastOf(ctx, was.Issue)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok {
		return bot.Reply{}, bot.Errorf("That newsletter was taken back, so there is nothing to correct. `!news edit %d …` changes the item.", was.ID)
	}
	copies, err := d.db.Copies(ctx, b.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	n, gone := editable(copies)
	data, _ := json.Marshal(correction{ID: now.ID, Section: now.Section, Title: now.Title, Text: now.Text, Link: now.Link}) // plain fields: cannot fail
	text := fmt.Sprintf("#%d would read, in %s%s:\n\n%s", now.ID, places(n), d.andPage(), itemText(now))
	if gone > 0 {
		text += fmt.Sprintf("\n\n%s had the old words and cannot be changed.", plural(gone, "mail or webhook has", "mails and webhooks have"))
	}
	return bot.Reply{Text: text, Ask: d.asking(bot.Act{Name: "news.correct", Data: string(data)})}, nil
}

func (d *desk) andPage() string {
	if d.BaseURL == "" {
		return ""
	}
	return " and on the web page"
}

// editable counts the places where a post can be changed, and where not.
func editable(copies []storage.Copy) (n, gone int) {
	for _, one := range copies {
		switch site, _, _ := strings.Cut(one.Room.Site, "/"); {
		case one.State == "given up":
		case site == "mail" || site == "webhook":
			gone++
		default:
			n++
		}
	}
	return n, gone
}

// corrected changes an item and every copy of the newsletter that has it.
func (d *desk) corrected(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var to correction
	if err := json.Unmarshal([]byte(data), &to); err != nil {
		return bot.Reply{}, err
	}
	was, ok, err := d.db.News(ctx, to.ID)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if was.State != storage.Used {
		return bot.Reply{}, bot.Errorf("That newsletter has been taken back meanwhile, so there is nothing to correct.")
	}
	now := was
	now.Section, now.Title, now.Text, now.Link, now.LinkKey = to.Section, to.Title, to.Text, to.Link, compared(to.Link)
	if _, err := d.db.SaveNews(ctx, now); err != nil {
		return bot.Reply{}, err
	}
	posts, n, err := d.amend(ctx, c, was.Issue)
	if err != nil {
		return bot.Reply{}, err
	}
	back, _ := json.Marshal(correction{was.ID, was.Section, was.Title, was.Text, was.Link, true}) // plain fields: cannot fail
	text := fmt.Sprintf("#%d is corrected in %s%s. `!undo` brings the old words back.", now.ID, places(n), d.andPage())
	if to.Back {
		return bot.Reply{Text: fmt.Sprintf("#%d has its old words again, in %s%s.", now.ID, places(n), d.andPage()), Posts: posts}, nil
	}
	return bot.Reply{
		Text:  text,
		Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("corrected #%d", now.ID), Undo: &bot.Act{Name: "news.correct", Data: string(back)}}},
	}, nil
}

// amend gives every copy of an issue the words that it has now.
func (d *desk) amend(ctx context.Context, c *bot.Call, issue int64) (posts []bot.Post, n int, err error) {
	b, ok, err := d.db.BroadcastOf(ctx, issue)
	if err != nil || !ok {
		return nil, 0, err
	}
	number, _, err := d.db.Issue(ctx, issue)
	if err != nil {
		return nil, 0, err
	}
	items, err := d.db.NewsOf(ctx, issue)
	if err != nil {
		return nil, 0, err
	}
	p := d.compose(number, items, storage.Used)
	b.Text = p.short()
	if _, err := d.db.SaveBroadcast(ctx, b); err != nil {
		return nil, 0, err
	}
	copies, err := d.db.Copies(ctx, b.ID)
	if err != nil {
		return nil, 0, err
	}
	parts, part := p.parts(), 0 // of the topic
	for _, one := range copies {
		site, _, _ := strings.Cut(one.Room.Site, "/")
		if one.State == "given up" || site == "mail" || site == "webhook" {
			continue
		}
		text := b.Text
		if site == "discourse" {
			if part++; strings.HasPrefix(one.Room.ID, "category/") {
				part = 0 // this one opens the next topic
			}
			text = "*This part is in the posts above.*"
			if part < len(parts) {
				text = parts[part]
			}
		}
		n++
		posts = append(posts, bot.Post{Key: one.Key + "/" + c.Code(), Room: one.Room, To: one.To, Kind: bot.Edit, Rank: rankOf(one.Room), Of: one.Key, OfID: one.ID,
			Text: text, Why: "An editor corrected the newsletter.", Made: c.Now})
	}
	return posts, n, nil
}
