package terminal

import (
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
)

const help = `/as bob            speak as bob; /as alone says who you are
/direct !help      say it to the bot alone
/edit !whohas php  change what you last said
/delete            take it back
/react ✅          react to the bot's last message; yes and no work too
/quit              leave (also Ctrl-D)
Everything else is said in the room. The bot answers what begins with an
exclamation mark: !help lists what it can do.`

// understand makes a line into a message. A line that is about the terminal
// gives a notice instead; /quit gives [ErrEnd].
func (t *Transport) understand(line string) (m bot.Message, notice string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "/help", "/?":
		return m, help, nil
	case "/quit", "/exit", "/q":
		return m, "", ErrEnd
	case "/as":
		return m, t.speakAs(rest), nil
	case "/direct", "/dm":
		if rest == "" {
			return m, "Say what? Try /direct !help", nil
		}
		return t.message(bot.Said, rest, true), "", nil
	case "/edit":
		return t.again(bot.Edited, rest)
	case "/delete":
		return t.again(bot.Deleted, "")
	case "/react":
		return t.react(rest)
	}
	if strings.HasPrefix(line, "/") {
		return m, fmt.Sprintf("There is no %s here. /help lists what there is.", bot.Printable(word)), nil
	}
	return t.message(bot.Said, line, false), "", nil
}

func (t *Transport) speakAs(name string) string {
	if name == "" {
		return "You are " + t.As + "."
	}
	if !validName(name) {
		return "A name is one word of letters and digits, as in /as bob"
	}
	t.As = name
	return "You are " + name + " now."
}

func validName(name string) bool {
	return len(name) <= 40 && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && r != '.' && !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	})
}

// message is something said now. What is no command answers the bot's last
// message, as does `!why`. `!undo` finds for itself what there is to undo.
func (t *Transport) message(kind bot.Kind, text string, direct bool) bot.Message {
	m := bot.Message{ID: t.newID("p"), Room: General, From: bot.User{ID: t.As, Name: t.As}, Text: text, Time: t.Now().UTC(), Kind: kind, Direct: direct}
	if direct {
		m.Room.ID = "@" + t.As
	}
	if kind == bot.Said {
		if !strings.HasPrefix(text, "!") || text == "!why" {
			m.ReplyTo = t.latest()
		}
		t.mine[t.As] = m.ID
		t.texts[m.ID] = firstLine(text)
	}
	return m
}

// again changes or takes back what the person said last.
func (t *Transport) again(kind bot.Kind, text string) (bot.Message, string, error) {
	of := t.mine[t.As]
	switch {
	case of == "":
		return bot.Message{}, "You have not said anything yet.", nil
	case kind == bot.Edited && text == "":
		return bot.Message{}, "Change it to what? Try /edit !whohas php", nil
	}
	m := t.message(kind, text, false)
	m.Of = of
	return m, "", nil
}

func (t *Transport) react(emoji string) (bot.Message, string, error) {
	of := t.latest()
	switch {
	case of == "":
		return bot.Message{}, "I have not said anything yet.", nil
	case emoji == "":
		emoji = "✅"
	}
	m := t.message(bot.Reacted, emoji, false)
	m.Of = of
	return m, "", nil
}
