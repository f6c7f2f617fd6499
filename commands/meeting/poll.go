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

const pollHelp = "- `!poll Thu 5 Dec 14:00 or Tue 10 Dec 10:00`: people choose between these\n" +
	"- `!poll 2nd or 3rd week of Jan`, `!poll next week, mornings`: I propose three\n" +
	"- `!poll` alone: the one that is open, or three dates by the group's usual rhythm\n" +
	"- `!poll Thu 5 Dec 14:00 and Thu 16 Jan 14:00`: each that suits enough people is booked\n" +
	"- `!poll add Fri 6 Dec 14:00`, `!poll drop 2`, `!poll until Friday noon`, `!poll needs sal`, `!poll close`, `!poll withdraw`\n" +
	"Vote by reacting with 1️⃣ 2️⃣ 3️⃣, or `!yes 1 2`, `!maybe 3` (if need be), `!no 3`."

// poll is `!poll`.
func (d *desk) poll(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, words, err := d.which(ctx, c, c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	p, isOpen, err := d.db.OpenPoll(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if isOpen && words == "" {
		text, err := d.pollText(ctx, g, p, c.Room.Site, c.Now)
		return bot.Reply{Posts: []bot.Post{{Key: pollKey(p, "ask", c.Room) + "/" + stamp(c), Room: c.Room, Text: text}}}, err
	}
	if isOpen {
		return bot.Reply{}, bot.Errorf("A date is being looked for already: `!poll` shows it, `!poll add %s` puts yours to the vote, `!poll withdraw` ends it.", bot.Code(bot.Clip(oneLine(words), 60)))
	}
	o, err := d.options(ctx, g, c.Time, c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	h, err := d.habit(ctx, g, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	slots, w, err := d.pollSlots(ctx, g, words, o, h)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(slots) == 0 {
		return bot.Reply{}, bot.Errorf("I found no free working day there. Name dates, as in `!poll Thu 5 Dec 14:00 or Tue 10 Dec 10:00`.")
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	p, posts, err := d.openPoll(ctx, g, storage.Poll{Title: w.Title, Room: c.Room, Several: w.Kind == when.Choice && w.Op == "all", MadeBy: person}, slots, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Posts: posts, Did: []bot.Effect{{What: fmt.Sprintf("asked %s for a date (%d options)", g.Name, len(slots)), Undo: &bot.Act{Name: "poll.drop", Data: strconv.FormatInt(p.ID, 10)}}}}
	if !slices.ContainsFunc(posts, func(p bot.Post) bool { return p.Room.Site == c.Room.Site && p.Room.ID == c.Room.ID }) {
		r.Text = fmt.Sprintf("I have asked %s: %s, until %s.", name(g), plural(len(slots), "date"), moment(p.Closes, c.Now, o.Zone))
	}
	return r, nil
}

// pollSlots are the options that some words ask for: dates, what they leave
// open, or, where they name no time at all, the group's rhythm.
func (d *desk) pollSlots(ctx context.Context, g storage.Group, words string, o when.Options, h habit) ([]storage.Slot, wish, error) {
	today := when.DateOf(o.Now.In(o.Zone))
	if words == "" {
		slots, err := d.suggest(ctx, g, searchFor(h, o, workingDays(today, 5, o.Nation), today.AddDays(28)), o.Now)
		return slots, wish{}, err
	}
	w := read(words, o)
	if parts := strings.Split(words, ";"); unclear(w.Reading) && len(parts) > 1 {
		w = inParts(parts, o)
	}
	switch w.Kind {
	case when.None:
		slots, err := d.suggest(ctx, g, searchFor(h, o, workingDays(today, 5, o.Nation), today.AddDays(28)), o.Now)
		w.Title = title(words)
		return slots, w, err
	case when.Ask, when.Error:
		text := puzzle(w.Reading, o)
		if len(w.Candidates) > 0 {
			text += " I can read: " + strings.Join(sayCandidates(w.Reading, o), " · ") + "."
		}
		return nil, w, bot.Errorf("%s Try `!poll Thu 5 Dec 14:00 or Tue 10 Dec 10:00`, or `!poll 2nd week of Jan`.", text)
	case when.Recurrence, when.RecurrenceAnchor, when.AgendaCycle:
		return nil, w, bot.Errorf("That comes again and again: `!series add %s`.", bot.Code(bot.Clip(oneLine(words), 60)))
	case when.Instant, when.Range:
		return nil, w, bot.Errorf("That is one date. `!meet propose %s` asks whether it suits; with more dates I ask which.", bot.Code(bot.Clip(oneLine(words), 60)))
	case when.Deadline:
		last := w.By.Date
		if last.IsZero() {
			last = when.DateOf(w.By.At.In(o.Zone))
		}
		slots, err := d.suggest(ctx, g, searchFor(h, o, today.AddDays(1), last), o.Now)
		return slots, w, err
	}
	slots, err := d.slotsIn(ctx, g, w.Reading, h, o)
	if len(slots) > 5 {
		return nil, w, bot.Errorf("More than five dates kill a vote. Please choose the best ones.")
	}
	return slots, w, err
}

// inParts reads options that are separated by semicolons one by one.
func inParts(parts []string, o when.Options) wish {
	w := wish{Reading: when.Reading{Kind: when.Choice, Op: "any"}}
	for _, part := range parts {
		one := read(part, o)
		if one.Kind == when.Ask || one.Kind == when.Error || one.Kind == when.None {
			return one
		}
		if one.Kind == when.Choice {
			w.Items = append(w.Items, one.Items...)
		} else {
			w.Items = append(w.Items, one.Reading)
		}
	}
	return w
}

func sayCandidates(r when.Reading, o when.Options) []string {
	var said []string
	for _, t := range candidates(r, o.Zone) {
		said = append(said, when.SayShort(t, o.Now, o.Zone))
	}
	for _, day := range candidateDays(r) {
		said = append(said, when.SayDateShort(day, when.DateOf(o.Now.In(o.Zone))))
	}
	return said
}

// openPoll puts slots to the vote in a group's places.
func (d *desk) openPoll(ctx context.Context, g storage.Group, p storage.Poll, slots []storage.Slot, now time.Time) (storage.Poll, []bot.Post, error) {
	need, err := d.quorum(ctx, g)
	if err != nil {
		return p, nil, err
	}
	p.Group, p.Quorum, p.Made, p.State = g.ID, need, now.UTC().Truncate(time.Second), storage.PollOpen
	for i, s := range slots {
		p.Options = append(p.Options, storage.PollOption{N: i + 1, Slot: s})
	}
	p.Closes = deadline(now, slots[0].Start, slots[0].Location(), when.Nation(g.Nation))
	if p.ID, err = d.db.SavePoll(ctx, p); err != nil {
		return p, nil, err
	}
	if err := d.promisePoll(ctx, p, g, now); err != nil {
		return p, nil, err
	}
	posts, err := d.pollPosts(ctx, g, p, now)
	return p, posts, err
}

// deadline is when a poll ends: at noon on the third working day, and a day
// before its first option at the latest; half-way to it if that is sooner still.
func deadline(now, first time.Time, zone *time.Location, nation when.Nation) time.Time {
	at := when.At(workingDays(when.DateOf(now.In(zone)), 3, nation), when.HM(12, 0), zone).UTC()
	if latest := first.Add(-24 * time.Hour); at.After(latest) {
		at = latest
	}
	if at = earlier(at, zone, nation); at.Before(now.Add(2 * time.Hour)) {
		at = now.Add(first.Sub(now) / 2).UTC().Truncate(time.Minute)
	}
	return at
}

func pollKey(p storage.Poll, kind string, room bot.Room) string {
	return fmt.Sprintf("poll/%d/%s/%s/%s", p.ID, kind, room.Site, room.ID)
}

// pollPosts asks in each of a group's places, or where it was asked for if
// the group has none. In a forum's category a poll opens a topic.
func (d *desk) pollPosts(ctx context.Context, g storage.Group, p storage.Poll, now time.Time) ([]bot.Post, error) {
	rooms, err := d.places(ctx, g.ID)
	if err != nil {
		return nil, err
	}
	if len(rooms) == 0 {
		rooms = []bot.Room{p.Room}
	}
	var posts []bot.Post
	for _, room := range rooms {
		text, err := d.pollText(ctx, g, p, room.Site, now)
		if err != nil {
			return nil, err
		}
		post := bot.Post{Key: pollKey(p, "ask", room), Room: room, Text: text, Rank: bot.Reminder, Why: "Somebody in this group is looking for a date."}
		if strings.HasPrefix(room.ID, "category/") {
			post.Title = bot.Clip("When shall "+bot.Printable(g.Name)+" meet? ("+itoa(int(p.ID))+")", 200)
		}
		posts = append(posts, post)
	}
	return posts, nil
}

// keycaps are what people react with.
var keycaps = []string{"1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣"}

// pollText is a poll as people see it, with the votes so far as counts.
func (d *desk) pollText(ctx context.Context, g storage.Group, p storage.Poll, site string, now time.Time) (string, error) {
	all, err := d.standings(ctx, g, p)
	if err != nil {
		return "", err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "🗳 **When shall %s meet%s?**", bot.Plain(g.Name), about(p.Title))
	for _, s := range all {
		fmt.Fprintf(&t, "\n%s %s%s", keycaps[min(s.N, len(keycaps))-1], span(s.Slot, now), counted(s))
		if forum(site) {
			t.WriteString(" " + localDate(s.Slot))
		}
	}
	if p.State != storage.PollOpen {
		return t.String(), nil
	}
	yes, last := examples(all)
	how := fmt.Sprintf("React with the numbers that suit you, or answer `!yes %s`, `!maybe %s` (if need be), `!no %s`.", yes, last, last)
	if forum(site) {
		how = fmt.Sprintf("Answer `%s yes, %s maybe`, or `no`; maybe means if need be.", yes, last)
	}
	zone := all[0].Location()
	each := ""
	if p.Several {
		each = " for each date"
	}
	fmt.Fprintf(&t, "\n%s\n%s needed%s; decided on %s, or when everybody has voted.", how, capital(heads(g, p.Quorum)), each, moment(p.Closes, now, zone))
	return t.String(), nil
}

// examples are numbers of options for examples: of the first ones, and of the last.
func examples(all []score) (first, last string) {
	last = itoa(all[len(all)-1].N)
	for _, s := range all[:max(1, len(all)-1)] {
		first += " " + itoa(s.N)
	}
	return first[1:], last
}

func counted(s score) string {
	var said []string
	if s.yes > 0 {
		said = append(said, itoa(s.yes)+" can")
	}
	if s.maybe > 0 {
		said = append(said, itoa(s.maybe)+" if need be")
	}
	if s.no > 0 {
		said = append(said, itoa(s.no)+" cannot")
	}
	if len(said) == 0 {
		return ""
	}
	return " · " + strings.Join(said, ", ")
}

// standings are the scores of a poll as it stands.
func (d *desk) standings(ctx context.Context, g storage.Group, p storage.Poll) ([]score, error) {
	votes, err := d.db.Votes(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	leave := map[int64][]storage.Leave{}
	for _, person := range p.Required {
		if leave[person], err = d.db.LeaveOf(ctx, person, when.DateOf(p.Made)); err != nil {
			return nil, err
		}
	}
	return scores(p, votes, g.Kind == "call", func(person int64, o storage.PollOption) bool {
		return slices.ContainsFunc(leave[person], func(l storage.Leave) bool { return !o.Day.Before(l.First) && !o.Day.After(l.Last) })
	}), nil
}

// pollOf is the poll that a command is about: the one that it replies to, or
// the group's open one.
func (d *desk) pollOf(ctx context.Context, c *bot.Call) (storage.Poll, storage.Group, string, error) {
	if id, ok, err := d.repliedTo(ctx, c, "poll/"); err != nil || ok {
		p, g, err := d.pollByID(ctx, id)
		return p, g, oneLine(c.Args), err
	}
	g, words, err := d.which(ctx, c, c.Args)
	if err != nil {
		return storage.Poll{}, g, "", err
	}
	p, ok, err := d.db.OpenPoll(ctx, g.ID)
	if err == nil && !ok {
		err = bot.Errorf("%s is not looking for a date at the moment. `!poll` begins.", name(g))
	}
	return p, g, oneLine(words), err
}

func (d *desk) pollByID(ctx context.Context, data string) (storage.Poll, storage.Group, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return storage.Poll{}, storage.Group{}, fmt.Errorf("meeting: poll %q: %w", data, err)
	}
	p, err := d.db.Poll(ctx, id)
	if err != nil {
		return p, storage.Group{}, fmt.Errorf("meeting: poll %d: %w", id, err)
	}
	g, _, err := d.db.Group(ctx, p.Group)
	return p, g, err
}

// change lets a command change an open poll and shows it.
func (d *desk) changePoll(ctx context.Context, c *bot.Call, change func(g storage.Group, p *storage.Poll, words string) (said string, err error)) (bot.Reply, error) {
	p, g, words, err := d.pollOf(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.may(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	if p.State != storage.PollOpen {
		return bot.Reply{}, bot.Errorf("That vote is over. `!next` shows what came of it.")
	}
	before := p
	before.Options = slices.Clone(p.Options)
	said, err := change(g, &p, words)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.db.SavePoll(ctx, p); err != nil {
		return bot.Reply{}, err
	}
	if err := d.promisePoll(ctx, p, g, c.Now); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refreshPoll(ctx, g, p, stamp(c), c.Now, "")
	return bot.Reply{Text: said, Posts: posts, Did: []bot.Effect{{What: "changed the vote on a date of " + g.Name, Undo: &bot.Act{Name: "poll.was", Data: packed(before)}}}}, err
}

// pollWas undoes a change of a poll. Options that it did not have are dropped.
func (d *desk) pollWas(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var before storage.Poll
	if err := json.Unmarshal([]byte(data), &before); err != nil {
		return bot.Reply{}, err
	}
	p, g, err := d.pollByID(ctx, strconv.FormatInt(before.ID, 10))
	if err != nil || p.State != storage.PollOpen {
		return bot.Reply{}, err
	}
	for _, o := range p.Options {
		if !slices.ContainsFunc(before.Options, func(b storage.PollOption) bool { return b.N == o.N }) {
			o.Dropped = true
			before.Options = append(before.Options, o)
		}
	}
	if _, err := d.db.SavePoll(ctx, before); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.refreshPoll(ctx, g, before, stamp(c), c.Now, "")
	return bot.Reply{Posts: posts}, firstErr(err, d.promisePoll(ctx, before, g, c.Now))
}

// dropPoll undoes a poll: its posts are taken back.
func (d *desk) dropPoll(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	p, _, err := d.pollByID(ctx, data)
	if err != nil {
		return bot.Reply{}, err
	}
	asked, err := d.db.PollPosts(ctx, p.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var posts []bot.Post
	for _, a := range asked {
		posts = append(posts, bot.Post{Key: "un/" + a.Key, Kind: bot.Withdraw, Room: a.Room, Of: a.Key, Why: "The question was undone."})
	}
	return bot.Reply{Posts: posts}, firstErr(d.db.Release(ctx, pollKind, data), d.db.DropPoll(ctx, p.ID))
}

// refreshPoll edits a poll's posts; last is added to their texts.
func (d *desk) refreshPoll(ctx context.Context, g storage.Group, p storage.Poll, stamp string, now time.Time, last string) ([]bot.Post, error) {
	asked, err := d.db.PollPosts(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	for _, a := range asked {
		text, err := d.pollText(ctx, g, p, a.Room.Site, now)
		if err != nil {
			return nil, err
		}
		posts = append(posts, bot.Post{Key: "edit/" + stamp + "/" + a.Key, Kind: bot.Edit, Of: a.Key, Room: a.Room, Text: text + last, Rank: bot.Reminder, Why: "The vote changed."})
	}
	return posts, nil
}

// pollAdd is `!poll add`.
func (d *desk) pollAdd(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	var added storage.PollOption
	var group storage.Group
	var id int64
	r, err := d.changePoll(ctx, c, func(g storage.Group, p *storage.Poll, words string) (string, error) {
		o, err := d.options(ctx, g, c.Time, c.Zone)
		if err != nil {
			return "", err
		}
		w := read(words, o)
		h := habit{clock: p.Options[0].Clock, minutes: p.Options[0].Minutes, known: true}
		if w.Kind == when.OneDate {
			w.Reading = when.Reading{Kind: when.Choice, Items: []when.Reading{w.Reading}}
		}
		slots, ok := w.slots(h, o.Zone)
		standing := 0
		for _, old := range p.Options {
			standing += bit(!old.Dropped)
		}
		switch {
		case !ok || len(slots) != 1:
			return "", bot.Errorf("Which date shall be added? Try `!poll add Fri 6 Dec 14:00`.")
		case !slots[0].Start.After(c.Now):
			return "", bot.Errorf("%s has passed.", sayWhen(slots[0]))
		case standing >= 5 || len(p.Options) >= len(keycaps):
			return "", bot.Errorf("More than five dates kill a vote. `!poll drop 2` makes room.")
		case slices.ContainsFunc(p.Options, func(o storage.PollOption) bool { return !o.Dropped && o.Start.Equal(slots[0].Start) }):
			return "", bot.Errorf("%s is among them already.", span(slots[0], c.Now))
		}
		added, group, id = storage.PollOption{N: len(p.Options) + 1, Slot: slots[0]}, g, p.ID
		p.Options = append(p.Options, added)
		return fmt.Sprintf("Added: %s %s. The other votes stay.", keycaps[added.N-1], span(added.Slot, c.Now)), nil
	})
	if err != nil {
		return r, err
	}
	told, err := d.tellVoters(ctx, c, group, id, added)
	r.Posts = append(r.Posts, told...)
	return r, err
}

// tellVoters tells those who have voted, directly, that there is a new option.
func (d *desk) tellVoters(ctx context.Context, c *bot.Call, g storage.Group, id int64, o storage.PollOption) ([]bot.Post, error) {
	votes, err := d.db.Votes(ctx, id)
	if err != nil {
		return nil, err
	}
	var posts []bot.Post
	seen := map[int64]bool{c.Person.ID: true}
	for _, v := range votes {
		if seen[v.Person] {
			continue
		}
		seen[v.Person] = true
		text := fmt.Sprintf("%s: a date was added to the vote: %s %s. Your other votes stay; `!yes %s: %d`, `!maybe %s: %d` or `!no %s: %d`.", name(g), keycaps[o.N-1], span(o.Slot, c.Now), g.Slug, o.N, g.Slug, o.N, g.Slug, o.N)
		direct, err := d.direct(ctx, v.Person, fmt.Sprintf("poll/%d/added/%d", id, o.N), text, "You had voted before this date was added.")
		if err != nil {
			return nil, err
		}
		posts = append(posts, direct...)
	}
	return posts, nil
}

// pollDrop is `!poll drop`.
func (d *desk) pollDrop(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.changePoll(ctx, c, func(_ storage.Group, p *storage.Poll, words string) (string, error) {
		n, err := strconv.Atoi(strings.Trim(words, " .#"))
		i := slices.IndexFunc(p.Options, func(o storage.PollOption) bool { return o.N == n && !o.Dropped })
		if err != nil || i < 0 {
			return "", bot.Errorf("Which one? Say its number, as in `!poll drop 2`.")
		}
		left := 0
		for _, o := range p.Options {
			left += bit(!o.Dropped)
		}
		if left == 1 {
			return "", bot.Errorf("It is the only one left. `!poll withdraw` ends the vote.")
		}
		p.Options[i].Dropped = true
		return fmt.Sprintf("Dropped: %s. The other votes stay.", span(p.Options[i].Slot, c.Now)), nil
	})
}

// pollUntil is `!poll until`.
func (d *desk) pollUntil(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.changePoll(ctx, c, func(g storage.Group, p *storage.Poll, words string) (string, error) {
		z := zone(g, c.Zone)
		r := when.Read(words, when.Options{Now: c.Time, Zone: z, Nation: when.Nation(g.Nation)})
		at := r.Start
		switch {
		case r.Kind == when.OneDate:
			at = when.At(r.Date, when.HM(12, 0), z)
		case r.Kind == when.Deadline && !r.By.At.IsZero():
			at = r.By.At
		case r.Kind == when.Deadline:
			at = when.At(r.By.Date, when.HM(12, 0), z)
		}
		if at.IsZero() {
			return "", bot.Errorf("Until when? Try `!poll until Friday noon`.")
		}
		if !at.After(c.Now) {
			return "", bot.Errorf("%s has passed.", moment(at, c.Now, z))
		}
		p.Closes, p.Nudged = at.UTC().Truncate(time.Minute), false
		return fmt.Sprintf("The vote is decided on %s.", moment(at, c.Now, z)), nil
	})
}

// pollNeeds is `!poll needs`: people without whom no date wins.
func (d *desk) pollNeeds(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return d.changePoll(ctx, c, func(g storage.Group, p *storage.Poll, words string) (string, error) {
		members, err := d.db.GroupMembers(ctx, g.ID)
		if err != nil {
			return "", err
		}
		var names []string
		for _, word := range strings.FieldsFunc(words, func(r rune) bool { return r == ',' || r == ' ' || r == '@' }) {
			if strings.EqualFold(word, "and") {
				continue
			}
			i := slices.IndexFunc(members, func(m storage.GroupMember) bool { return strings.EqualFold(m.Name, word) })
			if i < 0 {
				return "", bot.Errorf("I know nobody called “%s” in %s. `!members` lists them.", bot.Plain(bot.Clip(word, 30)), name(g))
			}
			if !slices.Contains(p.Required, members[i].Person) {
				p.Required = append(p.Required, members[i].Person)
			}
			names = append(names, bot.Plain(members[i].Name))
		}
		if len(names) == 0 {
			return "", bot.Errorf("Without whom should no date be chosen? Try `!poll needs sal`.")
		}
		return fmt.Sprintf("No date is chosen on which %s cannot come.", list(names)), nil
	})
}
