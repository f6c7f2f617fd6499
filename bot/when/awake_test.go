package when

import (
	"testing"
	"time"
)

func TestAwake(t *testing.T) {
	for _, tt := range []struct {
		in     string
		nation Nation
		want   string
	}{
		{"2026-01-06 14:00", "", "2026-01-06 14:00"},              // a Tuesday afternoon
		{"2026-01-06 20:00", "", "2026-01-07 08:00"},              // from eight in the evening
		{"2026-01-06 19:59", "", "2026-01-06 19:59"},              //
		{"2026-01-07 07:59", "", "2026-01-07 08:00"},              // until eight in the morning
		{"2026-01-09 20:30", "", "2026-01-12 08:00"},              // over a weekend
		{"2026-01-10 12:00", "", "2026-01-12 08:00"},              //
		{"2026-04-02 21:00", "", "2026-04-07 08:00"},              // over Easter
		{"2026-12-23 20:00", "", "2027-01-04 08:00"},              // from Christmas Eve to the new year
		{"2026-12-23 19:00", "", "2026-12-23 19:00"},              //
		{"2026-03-27 22:00", "", "2026-03-30 08:00"},              // over a change of the clocks
		{"2026-11-30 10:00", Scotland, "2026-12-01 08:00"},        // St Andrew's Day
		{"2026-11-30 10:00", "", "2026-11-30 10:00"},              // is a working day elsewhere
		{"2026-07-13 09:00", NorthernIreland, "2026-07-14 08:00"}, // the Twelfth, a Sunday, is kept on Monday
	} {
		in, err := time.ParseInLocation("2006-01-02 15:04", tt.in, London)
		if err != nil {
			t.Fatal(err)
		}
		if got := Awake(in, London, tt.nation).In(London).Format("2006-01-02 15:04"); got != tt.want {
			t.Errorf("Awake(%s, %q) = %s, want %s", tt.in, tt.nation, got, tt.want)
		}
	}
}
