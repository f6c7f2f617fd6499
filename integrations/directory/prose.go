package directory

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	aTeamOf  = regexp.MustCompile(`(?i)\b(?:team|collective|group|crew|co-?op|co-?operative) of (?:about |around |over |just )?([a-z]+|\d{1,4})\b`)
	aBasedIn = regexp.MustCompile(`\b[Bb]ased in (?:the (?:centre|heart|city) of )?(\p{Lu}[\pL'’-]+(?: (?:upon|on|and|\p{Lu}[\pL'’-]+)){0,3})`)
)

var numberWords = map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20}

// prose looks at what a co-op says of itself, keeps none of it, and fills or
// questions the entry: "based in Dundee", "a team of 18" beside members: 12.
func (r *report) prose(line int, e *Entry, text string) {
	if len(text) > 64<<10 {
		text = text[:64<<10]
	}
	if m := aTeamOf.FindStringSubmatch(text); m != nil && e.Members > 0 {
		if n := spelt(m[1]); n > 0 && n != e.Members {
			r.add(line, "%s: the text says %s, the number of members is %d; the number is kept", e.Name, m[0], e.Members)
		}
	}
	if m := aBasedIn.FindStringSubmatch(text); m != nil && e.Town == "" {
		words := strings.Fields(m[1])
		for n := len(words); n > 0; n-- {
			if p, ok := Town(strings.Join(words[:n], " ")); ok {
				r.add(line, "%s: the town (%s) is taken from the text", e.Name, p.Name)
				e.Town = p.Name
				return
			}
		}
	}
}

func spelt(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return numberWords[strings.ToLower(s)]
}
