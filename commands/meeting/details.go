package meeting

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

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
