package meeting

import (
	"context"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// which returns the group that a command is about and what else was said: the
// group is named first ("csd Thu 14:00", "csd: …"), or is the one of the
// room, or, in a direct message, the only one the person is in.
func (d *desk) which(ctx context.Context, c *bot.Call, args string) (storage.Group, string, error) {
	args = strings.TrimSpace(args)
	for _, cut := range []func(string) (string, string){atColon, atSpace} {
		name, rest := cut(args)
		if name == "" {
			continue
		}
		g, ok, err := d.db.GroupNamed(ctx, name)
		if err != nil {
			return g, rest, err
		}
		if ok {
			return g, rest, open(g)
		}
	}
	g, ok, err := d.db.GroupAt(ctx, c.Room)
	if ok || err != nil {
		return g, args, firstErr(err, open(g))
	}
	mine, err := d.db.GroupsOf(ctx, c.Person.ID)
	if err != nil {
		return g, args, err
	}
	if c.Direct && len(mine) == 1 {
		g, _, err := d.db.Group(ctx, mine[0].Group)
		return g, args, firstErr(err, open(g))
	}
	return g, args, d.noGroup(ctx)
}

func firstErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// open refuses what is meant for a group that has ended.
func open(g storage.Group) error {
	if g.State == "closed" {
		return bot.Errorf("%s is closed. `!group reopen %s` would begin it again.", name(g), bot.Code(g.Slug))
	}
	return nil
}

// noGroup is the refusal for a room without a group.
func (d *desk) noGroup(ctx context.Context) error {
	all, err := d.db.Groups(ctx)
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.State != "closed" {
			return bot.Errorf("Which group? This room belongs to none. Say it in the group's room, or name the group first, as in `!meet %s: Thu 14:00`; `!groups` lists them.", bot.Code(g.Slug))
		}
	}
	return bot.Errorf("Meetings belong to a group, and there is none yet. `!group create <name>` begins one here.")
}

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

// may refuses people who have nothing to arrange for a group: in its own
// rooms everybody may, elsewhere its members and coordinators.
func (d *desk) may(ctx context.Context, c *bot.Call, g storage.Group) error {
	if c.Person.Role >= bot.Coordinator {
		return nil
	}
	here, ok, err := d.db.GroupAt(ctx, c.Room)
	if err != nil || ok && here.ID == g.ID {
		return err
	}
	role, err := d.db.GroupRole(ctx, g.ID, c.Person.ID)
	if err == nil && role == "" {
		err = bot.Errorf("Only people in %s arrange its meetings. `!join %s` makes you one, or say it in its room.", name(g), bot.Code(g.Slug))
	}
	return err
}

// zone returns the zone in which a group talks.
func zone(g storage.Group, network *time.Location) *time.Location {
	if z, err := when.Zone(g.Zone); err == nil && g.Zone != "" {
		return z
	}
	if network == nil {
		return when.London
	}
	return network
}

// place returns the rooms in which a group hears of its meetings, the rooms
// of categories ("category/5") among them.
func (d *desk) places(ctx context.Context, group int64) ([]bot.Room, error) {
	all, err := d.db.Places(ctx, group)
	if err != nil {
		return nil, err
	}
	var rooms []bot.Room
	for _, p := range all {
		if !strings.HasPrefix(p.Room.ID, "tag/") {
			rooms = append(rooms, p.Room)
		}
	}
	return rooms, nil
}

// quorum is how many have to say yes: as the group agreed; for a network call
// a third of the co-ops, rounded up; else more than half of the members and
// at least three, or two where there are no more than three.
func (d *desk) quorum(ctx context.Context, g storage.Group) (int, error) {
	if g.Quorum > 0 {
		return g.Quorum, nil
	}
	if g.Kind == "call" {
		n, err := d.db.CountCoops(ctx)
		return max(1, (n+2)/3), err
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	if n := len(members); n > 3 {
		return max(3, n/2+1), err
	}
	return 2, err
}

// heads names what a group counts: people, or co-ops for a network call.
func heads(g storage.Group, n int) string {
	one, many := "person", "people"
	if g.Kind == "call" {
		one, many = "co-op", "co-ops"
	}
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}
