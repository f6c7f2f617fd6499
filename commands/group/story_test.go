package group_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot/bottest"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// TestStories plays the story of a group that nearly died, and holds what a
// thoughtful colleague would do in it. It plays each file once: they are long.
func TestStories(t *testing.T) {
	for _, file := range []string{"testdata/story/from-april.txt", "testdata/story/on-the-forum.txt"} {
		got, lines, err := player().Play(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := bottest.Diff(string(written), got); d != "" && !bottest.Updating() {
			t.Errorf("%s: the bot says something else:\n%s", file, d)
		} else if d != "" {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		holdsBack(t, file, lines)
	}
}

// holdsBack checks that the bot seldom spoke unasked in the group, chores of
// booked meetings counted in, kept still in the
// holidays, named nobody who was silent, and booked nothing without a yes.
func holdsBack(t *testing.T, file string, lines []bottest.Line) {
	told, booked := 0, 0
	person := bottest.Line{}
	for _, l := range lines {
		if l.From != "bot" {
			person = l
			continue
		}
		inGroup := l.Place == "csd"
		if inGroup && !l.Asked && l.At.After(day("2024-11-13")) && l.At.Before(day("2024-12-19")) && l.Kind == "said" {
			told++
		}
		if l.Place != "@ana" && !l.Asked && l.At.After(day("2024-12-20")) && l.At.Before(day("2025-01-04")) {
			t.Errorf("%s: said in the holidays, on %s: %s", file, l.At.Format("2 Jan"), l.Text)
		}
		if inGroup && strings.Contains(l.Text, "cleo") {
			t.Errorf("%s: names somebody who is silent: %s", file, l.Text)
		}
		if strings.HasPrefix(l.Text, "📅") && l.Kind == "said" {
			booked++
			if yes := person.Text == "yes" || person.Emoji == "✅"; !yes {
				t.Errorf("%s: booked without a yes, after %q: %s", file, person.Text, l.Text)
			}
		}
	}
	if told > 9 {
		t.Errorf("%s: spoke unasked in the group %d times from 13 November to 18 December, want at most 9", file, told)
	}
	if booked == 0 {
		t.Errorf("%s: nothing was booked", file)
	}
}
