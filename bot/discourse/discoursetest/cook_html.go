package discoursetest

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// cookedRenderer writes the inline pieces and drops raw HTML that is not on
// the list of harmless tags, comments among it.
type cookedRenderer struct{}

var _ renderer.NodeRenderer = cookedRenderer{}

// RegisterFuncs implements [renderer.NodeRenderer].
func (cookedRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindInline, renderInline)
	r.Register(ast.KindRawHTML, renderRawHTML)
	r.Register(ast.KindHTMLBlock, renderHTMLBlock)
}

func renderInline(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	piece := n.(*inlineHTML)
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			w.WriteString(html.EscapeString(piece.text))
			return ast.WalkContinue, nil
		}
	}
	w.WriteString(piece.html)
	return ast.WalkContinue, nil
}

var (
	comment  = regexp.MustCompile(`(?s)<!--.*?-->`)
	anyTag   = regexp.MustCompile(`(?s)</?([a-zA-Z][\w-]*)[^>]*>`)
	harmless = regexp.MustCompile(`^(?i:b|i|u|s|em|strong|kbd|sub|sup|small|ins|del|br|hr|p|div|details|summary|blockquote|code|pre|ul|ol|li|table|tr|td|th|h[1-6])$`)
)

// sanitise keeps harmless tags, without their attributes.
func sanitise(s string) string {
	return anyTag.ReplaceAllStringFunc(comment.ReplaceAllString(s, ""), func(tag string) string {
		name := anyTag.FindStringSubmatch(tag)[1]
		switch {
		case !harmless.MatchString(name):
			return ""
		case strings.HasPrefix(tag, "</"):
			return "</" + name + ">"
		}
		return "<" + name + ">"
	})
}

func renderRawHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		raw := n.(*ast.RawHTML)
		for i := range raw.Segments.Len() {
			seg := raw.Segments.At(i)
			w.WriteString(sanitise(string(seg.Value(source))))
		}
	}
	return ast.WalkSkipChildren, nil
}

func renderHTMLBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var b strings.Builder
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		b.Write(seg.Value(source))
	}
	if block := n.(*ast.HTMLBlock); block.HasClosure() {
		b.Write(block.ClosureLine.Value(source))
	}
	w.WriteString(sanitise(b.String()))
	return ast.WalkContinue, nil
}
