package matrix

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"maunium.net/go/mautrix/format"
	"maunium.net/go/mautrix/format/mdext"
)

// markdown is what mautrix understands, with HTML in it shown as it is written.
var markdown = goldmark.New(format.Extensions, format.HTMLOptions, goldmark.WithExtensions(mdext.EscapeHTML))

// render returns Markdown as HTML, and as plain text for notifications,
// bridges and old programs: links have their address beside them. The HTML
// is "" if there is nothing in it that plain text would not show.
func render(md string) (plain, html string) {
	source := []byte(md)
	doc := markdown.Parser().Parse(text.NewReader(source))
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, source, doc); err != nil {
		return md, "" // it writes to memory, so this is a bug of a renderer: the words still go out
	}
	w := &plainWriter{source: source}
	w.blocks(doc, "")
	plain = strings.TrimRight(w.b.String(), "\n")
	html = format.UnwrapSingleParagraph(out.String())
	if html == plain {
		html = ""
	}
	return plain, html
}

// A plainWriter writes a document as people would type it.
type plainWriter struct {
	source []byte
	b      strings.Builder
}

// blocks writes what is in a block, each line after the first with an indent.
func (w *plainWriter) blocks(parent ast.Node, indent string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n != parent.FirstChild() {
			w.b.WriteString(indent)
		}
		w.block(n, indent)
	}
}

func (w *plainWriter) block(n ast.Node, indent string) {
	switch n := n.(type) {
	case *ast.List:
		w.list(n, indent)
		return
	case *ast.Blockquote:
		w.b.WriteString("> ")
		w.blocks(n, indent+"> ")
		return
	case *ast.ThematicBreak:
		w.b.WriteString("———")
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		w.lines(n, indent)
	case *east.Table:
		w.table(n, indent)
		return
	default:
		w.inline(n, indent)
	}
	w.b.WriteByte('\n')
	if next := n.NextSibling(); next != nil && next.HasBlankPreviousLines() && n.Kind() == ast.KindParagraph {
		w.b.WriteString(indent + "\n")
	}
}

func (w *plainWriter) list(n *ast.List, indent string) {
	i := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d. ", i)
			i++
		}
		if item != n.FirstChild() {
			w.b.WriteString(indent)
		}
		w.b.WriteString(mark)
		w.blocks(item, indent+strings.Repeat(" ", len(mark)))
	}
}

func (w *plainWriter) table(n *east.Table, indent string) {
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if row != n.FirstChild() {
			w.b.WriteString(indent)
		}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if cell != row.FirstChild() {
				w.b.WriteString(" | ")
			}
			w.inline(cell, indent)
		}
		w.b.WriteByte('\n')
	}
}

// lines writes code as it is.
func (w *plainWriter) lines(n ast.Node, indent string) {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		if i > 0 {
			w.b.WriteString("\n" + indent)
		}
		w.b.Write(bytes.TrimRight(line.Value(w.source), "\n"))
	}
}

// inline writes the text within a paragraph.
func (w *plainWriter) inline(parent ast.Node, indent string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			w.b.WriteString(unescaped(n.Segment.Value(w.source)))
			if n.HardLineBreak() || n.SoftLineBreak() {
				w.b.WriteString("\n" + indent)
			}
		case *ast.String:
			w.b.Write(n.Value)
		case *ast.CodeSpan:
			w.code(n)
		case *ast.AutoLink:
			w.b.Write(n.URL(w.source))
		case *ast.Link:
			w.link(n, indent)
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				segment := n.Segments.At(i)
				w.b.Write(segment.Value(w.source))
			}
		default:
			w.inline(n, indent)
		}
	}
}

// code writes what stands between backquotes, in which nothing is escaped.
func (w *plainWriter) code(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			w.b.Write(t.Segment.Value(w.source))
		}
	}
}

// link writes a link's text, and its address unless the text is that or a person.
func (w *plainWriter) link(n *ast.Link, indent string) {
	from := w.b.Len()
	w.inline(n, indent)
	address := string(n.Destination)
	if words := w.b.String()[from:]; words != address && !strings.HasPrefix(address, "https://matrix.to/#/@") {
		w.b.WriteString(" (" + address + ")")
	}
}

// unescaped takes the backslashes off that Markdown would.
func unescaped(s []byte) string {
	if bytes.IndexByte(s, '\\') < 0 && bytes.IndexByte(s, '&') < 0 {
		return string(s)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return entities.Replace(b.String())
}

// entities are those that people who write Markdown use.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&quot;", `"`, "&nbsp;", " ")
