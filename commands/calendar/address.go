package calendar

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
)

// nowhere refuses when there is no address to give.
func (d *desk) nowhere() error {
	if d.BaseURL != "" {
		return nil
	}
	return bot.Errorf("I have calendars, but nobody has told me under which address people reach them. Whoever runs me sets `web.base_url`; `!who coordinators` says whom to ask.")
}

// addresses is `!calendar`.
func (d *desk) addresses(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.nowhere(); err != nil {
		return bot.Reply{}, err
	}
	g, ok, err := d.db.GroupAt(ctx, bot.Room{Site: c.Room.Site, ID: c.Room.ID})
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Args != "" {
		if g, ok, err = d.db.GroupNamed(ctx, c.Args); err != nil {
			return bot.Reply{}, err
		}
		if !ok {
			return bot.Reply{}, bot.Errorf("I know no group called “%s”. `!groups` lists them; `!calendar` alone gives the network's calendar.", bot.Plain(bot.Clip(c.Args, 30)))
		}
	}
	text := ""
	if ok {
		text = fmt.Sprintf("- %s: %s\n", bot.Plain(g.Name), d.feedOf(g))
	}
	return bot.Reply{Text: "**Calendars to subscribe to**\n" + text +
		"- All meetings of the network: " + d.BaseURL + networkPath + "\n" +
		"Paste one into your calendar program (“subscribe”, “from URL”). Programs look again every few hours at best, so I say late changes in the room too. `!calendar me` gives you one of your own groups."}, nil
}

// me is `!calendar me`: a new secret address, said to the person alone.
func (d *desk) me(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.nowhere(); err != nil {
		return bot.Reply{}, err
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	since, has, err := d.db.HasCalendarSecret(ctx, person)
	if err != nil {
		return bot.Reply{}, err
	}
	if has {
		return bot.Reply{Direct: true, Text: fmt.Sprintf("You have had a calendar of your own since %s. I keep only a fingerprint of its address and cannot say it again: `calendar revoke` ends it, and `calendar me` then makes a new one.",
			when.SayDateShort(when.DateOf(since.In(c.Zone)), when.DateOf(c.Time.In(c.Zone))))}, nil
	}
	secret := c.Secret() + c.Secret() + c.Secret()
	if err := d.db.SetCalendarSecret(ctx, person, secret, c.Time); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Direct: true, Text: "Your own calendar, with the meetings of your groups and your actions:\n" + d.BaseURL + ownPath + secret + ".ics\n" +
		"Whoever has this address can read it, so keep it to yourself. `calendar revoke` ends it.",
		Did: []bot.Effect{{What: "made a personal calendar", Fixed: "The address is yours already. `!calendar revoke` ends it."}}}, nil
}

// revoke is `!calendar revoke`.
func (d *desk) revoke(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	had := false
	if c.Person.ID != 0 {
		var err error
		if had, err = d.db.DropCalendarSecret(ctx, c.Person.ID); err != nil {
			return bot.Reply{}, err
		}
	}
	if !had {
		return bot.Reply{Direct: true, Text: "You have no calendar of your own. `calendar me` makes one."}, nil
	}
	return bot.Reply{Direct: true, Text: "The address of your calendar no longer works. What your calendar program has read stays there until you delete the subscription. `calendar me` makes a new one.",
		Did: []bot.Effect{{What: "ended a personal calendar", Fixed: "An address that was ended stays ended. `!calendar me` makes a new one."}}}, nil
}

// GroupFeed is the address of a group's calendar under a base, with the
// group's slug as %s; "" if there is no base.
func GroupFeed(base string) string {
	if base == "" {
		return ""
	}
	return strings.TrimRight(base, "/") + groupPath + "%s.ics"
}
