package discourse

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestPaceIsNeverExceeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGovernor(Pace{PerMinute: 15, Reserve: 3, Patience: time.Hour})
		var mu sync.Mutex
		var reads, all []time.Time
		var wg sync.WaitGroup
		for i := range 120 {
			write := i%10 == 0
			wg.Go(func() {
				if err := g.wait(t.Context(), "test", write); err != nil {
					t.Errorf("wait: %v", err)
				}
				mu.Lock()
				defer mu.Unlock()
				all = append(all, time.Now())
				if !write {
					reads = append(reads, time.Now())
				}
			})
		}
		wg.Wait()
		checkPace(t, "requests", all, 15)
		checkPace(t, "reads", reads, 12)
		if took := time.Since(all[0]); took > 10*time.Minute {
			t.Errorf("120 requests took %v", took)
		}
	})
}

func checkPace(t *testing.T, what string, times []time.Time, most int) {
	t.Helper()
	for i := range times {
		if i >= most && times[i].Sub(times[i-most]) < time.Minute {
			t.Errorf("more than %d %s within a minute, at number %d", most, what, i)
			return
		}
	}
}

func TestBurstsStayBelowTheLimitOfAnAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGovernor(Pace{PerMinute: 200, Reserve: 10})
		begun := time.Now()
		for range 100 {
			if err := g.wait(t.Context(), "test", true); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took != 20*time.Second {
			t.Errorf("100 requests took %v, want two pauses of ten seconds", took)
		}
		g = NewGovernor(Pace{PerMinute: 1000})
		begun = time.Now()
		for range 100 {
			if err := g.wait(t.Context(), "test", true); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("where the limit is lifted 100 requests took %v", took)
		}
	})
}

func TestWritesHaveAReserve(t *testing.T) {
	g := NewGovernor(Pace{PerMinute: 5, Reserve: 2, Patience: time.Nanosecond})
	for i := range 4 {
		if err := g.wait(ctx, "read", false); (err != nil) != (i == 3) {
			t.Errorf("read %d: %v", i, err)
		}
	}
	for i := range 3 {
		err := g.wait(ctx, "write", true)
		if (err != nil) != (i == 2) {
			t.Errorf("write %d: %v", i, err)
		}
		if i == 2 && (!errors.Is(err, ErrRateLimited) || Wait(err) <= 0 || Wait(err) > time.Minute) {
			t.Errorf("the last write: %v, wait %v", err, Wait(err))
		}
	}
}

func TestPauseHalvesThePaceAndTimeGivesItBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGovernor(Pace{PerMinute: 16, Reserve: 3, Patience: time.Hour})
		g.pause(50 * time.Second)
		g.pause(40 * time.Second) // at the same time: one refusal more of the same
		if s := g.State(); s.PerMinute != 8 || s.Until.IsZero() {
			t.Errorf("after a 429: %+v", s)
		}
		begun := time.Now()
		if err := g.wait(t.Context(), "test", true); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(begun); d < 50*time.Second || d > 56*time.Second {
			t.Errorf("waited %v", d)
		}
		time.Sleep(4 * time.Minute)
		if s := g.State(); s.PerMinute != 12 || !s.Until.IsZero() {
			t.Errorf("four minutes later: %+v", s)
		}
		time.Sleep(time.Hour)
		if s := g.State(); s.PerMinute != 16 {
			t.Errorf("an hour later: %+v", s)
		}
	})
}

func TestWaitEndsWithTheContextAndKnowsItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGovernor(Pace{PerMinute: 15})
		g.pause(20 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begun := time.Now()
		if err := g.wait(ctx, "test", false); !errors.Is(err, ErrRateLimited) || time.Since(begun) != 0 {
			t.Errorf("a deadline before the end of the pause: %v after %v", err, time.Since(begun))
		}
		ctx, stop := context.WithCancel(t.Context())
		go func() { time.Sleep(time.Second); stop() }()
		if err := g.wait(ctx, "test", false); !errors.Is(err, context.Canceled) || time.Since(begun) != time.Second {
			t.Errorf("a cancelled wait: %v after %v", err, time.Since(begun))
		}
		g.pause(time.Hour)
		if err := g.wait(t.Context(), "test", false); Wait(err) < 59*time.Minute {
			t.Errorf("a pause beyond patience: %v", err)
		}
	})
}

func TestAnotherClockCanBeUsed(t *testing.T) {
	now := time.Date(2026, 1, 6, 14, 0, 0, 0, time.UTC)
	g := NewGovernor(Pace{PerMinute: 2, Reserve: 1, Patience: time.Hour, Now: func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }})
	for range 4 {
		if err := g.wait(ctx, "test", false); err != nil {
			t.Fatal(err)
		}
	}
	if want := "14:03:00"; now.Format(time.TimeOnly) != want {
		t.Errorf("the fourth read was at %s, want %s", now.Format(time.TimeOnly), want)
	}
}
