package whohas

import (
	"regexp"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/integrations/directory"
)

// A query is a question about skills, as it was read.
type query struct {
	any      [][]term // any of these groups; in a group, all of them
	place    *directory.Place
	area     *directory.Area
	nowhere  string // a place that we do not know
	capacity bool
	former   bool
	page     int // 0 is the first
}

// A term is one skill that is asked for, or must not be there.
type term struct {
	text string
	not  bool
}

var (
	capacityWords = regexp.MustCompile(`(?i)\b(?:(?:with|and|has|have|having)\s+(?:spare\s+|free\s+)?capacity|with\s+time|available\s+now)\b`)
	formerWords   = regexp.MustCompile(`(?i)(?:^former(?:ly)?\s+|\s+(?:incl(?:uding)?\s+)?former(?:ly)?(?:\s+(?:members|co-?ops))?$)`)
	moreWords     = regexp.MustCompile(`(?i)\s+more(?:\s+(\d{1,2}))?$`)
	nearWords     = regexp.MustCompile(`(?i)(?:^|\s)(near(?:\s+to)?|close\s+to|around|in)\s+(\S.*)$`)
	orWords       = regexp.MustCompile(`(?i)\s+or\s+|\s+[|/]\s+|\b[|/]\b`)
	andWords      = regexp.MustCompile(`(?i)\s+and\s+|\s*[+&,;]\s+|\s+[+&]\s*`)
	notWords      = regexp.MustCompile(`(?i)\s+(?:but\s+)?(?:not|without)\s+`)
	notFirst      = regexp.MustCompile(`(?i)^(?:not|without)\s+`)
)

// parseQuery reads a question. known says which phrases are a skill as they
// stand, so that "Branding and Identity" and "HTML/CSS" stay whole.
func parseQuery(s string, known func(string) bool) query {
	var q query
	if m := moreWords.FindStringSubmatch(s); m != nil && !known(s) {
		q.page = 1
		if n, err := strconv.Atoi(m[1]); err == nil {
			q.page = max(n-1, 1)
		}
		s = moreWords.ReplaceAllString(s, "")
	}
	if capacityWords.MatchString(s) {
		q.capacity = true
		s = strings.TrimSpace(capacityWords.ReplaceAllString(s, " "))
	}
	if formerWords.MatchString(s) {
		q.former = true
		s = formerWords.ReplaceAllString(s, "")
	}
	s = strings.TrimSpace(q.cutPlace(s, known))
	if s != "" {
		q.any = alternatives(s, known)
	}
	return q
}

// cutPlace reads "near Glasgow" and "in Scotland" off the end.
func (q *query) cutPlace(s string, known func(string) bool) string {
	m := nearWords.FindStringSubmatchIndex(s)
	if m == nil || known(s) {
		return s
	}
	word, name := strings.ToLower(s[m[2]:m[3]]), strings.TrimSpace(s[m[4]:m[5]])
	if p, ok := directory.Town(name); ok {
		q.place = &p
		return s[:m[0]]
	}
	if a, ok := directory.Region(name); ok {
		q.area = &a
		return s[:m[0]]
	}
	if word == "in" {
		return s // "experts in drupal": not a place after all
	}
	q.nowhere = name
	return s[:m[0]]
}

func alternatives(s string, known func(string) bool) [][]term {
	if known(s) {
		return [][]term{{{text: s}}}
	}
	var groups [][]term
	for _, part := range split(s, orWords, known) {
		var all []term
		for _, p := range split(part, andWords, known) {
			all = append(all, terms(p, known)...)
		}
		groups = append(groups, all)
	}
	return groups
}

// split cuts s where sep matches, unless s is a skill as it stands.
func split(s string, sep *regexp.Regexp, known func(string) bool) []string {
	if known(s) {
		return []string{s}
	}
	var parts []string
	for _, p := range sep.Split(s, 12) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// terms reads "php not wordpress" into its two terms.
func terms(s string, known func(string) bool) []term {
	if known(s) {
		return []term{{text: s}}
	}
	first := notFirst.MatchString(s)
	s = notFirst.ReplaceAllString(s, "")
	var all []term
	for i, p := range notWords.Split(s, 6) {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, term{text: p, not: i > 0 || first})
		}
	}
	return all
}
