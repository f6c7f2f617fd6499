package meeting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

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
