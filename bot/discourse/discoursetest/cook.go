package discoursetest

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// cookPost renders a post. A post without text, as small actions have, stays
// without.
func (f *Forum) cookPost(p *Post) { p.Cooked = f.cook(p.Raw) }

// Cook returns the HTML the forum makes of a text: Markdown with mentions,
// hashtags, quotes, local dates and bare links as oneboxes to be.
func (f *Forum) Cook(raw string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cook(raw)
}

var (
	quoteOpen  = regexp.MustCompile(`(?im)^\[quote="?([^"\]]*)"?\]\s*$`)
	quoteClose = regexp.MustCompile(`(?im)^\[/quote\]\s*$`)
	fence      = regexp.MustCompile("^ {0,3}(```|~~~)")
)

// cook splits a text at its quotes, which Markdown knows nothing of, and
// renders the rest.
func (f *Forum) cook(raw string) string {
	var out, plain strings.Builder
	flush := func() { out.WriteString(f.markdown(plain.String())); plain.Reset() }
	lines := strings.Split(raw, "\n")
	for i, fenced := 0, false; i < len(lines); i++ {
		line := lines[i]
		if fence.MatchString(line) {
			fenced = !fenced
		}
		m := quoteOpen.FindStringSubmatch(line)
		end := closing(lines, i)
		if fenced || m == nil || end < 0 {
			plain.WriteString(line + "\n")
			continue
		}
		flush()
		out.WriteString(f.quote(m[1], strings.Join(lines[i+1:end], "\n")))
		i = end
	}
	flush()
	return strings.TrimSpace(out.String())
}

// closing returns the line that closes the quote opened at line i, or -1.
func closing(lines []string, i int) int {
	depth := 0
	for ; i < len(lines); i++ {
		switch {
		case quoteOpen.MatchString(lines[i]):
			depth++
		case quoteClose.MatchString(lines[i]):
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// quote renders a quote; about is "name, post:3, topic:12" or less.
func (f *Forum) quote(about, raw string) string {
	name, rest, _ := strings.Cut(about, ",")
	attrs := fmt.Sprintf(` data-username="%s"`, html.EscapeString(name))
	for _, part := range strings.Split(rest, ",") {
		if k, v, ok := strings.Cut(strings.TrimSpace(part), ":"); ok && (k == "post" || k == "topic") {
			attrs += fmt.Sprintf(` data-%s="%s"`, k, html.EscapeString(v))
		}
	}
	title := ""
	if name != "" {
		title = fmt.Sprintf("<div class=\"title\">\n<div class=\"quote-controls\"></div>\n %s:</div>\n", html.EscapeString(name))
	}
	return fmt.Sprintf("<aside class=\"quote no-group\"%s>\n%s<blockquote>\n%s\n</blockquote>\n</aside>\n", attrs, title, f.cook(raw))
}

var (
	lonelyURL = regexp.MustCompile(`(?m)^(https?://\S+)\s*$`)
	lonelyP   = regexp.MustCompile(`<p><a href="(https?://[^"]+)">([^<]*)</a></p>`)
)

// markBareLinks makes oneboxes to be of the links that stand alone on a line
// of src; those in <…> or with a text of their own are left as they are.
func markBareLinks(src, cooked string) string {
	bare := map[string]bool{}
	for _, m := range lonelyURL.FindAllStringSubmatch(src, -1) {
		bare[m[1]] = true
	}
	return lonelyP.ReplaceAllStringFunc(cooked, func(p string) string {
		m := lonelyP.FindStringSubmatch(p)
		if !bare[html.UnescapeString(m[2])] {
			return p
		}
		return fmt.Sprintf(`<p><a href="%s" class="onebox" target="_blank" rel="noopener nofollow ugc">%s</a></p>`, m[1], m[2])
	})
}

func (f *Forum) markdown(src string) string {
	if strings.TrimSpace(src) == "" {
		return ""
	}
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithParserOptions(parser.WithInlineParsers(
			util.Prioritized(&atParser{f}, 500),
			util.Prioritized(&hashParser{f}, 501),
			util.Prioritized(dateParser{}, 150),
		)),
		goldmark.WithRendererOptions(gmhtml.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(cookedRenderer{}, 100))),
	)
	var b bytes.Buffer
	if err := md.Convert([]byte(src), &b); err != nil {
		return "<p>" + html.EscapeString(src) + "</p>\n"
	}
	return markBareLinks(src, b.String())
}

var oneboxLink = regexp.MustCompile(`<p><a href="([^"]+)" class="onebox"[^>]*>([^<]*)</a></p>`)

// fillOneboxes puts previews in place of bare links. The preview of a page
// that speaks of somebody holds a mention that means nothing.
func fillOneboxes(cooked string) string {
	return oneboxLink.ReplaceAllString(cooked, `<aside class="onebox allowlistedgeneric" data-onebox-src="$1">
<header class="source"><a href="$1" target="_blank" rel="noopener nofollow ugc">$2</a></header>
<article class="onebox-body"><h3><a href="$1" target="_blank" rel="noopener nofollow ugc">A page</a></h3>
<p>Seen by <a class="mention" href="/u/admin">@admin</a></p></article></aside>`)
}

// mentioned returns the accounts and groups a cooked text notifies: those
// named outside quotes, oneboxes and code.
func (f *Forum) mentioned(cooked string) (users []*User, groups []*Group) {
	if !strings.Contains(cooked, "mention") {
		return nil, nil
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(cooked))
	if err != nil {
		return nil, nil
	}
	doc.Find("aside.quote, .onebox, pre, code").Remove()
	doc.Find("a.mention, a.mention-group").Each(func(_ int, s *goquery.Selection) {
		name := strings.TrimPrefix(s.Text(), "@")
		if u := f.user(name); u != nil && !slices.Contains(users, u) {
			users = append(users, u)
		} else if g := f.group(name); g != nil && !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	})
	return users, groups
}

func mentionPattern(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)@` + regexp.QuoteMeta(name) + `\b`)
}

func mentions(raw, name string) bool { return mentionPattern(name).MatchString(raw) }

func replaceMention(raw, old, name string) string {
	return mentionPattern(old).ReplaceAllString(raw, "@"+name)
}
