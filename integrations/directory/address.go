package directory

import (
	"html"
	"regexp"
	"strings"
)

var (
	aPostcode = regexp.MustCompile(`(?i)\b(GIR ?0AA|[A-Z]{1,2}[0-9][A-Z0-9]? *[0-9][A-Z]{2})\b\.?`)
	aStreet   = regexp.MustCompile(`(?i)\b(street|road|rd|lane|avenue|ave|close|drive|house|flat|floor|unit|court|terrace|studios?|building|c/o)\b`)
)

// TownIn finds the town in a street address whose parts are divided by commas
// or line breaks, looking from its end, and returns nothing finer than that:
// "113 Fonthill Road, London N4 3HH" is in London.
func TownIn(address string) (Place, bool) {
	if len(address) > 1000 {
		address = address[:1000]
	}
	parts := strings.FieldsFunc(html.UnescapeString(address), func(r rune) bool { return r == ',' || r == '\n' || r == ';' })
	for i := len(parts) - 1; i >= 0; i-- {
		part := strings.Trim(aPostcode.ReplaceAllString(parts[i], ""), " .\r\t")
		if p, ok := Town(part); ok {
			return p, true
		}
		if part != strings.TrimSpace(parts[i]) || len(parts) == 1 { // "74 High Street Colchester CO1 1UE"
			if p, ok := lastWords(part); ok {
				return p, true
			}
		}
	}
	return Place{}, false
}

// lastWords finds a town at the end of a line: "London" or "Newcastle upon
// Tyne" after other words.
func lastWords(line string) (Place, bool) {
	words := strings.Fields(line)
	for n := min(3, len(words)); n > 0; n-- {
		if p, ok := Town(strings.Join(words[len(words)-n:], " ")); ok {
			return p, true
		}
	}
	return Place{}, false
}

// town reads a column or key that should hold a town but may hold anything: a
// known town by its proper name, another place in as many words, and nothing
// at all of what looks like a street address without a known town.
func (r *report) town(line int, s string) string {
	full := clean(s, 1000)
	s = clean(s, maxTown)
	if p, ok := Town(s); ok {
		return p.Name
	}
	if NoPlace(s) {
		return s
	}
	if _, ok := Region(s); ok {
		return s
	}
	plain, hadContact := private(s)
	street := digits(plain) > 0 || aStreet.MatchString(plain) || len(full) > maxTown || hadContact
	if p, ok := TownIn(full); ok {
		if street {
			r.add(line, "only the town (%s) is kept of an address", p.Name)
		}
		return p.Name
	}
	if street {
		r.add(line, "an address without a town that is known here: not kept")
		return ""
	}
	return plain
}
