package main

import (
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/calendar"
	"git.coop/cotech/wortley/commands/minutes"
	"git.coop/cotech/wortley/integrations/caldav"
	"git.coop/cotech/wortley/integrations/ical"
)

// minutes says where minutes are published.
func (c *Config) minutes() minutes.Options {
	name, number, ok := strings.Cut(c.Minutes.Category, ":")
	if _, err := strconv.ParseUint(number, 10, 31); err != nil || !ok || name == "" {
		return minutes.Options{}
	}
	return minutes.Options{Forum: bot.Room{Site: "discourse/" + name, ID: "category/" + number}}
}

// calendars says where people reach the feeds, and lets the bot read the
// calendars that they name, on the public internet.
func (c *Config) calendars() (calendar.Options, error) {
	o := calendar.Options{BaseURL: c.Web.BaseURL, Fetch: ical.NewClient(false).Listing}
	if c.CalDAV.URL == "" {
		return o, nil
	}
	server, err := caldav.New(caldav.Options{URL: c.CalDAV.URL, User: c.CalDAV.User, Password: c.CalDAV.Password})
	o.Publish = server
	return o, err
}
