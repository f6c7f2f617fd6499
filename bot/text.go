package bot

import "strings"

// Plain makes text from outside safe to stand in Markdown: nothing in it
// formats, links, mentions or hides anything.
func Plain(s string) string {
	var b strings.Builder
	for i, r := range Printable(s) {
		if strings.ContainsRune("\\`*_[]<~|", r) || i == 0 && strings.ContainsRune("#>+-=", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Code makes text safe to stand between backquotes.
func Code(s string) string {
	return strings.ReplaceAll(Printable(s), "`", "'")
}

// Printable drops control characters and those that turn the direction of
// writing or cannot be seen; white space of all kinds becomes a space.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r', r == '\u00a0', r == '\u2028', r == '\u2029':
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0, r == '\ufffd', r == '\ufeff',
			r >= '\u200b' && r <= '\u200f' && r != '\u200d', r >= '\u202a' && r <= '\u202e',
			r >= '\u2060' && r <= '\u2069', r == '\u061c', r == '\u180e':
			return -1
		}
		return r
	}, s)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// clip shortens s to n letters and says so.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// Clip shortens s to n letters, with an ellipsis if any are left out.
func Clip(s string, n int) string { return clip(s, n) }
