package money

import (
	"strings"
	"unicode"
)

// token is a number with its separators, a word or sign with a meaning, or anything else.
type token struct {
	text   string
	number bool
}

// tokens cuts plain text up; spaces only separate.
func tokens(s string) []token {
	var out []token
	rs := []rune(s)
	for i := 0; i < len(rs); {
		end := i + 1
		switch {
		case rs[i] == ' ' || rs[i] == narrow:
			i = end
			continue
		case startsNumber(rs[i:]):
			end = i + numberLen(rs[i:])
			out = append(out, token{string(rs[i:end]), true})
		case unicode.IsLetter(rs[i]):
			end = i + wordLen(rs[i:])
			out = append(out, token{string(rs[i:end]), false})
		default:
			out = append(out, token{string(rs[i]), false})
		}
		i = end
	}
	return out
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func startsNumber(rs []rune) bool {
	return isDigit(rs[0]) || len(rs) > 1 && (rs[0] == '.' || rs[0] == ',') && isDigit(rs[1])
}

// numberLen returns how many runes belong to the number that rs begins with.
func numberLen(rs []rune) int {
	n := 1
	for n < len(rs) {
		grouped := rs[n] == narrow && isDigit(rs[n-1]) && n+1 < len(rs) && isDigit(rs[n+1])
		if !isDigit(rs[n]) && rs[n] != '.' && rs[n] != ',' && !grouped {
			break
		}
		n++
	}
	return n
}

// wordLen returns how many runes belong to the word that rs begins with; "US$" is one word.
func wordLen(rs []rune) int {
	n := 1
	for n < len(rs) && unicode.IsLetter(rs[n]) {
		n++
	}
	if n < len(rs) && rs[n] == '$' {
		if _, ok := marks[strings.ToLower(string(rs[:n+1]))]; ok {
			n++
		}
	}
	return n
}
