package news

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot"
)

// How long the parts of an item may be, in letters. The network's items have
// 30 to 90 words and one link.
const (
	maxTitle = 140
	maxText  = 1500
	maxLink  = 500
)

// A piece is what somebody typed for an item.
type piece struct{ section, title, text, link string }

var webAddress = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `\\^{|}]+`)

// readPiece reads a section if one is named, a title, a text and a link. The
// title is what stands between quotation marks, the first line, or the first sentence.
func (d *desk) readPiece(raw string) (p piece, err error) {
	raw = strings.ToValidUTF8(raw, "")
	if n := utf8.RuneCountInString(raw); n > maxTitle+maxText+maxLink {
		return p, bot.Errorf("That has %s letters, and an item has at most %d: 30 to 90 words and a link are best. Please send me the short of it.", thousands(n), maxText)
	}
	if name, rest, ok := strings.Cut(raw, ":"); ok {
		if section, known := d.section(name); known {
			p.section, raw = section, rest
		}
	}
	raw, p.link = cutLink(raw)
	p.title, p.text = cutTitle(raw)
	if utf8.RuneCountInString(p.text) > maxText {
		return p, bot.Errorf("That text has %s letters, and an item has at most %d. Please send me the short of it.", thousands(utf8.RuneCountInString(p.text)), maxText)
	}
	return p, nil
}

// cutLink takes the first web address out of a text.
func cutLink(raw string) (rest, link string) {
	at := webAddress.FindStringIndex(raw)
	if at == nil {
		return raw, ""
	}
	found := strings.TrimRight(raw[at[0]:at[1]], ".,;:!?)]")
	link, ok := readLink(found)
	if !ok {
		return raw, ""
	}
	before, after := strings.TrimRight(raw[:at[0]], "(["), raw[at[0]+len(found):]
	before = leadIn.ReplaceAllString(before, "$1")
	return before + strings.TrimLeft(after, ")]"), link
}

// leadIn are the words that only led to the link.
var leadIn = regexp.MustCompile(`(?i)(^|\S)[\s,;:–—-]+(see|more( at)?|read more|details|link)?[\s:]*$`)

// readLink reads a web address that is safe to show as a link.
func readLink(s string) (string, bool) {
	s = bot.Printable(strings.TrimSpace(s))
	u, err := url.Parse(s)
	if err != nil || len(s) > maxLink || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || !webAddress.MatchString(s) {
		return "", false
	}
	return u.String(), true
}

// cutTitle parts a title from the text after it.
func cutTitle(raw string) (title, text string) {
	raw = strings.TrimSpace(raw)
	for _, pair := range []string{`""`, "“”", "‘’"} {
		open, size := utf8.DecodeRuneInString(pair)
		if rest, ok := strings.CutPrefix(raw, string(open)); ok {
			if in, after, ok := strings.Cut(rest, pair[size:]); ok && !strings.Contains(in, "\n") {
				return clipTitle(line(in)), paragraphs(strings.TrimLeft(after, " \t:;,.–—|-"))
			}
		}
	}
	first, rest, more := strings.Cut(raw, "\n")
	if more {
		return clipTitle(line(first)), paragraphs(rest)
	}
	if a, b, ok := strings.Cut(first, " | "); ok {
		return clipTitle(line(a)), paragraphs(b)
	}
	return sentence(line(first))
}

// sentence takes a long line's first sentence, or its first words, for the title.
func sentence(s string) (title, text string) {
	if utf8.RuneCountInString(s) <= 80 {
		return unpointed(s), ""
	}
	if i := strings.IndexAny(s, ".!?"); i > 10 && i < 100 && i+1 < len(s) && s[i+1] == ' ' {
		return strings.TrimRight(s[:i+1], "."), strings.TrimSpace(s[i+1:])
	}
	words, title := strings.Fields(s), ""
	for _, w := range words {
		if utf8.RuneCountInString(title)+utf8.RuneCountInString(w) > 70 {
			break
		}
		title = strings.TrimSpace(title + " " + w)
	}
	if title == "" {
		title = bot.Clip(s, 70)
	}
	return strings.TrimRight(title, ",;:–—-") + "…", s
}

func clipTitle(s string) string { return bot.Clip(unpointed(strings.TrimRight(s, ":")), maxTitle) }

// unpointed takes a full stop off the end.
func unpointed(s string) string {
	if strings.HasSuffix(s, "..") {
		return s
	}
	return strings.TrimSuffix(s, ".")
}

// line makes one line of plain words.
func line(s string) string { return strings.Join(strings.Fields(bot.Printable(s)), " ") }

// paragraphs makes plain text whose paragraphs are set apart by one empty line.
func paragraphs(s string) string {
	var out []string
	fresh := true
	for l := range strings.Lines(s) {
		switch l = line(l); {
		case l == "":
			fresh = true
		case fresh:
			out, fresh = append(out, l), false
		default:
			out[len(out)-1] += "\n" + l
		}
	}
	return strings.Join(out, "\n\n")
}

// compared makes links the same that lead to the same page.
func compared(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || link == "" {
		return ""
	}
	q := u.Query()
	for name := range q {
		if strings.HasPrefix(name, "utm_") || name == "fbclid" {
			q.Del(name)
		}
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	if rest, ok := strings.CutSuffix(host, "cotech.coop"); ok {
		host = rest + "coops.tech" // the network has two names for one house
	}
	key := host + strings.TrimRight(u.EscapedPath(), "/")
	if len(q) > 0 {
		key += "?" + q.Encode()
	}
	return key
}

// alike reports whether two titles tell the same.
func alike(a, b string) bool {
	x, y := wordsOf(a), wordsOf(b)
	if strings.Join(x, " ") == strings.Join(y, " ") {
		return len(x) > 0
	}
	if s, t := strings.Join(x, " "), strings.Join(y, " "); len(s) > 12 && len(t) > 12 && bot.Distance(s, t) <= 2 {
		return digits(s) == digits(t)
	}
	if len(x) < 4 || len(y) < 4 {
		return false
	}
	in := map[string]bool{}
	for _, w := range x {
		in[w] = true
	}
	common := 0
	for _, w := range y {
		if in[w] {
			common++
		}
	}
	return common*5 >= 4*max(len(x), len(y)) && digits(a) == digits(b)
}

var small = map[string]bool{"a": true, "an": true, "the": true, "of": true, "for": true, "and": true, "to": true, "in": true, "on": true, "with": true, "we": true, "our": true, "is": true, "has": true, "have": true}

func wordsOf(s string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !small[w] {
			words = append(words, w)
		}
	}
	return words
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// thousands writes a count as people do: 100,000.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
