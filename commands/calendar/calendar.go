// Package calendar lets people subscribe to the network's meetings, and holds
// what was agreed against calendars elsewhere.
package calendar

import (
	"context"
	"net/url"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/ical"
	"git.coop/cotech/wortley/storage"
)

// Options are what the feature has to be told.
type Options struct {
	BaseURL string // where people reach the bot's pages: "https://bot.example.org"; "": nowhere
	Now     func() time.Time

	// Fetch reads a calendar elsewhere; nil: the bot may not go out.
	Fetch func(ctx context.Context, address string, w ical.Window) (ical.Listing, error)

	// Publish is a calendar on a CalDAV server in which the meetings stand too.
	Publish Publisher
}

// A Publisher keeps events in a calendar on a server.
type Publisher interface {
	// Put writes a file with one event, beside what people added to it there.
	Put(ctx context.Context, file []byte) error
	// Remove takes an event away.
	Remove(ctx context.Context, uid string) error
}

type desk struct {
	db *storage.DB
	Options
	feeds feeds
}

// New returns the feature.
func New(db *storage.DB, o Options) bot.Feature {
	d := &desk{db: db, Options: o}
	d.BaseURL = strings.TrimRight(d.BaseURL, "/")
	if d.Now == nil {
		d.Now = time.Now
	}
	jobs := []bot.Job{{Name: "calendar listings", Every: 24 * time.Hour, At: 10 * time.Hour, Run: d.checkAll}}
	if d.Publish != nil {
		jobs = append(jobs, bot.Job{Name: "calendar publish", Every: 10 * time.Minute, Run: d.publishAll})
	}
	return bot.Feature{
		Name: "Calendars",
		Commands: []bot.Command{
			{Name: "calendar", Aliases: []string{"cal", "ical"}, Usage: "[me | revoke | import <address>]", Short: "put the meetings into your own calendar", Long: help, Run: d.addresses, Sub: []bot.Command{
				{Name: "me", Aliases: []string{"mine"}, Short: "a calendar of your own groups, said to you alone", Run: d.me},
				{Name: "revoke", Short: "end that calendar's address", Effect: true, Run: d.revoke},
				{Name: "import", Aliases: []string{"check"}, Usage: "<address or name> [as <name>]", Short: "compare with a calendar elsewhere, now and each day", Effect: true, Ask: d.read, Run: d.imported},
				{Name: "listings", Aliases: []string{"list"}, Short: "which calendars elsewhere I look at", Run: d.listings},
				{Name: "forget", Usage: "<name>", Short: "look at one of them no longer", Effect: true, Run: d.forget},
			}},
		},
		Actions: []bot.Action{{Name: "calendar.listing", Run: d.listingBack}},
		Jobs:    jobs,
		Pages:   d.pages(),
		Forget:  db.ForgetCalendar,
		Keeps:   "whether you have a calendar of your own, and a fingerprint of its secret address",
	}
}

const help = "- `!calendar`: the address of this group's calendar, and of the whole network's. Paste it into your calendar program as a subscription\n" +
	"- `!calendar me`: one with your groups' meetings and your actions. Its address is a secret; `!calendar revoke` ends it\n" +
	"- `!calendar import https://www.example.org/events.ics`, in a group's room: I say which agreed dates are missing there, and which of those there I do not know. Each working day I look again"

// Paths of the feeds.
const (
	networkPath = "/calendar/network.ics"
	groupPath   = "/calendar/group/"
	ownPath     = "/calendar/me/"
)

func (d *desk) host() string {
	if u, err := url.Parse(d.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "wortley.invalid"
}
