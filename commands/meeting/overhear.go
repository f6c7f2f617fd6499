package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// hears reports whether a room belongs to a group: only there the bot listens
// for dates, and for answers to what it asked.
func (d *desk) hears(ctx context.Context, room bot.Room) bool {
	_, ok, err := d.db.GroupAt(ctx, room)
	return ok && err == nil
}

// listen hears what people write in a group's room: answers to a vote, a card
// or a question of the bot's, or a date that is not in the calendar, for which
// an entry is offered, once. It never books anything by itself.
func (d *desk) listen(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, ok, err := d.db.GroupAt(ctx, c.Room)
	if err != nil || !ok || g.State == "closed" {
		return bot.Reply{}, err
	}
	if c.ReplyTo != "" {
		if r, done, err := d.answerInWords(ctx, c); done || err != nil {
			return r, err
		}
	}
	return d.overheard(ctx, c, g)
}

// answerInWords takes a reply like "1 yes, 2 maybe" for a vote, and a bare
// "yes" or "no" for an answer to a card or to "held?".
func (d *desk) answerInWords(ctx context.Context, c *bot.Call) (bot.Reply, bool, error) {
	if id, ok, err := d.repliedTo(ctx, c, "poll/"); err != nil || ok {
		if err != nil {
			return bot.Reply{}, true, err
		}
		p, g, err := d.pollByID(ctx, id)
		if err != nil {
			return bot.Reply{}, true, err
		}
		b, ok := readBallot(plainWords(c.Text), "", p.Options)
		if !ok {
			return bot.Reply{}, false, nil
		}
		r, err := d.vote(ctx, c, g, p, b)
		if err == nil {
			r.Text = "Noted: " + b.String() + "."
		}
		return r, true, err
	}
	id, ok, err := d.repliedTo(ctx, c, "meeting/")
	if err != nil || !ok {
		return bot.Reply{}, false, err
	}
	said := bareAnswer(c.Text)
	if said == "" {
		return bot.Reply{}, false, nil
	}
	m, g, err := d.meeting(ctx, id)
	if err != nil {
		return bot.Reply{}, true, err
	}
	if !m.Ahead(c.Now) {
		emoji := map[string]string{"yes": "✅", "no": "❌"}[said]
		r, err := d.held(ctx, c, g, m, emoji, true)
		return r, true, err
	}
	posts, old, err := d.answer(ctx, c, g, m, said)
	return bot.Reply{React: "👍", Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("said %s to %s, %s", said, g.Name, span(m.Slot, c.Now)),
		Undo: &bot.Act{Name: "meeting.answered", Data: packed(answered{m.ID, old})}}}}, true, err
}

// plainWords is a text without quoted lines.
func plainWords(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimLeft(line, " "), ">") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

// bareAnswer reads a reply that is nothing but an answer, "" for all others.
func bareAnswer(text string) string {
	switch strings.ToLower(strings.Trim(plainWords(text), " .!👍✅👎❌🤔")) {
	case "yes", "coming", "i'm coming", "i am coming", "count me in", "i'll be there", "yes please", "i can", "i can make it":
		return "yes"
	case "maybe", "perhaps", "might", "not sure":
		return "maybe"
	case "no", "sorry", "apologies", "sorry, no", "i can't", "can't make it", "cannot", "no, sorry", "i can't make it", "cannot make it":
		return "no"
	}
	return ""
}

// tentative are words of somebody who asks rather than tells.
var tentative = regexp.MustCompile(`(?i)\?|\b(maybe|perhaps|could|shall|should|how about|what about|would|suggest|propose|any chance|option|possible|possibly|might)\b`)

// around is the sentence in which some bytes of a text stand.
func around(text string, begin, end int) string {
	stops := func(i int) bool {
		return strings.ContainsRune(".!?\n", rune(text[i])) && (i+1 == len(text) || text[i] == '\n' || text[i+1] == ' ' || text[i+1] == '\n')
	}
	for begin > 0 && !stops(begin-1) {
		begin--
	}
	for end < len(text) && !stops(end) {
		end++
	}
	return text[begin:min(end+1, len(text))]
}

// maxHeard is how much of a message is read for dates, in bytes.
const maxHeard = 2000

// overheard offers an entry for a date that somebody wrote of.
func (d *desk) overheard(ctx context.Context, c *bot.Call, g storage.Group) (bot.Reply, error) {
	text := plainWords(c.Text)
	if strings.HasPrefix(text, "^") {
		return bot.Reply{}, nil // a line of minutes: its day is when something is due
	}
	if len(text) > maxHeard {
		text = text[:maxHeard]
	}
	z := zone(g, c.Zone)
	r := when.Read(text, when.Options{Now: c.Time, Zone: z, Nation: when.Nation(g.Nation), Passive: true})
	if r.Kind == when.None || r.Kind == when.Ask || r.Kind == when.Error {
		return bot.Reply{}, nil
	}
	if r.Intent == "away" {
		return d.offerAway(ctx, c, r)
	}
	h, err := d.habit(ctx, g, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	w := wish{Reading: r}
	slots, ok := w.slots(h, z)
	if !ok {
		return bot.Reply{}, nil
	}
	var unknown []storage.Slot
	for _, s := range slots {
		fresh, err := d.unknown(ctx, g, s, c.Now)
		if err != nil {
			return bot.Reply{}, err
		}
		if fresh {
			unknown = append(unknown, s)
		}
	}
	if len(unknown) == 0 {
		return bot.Reply{}, nil
	}
	reply, err := d.offer(ctx, c, g, unknown, r.Op == "any" || tentative.MatchString(around(text, r.Begin, r.Finish)))
	if err == nil && strings.Contains(strings.ToLower(text), "minutes") {
		last, err := d.lastLine(ctx, g, c.Now)
		if err != nil {
			return reply, err
		}
		reply.Text += last
	}
	return reply, err
}

// unknown reports whether a slot is still to come, is not in the calendar of
// this group nor, at that very time, of another, and has not been offered
// before. From then on it has.
func (d *desk) unknown(ctx context.Context, g storage.Group, s storage.Slot, now time.Time) (bool, error) {
	if !s.Start.After(now) || s.Start.Sub(now) > 366*24*time.Hour {
		return false, nil
	}
	z := s.Location()
	own, err := d.db.Meetings(ctx, g.ID, when.At(s.Day, 0, z), when.At(s.Day.AddDays(1), 0, z))
	if err != nil || len(own) > 0 {
		return false, err
	}
	others, err := d.db.MeetingsBetween(ctx, s.Start, s.End)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(others, func(m storage.Meeting) bool { return m.Start.Equal(s.Start) && m.Ahead(now) }) {
		return false, nil
	}
	if p, polling, err := d.db.OpenPoll(ctx, g.ID); err != nil {
		return false, err
	} else if polling && slices.ContainsFunc(p.Options, func(o storage.PollOption) bool { return o.Start.Equal(s.Start) }) {
		return false, nil
	}
	return d.db.Offer(ctx, g.ID, s.Day, now)
}

// offerFor is how long an offer can be taken up.
const offerFor = 7 * 24 * time.Hour

// An optionOffer is what a yes would add to a poll.
type optionOffer struct {
	Poll  int64
	Group int64
	Slots []storage.Slot
}

// offer asks whether a date that was written of shall be added: to an open
// vote; as a question to the group where it was asked rather than told; or
// as an entry.
func (d *desk) offer(ctx context.Context, c *bot.Call, g storage.Group, slots []storage.Slot, asked bool) (bot.Reply, error) {
	var dates []string
	for _, s := range slots {
		dates = append(dates, span(s, c.Now))
	}
	p, polling, err := d.db.OpenPoll(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	them := "it"
	if len(slots) > 1 {
		them = "them"
	}
	ask := func(text string, act bot.Act) (bot.Reply, error) {
		return bot.Reply{Text: text, Why: "Somebody wrote of a date that I do not have.", Ask: &bot.Ask{Act: act, Anybody: true, For: offerFor}}, nil
	}
	switch {
	case polling && asked:
		return ask(fmt.Sprintf("There is a vote on a date. Shall I add %s to it?", bold(list(dates))), bot.Act{Name: "poll.offer", Data: packed(optionOffer{p.ID, g.ID, slots})})
	case asked && len(slots) > 1:
		return ask(fmt.Sprintf("Shall I ask the group which suits: %s?", bold(orList(slots, c.Now))), bot.Act{Name: "poll.offer", Data: packed(optionOffer{0, g.ID, slots})})
	case asked:
		return ask(fmt.Sprintf("Shall I ask the group whether %s suits?", bold(dates[0])), bot.Act{Name: "meeting.book", Data: packed(booking{g.ID, slots, "", storage.Proposed})})
	}
	return ask(fmt.Sprintf("I have no entry for %s. Add %s?", bold(list(dates)), them), bot.Act{Name: "meeting.book", Data: packed(booking{g.ID, slots, "", storage.Booked})})
}

// takeOffer adds what was offered to a poll, or begins one.
func (d *desk) takeOffer(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var o optionOffer
	if err := json.Unmarshal([]byte(data), &o); err != nil {
		return bot.Reply{}, err
	}
	g, ok, err := d.db.Group(ctx, o.Group)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	p, polling, err := d.db.OpenPoll(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if !polling {
		person, err := d.db.Know(ctx, c.Room.Site, c.From)
		if err != nil {
			return bot.Reply{}, err
		}
		p, posts, err := d.openPoll(ctx, g, storage.Poll{Room: c.Room, MadeBy: person}, o.Slots, c.Now)
		return bot.Reply{Posts: posts, Did: []bot.Effect{{What: "asked " + g.Name + " for a date", Undo: &bot.Act{Name: "poll.drop", Data: strconv.FormatInt(p.ID, 10)}}}}, err
	}
	before := p
	before.Options = slices.Clone(p.Options)
	var added []storage.PollOption
	for _, s := range o.Slots {
		if len(p.Options) < len(keycaps) && s.Start.After(c.Now) {
			added = append(added, storage.PollOption{N: len(p.Options) + 1, Slot: s})
			p.Options = append(p.Options, added[len(added)-1])
		}
	}
	if _, err := d.db.SavePoll(ctx, p); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refreshPoll(ctx, g, p, stamp(c), c.Now, "")
	if err != nil {
		return bot.Reply{}, err
	}
	var said []string
	for _, a := range added {
		said = append(said, keycaps[a.N-1]+" "+span(a.Slot, c.Now))
		told, err := d.tellVoters(ctx, c, g, p.ID, a)
		if err != nil {
			return bot.Reply{}, err
		}
		posts = append(posts, told...)
	}
	return bot.Reply{Text: "Added: " + list(said) + ". The other votes stay.", Posts: posts,
		Did: []bot.Effect{{What: "added dates to the vote of " + g.Name, Undo: &bot.Act{Name: "poll.was", Data: packed(before)}}}}, nil
}

// offerAway asks somebody who wrote that they are away whether that shall be
// noted.
func (d *desk) offerAway(ctx context.Context, c *bot.Call, r when.Reading) (bot.Reply, error) {
	first, last, today := r.Date, r.Last, when.DateOf(c.Time.In(c.Zone))
	switch r.Kind {
	case when.OneDate:
		last = first
	case when.Dates:
	default:
		return bot.Reply{}, nil
	}
	if last.Before(today) {
		return bot.Reply{}, nil
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	mine, err := d.db.LeaveOf(ctx, person, today)
	if err != nil || slices.ContainsFunc(mine, func(l storage.Leave) bool { return !first.Before(l.First) && !last.After(l.Last) }) {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Shall I note that you are away %s? Others see only that somebody cannot come.", sayRun(first, last, today)), Why: "You wrote that you are away.",
		Ask: &bot.Ask{For: offerFor, Act: bot.Act{Name: "meeting.away", Data: packed(storage.Leave{First: first, Last: last})}}}, nil
}

// noteAway notes leave after a yes.
func (d *desk) noteAway(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var l storage.Leave
	if err := json.Unmarshal([]byte(data), &l); err != nil {
		return bot.Reply{}, err
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.goAway(ctx, c, person, l.First, l.Last)
}

// lastLine says when a group last met, and where its minutes are.
func (d *desk) lastLine(ctx context.Context, g storage.Group, now time.Time) (string, error) {
	m, ok, err := d.db.LastMeeting(ctx, g.ID, now)
	if err != nil || !ok {
		return "", err
	}
	has, err := d.db.HasMinutes(ctx, m.ID, g.ID, m.Day.String())
	if err != nil {
		return "", err
	}
	if has {
		return fmt.Sprintf("\nLast meeting: %s; `!minutes` has what was said.", span(m.Slot, now)), nil
	}
	return fmt.Sprintf("\nLast meeting: %s, no minutes filed.", span(m.Slot, now)), nil
}
