package minutes

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// longest is how many letters of minutes are shown in a room.
const longest = 2500

// minutes is `!minutes`: the last ones, or those of a day.
func (d *desk) minutes(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.about(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if f.args == "" || strings.EqualFold(f.args, "last") {
		return d.last(ctx, c, f)
	}
	all, err := d.db.MinutesOf(ctx, f.ID, "", 1)
	if err != nil {
		return bot.Reply{}, err
	}
	day, ok := pastDay(f.args, c)
	if !ok {
		return bot.Reply{}, bot.Errorf("Minutes of which day? Try `!minutes 10 Oct`, or `!minutes find %s` for words in them.", bot.Code(tidy(f.args, 30)))
	}
	found, err := d.db.MinutesOf(ctx, f.ID, day.String(), 5)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(found) == 0 {
		none := fmt.Sprintf("I have no minutes of %s for %s.", bot.Plain(f.Name), when.SayDate(day))
		if len(all) > 0 {
			none += " `!minutes list` says which there are."
		}
		return f.answer(none + " If they are somewhere: `!minutes add " + sayShort(day) + ": https://…`."), nil
	}
	return f.show(found[0]), nil
}

// pastDay reads the day of a meeting that has been: without a year, the last such day.
func pastDay(said string, c *bot.Call) (when.Date, bool) {
	now := when.DateOf(c.Time.In(c.Zone))
	day, err := when.Day(said, c.Time, c.Zone)
	var unclear *when.UnclearError
	if errors.As(err, &unclear) { // such as a day a few weeks ago: the next one, or the last?
		for _, candidate := range unclear.Reading.Candidates {
			if t, err := when.ParseDate(bot.Clip(candidate, 10)); err == nil && !t.After(now) && t.After(day) {
				day = t
			}
		}
		return day, !day.IsZero()
	}
	if err != nil {
		return day, false
	}
	if day.After(now) && !strings.Contains(said, fmt.Sprint(day.Year)) {
		day = day.AddMonths(-12)
	}
	return day, true
}

func sayShort(day when.Date) string { return fmt.Sprintf("%d %s", day.Day, day.Month.String()[:3]) }

// last is `!minutes`.
func (d *desk) last(ctx context.Context, c *bot.Call, f forGroup) (bot.Reply, error) {
	if m, taking, err := d.db.MinutesIn(ctx, room(c)); err != nil {
		return bot.Reply{}, err
	} else if taking && f.here {
		return d.soFar(ctx, m)
	}
	m, ok, err := d.db.LastMinutes(ctx, f.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok {
		text := fmt.Sprintf("I have no minutes of %s yet. `!minutes start` takes them in the room; `!minutes add https://…` keeps a link to those that are elsewhere.", bot.Plain(f.Name))
		links, err := d.db.GroupLinks(ctx, f.ID)
		for _, l := range links {
			if strings.EqualFold(l.What, "minutes") {
				text += " They may be here: " + l.URL
			}
		}
		return f.answer(text), err
	}
	r := f.show(m)
	newer, ok, err := d.db.LastMeeting(ctx, f.ID, c.Time)
	if err == nil && ok && newer.Day.String() > m.Day {
		r.Text += fmt.Sprintf("\nThe meeting on %s has none yet: `!minutes add https://…` keeps a link to them.", when.SayDateShort(newer.Day, when.DateOf(c.Time.In(c.Zone))))
	}
	return r, err
}

// soFar shows what has been taken down up to now.
func (d *desk) soFar(ctx context.Context, m storage.Minutes) (bot.Reply, error) {
	lines, err := d.db.MinutesLines(ctx, m.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	text, err := d.compose(ctx, lines)
	if err != nil {
		return bot.Reply{}, err
	}
	if text == "" {
		return bot.Reply{Text: "I am taking minutes; nothing has been written down yet. `^note …` writes something."}, nil
	}
	return bot.Reply{Text: "The minutes so far:\n" + text}, nil
}

func (f forGroup) show(m storage.Minutes) bot.Reply {
	var t strings.Builder
	fmt.Fprintf(&t, "**%s**", bot.Plain(heading(m, f.Name)))
	if m.Link != "" {
		t.WriteString("\n" + m.Link)
	}
	if m.Text != "" {
		t.WriteString("\n" + clipLines(m.Text))
	}
	if m.Text == "" && m.Link == "" {
		t.WriteString("\nNothing was written down.")
	}
	return f.answer(t.String())
}

// clipLines shortens a text at the end of a line.
func clipLines(text string) string {
	if len(text) <= longest {
		return text
	}
	text = strings.ToValidUTF8(text[:longest], "")
	if i := strings.LastIndexByte(text, '\n'); i > longest/2 {
		text = text[:i]
	}
	return text + "\n…"
}

// list is `!minutes list`.
func (d *desk) list(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.about(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	all, err := d.db.MinutesOf(ctx, f.ID, "", screen+1)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return d.last(ctx, c, f)
	}
	var t strings.Builder
	fmt.Fprintf(&t, "**Minutes of %s**\n", bot.Plain(f.Name))
	for _, m := range all[:min(len(all), screen)] {
		fmt.Fprintf(&t, "- %s", sayDay(m.Day, c.Time.In(c.Zone)))
		if m.Title != "" {
			t.WriteString(": " + bot.Plain(m.Title))
		}
		if m.Link != "" {
			t.WriteString(" " + m.Link)
		}
		t.WriteString("\n")
	}
	t.WriteString("`!minutes 10 Oct` shows those of a day, `!minutes find budget` looks for words.")
	return f.answer(t.String()), nil
}

// find is `!minutes find`: in the group's minutes, or, where it is clear of no
// group, in those of all.
func (d *desk) find(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	f, err := d.about(ctx, c)
	everywhere := err != nil && f.ID == 0 && c.Person.Role >= bot.Member
	if err != nil && !everywhere {
		return bot.Reply{}, err
	}
	words := strings.Fields(strings.Trim(tidy(f.args, 100), `"“”?.`))
	if len(words) == 0 {
		return bot.Reply{}, bot.Errorf("Which words? Try `!minutes find mentoring`.")
	}
	found, err := d.db.FindMinutes(ctx, f.ID, words, 6)
	if err != nil {
		return bot.Reply{}, err
	}
	whose := "of all groups"
	if !everywhere {
		whose = "of " + bot.Plain(f.Name)
	}
	shown := bot.Plain(strings.Join(words, " "))
	if len(found) == 0 {
		return f.answer(fmt.Sprintf("No minutes %s speak of “%s”. Fewer or shorter words find more; `!minutes list` says which there are.", whose, shown)), nil
	}
	text := fmt.Sprintf("“%s” in the minutes %s:\n", shown, whose)
	for _, m := range found[:min(len(found), 5)] {
		g, _, err := d.db.Group(ctx, m.Group)
		if err != nil {
			return bot.Reply{}, err
		}
		name := ""
		if everywhere {
			name = bot.Plain(g.Name) + ", "
			f.Group = g // the example below is about the last one named
		}
		text += fmt.Sprintf("- %s%s: %s\n", name, sayDay(m.Day, c.Time.In(c.Zone)), excerpt(m, words))
	}
	if len(found) > 5 {
		text += "And earlier ones. More words find fewer. "
	}
	last := found[min(len(found), 5)-1]
	if everywhere {
		these := "the last of these whole"
		if len(found) == 1 {
			these = "them whole"
		}
		return f.answer(text + "`!minutes " + bot.Code(f.Slug) + " " + shortDay(last.Day) + "` shows " + these + "."), nil
	}
	return f.answer(text + "`!minutes " + shortDay(found[0].Day) + "` shows them whole."), nil
}

func shortDay(day string) string {
	t, err := when.ParseDate(day)
	if err != nil {
		return day
	}
	return fmt.Sprintf("%s %d", sayShort(t), t.Year)
}

// excerpt is the line of minutes in which most of the words are.
func excerpt(m storage.Minutes, words []string) string {
	best, most := "", 0
	for line := range strings.Lines(bot.Plain(m.Title) + "\n" + m.Text) {
		n := 0
		for _, w := range words {
			if strings.Contains(strings.ToLower(line), strings.ToLower(w)) {
				n++
			}
		}
		if n > most {
			best, most = line, n
		}
	}
	return bot.Clip(strings.Trim(strings.TrimSpace(best), "-* "), 160)
}

// isLink reports whether a text is one web address.
func isLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsAny(s, " \n<>")
}
