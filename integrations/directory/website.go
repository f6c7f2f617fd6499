package directory

import (
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Slug returns the name as the website would write it in an address: lower
// case, accents gone, words joined by hyphens. A name without a single letter
// or digit gets a stable made-up one.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range fold(name) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = r != '\'' && r != '’' && b.Len() > 0 || gap
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
		if b.Len() >= maxSlug {
			break
		}
	}
	if b.Len() == 0 {
		h := fnv.New32a()
		h.Write([]byte(name))
		return "coop-" + strconv.FormatUint(uint64(h.Sum32()), 36)
	}
	return b.String()
}

// slugOr returns a slug that a source gave, if it is one (principle_six is),
// and else the slug of the name.
func slugOr(given, name string) string {
	given = strings.ToLower(strings.TrimSpace(given))
	if given == "" || len(given) > maxSlug {
		return Slug(name)
	}
	for i, r := range given {
		ok := unicode.IsLetter(r) || unicode.IsDigit(r) || i > 0 && (r == '-' || r == '_')
		if !ok {
			return Slug(given)
		}
	}
	return given
}

// site returns an address as it was written if it is a usable http or https
// one, with https:// put before a bare host. User names and passwords in it
// are refused with the rest.
func site(s string) (string, bool) {
	s = clean(s, maxURL+1)
	if s == "" || len(s) > maxURL || strings.ContainsAny(s, " \"'<>\\`") {
		return "", false
	}
	if !strings.Contains(s, "://") {
		s = "https://" + strings.TrimPrefix(s, "//")
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	if host := u.Hostname(); !strings.Contains(strings.Trim(host, "."), ".") || strings.Contains(host, "..") {
		return "", false
	}
	return s, true
}

// SameWebsite reports whether two addresses are one site: http and https, with
// and without www and a last slash, in any case. Two empty ones are not.
func SameWebsite(a, b string) bool { return siteKey(a) != "" && siteKey(a) == siteKey(b) }

func siteKey(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(strings.TrimPrefix(s, "www."), "/")
}
