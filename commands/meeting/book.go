package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A booking is what a yes would book.
type booking struct {
	Group int64
	Slots []storage.Slot
	Title string
	State string // storage.Booked or storage.Proposed
}

// A doubt is a question about a date, kept until it is answered.
type doubt struct {
	Group   int64
	Words   string // as they were said
	Title   string
	Minutes int // the length that was said, 0 for none
	Picks   []time.Time
	Days    []when.Date
	State   string
}

// askFor is how long people have to say yes.
const askFor = 24 * time.Hour

// meet is `!meet`.
func (d *desk) meet(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.wanted(ctx, c, c.Args, storage.Booked)
}

// propose is `!meet propose`.
func (d *desk) propose(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.wanted(ctx, c, c.Args, storage.Proposed)
}

func (d *desk) wanted(ctx context.Context, c *bot.Call, words, state string) (bot.Reply, error) {
	g, words, err := d.which(ctx, c, words)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	if words == "" {
		return bot.Reply{}, bot.Errorf("When? Try `!meet %s`, or `!poll` if you are looking for a date.", soon(c.Now, g))
	}
	return d.arrange(ctx, c, g, words, state)
}

// arrange reads when a group is to meet and asks for a yes, or asks what was meant.
func (d *desk) arrange(ctx context.Context, c *bot.Call, g storage.Group, words, state string) (bot.Reply, error) {
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
	case when.Instant, when.Range:
		slots, _ := w.slots(h, o.Zone)
		return d.ask(ctx, c, g, w, slots, state)
	case when.OneDate:
		return d.whatTime(ctx, c, g, w, h, words, state)
	case when.Ask, when.Error:
		return d.whichOne(c, g, w, o, words, state)
	case when.None:
		return bot.Reply{}, bot.Errorf("I did not find a day in that. Try `!meet %s`, or `!poll` if you are looking for a date.", soon(c.Now, g))
	case when.Choice:
		if slots, ok := w.slots(h, o.Zone); ok && w.Op == "all" {
			return d.ask(ctx, c, g, w, slots, state)
		}
		return bot.Reply{}, bot.Errorf("That is more than one date. To let people choose: `!poll %s`.", bot.Code(bot.Clip(words, 80)))
	case when.Window, when.Dates:
		return bot.Reply{}, bot.Errorf("That leaves the day open. I can look for one: `!poll %s`.", bot.Code(bot.Clip(words, 80)))
	case when.Recurrence, when.RecurrenceAnchor, when.AgendaCycle:
		return bot.Reply{}, bot.Errorf("That comes again and again. Try `!series add %s`.", bot.Code(bot.Clip(words, 80)))
	}
	return bot.Reply{}, bot.Errorf("A meeting needs a day and a time: `!meet %s`.", soon(c.Now, g))
}

// ask shows what a yes would do and waits for it.
func (d *desk) ask(ctx context.Context, c *bot.Call, g storage.Group, w wish, slots []storage.Slot, state string) (bot.Reply, error) {
	for _, s := range slots {
		m, there, err := d.at(ctx, g.ID, s)
		if err != nil {
			return bot.Reply{}, err
		}
		if there {
			return bot.Reply{}, bot.Errorf("%s meets then already: %s%s. `!meet move` changes it, `!next` shows it.", name(g), sayWhen(m.Slot), about(m.Title))
		}
	}
	var t strings.Builder
	word := "would meet"
	if state == storage.Proposed {
		word = "would be asked to meet"
	}
	fmt.Fprintf(&t, "%s %s%s:", name(g), word, about(w.Title))
	for _, s := range slots {
		if len(slots) > 1 {
			t.WriteString("\n-")
		}
		fmt.Fprintf(&t, " **%s**", sayWhen(s))
	}
	t.WriteString(end(len(slots)))
	for _, s := range slots {
		notes, err := d.obstacles(ctx, g, s, 0, c.Time)
		if err != nil {
			return bot.Reply{}, err
		}
		for _, n := range notes {
			w.note(n)
		}
	}
	for _, n := range w.Notes {
		t.WriteString("\n" + n)
	}
	effect, err := d.effect(ctx, g, slots, state, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	t.WriteString("\n" + effect)
	return bot.Reply{Text: t.String(), Ask: &bot.Ask{For: askFor, Anybody: true,
		Act: bot.Act{Name: "meeting.book", Data: packed(booking{g.ID, slots, w.Title, state})}}}, nil
}

func end(slots int) string {
	if slots > 1 {
		return ""
	}
	return "."
}

// effect says what a yes would do.
func (d *desk) effect(ctx context.Context, g storage.Group, slots []storage.Slot, state string, now time.Time) (string, error) {
	if state == storage.Proposed {
		n, err := d.quorum(ctx, g)
		return fmt.Sprintf("I ask for %s to say yes; without them it lapses a day before. Propose it?", heads(g, n)), err
	}
	places, err := d.places(ctx, g.ID)
	if err != nil {
		return "", err
	}
	told := "people here"
	if len(places) > 0 {
		told = "the group (" + plural(len(places), "place") + ")"
	}
	kinds := ahead(storage.Meeting{Slot: slots[0], State: storage.Booked}, g, now)
	if len(kinds) == 0 {
		return fmt.Sprintf("A yes books it and tells %s; it is too soon for a reminder. Book it?", told), nil
	}
	return fmt.Sprintf("A yes books it and tells %s; reminders go out %s. Book it?", told, list(kinds)), nil
}

// at returns the group's meeting ahead that overlaps a slot, if there is one.
func (d *desk) at(ctx context.Context, group int64, s storage.Slot) (storage.Meeting, bool, error) {
	all, err := d.db.Meetings(ctx, group, s.Start, s.End)
	for _, m := range all {
		if m.State == storage.Booked || m.State == storage.Proposed {
			return m, true, err
		}
	}
	return storage.Meeting{}, false, err
}

// obstacles says what stands against a slot: meetings of groups that share
// members, and how many members are away. Except is a meeting that does not count.
func (d *desk) obstacles(ctx context.Context, g storage.Group, s storage.Slot, except int64, now time.Time) ([]string, error) {
	var notes []string
	all, err := d.db.Clashes(ctx, g.ID, s.Start, s.End)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		if k.Meeting.ID == except {
			continue
		}
		notes = append(notes, fmt.Sprintf("Clash: **%s** meets %s, and %s in both.", bot.Plain(k.Group), span(k.Meeting.Slot, now), isAre(k.Shared)))
	}
	leave, err := d.db.GroupLeave(ctx, g.ID, s.Day, s.Day)
	if err != nil {
		return nil, err
	}
	who := map[int64]bool{}
	for _, l := range leave {
		who[l.Person] = true
	}
	if len(who) > 0 {
		notes = append(notes, plural(len(who), "member")+" cannot come on "+sayDay(s, now)+".")
	}
	return notes, nil
}

func isAre(n int) string {
	if n == 1 {
		return "1 person is"
	}
	return itoa(n) + " people are"
}

// whatTime asks for the hour of a day.
func (d *desk) whatTime(ctx context.Context, c *bot.Call, g storage.Group, w wish, h habit, words, state string) (bot.Reply, error) {
	data := packed(doubt{Group: g.ID, Words: words, State: state})
	usual := ""
	if h.clock >= 0 {
		usual = fmt.Sprintf(", or `usual` for %s", h.clock)
	}
	return bot.Reply{Text: fmt.Sprintf("At what time on %s? Answer with it, as in `2pm-3.30pm`%s.", when.SayDate(w.Date), usual),
		Ask: &bot.Ask{Words: true, For: askFor, Act: bot.Act{Name: "meeting.hours", Data: data}}}, nil
}

// hours takes the answer to [desk.whatTime].
func (d *desk) hours(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var q doubt
	if err := json.Unmarshal([]byte(data), &q); err != nil {
		return bot.Reply{}, err
	}
	g, ok, err := d.db.Group(ctx, q.Group)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	said := oneLine(c.Args)
	if strings.EqualFold(strings.Trim(said, ".!"), "usual") || strings.EqualFold(said, "the usual") {
		h, err := d.habit(ctx, g, c.Time)
		if err != nil {
			return bot.Reply{}, err
		}
		if h.clock >= 0 {
			said = h.clock.String() + " for " + itoa(h.minutes) + " minutes"
		}
	}
	return d.arrange(ctx, c, g, q.Words+" "+said, q.State)
}

// whichOne asks which of several readings was meant.
func (d *desk) whichOne(c *bot.Call, g storage.Group, w wish, o when.Options, words, state string) (bot.Reply, error) {
	q := doubt{Group: g.ID, Words: words, Title: w.Title, Minutes: w.Minutes, Picks: candidates(w.Reading, o.Zone), Days: candidateDays(w.Reading), State: state}
	var offers []string
	for i, t := range q.Picks {
		said := when.SaySpan(t, time.Time{}, o.Zone)
		if slices.Contains(w.Reasons, when.DSTOverlap) {
			said = when.Say(t, o.Zone) // with GMT or BST
		}
		offers = append(offers, fmt.Sprintf("%d) %s", i+1, said))
	}
	if len(q.Picks) == 0 {
		for i, day := range q.Days {
			offers = append(offers, fmt.Sprintf("%d) %s", i+1, when.SayDate(day)))
		}
	}
	text := puzzle(w.Reading, o)
	if len(offers) == 0 {
		return bot.Reply{}, bot.Errorf("%s Try `!meet %s`.", text, soon(c.Now, g))
	}
	return bot.Reply{Text: text + " " + strings.Join(offers, " · ") + "\nAnswer with the number, or say it another way.",
		Ask: &bot.Ask{Words: true, For: askFor, Act: bot.Act{Name: "meeting.choose", Data: packed(q)}}}, nil
}

// choose takes the answer to [desk.whichOne].
func (d *desk) choose(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var q doubt
	if err := json.Unmarshal([]byte(data), &q); err != nil {
		return bot.Reply{}, err
	}
	g, ok, err := d.db.Group(ctx, q.Group)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	said := oneLine(strings.TrimPrefix(c.Args, "!meet"))
	n, isNumber := pick(said, max(len(q.Picks), len(q.Days)))
	if !isNumber {
		return d.arrange(ctx, c, g, said, q.State)
	}
	if len(q.Picks) == 0 {
		return d.arrange(ctx, c, g, q.Days[n].String()+" "+hoursIn(q.Words)+" "+q.Title, q.State)
	}
	h, err := d.habit(ctx, g, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	if q.Minutes > 0 {
		h.minutes, h.known = q.Minutes, true
	}
	at := q.Picks[n]
	w := wish{Reading: when.Reading{Kind: when.Instant, Start: at}, Title: q.Title}
	if q.Minutes > 0 {
		w.Kind, w.End = when.Range, at.Add(time.Duration(q.Minutes)*time.Minute)
	}
	slots, _ := w.slots(h, zone(g, c.Zone))
	return d.ask(ctx, c, g, w, slots, q.State)
}

// pick reads "2", "2)" or "the second" as an index below n.
func pick(said string, n int) (int, bool) {
	said = strings.ToLower(strings.Trim(said, " .)!"))
	for i, words := range [][]string{{"1", "first", "the first", "1⃣", "1️⃣"}, {"2", "second", "the second", "2⃣", "2️⃣"}, {"3", "third", "the third", "3⃣", "3️⃣"}, {"4", "fourth", "the fourth", "4⃣", "4️⃣"}} {
		for _, w := range words {
			if said == w && i < n {
				return i, true
			}
		}
	}
	return 0, false
}

// hoursIn keeps the words of a phrase that look like hours.
func hoursIn(words string) string {
	var kept []string
	for _, w := range strings.Fields(words) {
		if strings.ContainsAny(w, "0123456789") && (strings.ContainsAny(w, ":.") || strings.HasSuffix(strings.ToLower(w), "m") || strings.Contains(w, "-")) && !strings.Contains(w, "/") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// book carries out a booking.
func (d *desk) book(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var b booking
	if err := json.Unmarshal([]byte(data), &b); err != nil {
		return bot.Reply{}, err
	}
	g, ok, err := d.db.Group(ctx, b.Group)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	var r bot.Reply
	for _, s := range b.Slots {
		if !s.Start.After(c.Now) {
			return bot.Reply{}, bot.Errorf("%s has begun by now, so I have booked nothing. Try `!meet` with another time.", sayWhen(s))
		}
		if m, there, err := d.at(ctx, g.ID, s); err != nil || there {
			return bot.Reply{}, firstErr(err, bot.Errorf("%s is meeting then by now: %s. I have booked nothing.", name(g), sayWhen(m.Slot)))
		}
		more, err := d.add(ctx, c, g, storage.Meeting{Group: g.ID, Title: b.Title, Slot: s, State: b.State})
		if err != nil {
			return bot.Reply{}, err
		}
		r.Posts, r.Did = append(r.Posts, more.Posts...), append(r.Did, more.Did...)
	}
	return r, nil
}

// add books one meeting: the row, the card in each place, the promise to
// remind.
func (d *desk) add(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting) (bot.Reply, error) {
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	m.MadeBy, m.Made = person, c.Now.UTC().Truncate(time.Second)
	if m.Call == "" {
		if m.Call, err = d.callLink(ctx, g.ID); err != nil {
			return bot.Reply{}, err
		}
	}
	if m, err = d.db.AddMeeting(ctx, m); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.announce(ctx, g, m, c.Room, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	verb := "booked"
	if m.State == storage.Proposed {
		verb = "proposed"
	}
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("%s %s for %s", verb, sayWhen(m.Slot), g.Name),
		Undo: &bot.Act{Name: "meeting.unbook", Data: itoa(int(m.ID))}}}}, d.schedule(ctx, m, g, c.Now)
}

// callLink is where a group's calls are, "" if it has not said.
func (d *desk) callLink(ctx context.Context, group int64) (string, error) {
	links, err := d.db.GroupLinks(ctx, group)
	for _, l := range links {
		if strings.EqualFold(l.What, "call") {
			return l.URL, err
		}
	}
	return "", err
}

// unbook undoes a booking: within the hour as if it had never been, later as
// a cancellation that people are told of.
func (d *desk) unbook(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	m, g, err := d.meeting(ctx, data)
	if err != nil {
		return bot.Reply{}, err
	}
	if !m.Ahead(c.Now) {
		return bot.Reply{}, bot.Errorf("That meeting is over or off already, so there is nothing to take back.")
	}
	if c.Now.Sub(m.Made) > time.Hour {
		return d.callOff(ctx, c, g, m, storage.Cancelled, "")
	}
	cards, err := d.cards(ctx, m)
	if err != nil {
		return bot.Reply{}, err
	}
	var posts []bot.Post
	for _, card := range cards {
		posts = append(posts, bot.Post{Key: "un/" + card.Key + "/" + itoa(int(c.Now.Unix())), Kind: bot.Withdraw, Room: card.Room, Of: card.Key, Why: "The booking was undone."})
	}
	if err := d.db.Release(ctx, promiseKind, data); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Taken back: %s no longer meets %s.", name(g), sayWhen(m.Slot)), Posts: posts}, d.db.DropMeeting(ctx, m.ID)
}
