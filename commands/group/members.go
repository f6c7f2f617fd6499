package group

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// join is `!join [group]`.
func (d *desk) join(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, err := d.only(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if g.State == "closed" {
		return bot.Reply{}, bot.Errorf("**%s** is closed. `!groups` lists those that are open.", bot.Plain(g.Name))
	}
	person, role, err := d.roleOf(ctx, c, g)
	if err != nil {
		return bot.Reply{}, err
	}
	if role != "" {
		return bot.Reply{Text: fmt.Sprintf("You are in **%s** already. `!members %s` tells you who else is; `!leave %[2]s` takes you out.", bot.Plain(g.Name), bot.Code(g.Slug))}, nil
	}
	if err := d.db.SetGroupMember(ctx, g.ID, person, "member", c.Time); err != nil {
		return bot.Reply{}, err
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("Welcome to **%s**: you are its member number %d.", bot.Plain(g.Name), len(members))
	if len(members) == 1 {
		text = fmt.Sprintf("Welcome to **%s**: you are its first member.", bot.Plain(g.Name))
	}
	text += fmt.Sprintf(" `!group %s` shows where everything is.", bot.Code(g.Slug))
	return bot.Reply{Text: text,
		Did: []bot.Effect{{What: "joined " + g.Name, Undo: before{Members: []wasMember{{g.ID, person, ""}}}.act()}}}, nil
}

// leave is `!leave [group]`: without questions and without a trace of blame.
func (d *desk) leave(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, err := d.only(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	person, role, err := d.roleOf(ctx, c, g)
	if err != nil {
		return bot.Reply{}, err
	}
	if role == "" {
		return bot.Reply{Text: fmt.Sprintf("You are not on the list of **%s**.", bot.Plain(g.Name))}, nil
	}
	if err := d.db.DropGroupMember(ctx, g.ID, person); err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("You are no longer on the list of **%s**. Thank you for having been. `!join %s` brings you back any time.", bot.Plain(g.Name), bot.Code(g.Slug))
	posts, without, err := d.successor(ctx, c, g, role)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: text + without, Posts: posts,
		Did: []bot.Effect{{What: "left " + g.Name, Undo: before{Members: []wasMember{{g.ID, person, role}}}.act()}}}, nil
}

// roleOf makes sure that there is a record of the caller, and returns its
// number and what they are in the group.
func (d *desk) roleOf(ctx context.Context, c *bot.Call, g storage.Group) (person int64, role string, err error) {
	if person, err = d.db.Know(ctx, c.Room.Site, c.From); err != nil {
		return 0, "", err
	}
	role, err = d.db.GroupRole(ctx, g.ID, person)
	return person, role, err
}

// members is `!members [group]`: a count for everybody, and the names, alone,
// for those who are in it.
func (d *desk) members(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, err := d.only(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	all, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	inside := c.Person.Role >= bot.Coordinator
	for _, m := range all {
		inside = inside || m.Person == c.Person.ID
	}
	if inside && c.Direct {
		text, err := d.roll(ctx, g, all)
		return bot.Reply{Text: text}, err
	}
	text := fmt.Sprintf("**%s** has %s. Joining is one word: `!join %s`.", bot.Plain(g.Name), people(len(all)), bot.Code(g.Slug))
	if !inside {
		return bot.Reply{Text: text + " Its members can ask me for the names."}, nil
	}
	roll, err := d.roll(ctx, g, all)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: text + " I have sent you the names.", Posts: []bot.Post{{
		Room: bot.Room{Site: storage.AccountSite(c.Room.Site)}, To: c.From.ID, Text: roll, Why: "You asked for `!members`; names are for members, one by one."}}}, nil
}

// roll names the members, and says whom one of the bot's sites does not reach.
func (d *desk) roll(ctx context.Context, g storage.Group, all []storage.GroupMember) (string, error) {
	if len(all) == 0 {
		return fmt.Sprintf("**%s** has no members yet. `!join %s` makes you the first.", bot.Plain(g.Name), bot.Code(g.Slug)), nil
	}
	var names, unlinked []string
	for _, m := range all {
		name := bot.Plain(m.Name)
		accounts, err := d.db.Accounts(ctx, m.Person)
		if err != nil {
			return "", err
		}
		if !onForum(accounts) {
			unlinked = append(unlinked, name)
		}
		if m.Coop != "" {
			name += " (" + bot.Plain(m.Coop) + ")"
		}
		if m.Role != "member" {
			name += ", " + m.Role
		}
		names = append(names, "- "+name)
	}
	text := fmt.Sprintf("**%s**: %s\n%s", bot.Plain(g.Name), people(len(all)), strings.Join(names, "\n"))
	forum, err := d.talksOnForum(ctx, g)
	if err != nil {
		return "", err
	}
	if forum && len(unlinked) > 0 {
		text += fmt.Sprintf("\nI know no forum account of %s: what is only said there may pass them by. `!link` joins accounts.", strings.Join(unlinked, ", "))
	}
	return text, nil
}

func onForum(accounts []storage.Account) bool {
	for _, a := range accounts {
		if strings.HasPrefix(a.Site, "discourse/") {
			return true
		}
	}
	return false
}

func (d *desk) talksOnForum(ctx context.Context, g storage.Group) (bool, error) {
	places, err := d.db.Places(ctx, g.ID)
	for _, p := range places {
		if strings.HasPrefix(p.Room.Site, "discourse/") {
			return true, nil
		}
	}
	return false, err
}
