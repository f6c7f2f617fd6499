package discourse

import (
	"strings"
	"testing"
	"time"
)

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Hello, world.", "Hello, world."},
		{"@ana", "@\u200dana"},
		{"[date=2026-12-03] <b>", `\[date=2026-12-03\] &lt;b>`},
		{"# not a heading", `\# not a heading`},
		{"> not a quote\n- not a list\n1. nor this", "\\> not a quote\n\\- not a list\n1\\. nor this"},
		{"`code` *bold* a_b_c", "\\`code\\` \\*bold\\* a\\_b\\_c"},
		{"    indented code", "indented code"},
		{`C:\dir`, `C:\\dir`},
		{"20 pounds", "20 pounds"},
	} {
		if got := Escape(tt.in); got != tt.want {
			t.Errorf("Escape(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestLocalDate(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 12, 3, 18, 0, 0, 0, berlin), `[date=2026-12-03 time=18:00:00 timezone="Europe/Berlin"]`},
		{time.Date(2026, 12, 3, 18, 0, 0, 0, time.UTC), `[date=2026-12-03 time=18:00:00 timezone="UTC"]`},
		{time.Date(2026, 12, 3, 18, 0, 0, 0, time.FixedZone("", 3600)), ""},
		{time.Date(2026, 12, 3, 18, 0, 0, 0, time.FixedZone(`x" y="`, 3600)), ""},
		{time.Date(2026, 12, 3, 18, 0, 0, 0, time.Local), ""},
	} {
		if got, err := LocalDate(tt.at); got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("LocalDate(%v) = %q, %v; want %q", tt.at, got, err, tt.want)
		}
	}
}

func TestProblems(t *testing.T) {
	good := "A sentence that is long enough for anybody."
	for _, tt := range []struct {
		name string
		post NewPost
		want string // the beginning of the only problem, or ""
	}{
		{"a reply", NewPost{TopicID: 1, Raw: good}, ""},
		{"a short reply", NewPost{TopicID: 1, Raw: "Yes."}, "The text has 4 characters; the forum wants at least 20."},
		{"a short message", NewPost{Title: "Hi", Raw: "Yes, I can.", To: []string{"ana"}}, ""},
		{"a topic", NewPost{Title: "Minutes of 6 January", Raw: good, CategoryID: 5}, ""},
		{"without a category", NewPost{Title: "Minutes of 6 January", Raw: good}, "A topic needs a category."},
		{"a short title", NewPost{Title: "Minutes", Raw: good, CategoryID: 5}, "The title has 7 characters"},
		{"a long text", NewPost{TopicID: 1, Raw: strings.Repeat("wort ", 7000)}, "The text has 35000 characters; the forum allows 32000."},
		{"capitals", NewPost{TopicID: 1, Raw: strings.ToUpper(good)}, "The text is in capitals only."},
		{"tags", NewPost{Title: "Minutes of 6 January", Raw: good, CategoryID: 5, Tags: make([]Tag, 6)}, "There are 6 tags"},
		{"another script", NewPost{TopicID: 1, Raw: strings.Repeat("会議の議事録", 4)}, ""},
	} {
		got := tt.post.Problems(DefaultSettings)
		if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], tt.want)) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
