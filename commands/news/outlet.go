package news

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

// outlets are the places that a broadcast goes to.
type outlets struct {
	title  string // of topics and mails
	forums []bot.Room
	rooms  []storage.NewsRoom
	mails  []storage.Subscriber
	hooks  []string
}

func (o outlets) all() []string {
	all := slices.Clone(o.hooks)
	for _, s := range o.mails {
		all = append(all, s.Address)
	}
	for _, r := range o.forums {
		all = append(all, r.ID)
	}
	for _, r := range o.rooms {
		all = append(all, r.Room.ID)
	}
	return all
}

// say counts the places.
func (o outlets) say(d *desk) string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{len(o.forums), "forum category", "forum categories"}, {len(o.rooms), "room", "rooms"},
		{len(o.mails), "mail address", "mail addresses"}, {len(o.hooks), "webhook", "webhooks"},
	} {
		if p.n > 0 {
			parts = append(parts, plural(p.n, p.one, p.many))
		}
	}
	if d.BaseURL != "" && o.title != "" {
		parts = append(parts, "the web page and its feed")
	}
	return list(parts)
}

// longPlaces names the places that get all of it under a title.
func (o outlets) longPlaces() string {
	switch {
	case len(o.forums) > 0 && len(o.mails) > 0:
		return "On the forum and by mail"
	case len(o.forums) > 0:
		return "On the forum"
	case len(o.mails) > 0:
		return "By mail"
	}
	return ""
}

// shortPlaces names the places that are told in one message.
func (o outlets) shortPlaces() string {
	switch {
	case len(o.hooks) == 0:
		return "In rooms"
	case len(o.rooms) == 0:
		return "By webhook"
	}
	return "In rooms and by webhook"
}

// outlets returns where an issue goes, which went out so often before.
func (d *desk) outlets(ctx context.Context, p paper, earlier int) (o outlets, err error) {
	o.title = p.title
	if earlier > 0 {
		o.title += " (corrected)" // forums take a title once
	}
	o.forums = d.categories()
	rooms, err := d.db.NewsRooms(ctx)
	if err != nil {
		return o, err
	}
	o.rooms = slices.DeleteFunc(rooms, func(r storage.NewsRoom) bool { return !r.News })
	if d.Mail {
		if o.mails, err = d.db.Subscribers(ctx); err != nil {
			return o, err
		}
	}
	o.hooks = d.Webhooks
	return o, nil
}

// categories are the forum categories where newsletters become topics.
func (d *desk) categories() (rooms []bot.Room) {
	for _, f := range d.Forums {
		if forum, category, ok := strings.Cut(f, ":"); ok {
			rooms = append(rooms, bot.Room{Site: "discourse/" + forum, ID: "category/" + category})
		}
	}
	return rooms
}

// posts are what the places are told of an issue. Forums and webhooks go
// first: they are not held to the pace of rooms and mail.
func (o outlets) posts(b storage.Broadcast, p paper, now time.Time) []bot.Post {
	var all []bot.Post
	say := func(room bot.Room, to string, rank bot.Rank, title, text string) bot.Post {
		post := bot.Post{Key: fmt.Sprintf("broadcast/%d/%04d", b.ID, len(all)+1), Room: room, To: to, Kind: bot.Say, Rank: rank,
			Title: title, Text: text, Why: whyOf(b), Made: now}
		all = append(all, post)
		return post
	}
	for _, f := range o.forums {
		topic := ""
		for n, part := range p.parts() {
			if n == 0 {
				topic = say(f, "", bot.Reminder, o.title, part).Key
			} else {
				say(bot.Room{Site: f.Site, ID: "opened/" + topic}, "", bot.Reminder, "", part)
			}
		}
	}
	for _, s := range o.mails {
		say(bot.Room{Site: "mail"}, s.Address, bot.Broadcast, o.title, p.markdown()+p.foot(s))
	}
	for _, name := range o.hooks {
		say(bot.Room{Site: "webhook/" + name}, "", bot.Reminder, "", b.Text)
	}
	for _, r := range o.rooms {
		say(r.Room, "", bot.Broadcast, "", b.Text)
	}
	return all
}

func whyOf(b storage.Broadcast) string {
	if b.Issue == 0 {
		return fmt.Sprintf("%s announced it to this room, which takes announcements. `!news stop` ends that.", bot.Plain(b.ByName))
	}
	return fmt.Sprintf("%s confirmed the newsletter, and this room takes it. `!news stop` ends that.", bot.Plain(b.ByName))
}

// awake is when people may next be told what they did not ask for: not
// between 20:00 and 08:00, at weekends, on bank holidays, or around the new year.
func (d *desk) awake(t time.Time) time.Time {
	day, clock := when.DateOf(t.In(d.Zone)), when.ClockOf(t.In(d.Zone))
	if clock >= when.HM(20, 0) {
		day = day.AddDays(1)
	} else if clock >= when.HM(8, 0) && !d.rests(day) {
		return t
	}
	for d.rests(day) {
		day = day.AddDays(1)
	}
	return when.At(day, when.HM(8, 0), d.Zone)
}

func (d *desk) rests(day when.Date) bool {
	turn := day.Month == time.December && day.Day >= 24 || day.Month == time.January && day.Day <= 2
	return turn || !when.WorkingDay(day, d.Nation)
}
