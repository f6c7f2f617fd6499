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

const seriesHelp = "- `!series add last Wednesday except Aug and Dec at 14:00 for 90 minutes`\n" +
	"- `!series add three weeks before every board meeting at 14:00`: proposed as soon as I know the board's date\n" +
	"- `!series`: what repeats; `!series skip 26 March`; `!series stop`\n" +
	"- `!series renew`: it goes on for another year; without that its meetings are only proposed\n" +
	"- `!series theme every 3rd meeting is strategy, the others project work`"

// renewMonths is how long a series goes on before somebody has to say that it does.
const renewMonths = 12

// series is `!series`: what repeats.
func (d *desk) series(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if rest != "" {
		return bot.Reply{}, bot.Errorf("I do not know what to do with that. `!series add %s`? There are also `!series skip`, `!series stop` and `!series renew`.", bot.Code(bot.Clip(oneLine(rest), 60)))
	}
	all, err := d.db.GroupSeries(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: name(g) + " has no rhythm that I know of. Try `!series add last Wednesday of the month at 14:00`."}, nil
	}
	var t strings.Builder
	t.WriteString(name(g) + " meets")
	for _, s := range all {
		line, err := d.seriesLine(ctx, s, c.Now)
		if err != nil {
			return bot.Reply{}, err
		}
		t.WriteString("\n- " + line)
	}
	return bot.Reply{Text: t.String()}, nil
}

// seriesLine says a series in one line, with its next dates.
func (d *desk) seriesLine(ctx context.Context, s storage.Series, now time.Time) (string, error) {
	text := "the day " + offset(s.Offset) + " each " + bot.Plain(s.Anchor)
	if s.Anchor == "" {
		plan, err := s.Plan()
		if err != nil {
			return "", err
		}
		text = sayRule(plan.Rule)
	}
	z := storage.Slot{Zone: s.Zone}.Location()
	text += fmt.Sprintf(", %s–%s", s.Clock, (s.Clock+when.Clock(s.Minutes))%(24*60)) + about(s.Title)
	ahead, err := d.db.MeetingsOf(ctx, s.ID, now)
	if err != nil {
		return "", err
	}
	var dates []string
	for _, m := range ahead {
		if m.Ahead(now) && len(dates) < 3 {
			dates = append(dates, sayDay(m.Slot, now))
		}
	}
	if len(dates) > 0 {
		text += ": next " + list(dates)
	}
	if len(s.Except) > 0 {
		var off []string
		for _, day := range s.Except {
			if !day.Before(when.DateOf(now.In(z))) && len(off) < 5 {
				off = append(off, when.SayDateShort(day, when.DateOf(now.In(z))))
			}
		}
		if len(off) > 0 {
			text += "; not on " + list(off)
		}
	}
	if s.Every > 0 {
		text += fmt.Sprintf("; every %d meetings: %s", s.Every, bot.Plain(s.Theme))
	}
	if !s.RenewBy.IsZero() {
		text += "; goes on until " + when.SayDateShort(s.RenewBy, when.DateOf(now.In(z))) + " (`!series renew`)"
	}
	return text + ".", nil
}

func offset(days int) string {
	n, word := days, "after"
	if days < 0 {
		n, word = -days, "before"
	}
	if n%7 == 0 && n > 0 {
		return plural(n/7, "week") + " " + word
	}
	return plural(n, "day") + " " + word
}

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

// materialise makes the coming meetings of a series and promises their
// reminders.
func (d *desk) materialise(ctx context.Context, s storage.Series, now time.Time) ([]storage.Meeting, error) {
	made, err := d.db.Materialise(ctx, s, now)
	if err != nil {
		return nil, err
	}
	g, _, err := d.db.Group(ctx, s.Group)
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		if err := d.schedule(ctx, m, g, now); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// oneSeries is the series that a command is about, and the rest of its words.
func (d *desk) oneSeries(ctx context.Context, c *bot.Call) (storage.Series, storage.Group, string, error) {
	g, words, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Series{}, g, "", err
	}
	if err := d.may(ctx, c, g); err != nil {
		return storage.Series{}, g, "", err
	}
	all, err := d.db.GroupSeries(ctx, g.ID)
	if err != nil {
		return storage.Series{}, g, "", err
	}
	words = oneLine(words)
	first, rest := atSpace(words)
	if n, err := strconv.Atoi(first); err == nil && len(all) > 1 && n >= 1 && n <= len(all) {
		return all[n-1], g, rest, nil
	}
	switch len(all) {
	case 0:
		return storage.Series{}, g, words, bot.Errorf("%s has no rhythm that I know of. Try `!series add last Wednesday of the month at 14:00`.", name(g))
	case 1:
		return all[0], g, words, nil
	}
	var which []string
	for i, s := range all {
		which = append(which, fmt.Sprintf("%d) %s", i+1, ruleOf(s)))
	}
	return storage.Series{}, g, words, bot.Errorf("Which one? %s. Say its number first, as in `!series stop 1`.", strings.Join(which, " · "))
}

// seriesSkip is `!series skip`: no meeting on that day.
func (d *desk) seriesSkip(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, g, words, err := d.oneSeries(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	ahead, err := d.db.MeetingsOf(ctx, s.ID, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	ahead = slices.DeleteFunc(ahead, func(m storage.Meeting) bool { return !m.Ahead(c.Now) })
	if len(ahead) == 0 {
		return bot.Reply{}, bot.Errorf("There is no date ahead that could be skipped. `!series` shows the rhythm.")
	}
	first, last := ahead[0].Day, ahead[0].Day
	if words != "" && !strings.EqualFold(words, "next") {
		var ok bool
		if first, last, ok = awayDays(words, when.Options{Now: c.Time, Zone: zone(g, c.Zone)}); !ok {
			return bot.Reply{}, bot.Errorf("Which one? Try `!series skip %s`.", sayDay(ahead[0].Slot, c.Now))
		}
	}
	before := s
	before.Except = slices.Clone(s.Except)
	var skipped []storage.Meeting
	for _, m := range ahead {
		if !m.Day.Before(first) && !m.Day.After(last) {
			skipped = append(skipped, m)
			s.Except = append(s.Except, m.RuleDay)
		}
	}
	if len(skipped) == 0 {
		return bot.Reply{}, bot.Errorf("There is no meeting of the series then. The next is on %s.", sayDay(ahead[0].Slot, c.Now))
	}
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{}
	var days []string
	for _, m := range skipped {
		more, err := d.callOff(ctx, c, g, m, storage.Cancelled, "")
		if err != nil {
			return r, err
		}
		r.Posts = append(r.Posts, more.Posts...)
		days = append(days, sayDay(m.Slot, c.Now))
	}
	r.Did = []bot.Effect{{What: "skipped " + list(days) + " in a series of " + g.Name, Undo: &bot.Act{Name: "series.unskip", Data: packed(skip{before, ids(skipped)})}}}
	return r, nil
}

// A skip is what was left out of a series, to be undone.
type skip struct {
	Series   storage.Series
	Meetings []int64
}

func ids(all []storage.Meeting) []int64 {
	var n []int64
	for _, m := range all {
		n = append(n, m.ID)
	}
	return n
}

// unskip undoes a skip.
func (d *desk) unskip(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k skip
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.db.SaveSeries(ctx, k.Series); err != nil {
		return bot.Reply{}, err
	}
	var r bot.Reply
	for _, id := range k.Meetings {
		m, err := d.db.Meeting(ctx, id)
		if err != nil {
			return r, err
		}
		more, err := d.was(ctx, c, packed(was{id, storage.Booked, m.Slot, ""}))
		if err != nil {
			return r, err
		}
		r.Posts = append(r.Posts, more.Posts...)
	}
	return r, nil
}

// seriesStop is `!series stop`.
func (d *desk) seriesStop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, g, _, err := d.oneSeries(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	n, err := d.stoppable(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("End this rhythm of %s: %s? %s ahead would be off; one that was moved or confirmed by people stays.", name(g), ruleOf(s), capital(plural(len(n), "meeting"))),
		Ask: &bot.Ask{For: askFor, Anybody: true, Act: bot.Act{Name: "series.stop", Data: strconv.FormatInt(s.ID, 10)}}}, nil
}

// stoppable are the coming meetings of a series that nobody has touched.
func (d *desk) stoppable(ctx context.Context, s storage.Series, now time.Time) ([]storage.Meeting, error) {
	ahead, err := d.db.MeetingsOf(ctx, s.ID, now)
	return slices.DeleteFunc(ahead, func(m storage.Meeting) bool { return !m.Ahead(now) || m.Edited }), err
}

// seriesStopped ends a series.
func (d *desk) seriesStopped(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	s, err := d.db.Series(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	g, _, err := d.db.Group(ctx, s.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	off, err := d.endSeries(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("The rhythm of %s has ended: %s. %s off.", name(g), ruleOf(s), capital(plural(len(off), "meeting")+" "+areIs(len(off))))
	after, ok, err := d.db.NextMeeting(ctx, g.ID, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if ok {
		text += " Next: " + bold(span(after.Slot, c.Now)) + "."
	} else {
		text += " No date is booked: `!poll` looks for one, `!series add` begins another rhythm."
	}
	posts, err := d.seriesNotice(ctx, c, g, s, "stop", text)
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: "ended a series of " + g.Name, Undo: &bot.Act{Name: "series.resume", Data: packed(skip{s, off})}}}}, err
}

// endSeries ends a series and calls off what nobody has touched.
func (d *desk) endSeries(ctx context.Context, s storage.Series, now time.Time) (off []int64, err error) {
	ahead, err := d.stoppable(ctx, s, now)
	if err != nil {
		return nil, err
	}
	s.State, s.Ended = "ended", now.UTC().Truncate(time.Second)
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return nil, err
	}
	for _, m := range ahead {
		if err := d.db.SetMeetingState(ctx, m.ID, storage.Cancelled, now); err != nil {
			return nil, err
		}
		if err := d.db.Release(ctx, promiseKind, strconv.FormatInt(m.ID, 10)); err != nil {
			return nil, err
		}
	}
	return ids(ahead), d.db.Release(ctx, renewKind, strconv.FormatInt(s.ID, 10))
}

// resume undoes the end of a series.
func (d *desk) resume(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k skip
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	k.Series.State, k.Series.Ended = "active", time.Time{}
	if _, err := d.db.SaveSeries(ctx, k.Series); err != nil {
		return bot.Reply{}, err
	}
	g, _, err := d.db.Group(ctx, k.Series.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, id := range k.Meetings {
		_, m, err := d.db.ChangeMeeting(ctx, id, c.Now, func(m *storage.Meeting) { m.State = storage.Booked })
		if err != nil {
			return bot.Reply{}, err
		}
		if err := d.schedule(ctx, m, g, c.Now); err != nil {
			return bot.Reply{}, err
		}
	}
	posts, err := d.seriesNotice(ctx, c, g, k.Series, "resume", fmt.Sprintf("↩️ The rhythm of %s goes on: %s.", name(g), ruleOf(k.Series)))
	return bot.Reply{Posts: posts}, firstErr(err, d.promiseRenewal(ctx, k.Series, c.Now))
}

// seriesDrop undoes the beginning of a series.
func (d *desk) seriesDrop(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	ahead, err := d.db.MeetingsOf(ctx, id, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, m := range ahead {
		if err := d.db.Release(ctx, promiseKind, strconv.FormatInt(m.ID, 10)); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{}, firstErr(d.db.Release(ctx, renewKind, data), d.db.DropSeries(ctx, id))
}

// seriesTheme is `!series theme`.
func (d *desk) seriesTheme(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, g, words, err := d.oneSeries(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	r := when.Read(words, when.Options{Now: c.Time, Zone: zone(g, c.Zone)})
	if r.Kind != when.AgendaCycle || r.Every < 1 || r.Every > 24 {
		return bot.Reply{}, bot.Errorf("Which theme, and how often? Try `!series theme every 3rd meeting is strategy, the others project work`.")
	}
	before := s
	s.Every, s.Theme, s.Otherwise = r.Every, bot.Clip(r.Theme, maxTitle), bot.Clip(r.Otherwise, maxTitle)
	if _, err := d.db.SaveSeries(ctx, s); err != nil {
		return bot.Reply{}, err
	}
	now, err := d.themeOf(ctx, s, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("%s: every %d meetings the theme is %s. It is counted over meetings held, so one that is put off does not eat the turn. Next time: %s.", name(g), s.Every, bot.Plain(s.Theme), bot.Plain(now))
	return bot.Reply{Text: text, Did: []bot.Effect{{What: "gave a series of " + g.Name + " themes", Undo: &bot.Act{Name: "series.was", Data: packed(seriesWish{before})}}}}, nil
}

// seriesWas undoes a change of a series' words.
func (d *desk) seriesWas(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var w seriesWish
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	_, err := d.db.SaveSeries(ctx, w.Series)
	return bot.Reply{}, err
}

// themeOf is the theme of a series' next meeting: counted over the meetings
// that were held, or are over and nobody has said otherwise.
func (d *desk) themeOf(ctx context.Context, s storage.Series, now time.Time) (string, error) {
	if s.Every == 0 {
		return "", nil
	}
	past, err := d.db.MeetingsOf(ctx, s.ID, s.Made.AddDate(-10, 0, 0))
	if err != nil {
		return "", err
	}
	held := 0
	for _, m := range past {
		if m.End.Before(now) && (m.State == storage.Held || m.State == storage.Booked) {
			held++
		}
	}
	if (held+1)%s.Every == 0 {
		return s.Theme, nil
	}
	if s.Otherwise != "" {
		return s.Otherwise, nil
	}
	return fmt.Sprintf("as usual (%d more until %s)", s.Every-1-held%s.Every, s.Theme), nil
}
