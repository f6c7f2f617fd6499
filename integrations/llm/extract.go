package llm

import (
	"slices"
	"strings"
	"unicode"
)

// Extract picks from a thread the sentences that say most of what it is
// about: those whose words come again and again in it, and in its title. It
// needs no model, and is never wrong about what was said.
func Extract(t Thread) Summary {
	s := Summary{Of: len(t.Posts)}
	all := sentences(t)
	weigh(t.Title, all)
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := all[a].weight, all[b].weight; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	left := t.words()
	var picked []int
	for _, i := range order {
		if len(picked) == mostPoints || all[i].weight == 0 {
			break
		}
		if n := len(strings.Fields(all[i].text)); n <= left && !repeats(all, picked, i) {
			picked, left = append(picked, i), left-n
		}
	}
	slices.Sort(picked)
	for _, i := range picked {
		s.Points = append(s.Points, Point{Text: all[i].text, Post: all[i].post})
	}
	return s
}

// A sentence is a candidate.
type sentence struct {
	text   string
	post   string
	words  []string // that say something
	first  bool     // of the thread
	weight float64
}

// sentences are those of a thread that can stand alone, are harmless and are
// neither very short nor very long.
func sentences(t Thread) []sentence {
	var all []sentence
	room := mostThread
	for i, p := range t.Posts {
		text := clip(p.Text, mostPost)
		if room -= len(text); room < 0 {
			break
		}
		first := i == 0
		for _, one := range split(text) {
			one = oneLine(one)
			words := telling(one)
			if n := len(strings.Fields(one)); n < 4 || n > 40 || len(words) < 2 || !harmless(one) {
				continue
			}
			all = append(all, sentence{text: one, post: p.ID, words: words, first: first})
			first = false
		}
	}
	return all
}

// split divides a text at the ends of its sentences and lines.
func split(text string) []string {
	var all []string
	start := 0
	r := []rune(text)
	for i, c := range r {
		end := c == '\n' || strings.ContainsRune(".!?…", c) && (i+1 == len(r) || unicode.IsSpace(r[i+1]))
		if end {
			all, start = append(all, string(r[start:i+1])), i+1
		}
	}
	return append(all, string(r[start:]))
}

// weigh gives each sentence the mean weight of its words: how many sentences
// have them, twice that if the title has them too.
func weigh(title string, all []sentence) {
	in := map[string]float64{}
	for _, s := range all {
		for _, w := range unique(s.words) {
			in[w]++
		}
	}
	for _, w := range telling(title) {
		in[w] *= 2
	}
	for i := range all {
		s := &all[i]
		for _, w := range unique(s.words) {
			s.weight += in[w]
		}
		s.weight /= float64(len(unique(s.words)) + 2) // short ones are not better for being short
		if s.first {
			s.weight *= 2 // it says what the thread is about
		}
	}
}

// repeats reports whether a sentence says what a picked one says.
func repeats(all []sentence, picked []int, i int) bool {
	for _, p := range picked {
		same := 0
		for _, w := range unique(all[i].words) {
			if slices.Contains(all[p].words, w) {
				same++
			}
		}
		if 2*same > len(unique(all[i].words)) {
			return true
		}
	}
	return false
}

func unique(words []string) []string {
	w := slices.Clone(words)
	slices.Sort(w)
	return slices.Compact(w)
}

// telling are a text's words without those that every text has.
func telling(text string) []string {
	var all []string
	for _, w := range strings.Fields(plain(text)) {
		if len(w) > 2 && !everywhere[w] {
			all = append(all, strings.TrimSuffix(w, "s"))
		}
	}
	return all
}

var everywhere = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`the and for are was were with that this from have has had not but you your yours our ours they them their his her its she him who
		what when where which why how can could would should will shall may might must about into over under after before then than there here just very also some any
		all both each more most other such only own same too out off again once been being does did doing because until while during between through above below
		let get got one two i'm it's don't like think know want need see say said make made take going thanks thank hello hi dear please yes well really`) {
		m[w] = true
	}
	return m
}()
