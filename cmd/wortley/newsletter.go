package main

import (
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/news"
)

func (c *Config) checkNewsletter(note func(bad bool, key, text string)) {
	n := c.Newsletter
	note(len(n.Sections) == 0, "newsletter.sections", "want at least one")
	note(n.Day < 1 || n.Day > 31, "newsletter.day", "want a day of the month, 1 to 31")
	note(!oneOf(n.Stars, "member", "convenor", "coordinator"), "newsletter.stars", "want member, convenor or coordinator")
	for _, f := range n.Forums {
		forum, category, ok := strings.Cut(f, ":")
		_, known := c.Forums[forum]
		note(!ok || strings.Trim(category, "0123456789") != "" || category == "", "newsletter.forums", fmt.Sprintf("%q is no category; want one like hub:16", f))
		note(ok && !known, "newsletter.forums", fmt.Sprintf("there is no forum called %q here", forum))
	}
}

// newsletter is what the newsletter is told.
func (c *Config) newsletter() news.Options {
	roles := map[string]bot.Role{"member": bot.Member, "convenor": bot.Convenor, "coordinator": bot.Coordinator}
	return news.Options{Title: c.Newsletter.Title, Sections: c.Newsletter.Sections, Day: c.Newsletter.Day, Forums: c.Newsletter.Forums,
		Tags: c.Newsletter.Tags, Star: roles[c.Newsletter.Stars], SecondCoop: c.Broadcasts.SecondCoop, Everywhere: c.Broadcasts.Everywhere,
		UndoFor: time.Duration(c.Broadcasts.Undo) * time.Minute, BaseURL: strings.TrimRight(c.Web.BaseURL, "/"), Pace: c.pace(), Zone: c.location(),
		Mail: c.Mail.Host != "", Webhooks: named(c.Webhooks)}
}

// pace is how quickly broadcasts go out.
func (c *Config) pace() bot.Pace {
	return bot.Pace{PerSecond: c.Broadcasts.PerSecond, Burst: c.Broadcasts.Burst}
}
