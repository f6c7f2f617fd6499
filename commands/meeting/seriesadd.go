package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A seriesWish is what a yes would make a series of.
type seriesWish struct {
	Series storage.Series
}

// seriesAdd is `!series add`.
func (d *desk) seriesAdd(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, words, err := d.which(ctx, c, c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	if words == "" {
		return bot.Reply{}, bot.Errorf("How often? Try `!series add last Wednesday except Aug and Dec at 14:00`.")
	}
	return d.seriesRead(ctx, c, g, words)
}

// seriesRead reads a series and asks for a yes, or for what is missing.
func (d *desk) seriesRead(ctx context.Context, c *bot.Call, g storage.Group, words string) (bot.Reply, error) {
	o, err := d.options(ctx, g, c.Time, c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	h, err := d.habit(ctx, g, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	w := read(words, o)
	switch w.Kind {
	case when.Recurrence:
	case when.RecurrenceAnchor:
		return d.anchoredAsk(ctx, c, g, w, words, o, h)
	case when.AgendaCycle:
		return bot.Reply{}, bot.Errorf("That is a theme: `!series theme %s`.", bot.Code(bot.Clip(oneLine(words), 60)))
	case when.Ask, when.Error:
		text := puzzle(w.Reading, o)
		var offers []string
		for _, rule := range w.Candidates {
			if r, err := when.ParseRule(rule); err == nil {
				offers = append(offers, "`!series add "+sayRule(r)+"`")
			}
		}
		if len(offers) > 0 {
			return bot.Reply{}, bot.Errorf("%s %s?", text, strings.Join(offers, " or "))
		}
		return bot.Reply{}, bot.Errorf("%s Try `!series add last Wednesday of the month at 14:00`.", text)
	default:
		return bot.Reply{}, bot.Errorf("I found no rhythm in that. Try `!series add every second Thursday of the month at 14:00`, or `!meet` for a single date.")
	}
	if slices.Contains(w.Needs, "date") {
		return bot.Reply{}, bot.Errorf("On which day? Try `!series add last Wednesday of the month at 14:00`.")
	}
	if !w.HasClock {
		usual := ""
		if h.clock >= 0 {
			usual = fmt.Sprintf(" The group usually meets at %s.", h.clock)
		}
		return bot.Reply{Text: "At what time? Answer with it, as in `14:00-15:30`." + usual,
			Ask: &bot.Ask{Words: true, For: askFor, Act: bot.Act{Name: "series.hours", Data: packed(doubt{Group: g.ID, Words: words})}}}, nil
	}
	s := storage.Series{Group: g.ID, Title: w.Title, Rule: w.Series.Rule.String(), Day: w.Series.Start, Clock: w.Series.Clock, Minutes: w.Series.Minutes, Zone: o.Zone.String(), Except: w.Series.Except}
	if s.Minutes == 0 {
		s.Minutes = h.minutes
		w.note("Each is " + when.SayMinutes(s.Minutes) + " long; say `for 90 minutes` for another length.")
	}
	for _, a := range w.Assumed {
		w.note(assumed[a])
	}
	return d.seriesAsk(ctx, c, g, s, w)
}

// seriesHours takes the answer to the question for a time.
func (d *desk) seriesHours(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var q doubt
	if err := json.Unmarshal([]byte(data), &q); err != nil {
		return bot.Reply{}, err
	}
	g, ok, err := d.db.Group(ctx, q.Group)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	return d.seriesRead(ctx, c, g, q.Words+" at "+oneLine(c.Args))
}

// seriesAsk shows the first dates of a series and waits for a yes.
func (d *desk) seriesAsk(ctx context.Context, c *bot.Call, g storage.Group, s storage.Series, w wish) (bot.Reply, error) {
	old, err := d.db.GroupSeries(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, other := range old {
		if other.Rule == s.Rule && other.Clock == s.Clock && other.Anchor == "" {
			return bot.Reply{}, bot.Errorf("%s has that rhythm already: `!series` shows it.", name(g))
		}
	}
	plan, err := s.Plan()
	if err != nil {
		return bot.Reply{}, err
	}
	first, err := plan.Occurrences(c.Now, 4)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(first) == 0 {
		return bot.Reply{}, bot.Errorf("That rhythm has no date ahead. Try `!series add last Wednesday of the month at 14:00`.")
	}
	s.Day = first[0].Date
	var t strings.Builder
	fmt.Fprintf(&t, "%s would meet **%s, %s–%s**%s:", name(g), sayRule(plan.Rule), s.Clock, (s.Clock+when.Clock(s.Minutes))%(24*60), about(s.Title))
	var dates []string
	for _, o := range first {
		dates = append(dates, when.SayDateShort(o.Date, when.DateOf(c.Now.In(plan.Zone))))
	}
	fmt.Fprintf(&t, " first %s.", list(dates))
	if dropped, err := plan.Dropped(c.Now.AddDate(5, 0, 0)); err != nil {
		return bot.Reply{}, err
	} else if len(dropped) > 0 {
		w.note("On " + when.SayDate(dropped[0]) + " the clocks go forward and that time does not exist, so there is no meeting then.")
	}
	for _, n := range w.Notes {
		t.WriteString("\n" + n)
	}
	for _, other := range old {
		t.WriteString("\nMind: it has a rhythm already (" + ruleOf(other) + "); `!series stop` ends that one.")
	}
	fmt.Fprintf(&t, "\nA yes puts the coming year into the calendar; I remind before each, and ask in a year whether it goes on. Begin?")
	return bot.Reply{Text: t.String(), Ask: &bot.Ask{For: askFor, Anybody: true, Act: bot.Act{Name: "series.begin", Data: packed(seriesWish{s})}}}, nil
}

func ruleOf(s storage.Series) string {
	if plan, err := s.Plan(); err == nil {
		return sayRule(plan.Rule)
	}
	return offset(s.Offset) + " each " + bot.Plain(s.Anchor)
}

// anchoredAsk asks for a yes to a series that hangs on an anchor.
func (d *desk) anchoredAsk(ctx context.Context, c *bot.Call, g storage.Group, w wish, words string, o when.Options, h habit) (bot.Reply, error) {
	s := storage.Series{Group: g.ID, Title: w.Title, Anchor: w.Anchor, Offset: w.OffsetDays, Clock: h.clock, Minutes: h.minutes, Zone: o.Zone.String(), Day: when.DateOf(c.Now.In(o.Zone))}
	at := o
	at.Now = when.At(when.DateOf(c.Now.In(o.Zone)), 0, o.Zone) // hours alone are today's, and must not have passed
	if hours := when.Read(hoursIn(words), at); hours.Kind == when.Instant || hours.Kind == when.Range {
		s.Clock = when.ClockOf(hours.Start)
		if hours.Minutes > 0 {
			s.Minutes = hours.Minutes
		}
	}
	if s.Clock < 0 {
		return bot.Reply{}, bot.Errorf("At what time? Try `!series add %s at 14:00`.", bot.Code(bot.Clip(oneLine(words), 60)))
	}
	text := fmt.Sprintf("%s would meet **%s each %s, at %s**.", name(g), offset(s.Offset), bot.Plain(s.Anchor), s.Clock)
	if day, known := o.Anchors[s.Anchor]; known {
		text += fmt.Sprintf(" The next one is on %s, so that is **%s**.", when.SayDate(day), when.SayDate(day.AddDays(s.Offset)))
	} else {
		text += fmt.Sprintf(" I do not know when that is: tell me with `!anchor %s 14 Jan`.", bot.Code(s.Anchor))
	}
	return bot.Reply{Text: text + " I propose each date as soon as I know the day it hangs on, and never move one that is booked. Begin?",
		Ask: &bot.Ask{For: askFor, Anybody: true, Act: bot.Act{Name: "series.begin", Data: packed(seriesWish{s})}}}, nil
}

// seriesBegin makes a series and the meetings of its first year.
func (d *desk) seriesBegin(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var w seriesWish
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	s := w.Series
	g, ok, err := d.db.Group(ctx, s.Group)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	if s.MadeBy, err = d.db.Know(ctx, c.Room.Site, c.From); err != nil {
		return bot.Reply{}, err
	}
	if s.Call, err = d.callLink(ctx, g.ID); err != nil {
		return bot.Reply{}, err
	}
	s.Made, s.State = c.Now.UTC().Truncate(time.Second), "active"
	s.RenewBy = when.DateOf(c.Now.In(zone(g, c.Zone))).AddMonths(renewMonths)
	if s.ID, err = d.db.SaveSeries(ctx, s); err != nil {
		return bot.Reply{}, err
	}
	made, err := d.materialise(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.promiseRenewal(ctx, s, c.Now); err != nil {
		return bot.Reply{}, err
	}
	line, err := d.seriesLine(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("📅 %s meets %s", name(g), line)
	if len(made) > 0 {
		text += fmt.Sprintf(" %s in the calendar.", capital(plural(len(made), "date")+" "+areIs(len(made))))
	} else {
		text += " There is no date yet."
	}
	posts, err := d.seriesNotice(ctx, c, g, s, "begin", text)
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: "began a series of " + g.Name, Undo: &bot.Act{Name: "series.drop", Data: strconv.FormatInt(s.ID, 10)}}}}, err
}

func areIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// seriesNotice tells a group's places, and the room it was said in.
func (d *desk) seriesNotice(ctx context.Context, c *bot.Call, g storage.Group, s storage.Series, kind, text string) ([]bot.Post, error) {
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(rooms, func(r bot.Room) bool { return r.Site == c.Room.Site && r.ID == c.Room.ID }) {
		rooms = append(rooms, c.Room)
	}
	var posts []bot.Post
	for _, room := range rooms {
		p := bot.Post{Key: fmt.Sprintf("series/%d/%s/%s/%s/%s", s.ID, kind, stamp(c), room.Site, room.ID), Room: room, Text: text, Rank: bot.Reminder, Why: "The rhythm of this group's meetings changed."}
		if strings.HasPrefix(room.ID, "category/") {
			p.Title = bot.Clip(bot.Printable(g.Name)+": when we meet", 200)
		}
		posts = append(posts, p)
	}
	return posts, nil
}
