package news

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// changeable is numbered for commands that change an item: the person may, and
// it has not gone out.
func (d *desk) changeable(ctx context.Context, c *bot.Call, example string) (item storage.NewsItem, rest string, err error) {
	item, rest, err = d.numbered(ctx, c, example)
	if err != nil {
		return item, rest, err
	}
	if err := d.owning(ctx, c, item); err != nil {
		return item, rest, err
	}
	return item, rest, d.unsent(item)
}

// edit is `!news edit 31 …`.
func (d *desk) edit(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	was, rest, err := d.changeable(ctx, c, "!news edit 31 text: We start in May.")
	if err != nil {
		return bot.Reply{}, err
	}
	now, err := d.rewritten(was, rest)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.changed(ctx, was, now, fmt.Sprintf("#%d, under %s, now reads:\n\n%s", now.ID, bot.Plain(now.Section), itemText(now)), "changed")
}

// rewritten applies "title: …", "text: …", "link: …", or a whole new item.
func (d *desk) rewritten(i storage.NewsItem, words string) (storage.NewsItem, error) {
	if words == "" {
		return i, bot.Errorf("What should #%d say? Try `!news edit %d title: …`, `text: …` or `link: …`, or the whole item anew.", i.ID, i.ID)
	}
	i.ByHand = true
	field, value, _ := strings.Cut(words, ":")
	value = strings.TrimSpace(value)
	switch strings.ToLower(strings.TrimSpace(field)) {
	case "title":
		if line(value) == "" {
			return i, bot.Errorf("A title needs a few words.")
		}
		i.Title = clipTitle(line(value))
	case "text":
		text, link := value, ""
		if i.Link == "" {
			text, link = cutLink(value)
		}
		if i.Text = paragraphs(text); utf8.RuneCountInString(i.Text) > maxText {
			return i, bot.Errorf("That text has %s letters, and an item has at most %d. Please send me the short of it.", thousands(utf8.RuneCountInString(i.Text)), maxText)
		}
		if link != "" {
			i.Link, i.LinkKey = link, compared(link)
		}
	case "link":
		link, ok := readLink(value)
		if !ok && value != "none" {
			return i, bot.Errorf("That is no web address that I can use. It begins with `https://`; `link: none` takes the link away.")
		}
		i.Link, i.LinkKey = link, compared(link)
	case "section":
		return d.sectioned(i, value)
	default:
		p, err := d.readPiece(words)
		if err != nil {
			return i, err
		}
		if p.title == "" {
			return i, bot.Errorf("It needs a title: a few words before the link.")
		}
		i.Title, i.Text = p.title, p.text
		if p.link != "" {
			i.Link, i.LinkKey = p.link, compared(p.link)
		}
		if p.section != "" {
			i.Section = p.section
		}
	}
	return i, nil
}

func (d *desk) sectioned(i storage.NewsItem, name string) (storage.NewsItem, error) {
	section, ok := d.section(name)
	if !ok {
		return i, bot.Errorf("There is no section called %q. There are: %s.", bot.Plain(bot.Clip(line(name), 40)), bot.Plain(strings.Join(d.Sections, ", ")))
	}
	i.Section = section
	return i, nil
}

// move is `!news move 31 dates`, `!news move 31 next` and `… this`.
func (d *desk) move(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	was, rest, err := d.changeable(ctx, c, "!news move 31 dates")
	if err != nil {
		return bot.Reply{}, err
	}
	where := strings.TrimSpace(strings.TrimPrefix(strings.ToLower(rest), "to "))
	switch where {
	case "":
		return bot.Reply{}, bot.Errorf("Where to? `!news move %d dates` for a section, `!news move %d next` for the next newsletter, `this` for the one that is being made.", was.ID, was.ID)
	case "next", "next issue", "this", "this issue", "now":
		return d.moveIssue(ctx, c, was, strings.HasPrefix(where, "next"))
	}
	now, err := d.sectioned(was, where)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.changed(ctx, was, now, fmt.Sprintf("#%d is under %s now: %s", now.ID, bot.Plain(now.Section), bot.Plain(now.Title)), "moved")
}

func (d *desk) moveIssue(ctx context.Context, c *bot.Call, was storage.NewsItem, later bool) (bot.Reply, error) {
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	issue, err := d.current(ctx, c.Now)
	if err == nil && later {
		issue, err = d.next(ctx, issue, c.Now)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	now := was
	now.Issue = issue.ID
	return d.changed(ctx, was, now, fmt.Sprintf("#%d is in the %s newsletter now: %s", now.ID, monthName(issue), bot.Plain(now.Title)), "moved")
}

// accept is `!news accept 31`.
func (d *desk) accept(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if numbers := strings.FieldsFunc(c.Args, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' }); len(numbers) > 1 {
		return d.acceptAll(ctx, c, numbers)
	}
	was, _, err := d.numbered(ctx, c, "!news accept 31")
	if err != nil {
		return bot.Reply{}, err
	}
	return d.setState(ctx, c, was, storage.Accepted, "")
}

// acceptAll accepts several items at once.
func (d *desk) acceptAll(ctx context.Context, c *bot.Call, numbers []string) (bot.Reply, error) {
	var all bot.Reply
	for _, n := range numbers[:min(len(numbers), 50)] {
		one := *c
		one.Args = n
		was, _, err := d.numbered(ctx, &one, "!news accept 31 32")
		if err != nil {
			return bot.Reply{}, err
		}
		r, err := d.setState(ctx, c, was, storage.Accepted, "")
		if err != nil {
			return bot.Reply{}, err
		}
		all.Text += r.Text + "\n"
		all.Did = append(all.Did, r.Did...)
	}
	all.Text = strings.TrimSpace(all.Text)
	return all, nil
}

// hold is `!news hold 31`.
func (d *desk) hold(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	was, why, err := d.numbered(ctx, c, "!news hold 31 until the grant is signed")
	if err != nil {
		return bot.Reply{}, err
	}
	return d.setState(ctx, c, was, storage.OnHold, why)
}

// reject is `!news drop 31`. Whoever sent an item in may take it back.
func (d *desk) reject(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	was, why, err := d.numbered(ctx, c, "!news drop 31 was in last month")
	if err != nil {
		return bot.Reply{}, err
	}
	if was.Person != 0 && was.Person == c.Person.ID && was.State != storage.Used {
		now := was
		now.State, now.Why = storage.Rejected, "taken back by its sender"
		return d.changed(ctx, was, now, fmt.Sprintf("#%d is dropped: %s", now.ID, bot.Plain(now.Title)), "dropped")
	}
	return d.setState(ctx, c, was, storage.Rejected, why)
}

func (d *desk) setState(ctx context.Context, c *bot.Call, was storage.NewsItem, state, why string) (bot.Reply, error) {
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	if err := d.unsent(was); err != nil {
		return bot.Reply{}, err
	}
	if state == storage.Accepted && (was.Consent == "asked" || was.Consent == "no") {
		return bot.Reply{}, bot.Errorf("#%d is in somebody's own words, and they have not said yes to it. It goes in when they do.", was.ID)
	}
	if was.State == state && why == "" {
		return bot.Reply{Text: fmt.Sprintf("#%d is %s already: %s", was.ID, state, bot.Plain(was.Title))}, nil
	}
	now := was
	now.State, now.Why = state, bot.Clip(line(why), 200)
	r, err := d.changed(ctx, was, now, fmt.Sprintf("#%d is %s: %s", now.ID, stateWords(now), bot.Plain(now.Title)), state)
	if err == nil && state != was.State && state != storage.Suggested {
		r.Posts = d.tellSender(c, now)
	}
	return r, err
}

// tellSender tells whoever sent an item in what became of it, if it is held
// or dropped for a reason.
func (d *desk) tellSender(c *bot.Call, i storage.NewsItem) []bot.Post {
	if i.FromUser == "" || i.Why == "" || i.Person == c.Person.ID {
		return nil
	}
	return []bot.Post{{Key: fmt.Sprintf("%s/sender/%d", c.Key(0), i.ID), Room: bot.Room{Site: i.FromSite}, To: i.FromUser,
		Text: fmt.Sprintf("Your item #%d for the newsletter, **%s**, is %s. `!news edit %d …` changes it.", i.ID, bot.Plain(i.Title), stateWords(i), i.ID),
		Why:  "You sent it in."}}
}
