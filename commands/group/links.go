package group

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

const linksHelp = "- `!links`, or `!links csd`: where a group's things are\n" +
	"- `!links folder https://cloud.example/f/12`: says where; `folder`, `board`, `call`, `minutes`, or any word\n" +
	"- `!links folder none` forgets it; `!where folder` finds it, in any group"

// links is `!links [group:] [<thing> <address>]`.
func (d *desk) links(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, rest, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	links, err := d.db.GroupLinks(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if rest == "" {
		return bot.Reply{Text: listLinks(g, links)}, nil
	}
	what, address, err := readLink(rest, g)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.setLink(ctx, c, g, links, what, address)
}

func listLinks(g storage.Group, links []storage.GroupLink) string {
	if len(links) == 0 {
		return fmt.Sprintf("Nobody has told me where the things of **%s** are. Try `!links %s: folder https://…`.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	text := fmt.Sprintf("**%s**, where things are", bot.Plain(g.Name))
	for _, l := range links {
		text += fmt.Sprintf("\n- %s: %s", bot.Plain(l.What), bot.Plain(l.URL))
	}
	return text
}

// readLink reads "folder https://…", "call link is https://…", "folder none".
func readLink(said string, g storage.Group) (what, address string, err error) {
	words := strings.Fields(bot.Printable(said))
	address = words[len(words)-1]
	what = strings.TrimSuffix(strings.TrimSuffix(strings.Join(words[:len(words)-1], " "), " is"), ":")
	what = strings.ToLower(strings.TrimPrefix(what, "the "))
	if what == "" || len([]rune(what)) > 30 {
		return "", "", bot.Errorf("Say what it is and where, as in `!links %s: folder https://cloud.example/f/12`.", bot.Code(g.Slug))
	}
	if oneOf(strings.ToLower(address), "none", "gone", "-") {
		return what, "", nil
	}
	u, bad := url.Parse(address)
	if bad != nil || u.Host == "" || !oneOf(u.Scheme, "https", "http") || len(address) > 500 || u.User != nil {
		return "", "", bot.Errorf("An address begins with https://, as in `!links %s: %s https://cloud.example/f/12`; `none` forgets it.", bot.Code(g.Slug), bot.Code(what))
	}
	return what, address, nil
}

func oneOf(s string, words ...string) bool {
	for _, w := range words {
		if s == w {
			return true
		}
	}
	return false
}

func (d *desk) setLink(ctx context.Context, c *bot.Call, g storage.Group, links []storage.GroupLink, what, address string) (bot.Reply, error) {
	role, err := d.db.GroupRole(ctx, g.ID, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if role == "" && c.Person.Role < bot.Coordinator {
		return bot.Reply{}, bot.Errorf("That is for members of **%s**: `!join %s` makes you one.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	old := storage.GroupLink{Group: g.ID, What: what}
	for _, l := range links {
		if strings.EqualFold(l.What, what) {
			old = l
		}
	}
	if old.URL == address {
		return bot.Reply{Text: "That is how I have it already."}, nil
	}
	if err := d.db.SetGroupLink(ctx, storage.GroupLink{Group: g.ID, What: what, URL: address}, c.Time); err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("**%s**, %s: %s", bot.Plain(g.Name), bot.Plain(what), bot.Plain(address))
	if address == "" {
		text = fmt.Sprintf("**%s**: I no longer know where the %s is.", bot.Plain(g.Name), bot.Plain(what))
	}
	return bot.Reply{Text: text,
		Did: []bot.Effect{{What: fmt.Sprintf("said where the %s of %s is", what, g.Name), Undo: before{Links: []storage.GroupLink{old}}.act()}}}, nil
}

// where is `!where <thing>`: in the room's group first, then in all.
func (d *desk) where(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	said := strings.ToLower(strings.Trim(strings.Join(strings.Fields(bot.Printable(c.Args)), " "), "? ."))
	for _, front := range []string{"is ", "are ", "the ", "our "} {
		said = strings.TrimPrefix(said, front)
	}
	if said == "" {
		return bot.Reply{}, bot.Errorf("What are you looking for? Try `!where folder`, `!where minutes`, or `!links` for everything.")
	}
	all, err := d.db.AllGroupLinks(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	here, _, err := d.db.GroupAt(ctx, c.Room)
	if err != nil {
		return bot.Reply{}, err
	}
	var ours, others []string
	for _, l := range all {
		if !matches(said, l) {
			continue
		}
		line := fmt.Sprintf("- %s of **%s**: %s", bot.Plain(l.What), bot.Plain(l.Name), bot.Plain(l.URL))
		if l.Group == here.ID {
			ours = append(ours, line)
		} else {
			others = append(others, line)
		}
	}
	found := append(ours, others...)
	if len(ours) > 0 {
		found = ours
	}
	if len(found) == 0 {
		return bot.Reply{Text: d.notThere(said, here)}, nil
	}
	more := ""
	if len(found) > 8 {
		more = fmt.Sprintf("\nAnd %d more: name the group, as in `!links csd`.", len(found)-8)
		found = found[:8]
	}
	return bot.Reply{Text: fmt.Sprintf("**%s**\n%s%s", bot.Plain(said), strings.Join(found, "\n"), more)}, nil
}

// matches reports whether a link may be what is looked for: "csd folder"
// names the group too.
func matches(said string, l storage.NamedLink) bool {
	what := strings.ToLower(l.What)
	if what == said || strings.Contains(what, said) {
		return true
	}
	rest := strings.TrimSpace(strings.Replace(" "+said+" ", " "+strings.ToLower(l.Slug)+" ", " ", 1))
	return rest != said && (rest == what || rest == "")
}

func (d *desk) notThere(said string, here storage.Group) string {
	slug := "csd"
	if here.ID != 0 {
		slug = here.Slug
	}
	return fmt.Sprintf("Nobody has told me where “%s” is. Whoever knows: `!links %s: %s https://…`, and the next one finds it.", bot.Plain(bot.Clip(said, 40)), bot.Code(slug), bot.Code(bot.Clip(said, 30)))
}
