package discourse

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxHTML bounds what is read of one post, in bytes.
const maxHTML = 1 << 20

// parse reads cooked HTML.
func parse(cooked string) *goquery.Document {
	if len(cooked) > maxHTML {
		cooked = cooked[:maxHTML]
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(cooked))
	if err != nil { // nested too deeply to have been written by a person
		return goquery.NewDocumentFromNode(&html.Node{Type: html.DocumentNode})
	}
	return doc
}

// notOwn reports whether an element holds what somebody else said, or no
// sentence at all: neither its words nor its mentions count.
func notOwn(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Blockquote, atom.Pre, atom.Code, atom.Script, atom.Style, atom.Head:
		return true
	case atom.Aside:
		return hasClass(n, "quote") || hasClass(n, "onebox")
	case atom.Div:
		return hasClass(n, "poll")
	}
	return false
}

// Text returns what the author of a post or chat message says, as plain text
// for the reader of commands. Quotes, oneboxes and code are left out. Mentions
// stay as "@name", emoji as ":name:", hashtags as "#slug" and local dates as
// "2026-12-03 18:00 Europe/Berlin", whatever the forum shows instead. Paragraphs,
// lines and list items each have a line.
func Text(cooked string) string {
	if !strings.ContainsAny(cooked, "<&") {
		return strings.TrimSpace(cooked)
	}
	var w writer
	for _, n := range parse(cooked).Nodes {
		w.children(n)
	}
	return tidy(w.String())
}

// A writer turns nodes into text.
type writer struct{ strings.Builder }

func (w *writer) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

func (w *writer) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.WriteString(oneLine(n.Data))
		return
	case html.ElementNode:
	default:
		return
	}
	if notOwn(n) {
		w.gap(n)
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.WriteByte('\n')
	case atom.Img:
		w.image(n)
	case atom.A:
		w.link(n)
	case atom.Span:
		if d := localDate(n); d != "" {
			w.WriteString(d)
			return
		}
		w.children(n)
	case atom.Li:
		var item writer
		item.children(n)
		w.WriteString("\n- " + strings.TrimSpace(item.String()) + "\n")
	case atom.Td, atom.Th:
		w.children(n)
		w.WriteString(" ")
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Tr, atom.Table, atom.Details, atom.Summary, atom.Hr:
		w.WriteByte('\n')
		w.children(n)
		w.WriteByte('\n')
	default:
		w.children(n)
	}
}

// gap keeps the words on both sides of what is left out apart.
func (w *writer) gap(n *html.Node) {
	if n.DataAtom == atom.Code {
		w.WriteByte(' ')
		return
	}
	w.WriteByte('\n')
}

// image writes an emoji's name; other images say nothing.
func (w *writer) image(n *html.Node) {
	if hasClass(n, "emoji") {
		w.WriteString(attr(n, "title"))
	}
}

// link writes a link's text. A bare address that the forum gave the title of
// its page is written as the address again; a hashtag by its slug.
func (w *writer) link(n *html.Node) {
	switch {
	case hasClass(n, "hashtag-cooked") && attr(n, "data-slug") != "":
		w.WriteString("#" + attr(n, "data-slug"))
	case hasClass(n, "onebox"), hasClass(n, "inline-onebox"):
		w.WriteString(attr(n, "href"))
	case hasClass(n, "anchor"), hasClass(n, "lightbox"):
	default:
		w.children(n)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	for have := range strings.FieldsSeq(attr(n, "class")) {
		if have == class {
			return true
		}
	}
	return false
}

// oneLine turns the line breaks of HTML into spaces; tags make lines.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\t', '\u00a0':
			return ' '
		case '\u200b', '\u200d', '\ufeff': // put in by editors, seen by nobody
			return -1
		}
		return r
	}, s)
}

// tidy takes out doubled spaces and empty lines.
func tidy(s string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" || line == "-" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}
