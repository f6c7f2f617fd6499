package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/civicrm"
	"git.coop/cotech/wortley/integrations/ical"
	"git.coop/cotech/wortley/storage"
)

// ahead is how far a listing is looked at.
const ahead = 90 * 24 * time.Hour

// told is what was read before anything is written.
type told struct {
	storage.Listing
	events ical.Listing
	bad    error // the calendar could not be read
}

// read fetches the calendar that `!calendar import` names.
func (d *desk) read(ctx context.Context, c *bot.Call) (any, error) {
	said := strings.TrimSpace(c.Args)
	if said == "" {
		return nil, bot.Errorf("Which calendar? Try `!calendar import https://www.example.org/events.ics`; `!calendar listings` says which I look at.")
	}
	if err := d.mayImport(ctx, c); err != nil {
		return nil, err
	}
	l, known, err := d.db.ListingNamed(ctx, said)
	if err != nil {
		return nil, err
	}
	if !known {
		if l, err = newListing(said); err != nil {
			return nil, err
		}
		old, again, err := d.db.ListingNamed(ctx, l.URL)
		if err != nil {
			return nil, err
		}
		if again {
			l = old
		}
	}
	t := told{Listing: l}
	if d.Fetch == nil {
		return nil, bot.Errorf("I may not read calendars elsewhere here.")
	}
	t.events, t.bad = d.Fetch(ctx, l.URL, window(c.Now, c.Zone))
	return t, nil
}

func window(now time.Time, zone *time.Location) ical.Window {
	return ical.Window{From: now, To: now.Add(ahead), Zone: zone}
}

// newListing reads "https://… as Events".
func newListing(said string) (storage.Listing, error) {
	address, name, _ := strings.Cut(said, " ")
	full, ok := ical.Address(address)
	if !ok {
		return storage.Listing{}, bot.Errorf("“%s” is neither a calendar I look at nor an address. Try `!calendar import https://www.example.org/events.ics`.", bot.Plain(bot.Clip(said, 60)))
	}
	if file, ok := civicrm.Feed(full); ok {
		full = file
	}
	name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "as "))
	if u, err := url.Parse(full); err == nil && name == "" {
		name = strings.TrimPrefix(u.Hostname(), "www.")
	}
	return storage.Listing{Name: bot.Clip(strings.Join(strings.Fields(bot.Printable(name)), " "), 40), URL: full}, nil
}

// mayImport lets people of a group have a calendar looked at in its room, and
// coordinators anywhere.
func (d *desk) mayImport(ctx context.Context, c *bot.Call) error {
	g, here, err := d.db.GroupAt(ctx, bot.Room{Site: c.Room.Site, ID: c.Room.ID})
	if err != nil {
		return err
	}
	p, err := d.db.Person(ctx, c.Room.Site, c.From)
	if err != nil || p.Role >= bot.Coordinator {
		return err
	}
	if !here {
		return bot.Errorf("In a group's room its people can have me look at a calendar. For the whole network a coordinator can: `!who coordinators`.")
	}
	role, err := d.db.GroupRole(ctx, g.ID, p.ID)
	if err == nil && role == "" && p.Role < bot.Member {
		err = bot.Errorf("That is for people of the network: tell me your co-op with `!iam <co-op>`, or join the group with `!join`.")
	}
	return err
}

// imported says how a calendar elsewhere compares, and remembers it.
func (d *desk) imported(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	t, ok := c.Told.(told)
	if !ok {
		return bot.Reply{}, errors.New("calendar: nothing was read")
	}
	if t.bad != nil {
		return bot.Reply{}, bot.Errorf("I could not read %s: %s. Nothing was changed.", bot.Plain(t.Name), bot.Plain(why(t.bad)))
	}
	g, here, err := d.db.GroupAt(ctx, bot.Room{Site: c.Room.Site, ID: c.Room.ID})
	if err != nil {
		return bot.Reply{}, err
	}
	fresh := t.ID == 0
	if fresh {
		t.Room, t.Made = bot.Room{Site: c.Room.Site, ID: c.Room.ID}, c.Time
		if c.Direct {
			t.Room = bot.Room{}
		}
		if here {
			t.Group = g.ID
		}
	}
	t.LastRead = c.Time
	if t.ID, err = d.saveListing(ctx, t.Listing); err != nil {
		return bot.Reply{}, err
	}
	groups, err := d.compared(ctx, t.Listing)
	if err != nil {
		return bot.Reply{}, err
	}
	diff, err := d.compare(ctx, t.events.Events, groups, t.Group != 0, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Text: sayImported(t, diff, c)}
	if fresh {
		r.Did = []bot.Effect{{What: "looks at the calendar " + t.Name, Undo: listingAct(t.Listing, true)}}
	}
	return r, nil
}

// saveListing finds a name that is free.
func (d *desk) saveListing(ctx context.Context, l storage.Listing) (int64, error) {
	name := l.Name
	for n := 2; l.ID == 0; n++ {
		_, taken, err := d.db.ListingNamed(ctx, l.Name)
		if err != nil {
			return 0, err
		}
		if !taken {
			break
		}
		l.Name = fmt.Sprintf("%s %d", name, n)
	}
	return d.db.SaveListing(ctx, l)
}

// why says in plain words why a calendar could not be read.
func why(err error) string {
	switch {
	case errors.Is(err, ical.ErrNoCalendar):
		return "there is a page there, but no calendar file. Its address often ends with .ics"
	case errors.Is(err, ical.ErrPrivate):
		return "that address is not on the public internet"
	case errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time"
	}
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return bot.Clip(text, 120)
}

func sayImported(t told, diff difference, c *bot.Call) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** has %s in the next three months.", bot.Plain(t.Name), count(len(t.events.Events), "date"))
	if t.events.Bad > 0 {
		fmt.Fprintf(&b, " (%s I could not read.)", count(t.events.Bad, "line"))
	}
	lines := diff.say("there", c.Now, c.Zone)
	if len(lines) == 0 {
		b.WriteString(" What was agreed here stands there, and I know what stands there.")
	}
	for _, l := range lines {
		b.WriteString("\n- " + l)
	}
	if t.Room.ID == "" {
		return b.String() + "\n`!calendar import " + bot.Code(t.Name) + "` compares again."
	}
	return b.String() + "\nI look again each working day and say here what is new. `!calendar forget " + bot.Code(t.Name) + "` ends that."
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// listings is `!calendar listings`.
func (d *desk) listings(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	all, err := d.db.Listings(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: "I look at no calendars elsewhere. `!calendar import https://www.example.org/events.ics` has me look at one."}, nil
	}
	groups, err := d.groups(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var b strings.Builder
	b.WriteString("**Calendars elsewhere**")
	for _, l := range all {
		whose := "the network"
		if g, ok := groups[l.Group]; ok {
			whose = g.Name
		}
		fmt.Fprintf(&b, "\n- **%s** for %s: %s, read %s", bot.Plain(l.Name), bot.Plain(whose), l.URL, l.LastRead.In(c.Zone).Format("Mon 2 Jan 15:04"))
	}
	return bot.Reply{Text: b.String()}, nil
}

// forget is `!calendar forget`.
func (d *desk) forget(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	l, ok, err := d.db.ListingNamed(ctx, strings.TrimSpace(c.Args))
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok {
		return bot.Reply{}, bot.Errorf("I look at no calendar called “%s”. `!calendar listings` says which there are.", bot.Plain(bot.Clip(c.Args, 40)))
	}
	if err := d.mayImport(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.DropListing(ctx, l.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("I look at %s no longer.", bot.Plain(l.Name)), Did: []bot.Effect{{What: "no longer looks at " + l.Name, Undo: listingAct(l, false)}}}, nil
}

// listingWas is a listing to be taken away, or to be brought back.
type listingWas struct {
	storage.Listing
	Away bool
}

func listingAct(l storage.Listing, away bool) *bot.Act {
	data, err := json.Marshal(listingWas{l, away})
	if err != nil {
		panic("calendar: " + err.Error()) // numbers and words only
	}
	return &bot.Act{Name: "calendar.listing", Data: string(data)}
}

func (d *desk) listingBack(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var w listingWas
	if err := json.Unmarshal([]byte(data), &w); err != nil {
		return bot.Reply{}, err
	}
	if w.Away {
		return bot.Reply{}, d.db.DropListing(ctx, w.ID)
	}
	w.ID = 0
	_, err := d.saveListing(ctx, w.Listing)
	return bot.Reply{}, err
}
