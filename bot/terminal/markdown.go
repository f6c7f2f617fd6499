package terminal

import (
	"strings"

	"git.coop/cotech/wortley/bot"
)

// Text is Markdown as plain text. With colour, what is strong is bold and
// what is code is coloured; without it, code keeps its backquotes, so that
// one sees where a command ends.
func Text(markdown string, colour bool) string {
	var lines []string
	fenced := false
	for line := range strings.SplitSeq(strings.TrimRight(markdown, "\n"), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if !fenced {
			line = block(line, colour)
		} else {
			line = bot.Printable(line)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// block shows one line: a heading, an item of a list, or words.
func block(line string, colour bool) string {
	words := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(words)]
	if rest := strings.TrimLeft(words, "#"); rest != words && strings.HasPrefix(rest, " ") {
		return indent + inline("**"+strings.TrimSpace(rest)+"**", colour)
	}
	for _, bullet := range []string{"- ", "* ", "+ "} {
		if rest, ok := strings.CutPrefix(words, bullet); ok {
			return indent + "• " + inline(rest, colour)
		}
	}
	return indent + inline(words, colour)
}

// inline shows emphasis, code, links and escaped characters. Control
// characters are dropped: what others wrote cannot move the cursor.
func inline(s string, colour bool) string {
	s = bot.Printable(s)
	var b strings.Builder
	for s != "" {
		shown, rest := token(s, colour)
		b.WriteString(shown)
		s = rest
	}
	return b.String()
}

// token shows the first piece of s and returns what follows it.
func token(s string, colour bool) (shown, rest string) {
	switch {
	case s[0] == '\\' && len(s) > 1 && strings.IndexByte("\\`*_{}[]()<>#+-.!|~=", s[1]) >= 0:
		return s[1:2], s[2:]
	case s[0] == '`':
		if code, rest, ok := enclosed(s, "`"); ok {
			if colour {
				return cyan + code + reset, rest
			}
			return "`" + code + "`", rest
		}
	case strings.HasPrefix(s, "**"):
		if words, rest, ok := enclosed(s, "**"); ok {
			if words = inline(words, false); colour {
				words = bold + words + reset
			}
			return words, rest
		}
	case s[0] == '*':
		if words, rest, ok := enclosed(s, "*"); ok && words[0] != ' ' {
			return inline(words, colour), rest
		}
	case s[0] == '[', strings.HasPrefix(s, "!["):
		if words, rest, ok := link(strings.TrimPrefix(s, "!")); ok {
			return words, rest
		}
	}
	n := 1
	for n < len(s) && strings.IndexByte("\\`*[!", s[n]) < 0 {
		n++
	}
	return s[:n], s[n:]
}

// enclosed cuts what stands between two marks.
func enclosed(s, mark string) (in, rest string, ok bool) {
	in, rest, ok = strings.Cut(s[len(mark):], mark)
	return in, rest, ok && in != ""
}

// link shows "[words](address)" as "words (address)".
func link(s string) (shown, rest string, ok bool) {
	words, after, ok := strings.Cut(s[1:], "](")
	if !ok || strings.ContainsAny(words, "[]") {
		return "", "", false
	}
	address, rest, ok := strings.Cut(after, ")")
	if !ok {
		return "", "", false
	}
	if words = inline(words, false); words == address {
		return words, rest, true
	}
	return words + " (" + address + ")", rest, true
}
