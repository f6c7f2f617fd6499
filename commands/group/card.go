package group

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// group is `!group [name]`: the answer to "where can I find anything?".
func (d *desk) group(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, err := d.only(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	text, err := d.card(ctx, c, g)
	return bot.Reply{Text: text}, err
}

// card is everything about a group on one screen; lines that would be empty
// are left out.
func (d *desk) card(ctx context.Context, c *bot.Call, g storage.Group) (string, error) {
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return "", err
	}
	links, err := d.db.GroupLinks(ctx, g.ID)
	if err != nil {
		return "", err
	}
	places, err := d.places(ctx, g)
	if err != nil {
		return "", err
	}
	lines := []string{title(g)}
	add := func(form string, args ...any) { lines = append(lines, "- "+fmt.Sprintf(form, args...)) }
	if state := stateLine(g, today(c)); state != "" {
		lines = append(lines, state)
	}
	needs, err := d.db.Needs(ctx)
	if err != nil {
		return "", err
	}
	if at, ok := needs[g.ID]; ok && g.State != "closed" && c.Now.Sub(at) < 60*dayLong {
		lines = append(lines, "🆘 It needs hands: "+fmt.Sprintf("`!join %s`", bot.Code(g.Slug))+" helps.")
	}
	if g.Purpose != "" {
		lines = append(lines, bot.Plain(g.Purpose))
	}
	add("%s", leaders(members, g))
	add("%s · `!join %s`", people(len(members)), bot.Code(g.Slug))
	if rhythm := rhythmLine(g); rhythm != "" {
		add("%s", rhythm)
	}
	doings, err := d.doings(ctx, c, g)
	if err != nil {
		return "", err
	}
	for _, line := range doings {
		add("%s", line)
	}
	if len(links) > 0 {
		add("%s", linkLine(links))
	}
	if d.Feed != "" && g.State != "closed" {
		add("Calendar feed: "+d.Feed, url.PathEscape(g.Slug))
	}
	if places != "" {
		add("Talks in %s", places)
	}
	if step := missing(members, links, g); step != "" {
		lines = append(lines, step)
	}
	return strings.Join(lines, "\n"), nil
}

func title(g storage.Group) string {
	return fmt.Sprintf("**%s** (`%s`, %s)", bot.Plain(g.Name), bot.Code(g.Slug), kindNames[g.Kind])
}

func stateLine(g storage.Group, today when.Date) string {
	switch {
	case g.State == "closed" && g.Merged != 0:
		return "Merged into another group on " + when.SayDateShort(when.DateOf(g.Closed), today) + "."
	case g.State == "closed":
		return "Closed on " + when.SayDateShort(when.DateOf(g.Closed), today) + "."
	case g.State == "resting" && g.Until != "":
		return "💤 Resting until " + sayDay(g.Until, today) + "."
	case g.State == "resting":
		return "💤 Resting."
	case g.EndsOn != "":
		if day, err := when.ParseDate(g.EndsOn); err == nil && day.Before(today) {
			return "It was to end on " + sayDay(g.EndsOn, today) + "."
		}
		return "Ends on " + sayDay(g.EndsOn, today) + "."
	}
	return ""
}

// leaders names convenors and deputies.
func leaders(members []storage.GroupMember, g storage.Group) string {
	convenors, deputies := named(members, "convenor"), named(members, "deputy")
	text := "Convenor: " + strings.Join(convenors, " and ")
	if len(convenors) == 0 {
		text = fmt.Sprintf("No convenor at the moment: `!convenor me` in its room, or `!convenor %s: me`", bot.Code(g.Slug))
	}
	if len(deputies) > 0 {
		text += " · deputy: " + strings.Join(deputies, " and ")
	}
	return text
}

func named(members []storage.GroupMember, role string) (names []string) {
	for _, m := range members {
		if m.Role == role {
			names = append(names, bot.Plain(m.Name))
		}
	}
	return names
}

func rhythmLine(g storage.Group) string {
	var parts []string
	if g.Cadence > 0 {
		parts = append(parts, "Means to meet "+every(g.Cadence))
	}
	if g.Quorum > 0 {
		parts = append(parts, fmt.Sprintf("quorum %d", g.Quorum))
	}
	return strings.Join(parts, " · ")
}

func linkLine(links []storage.GroupLink) string {
	var parts []string
	for _, l := range links {
		parts = append(parts, bot.Plain(l.What)+": "+bot.Plain(l.URL))
	}
	return strings.Join(parts, " · ")
}

// missing is the one next step that would help most.
func missing(members []storage.GroupMember, links []storage.GroupLink, g storage.Group) string {
	switch {
	case g.State != "open":
		return ""
	case g.Purpose == "":
		return fmt.Sprintf("What is it for? `!group purpose %s: …` tells everybody.", bot.Code(g.Slug))
	case len(links) == 0:
		return fmt.Sprintf("Where are its things? `!links %s: folder https://…`", bot.Code(g.Slug))
	}
	return ""
}

// places names where a group talks.
func (d *desk) places(ctx context.Context, g storage.Group) (string, error) {
	all, err := d.db.Places(ctx, g.ID)
	if err != nil {
		return "", err
	}
	var names []string
	for _, p := range all {
		name, err := d.db.RoomName(ctx, p.Room)
		if err != nil {
			return "", err
		}
		names = append(names, placeName(p.Room, name))
	}
	return some(names), nil
}

// placeName is how a place is called: by its name, or by what it is.
func placeName(r bot.Room, name string) string {
	site := strings.TrimPrefix(strings.TrimPrefix(r.Site, "discourse/"), "chat/")
	kind, id, ok := strings.Cut(r.ID, "/")
	switch {
	case name != "":
		return bot.Plain(name)
	case ok && (kind == "category" || kind == "tag"):
		return fmt.Sprintf("%s %s on %s", kind, bot.Plain(id), bot.Plain(site))
	case strings.HasPrefix(r.Site, "discourse/"):
		return "a topic on " + bot.Plain(site)
	case strings.HasPrefix(r.Site, "chat/"):
		return "a chat channel on " + bot.Plain(site)
	}
	return "a room on " + bot.Plain(strings.ToUpper(site[:1])+site[1:])
}

// groups is `!groups`.
func (d *desk) groups(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	all, err := d.db.Groups(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	counts, err := d.db.GroupSizes(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	closed := 0
	for _, g := range all {
		if g.State == "closed" {
			closed++
			continue
		}
		line := fmt.Sprintf("- %s: %s", title(g), people(counts[g.ID]))
		if state := stateLine(g, today(c)); state != "" {
			line += " · " + state
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return bot.Reply{}, d.unknown(ctx, "")
	}
	text := fmt.Sprintf("**Groups**: %d\n%s\nMore about one: `!group %s`.", len(lines), strings.Join(lines, "\n"), bot.Code(all[0].Slug))
	if closed > 0 {
		text += fmt.Sprintf(" %d closed.", closed)
	}
	return bot.Reply{Text: text}, nil
}

func today(c *bot.Call) when.Date { return when.DateOf(c.Now.In(c.Zone)) }

func sayDay(day string, today when.Date) string {
	d, err := when.ParseDate(day)
	if err != nil {
		return day
	}
	return when.SayDateShort(d, today)
}

// people counts members: "1 member", "no members yet".
func people(n int) string {
	switch n {
	case 0:
		return "no members yet"
	case 1:
		return "1 member"
	}
	return fmt.Sprintf("%d members", n)
}

// every says a number of days between meetings: "every 4 weeks".
func every(days int) string {
	switch {
	case days == 1:
		return "every day"
	case days == 7:
		return "every week"
	case days%7 == 0:
		return fmt.Sprintf("every %d weeks", days/7)
	case days == 91 || days == 90:
		return "every quarter"
	case days == 30:
		return "every month"
	case days%30 == 0:
		return fmt.Sprintf("every %d months", days/30)
	}
	return fmt.Sprintf("every %d days", days)
}
