package minutes

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// takingKind is the promise to ask after minutes that nobody ends.
const takingKind = "minutes taking"

// Minutes that are still being taken after askAfter are asked about, and kept
// as they are after endAfter.
const (
	askAfter = 3 * time.Hour
	endAfter = 12 * time.Hour
)

// hears reports whether minutes are being taken in a room, or were until an
// hour ago: corrections are followed that long.
func (d *desk) hears(ctx context.Context, r bot.Room) bool {
	_, ok, err := d.db.MinutesHeard(ctx, bot.Room{Site: r.Site, ID: r.ID}, takingKind)
	return err == nil && ok
}

// start is `!minutes start`.
func (d *desk) start(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, here, err := d.db.GroupAt(ctx, room(c))
	if err != nil {
		return bot.Reply{}, err
	}
	if !here || c.Direct {
		return bot.Reply{}, bot.Errorf("I take minutes where a group meets. Say `!minutes start` in its room.")
	}
	if m, taking, err := d.db.MinutesIn(ctx, room(c)); err != nil {
		return bot.Reply{}, err
	} else if taking {
		return bot.Reply{}, bot.Errorf("I have been taking minutes here since %s. `!minutes stop` ends them.", m.Made.In(c.Zone).Format("15:04"))
	}
	taker, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	m := storage.Minutes{Group: g.ID, Day: today(c), Title: tidy(c.Args, 80), State: "taking", Room: room(c), Taker: taker, Made: c.Time, Changed: c.Time}
	if m.Meeting, err = d.meetingNow(ctx, g.ID, c.Time); err != nil {
		return bot.Reply{}, err
	}
	if err := d.takesNotes(ctx, m.Meeting, taker, c.Time); err != nil {
		return bot.Reply{}, err
	}
	if m.ID, err = d.db.SaveMinutes(ctx, m); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.Promise(ctx, takingKind, strconv.FormatInt(m.ID, 10), awake(c.Now.Add(askAfter))); err != nil {
		return bot.Reply{}, err
	}
	text, err := d.sayStart(ctx, c, g)
	return bot.Reply{Text: text, Did: []bot.Effect{{What: "started minutes of " + g.Name, Undo: act("minutes.was", minutesWas{m.ID, "dropped"})}}}, err
}

func (d *desk) sayStart(ctx context.Context, c *bot.Call, g storage.Group) (string, error) {
	var t strings.Builder
	fmt.Fprintf(&t, "Taking minutes of **%s**. I keep lines that begin with `^`, and nothing else that is said:\n"+
		"- `^topic 1` or `^topic budget`, `^note …`, `^agreed …`, `^present Ana, Sal`\n"+
		"- `^action @sal write the brief by Friday`\n"+
		"Edit or delete such a line and I follow. `!minutes stop` ends it.", bot.Plain(g.Name))
	items, err := d.upNext(ctx, g.ID, c.Time)
	if err != nil || len(items) == 0 {
		return t.String(), err
	}
	t.WriteString("\nAgenda:")
	for i, a := range items[:min(len(items), screen)] {
		fmt.Fprintf(&t, "\n%d. %s", i+1, bot.Plain(a.Text))
	}
	return t.String(), nil
}

// lineSaid is a line for the minutes: a hat, a word, and what follows.
var lineSaid = regexp.MustCompile(`(?i)^\^\s*(topic|item|note|info|agreed|agree|decided|decision|action|ap|todo|present|attendance|here)\b[:\s]*(.*)$`)

var lineKinds = map[string]string{"topic": "topic", "item": "topic", "note": "note", "info": "note", "agreed": "agreed", "agree": "agreed",
	"decided": "agreed", "decision": "agreed", "action": "action", "ap": "action", "todo": "action", "present": "present", "attendance": "present", "here": "present"}

// listen hears what is said while minutes are taken, and keeps the lines that
// are meant for them.
func (d *desk) listen(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, taking, err := d.db.MinutesIn(ctx, room(c))
	if err != nil || !taking {
		return bot.Reply{}, err
	}
	return d.lines(ctx, c, m)
}

// lines keeps the lines of a message that begin with a hat, and no others.
func (d *desk) lines(ctx context.Context, c *bot.Call, m storage.Minutes) (bot.Reply, error) {
	var all bot.Reply
	hats := hatLines(c.Text)
	for i, text := range hats {
		r, err := d.line(ctx, c, m, text, storage.MinutesLine{Minutes: m.ID, Message: lineID(c, i), At: c.Time}, len(hats) == 1)
		if err != nil {
			return all, err
		}
		all.Text = strings.TrimPrefix(all.Text+"\n"+r.Text, "\n")
		all.React, all.Did = r.React, append(all.Did, r.Did...)
	}
	if all.Text = strings.TrimSpace(all.Text); all.Text != "" {
		all.React = ""
	}
	return all, d.takeRest(ctx, c, m, len(all.Did), len(hats))
}

// maxHats is how many lines one message may have.
const maxHats = 30

func hatLines(text string) []string {
	var hats []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "^") && len(hats) < maxHats {
			hats = append(hats, line)
		}
	}
	return hats
}

// takeRest takes out what an edited message no longer says.
func (d *desk) takeRest(ctx context.Context, c *bot.Call, m storage.Minutes, kept, hats int) error {
	if c.Kind != bot.Edited {
		return nil
	}
	from := hats
	if kept == 0 {
		from = 0
	}
	for i := from; i < maxHats; i++ {
		message := lineID(c, i)
		known, err := d.db.HasMinutesLine(ctx, m.ID, message)
		if err != nil || !known {
			return err
		}
		action, err := d.db.LineAction(ctx, m.ID, message)
		if err != nil {
			return err
		}
		if err := d.takeLine(ctx, c, lineWas{m.ID, message, action}); err != nil {
			return err
		}
	}
	return nil
}

// line keeps one line. alone says that its message has no other.
func (d *desk) line(ctx context.Context, c *bot.Call, m storage.Minutes, text string, line storage.MinutesLine, alone bool) (bot.Reply, error) {
	found := lineSaid.FindStringSubmatch(text)
	if found == nil { // "^ some words" is a note; "^^" and "^ this" alone are a way of agreeing
		line.Kind, line.Text = "note", tidy(strings.TrimLeft(text, "^ "), 600)
		if len(strings.Fields(line.Text)) < 3 {
			return bot.Reply{}, nil
		}
		return d.keepLine(ctx, c, line, bot.Reply{})
	}
	line.Kind, line.Text = lineKinds[strings.ToLower(found[1])], tidy(found[2], 600)
	switch {
	case line.Text == "" && alone:
		return bot.Reply{}, bot.Errorf("What shall I write down? As in `^%s …`.", bot.Code(strings.ToLower(found[1])))
	case line.Text == "":
		return bot.Reply{}, nil
	case line.Kind == "action":
		return d.actionLine(ctx, c, m, line, alone)
	case line.Kind == "topic":
		if err := d.onAgenda(ctx, c, m, &line); err != nil {
			return bot.Reply{}, err
		}
	}
	return d.keepLine(ctx, c, line, bot.Reply{})
}

// follow hears of edits while minutes are taken, and for an hour after that: a
// line becomes what it now says, or goes if it is no line any more.
func (d *desk) follow(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Kind != bot.Edited {
		return bot.Reply{}, nil // deletions are undone by what they did
	}
	m, ok, err := d.db.MinutesHeard(ctx, room(c), takingKind)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	known, err := d.db.HasMinutesLine(ctx, m.ID, c.Of)
	if err != nil || !known && m.State != "taking" {
		return bot.Reply{}, err
	}
	r, err := d.lines(ctx, c, m)
	if err == nil && m.State == "kept" {
		err = d.mend(ctx, c, m)
	}
	return r, err
}

// lineID names the i-th line of a message; an edit is about an earlier one.
func lineID(c *bot.Call, i int) string {
	id := c.ID
	if c.Kind == bot.Edited {
		id = c.Of
	}
	if i > 0 {
		id += fmt.Sprintf("#%d", i)
	}
	return id
}

// onAgenda takes a topic's words from the agenda if its number or some
// of its words were said. It is ticked off there when the minutes end.
func (d *desk) onAgenda(ctx context.Context, c *bot.Call, m storage.Minutes, line *storage.MinutesLine) error {
	items, err := d.upNext(ctx, m.Group, c.Time)
	if err != nil {
		return err
	}
	if i, ok := pick(items, line.Text); ok {
		line.Text = items[i].Text
	}
	return nil
}

// actionLine writes an action down and answers with what was understood.
func (d *desk) actionLine(ctx context.Context, c *bot.Call, m storage.Minutes, line storage.MinutesLine, alone bool) (bot.Reply, error) {
	g, _, err := d.db.Group(ctx, m.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	before, err := d.db.LineAction(ctx, m.ID, line.Message)
	if err != nil {
		return bot.Reply{}, err
	}
	a, text, err := d.write(ctx, c, g, line.Text, before, alone)
	if err != nil {
		return bot.Reply{}, err
	}
	line.Action = a.ID
	return d.keepLine(ctx, c, line, bot.Reply{Text: text})
}

func (d *desk) keepLine(ctx context.Context, c *bot.Call, line storage.MinutesLine, r bot.Reply) (bot.Reply, error) {
	if before, err := d.db.LineAction(ctx, line.Minutes, line.Message); err != nil {
		return r, err
	} else if before != 0 && line.Action == 0 { // it was an action and is none now
		if err := d.takeLine(ctx, c, lineWas{line.Minutes, line.Message, before}); err != nil {
			return r, err
		}
	}
	if err := d.db.SetMinutesLine(ctx, line); err != nil {
		return r, err
	}
	if r.Text == "" && c.Kind == bot.Said {
		r.React = "✍️"
	}
	r.Did = []bot.Effect{{What: "wrote in the minutes: " + line.Text, Undo: act("minutes.line", lineWas{line.Minutes, line.Message, line.Action})}}
	return r, nil
}

// lineWas is a line that can be taken back.
type lineWas struct {
	Minutes int64
	Message string
	Action  int64
}

// lineBack takes a line out of the minutes, and drops its action. Minutes
// that were published meanwhile are mended there.
func (d *desk) lineBack(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var w lineWas
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	if err := d.takeLine(ctx, c, w); err != nil {
		return bot.Reply{}, err
	}
	m, ok, err := d.db.MinutesByID(ctx, w.Minutes)
	if err != nil || !ok || m.State != "kept" {
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.mend(ctx, c, m)
}

// takeLine takes a line out, and drops the action in it.
func (d *desk) takeLine(ctx context.Context, c *bot.Call, w lineWas) error {
	if err := d.db.DropMinutesLine(ctx, w.Minutes, w.Message); err != nil || w.Action == 0 {
		return err
	}
	if err := d.db.SetActionState(ctx, w.Action, "dropped", c.Time); err != nil {
		return err
	}
	return d.db.Release(ctx, dueKind, strconv.FormatInt(w.Action, 10))
}

// minutesWas is what minutes were before.
type minutesWas struct {
	ID    int64
	State string
}

// minutesBack undoes the start or the end of minutes.
func (d *desk) minutesBack(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var w minutesWas
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	m, ok, err := d.db.MinutesByID(ctx, w.ID)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if w.State == "taking" {
		if _, other, err := d.db.MinutesIn(ctx, m.Room); err != nil {
			return bot.Reply{}, err
		} else if other {
			return bot.Reply{}, bot.Errorf("Other minutes are being taken here now. `!minutes stop` first.")
		}
	}
	m.State, m.Changed = w.State, c.Time
	_, err = d.db.SaveMinutes(ctx, m)
	return bot.Reply{}, err
}

// tellTaking asks after minutes that nobody has ended, and ends them in the end.
func (d *desk) tellTaking(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	id, err := strconv.ParseInt(due.Ref, 10, 64)
	if err != nil {
		return nil, time.Time{}, err
	}
	m, ok, err := d.db.MinutesByID(ctx, id)
	if err != nil || !ok || m.State != "taking" {
		return nil, time.Time{}, err
	}
	say := func(text string) []bot.Post {
		return []bot.Post{{Key: fmt.Sprintf("minutes/%d/%d", m.ID, due.At.Unix()), Room: m.Room, Rank: bot.Reminder, Text: text,
			Why: "Minutes were started here with `!minutes start`, and nobody ended them."}}
	}
	if now.Before(m.Made.Add(endAfter)) {
		return say("I am still taking minutes here. `!minutes stop` ends them."), awake(m.Made.Add(endAfter)), nil
	}
	if m, err = d.finish(ctx, m, now); err != nil {
		return nil, time.Time{}, err
	}
	return say("I have stopped taking minutes here: nobody ended them. `!minutes` shows what I kept, `!minutes publish` puts it on the forum."), time.Time{}, nil
}
