package news

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"git.coop/cotech/wortley/bot"
)

// section finds the section that somebody names, by its name or the
// beginning of it.
func (d *desk) section(name string) (string, bool) {
	want := folded(name)
	if len(want) < 3 {
		return "", false
	}
	for _, s := range d.Sections {
		if folded(s) == want {
			return s, true
		}
	}
	for _, s := range d.Sections {
		if strings.HasPrefix(folded(s), want) {
			return s, true
		}
	}
	return "", false
}

func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// signs are the words that speak for a section, by a word of its name.
var signs = []struct {
	section string
	words   *regexp.Regexp
}{
	{"welcome", regexp.MustCompile(`(?i)\b(welcom\w+|joined (us|cotech|the network)|new (member|co-?op)s?)\b`)},
	{"notes", regexp.MustCompile(`(?i)\b(notes (from|of)|minutes|circle call|general call)\b`)},
	{"involved", regexp.MustCompile(`(?i)\b(help wanted|(we are |we're )?looking for|wanted|jobs?|vacanc\w+|hiring|apply|tender|volunteers?|join (us|in)|survey|vote|proposals?|call for|have your say|sign up|consultation)\b`)},
	{"date", regexp.MustCompile(`(?i)\b(meets?|meetings?|gathering|assembly|workshop|webinar|conference|event|agm|save the date|weekend)\b|\b\d{1,2}(st|nd|rd|th)? (of )?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(mon|tues|wednes|thurs|fri|satur|sun)day\b`)},
}

// guess says which section an item belongs to, by its words.
func (d *desk) guess(p piece) string {
	for _, sign := range signs {
		if !sign.words.MatchString(p.title) && !sign.words.MatchString(firstWords(p.text, 25)) {
			continue
		}
		if s, ok := d.sectionWith(sign.section); ok {
			return s
		}
	}
	if s, ok := d.sectionWith("news"); ok {
		return s
	}
	return d.Sections[0]
}

// sectionWith returns the section whose name has a word in it.
func (d *desk) sectionWith(word string) (string, bool) {
	for _, s := range d.Sections {
		if strings.Contains(folded(s), word) {
			return s, true
		}
	}
	return "", false
}

func firstWords(s string, n int) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(n, len(words))], " ")
}

// sections is `!news sections`.
func (d *desk) sections(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	issue, err := d.current(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	items, err := d.db.NewsOf(ctx, issue.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	count := map[string]int{}
	for _, i := range items {
		if alive(i) {
			count[i.Section]++
		}
	}
	var parts []string
	for _, s := range d.Sections {
		parts = append(parts, fmt.Sprintf("%s %d", bot.Plain(s), count[s]))
	}
	return bot.Reply{Text: fmt.Sprintf("Sections of the %s newsletter, and how many items they hold: %s. `!news add %s: …` puts one there; without a section I guess.",
		monthName(issue), strings.Join(parts, " · "), strings.ToLower(bot.Code(d.Sections[len(d.Sections)-1])))}, nil
}
