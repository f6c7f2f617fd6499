package money

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	longest = 100      // runes; no amount needs more
	narrow  = '\u00a0' // any no-break or thin space, which some countries put between groups of three digits
)

// plain brings text to the characters that amounts are read from: full-width forms become their usual ones, every
// space an ASCII space or narrow. It refuses digits that are not 0 to 9, and characters that cannot be seen.
func plain(text string) (s, why string) {
	if !utf8.ValidString(text) {
		return "", "That is not readable text."
	}
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > longest {
		return "", "That is too long for an amount."
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r > unicode.MaxASCII && isWide(r):
			b.WriteString(norm.NFKC.String(string(r)))
		case r > unicode.MaxASCII && unicode.IsNumber(r):
			return "", fmt.Sprintf("I cannot be sure of %q; please use the digits 0 to 9.", r)
		case r == '\u3000' || r == '\t':
			b.WriteByte(' ')
		case unicode.Is(unicode.Zs, r) && r != ' ':
			b.WriteRune(narrow)
		case !unicode.IsPrint(r):
			return "", fmt.Sprintf("There is a character that cannot be seen (%U) in it; please type the amount anew.", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), ""
}

// isWide reports whether r is a full-width or small form of a usual character.
func isWide(r rune) bool {
	return '\uff01' <= r && r <= '\uff5e' || '\uffe0' <= r && r <= '\uffe6' || '\ufe50' <= r && r <= '\ufe6f'
}
