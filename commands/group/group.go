// Package group keeps the network's working groups: what they are for, who is
// in them, who calls their meetings, where they talk, and where their things are.
package group

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A desk answers for the groups.
type desk struct {
	db *storage.DB
	Options
}

// Options are what the feature has to be told beside the database.
type Options struct {
	// Poll looks for a date in a group's room, as `!poll` does; nil if
	// nothing can.
	Poll func(ctx context.Context, c *bot.Call) (bot.Reply, error)

	// Feed is the address of a group's calendar, with its slug as %s; "":
	// there is none.
	Feed string
}

// New returns the feature over a database.
func New(db *storage.DB, o Options) bot.Feature {
	d := &desk{db: db, Options: o}
	return bot.Feature{
		Name: "Groups",
		Commands: []bot.Command{
			{Name: "group", Aliases: []string{"circle"}, Usage: "[name]", Short: "what a group is for, who calls it, where its things are", Long: groupHelp, Run: d.group, Sub: []bot.Command{
				{Name: "create", Aliases: []string{"new"}, Usage: "<name> [(kind)]", Short: "begin a group", Needs: bot.Member, Effect: true, Run: d.create},
				{Name: "bind", Usage: "<group>", Short: "this room is the group's, or a forum's category or tag", Effect: true, Run: d.bind},
				{Name: "unbind", Usage: "[group]", Short: "this room is no longer the group's", Effect: true, Run: d.unbind},
				{Name: "rename", Usage: "[group:] <new name>", Short: "give it another name", Effect: true, Run: d.rename},
				{Name: "purpose", Usage: "[group:] <what it is for>", Short: "say what it is for", Effect: true, Run: d.purpose},
				{Name: "kind", Usage: "[group:] <kind>", Short: "circle, strategy, project, board, rota or call", Effect: true, Run: d.kind},
				{Name: "rhythm", Usage: "[group:] every 4 weeks", Short: "how often it means to meet", Effect: true, Run: d.rhythm},
				{Name: "quorum", Usage: "[group:] <number>", Short: "how many it takes to decide", Effect: true, Run: d.quorum},
				{Name: "ends", Usage: "[group:] <day>", Short: "when a project is over", Effect: true, Run: d.ends},
				{Name: "close", Usage: "[group]", Short: "end it kindly, after a yes", Effect: true, Run: d.close},
				{Name: "reopen", Usage: "<group>", Short: "begin again", Effect: true, Run: d.reopen},
				{Name: "merge", Usage: "<group> into <group>", Short: "one takes the other in, after a yes", Effect: true, Run: d.merge},
			}},
			{Name: "groups", Aliases: []string{"circles"}, Short: "all groups of the network", Run: d.groups},
			{Name: "join", Usage: "[group]", Short: "be a member of a group", Effect: true, Run: d.join},
			{Name: "leave", Usage: "[group]", Short: "be one no longer", Effect: true, Run: d.leave},
			{Name: "members", Usage: "[group]", Short: "how many it has; who they are, to its members", Run: d.members},
			{Name: "convenor", Aliases: []string{"convener"}, Usage: "[me | step back | <name> | deputy <name>]", Short: "who calls the meetings, and handing that on", Long: convenorHelp, Effect: true, Run: d.convenor},
			{Name: "links", Usage: "[group:] [<thing> <address>]", Short: "where a group's things are, or say where", Long: linksHelp, Run: d.links},
			{Name: "health", Usage: "[group]", Short: "how a group is, and what was counted", Run: d.health},
			{Name: "quiet", Usage: "until <day>", Short: "a group rests: I ask nothing until then", Long: quietHelp, Effect: true, Run: d.quiet},
			{Name: "state", Usage: "[publish]", Short: "how the network is, with a picture", Needs: bot.Coordinator, Run: d.state},
			{Name: "where", Aliases: []string{"whereis"}, Usage: "<thing>", Short: "where something is: folder, minutes, call link", Run: d.where},
		},
		Actions: []bot.Action{
			{Name: "group.was", Run: d.was},
			{Name: "group.close", Run: d.closed}, {Name: "group.merge", Run: d.merged},
			{Name: "group.hand", Run: d.accepted}, {Name: "group.rested", Run: d.rested}, {Name: "group.helped", Run: d.helped}, {Name: "group.publish", Run: d.publish},
		},
		Jobs:     []bot.Job{{Name: "group care", Every: dayLong, At: 5 * time.Minute, Run: d.ensure}},
		Tellers:  []bot.Teller{{Kind: careKind, Tell: d.tend}, {Kind: digestKind, Tell: d.week}, {Kind: reportKind, Tell: d.month}},
		Touchers: []bot.Toucher{{Prefix: "care/", Touch: d.touch}, {Prefix: "state/", Touch: d.touchReport}},
		Keeps:    "which groups you are in, and whether you call one's meetings",
		Forget:   d.forget,
	}
}

const groupHelp = "- `!group csd`, or `!group` in a group's own room: its card\n" +
	"- `!group create Movement Building (strategy)`; kinds are circle, strategy, project, board, rota, call\n" +
	"- `!group bind csd` in a room; `!group bind csd category 5` or `tag events` on a forum\n" +
	"- `!group purpose …`, `!group rhythm every 4 weeks`, `!group quorum 3`, `!group ends 30 June`\n" +
	"- `!group close csd`, `!group merge csd into mb`, `!group reopen csd`"

// kinds are the kinds of groups, and what people call them.
var kinds = map[string]string{
	"circle": "circle", "group": "circle", "working group": "circle", "sub-circle": "circle",
	"strategy": "strategy", "strategy group": "strategy", "strategic": "strategy", "strategic group": "strategy",
	"project": "project", "project group": "project", "board": "board", "rota": "rota",
	"call": "call", "network call": "call", "general circle": "call",
}

var kindNames = map[string]string{
	"circle": "circle", "strategy": "strategy group", "project": "project group", "board": "board", "rota": "rota", "call": "network call",
}

const allKinds = "circle, strategy, project, board, rota or call"

// which returns the group that a command is about, and what else was said:
// the group is named first ("csd", "csd: …", its whole name), or is the one
// of the room.
func (d *desk) which(ctx context.Context, c *bot.Call) (storage.Group, string, error) {
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
	g, ok, err := d.db.GroupAt(ctx, c.Room)
	if ok || err != nil {
		return g, args, err
	}
	name, _ := atColon(args)
	return g, "", d.unknown(ctx, name)
}

func whole(s string) (string, string) { return s, "" }

func atColon(s string) (name, rest string) {
	name, rest, ok := strings.Cut(s, ":")
	if !ok || strings.HasPrefix(rest, "//") {
		return "", ""
	}
	return strings.TrimSpace(name), strings.TrimSpace(rest)
}

func atSpace(s string) (name, rest string) {
	name, rest, _ = strings.Cut(s, " ")
	return name, strings.TrimSpace(rest)
}

// only is [desk.which] for commands that take nothing but a group.
func (d *desk) only(ctx context.Context, c *bot.Call) (storage.Group, error) {
	if name := strings.TrimSpace(c.Args); name != "" {
		g, ok, err := d.db.GroupNamed(ctx, name)
		if err == nil && !ok {
			err = d.unknown(ctx, name)
		}
		return g, err
	}
	g, _, err := d.which(ctx, c)
	return g, err
}

// unknown says that there is no such group, and which there are.
func (d *desk) unknown(ctx context.Context, name string) error {
	all, err := d.db.Groups(ctx)
	if err != nil {
		return err
	}
	var open, near []string
	for _, g := range all {
		if g.State == "closed" {
			continue
		}
		shown := fmt.Sprintf("`%s` (%s)", bot.Code(g.Slug), bot.Plain(g.Name))
		open = append(open, shown)
		if resembles(name, g) {
			near = append(near, shown)
		}
	}
	switch {
	case len(open) == 0:
		return bot.Errorf("There are no groups yet. Begin one: `!group create Movement Building (strategy)`.")
	case name == "":
		return bot.Errorf("Which group? I know %s. In a group's own room you can leave it out.", some(open))
	case len(near) > 0:
		return bot.Errorf("I do not know a group called “%s”. Did you mean %s?", bot.Plain(bot.Clip(name, 40)), strings.Join(near[:min(len(near), 3)], " or "))
	}
	return bot.Errorf("I do not know a group called “%s”. I know %s.", bot.Plain(bot.Clip(name, 40)), some(open))
}

// resembles reports whether a group may be the one that was meant.
func resembles(name string, g storage.Group) bool {
	name = strings.ToLower(name)
	if len(name) < 2 {
		return false
	}
	full := strings.ToLower(g.Name)
	if strings.Contains(full, name) || bot.Distance(name, strings.ToLower(g.Slug)) <= 1 || bot.Distance(name, full) <= 2 {
		return true
	}
	for _, word := range strings.Fields(full) {
		if len(word) > 4 && bot.Distance(name, word) <= 2 {
			return true
		}
	}
	return false
}

// some lists up to six of the words.
func some(words []string) string {
	if len(words) > 6 {
		return strings.Join(words[:6], ", ") + fmt.Sprintf(" and %d more (`!groups`)", len(words)-6)
	}
	return strings.Join(words, ", ")
}

// maySettle reports whether a person may change what a group is: its
// convenors and deputies, coordinators, and where nobody convenes any member.
func (d *desk) maySettle(ctx context.Context, p bot.Person, g storage.Group) (bool, error) {
	if p.Role >= bot.Coordinator {
		return true, nil
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return false, err
	}
	led, mine := false, ""
	for _, m := range members {
		led = led || m.Role == "convenor"
		if m.Person == p.ID && p.ID != 0 {
			mine = m.Role
		}
	}
	return mine == "convenor" || mine == "deputy" || mine == "member" && !led, nil
}

// settles is [desk.maySettle] as an answer.
func (d *desk) settles(ctx context.Context, c *bot.Call, g storage.Group) error {
	ok, err := d.maySettle(ctx, c.Person, g)
	if err != nil || ok {
		return err
	}
	return bot.Errorf("That is for the convenor of **%s**, its deputy, or a coordinator. `!group %s` says who they are.", bot.Plain(g.Name), bot.Code(g.Slug))
}
