package discoursetest

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// inlineHTML is a piece of cooked HTML within a line, and the text it was.
type inlineHTML struct {
	ast.BaseInline
	html, text string
}

var kindInline = ast.NewNodeKind("DiscourseInline")

func (n *inlineHTML) Kind() ast.NodeKind { return kindInline }

func (n *inlineHTML) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// wordBefore says whether the reader stands directly after a word, where no
// mention or hashtag begins.
func wordBefore(block text.Reader) bool {
	r := block.PrecendingCharacter()
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '@' || r == '/' || r == '_'
}

var namePattern = regexp.MustCompile(`^@([\pL\pN_][\pL\pN_.-]*)`)

type atParser struct{ f *Forum }

func (*atParser) Trigger() []byte { return []byte{'@'} }

// Parse makes a link of the name of an account or group, and a span of one
// that does not exist.
func (a *atParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := namePattern.FindSubmatch(line)
	if m == nil || wordBefore(block) {
		return nil
	}
	name := strings.TrimRight(string(m[1]), ".-")
	if name == "" {
		return nil
	}
	block.Advance(1 + len(name))
	shown := "@" + html.EscapeString(name)
	out := &inlineHTML{text: "@" + name, html: fmt.Sprintf(`<span class="mention">%s</span>`, shown)}
	if u := a.f.user(name); u != nil {
		out.html = fmt.Sprintf(`<a class="mention" href="%s/u/%s">%s</a>`, a.f.o.Base, strings.ToLower(u.Username), shown)
	} else if g := a.f.group(name); g != nil && !g.Hidden {
		out.html = fmt.Sprintf(`<a class="mention-group" href="%s/groups/%s">%s</a>`, a.f.o.Base, strings.ToLower(g.Name), shown)
	}
	return out
}

var hashPattern = regexp.MustCompile(`^#([\pL\pN_-]+)(::tag)?`)

type hashParser struct{ f *Forum }

func (*hashParser) Trigger() []byte { return []byte{'#'} }

// Parse makes a link of the slug of a category or the name of a tag.
func (h *hashParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := hashPattern.FindSubmatch(line)
	if m == nil || wordBefore(block) {
		return nil
	}
	name, kind, href, id := string(m[1]), "", "", int64(0)
	if c := h.f.categoryBySlug(name); c != nil && len(m[2]) == 0 {
		kind, href, id = "category", fmt.Sprintf("%s/c/%s/%d", h.f.o.Base, c.Slug, c.ID), c.ID
	} else if t := h.f.tag(name); t != nil {
		kind, href, id = "tag", h.f.o.Base+"/tag/"+t.Slug, t.ID
	} else {
		return nil
	}
	block.Advance(len(m[0]))
	out := &inlineHTML{text: string(m[0])}
	if h.f.o.Mode == Old {
		out.html = fmt.Sprintf(`<a class="hashtag" href="%s">#<span>%s</span></a>`, href, html.EscapeString(name))
	} else {
		out.html = fmt.Sprintf(`<a class="hashtag-cooked" href="%s" data-type="%s" data-slug="%s" data-id="%d"><span class="hashtag-icon-placeholder"></span><span>%s</span></a>`, href, kind, name, id, html.EscapeString(name))
	}
	return out
}
