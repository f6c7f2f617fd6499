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
	all := stages(m, g)
	var one stage
	for _, s := range all {
		if !s.due.After(now) && now.Before(s.until) {
			one = s
		}
	}
	if one.kind == "" {
		return nil, next(all, now), nil
	}
	if now.Sub(one.due) > 10*time.Minute && one.kind != "hour" && quiet(now, m.Location(), when.Nation(g.Nation)) {
		return nil, sooner(later(now, m.Location(), when.Nation(g.Nation)), next(all, now)), nil
	}
	posts, err := d.stage(ctx, g, m, one, now)
	if err != nil {
		return nil, time.Time{}, err
	}
	if one.kind == "lapse" {
		return posts, time.Time{}, nil
	}
	return posts, next(all, now), nil
}

// stage says one thing.
func (d *desk) stage(ctx context.Context, g storage.Group, m storage.Meeting, s stage, now time.Time) ([]bot.Post, error) {
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	late := ""
	if now.Sub(s.due) > 10*time.Minute {
		late = "(late: I was away) "
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
	posts, err := d.everywhere(ctx, g, m, s.kind+"/"+itoa(m.Sequence), func(site string) string {
		if s.kind == "hour" || m.State == storage.Proposed {
			return late + text
		}
		return late + text + "\n" + howToAnswer(site)
	}, "It is "+reminded[s.kind]+" a meeting of this group.")
	if err != nil || s.kind != "hour" {
		return posts, err
	}
	return posts, d.ring(ctx, posts, rsvps)
}

var reminded = map[string]string{"week": "a week before", "day": "a day before", "hour": "an hour before"}

// reminder is the text of a reminder.
func (d *desk) reminder(ctx context.Context, g storage.Group, m storage.Meeting, kind string, rsvps []storage.RSVP, now time.Time) (string, error) {
	n := tally(g, rsvps)
	var t strings.Builder
	switch kind {
	case "week", "day":
		fmt.Fprintf(&t, "⏰ %s: %s%s meets **%s**.", capital(relative(m.Slot, now)), name(g), about(m.Title), sayWhen(m.Slot))
	default:
		fmt.Fprintf(&t, "⏰ %s meets %s, at **%s**%s.", name(g), when.Relative(m.Start, now, m.Location()), m.Start.In(m.Location()).Format("15:04"), about(m.Title))
	}
	theme, err := d.theme(ctx, m, now)
	if err != nil {
		return "", err
	}
	t.WriteString(theme)
	if m.Call != "" {
		t.WriteString("\nCall: " + m.Call)
	}
	if m.State == storage.Booked {
		agenda, err := d.agendaLines(ctx, g, m, kind)
		if err != nil {
			return "", err
		}
		t.WriteString(agenda)
	}
	if kind == "hour" {
		return t.String(), nil
	}
	if m.State == storage.Proposed {
		need, err := d.quorum(ctx, g)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&t, "\nIt is only proposed: %s needed by %s, %d so far. 👍 says yes, 👎 no.", heads(g, need)+" saying yes", moment(lapse(m, g), now, m.Location()), n.yes)
		return t.String(), nil
	}
	if n.any() {
		t.WriteString("\n" + n.String() + ".")
	}
	return t.String(), nil
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
