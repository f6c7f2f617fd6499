package markdown

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	for _, tt := range []struct{ in, plain, slack string }{
		{"Hello **all**, *you* too", "Hello all, you too", "Hello *all*, _you_ too"},
		{"one\ntwo", "one\ntwo", "one\ntwo"},
		{"one\n\ntwo", "one\n\ntwo", "one\n\ntwo"},
		{"[Fair](https://hub.example/t/1)", "Fair (https://hub.example/t/1)", "<https://hub.example/t/1|Fair>"},
		{"see https://hub.example/?a=1&b=2", "see https://hub.example/?a=1&b=2", "see <https://hub.example/?a=1&amp;b=2|https://hub.example/?a=1&amp;b=2>"},
		{"# Dates\n\n- one\n- two\n  more", "Dates\n-----\n\n- one\n- two\n  more", "*Dates*\n\n• one\n• two\n  more"},
		{"3. three\n4. four", "3. three\n4. four", "3. three\n4. four"},
		{"- a\n  - b\n- c", "- a\n  - b\n- c", "• a\n  • b\n• c"},
		{"> quoted\n> twice", "> quoted\n> twice", "> quoted\n> twice"},
		{"`!news add x`", "`!news add x`", "`!news add x`"},
		{"```\na < b\n```", "    a < b", "```\na &lt; b\n```"},
		{`\*not bold\* \[no\](link) \<b>`, "*not bold* [no](link) <b>", "*not bold* [no](link) &lt;b&gt;"},
		{"<b>bold</b> <script>x</script>", "bold x", "bold x"},
		{"<!channel> <@U123> &lt;!here&gt;", "<!channel> <@U123> <!here>", "&lt;!channel&gt; &lt;@U123&gt; &lt;!here&gt;"},
		{"[x](javascript:alert(1))", "x (javascript:alert(1))", "x"},
		{"~~old~~ new", "old new", "~old~ new"},
		{"a\n***\nb", "a\n\n* * *\n\nb", "a\n\n* * *\n\nb"},
		{"", "", ""},
	} {
		if got := Plain(tt.in); got != tt.plain {
			t.Errorf("Plain(%q) = %q, want %q", tt.in, got, tt.plain)
		}
		if got := Slack(tt.in); got != tt.slack {
			t.Errorf("Slack(%q) = %q, want %q", tt.in, got, tt.slack)
		}
	}
}

func TestHTMLIsHarmless(t *testing.T) {
	got := HTML("**b** <script>x</script> [x](javascript:alert(1)) [y](data:text/html,x) <img src=x onerror=y>\nnext")
	for _, bad := range []string{"<script", "javascript:", "data:text", "onerror"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q is in %q", bad, got)
		}
	}
	if !strings.Contains(got, "<strong>b</strong>") || !strings.Contains(got, "<br>") {
		t.Errorf("got %q", got)
	}
}
