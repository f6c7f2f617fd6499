package minutes

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// publishKind is the promise to see what became of minutes that were sent to a forum.
const publishKind = "minutes publish"

// stop is `!minutes stop`.
func (d *desk) stop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, taking, err := d.db.MinutesIn(ctx, room(c))
	if err != nil {
		return bot.Reply{}, err
	}
	if !taking {
		return bot.Reply{}, bot.Errorf("I am not taking minutes here. `!minutes start` begins, `!minutes` shows the last ones.")
	}
	// Corrections are followed for an hour.
	if err := d.db.Promise(ctx, takingKind, strconv.FormatInt(m.ID, 10), c.Now.Add(time.Hour)); err != nil {
		return bot.Reply{}, err
	}
	if m, err = d.finish(ctx, m, c.Time); err != nil {
		return bot.Reply{}, err
	}
	undo := []bot.Effect{{What: "ended the minutes", Undo: act("minutes.was", minutesWas{m.ID, "taking"})}}
	if m.Text == "" {
		m.State = "dropped"
		_, err := d.db.SaveMinutes(ctx, m)
		return bot.Reply{Text: "Stopped. Nothing was written down, so there are no minutes.", Did: undo}, err
	}
	g, _, err := d.db.Group(ctx, m.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	r, err := d.offer(ctx, g, m)
	r.Text = fmt.Sprintf("**%s**\n%s\n\nKept: `!minutes` shows them. For an hour I still follow when you edit a line.%s", bot.Plain(heading(m, g.Name)), clipLines(m.Text), r.Text)
	r.Did = undo
	return r, err
}

// offer asks whether minutes shall go to the forum, if there is a place for them.
func (d *desk) offer(ctx context.Context, g storage.Group, m storage.Minutes) (bot.Reply, error) {
	where, _, err := d.forum(ctx, g, m)
	if err != nil || where == "" {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: " Shall I put them on the forum, " + where + "?",
		Ask: &bot.Ask{Act: bot.Act{Name: "minutes.publish", Data: strconv.FormatInt(m.ID, 10)}, Anybody: true, For: 7 * 24 * time.Hour}}, nil
}

// forum is where a group's minutes are published, in words and as a room:
// the topic they were taken in, the group's own category or topic, or the
// network's category. It is "" if there is none.
func (d *desk) forum(ctx context.Context, g storage.Group, m storage.Minutes) (where string, to bot.Room, err error) {
	if strings.HasPrefix(m.Room.Site, "discourse/") {
		return "in this topic", m.Room, nil
	}
	places, err := d.db.Places(ctx, g.ID)
	if err != nil {
		return "", to, err
	}
	for _, p := range places {
		switch on := strings.HasPrefix(p.Room.Site, "discourse/"); {
		case on && strings.HasPrefix(p.Room.ID, "category/"):
			return "as a new topic in the group's category", p.Room, nil
		case on && strings.HasPrefix(p.Room.ID, "topic/") && where == "":
			where, to = "in the group's topic", p.Room
		}
	}
	if where == "" && d.Forum.Site != "" {
		return "as a new topic", d.Forum, nil
	}
	return where, to, nil
}

// publish is `!minutes publish`.
func (d *desk) publish(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.change(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	day := ""
	if f.args != "" {
		t, ok := pastDay(f.args, c)
		if !ok {
			return bot.Reply{}, bot.Errorf("Minutes of which day? Try `!minutes publish 10 Oct`, or `!minutes publish` for the last ones.")
		}
		day = t.String()
	}
	found, err := d.db.MinutesOf(ctx, f.ID, day, 1)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(found) == 0 {
		return bot.Reply{}, bot.Errorf("I have no such minutes. `!minutes list` says which there are.")
	}
	m := found[0]
	state, _, _, err := d.db.PostEnd(ctx, m.Post)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case state == "sent":
		return bot.Reply{}, bot.Errorf("%s", strings.TrimSpace("They are on the forum already. "+m.Link))
	case state == "owed":
		return bot.Reply{}, bot.Errorf("They are on their way to the forum.")
	case m.Text == "":
		return bot.Reply{}, bot.Errorf("Those are elsewhere: %s", m.Link)
	}
	r, err := d.offer(ctx, f.Group, m)
	if err == nil && r.Ask == nil {
		err = bot.Errorf("There is no place on a forum for the minutes of %s. A coordinator can bind a category to the group with `!group bind`.", bot.Plain(f.Name))
	}
	r.Text = fmt.Sprintf("**%s**\n%s\n\n%s", bot.Plain(heading(m, f.Name)), clipLines(m.Text), strings.TrimSpace(r.Text))
	return r, err
}

// published sends minutes to the forum, after a yes.
func (d *desk) published(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	m, ok, err := d.db.MinutesByID(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok || m.State != "kept" {
		return bot.Reply{}, bot.Errorf("Those minutes are not kept any more.")
	}
	if state, _, _, err := d.db.PostEnd(ctx, m.Post); err != nil {
		return bot.Reply{}, err
	} else if state == "sent" || state == "owed" {
		return bot.Reply{}, bot.Errorf("They are on the forum already, or on their way.")
	}
	g, _, err := d.db.Group(ctx, m.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	_, to, err := d.forum(ctx, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	m.Post = fmt.Sprintf("minutes/%d/forum/%d", m.ID, c.Now.Unix())
	if _, err := d.db.SaveMinutes(ctx, m); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.Promise(ctx, publishKind, data, c.Now.Add(checkAfter)); err != nil {
		return bot.Reply{}, err
	}
	post := bot.Post{Key: m.Post, Room: to, Text: m.Text, Why: "Somebody said yes to publishing these minutes."}
	if strings.HasPrefix(to.ID, "category/") {
		post.Title = heading(m, g.Name)
	} else {
		post.Text = "**" + bot.Plain(heading(m, g.Name)) + "**\n\n" + m.Text
	}
	return bot.Reply{Text: "They are on their way to the forum. I say so here if it does not take them.", Posts: []bot.Post{post},
		Did: []bot.Effect{{What: "published minutes", Fixed: "The minutes are on the forum: a moderator there can remove them."}}}, nil
}

// checkAfter is when it is first looked what became of minutes sent to a
// forum, and then every hour until it took or refused them.
const checkAfter = 5 * time.Minute

// tellPublished says where published minutes are, or that a forum refused
// them: they are kept here all the same.
func (d *desk) tellPublished(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	m, ok, err := d.db.MinutesByID(ctx, id)
	if err != nil || !ok {
		return nil, time.Time{}, err
	}
	state, note, url, err := d.db.PostEnd(ctx, m.Post)
	if err != nil {
		return nil, time.Time{}, err
	}
	text := ""
	switch state {
	case "owed":
		return nil, now.Add(time.Hour), nil
	case "given up":
		text = fmt.Sprintf("The forum did not take the minutes of %s (%s). They are safe: `!minutes` shows them, `!minutes publish` tries again.", sayDay(m.Day, now), bot.Plain(bot.Clip(note, 100)))
	case "sent":
		if url == "" {
			return nil, time.Time{}, nil
		}
		if m.Link == "" {
			m.Link = url
			if _, err := d.db.SaveMinutes(ctx, m); err != nil {
				return nil, time.Time{}, err
			}
		}
		text = "The minutes are on the forum: " + url
	default:
		return nil, time.Time{}, nil
	}
	if m.Room.ID == "" || strings.HasPrefix(m.Room.Site, "discourse/") && state == "sent" {
		return nil, time.Time{}, nil
	}
	return []bot.Post{{Key: m.Post + "/" + state, Room: m.Room, Rank: bot.Reminder, Text: text, Why: "The minutes that were taken here were sent to the forum."}}, time.Time{}, nil
}

// mend composes minutes anew after a line was taken back, and edits what was published.
func (d *desk) mend(ctx context.Context, c *bot.Call, m storage.Minutes) error {
	lines, err := d.db.MinutesLines(ctx, m.ID)
	if err != nil {
		return err
	}
	if m.Text, err = d.compose(ctx, lines); err != nil {
		return err
	}
	m.Changed = c.Now
	if _, err := d.db.SaveMinutes(ctx, m); err != nil {
		return err
	}
	state, _, _, err := d.db.PostEnd(ctx, m.Post)
	if err != nil || state != "sent" && state != "owed" {
		return err
	}
	post, _, err := d.db.SaidKey(ctx, m.Post)
	if err != nil {
		return err
	}
	text := m.Text
	if post.Title == "" {
		head, _, _ := strings.Cut(post.Text, "\n")
		text = head + "\n\n" + text
	}
	// An edit takes a line back and writes it anew: two changes by one message.
	key := m.Post + "/mend/" + c.ID + "/" + bot.TxnID(text)[:8]
	return d.db.Owe(ctx, bot.Post{Key: key, Room: post.Room, Kind: bot.Edit, Of: m.Post, Title: post.Title, Text: text, Made: c.Now,
		Why: "A line of the minutes was changed or taken back."})
}

// daySaid is a day before a colon: "10 Oct: …".
var daySaid = regexp.MustCompile(`(?s)^([^:\n]{2,40}):\s+(.+)$`)

// add is `!minutes add`: a link or a text from elsewhere.
func (d *desk) add(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.change(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	taker, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	m := storage.Minutes{Group: f.ID, State: "kept", Taker: taker, Made: c.Time, Changed: c.Time}
	text := f.args
	if said := daySaid.FindStringSubmatch(text); said != nil {
		if day, ok := pastDay(said[1], c); ok {
			m.Day, text = day.String(), said[2]
		}
	}
	switch text = strings.TrimSpace(text); {
	case text == "":
		return bot.Reply{}, bot.Errorf("Where are they? `!minutes add https://…`, or `!minutes add 10 Oct: …` with a link or the text itself.")
	case isLink(text):
		m.Link = text
	case len([]rune(text)) < 20:
		return bot.Reply{}, bot.Errorf("That is short for minutes. `!minutes add https://…` keeps a link, `!minutes add 10 Oct: …` a text.")
	default:
		m.Text = safeText(text)
	}
	assumed := m.Day == ""
	if assumed {
		if m.Day, m.Meeting, err = d.lastDay(ctx, f.ID, c); err != nil {
			return bot.Reply{}, err
		}
	}
	if m.ID, err = d.db.SaveMinutes(ctx, m); err != nil {
		return bot.Reply{}, err
	}
	said := fmt.Sprintf("Kept as the minutes of %s, %s.", bot.Plain(f.Name), sayDay(m.Day, c.Time.In(c.Zone)))
	if assumed {
		said += " Another day? `!undo`, then `!minutes add 10 Oct: …`."
	}
	return bot.Reply{Text: said,
		Did: []bot.Effect{{What: "kept minutes of " + m.Day, Undo: act("minutes.was", minutesWas{m.ID, "dropped"})}}}, nil
}

// lineStart is what a line of Markdown may begin with.
var lineStart = regexp.MustCompile(`^\s*(?:[-*+] |#{1,4} |\d{1,3}[.)] )?`)

// safeText keeps the shape of a pasted text, its lists and headings, and makes
// everything else in it plain.
func safeText(text string) string {
	var t strings.Builder
	for line := range strings.Lines(bot.Clip(strings.ToValidUTF8(text, ""), 20_000)) {
		start := lineStart.FindString(line)
		t.WriteString(start + bot.Plain(strings.TrimSpace(line[len(start):])) + "\n")
	}
	return strings.TrimSpace(t.String())
}
