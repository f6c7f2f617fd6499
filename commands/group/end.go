package group

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// close is `!group close [group]`: asked about first.
func (d *desk) close(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, err := d.only(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if g.State == "closed" {
		return bot.Reply{Text: fmt.Sprintf("**%s** is closed. `!group reopen %s` begins it again.", bot.Plain(g.Name), bot.Code(g.Slug))}, nil
	}
	if err := d.settles(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("Close **%s**? Its card, links and minutes stay, its rooms stay people's own, and `!group reopen %s` brings it back. To pause instead: `!quiet until 6 Jan`.", bot.Plain(g.Name), bot.Code(g.Slug)),
		Ask:  &bot.Ask{Act: bot.Act{Name: "group.close", Data: strconv.FormatInt(g.ID, 10)}, For: 24 * 3600e9}}, nil
}

// closed is the yes to closing.
func (d *desk) closed(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	g, ok, err := d.db.Group(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok || g.State == "closed" {
		return bot.Reply{Text: "It is closed already."}, nil
	}
	old := g
	g.State, g.Until, g.Closed = "closed", "", c.Time
	r, err := d.change(ctx, c, old, g, "closed "+g.Name, "")
	if err != nil {
		return bot.Reply{}, err
	}
	r.Text, err = d.farewell(ctx, g)
	return r, err
}

// farewell is the closing note: thanks, and where everything is.
func (d *desk) farewell(ctx context.Context, g storage.Group) (string, error) {
	links, err := d.db.GroupLinks(ctx, g.ID)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("🕊 **%s** is closed, with thanks to everybody who made it.", bot.Plain(g.Name))
	if g.Purpose != "" {
		text += " It was for: " + bot.Plain(g.Purpose)
	}
	if len(links) > 0 {
		text += "\nWhat it leaves: " + linkLine(links)
	}
	return text + fmt.Sprintf("\n`!group %s` still shows its card; `!group reopen %[1]s` begins again.", bot.Code(g.Slug)), nil
}

// reopen is `!group reopen <group>`.
func (d *desk) reopen(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, err := d.only(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if g.State == "open" {
		return bot.Reply{Text: fmt.Sprintf("**%s** is open.", bot.Plain(g.Name))}, nil
	}
	old := g
	g.State, g.Until, g.Merged = "open", "", 0
	g.Closed = storage.Group{}.Closed
	return d.change(ctx, c, old, g, "reopened "+g.Name, fmt.Sprintf("**%s** is open again. `!group bind %s` in a room gives it a place, `!join %[2]s` a member.", bot.Plain(g.Name), bot.Code(g.Slug)))
}

// merging is one group going into another.
type merging struct{ From, Into int64 }

// merge is `!group merge <group> into <group>`.
func (d *desk) merge(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	from, into, ok := strings.Cut(c.Args, " into ")
	if !ok {
		return bot.Reply{}, bot.Errorf("Which into which? Try `!group merge csd into mb`.")
	}
	var two [2]storage.Group
	for i, name := range []string{from, into} {
		g, found, err := d.db.GroupNamed(ctx, strings.TrimSpace(name))
		if err != nil {
			return bot.Reply{}, err
		}
		if !found {
			return bot.Reply{}, d.unknown(ctx, strings.TrimSpace(name))
		}
		if g.State == "closed" {
			return bot.Reply{}, bot.Errorf("**%s** is closed.", bot.Plain(g.Name))
		}
		if err := d.settles(ctx, c, g); err != nil {
			return bot.Reply{}, err
		}
		two[i] = g
	}
	if two[0].ID == two[1].ID {
		return bot.Reply{}, bot.Errorf("That is one and the same group.")
	}
	members, err := d.db.GroupMembers(ctx, two[0].ID)
	if err != nil {
		return bot.Reply{}, err
	}
	data, _ := json.Marshal(merging{two[0].ID, two[1].ID}) // numbers: cannot fail
	return bot.Reply{
		Text: fmt.Sprintf("Merge **%s** into **%s**? %s, its rooms and its links go along; whoever convenes **%[2]s** goes on doing so. **%[1]s** is closed.", bot.Plain(two[0].Name), bot.Plain(two[1].Name), strings.ToUpper(people(len(members))[:1])+people(len(members))[1:]),
		Ask:  &bot.Ask{Act: bot.Act{Name: "group.merge", Data: string(data)}, For: 24 * 3600e9}}, nil
}

// merged is the yes to merging.
func (d *desk) merged(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var m merging
	if err := json.Unmarshal([]byte(data), &m); err != nil {
		return bot.Reply{}, err
	}
	from, _, err := d.db.Group(ctx, m.From)
	if err != nil {
		return bot.Reply{}, err
	}
	into, _, err := d.db.Group(ctx, m.Into)
	if err != nil {
		return bot.Reply{}, err
	}
	if from.State == "closed" || into.State == "closed" {
		return bot.Reply{}, bot.Errorf("One of the two has been closed meanwhile, so I have left them as they are.")
	}
	was := before{Groups: []storage.Group{from}}
	for _, move := range []func(context.Context, *bot.Call, merging, *before) error{d.moveMembers, d.movePlaces, d.moveLinks} {
		if err := move(ctx, c, m, &was); err != nil {
			return bot.Reply{}, err
		}
	}
	gone := from
	gone.State, gone.Until, gone.Closed, gone.Merged = "closed", "", c.Time, into.ID
	if _, err := d.db.SaveGroup(ctx, gone); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("**%s** is part of **%s** now. `!group %s` shows everything in one place.", bot.Plain(from.Name), bot.Plain(into.Name), bot.Code(into.Slug)),
		Did: []bot.Effect{{What: fmt.Sprintf("merged %s into %s", from.Name, into.Name), Undo: was.act()}}}, nil
}

func (d *desk) moveMembers(ctx context.Context, c *bot.Call, m merging, was *before) error {
	all, err := d.db.GroupMembers(ctx, m.From)
	if err != nil {
		return err
	}
	for _, p := range all {
		role, err := d.db.GroupRole(ctx, m.Into, p.Person)
		if err != nil {
			return err
		}
		was.Members = append(was.Members, wasMember{m.From, p.Person, p.Role})
		if role == "" {
			was.Members = append(was.Members, wasMember{m.Into, p.Person, ""})
			if err := d.db.SetGroupMember(ctx, m.Into, p.Person, "member", c.Time); err != nil {
				return err
			}
		}
		if err := d.db.DropGroupMember(ctx, m.From, p.Person); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) movePlaces(ctx context.Context, c *bot.Call, m merging, was *before) error {
	all, err := d.db.Places(ctx, m.From)
	if err != nil {
		return err
	}
	for _, p := range all {
		was.Places = append(was.Places, wasPlace{p.Room, m.From})
		if err := d.db.BindPlace(ctx, storage.Place{Room: p.Room, Group: m.Into, At: c.Time}); err != nil {
			return err
		}
	}
	return nil
}

// moveLinks takes along the links that the other group has none of.
func (d *desk) moveLinks(ctx context.Context, c *bot.Call, m merging, was *before) error {
	there, err := d.db.GroupLinks(ctx, m.Into)
	if err != nil {
		return err
	}
	here, err := d.db.GroupLinks(ctx, m.From)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, l := range there {
		known[strings.ToLower(l.What)] = true
	}
	for _, l := range here {
		if known[strings.ToLower(l.What)] {
			continue
		}
		was.Links = append(was.Links, storage.GroupLink{Group: m.Into, What: l.What})
		if err := d.db.SetGroupLink(ctx, storage.GroupLink{Group: m.Into, What: l.What, URL: l.URL}, c.Time); err != nil {
			return err
		}
	}
	return nil
}
