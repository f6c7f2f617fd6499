package feed

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

const (
	late   = 2 * time.Hour // so long after it was written, a line says when that was
	screen = 12            // lines of a digest that are shown
)

// text is what a post says that tells lines. It depends on nothing else, so
// that it can be made again when a topic changes.
func (d *desk) text(lines []storage.FeedLine) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return d.line(lines[0])
	}
	topics, replies := 0, 0
	for _, l := range lines {
		if l.Number == 1 {
			topics++
		} else {
			replies++
		}
	}
	var t strings.Builder
	fmt.Fprintf(&t, "**On the forum**: %s", counted(topics, replies))
	if first := lines[0]; first.Due.Sub(first.At) > late {
		t.WriteString(" since " + d.moment(first))
	}
	for _, l := range lines[:min(len(lines), screen)] {
		t.WriteString("\n- " + d.item(l))
	}
	if more := len(lines) - screen; more > 0 {
		fmt.Fprintf(&t, "\n%d more are on the forum.", more)
	}
	return t.String()
}

func counted(topics, replies int) string {
	var parts []string
	if topics > 0 {
		parts = append(parts, plural(topics, "new topic", "new topics"))
	}
	if replies > 0 {
		parts = append(parts, plural(replies, "reply", "replies"))
	}
	return strings.Join(parts, " and ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// line is a line that stands alone.
func (d *desk) line(l storage.FeedLine) string {
	text := d.item(l)
	if l.Number == 1 {
		text = "New on the forum: " + text
	}
	if l.Due.Sub(l.At) > late {
		text += " · " + d.moment(l)
	}
	return text
}

// item is a topic or a reply, with a link.
func (d *desk) item(l storage.FeedLine) string {
	by := bot.Plain(bot.Clip(cmp.Or(l.Author.Name, l.Author.ID, "somebody"), 60))
	text := fmt.Sprintf("%s by %s", link(l.Title, l.URL), by)
	if l.Number > 1 {
		text = fmt.Sprintf("%s replied in %s", by, link(l.Title, l.URL))
	}
	if l.Label != "" {
		text += " · " + bot.Plain(l.Label)
	}
	return text
}

func (d *desk) moment(l storage.FeedLine) string {
	return l.At.In(d.Zone).Format("Mon 2 Jan 15:04")
}

// link is a title that leads somewhere, whatever is in either.
func link(title, url string) string {
	title = bot.Plain(bot.Clip(oneLine(title), 120))
	if title == "" {
		title = "a topic"
	}
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || strings.ContainsAny(url, " \t\r\n<>\"\\`") {
		return "**" + title + "**"
	}
	url = strings.NewReplacer("(", "%28", ")", "%29").Replace(url)
	return "[" + title + "](" + url + ")"
}
