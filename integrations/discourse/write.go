package discourse

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// joiner after an @ keeps it from being a mention and is not seen.
const joiner = "\u200d"

var escaper = strings.NewReplacer(
	"@", "@"+joiner, "#", `\#`, "[", `\[`, "]", `\]`, "`", "\\`", "<", "&lt;", "*", `\*`, "_", `\_`, "|", `\|`, `\`, `\\`,
)

// Escape makes a text from outside safe in a post: it rings for nobody, and
// holds no links, code, HTML, quotes, lists or BBCode.
func Escape(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		line = escaper.Replace(strings.TrimSpace(line))
		if line != "" && strings.ContainsRune(">-+=~", rune(line[0])) {
			line = `\` + line
		}
		lines[i] = numbered(line)
	}
	return strings.Join(lines, "\n")
}

// numbered keeps "1. " from beginning a list.
func numbered(line string) string {
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits > 0 && digits < len(line) && (line[digits] == '.' || line[digits] == ')') {
		return line[:digits] + `\` + line[digits:]
	}
	return line
}

// LocalDate returns markup that shows a moment in each reader's own zone. The
// zone must be an IANA name that the location has: the forum takes an unknown
// one for UTC without a word. Write the time in UTC beside it, because mails
// and other readers do not see more.
func LocalDate(t time.Time) (string, error) {
	zone := t.Location().String()
	if zone == "Local" || zone == "" {
		return "", fmt.Errorf("discourse: local date: %v has no named zone", t)
	}
	if _, err := time.LoadLocation(zone); err != nil {
		return "", fmt.Errorf("discourse: local date: %w", err)
	}
	return fmt.Sprintf(`[date=%s time=%s timezone="%s"]`, t.Format(time.DateOnly), t.Format(time.TimeOnly), zone), nil
}

// Problems says in whole sentences what the forum would refuse about a post,
// by its settings: nothing if it looks well.
func (n NewPost) Problems(s Settings) []string {
	var all []string
	add := func(bad bool, format string, args ...any) {
		if bad {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	least, title := s.MinPost, s.MinTitle
	switch {
	case len(n.To) > 0:
		least, title = s.MinMessage, s.MinPMTitle
	case n.TopicID == 0:
		least = s.MinFirstPost
	}
	length, size := utf8.RuneCountInString(n.Raw), utf8.RuneCountInString(n.Title)
	add(length < least, "The text has %d characters; the forum wants at least %d.", length, least)
	add(length > s.MaxPost, "The text has %d characters; the forum allows %d.", length, s.MaxPost)
	add(shouting(n.Raw), "The text is in capitals only.")
	if n.TopicID == 0 {
		add(size < title, "The title has %d characters; the forum wants at least %d.", size, title)
		add(size > s.MaxTitle, "The title has %d characters; the forum allows %d.", size, s.MaxTitle)
		add(shouting(n.Title), "The title is in capitals only.")
		add(len(n.To) == 0 && n.CategoryID == 0 && !s.AllowUncategorised, "A topic needs a category.")
	}
	add(len(n.Tags) > s.MaxTags, "There are %d tags; the forum allows %d.", len(n.Tags), s.MaxTags)
	return all
}

// shouting reports whether there are capitals but no small letters.
func shouting(s string) bool {
	return strings.ContainsFunc(s, unicode.IsUpper) && !strings.ContainsFunc(s, unicode.IsLower)
}
