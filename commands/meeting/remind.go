package meeting

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// promiseKind is the kind of the one promise that each meeting has: its ref
// is the meeting's number, its time that of the next thing to be said.
const promiseKind = "meeting"

// A stage is something to be said about a meeting at a time.
type stage struct {
	kind  string    // part of the post's key
	due   time.Time // moved to before quiet hours
	until time.Time // too late from here on: left out, for good
}

// stages are what is to be said about a meeting, in order of time.
func stages(m storage.Meeting, g storage.Group) []stage {
	zone, nation := m.Location(), when.Nation(g.Nation)
	before := func(days int) time.Time { return earlier(dayBefore(m.Slot, days), zone, nation) }
	switch m.State {
	case storage.Proposed:
		return []stage{{"week", before(7), dayBefore(m.Slot, 2)}, {"lapse", lapse(m, g), m.Start}}
	case storage.Booked:
	default:
		return nil
	}
	all := []stage{{"week", before(7), dayBefore(m.Slot, 2)}}
	if g.Kind == "call" {
		all = append(all, stage{"forecast", before(2), m.Start.Add(-12 * time.Hour)})
	}
	return append(all,
		stage{"day", before(1), m.Start.Add(-3 * time.Hour)},
		stage{"hour", m.Start.Add(-time.Hour), m.Start.Add(10 * time.Minute)},
		stage{"after", m.End.Add(10 * time.Minute), m.End.Add(3 * 24 * time.Hour)})
}

// ahead names the reminders that a meeting will still have.
func ahead(m storage.Meeting, g storage.Group, now time.Time) []string {
	words := map[string]string{"week": "a week before", "day": "the day before", "hour": "an hour before"}
	var said []string
	for _, s := range stages(m, g) {
		if w := words[s.kind]; w != "" && s.due.After(now) {
			said = append(said, w)
		}
	}
	return said
}

// next returns when the first of some stages after a moment is due, zero if none is.
func next(all []stage, now time.Time) time.Time {
	for _, s := range all {
		if s.due.After(now) {
			return s.due
		}
	}
	return time.Time{}
}

// sooner is the earlier of two moments, of which the second may be zero.
func sooner(a, b time.Time) time.Time {
	if b.IsZero() || a.Before(b) {
		return a
	}
	return b
}

// schedule promises the next thing to be said about a meeting, in place of
// what was promised before.
func (d *desk) schedule(ctx context.Context, m storage.Meeting, g storage.Group, now time.Time) error {
	ref := strconv.FormatInt(m.ID, 10)
	at := next(stages(m, g), now)
	if at.IsZero() {
		return d.db.Release(ctx, promiseKind, ref)
	}
	return d.db.Promise(ctx, promiseKind, ref, at)
}

// tell says what is due about a meeting. Of several that are, after the bot
// was away, only the one nearest to the meeting is said; what comes late waits
// for the end of quiet hours. Saying one a second time is no harm, since posts
// have keys.
func (d *desk) tell(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	m, g, err := d.meeting(ctx, due.Ref)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	one, after := dueStage(m, g, now)
	if one.kind == "" {
		return nil, after, nil
	}
	posts, err := d.stage(ctx, g, m, one, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	if one.kind == "lapse" {
		return posts, time.Time{}, nil
	}
	return posts, after, nil
}

// dueStage is the stage of a meeting that is to be said at a moment, without
// a kind if none is, and when the next one is due.
func dueStage(m storage.Meeting, g storage.Group, now time.Time) (one stage, after time.Time) {
	all := stages(m, g)
	for _, s := range all {
		if !s.due.After(now) && now.Before(s.until) {
			one = s
		}
	}
	after = next(all, now)
	if one.kind != "" && one.late(now) && one.kind != "hour" && quiet(now, m.Location(), when.Nation(g.Nation)) {
		return stage{}, sooner(later(now, m.Location(), when.Nation(g.Nation)), after)
	}
	return one, after
}

// late reports whether a stage is said later than it should be.
func (s stage) late(now time.Time) bool { return now.Sub(s.due) > 10*time.Minute }

// tellAll says what is due about many meetings at once. What is more than a
// plain reminder is told of by itself.
func (d *desk) tellAll(ctx context.Context, all []bot.Due, now time.Time) ([]bot.Told, error) {
	ids := make([]int64, len(all))
	for i, due := range all {
		ids[i], _ = strconv.ParseInt(due.Ref, 10, 64) // no meeting has the number 0
	}
	b, err := d.db.MeetingBatch(ctx, ids)
	if err != nil {
		return nil, err
	}
	told := make([]bot.Told, 0, len(all))
	for i, due := range all {
		t := bot.Told{Due: due}
		var plain bool
		if t.Posts, t.Next, plain = d.plainly(b, ids[i], now); !plain {
			if t.Posts, t.Next, err = d.tell(ctx, due, now); err != nil {
				return nil, err
			}
		}
		told = append(told, t)
	}
	return told, nil
}

// plainly makes a reminder of what was read for many. It reports false for
// what needs more: calls, series, groups with an agenda, actions or minutes, proposed dates, topics that are not open
// yet, the ringing of an hour's reminder, and all that is no reminder.
func (d *desk) plainly(b storage.MeetingBatch, id int64, now time.Time) ([]bot.Post, time.Time, bool) {
	m, known := b.Meetings[id]
	g := b.Groups[m.Group]
	if !known || m.State != storage.Booked || m.Series != 0 || g.Kind == "call" || b.Busy[g.ID] {
		return nil, time.Time{}, false
	}
	s, after := dueStage(m, g, now)
	rsvps := b.RSVPs[id]
	switch {
	case s.kind == "":
		return nil, after, true
	case s.kind != "week" && s.kind != "day" && (s.kind != "hour" || len(rsvps) > 0):
		return nil, after, false
	}
	text := reminderText(g, m, s.kind, "", "", rsvps, now)
	if s.late(now) {
		text = lateMark + text
	}
	var posts []bot.Post
	for _, room := range b.Rooms[g.ID] {
		if strings.HasPrefix(room.ID, "category/") {
			return nil, after, false
		}
		if !strings.HasPrefix(room.ID, "tag/") {
			posts = append(posts, bot.Post{Key: key(m, s.kind+"/"+itoa(m.Sequence), room), Room: room, Text: asking(text, s, m, room.Site), Rank: bot.Reminder, Why: whyReminded(s.kind)})
		}
	}
	return posts, after, true
}

const lateMark = "(late: I was away) "

func whyReminded(kind string) string { return "It is " + reminded[kind] + " a meeting of this group." }

// asking adds to a reminder the question who is coming, except in the last
// hour and for dates that are only proposed, which ask in other words.
func asking(text string, s stage, m storage.Meeting, site string) string {
	if s.kind == "hour" || m.State == storage.Proposed {
		return text
	}
	return text + "\n" + howToAnswer(site)
}

// stage says one thing.
func (d *desk) stage(ctx context.Context, g storage.Group, m storage.Meeting, s stage, now time.Time) ([]bot.Post, error) {
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	late := ""
	if s.late(now) {
		late = lateMark
	}
	switch s.kind {
	case "lapse":
		return d.lapsed(ctx, g, m, rsvps, now)
	case "after":
		return d.after(ctx, g, m, now)
	case "forecast":
		return d.forecast(ctx, g, m, rsvps, late, now)
	case "week":
		if g.Kind == "call" && m.State == storage.Booked {
			return d.callWeek(ctx, g, m, rsvps, late, now)
		}
		if m.Series == 0 {
			break
		}
		if first, ok, err := d.db.NextMeeting(ctx, g.ID, now); err != nil || ok && first.ID != m.ID {
			return nil, err // a group that meets each week needs no word on the meeting after the next
		}
	}
	text, err := d.reminder(ctx, g, m, s.kind, rsvps, now)
	if err != nil {
		return nil, err
	}
	posts, err := d.everywhere(ctx, g, m, s.kind+"/"+itoa(m.Sequence), func(site string) string { return asking(late+text, s, m, site) }, whyReminded(s.kind))
	if err != nil || s.kind != "hour" {
		return posts, err
	}
	return posts, d.ring(ctx, posts, rsvps)
}

var reminded = map[string]string{"week": "a week before", "day": "a day before", "hour": "an hour before"}

// reminder is the text of a reminder.
func (d *desk) reminder(ctx context.Context, g storage.Group, m storage.Meeting, kind string, rsvps []storage.RSVP, now time.Time) (string, error) {
	theme, err := d.theme(ctx, m, now)
	if err != nil {
		return "", err
	}
	agenda := ""
	if m.State == storage.Booked {
		if agenda, err = d.agendaLines(ctx, g, m, kind); err != nil {
			return "", err
		}
	}
	text := reminderText(g, m, kind, theme, agenda, rsvps, now)
	if m.State != storage.Proposed || kind == "hour" {
		return text, nil
	}
	need, err := d.quorum(ctx, g)
	return text + fmt.Sprintf("\nIt is only proposed: %s needed by %s, %d so far. 👍 says yes, 👎 no.", heads(g, need)+" saying yes", moment(lapse(m, g), now, m.Location()), tally(g, rsvps).yes), err
}

// reminderText is what a reminder says of a meeting: when, where, and how
// many come to one that is booked.
func reminderText(g storage.Group, m storage.Meeting, kind, theme, agenda string, rsvps []storage.RSVP, now time.Time) string {
	var t strings.Builder
	if kind == "hour" {
		fmt.Fprintf(&t, "⏰ %s meets %s, at **%s**%s.", name(g), when.Relative(m.Start, now, m.Location()), m.Start.In(m.Location()).Format("15:04"), about(m.Title))
	} else {
		fmt.Fprintf(&t, "⏰ %s: %s%s meets **%s**.", capital(relative(m.Slot, now)), name(g), about(m.Title), sayWhen(m.Slot))
	}
	t.WriteString(theme)
	if m.Call != "" {
		t.WriteString("\nCall: " + m.Call)
	}
	t.WriteString(agenda)
	if n := tally(g, rsvps); kind != "hour" && m.State == storage.Booked && n.any() {
		t.WriteString("\n" + n.String() + ".")
	}
	return t.String()
}

// theme says what a meeting is about by its series' cycle, "" if by none.
func (d *desk) theme(ctx context.Context, m storage.Meeting, now time.Time) (string, error) {
	theme := m.Theme
	if theme == "" && m.Series != 0 {
		s, err := d.db.Series(ctx, m.Series)
		if err != nil || s.Every == 0 {
			return "", err
		}
		first, ok, err := d.db.NextMeeting(ctx, m.Group, now)
		if err != nil || !ok || first.ID != m.ID {
			return "", err
		}
		if theme, err = d.themeOf(ctx, s, now); err != nil {
			return "", err
		}
	}
	if theme == "" {
		return "", nil
	}
	return " Theme: " + bot.Plain(theme) + ".", nil
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func relative(s storage.Slot, now time.Time) string {
	return when.RelativeDays(when.DateOf(now.In(s.Location())).DaysTo(s.Day))
}

// ring has posts ring for the people who said yes, on their own sites.
func (d *desk) ring(ctx context.Context, posts []bot.Post, rsvps []storage.RSVP) error {
	for _, r := range rsvps {
		if r.Answer != "yes" || r.Stale {
			continue
		}
		accounts, err := d.db.Accounts(ctx, r.Person)
		if err != nil {
			return err
		}
		for i := range posts {
			for _, a := range accounts {
				if a.Site == storage.AccountSite(posts[i].Room.Site) {
					posts[i].Mentions, posts[i].Loud = append(posts[i].Mentions, a.User), true
				}
			}
		}
	}
	return nil
}

// lapsed gives up a proposed meeting that not enough people want, and says so.
func (d *desk) lapsed(ctx context.Context, g storage.Group, m storage.Meeting, rsvps []storage.RSVP, now time.Time) ([]bot.Post, error) {
	need, err := d.quorum(ctx, g)
	if err != nil {
		return nil, err
	}
	if err := d.db.SetMeetingState(ctx, m.ID, storage.Lapsed, now); err != nil {
		return nil, err
	}
	if m.Series != 0 {
		if posts, ended, err := d.unwanted(ctx, g, m, now); err != nil || ended {
			return posts, err
		}
	}
	yes := tally(g, rsvps).yes
	text := fmt.Sprintf("%s had %d yes of %d needed, so it is off, unless somebody says otherwise: `!meet confirm`.", bold(span(m.Slot, now)), yes, need)
	after, ok, err := d.db.NextMeeting(ctx, g.ID, now)
	if err != nil {
		return nil, err
	}
	if ok {
		text += fmt.Sprintf(" Next: %s.", bold(span(after.Slot, now)))
	} else {
		text += " No other date is booked: `!poll` looks for one."
	}
	m.State = storage.Lapsed
	edits, err := d.refresh(ctx, g, m, "lapsed", now)
	if err != nil {
		return nil, err
	}
	posts, err := d.everywhere(ctx, g, m, "lapse/"+itoa(m.Sequence), func(string) string { return text }, "A proposed date ran out a day before it.")
	return append(edits, posts...), err
}

func bold(s string) string { return "**" + s + "**" }
