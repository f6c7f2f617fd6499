package group

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// placeSaid reads "category 5", "tag events", "hub category 5".
var placeSaid = regexp.MustCompile(`(?i)^(?:(?:forum\s+)?([a-z0-9_-]+)\s+)?(category|tag)\s+#?(\S{1,60})$`)

// place returns the place that a command means: the room it is said in, or a
// category or tag of a forum.
func place(c *bot.Call, said string) (bot.Room, error) {
	if said == "" || strings.EqualFold(said, "here") {
		if c.Direct {
			return bot.Room{}, bot.Errorf("This is between the two of us. Say it in the group's room, or name a place on a forum: `!group bind csd hub category 5`.")
		}
		return bot.Room{Site: c.Room.Site, ID: c.Room.ID}, nil
	}
	m := placeSaid.FindStringSubmatch(said)
	if m == nil {
		return bot.Room{}, bot.Errorf("Which place is “%s”? Say `!group bind csd` in a room, or `!group bind csd category 5` or `tag events` for a forum.", bot.Plain(bot.Clip(said, 40)))
	}
	site := storage.AccountSite(c.Room.Site)
	if m[1] != "" {
		site = "discourse/" + strings.ToLower(m[1])
	}
	if !strings.HasPrefix(site, "discourse/") {
		return bot.Room{}, bot.Errorf("On which forum? Its name goes first: `!group bind csd hub %s %s`.", strings.ToLower(m[2]), bot.Code(m[3]))
	}
	return bot.Room{Site: site, ID: strings.ToLower(m[2]) + "/" + strings.ToLower(m[3])}, nil
}

// bind is `!group bind <group> [place]`.
func (d *desk) bind(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, said, err := d.named(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	room, err := place(c, said)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.settles(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	other, bound, err := d.db.GroupAt(ctx, room)
	if err != nil {
		return bot.Reply{}, err
	}
	here := d.sayPlace(ctx, c, room)
	switch {
	case bound && other.ID == g.ID:
		return bot.Reply{Text: fmt.Sprintf("%s is a place of **%s** already. `!group unbind` ends that.", here, bot.Plain(g.Name))}, nil
	case bound && other.State != "closed":
		if err := d.settles(ctx, c, other); err != nil {
			return bot.Reply{}, bot.Errorf("%s is a place of **%s**. Its convenor or a coordinator can let it go with `!group unbind`.", here, bot.Plain(other.Name))
		}
	}
	if err := d.db.BindPlace(ctx, storage.Place{Room: room, Group: g.ID, At: c.Time}); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("%s is a place of **%s** now. What people write here counts as its life: how many messages a day, never who or what.", here, bot.Plain(g.Name)),
		Did:  []bot.Effect{{What: "bound a place to " + g.Name, Undo: before{Places: []wasPlace{{room, other.ID}}}.act()}}}, nil
}

// named is [desk.which] where the room does not stand in for the name.
func (d *desk) named(ctx context.Context, c *bot.Call) (storage.Group, string, error) {
	args := strings.TrimSpace(c.Args)
	for _, cut := range []func(string) (string, string){whole, atColon, atSpace} {
		name, rest := cut(args)
		if name == "" {
			continue
		}
		g, ok, err := d.db.GroupNamed(ctx, name)
		if ok || err != nil {
			return g, rest, err
		}
	}
	return storage.Group{}, "", d.unknown(ctx, args)
}

// sayPlace names a place at the beginning of a sentence.
func (d *desk) sayPlace(ctx context.Context, c *bot.Call, r bot.Room) string {
	if r.Site == c.Room.Site && r.ID == c.Room.ID {
		if strings.HasPrefix(r.Site, "discourse/") {
			return "This topic"
		}
		return "This room"
	}
	name, _ := d.db.RoomName(ctx, r) // without one it is said what it is
	text := placeName(r, name)
	return strings.ToUpper(text[:1]) + text[1:]
}

// unbind is `!group unbind [group] [place]`.
func (d *desk) unbind(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, said, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	room, err := place(c, said)
	if err != nil {
		return bot.Reply{}, err
	}
	owner, bound, err := d.db.GroupAt(ctx, room)
	if err != nil {
		return bot.Reply{}, err
	}
	here := d.sayPlace(ctx, c, room)
	if !bound || owner.ID != g.ID {
		return bot.Reply{Text: fmt.Sprintf("%s is no place of **%s**.", here, bot.Plain(g.Name))}, nil
	}
	if err := d.settles(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.UnbindPlace(ctx, room); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("%s is no longer a place of **%s**.", here, bot.Plain(g.Name)),
		Did: []bot.Effect{{What: "took a place from " + g.Name, Undo: before{Places: []wasPlace{{room, g.ID}}}.act()}}}, nil
}
