package bottest

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
)

// say lets a person say or do something.
func (g *game) say(ctx context.Context, s step) error {
	if err := g.running(ctx); err != nil {
		return err
	}
	m, line, err := g.message(s)
	if err != nil {
		return err
	}
	g.chat.lines = append(g.chat.lines, line)
	g.shown = len(g.chat.lines)
	site, _, _ := strings.Cut(m.Room.Site, "/")
	if g.away {
		g.missed[site] = append(g.missed[site], m)
		return nil
	}
	if err := g.take(ctx, site, m); err != nil {
		return err
	}
	return g.bot.Settle(ctx)
}

func (g *game) take(ctx context.Context, site string, ms ...bot.Message) error {
	if len(ms) == 0 {
		return nil
	}
	return g.bot.Take(ctx, site, bot.Batch{Messages: ms, Items: g.items(ms), Position: fmt.Sprint(g.n)})
}

// topic is what a forum room is: the topic that its first post opens.
type topic struct {
	title, category string
	tags            []string
	posts           map[string]int // their place in the topic, by message
}

// items are the forum's news of what was said in its topics.
func (g *game) items(ms []bot.Message) []bot.Item {
	var items []bot.Item
	for _, m := range ms {
		place, ok := strings.CutPrefix(m.Room.ID, "topic/")
		t := g.forum[place]
		if !ok || m.Kind == bot.Reacted {
			continue
		}
		id := m.ID
		if m.Kind != bot.Said {
			id = m.Of
		} else if t.posts == nil {
			t.posts = map[string]int{}
		}
		if t.posts[id] == 0 {
			t.posts[id] = len(t.posts) + 1
			g.forum[place] = t
		}
		i := t.item(m.Room.Site, place)
		i.ID, i.Number, i.Kind, i.Author, i.Text, i.Time = id, t.posts[id], m.Kind, m.From, bot.Clip(m.Text, 300), m.Time
		items = append(items, i)
	}
	return items
}

// item is the news of a topic, but for the post that it is about.
func (t topic) item(site, place string) bot.Item {
	return bot.Item{Site: site, Topic: place, Title: t.title, Category: t.category, Tags: t.tags,
		URL: "https://" + strings.TrimPrefix(site, "discourse/") + ".example/t/" + place}
}

// with reads `title "…" category 5 tag events`; tags take the place of others.
func (t topic) with(args []string) topic {
	var tags []string
	for i := 0; i+1 < len(args); i++ {
		switch args[i] {
		case "title":
			t.title = args[i+1]
		case "category":
			t.category = args[i+1]
		case "tag":
			tags = append(tags, args[i+1])
		}
	}
	if tags != nil {
		t.tags = tags
	}
	return t
}

// changeTopic has a moderator change a topic: `topic fair title "…" tag jobs`.
func (g *game) changeTopic(ctx context.Context, args []string) error {
	if len(args) < 3 || len(g.forum[args[0]].posts) == 0 {
		return fmt.Errorf("nobody has written in the topic %q", strings.Join(args, " "))
	}
	t := g.forum[args[0]].with(args[1:])
	g.forum[args[0]] = t
	i := t.item(g.chat.rooms[args[0]].Site, args[0])
	for id, n := range t.posts {
		if n == 1 {
			i.ID = id
		}
	}
	i.Number, i.Kind, i.Author, i.Time = 1, bot.Edited, bot.User{ID: "moderator", Name: "moderator"}, g.clock
	g.n++
	if err := g.bot.Take(ctx, "discourse", bot.Batch{Items: []bot.Item{i}, Position: fmt.Sprint(g.n)}); err != nil {
		return err
	}
	return g.bot.Settle(ctx)
}

// message makes what a person does into a message and a line of the log.
func (g *game) message(s step) (bot.Message, *Line, error) {
	g.n++
	m := bot.Message{ID: fmt.Sprintf("m%d", g.n), From: bot.User{ID: s.who, Name: s.who}, Text: s.text, Time: g.clock, Kind: bot.Said}
	line := &Line{At: g.clock, From: s.who, Kind: "said", Text: s.text, id: m.ID}
	place := strings.TrimPrefix(s.place, "#")
	if s.place == "@bot" {
		place = "@" + s.who
	}
	if s.op != "" {
		of, err := g.about(s, place)
		if err != nil {
			return m, nil, err
		}
		if place == "" {
			place = of.Place
		}
		g.point(&m, line, s, of)
	}
	if place == "" {
		place = "general"
	}
	room, known := g.chat.rooms[place]
	if strings.HasPrefix(place, "@") {
		room, known = bot.Room{Site: "matrix", ID: place}, true
		m.Direct = true
	}
	if !known {
		return m, nil, fmt.Errorf("no room called %q", place)
	}
	if who, direct := g.chat.direct[place]; direct {
		if who != nobody && who != s.who {
			return m, nil, fmt.Errorf("%s is a personal message between %s and the bot", place, who)
		}
		g.chat.direct[place], m.Direct = s.who, true
	}
	m.Room, line.room, line.Place = room, room, place
	m.Encrypted = g.chat.encrypted[place]
	return m, line, nil
}

// about finds the message that a step points at.
func (g *game) about(s step, place string) (*Line, error) {
	by := ""
	if s.op == "~" || s.op == "x" {
		by = s.who
	}
	of := g.chat.newest(s.words, by, place)
	if of == nil {
		return nil, fmt.Errorf("nobody said %q", s.words)
	}
	return of, nil
}

func (g *game) point(m *bot.Message, line *Line, s step, of *Line) {
	line.Of = of.Text
	switch s.op {
	case "re":
		m.ReplyTo = of.id
	case "~":
		m.Kind, m.Of, line.Kind = bot.Edited, of.id, "edited"
		of.Text = s.text
	case "x":
		m.Kind, m.Of, line.Kind = bot.Deleted, of.id, "deleted"
	case "+":
		m.Kind, m.Of, m.Text, line.Kind, line.Emoji = bot.Reacted, of.id, s.emoji, "reacted", s.emoji
	case "-":
		m.Kind, line.Kind, line.Emoji = bot.Deleted, "reacted", "-"+s.emoji
		if put := g.chat.reaction(s.who, s.emoji, of.Text); put != nil {
			m.Of = put.id
		}
	}
}

// show writes what the bot said since the last step.
func (g *game) show() {
	for ; g.shown < len(g.chat.lines); g.shown++ {
		if l := g.chat.lines[g.shown]; l.From == "bot" {
			g.out = append(g.out, g.written(l)...)
		}
	}
}

// written is a line of the bot's as it stands in a conversation file.
func (g *game) written(l *Line) []string {
	head := "bot"
	switch {
	case strings.HasPrefix(l.Place, "@"):
		head += " " + l.Place
	case l.Place != "general":
		head += " #" + l.Place
	}
	if !l.Asked {
		head += l.At.In(g.zone).Format(" [Mon 2 Jan 15:04]")
	}
	switch l.Kind {
	case "edited":
		head += fmt.Sprintf(" ~ %q", quoted(l.Of))
	case "deleted":
		return []string{head + fmt.Sprintf(" x %q", quoted(l.Of))}
	case "reacted":
		return []string{head + fmt.Sprintf(" + %s %q", l.Emoji, quoted(l.Of))}
	}
	text := l.Text
	if l.File != "" {
		text = strings.TrimSpace(text + "\n[file: " + l.File + "]")
	}
	parts := strings.Split(text, "\n")
	out := []string{head + ": " + parts[0]}
	for _, p := range parts[1:] {
		if p == "" {
			p = "."
		}
		out = append(out, "  "+p)
	}
	return out
}

// quoted is enough of a text to find it again.
func quoted(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	line, _, _ = strings.Cut(line, `"`)
	words := strings.Fields(line)
	return strings.Join(words[:min(len(words), 5)], " ")
}
