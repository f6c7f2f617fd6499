package main

import (
	"context"
	"strings"
	"time"

	"git.coop/cotech/wortley/integrations/caldav"
)

// calendars checks that the bot's account has the calendar on the CalDAV
// server in which meetings are kept, changing nothing.
func (f *findings) calendars(ctx context.Context, c *Config) {
	if c.CalDAV.URL == "" {
		return
	}
	client, err := caldav.New(caldav.Options{URL: c.CalDAV.URL, User: c.CalDAV.User, Password: c.CalDAV.Password})
	if err != nil {
		f.lacks("%s", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	all, err := client.Calendars(ctx)
	if err != nil {
		f.lacks("%s", err)
		return
	}
	for _, address := range all {
		if strings.TrimRight(address, "/") == strings.TrimRight(c.CalDAV.URL, "/") {
			f.fine("caldav: the calendar is there")
			return
		}
	}
	f.lacks("caldav: %s has no calendar %s; its calendars: %s", c.CalDAV.User, c.CalDAV.URL, strings.Join(all, ", "))
}
