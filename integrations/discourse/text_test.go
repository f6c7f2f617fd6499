package discourse

import (
	"slices"
	"strings"
	"testing"
)

const bot = `<a class="mention" href="/u/wortley">@Wortley</a>`

func TestText(t *testing.T) {
	for _, tt := range []struct{ cooked, want string }{
		{"", ""},
		{"plain", "plain"},
		{"<p>" + bot + " !whohas discourse</p>", "@Wortley !whohas discourse"},
		{"<p>" + bot + " !meet<br>\nThu 15:00</p>", "@Wortley !meet\nThu 15:00"},
		{"<p>One</p>\n<p>Two &amp; <strong>three</strong></p>", "One\nTwo & three"},
		{"<ul>\n<li>Fund</li>\n<li><p>Site</p></li>\n</ul>", "- Fund\n- Site"},
		{`<aside class="quote" data-username="ana"><div class="title">ana:</div><blockquote><p>` + bot + ` !fund</p></blockquote></aside><p>No.</p>`, "No."},
		{"<blockquote><p>!fund</p></blockquote>\n<p>I mean this</p>", "I mean this"},
		{"<p>Try <code>!fund</code> now</p><pre><code>!fund\n</code></pre>", "Try now"},
		{`<p>See</p><aside class="onebox allowlistedgeneric"><header>x</header><article>!fund</article></aside>`, "See"},
		{`<p>Well done <img src="/images/emoji/tada.png" title=":tada:" class="emoji" alt=":tada:"></p>`, "Well done :tada:"},
		{`<p><img src="/x.png" alt="chart"></p><p>Look</p>`, "Look"},
		{`<p>In <a class="hashtag-cooked" href="/c/fund/6" data-type="category" data-slug="fund"><svg><use href="#folder"></use></svg><span>The Fund</span></a></p>`, "In #fund"},
		{`<p><a href="https://example.org/a_b">https://example.org/a_b</a> and <a href="https://example.org">this</a></p>`, "https://example.org/a_b and this"},
		{`<p><a href="https://example.org/x" class="inline-onebox">The page of x</a></p>`, "https://example.org/x"},
		{`<h2><a name="p-1-agenda-1" class="anchor" href="#p-1-agenda-1"></a>Agenda</h2><p>x</p>`, "Agenda\nx"},
		{`<p>!meet <span class="discourse-local-date" data-date="2026-12-03" data-time="18:00:00" data-timezone="Europe/Berlin">December 3, 2026 5:00 PM (UTC)</span></p>`, "!meet 2026-12-03 18:00 Europe/Berlin"},
		{`<p><span class="discourse-local-date" data-date="2026-12-03">3 December</span>!</p>`, "2026-12-03!"},
		{`<p><span class="discourse-local-date" data-date="2026-12-03" data-time="18:00" data-timezone="Europe/Atlantis">x</span></p>`, "2026-12-03 18:00 UTC"},
		{`<p><span class="discourse-local-date" data-date="2026-12-03" data-time="soon">x</span></p>`, "2026-12-03"},
		{`<p><span class="discourse-local-date" data-date="2026-13-03" data-time="18:00">Invalid date</span></p>`, "Invalid date"},
		{`<p><span class="elsewhere" data-date="2026-12-03">x</span></p>`, "x"},
		{"<table><tr><th>A</th><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>", "A 1\nB 2"},
		{"<p>a\u00a0b \u200b c</p>", "a b c"},
		{"<script>!fund</script><style>x</style><p>ok</p>", "ok"},
		{`<div class="poll"><ul><li>!yes</li></ul></div><p>Vote</p>`, "Vote"},
		{"<p>unclosed <b>bold", "unclosed bold"},
		{"a &lt;b&gt; c", "a <b> c"},
	} {
		if got := Text(tt.cooked); got != tt.want {
			t.Errorf("Text(%q)\n got %q\nwant %q", tt.cooked, got, tt.want)
		}
	}
}

func TestMentions(t *testing.T) {
	for _, tt := range []struct{ cooked, people, groups string }{
		{"<p>" + bot + " and " + bot + "</p>", "wortley", ""},
		{`<p><a class="mention" href="/forum/u/ana.b_c">@ana.b_c</a> <a class="mention-group notify" href="/groups/fund-team">@fund-team</a> <a class="mention-group" href="/g/circle">@circle</a></p>`, "ana.b_c", "fund-team circle"},
		{`<aside class="quote no-group"><blockquote>` + bot + `</blockquote></aside>`, "", ""},
		{`<blockquote><p>` + bot + `</p></blockquote><pre>` + bot + `</pre><p><code>` + bot + `</code></p><aside class="onebox">` + bot + `</aside>`, "", ""},
		{`<p><span class="mention">@nobody</span> @wortley mention</p>`, "", ""},
		{`<p><a href="/u/wortley">mention without the class</a></p>`, "", ""},
		{`<p><a class="mention" href="https://evil.example/">@wortley</a><a class="mention" href="%zz">x</a></p>`, "", ""},
		{`<p><a class="mention" href="/u/caf%C3%A9">@café</a></p>`, "café", ""},
	} {
		people, groups := Mentions(tt.cooked)
		if !slices.Equal(people, strings.Fields(tt.people)) || !slices.Equal(groups, strings.Fields(tt.groups)) {
			t.Errorf("Mentions(%q) = %q, %q; want %q, %q", tt.cooked, people, groups, tt.people, tt.groups)
		}
	}
	if !IsMentioned("<p>"+bot+"</p>", "WORTLEY") || IsMentioned("<p>"+bot+"</p>", "wort") {
		t.Error("IsMentioned is wrong")
	}
}

func TestDeepAndLongHTML(t *testing.T) {
	deep := strings.Repeat("<div>", 100_000) + "x"
	_ = Text(deep) // comes back
	long := "<p>" + strings.Repeat("x", 2*maxHTML) + "</p>"
	if n := len(Text(long)); n > maxHTML {
		t.Errorf("%d bytes of text", n)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"<p>" + bot + "</p>", "<aside class=quote><p>x", `<span class="discourse-local-date" data-date="2026-12-03">`, "<li><li>", "a&#0;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cooked string) {
		text := Text(cooked)
		if strings.Contains(text, "\n\n") || strings.TrimSpace(text) != text {
			t.Errorf("Text(%q) = %q has empty lines or edges", cooked, text)
		}
		Mentions(cooked)
	})
}

// fifty is a page of ordinary posts, one in ten a command.
func fifty(b *testing.B) []string {
	ordinary := `<aside class="quote" data-username="ana"><div class="title">ana:</div><blockquote><p>I would like to know who has room for twelve.</p></blockquote></aside>
<p>We have, in <a href="https://example.org/room">the small hall</a>, on <span class="discourse-local-date" data-date="2026-12-03" data-time="18:00:00" data-timezone="Europe/London">3 December</span>.</p>
<ul><li>Chairs for <strong>twelve</strong></li><li>A kettle</li></ul><p>` + strings.Repeat("Say when you would come, and what you would bring. ", 8) + `</p>`
	posts := make([]string, 50)
	for i := range posts {
		posts[i] = ordinary
		if i%10 == 0 {
			posts[i] = "<p>" + bot + " !whohas discourse</p>"
		}
	}
	return posts
}

func BenchmarkText50(b *testing.B) {
	posts := fifty(b)
	for b.Loop() {
		for _, p := range posts {
			Text(p)
		}
	}
}

func BenchmarkMentions50(b *testing.B) {
	posts := fifty(b)
	for b.Loop() {
		for _, p := range posts {
			Mentions(p)
		}
	}
}
