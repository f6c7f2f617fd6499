package when

import "testing"

// TestAnchorNames finds anchors whatever the case they were stored in, and the longest name first.
func TestAnchorNames(t *testing.T) {
	opt := Options{Now: wall(t, "2026-01-20T10:00"), Anchors: map[string]Date{
		"AGM": {2026, 3, 14}, "Board Meeting": {2026, 2, 10}, "board meeting in spring": {2026, 4, 10},
	}}
	for _, tt := range []struct{ phrase, want string }{
		{"a week before the AGM", "date 2026-03-07"},
		{"a week before the board meeting", "date 2026-02-03"},
		{"a week before our next Board", "date 2026-02-03"},
		{"a week before the board meeting in spring", "date 2026-04-03 (Good Friday)"},
		{"a week before the gathering", "ask [missing_anchor]"},
		{"two weeks before every AGM", `recurrence_anchor "AGM" -14`},
	} {
		if got := brief(Read(tt.phrase, opt)); got != tt.want {
			t.Errorf("%q = %s, want %s", tt.phrase, got, tt.want)
		}
	}
}
