package news

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// maxAnnouncement is how many letters an announcement has at most.
const maxAnnouncement = 1200

func (d *desk) announce() bot.Command {
	return bot.Command{Name: "announce", Usage: "[now] [#tag …] <text>", Short: "tell all rooms something urgent, after a preview", Needs: bot.Coordinator, Effect: true,
		Long: "- `!announce The server is down until 15:00.`: to all rooms that take announcements\n" +
			"- `!announce #events #north Doors open at 18:00.`: to rooms with one of these tags\n" +
			"- `!announce now …`: in quiet hours too",
		Run: d.showAnnouncement}
}

// showAnnouncement is `!announce …`: it shows what would be said where, and asks.
func (d *desk) showAnnouncement(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	shown, err := readAnnouncement(c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	out, err := d.audience(ctx, shown.Tags)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(out.rooms) == 0 {
		return bot.Reply{}, d.nobody(ctx, shown.Tags)
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	shown.Asker, shown.Coop = person, c.Person.CoopID
	text := fmt.Sprintf("This would go to %s (%s).%s\n\n%s\n\nShall I?", out.say(d), roomNames(out.rooms), d.whenSent(c.Now, shown.Now, out), said(shown.Text, c.From.Name))
	if d.SecondCoop {
		text += " A coordinator of another co-op has to confirm it."
	}
	return bot.Reply{Text: text, Ask: d.asking(shown.act("news.announce"))}, nil
}

// readAnnouncement reads "now", tags and the text.
func readAnnouncement(args string) (p plan, err error) {
	rest := strings.TrimSpace(strings.ToValidUTF8(args, ""))
	if after, ok := strings.CutPrefix(rest, "now "); ok {
		p.Now, rest = true, strings.TrimSpace(after)
	}
	for strings.HasPrefix(rest, "#") {
		tag, after, _ := strings.Cut(rest, " ")
		tag = strings.ToLower(strings.Trim(tag, "#,:"))
		if !tagWord.MatchString(tag) {
			break
		}
		p.Tags, rest = append(p.Tags, tag), strings.TrimSpace(after)
	}
	if n := utf8.RuneCountInString(rest); n > maxAnnouncement {
		return p, bot.Errorf("That has %s letters, and an announcement at most %d. The newsletter has room for more: `!news add …`.", thousands(n), maxAnnouncement)
	}
	if p.Text = paragraphs(rest); p.Text == "" {
		return p, bot.Errorf("What shall I tell everybody? Try `!announce The server is down until 15:00.`, or `!announce #events …` for the rooms with that tag.")
	}
	p.Mark = markOf(p.Text)
	return p, nil
}

// said is an announcement as rooms get it.
func said(text, by string) string {
	return fmt.Sprintf("📣 %s\n— %s, for the network", safeText(text), bot.Plain(by))
}

// audience are the rooms that an announcement goes to.
func (d *desk) audience(ctx context.Context, tags []string) (o outlets, err error) {
	rooms := d.db.NewsRooms
	if d.Everywhere {
		rooms = d.db.SharedRooms
	}
	all, err := rooms(ctx)
	if err != nil {
		return o, err
	}
	for _, r := range all {
		wants := r.Announced || d.Everywhere
		if len(tags) > 0 {
			wants = wants && slices.ContainsFunc(tags, func(t string) bool { return slices.Contains(r.Tags, t) })
		}
		if wants {
			o.rooms = append(o.rooms, r)
		}
	}
	return o, nil
}

// nobody says why an announcement would reach no room.
func (d *desk) nobody(ctx context.Context, tags []string) error {
	if len(tags) == 0 {
		return bot.Errorf("No room takes announcements yet. `!news here` in a room changes that.")
	}
	all, err := d.db.NewsRooms(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, r := range all {
		known = append(known, r.Tags...)
	}
	slices.Sort(known)
	if known = slices.Compact(known); len(known) == 0 {
		return bot.Errorf("No room has the tag %s. `!news here tag %s` in a room gives it that.", bot.Plain(tags[0]), bot.Code(tags[0]))
	}
	return bot.Errorf("No room that takes announcements has the tag %s. There are: %s.", bot.Plain(tags[0]), bot.Plain(strings.Join(known, ", ")))
}

// roomNames names up to five rooms.
func roomNames(rooms []storage.NewsRoom) string {
	var names []string
	for _, r := range rooms[:min(5, len(rooms))] {
		name := r.Name
		if name == "" {
			name = r.Room.ID
		}
		names = append(names, bot.Plain(name))
	}
	if len(rooms) > 5 {
		names = append(names, fmt.Sprintf("%d more", len(rooms)-5))
	}
	return list(names)
}

// announced sends an announcement, after a yes.
func (d *desk) announced(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var shown plan
	if err := json.Unmarshal([]byte(data), &shown); err != nil {
		return bot.Reply{}, err
	}
	if err := d.mayConfirm(c, shown); err != nil {
		return bot.Reply{}, err
	}
	by, err := d.db.PersonName(ctx, shown.Asker)
	if err != nil {
		return bot.Reply{}, err
	}
	title := "Announcement: " + unpointed(firstWords(shown.Text, 6))
	if len(strings.Fields(shown.Text)) > 6 {
		title += "…"
	}
	return d.schedule(ctx, c, storage.Broadcast{Title: title, Text: said(shown.Text, by), AskedBy: shown.Asker}, shown)
}
