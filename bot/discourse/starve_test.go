package discourse_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"git.coop/cotech/wortley/bot/discourse/discoursetest"
)

// inAWorld tries something on a forum with a bot, and then counts answers.
func inAWorld(t *testing.T, try func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "hub", discoursetest.Newest, rand.New(rand.NewPCG(3, 4)))
		stop := runBot(t, filepath.Join(t.TempDir(), "bot.db"), &listener{}, []*world{w})
		time.Sleep(time.Minute)
		try(w)
		stop()
		got := w.answers()
		for word, want := range w.want {
			if got[word] != want {
				t.Errorf("%s (%s) was answered %d times, want %d", word, w.made[word], got[word], want)
			}
		}
	})
}

// TestChatAfterALostKey has a forum say for a moment that there is nothing
// for the bot, as one does that lost its key.
func TestChatAfterALostKey(t *testing.T) {
	inAWorld(t, func(w *world) {
		w.chat()
		time.Sleep(2 * time.Minute)
		w.f.StripKey(true)
		time.Sleep(time.Minute)
		w.f.StripKey(false)
		w.chat()
		time.Sleep(8 * time.Minute)
	})
}

// TestChangesInABusyHour has a command edited and another taken back half an
// hour after they were answered, while people go on talking everywhere.
func TestChangesInABusyHour(t *testing.T) {
	inAWorld(t, func(w *world) {
		w.mention()
		w.mention()
		for range 45 {
			w.chat()
			time.Sleep(40 * time.Second)
		}
		w.mature()
		w.change()
		w.takeBack()
		for range 45 {
			w.chat()
			time.Sleep(40 * time.Second)
		}
		time.Sleep(5 * time.Minute)
	})
}
