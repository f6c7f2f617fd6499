package news

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

//go:embed pages/*.html
var pages embed.FS

// templates escape whatever people typed; only "words" makes marks of its own.
var templates = template.Must(template.New("").Funcs(template.FuncMap{"words": htmlWords}).ParseFS(pages, "pages/*.html"))

// htmlWords shows plain text as paragraphs, with web addresses as links.
func htmlWords(text string) template.HTML {
	var b strings.Builder
	for _, paragraph := range strings.Split(text, "\n\n") {
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		b.WriteString("<p>")
		for n, l := range strings.Split(paragraph, "\n") {
			if n > 0 {
				b.WriteString("<br>\n")
			}
			htmlLine(&b, l)
		}
		b.WriteString("</p>\n")
	}
	return template.HTML(b.String())
}

func htmlLine(b *strings.Builder, l string) {
	for {
		at := webAddress.FindStringIndex(l)
		if at == nil {
			b.WriteString(template.HTMLEscapeString(bot.Printable(l)))
			return
		}
		found := strings.TrimRight(l[at[0]:at[1]], ".,;:!?)]")
		b.WriteString(template.HTMLEscapeString(bot.Printable(l[:at[0]])))
		if link, ok := readLink(found); ok {
			safe := template.HTMLEscapeString(link)
			fmt.Fprintf(b, `<a href="%s">%s</a>`, safe, safe)
		} else {
			b.WriteString(template.HTMLEscapeString(found))
		}
		l = l[at[0]+len(found):]
	}
}

// shownPaper is a newsletter as the templates see it.
type shownPaper struct {
	Title    string
	Intro    string
	Sections []shownSection
	URL      string
}

type shownSection struct {
	Name  string
	Items []storage.NewsItem
}

func (p paper) shown() shownPaper {
	s := shownPaper{Title: p.title, Intro: p.issue.Intro, URL: p.url}
	for _, one := range p.sections {
		s.Sections = append(s.Sections, shownSection{one.name, one.items})
	}
	return s
}

// html is what goes into the source of a mailing: CiviCRM puts its own head
// around it, and wants the sender's address and a way out in it.
func (p paper) html() ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "mailing.html", p.shown()); err != nil {
		return nil, fmt.Errorf("news: the mailing: %w", err)
	}
	return b.Bytes(), nil
}

func (p paper) htmlFile() (*bot.File, error) {
	data, err := p.html()
	return &bot.File{Name: "newsletter-" + p.issue.Month + ".html", MIME: "text/html; charset=utf-8", Alt: p.title + " as HTML", Data: data}, err
}
