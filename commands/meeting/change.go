package meeting

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A change is what a yes would do to a meeting.
type change struct {
	Meeting  int64
	Sequence int // of the meeting when it was asked; another one voids the question
	Slot     storage.Slot
	State    string
	Why      string
	Leave    bool // put off without looking for a date
}

// target finds the meeting that a command is to change: the one whose post it
// replies to, one that its words name by day ("21 Nov to 12 Dec"), or the
// next. The rest of the words is returned.
func (d *desk) target(ctx context.Context, c *bot.Call) (storage.Meeting, storage.Group, string, error) {
	if id, ok, err := d.repliedTo(ctx, c, "meeting/"); err != nil || ok {
		m, g, err := d.meeting(ctx, id)
		return m, g, oneLine(c.Args), firstErr(err, d.may(ctx, c, g))
	}
	g, rest, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Meeting{}, g, "", err
	}
	if err := d.may(ctx, c, g); err != nil {
		return storage.Meeting{}, g, "", err
	}
	rest = oneLine(rest)
	m, tail, ok, err := d.named(ctx, c, g, rest)
	if err != nil || ok {
		return m, g, tail, err
	}
	m, ok, err = d.db.NextMeeting(ctx, g.ID, c.Time)
	if err == nil && !ok {
		err = nothingAhead(g, c.Now)
	}
	return m, g, rest, err
}

// named finds a coming meeting of a group by the day that some words begin with.
func (d *desk) named(ctx context.Context, c *bot.Call, g storage.Group, words string) (storage.Meeting, string, bool, error) {
	all := strings.Fields(words)
	if len(all) == 0 || strings.EqualFold(all[0], "to") || strings.EqualFold(all[0], "until") {
		return storage.Meeting{}, "", false, nil
	}
	coming, err := d.db.Meetings(ctx, g.ID, c.Time, c.Time.AddDate(1, 0, 0))
	if err != nil {
		return storage.Meeting{}, "", false, err
	}
	o := when.Options{Now: c.Time, Zone: zone(g, c.Zone)}
	for k := min(5, len(all)); k > 0; k-- {
		r := when.Read(strings.Join(all[:k], " "), o)
		day := r.Date
		if r.Kind == when.Instant {
			day = when.DateOf(r.Start)
		}
		if r.Kind != when.OneDate && r.Kind != when.Instant || r.Rest != "" {
			continue
		}
		for _, m := range coming {
			if m.Day == day && m.Ahead(c.Time) {
				return m, strings.Join(all[k:], " "), true, nil
			}
		}
	}
	return storage.Meeting{}, "", false, nil
}

// move is `!meet move`.
func (d *desk) move(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, words, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if words == "" {
		return bot.Reply{}, bot.Errorf("Where to? %s meets %s. Try `!meet move to Thu 12 Dec`, `!meet move to 3pm`, `!meet move back half an hour`.", name(g), span(m.Slot, c.Time))
	}
	return d.moveTo(ctx, c, g, m, words, "")
}

// moveTo reads where a meeting is to be moved and asks for a yes.
func (d *desk) moveTo(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, words, why string) (bot.Reply, error) {
	o, err := d.options(ctx, g, c.Time, c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	o.Meeting = &when.Span{Start: m.Start.In(o.Zone), End: m.End.In(o.Zone)}
	r := readMove(words, o)
	var slot storage.Slot
	switch r.Kind {
	case when.Range:
		slot = storage.SlotOf(r.Start, r.End, o.Zone)
	case when.Instant:
		slot = storage.SlotOf(r.Start, r.Start.Add(m.End.Sub(m.Start)), o.Zone)
	case when.Ask, when.Error:
		return d.moveWhich(r, o)
	case when.Window, when.Dates, when.Choice:
		return bot.Reply{}, bot.Errorf("That leaves the day open. `!meet postpone` puts it off and looks for a date.")
	default:
		return bot.Reply{}, bot.Errorf("I did not find where to. Try `!meet move to Thu 12 Dec`, `!meet move to 3pm`, `!meet move back half an hour`.")
	}
	switch {
	case slot == m.Slot:
		return bot.Reply{}, bot.Errorf("%s meets then already: %s.", name(g), sayWhen(m.Slot))
	case !slot.Start.After(c.Time):
		return bot.Reply{}, bot.Errorf("%s has passed. Try `!meet move to Thu 12 Dec 14:00`.", sayWhen(slot))
	}
	return d.moveAsk(ctx, c, g, m, slot, r, why)
}

// readMove reads the target of a move, in the words that lead to one.
func readMove(words string, o when.Options) when.Reading {
	first, _, _ := strings.Cut(strings.ToLower(words), " ")
	lead := "move it to "
	switch first {
	case "to", "until", "till":
		lead = "move it "
	case "back":
		lead = "push it "
	case "forward", "forwards", "by":
		lead = "move it "
	case "earlier", "later":
		lead = "move it "
	}
	r := when.Read(lead+words, o)
	if r.Kind == when.Ask || r.Kind == when.None {
		if other := when.Read(words, o); other.Kind == when.Range || other.Kind == when.Instant {
			return other
		}
	}
	return r
}

func (d *desk) moveWhich(r when.Reading, o when.Options) (bot.Reply, error) {
	text := puzzle(r, o)
	var offers []string
	for _, t := range candidates(r, o.Zone) {
		offers = append(offers, "`!meet move to "+t.Format("Mon 2 Jan 15:04")+"`")
	}
	for _, day := range candidateDays(r) {
		offers = append(offers, "`!meet move to "+when.SayDateShort(day, when.DateOf(o.Now))+"`")
	}
	if len(offers) > 0 {
		return bot.Reply{}, bot.Errorf("%s %s?", text, strings.Join(offers, " or "))
	}
	return bot.Reply{}, bot.Errorf("%s Try `!meet move to Thu 12 Dec 14:00`.", text)
}

// moveAsk shows what a move would do and waits for a yes.
func (d *desk) moveAsk(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, slot storage.Slot, r when.Reading, why string) (bot.Reply, error) {
	var t strings.Builder
	fmt.Fprintf(&t, "Move %s%s from %s to **%s**?", name(g), about(m.Title), span(m.Slot, c.Time), sayWhen(slot))
	notes, err := d.obstacles(ctx, g, slot, m.ID, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.BankHoliday != nil {
		notes = append(notes, "Mind: that is a bank holiday ("+r.BankHoliday.Name+").")
	}
	if other, there, err := d.atOther(ctx, m, slot); err != nil {
		return bot.Reply{}, err
	} else if there {
		notes = append(notes, fmt.Sprintf("Mind: the group meets then already (%s).", span(other.Slot, c.Time)))
	}
	for _, n := range notes {
		t.WriteString("\n" + n)
	}
	who, err := d.told(ctx, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	t.WriteString("\n" + who)
	if far(m.Slot, slot) {
		t.WriteString(" They are asked again whether they can come.")
	}
	return bot.Reply{Text: t.String(), Ask: &bot.Ask{For: askFor, Anybody: true,
		Act: bot.Act{Name: "meeting.move", Data: packed(change{Meeting: m.ID, Sequence: m.Sequence, Slot: slot, Why: why})}}}, nil
}

// atOther returns another meeting of the same group that overlaps a slot.
func (d *desk) atOther(ctx context.Context, m storage.Meeting, s storage.Slot) (storage.Meeting, bool, error) {
	all, err := d.db.Meetings(ctx, m.Group, s.Start, s.End)
	for _, other := range all {
		if other.ID != m.ID && (other.State == storage.Booked || other.State == storage.Proposed) {
			return other, true, err
		}
	}
	return m, false, err
}

// far reports whether a move is so far that people have to be asked again.
func far(from, to storage.Slot) bool { return to.Start.Sub(from.Start).Abs() > 30*time.Minute }

// told says who would hear of a change.
func (d *desk) told(ctx context.Context, g storage.Group, m storage.Meeting) (string, error) {
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return "", err
	}
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return "", err
	}
	yes := 0
	for _, r := range rsvps {
		if r.Answer == "yes" {
			yes++
		}
	}
	text := "I tell the group (" + plural(len(rooms), "place") + ")"
	if yes > 0 {
		text += fmt.Sprintf(" and, directly, %s who said yes", heads(storage.Group{}, yes))
	}
	return text + ".", nil
}

// moved carries out a move.
func (d *desk) moved(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k change
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	m, g, err := d.changeable(ctx, c, k)
	if err != nil {
		return bot.Reply{}, err
	}
	before, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.Slot, m.Edited = k.Slot, true })
	if err != nil {
		return bot.Reply{}, err
	}
	if far(before.Slot, after.Slot) {
		if err := d.db.StaleRSVPs(ctx, m.ID, true); err != nil {
			return bot.Reply{}, err
		}
	}
	text := fmt.Sprintf("🔀 Moved: %s%s, %s → **%s**.", name(g), about(m.Title), span(before.Slot, c.Now), sayWhen(after.Slot))
	if k.Why != "" {
		text += " " + bot.Plain(k.Why)
	}
	posts, err := d.changed(ctx, c, g, after, "moved", text, far(before.Slot, after.Slot))
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("moved %s from %s to %s", g.Name, span(before.Slot, c.Now), span(after.Slot, c.Now)),
		Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, before.State, before.Slot, before.Why})}}}}, d.schedule(ctx, after, g, c.Now)
}

// changeable returns the meeting of a change if it can still be made.
func (d *desk) changeable(ctx context.Context, c *bot.Call, k change) (storage.Meeting, storage.Group, error) {
	m, g, err := d.meeting(ctx, itoa(int(k.Meeting)))
	if err != nil {
		return m, g, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return m, g, err
	}
	if !m.Ahead(c.Now) || m.Sequence != k.Sequence {
		return m, g, bot.Errorf("That meeting has been changed meanwhile, so I have left it as it is: `!next` shows it.")
	}
	return m, g, nil
}

// changed tells everybody of a change: the cards, the group's places, and
// directly those who said yes. With asks, people are asked whether they come.
func (d *desk) changed(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, kind, text string, asks bool) ([]bot.Post, error) {
	ask := func(site string) string {
		if !asks {
			return ""
		}
		return "\n" + howToAnswer(site)
	}
	posts, err := d.refresh(ctx, g, m, stamp(c), c.Now)
	if err != nil {
		return nil, err
	}
	const why = "A meeting of this group was changed."
	notices, err := d.everywhere(ctx, g, m, kind+"/"+itoa(m.Sequence), func(site string) string {
		if forum(site) && m.Ahead(c.Now) {
			return text + "\n" + localDate(m.Slot) + ask(site)
		}
		return text + ask(site)
	}, why)
	if err != nil {
		return nil, err
	}
	posts = append(posts, notices...)
	here := false
	for _, p := range notices {
		here = here || p.Room.Site == c.Room.Site && p.Room.ID == c.Room.ID
	}
	if !here {
		posts = append(posts, bot.Post{Room: c.Room, Text: text})
	}
	rsvps, err := d.db.RSVPs(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range rsvps {
		if r.Answer != "yes" {
			continue
		}
		direct, err := d.direct(ctx, r.Person, fmt.Sprintf("meeting/%d/%s/%d", m.ID, kind, m.Sequence), text+ask("matrix"), "You had said that you come.")
		if err != nil {
			return nil, err
		}
		posts = append(posts, direct...)
	}
	return posts, nil
}

// direct makes a post to a person alone, on the one site that is best to
// reach them: Matrix, or else the first they have. Key is completed by whom
// it is to.
func (d *desk) direct(ctx context.Context, person int64, key, text, why string) ([]bot.Post, error) {
	accounts, err := d.db.Accounts(ctx, person)
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	best := accounts[0]
	for _, a := range accounts {
		if a.Site == "matrix" {
			best = a
		}
	}
	return []bot.Post{{Key: fmt.Sprintf("%s/%s/@%s", key, best.Site, best.User), Room: bot.Room{Site: best.Site}, To: best.User, Text: text, Rank: bot.Reminder, Loud: true, Why: why}}, nil
}

// cancel is `!meet cancel`.
func (d *desk) cancel(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, why, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	why = sentence(why)
	who, err := d.told(ctx, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	after, err := d.following(ctx, g, m, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Cancel %s%s, **%s**? %s %s", name(g), about(m.Title), sayWhen(m.Slot), who, after),
		Ask: &bot.Ask{For: askFor, Anybody: true, Act: bot.Act{Name: "meeting.off",
			Data: packed(change{Meeting: m.ID, Sequence: m.Sequence, State: storage.Cancelled, Why: bot.Clip(why, 200)})}}}, nil
}

// following says what comes after a meeting that falls out.
func (d *desk) following(ctx context.Context, g storage.Group, m storage.Meeting, now time.Time) (string, error) {
	all, err := d.db.Meetings(ctx, g.ID, m.Start, m.Start.AddDate(1, 0, 0))
	if err != nil {
		return "", err
	}
	for _, other := range all {
		if other.ID != m.ID && other.Ahead(now) {
			return "Next: " + bold(span(other.Slot, now)) + ".", nil
		}
	}
	return "No other date is booked: `!poll` looks for one.", nil
}

// off carries out a cancellation or a postponement without a date.
func (d *desk) off(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var k change
	if err := json.Unmarshal([]byte(data), &k); err != nil {
		return bot.Reply{}, err
	}
	m, g, err := d.changeable(ctx, c, k)
	if err != nil {
		return bot.Reply{}, err
	}
	if k.State == storage.Postponed && !k.Leave {
		return d.putOff(ctx, c, g, m, k.Why)
	}
	return d.callOff(ctx, c, g, m, k.State, k.Why)
}

// callOff takes a meeting out of the calendar and tells people.
func (d *desk) callOff(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, state, why string) (bot.Reply, error) {
	before, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.State, m.Why, m.Edited = state, why, true })
	if err != nil {
		return bot.Reply{}, err
	}
	next, err := d.following(ctx, g, m, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	verb := "❌ Cancelled"
	if state == storage.Postponed {
		verb = "⏸ Put off"
		next = "Nothing is lost: I ask again on " + askAgain(c.Now, m.Location(), when.Nation(g.Nation)).In(m.Location()).Format("Mon 2 Jan") + "."
		if err := d.db.Promise(ctx, againKind, itoa(int(g.ID)), askAgain(c.Now, m.Location(), when.Nation(g.Nation))); err != nil {
			return bot.Reply{}, err
		}
	}
	text := fmt.Sprintf("%s: %s%s, **%s**.", verb, name(g), about(m.Title), sayWhen(m.Slot))
	if why != "" {
		text += " " + bot.Plain(why)
	}
	posts, err := d.changed(ctx, c, g, after, "off", text+" "+next, false)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("%s: %s, %s", state, g.Name, span(m.Slot, c.Now)),
		Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, before.State, before.Slot, before.Why})}}}}, d.schedule(ctx, after, g, c.Now)
}

// sentence makes a reason a sentence.
func sentence(s string) string {
	s = strings.TrimSpace(strings.TrimLeft(s, ":,–-. "))
	if s == "" {
		return ""
	}
	r := []rune(s)
	s = strings.ToUpper(string(r[:1])) + string(r[1:])
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// was is what a meeting was before a change.
type was struct {
	Meeting int64
	State   string
	Slot    storage.Slot
	Why     string
}

// was undoes a change, and tells those who were told of it.
func (d *desk) was(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var u was
	if err := json.Unmarshal([]byte(data), &u); err != nil {
		return bot.Reply{}, err
	}
	m, g, err := d.meeting(ctx, itoa(int(u.Meeting)))
	if err != nil {
		return bot.Reply{}, err
	}
	before, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, func(m *storage.Meeting) { m.State, m.Slot, m.Why = u.State, u.Slot, u.Why })
	if err != nil || before == after {
		return bot.Reply{}, err
	}
	if err := d.db.StaleRSVPs(ctx, m.ID, false); err != nil {
		return bot.Reply{}, err
	}
	if !after.Ahead(c.Now) {
		return bot.Reply{}, nil
	}
	text := fmt.Sprintf("↩️ Back as it was: %s%s meets **%s**.", name(g), about(m.Title), sayWhen(after.Slot))
	posts, err := d.changed(ctx, c, g, after, "back", text, false)
	return bot.Reply{Posts: posts}, firstErr(err, d.schedule(ctx, after, g, c.Now))
}

// confirm is `!meet confirm`: a proposed date, or one that lapsed, stands.
func (d *desk) confirm(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, _, err := d.target(ctx, c)
	if err != nil || m.State == storage.Booked {
		if lapsed, ok, lookErr := d.lapsedIn(ctx, c); ok || lookErr != nil {
			m, err = lapsed, lookErr
		}
		if err != nil {
			return bot.Reply{}, err
		}
	}
	if g.ID == 0 {
		if g, _, err = d.db.Group(ctx, m.Group); err != nil {
			return bot.Reply{}, err
		}
	}
	if m.State == storage.Booked {
		return bot.Reply{}, bot.Errorf("%s stands already: **%s**. `!yes` says that you come.", name(g), sayWhen(m.Slot))
	}
	if m.State != storage.Proposed && m.State != storage.Lapsed {
		return bot.Reply{}, bot.Errorf("That meeting is off: %s. `!meet` books another.", span(m.Slot, c.Now))
	}
	posts, err := d.stands(ctx, c, g, m)
	if err != nil {
		return bot.Reply{}, err
	}
	here := false
	for _, p := range posts {
		here = here || p.Kind != bot.Edit && p.Room.ID == c.Room.ID
	}
	r := bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("confirmed %s, %s", g.Name, span(m.Slot, c.Now)), Undo: &bot.Act{Name: "meeting.was", Data: packed(was{m.ID, m.State, m.Slot, m.Why})}}}}
	if !here {
		r.Text = fmt.Sprintf("It stands: %s meets **%s**.", name(g), sayWhen(m.Slot))
	}
	return r, nil
}

// lapsedIn returns the room's group's meeting that lapsed and is still to come.
func (d *desk) lapsedIn(ctx context.Context, c *bot.Call) (storage.Meeting, bool, error) {
	g, _, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Meeting{}, false, nil
	}
	all, err := d.db.Meetings(ctx, g.ID, c.Time, c.Time.AddDate(0, 1, 0))
	for _, m := range all {
		if m.State == storage.Lapsed {
			return m, true, err
		}
	}
	return storage.Meeting{}, false, err
}

// link is `!meet link`: where the call is.
func (d *desk) link(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, url, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	url = strings.Trim(url, "<> ")
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || strings.ContainsAny(url, " \"<>`()") || len(url) > 500 {
		return bot.Reply{}, bot.Errorf("Where is the call? Try `!meet link https://call.example.org/room`. `!links call https://…` sets it for all meetings of the group.")
	}
	return d.set(ctx, c, g, m, "Call: "+url, func(m *storage.Meeting) { m.Call = url })
}

// title is `!meet title`: what a meeting is about.
func (d *desk) title(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m, g, words, err := d.target(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	words = title(words)
	if words == "" {
		return bot.Reply{}, bot.Errorf("What is it about? Try `!meet title Mentoring programme`.")
	}
	return d.set(ctx, c, g, m, "Now called “"+bot.Plain(words)+"”.", func(m *storage.Meeting) { m.Title = words })
}

// set changes what calendars need not be warned of.
func (d *desk) set(ctx context.Context, c *bot.Call, g storage.Group, m storage.Meeting, said string, change func(*storage.Meeting)) (bot.Reply, error) {
	_, after, err := d.db.ChangeMeeting(ctx, m.ID, c.Now, change)
	if err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refresh(ctx, g, after, stamp(c), c.Now)
	return bot.Reply{Text: fmt.Sprintf("%s, %s. %s", name(g), span(m.Slot, c.Now), said), Posts: posts,
		Did: []bot.Effect{{What: fmt.Sprintf("changed the words of %s, %s", g.Name, span(m.Slot, c.Now))}}}, err
}

// againKind is the kind of the promise to ask again for a date.
const againKind = "meeting-again"

// askAgain is when to ask again after "leave it for now": a week on.
func askAgain(now time.Time, zone *time.Location, nation when.Nation) time.Time {
	day := when.DateOf(now.In(zone)).AddDays(7)
	return later(when.At(day, when.HM(9, 30), zone), zone, nation)
}
