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

// pollKind is the kind of the one promise that each open poll has: to ask
// those who have not voted, then to decide.
const pollKind = "poll"

// promisePoll promises the next thing to be done about a poll.
func (d *desk) promisePoll(ctx context.Context, p storage.Poll, g storage.Group, now time.Time) error {
	at := p.Closes
	if nudge := nudgeAt(p, g); !p.Nudged && nudge.After(now) {
		at = nudge
	}
	return d.db.Promise(ctx, pollKind, strconv.FormatInt(p.ID, 10), at)
}

// nudgeAt is when those who have not voted are asked directly, once: two days
// before the end of a poll of more than five days, a day and a half for one of
// more than two, never for shorter ones. It is zero for never.
func nudgeAt(p storage.Poll, g storage.Group) time.Time {
	before := 36 * time.Hour
	switch length := p.Closes.Sub(p.Made); {
	case length > 5*24*time.Hour:
		before = 48 * time.Hour
	case length <= 48*time.Hour:
		return time.Time{}
	}
	at := later(p.Closes.Add(-before), zone(g, nil), when.Nation(g.Nation))
	if at.After(p.Closes.Add(-2 * time.Hour)) {
		return time.Time{}
	}
	return at
}

// tellPoll does what is due about a poll.
func (d *desk) tellPoll(ctx context.Context, due bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	p, g, err := d.pollByID(ctx, due.Ref)
	if errors.Is(err, storage.ErrNotFound) || err == nil && p.State != storage.PollOpen {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, err
	}
	if now.Before(p.Closes) {
		posts, err := d.nudge(ctx, g, p, now)
		return posts, p.Closes, err
	}
	posts, err := d.closePoll(ctx, g, p, now)
	return posts, time.Time{}, err
}

// missing are the active members who have not voted, by name, and how many
// are active: in the group's list, and not away now. Of a network call's
// co-ops, one person is enough.
func (d *desk) missing(ctx context.Context, g storage.Group, p storage.Poll, now time.Time) (missing []storage.GroupMember, active int, err error) {
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return nil, 0, err
	}
	votes, err := d.db.Votes(ctx, p.ID)
	if err != nil {
		return nil, 0, err
	}
	voted := map[string]bool{}
	for _, v := range votes {
		voted[fmt.Sprint("person ", v.Person)] = true
	}
	today := when.DateOf(now.In(zone(g, nil)))
	leave, err := d.db.GroupLeave(ctx, g.ID, today, today)
	if err != nil {
		return nil, 0, err
	}
	away := map[int64]bool{}
	for _, l := range leave {
		away[l.Person] = true
	}
	for _, m := range members {
		if g.Kind == "call" && voted[fmt.Sprint("person ", m.Person)] && m.Coop != "" {
			voted["coop "+m.Coop] = true
		}
	}
	for _, m := range members {
		if away[m.Person] {
			continue
		}
		active++
		if !voted[fmt.Sprint("person ", m.Person)] && !voted["coop "+m.Coop] {
			missing = append(missing, m)
		}
	}
	if active == 0 { // nobody is on the list: there is nobody to wait for, and no telling when all have voted
		missing = []storage.GroupMember{{}}
	}
	return missing, active, nil
}

// nudge asks those who have not voted, directly and once.
func (d *desk) nudge(ctx context.Context, g storage.Group, p storage.Poll, now time.Time) ([]bot.Post, error) {
	missing, _, err := d.missing(ctx, g, p, now)
	if err != nil || p.Nudged {
		return nil, err
	}
	p.Nudged = true
	if _, err := d.db.SavePoll(ctx, p); err != nil {
		return nil, err
	}
	all, err := d.standings(ctx, g, p)
	if err != nil {
		return nil, err
	}
	var dates []string
	for _, s := range all {
		dates = append(dates, fmt.Sprintf("%s %s", keycaps[s.N-1], span(s.Slot, now)))
	}
	title := ""
	if p.Title != "" {
		title = " for" + about(p.Title)
	}
	yes, last := examples(all)
	text := fmt.Sprintf("%s is looking for a date%s, and I have not heard from you:\n%s\nAnswer `yes %s: %s`, `maybe %s: %s` or `no %s: %s`. I decide on %s.", name(g), title, strings.Join(dates, "\n"),
		g.Slug, yes, g.Slug, last, g.Slug, last, moment(p.Closes, now, p.Options[0].Location()))
	var posts []bot.Post
	for _, m := range missing {
		if m.Person == 0 {
			continue
		}
		direct, err := d.direct(ctx, m.Person, fmt.Sprintf("poll/%d/nudge", p.ID), text, "You are in this group and had not voted. I ask once.")
		if err != nil {
			return nil, err
		}
		posts = append(posts, direct...)
	}
	return posts, nil
}

// notice reports whether three working days lie before a day.
func notice(now time.Time, g storage.Group) func(time.Time) bool {
	z := zone(g, nil)
	first := workingDays(when.DateOf(now.In(z)), 3, when.Nation(g.Nation))
	return func(start time.Time) bool { return !when.DateOf(start.In(z)).Before(first) }
}

// closePoll decides a poll: it books what won, or asks the convenor what to do.
func (d *desk) closePoll(ctx context.Context, g storage.Group, p storage.Poll, now time.Time) ([]bot.Post, error) {
	all, err := d.standings(ctx, g, p)
	if err != nil {
		return nil, err
	}
	won := winners(all, p.Quorum, now, notice(now, g))
	if !p.Several && len(won) > 1 {
		won = won[:1]
	}
	p.State, p.Closed = storage.PollBooked, now.UTC().Truncate(time.Second)
	if len(won) == 0 {
		p.State = storage.PollFailed
	}
	if _, err := d.db.SavePoll(ctx, p); err != nil {
		return nil, err
	}
	if err := d.db.Release(ctx, pollKind, strconv.FormatInt(p.ID, 10)); err != nil {
		return nil, err
	}
	if len(won) == 0 {
		return d.noWinner(ctx, g, p, all, now)
	}
	var posts []bot.Post
	var dates []string
	for _, w := range won {
		more, err := d.bookWon(ctx, g, p, w, now)
		if err != nil {
			return nil, err
		}
		posts, dates = append(posts, more...), append(dates, span(w.Slot, now))
	}
	edits, err := d.refreshPoll(ctx, g, p, "closed", now, "\nDecided: "+bold(list(dates))+".")
	return append(edits, posts...), err
}

// bookWon books an option that won. Those who can come to it are coming.
func (d *desk) bookWon(ctx context.Context, g storage.Group, p storage.Poll, w score, now time.Time) ([]bot.Post, error) {
	link, err := d.callLink(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	m, err := d.db.AddMeeting(ctx, storage.Meeting{Group: g.ID, Title: p.Title, Slot: w.Slot, State: storage.Booked, Call: link, MadeBy: p.MadeBy, Made: now.UTC().Truncate(time.Second), Edited: true})
	if err != nil {
		return nil, err
	}
	if p.InsteadOf != 0 {
		if _, _, err := d.db.ChangeMeeting(ctx, p.InsteadOf, now, func(old *storage.Meeting) { old.Successor = m.ID }); err != nil && !errors.Is(err, storage.ErrNotFound) {
			return nil, err
		}
	}
	votes, err := d.db.Votes(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, v := range votes {
		if v.N != w.N {
			continue
		}
		if err := d.db.SetRSVP(ctx, m.ID, v.Person, v.Answer, v.At); err != nil {
			return nil, err
		}
	}
	if err := d.schedule(ctx, m, g, now); err != nil {
		return nil, err
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	objection := fmt.Sprintf("\nChosen by vote: %s can. Objections until %s: ↩️.", heads(g, w.can()), moment(objectUntil(m, g), now, m.Location()))
	posts, err := d.everywhere(ctx, g, m, "won", func(site string) string { return d.card(g, m, rsvps, p.Quorum, site, now) + objection }, "The vote on a date was decided.")
	if err == nil && len(posts) == 0 {
		posts = []bot.Post{{Key: key(m, "won", p.Room), Room: p.Room, Text: d.card(g, m, rsvps, p.Quorum, p.Room.Site, now) + objection}}
	}
	return posts, err
}

// objectUntil is until when people may object to a date that was voted for:
// noon of the next working day, and an hour before it begins at the latest.
func objectUntil(m storage.Meeting, g storage.Group) time.Time {
	z := m.Location()
	at := when.At(workingDays(when.DateOf(m.Made.In(z)), 1, when.Nation(g.Nation)), when.HM(12, 0), z).UTC()
	if latest := m.Start.Add(-time.Hour); at.After(latest) {
		return latest
	}
	return at
}

// objects makes a date that was voted for a proposed one again.
func (d *desk) objects(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, on bool) (bot.Reply, error) {
	if !on || m.State != storage.Booked || c.Now.After(objectUntil(m, g)) {
		return bot.Reply{}, nil
	}
	_, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.State = storage.Proposed })
	if err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refresh(ctx, g, after, stamp(c), c.Now)
	return bot.Reply{
		Text:  fmt.Sprintf("There is an objection to %s, so it is only proposed for now. `!meet confirm` keeps it, `!meet move to …` or `!poll` finds another date.", bold(span(m.Slot, c.Now))),
		Posts: posts, Did: []bot.Effect{{What: "objected to " + g.Name + ", " + span(m.Slot, c.Now), Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, m.State, m.Slot, m.Why})}}}}, firstErr(err, d.schedule(ctx, after, g, c.Now))
}

// noWinner says in the group how the two nearest stand, in counts, and asks
// the convenor, with names.
func (d *desk) noWinner(ctx context.Context, g storage.Group, p storage.Poll, all []score, now time.Time) ([]bot.Post, error) {
	var nearest []string
	sorted := best(all, notice(now, g))
	for _, s := range sorted[:min(2, len(sorted))] {
		text := fmt.Sprintf("%s (%s)", span(s.Slot, now), cannot(s, p.Quorum))
		nearest = append(nearest, text)
	}
	text := fmt.Sprintf("No date suits %s of %s yet. Nearest: %s. `!meet %s` books one all the same; `!poll` tries other dates.", heads(g, p.Quorum), name(g), strings.Join(nearest, ", "), sorted[0].Start.In(sorted[0].Location()).Format("2 Jan 15:04"))
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	if len(rooms) == 0 {
		rooms = []bot.Room{p.Room}
	}
	posts, err := d.refreshPoll(ctx, g, p, "closed", now, "\nDecided: none of them.")
	if err != nil {
		return nil, err
	}
	for _, room := range rooms {
		if strings.HasPrefix(room.ID, "category/") {
			room.ID = "opened/" + pollKey(p, "ask", room)
		}
		posts = append(posts, bot.Post{Key: pollKey(p, "none", room), Room: room, Text: text, Rank: bot.Reminder, Why: "The vote on a date ended without one."})
	}
	missing, _, err := d.missing(ctx, g, p, now)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range missing {
		if m.Person != 0 {
			names = append(names, bot.Plain(m.Name))
		}
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil || len(members) == 0 || members[0].Role != "convenor" {
		return posts, err
	}
	private := text
	if len(names) > 0 {
		private += "\nNot heard from: " + list(names) + "."
	}
	direct, err := d.direct(ctx, members[0].Person, fmt.Sprintf("poll/%d/convenor", p.ID), private, "You call this group's meetings, and its vote found no date.")
	return append(posts, direct...), err
}

// cannot says why an option did not win.
func cannot(s score, quorum int) string {
	if s.refused && s.can() >= quorum {
		return "somebody needed cannot"
	}
	return fmt.Sprintf("%d of %d", s.can(), quorum)
}

// pollClose is `!poll close`: decided now.
func (d *desk) pollClose(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, g, _, err := d.openPollOf(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.closePoll(ctx, g, p, c.Now)
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: "closed the vote on a date of " + g.Name}}}, err
}

// pollWithdraw is `!poll withdraw`: ended without a date.
func (d *desk) pollWithdraw(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	p, g, _, err := d.openPollOf(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	p.State, p.Closed = storage.PollWithdrawn, c.Now
	if _, err := d.db.SavePoll(ctx, p); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.Release(ctx, pollKind, strconv.FormatInt(p.ID, 10)); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refreshPoll(ctx, g, p, stamp(c), c.Now, "\nWithdrawn.")
	return bot.Reply{Text: "The vote is withdrawn. `!poll` begins another, `!meet` books a date.", Posts: posts,
		Did: []bot.Effect{{What: "withdrew the vote on a date of " + g.Name, Undo: &bot.Act{Name: "poll.reopen", Data: strconv.FormatInt(p.ID, 10)}}}}, err
}

// pollReopen undoes a withdrawal.
func (d *desk) pollReopen(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	p, g, err := d.pollByID(ctx, data)
	if err != nil || p.State != storage.PollWithdrawn || !c.Now.Before(p.Closes) {
		return bot.Reply{}, err
	}
	p.State, p.Closed = storage.PollOpen, time.Time{}
	if _, err := d.db.SavePoll(ctx, p); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refreshPoll(ctx, g, p, stamp(c), c.Now, "")
	return bot.Reply{Posts: posts}, firstErr(err, d.promisePoll(ctx, p, g, c.Now))
}
