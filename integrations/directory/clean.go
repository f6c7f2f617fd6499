package directory

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Longest values kept, in characters.
const (
	maxName  = 120
	maxSlug  = 80
	maxTown  = 60
	maxSkill = 80
	maxAbout = 300
	maxURL   = 300
)

// clean returns s as one line of at most max characters: composed (NFC), runs
// of white space as one space, and without control characters, marks that turn
// the writing direction, and characters that cannot be seen. Markup stays: it
// is text, and who shows it escapes it.
func clean(s string, max int) string {
	if plain(s) && len(s) <= max {
		return s
	}
	if len(s) > 16*max { // no need to compose what will be cut; a rune is 4 bytes
		s = s[:16*max]
	}
	var b strings.Builder
	gap, n := false, 0
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		if unicode.IsSpace(r) {
			gap = n > 0
			continue
		}
		if unseen(r) {
			continue
		}
		if gap {
			b.WriteByte(' ')
			n++
		}
		if n >= max {
			break
		}
		b.WriteRune(r)
		gap = false
		n++
	}
	return strings.TrimSpace(b.String())
}

// plain reports whether clean has nothing to do: printable ASCII with single
// spaces inside.
func plain(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// unseen reports characters that may hide in a name: controls, format
// characters (bidi marks, zero widths, tags), private use, line separators,
// blank fillers and variation selectors.
func unseen(r rune) bool {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp, unicode.Variation_Selector):
		return true
	case r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r == 0x034F:
		return true
	}
	return false
}

var (
	anEmail = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	aPhone  = regexp.MustCompile(`(\+\(?\d|\(?\b0\d)[\d ().-]{6,}\d`)
)

// private removes e-mail addresses and telephone numbers and reports whether
// there were any.
func private(s string) (string, bool) {
	if !strings.ContainsAny(s, "@0123456789") {
		return s, false
	}
	out := anEmail.ReplaceAllString(s, " ")
	out = aPhone.ReplaceAllStringFunc(out, func(m string) string {
		if digits(m) < 9 {
			return m
		}
		return " "
	})
	if out == s {
		return s, false
	}
	return strings.Join(strings.Fields(out), " "), true
}

// whence returns where an entry was read, as it is kept: without e-mail
// addresses, which commit authors and file names may bring.
func whence(s string) string {
	s = clean(s, maxURL)
	if !strings.Contains(s, "@") {
		return s
	}
	return clean(anEmail.ReplaceAllString(s, " "), maxURL)
}

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// fold returns s in lower case without accents: "Let’s" stays, "Cambá" is
// "camba".
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// upperFirst returns s with its first letter in upper case.
func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
