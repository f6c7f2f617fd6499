package bottest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot"
)

// A Line is something that was said or done in a conversation.
type Line struct {
	At       time.Time
	Place    string // "general", "csd", "@ana"
	From     string // a person, or "bot"
	Kind     string // said, edited, deleted, reacted
	Text     string
	Of       string // the text of the message it is about
	Emoji    string // taken off, if it begins with "-"
	Mentions []string
	Notice   bool
	Asked    bool
	File     string // name of an attached file

	id   string
	room bot.Room
}

// A Chat is a chat server in memory, with one log for all its sites.
type Chat struct {
	mu    sync.Mutex
	now   func() time.Time
	lines []*Line
	rooms map[string]bot.Room // by place
	txns  map[string]string

	encrypted map[string]bool   // by place
	direct    map[string]string // by place: whom the bot talks with there
}

// nobody has talked in a direct room yet.
const nobody = ""

func newChat(now func() time.Time) *Chat {
	return &Chat{now: now, rooms: map[string]bot.Room{}, txns: map[string]string{}, encrypted: map[string]bool{}, direct: map[string]string{}}
}

// A site is the part of a chat that one transport serves.
type site struct {
	name string
	chat *Chat
}

// Name implements [bot.Transport].
func (s site) Name() string { return s.name }

// Receive implements [bot.Transport]: conversations are delivered by their player.
func (s site) Receive(ctx context.Context, from string, deliver func(context.Context, bot.Batch) error) error {
	<-ctx.Done()
	return ctx.Err()
}

// Send implements [bot.Transport].
func (s site) Send(ctx context.Context, p bot.Post) (string, error) {
	c := s.chat
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, known := c.txns[bot.TxnID(p.Key)]; known {
		return id, nil
	}
	l := &Line{At: c.now(), From: "bot", Kind: "said", Text: p.Text, Mentions: p.Mentions, Notice: !p.Loud,
		Asked: strings.HasPrefix(p.Key, "answer/"), room: p.Room, id: fmt.Sprintf("b%d", len(c.lines)+1), Place: c.place(p)}
	if p.Title != "" {
		l.Text = "# " + p.Title + "\n\n" + p.Text
	}
	if p.Kind == bot.Say {
		for i, option := range p.Options {
			l.Text += fmt.Sprintf("\n[%d] %s", i+1, option)
		}
	}
	of := c.byID(p.OfID)
	switch p.Kind {
	case bot.Edit:
		l.Kind, l.Of = "edited", of.Text
		of.Text = l.Text
	case bot.Withdraw:
		l.Kind, l.Of = "deleted", of.Text
	case bot.React:
		l.Kind, l.Emoji, l.Text, l.Of = "reacted", p.Text, "", of.Text
		l.Asked = true
	case bot.Image, bot.Attach:
		l.File = p.File.Name
	}
	c.lines = append(c.lines, l)
	c.txns[bot.TxnID(p.Key)] = l.id
	return l.id, nil
}

func (c *Chat) place(p bot.Post) string {
	if p.To != "" {
		for place, who := range c.direct {
			if who == p.To && c.rooms[place].Site == p.Room.Site {
				return place
			}
		}
		return "@" + p.To
	}
	for place, r := range c.rooms {
		if r.Site == p.Room.Site && r.ID == p.Room.ID {
			return place
		}
	}
	if p.Room.ID == "" {
		return p.Room.Site
	}
	return p.Room.ID
}

func (c *Chat) byID(id string) *Line {
	for _, l := range c.lines {
		if l.id == id {
			return l
		}
	}
	return &Line{}
}

// newest returns the newest message that holds the words; by "" is anybody,
// place "" anywhere.
func (c *Chat) newest(words, by, place string) *Line {
	for i := len(c.lines) - 1; i >= 0; i-- {
		l := c.lines[i]
		if l.Kind == "said" && strings.Contains(l.Text, words) && (by == "" || l.From == by) && (place == "" || l.Place == place) {
			return l
		}
	}
	return nil
}

// reaction returns a person's newest reaction to a message.
func (c *Chat) reaction(by, emoji, of string) *Line {
	for i := len(c.lines) - 1; i >= 0; i-- {
		if l := c.lines[i]; l.Kind == "reacted" && l.From == by && l.Emoji == emoji && l.Of == of {
			return l
		}
	}
	return nil
}
