// Package markdown turns Markdown into what places take that do not read it:
// HTML for mail, plain text, and the marks of Slack.
//
// What stands in the text as HTML is never passed on: in HTML and for Slack it
// is escaped or left out.
package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark" // reads CommonMark as Matrix clients do
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// reader reads what the bot writes: a new line is a new line, an address is a link.
var reader = goldmark.New(goldmark.WithExtensions(extension.Linkify, extension.Strikethrough), goldmark.WithRendererOptions(html.WithHardWraps()))

// HTML returns a fragment of HTML. Raw HTML in the text, and addresses that
// would run something, are left out.
func HTML(markdown string) string {
	var b bytes.Buffer
	if err := reader.Convert([]byte(markdown), &b); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}

// Plain returns the text without marks: links as "words (address)", emphasis
// as plain words, code between backquotes, items of lists on lines of their own.
func Plain(markdown string) string {
	return write(markdown, style{
		emphasis: func(_ int, words string) string { return words },
		struck:   func(words string) string { return words },
		code:     func(words string) string { return "`" + words + "`" },
		listing:  func(lines string) string { return indent(lines, "    ", "    ") },
		link: func(words, address string) string {
			if words == address || strings.TrimPrefix(address, "mailto:") == words {
				return words
			}
			return words + " (" + address + ")"
		},
		heading: func(words string) string { return words + "\n" + strings.Repeat("-", min(len([]rune(words)), 72)) },
		escape:  func(s string) string { return s },
		bullet:  "- ",
	})
}

// Slack returns the text with the marks of Slack, which cannot ring for
// anybody: https://docs.slack.dev/messaging/formatting-message-text
func Slack(markdown string) string {
	return write(markdown, style{
		emphasis: func(level int, words string) string { return around([]string{"_", "*"}[level-1], words) },
		struck:   func(words string) string { return around("~", words) },
		code:     func(words string) string { return "`" + words + "`" },
		listing:  func(lines string) string { return "```\n" + strings.ReplaceAll(lines, "```", "'''") + "\n```" },
		link: func(words, address string) string {
			if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "mailto:") {
				return words
			}
			return "<" + strings.NewReplacer("|", "%7C", ">", "%3E", "<", "%3C", "&", "&amp;").Replace(address) + "|" + strings.ReplaceAll(words, "|", "¦") + ">"
		},
		heading: func(words string) string { return around("*", strings.ReplaceAll(words, "*", "")) },
		escape:  strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace,
		bullet:  "• ",
	})
}

func around(mark, words string) string {
	if strings.TrimSpace(words) == "" {
		return words
	}
	return mark + words + mark
}

// A style says how a place marks things.
type style struct {
	emphasis func(level int, words string) string // level 1 or 2
	struck   func(words string) string
	code     func(words string) string
	listing  func(lines string) string
	link     func(words, address string) string
	heading  func(words string) string
	escape   func(s string) string
	bullet   string
}

func write(markdown string, s style) string {
	source := []byte(markdown)
	w := writer{style: s, source: source}
	return strings.Trim(w.blocks(reader.Parser().Parse(text.NewReader(source))), "\n")
}

type writer struct {
	style
	source []byte
}

// blocks writes what stands below n, with an empty line between paragraphs.
func (w writer) blocks(n ast.Node) string {
	var parts []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if part := w.block(c); part != "" {
			parts = append(parts, part)
		}
	}
	gap := "\n\n"
	if list, ok := n.Parent().(*ast.List); ok && list.IsTight {
		gap = "\n"
	}
	return strings.Join(parts, gap)
}

func (w writer) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return w.heading(w.inline(n))
	case *ast.List:
		return w.list(n)
	case *ast.Blockquote:
		return indent(w.blocks(n), "> ", "> ")
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return w.listing(w.escape(strings.TrimRight(w.lines(n), "\n")))
	case *ast.ThematicBreak:
		return "* * *"
	case *ast.HTMLBlock:
		return ""
	}
	return w.inline(n)
}

func (w writer) list(n *ast.List) string {
	var items []string
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		mark := w.bullet
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		items = append(items, indent(w.blocks(c), mark, strings.Repeat(" ", len([]rune(mark)))))
	}
	gap := "\n"
	if !n.IsTight {
		gap = "\n\n"
	}
	return strings.Join(items, gap)
}

func indent(text, first, rest string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		switch {
		case i == 0:
			lines[i] = first + l
		case l != "":
			lines[i] = rest + l
		}
	}
	return strings.Join(lines, "\n")
}

func (w writer) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(w.source))
	}
	return b.String()
}

// inline writes the words below n.
func (w writer) inline(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		b.WriteString(w.word(c))
	}
	return b.String()
}

func (w writer) word(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Text:
		s := w.escape(unescaped(string(n.Value(w.source)), n.IsRaw()))
		if n.SoftLineBreak() || n.HardLineBreak() {
			s += "\n"
		}
		return s
	case *ast.String:
		return w.escape(string(n.Value))
	case *ast.CodeSpan:
		return w.code(w.inline(n))
	case *ast.Emphasis:
		return w.emphasis(n.Level, w.inline(n))
	case *east.Strikethrough:
		return w.struck(w.inline(n))
	case *ast.Link:
		return w.link(w.inline(n), string(n.Destination))
	case *ast.Image:
		return w.link(w.inline(n), string(n.Destination))
	case *ast.AutoLink:
		address := string(n.URL(w.source))
		return w.link(w.escape(string(n.Label(w.source))), address)
	case *ast.RawHTML:
		return ""
	}
	return w.inline(n)
}
