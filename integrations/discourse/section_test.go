package discourse

import (
	"slices"
	"testing"
)

func TestSections(t *testing.T) {
	one, two := Mark("First, in\n\ntwo paragraphs.", "a1"), Mark("Second.", "b-2")
	for _, tt := range []struct {
		raw  string
		want []Section
	}{
		{"", nil},
		{"No mark.", []Section{{"No mark.", ""}}},
		{one, []Section{{"First, in\n\ntwo paragraphs.", "a1"}}},
		{one + "\n\n" + two, []Section{{"First, in\n\ntwo paragraphs.", "a1"}, {"Second.", "b-2"}}},
		{one + "\n\nAdded by a moderator.", []Section{{"First, in\n\ntwo paragraphs.", "a1"}, {"Added by a moderator.", ""}}},
		{"In `<!-- c3 -->` code", []Section{{"In `<!-- c3 -->` code", ""}}},
	} {
		got := Sections(tt.raw)
		if !slices.Equal(got, tt.want) {
			t.Errorf("Sections(%q) = %q, want %q", tt.raw, got, tt.want)
		}
		if again := Join(got); again != tt.raw {
			t.Errorf("Join(Sections(%q)) = %q", tt.raw, again)
		}
	}
	if got := MarksOf(one + "\n\n" + two); !slices.Equal(got, []string{"a1", "b-2"}) {
		t.Errorf("marks %q", got)
	}
}
