package directory

import (
	"regexp"
	"strconv"
	"time"
)

// name reads the name of a co-op; contact details in it are taken out.
func (r *report) name(line int, s string) string {
	if full := clean(s, 10*maxName); len(full) > maxName && clean(full, maxName) != full {
		r.add(line, "a name of more than %d characters is cut: %s", maxName, full)
	}
	s, had := private(clean(s, maxName))
	if had {
		r.add(line, "contact details in a name are not kept")
	}
	return s
}

// website reads an address.
func (r *report) website(line int, s string) string {
	if clean(s, maxURL) == "" {
		return ""
	}
	u, ok := site(s)
	if !ok {
		if _, had := private(s); had {
			s = "contact details"
		}
		r.add(line, "not a website address: %s", s)
	}
	return u
}

var wholeNumber = regexp.MustCompile(`^\s*(\d{1,5})\s*\+?\s*$`)

// members reads a number of people; "40+" is 40.
func (r *report) members(line int, s string) int {
	if clean(s, 20) == "" {
		return 0
	}
	m := wholeNumber.FindStringSubmatch(s)
	if m == nil {
		r.add(line, "not a number of members: %s", s)
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// date reads an ISO date, or a British one (02/01/2006).
func (r *report) date(line int, s string) time.Time {
	s = clean(s, 40)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{"2006-01-02", "2/1/2006", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1800 && t.Year() < 2200 {
			y, m, d := t.Date()
			return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		}
	}
	r.add(line, "not a date (want 2025-07-31): %s", s)
	return time.Time{}
}
