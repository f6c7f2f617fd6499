package discourse_test

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

// TestFreshness counts what a bot in posts, messages and chat asks of a forum
// within the default budget, and how long people wait for their answers.
func TestFreshness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "hub", discoursetest.Newest, rand.New(rand.NewPCG(1, 2)))
		stop := runBot(t, filepath.Join(t.TempDir(), "bot.db"), &listener{}, []*world{w})
		time.Sleep(10 * time.Minute)
		w.f.ForgetRequests()
		time.Sleep(30 * time.Minute)
		idle := w.f.Requests()
		if most := busiest(idle); most > 12 {
			t.Errorf("with nothing going on it asks %d times in a minute, want 12 at most", most)
		}
		w.f.ForgetRequests()
		var asked []int64
		for i := range 30 {
			switch i % 3 {
			case 0:
				asked = append(asked, w.f.Say("ana", w.topic(), "@wortley echo "+w.word(1)).ID)
			case 1:
				asked = append(asked, w.f.PM("ben", "About "+w.word(1), "echo "+w.lastWord(), "wortley").ID)
				asked[len(asked)-1] = w.f.PostsIn(asked[len(asked)-1])[0].ID
			case 2:
				w.f.ChatSay("ana", w.shed, "!echo "+w.word(1))
			}
			time.Sleep(time.Duration(20+w.rng.IntN(80)) * time.Second)
		}
		if most := busiest(w.f.Requests()); most > 15 {
			t.Errorf("it asks %d times in a minute, want 15 at most", most)
		}
		time.Sleep(time.Minute)
		stop()
		waits := w.waits(t, asked)
		late := 0
		for _, wait := range waits {
			if wait > 21*time.Second {
				late++
			}
		}
		if late > 3 || longest(waits) > 40*time.Second { // now and then the budget is used up by what was asked at once
			t.Errorf("%d of %d waited for more than 21 s, the longest %s", late, len(waits), longest(waits))
		}
		t.Logf("idle: %.1f requests a minute, %d in the busiest; talking: %d in the busiest; %d answers within %s",
			float64(len(idle))/30, busiest(idle), busiest(w.f.Requests()), len(waits), longest(waits))
	})
}

// busiest is the most requests in any 60 seconds.
func busiest(all []discoursetest.Request) (most int) {
	for i := range all {
		n := 0
		for _, r := range all[i:] {
			if r.At.Sub(all[i].At) < time.Minute {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// waits are the times from posts and chat messages to their answers.
func (w *world) waits(t *testing.T, asked []int64) (all []time.Duration) {
	t.Helper()
	for _, id := range asked {
		p := w.f.Post(id)
		word := strings.TrimSpace(p.Raw[strings.LastIndex(p.Raw, " "):])
		for _, a := range w.f.PostsBy("wortley") {
			if strings.Contains(a.Raw, "I hear "+word+".") {
				all = append(all, a.CreatedAt.Sub(p.CreatedAt))
			}
		}
	}
	messages := w.f.ChatMessages(w.shed)
	for _, m := range messages {
		word, ok := strings.CutPrefix(m.Text, "!echo ")
		for _, a := range messages {
			if ok && strings.Contains(a.Text, "I hear "+word+".") {
				all = append(all, a.CreatedAt.Sub(m.CreatedAt))
			}
		}
	}
	if len(all) != 30 {
		t.Errorf("%d answers, want 30", len(all))
	}
	return all
}

func longest(all []time.Duration) (most time.Duration) {
	for _, d := range all {
		most = max(most, d)
	}
	return most
}
