package directory

import (
	"strings"
	"unicode"
)

// Key returns what two spellings of one skill have in common: letters and
// digits in lower case, "#" and "+", everything else gone, so that "node js",
// "NodeJS" and "Node.js" agree. "&" is "and", and a leading dot is "dot"
// (".NET"). "C", "C#" and "C++" keep apart. At most 100 bytes are looked at.
func Key(word string) string {
	if len(word) > 100 {
		word = strings.ToValidUTF8(word[:100], "")
	}
	word = strings.TrimSpace(fold(word))
	var b strings.Builder
	for i, r := range word {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '#', r == '+':
			b.WriteRune(r)
		case r == '&':
			b.WriteString("and")
		case r == '.' && i == 0 && len(word) > 1 && unicode.IsLetter(rune(word[1])):
			b.WriteString("dot")
		}
	}
	return b.String()
}
