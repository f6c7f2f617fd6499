package news

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A paper is a newsletter put together.
type paper struct {
	issue    storage.NewsIssue
	title    string
	sections []section
	items    int
	words    int
	base     string // of the web pages, "" if there are none
	url      string // of its page
}

type section struct {
	name  string
	items []storage.NewsItem
}

// compose puts the items of an issue together that have a state.
func (d *desk) compose(issue storage.NewsIssue, items []storage.NewsItem, state string) paper {
	p := paper{issue: issue, title: d.titleOf(issue), words: len(strings.Fields(issue.Intro))}
	if d.BaseURL != "" {
		p.base = d.BaseURL
		p.url = d.BaseURL + "/newsletter/" + issue.Month
	}
	by := map[string][]storage.NewsItem{}
	for _, i := range items {
		if i.State == state {
			by[i.Section] = append(by[i.Section], i)
			p.items++
			p.words += len(strings.Fields(i.Title)) + len(strings.Fields(i.Text))
		}
	}
	for _, name := range d.allSections(items) {
		if len(by[name]) > 0 {
			p.sections = append(p.sections, section{name, by[name]})
		}
	}
	return p
}

// markdown is the whole newsletter without its title.
func (p paper) markdown() string {
	var b strings.Builder
	if p.issue.Intro != "" {
		b.WriteString(safeText(p.issue.Intro) + "\n\n")
	}
	for _, s := range p.sections {
		fmt.Fprintf(&b, "## %s\n\n", bot.Plain(s.name))
		for n, i := range s.items {
			b.WriteString(itemText(i))
			b.WriteByte('\n')
			if bullet(i) && n+1 < len(s.items) && bullet(s.items[n+1]) {
				continue
			}
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}

// bullet reports whether an item is a line in a list: it has no text.
func bullet(i storage.NewsItem) bool { return i.Text == "" }

// itemText is one item as it stands in the newsletter.
func itemText(i storage.NewsItem) string {
	if bullet(i) {
		if i.Link == "" {
			return "- " + bot.Plain(i.Title)
		}
		return fmt.Sprintf("- %s: <%s>", bot.Plain(i.Title), i.Link)
	}
	text := fmt.Sprintf("**%s**\n%s", bot.Plain(i.Title), safeText(i.Text))
	if i.Link != "" {
		text += "\nMore: <" + i.Link + ">"
	}
	return text
}

// safeText shows plain text in Markdown as it was typed, with web addresses
// as links.
func safeText(s string) string {
	var b strings.Builder
	for n, l := range strings.Split(s, "\n") {
		if n > 0 {
			b.WriteByte('\n')
		}
		for {
			at := webAddress.FindStringIndex(l)
			if at == nil {
				b.WriteString(safeLine(l, b.Len() == 0 || n > 0))
				break
			}
			link := strings.TrimRight(l[at[0]:at[1]], ".,;:!?)]")
			b.WriteString(safeLine(l[:at[0]], true))
			if url, ok := readLink(link); ok {
				b.WriteString("<" + url + ">")
			} else {
				b.WriteString(bot.Plain(link))
			}
			l = l[at[0]+len(link):]
		}
	}
	return b.String()
}

// safeLine escapes a part of a line; a number at its start is no list.
func safeLine(s string, start bool) string {
	out := bot.Plain(s)
	if i := strings.IndexFunc(out, func(r rune) bool { return r < '0' || r > '9' }); start && i > 0 && (out[i] == '.' || out[i] == ')') {
		out = out[:i] + "\\" + out[i:]
	}
	return out
}

// maxRoom is how many letters a message in a room has at most: a Matrix event
// has 64 KiB, in which the text is twice, as Markdown and as HTML.
const maxRoom = 12_000

// short is what rooms are told: all of it, or the headlines where the whole
// is a click away or too long for a message.
func (p paper) short() string {
	if whole := "**" + bot.Plain(p.title) + "**\n\n" + p.markdown(); p.url == "" && len(whole) <= maxRoom {
		return whole
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", bot.Plain(p.title))
	if p.issue.Intro != "" {
		b.WriteString(safeText(p.issue.Intro) + "\n")
	}
	left := p.items
	for _, s := range p.sections {
		fmt.Fprintf(&b, "\n**%s**\n", bot.Plain(s.name))
		for _, i := range s.items {
			head := "- " + bot.Plain(i.Title)
			if i.Link != "" {
				head += ": <" + i.Link + ">"
			}
			if b.Len()+len(head) > maxRoom {
				fmt.Fprintf(&b, "- and %d more\n", left)
				return strings.TrimSpace(b.String() + p.read())
			}
			b.WriteString(head + "\n")
			left--
		}
	}
	return strings.TrimSpace(b.String() + p.read())
}

// read says where the whole newsletter is.
func (p paper) read() string {
	if p.url == "" {
		return ""
	}
	return "\nRead it all: <" + p.url + ">"
}

// foot ends a mail: where the newsletter is on the web. How to get no more of
// them is added by who sends it, where there is an address for that.
func (p paper) foot(s storage.Subscriber) string {
	switch {
	case p.base == "":
		return "\n\n---\n\nYou get this because you asked for it. `!news mail stop`, said to me in the chat, ends it."
	case !strings.HasPrefix(p.base, "https://"):
		return fmt.Sprintf("\n\n---\n\nOn the web: <%s>\nNo more of these: <%s>", p.url, leaveURL(p.base, s.Token))
	}
	return fmt.Sprintf("\n\n---\n\nOn the web: <%s>", p.url)
}

// leaveURL is where the holder of a token gets no more mail.
func leaveURL(base, token string) string { return base + "/newsletter/leave/" + token }

// Unsubscribe returns where the person whom a mail is for can end such mail,
// "" if it is no newsletter or nobody can reach the pages.
func Unsubscribe(ctx context.Context, db *storage.DB, base string, p bot.Post) string {
	if base == "" || p.Room.Site != "mail" || !strings.HasPrefix(p.Key, "broadcast/") {
		return ""
	}
	token, err := db.LeaveToken(ctx, p.To)
	if err != nil || token == "" {
		return ""
	}
	return leaveURL(base, token)
}

// maxTopic is how many letters a forum post has at most; forums allow 32,000.
const maxTopic = 30_000

// parts cuts the whole newsletter into as many forum posts as it needs, at
// the beginnings of items.
func (p paper) parts() []string {
	var parts []string
	var b strings.Builder
	for _, block := range strings.Split(p.markdown(), "\n\n") {
		if b.Len() > 0 && b.Len()+len(block) > maxTopic {
			parts = append(parts, strings.TrimSpace(b.String()))
			b.Reset()
		}
		b.WriteString(block + "\n\n")
	}
	return append(parts, strings.TrimSpace(b.String()))
}
