package group

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
)

var (
	everySaid = regexp.MustCompile(`(?i)^(?:every\s+)?(\d{1,3}|two|three|four|five|six|eight|twelve)?\s*(day|week|fortnight|month|quarter)s?$`)
	words     = map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "twelve": 12}
	rhythms   = map[string]int{
		"daily": 1, "weekly": 7, "fortnightly": 14, "every other week": 14, "every second week": 14, "monthly": 30, "every other month": 60,
		"six-weekly": 42, "quarterly": 91, "yearly": 365, "annually": 365, "twice a year": 182, "twice a month": 14, "once a month": 30, "once a quarter": 91,
	}
)

// readRhythm returns the days between meetings: "every 4 weeks" is 28.
func readRhythm(said string) (days int, ok bool) {
	said = strings.ToLower(strings.Trim(strings.Join(strings.Fields(said), " "), " ."))
	if days, ok = rhythms[said]; ok {
		return days, true
	}
	m := everySaid.FindStringSubmatch(said)
	if m == nil {
		return 0, false
	}
	n := 1
	if w, ok := words[m[1]]; ok {
		n = w
	} else if m[1] != "" {
		n, _ = strconv.Atoi(m[1]) // up to three digits
	}
	unit := map[string]int{"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91}[m[2]]
	days = n * unit
	return days, days >= 1 && days <= 400
}

// rhythm is `!group rhythm [group:] every 4 weeks`.
func (d *desk) rhythm(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, said, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	old := g
	if strings.EqualFold(said, "none") {
		g.Cadence = 0
		return d.change(ctx, c, old, g, g.Name+" meets without a rhythm", fmt.Sprintf("**%s** meets when it likes. I go by what it does.", bot.Plain(g.Name)))
	}
	days, ok := readRhythm(said)
	if !ok {
		return bot.Reply{}, bot.Errorf("How often does **%s** mean to meet? Try `!group rhythm %s: every 4 weeks`, `monthly`, `quarterly`, or `none`.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	g.Cadence = days
	return d.change(ctx, c, old, g, fmt.Sprintf("%s means to meet %s", g.Name, every(days)),
		fmt.Sprintf("**%s** means to meet %s. I notice when it does not, and say so to its convenor first.", bot.Plain(g.Name), every(days)))
}

// quorum is `!group quorum [group:] <number>`.
func (d *desk) quorum(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, said, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(said))
	if err != nil || n < 1 || n > 500 {
		return bot.Reply{}, bot.Errorf("How many does it take for **%s** to decide? Try `!group quorum %s: 3`.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	old := g
	g.Quorum = n
	unit := "people"
	if g.Kind == "call" {
		unit = "co-ops"
	}
	return d.change(ctx, c, old, g, fmt.Sprintf("quorum of %s: %d", g.Name, n), fmt.Sprintf("**%s** decides with %d %s or more.", bot.Plain(g.Name), n, unit))
}

// ends is `!group ends [group:] <day>`.
func (d *desk) ends(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, said, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	day, err := when.Day(said, c.Time, c.Zone)
	if err != nil || said == "" {
		return bot.Reply{}, bot.Errorf("When is **%s** over? Try `!group ends %s: 30 June`.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	old := g
	g.EndsOn = day.String()
	return d.change(ctx, c, old, g, fmt.Sprintf("%s ends on %s", g.Name, g.EndsOn), fmt.Sprintf("**%s** ends on %s.", bot.Plain(g.Name), when.SayDate(day)))
}
