package terminal

import "testing"

func TestText(t *testing.T) {
	for _, tt := range []struct{ in, plain, colour string }{
		{"plain", "plain", "plain"},
		{"**Drupal**: 6", "Drupal: 6", "\x1b[1mDrupal\x1b[0m: 6"},
		{"try `!coop agile`.", "try `!coop agile`.", "try \x1b[36m!coop agile\x1b[0m."},
		{"- one\n- two", "• one\n• two", "• one\n• two"},
		{"  - deeper", "  • deeper", "  • deeper"},
		{"## Title", "Title", "\x1b[1mTitle\x1b[0m"},
		{`C\# \*not\* bold \[x\] \\`, `C# *not* bold [x] \`, `C# *not* bold [x] \`},
		{"*soft* words", "soft words", "soft words"},
		{"2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"},
		{"[here](https://a.coop/x)", "here (https://a.coop/x)", "here (https://a.coop/x)"},
		{"[https://a.coop](https://a.coop)", "https://a.coop", "https://a.coop"},
		{"[broken](oops", "[broken](oops", "[broken](oops"},
		{"snake_case_name", "snake_case_name", "snake_case_name"},
		{"```\ncode **here**\n```", "code **here**", "code **here**"},
		{"an **open end", "an **open end", "an **open end"},
		{"a `lone quote", "a `lone quote", "a `lone quote"},
		{"\x1b[2Jgone\u202e", "[2Jgone", "[2Jgone"},
		{"!", "!", "!"},
		{"", "", ""},
	} {
		if got := Text(tt.in, false); got != tt.plain {
			t.Errorf("Text(%q, false) = %q, want %q", tt.in, got, tt.plain)
		}
		if got := Text(tt.in, true); got != tt.colour {
			t.Errorf("Text(%q, true) = %q, want %q", tt.in, got, tt.colour)
		}
	}
}

func TestComplete(t *testing.T) {
	s := screen{words: []string{"!whohas", "!wanted", "!help", "/help"}}
	for _, tt := range []struct {
		line, want string
		ok         bool
	}{
		{"!wh", "!whohas ", true},
		{"!w", "", false}, // !whohas or !wanted
		{"!h", "!help ", true},
		{"", "", false},
		{"!x", "", false},
	} {
		got, _, ok := s.complete(tt.line, len(tt.line), '\t')
		if got != tt.want || ok != tt.ok {
			t.Errorf("complete(%q) = %q, %v, want %q, %v", tt.line, got, ok, tt.want, tt.ok)
		}
	}
}
