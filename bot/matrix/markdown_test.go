package matrix

import (
	"strings"
	"testing"

	"git.coop/cotech/wortley/bot"
)

func TestRender(t *testing.T) {
	for _, tt := range []struct{ md, plain, html string }{
		{"hello", "hello", ""},
		{"Thursday 8 January 2026, 14:00 – it's on.", "Thursday 8 January 2026, 14:00 – it's on.", ""},
		{"**discourse**: 3 co-ops", "discourse: 3 co-ops", "<strong>discourse</strong>: 3 co-ops"},
		{"one\ntwo", "one\ntwo", "one<br>\ntwo"},
		{"one\n\ntwo", "one\n\ntwo", "<p>one</p>\n<p>two</p>\n"},
		{"say `!have ladder`", "say !have ladder", "say <code>!have ladder</code>"},
		{"they:\n- a\n- b\n  - c", "they:\n- a\n- b\n  - c", "<p>they:</p>\n<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n"},
		{"2. two\n3. three", "2. two\n3. three", "<ol start=\"2\">\n<li>two</li>\n<li>three</li>\n</ol>\n"},
		{"> said\n> so", "> said\n> so", "<blockquote>\n<p>said<br>\nso</p>\n</blockquote>\n"},
		{"[the wiki](https://wiki.example)", "the wiki (https://wiki.example)", `<a href="https://wiki.example">the wiki</a>`},
		{"[Ana](https://matrix.to/#/@ana:example.org) hi", "Ana hi", `<a href="https://matrix.to/#/@ana:example.org">Ana</a> hi`},
		{"<script>alert(1)</script> <b>", "<script>alert(1)</script> <b>", "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;"},
		{"~~gone~~ *soft*", "gone soft", "<del>gone</del> <em>soft</em>"},
		{"```\na < b\n\n  c\n```", "a < b\n\n  c", "<pre><code>a &lt; b\n\n  c\n</code></pre>\n"},
		{bot.Plain("*stars* _and_ [links](x) <b> \\ `code` | ~~x~~"), "*stars* _and_ [links](x) <b> \\ `code` | ~~x~~", "*stars* _and_ [links](x) &lt;b&gt; \\ `code` | ~~x~~"},
		{"@room look", "@room look", ""},
	} {
		plain, html := render(tt.md)
		if plain != tt.plain || strings.TrimSpace(html) != strings.TrimSpace(tt.html) {
			t.Errorf("render(%q) =\n%q, want\n%q\nand\n%q, want\n%q", tt.md, plain, tt.plain, html, tt.html)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	for b.Loop() {
		render("**discourse**: 3 co-ops list Discourse\n- Agile Collective (checked in May)\n- Autonomic\n- Outlandish\nTry `!whohas discourse-plugins`.")
	}
}
