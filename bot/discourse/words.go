package discourse

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot"
	forum "git.coop/cotech/wortley/integrations/discourse"
)

var (
	atSign = regexp.MustCompile(`(?i)&(?:#0*64|#x0*40|commat);?`)
	atName = regexp.MustCompile(`^@[\pL\pN_.\-]*`)
)

// written returns the text of a post as the forum takes it: whoever is rung
// for is mentioned, nobody else is, and it is long enough.
func (t *Transport) written(ctx context.Context, p bot.Post) string {
	return t.filled(ctx, mentioning(p))
}

// mentioning returns the text of a post with those mentioned who are rung for.
func mentioning(p bot.Post) string {
	text := hushed(strings.ReplaceAll(p.Text, "<!--", "&lt;!--"), p.Mentions) // no marks but our own
	for _, m := range slices.Backward(p.Mentions) {
		if m = strings.TrimPrefix(m, "@"); !mentions(text, m) {
			text = "@" + m + " " + text
		}
	}
	return text
}

// joiner after an @ keeps it from being a mention, and is not seen.
const joiner = "\u200d"

// hushed makes names with an @ ring for nobody but those who are allowed.
func hushed(text string, allowed []string) string {
	var out strings.Builder
	text = atSign.ReplaceAllString(text, "@")
	for {
		i := strings.IndexByte(text, '@')
		if i < 0 {
			return out.String() + text
		}
		mail := i > 0 && isLetter(text[i-1]) // an address: left as it is, it rings for nobody
		free := slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(strings.TrimPrefix(a, "@"), nameAt(text[i:])) })
		out.WriteString(text[:i+1])
		if !mail && !free {
			out.WriteString(joiner)
		}
		text = text[i+1:]
	}
}

// nameAt returns the name that an @ at the start of text is for.
func nameAt(text string) string {
	return strings.TrimRight(strings.TrimPrefix(atName.FindString(text), "@"), ".-_")
}

func isLetter(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func mentions(text, name string) bool {
	for i := range len(text) {
		if text[i] == '@' && strings.EqualFold(nameAt(text[i:]), name) {
			return true
		}
	}
	return false
}

// filled makes a text as long as the forum wants it, by a line about who
// says it. Forums refuse a plain "Done."
func (t *Transport) filled(ctx context.Context, text string) string {
	if s := t.limits(ctx); utf8.RuneCountInString(strings.TrimSpace(text)) >= max(s.MinPost, s.MinMessage) {
		return text
	}
	return strings.TrimSpace(text + "\n\n*This is the bot " + t.Username + " speaking.*")
}

// limits returns the forum's settings, or the usual ones until they are known.
func (t *Transport) limits(ctx context.Context) forum.Settings {
	t.mu.Lock()
	known := t.settings
	t.mu.Unlock()
	if known != nil {
		return *known
	}
	s, err := t.client.Settings(ctx)
	if err != nil {
		t.Log.Info("settings of the forum not read", "site", t.name, "err", err)
		return forum.DefaultSettings
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settings = &s
	return s
}

// attached returns the markup that shows a file.
func attached(p bot.Post, up forum.Upload) string {
	title := p.File.Alt
	if title == "" {
		title = p.File.Name
	}
	title = strings.NewReplacer("[", "(", "]", ")", "|", "/", "\n", " ").Replace(hushed(title, nil))
	if p.Kind == bot.Image && up.Width > 0 {
		return fmt.Sprintf("![%s|%dx%d](%s)", title, up.Width, up.Height, up.ShortURL)
	}
	return fmt.Sprintf("[%s|attachment](%s)", title, up.ShortURL)
}
