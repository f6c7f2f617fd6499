package discoursetest

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// inlineHTML is a piece of cooked HTML within a line, and the text it was.
type inlineHTML struct {
	ast.BaseInline
	html, text string
}

var kindInline = ast.NewNodeKind("DiscourseInline")

func (n *inlineHTML) Kind() ast.NodeKind            { return kindInline }
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

var (
	datePattern = regexp.MustCompile(`^\[date(-range)?[ =]([^\]]*)\]`)
	attrPattern = regexp.MustCompile(`([\w-]+)=(?:"([^"]*)"|([^\s"]+))`)
)

type dateParser struct{}

func (dateParser) Trigger() []byte { return []byte{'['} }

// Parse reads [date=2026-12-03 time=18:00:00 timezone="Europe/London"] and
// [date-range from=2026-12-03T18:00 to=2026-12-03T19:30].
func (dateParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := datePattern.FindSubmatch(line)
	if m == nil {
		return nil
	}
	inside, ranged := string(m[2]), len(m[1]) > 0
	if !ranged {
		inside = "date=" + inside
	}
	attrs := map[string]string{}
	for _, a := range attrPattern.FindAllStringSubmatch(inside, -1) {
		attrs[a[1]] = a[2] + a[3]
	}
	block.Advance(len(m[0]))
	out := &inlineHTML{text: string(m[0])}
	if !ranged {
		out.html = localDate(attrs, "")
		return out
	}
	for i, end := range []string{"from", "to"} {
		one := map[string]string{"timezone": attrs["timezone"], "format": attrs["format"]}
		one["date"], one["time"], _ = strings.Cut(attrs[end], "T")
		if one["date"] == "" {
			continue
		}
		if i > 0 {
			out.html += `<span> → </span>`
		}
		out.html += localDate(one, end)
	}
	return out
}

// localDate renders a date that browsers show in the reader's zone. An
// unknown zone is taken as UTC without a word.
func localDate(a map[string]string, end string) string {
	zone, err := time.LoadLocation(a["timezone"])
	if err != nil || a["timezone"] == "" || a["timezone"] == "Local" {
		zone = time.UTC
		delete(a, "timezone")
	}
	clock := a["time"]
	if clock == "" {
		clock = "00:00:00"
	} else if len(clock) == 5 {
		clock += ":00"
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", a["date"]+" "+clock, zone)
	if err != nil {
		return "Invalid date"
	}
	if a["time"] != "" {
		a["time"] = clock
	}
	utc := t.UTC().Format("2006-01-02T15:04:05Z")
	var b strings.Builder
	b.WriteString("<span")
	for _, k := range []string{"date", "time", "range", "format", "timezones", "recurring", "timezone", "displayedTimezone", "countdown", "calendar"} {
		v := a[k]
		if k == "range" {
			v = end
		}
		if v != "" {
			fmt.Fprintf(&b, ` data-%s="%s"`, dashed(k), html.EscapeString(v))
		}
	}
	fmt.Fprintf(&b, ` class="discourse-local-date" data-email-preview="%s UTC">%s</span>`, utc, utc)
	return b.String()
}

func dashed(k string) string {
	if k == "displayedTimezone" {
		return "displayed-timezone"
	}
	return k
}

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
