package terminal

import (
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
)

const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	green = "\x1b[32m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

func (t *Transport) prompt() string { return t.paint(cyan, t.As+"> ") }

func (t *Transport) dim(s string) string { return t.paint(faint, s) }

func (t *Transport) paint(colour, s string) string {
	if !t.Colour {
		return s
	}
	return colour + s + reset
}

// written is a post as it is shown: who says it, then its text with the
// lines after the first indented.
func (t *Transport) written(p bot.Post) string {
	who := t.paint(green, t.Bot)
	if p.To != "" {
		who += t.dim(" to " + bot.Printable(p.To))
	}
	text := strings.ReplaceAll(Text(p.Text, t.Colour), "\n", "\n  ")
	of := "“" + bot.Clip(t.texts[p.OfID], 50) + "”"
	switch p.Kind {
	case bot.Edit:
		return fmt.Sprintf("%s corrects %s: %s\n", who, of, text)
	case bot.Withdraw:
		return fmt.Sprintf("%s takes back %s\n", who, of)
	case bot.React:
		return fmt.Sprintf("%s reacts with %s to %s\n", who, bot.Printable(p.Text), of)
	case bot.Image, bot.Attach:
		return fmt.Sprintf("%s sends %s (%s): %s\n", who, bot.Printable(p.File.Name), bot.Printable(p.File.Alt), text)
	}
	return fmt.Sprintf("%s: %s\n", who, text)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return bot.Printable(line)
}
