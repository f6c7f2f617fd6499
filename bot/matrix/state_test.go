package matrix

import (
	"testing"
	"time"
)

// TestWhatCountsAsAway tells a server that was started again from a request
// that failed.
func TestWhatCountsAsAway(t *testing.T) {
	ms := func(n int) time.Time { return time.Unix(1, 0).Add(time.Duration(n) * time.Millisecond) }
	for _, tt := range []struct {
		name    string
		answers []int // in milliseconds, before and after the failure at 100
		want    bool
	}{
		{"one request failed among many", []int{80, 99, 102, 126}, false},
		{"nothing else was asked, and it is there at once", []int{99, 126}, false},
		{"started again", []int{99, 180}, true},
		{"started again, and a send is first to notice", []int{99, 180, 181, 190}, true},
		{"quiet before, so nobody knows", []int{10, 126}, true},
	} {
		var s state
		for i, at := range tt.answers {
			if at > 100 && (i == 0 || tt.answers[i-1] < 100) {
				s.miss()
			}
			s.answered(ms(at))
		}
		last := ms(tt.answers[len(tt.answers)-1])
		s.heard(last)
		if got := s.backSince().Equal(last); got != tt.want {
			t.Errorf("%s: it was away: %v, want %v", tt.name, got, tt.want)
		}
		s.answered(ms(900))
		if s.heard(ms(900)); s.backSince().Equal(ms(900)) {
			t.Errorf("%s: it is back again at a later round", tt.name)
		}
	}
}
