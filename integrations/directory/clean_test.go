package directory

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"  two \t\n words ", 20, "two words"},
		{"a\x00b\x1b[31mc\u0085d", 20, "ab[31mc d"},
		{"\u202Eevil\u202C \u2066x\u2069\u200F", 20, "evil x"},
		{"zero\u200Bwidth\uFEFF \u00ADsoft", 20, "zerowidth soft"},
		{"e\u0301", 20, "é"},
		{"no\u00A0break\u2028line", 20, "no break line"},
		{"blank\u3164\u115F!", 20, "blank!"},
		{"bad\xFFbytes", 20, "bad\uFFFDbytes"},
		{"abcdef", 3, "abc"},
		{"ab cdef", 3, "ab"},
		{"éééé", 3, "ééé"},
		{"<b>&amp;</b>", 20, "<b>&amp;</b>"},
		{"", 3, ""},
	} {
		if have := clean(tt.in, tt.max); have != tt.want {
			t.Errorf("clean(%q, %d) = %q, want %q", tt.in, tt.max, have, tt.want)
		}
	}
	long := clean(strings.Repeat("e\u0301", 1_000_000), 50)
	if n := utf8.RuneCountInString(long); n != 50 {
		t.Errorf("a million accents cleaned to 50 has %d", n)
	}
}

func TestSite(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"https://agile.coop/", "https://agile.coop/"}, {"http://web.coop", "http://web.coop"}, {"acme.coop", "https://acme.coop"},
		{"//acme.coop/x", "https://acme.coop/x"}, {"HTTPS://Acme.coop", "HTTPS://Acme.coop"}, {"https://acme.coop:8080/a?b=c#d", "https://acme.coop:8080/a?b=c#d"},
		{"javascript:alert(1)", ""}, {"mailto:a@acme.coop", ""}, {"ftp://acme.coop", ""}, {"data:text/html,x.y", ""},
		{"https://user:secret@acme.coop", ""}, {"localhost", ""}, {"https://", ""}, {"https://.", ""}, {"-", ""}, {"see our site", ""}, {"", ""},
		{"https://acme.coop/\"><script>", ""}, {"https://" + strings.Repeat("a", 400) + ".coop", ""},
		{"https://ac\u202Eme.coop", "https://acme.coop"},
	} {
		have, ok := site(tt.in)
		if have != tt.want || ok != (tt.want != "") {
			t.Errorf("site(%q) = %q, %v, want %q", tt.in, have, ok, tt.want)
		}
	}
}

func TestSameWebsite(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"http://www.outlandish.com", "https://outlandish.com/", true}, {"https://kin.coop/", "https://KIN.coop", true},
		{"https://a.coop/x", "https://a.coop/y", false}, {"", "", false}, {"https://", "http://", false},
	} {
		if have := SameWebsite(tt.a, tt.b); have != tt.want {
			t.Errorf("SameWebsite(%q, %q) = %v", tt.a, tt.b, have)
		}
	}
}

func TestSlug(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Agile Collective", "agile-collective"}, {"DEV: The Developer Society", "dev-the-developer-society"}, {"Form & Function", "form-function"},
		{"DCDC.io", "dcdc-io"}, {"Cambá", "camba"}, {"Smith's Forge", "smiths-forge"}, {"  -x- ", "x"}, {"協同", "協同"}, {"!!!", "coop-ckr8de"},
	} {
		if have := Slug(tt.in); have != tt.want {
			t.Errorf("Slug(%q) = %q, want %q", tt.in, have, tt.want)
		}
	}
}

func TestKey(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Node.js", "nodejs"}, {"node JS", "nodejs"}, {"C", "c"}, {"C#", "c#"}, {"c ++", "c++"}, {".NET", "dotnet"}, {"asp.net", "aspnet"},
		{"Let’s Encrypt", "letsencrypt"}, {"R&D", "randd"}, {"Ｃ＃", "c#"}, {"Übersetzung", "ubersetzung"}, {"...", ""}, {" .net", "dotnet"},
	} {
		if have := Key(tt.in); have != tt.want {
			t.Errorf("Key(%q) = %q, want %q", tt.in, have, tt.want)
		}
	}
}
