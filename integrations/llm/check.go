package llm

import (
	"regexp"
	"strings"
	"unicode"
)

// holds reports whether a point may be passed on: it cites a post that was
// shown, quotes it, and is nothing but words: numbers, and with them dates and
// amounts, are not for a model to tell.
func (w window) holds(post int, text, quote string) bool {
	if post < 1 || post > len(w.texts) || !harmless(text) || strings.IndexFunc(text, unicode.IsNumber) >= 0 {
		return false
	}
	source := plain(w.texts[post-1])
	quote = plain(quote)
	return len(strings.Fields(quote)) >= 2 && strings.Contains(" "+source+" ", " "+quote+" ")
}

var (
	// addresses are links in any dress: with a scheme, or a name with a dot
	// that a client would make into one.
	addresses = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*:/|\bwww\.|\b(?:mailto|matrix|javascript|data|tel|xmpp|sip):|\b[\pL\pN-]+\.(?:[a-z]{2,24}|xn--[a-z0-9-]+)\b`)
	marks     = "@#!<>[]{}|`*_~\\^="
)

// harmless reports whether a text has no link, mention, markup or command, and
// is neither empty nor long.
func harmless(text string) bool {
	if len([]rune(text)) > mostLetters || strings.IndexFunc(text, unicode.IsLetter) < 0 {
		return false
	}
	return !strings.ContainsAny(strings.TrimRight(text, "!"), marks) && !addresses.MatchString(text)
}

// oneLine drops control characters and those that cannot be seen, and makes
// white space single spaces.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		// Format characters hide words and turn their direction; the tag block
		// and private use can carry instructions nobody sees.
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == unicode.ReplacementChar, r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
}

// plain are the words of a text in lower case, for comparing.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
