package mail

import (
	"bytes"
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/markdown"
	gomail "github.com/wneessen/go-mail"
)

// message writes a post as a mail.
func (t *Transport) message(p bot.Post) (m *gomail.Msg, id string, err error) {
	to, err := mail.ParseAddress(p.To)
	if err != nil {
		return nil, "", fmt.Errorf("mail: the recipient is no address (%w)", bot.ErrNever)
	}
	switch p.Kind {
	case bot.Withdraw, bot.React:
		return nil, "", fmt.Errorf("mail: what has arrived cannot be changed (%w)", bot.ErrNever)
	}
	m = gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(t.from)
	m.ToMailAddress(to)
	if t.ReplyTo != "" {
		if err := m.ReplyTo(t.ReplyTo); err != nil {
			return nil, "", fmt.Errorf("mail: %w", err)
		}
	}
	if t.Bounces != "" {
		if err := m.EnvelopeFrom(t.Bounces); err != nil {
			return nil, "", fmt.Errorf("mail: %w", err)
		}
	}
	m.Subject(subject(p))
	m.SetDateWithValue(p.Made)
	id = t.messageID(p.Key)
	m.SetMessageIDWithValue(id)
	t.headers(m, p)
	return m, "<" + id + ">", t.body(m, p)
}

func (t *Transport) headers(m *gomail.Msg, p bot.Post) {
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if p.Kind == bot.Edit && p.OfID != "" {
		m.SetGenHeader(gomail.HeaderInReplyTo, p.OfID)
		m.SetGenHeader(gomail.HeaderReferences, p.OfID)
	}
	if p.Rank == bot.Broadcast {
		m.SetBulk()
	}
	if link := t.unsubscribe(p); link != "" {
		m.SetListUnsubscribe("<" + link + ">")
		m.SetListUnsubscribePost()
	}
}

// unsubscribe returns where mail of this kind is ended, "" for nowhere.
func (t *Transport) unsubscribe(p bot.Post) string {
	if t.Unsubscribe == nil {
		return ""
	}
	link := t.Unsubscribe(p)
	if u, err := url.Parse(link); err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(link, "<> \r\n\t") {
		return "" // RFC 8058 wants https
	}
	return link
}

func (t *Transport) messageID(key string) string {
	_, domain, _ := strings.Cut(t.from.Address, "@")
	return bot.TxnID(key) + "@" + domain
}

// subject is the post's title, or its first words.
func subject(p bot.Post) string {
	s := p.Title
	if strings.TrimSpace(s) == "" {
		s, _, _ = strings.Cut(markdown.Plain(p.Text), "\n")
	}
	s = bot.Clip(strings.Join(strings.Fields(bot.Printable(s)), " "), 150)
	if p.Kind == bot.Edit {
		return "Correction: " + s
	}
	return s
}

// body writes the plain text first, HTML beside it, and what is attached.
func (t *Transport) body(m *gomail.Msg, p bot.Post) error {
	plain, page := markdown.Plain(p.Text)+"\n", markdown.HTML(p.Text)
	if link := t.unsubscribe(p); link != "" {
		plain += "\n-- \nTo get no more of these: " + link + "\n"
		page += fmt.Sprintf("<hr>\n<p><small><a href=\"%s\">Get no more of these</a></small></p>\n", html.EscapeString(link))
	}
	m.SetBodyString(gomail.TypeTextPlain, plain)
	m.AddAlternativeString(gomail.TypeTextHTML, fmt.Sprintf(frame, html.EscapeString(subject(p)), page))
	if p.File == nil {
		return nil
	}
	if err := m.AttachReader(p.File.Name, bytes.NewReader(p.File.Data), gomail.WithFileContentType(gomail.ContentType(p.File.MIME)), gomail.WithFileDescription(p.File.Alt)); err != nil {
		return fmt.Errorf("mail: attach %s: %w", p.File.Name, err)
	}
	return nil
}

// frame is the page around the HTML: it loads nothing and asks for nothing.
const frame = `<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">
%s</body>
</html>
`
