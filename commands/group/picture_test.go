package group

import (
	"bytes"
	"image/png"
	"testing"

	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/group/health"
)

// TestPicture looks at the squares of two groups in three weeks.
func TestPicture(t *testing.T) {
	data, err := picture([]row{
		{"Co-op Support and Development", []health.State{"", health.Fine, health.Quiet}},
		{"Ŵortley", []health.State{health.Resting, health.Resting, health.Closed}},
	}, when.Date{Year: 2026, Month: 1, Day: 5})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		week, row int
		want      health.State
	}{{1, 0, health.Fine}, {2, 0, health.Quiet}, {0, 1, health.Resting}, {2, 1, health.Closed}} {
		got := img.At(margin+names+tt.week*cell+cell/2, header+tt.row*cell+cell/2)
		if got != shades[tt.want] {
			t.Errorf("week %d of row %d is %v, want that of %s", tt.week, tt.row, got, tt.want)
		}
	}
	if r, _, _, _ := img.At(margin+names+cell/2, header+cell/2).RGBA(); r != 0xffff {
		t.Errorf("a week before the group began is not empty")
	}
	if len(data) > 20_000 {
		t.Errorf("the picture has %d bytes", len(data))
	}
}
