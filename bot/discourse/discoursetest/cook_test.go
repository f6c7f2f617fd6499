package discoursetest

import (
	"strings"
	"testing"
)

// Behaviour 10: cooked HTML.
func TestCook(t *testing.T) {
	s := set(t, Options{Mode: Newest})
	s.AddUser("José.B-1", User{})
	s.AddGroup("gardeners", Group{Mentionable: true}, "ana")
	s.AddTag("tools")
	for _, tt := range []struct{ raw, want string }{
		{"Hello @Ana.", `<p>Hello <a class="mention" href="/u/ana">@Ana</a>.</p>`},
		{"Hello @josé.b-1!", `<p>Hello <a class="mention" href="/u/josé.b-1">@josé.b-1</a>!</p>`},
		{"Hello @nobody", `<p>Hello <span class="mention">@nobody</span></p>`},
		{"@gardeners, come", `<p><a class="mention-group" href="/groups/gardeners">@gardeners</a>, come</p>`},
		{"mail ana@ana.example", `<p>mail <a href="mailto:ana@ana.example">ana@ana.example</a></p>`},
		{"say `@ana`", `<p>say <code>@ana</code></p>`},
		{"    @ana", "<pre><code>@ana\n</code></pre>"},
		{"```\n[quote=\"ana\"]\n@ana\n[/quote]\n```", "<pre><code>[quote=&quot;ana&quot;]\n@ana\n[/quote]\n</code></pre>"},
		{"one\ntwo", "<p>one<br>\ntwo</p>"},
		{"[ask @ana](https://a.example)", `<p><a href="https://a.example">ask @ana</a></p>`},
		{"\\@ana", `<p>@ana</p>`},
		{"see #general", `<p>see <a class="hashtag-cooked" href="/c/general/2" data-type="category" data-slug="general" data-id="2"><span class="hashtag-icon-placeholder"></span><span>general</span></a></p>`},
		{"no #such, but #tools::tag", `<p>no #such, but <a class="hashtag-cooked" href="/tag/tools" data-type="tag" data-slug="tools" data-id="1"><span class="hashtag-icon-placeholder"></span><span>tools</span></a></p>`},
		{"done\n\n<!-- key:7 -->", `<p>done</p>`},
		{"a <b>bold</b> <script>alert(1)</script>", `<p>a <b>bold</b> alert(1)</p>`},
		{"https://a.example/x", `<p><a href="https://a.example/x" class="onebox" target="_blank" rel="noopener nofollow ugc">https://a.example/x</a></p>`},
		{"<https://a.example/x>", `<p><a href="https://a.example/x">https://a.example/x</a></p>`},
		{"[quote=\"ana, post:3, topic:12\"]\n@ben said\n[/quote]\nyes", "<aside class=\"quote no-group\" data-username=\"ana\" data-post=\"3\" data-topic=\"12\">\n<div class=\"title\">\n<div class=\"quote-controls\"></div>\n ana:</div>\n<blockquote>\n<p><a class=\"mention\" href=\"/u/ben\">@ben</a> said</p>\n</blockquote>\n</aside>\n<p>yes</p>"},
		{"[date=2026-07-03 time=18:00 timezone=\"Europe/London\"]", `<p><span data-date="2026-07-03" data-time="18:00:00" data-timezone="Europe/London" class="discourse-local-date" data-email-preview="2026-07-03T17:00:00Z UTC">2026-07-03T17:00:00Z</span></p>`},
		{"[date=2026-12-03]", `<p><span data-date="2026-12-03" class="discourse-local-date" data-email-preview="2026-12-03T00:00:00Z UTC">2026-12-03T00:00:00Z</span></p>`},
		{"[date=2026-07-03 time=18:00:00 timezone=\"Europe/Lundon\"]", `<p><span data-date="2026-07-03" data-time="18:00:00" class="discourse-local-date" data-email-preview="2026-07-03T18:00:00Z UTC">2026-07-03T18:00:00Z</span></p>`},
		{"[date=2026-13-03]", `<p>Invalid date</p>`},
		{"[event start=\"2026-12-03 18:00\"]\n[/event]", "<p>[event start=&quot;2026-12-03 18:00&quot;]<br>\n[/event]</p>"},
	} {
		if got := s.Cook(tt.raw); got != tt.want {
			t.Errorf("Cook(%q)\n got %q\nwant %q", tt.raw, got, tt.want)
		}
	}
	both := s.Cook("[date-range from=2026-12-03T18:00 to=2026-12-03T19:30 timezone=\"Europe/Berlin\"]")
	s.contains("from", both, `data-range="from"`)
	s.contains("to", both, `data-range="to"`)
	s.contains("to", both, "2026-12-03T18:30:00Z")
}

// Who is told: those named outside quotes, code and previews.
func TestMentioned(t *testing.T) {
	s := set(t, Options{Mode: Newest})
	topic := s.NewTopic("ana", s.general.ID, "Who has the ladder?", "Ask @mod.")
	s.Say("ana", topic.ID, "[quote=\"nobody\"]\n@wortley\n[/quote]\nand `@wortley` and\n\n```\n@wortley\n```\n")
	s.equal("notifications of wortley", len(s.Notifications("wortley")), 0)
	link := s.Say("ben", topic.ID, "https://a.example/admin")
	s.Onebox(link.ID)
	got := s.Post(link.ID)
	s.contains("preview", got.Cooked, `<aside class="onebox`)
	s.equal("version", got.Version, 1)
	s.equal("text", got.Raw, "https://a.example/admin")
	s.equal("notifications of admin", len(s.Notifications("admin")), 0)
	s.Rename("mod", "modesty")
	s.equal("a renamed account", s.Posts(topic.ID)[0].Raw, "Ask @modesty.")
	s.holds("its link", strings.Contains(s.Posts(topic.ID)[0].Cooked, "/u/modesty"))
}
