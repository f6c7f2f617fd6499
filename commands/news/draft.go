package news

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// draft is `!news draft`, and with a word the draft as a file.
func (d *desk) draft(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	issue, items, err := d.making(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	p := d.compose(issue, items, storage.Accepted)
	switch strings.ToLower(strings.TrimSpace(c.Args)) {
	case "":
	case "markdown", "md", "text":
		return bot.Reply{Text: "The " + monthName(issue) + " newsletter as Markdown, as it stands.", File: p.markdownFile(p.markdown())}, nil
	case "html", "civicrm", "mail":
		f, err := p.htmlFile()
		return bot.Reply{Text: "The " + monthName(issue) + " newsletter as HTML, for a mailing in CiviCRM: paste it into the source of the message.", File: f}, err
	default:
		return bot.Reply{}, bot.Errorf("`!news draft` shows it here, `!news draft markdown` and `!news draft html` give you a file.")
	}
	text := d.summary(p, items, c)
	if p.items == 0 {
		return bot.Reply{Text: text}, nil
	}
	body := p.markdown()
	if len(text)+len(body) <= maxRoom {
		return bot.Reply{Text: text + "\n\n---\n\n" + body}, nil
	}
	return bot.Reply{Text: text, File: p.markdownFile(body)}, nil
}

// making returns the newsletter that is being made, with its items; the dates
// in it are those of the calendar as it stands.
func (d *desk) making(ctx context.Context, c *bot.Call) (storage.NewsIssue, []storage.NewsItem, error) {
	issue, err := d.current(ctx, c.Now)
	if err != nil {
		return issue, nil, err
	}
	dates := look{desk: d, issue: issue, now: c.Now}
	if err := dates.meetings(ctx); err != nil {
		return issue, nil, err
	}
	items, err := d.db.NewsOf(ctx, issue.ID)
	if err != nil {
		return issue, nil, err
	}
	return issue, items, d.refused(ctx, items)
}

// summary is the draft in a few lines: its length and its gaps.
func (d *desk) summary(p paper, items []storage.NewsItem, c *bot.Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s draft**: %s", monthName(p.issue), plural(p.items, "item", "items"))
	bare, waiting := 0, 0
	for _, i := range items {
		switch {
		case i.State == storage.Accepted && i.Text == "" && i.Origin == "person" && !strings.Contains(folded(i.Section), "date"):
			bare++
		case i.State == storage.Suggested:
			waiting++
		}
	}
	if bare > 0 {
		fmt.Fprintf(&b, " (%s text)", plural(bare, "needs", "need"))
	}
	if p.items > 0 {
		fmt.Fprintf(&b, ", %s, about %s to read", plural(p.words, "word", "words"), when.SayMinutes(max(1, (p.words+199)/200)))
	}
	var counts []string
	for _, s := range d.allSections(items) {
		n := 0
		for _, have := range p.sections {
			if have.name == s {
				n = len(have.items)
			}
		}
		counts = append(counts, fmt.Sprintf("%s %d", bot.Plain(s), n))
	}
	fmt.Fprintf(&b, ".\nSections: %s.\n", strings.Join(counts, " · "))
	if waiting > 0 {
		fmt.Fprintf(&b, "Not in it yet: %s; `!news` lists them.\n", plural(waiting, "suggestion", "suggestions"))
	}
	if c.Now.Before(p.issue.Deadline) {
		fmt.Fprintf(&b, "Deadline: %s.", when.Say(p.issue.Deadline, d.Zone))
	} else {
		b.WriteString("The deadline has passed: `!news publish` shows what goes where, and asks.")
	}
	return b.String()
}

func (p paper) markdownFile(body string) *bot.File {
	return &bot.File{Name: "newsletter-" + p.issue.Month + ".md", MIME: "text/markdown; charset=utf-8", Alt: p.title + " as Markdown",
		Data: []byte("# " + bot.Plain(p.title) + "\n\n" + body + "\n")}
}
