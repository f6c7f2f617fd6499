package group

import (
	"context"
	"encoding/json"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// before is how things stood before a command: what undoing it needs. People
// are in it as numbers only: the log outlives a wish to be forgotten.
type before struct {
	Drop    int64           `json:",omitempty"` // the group did not exist
	Groups  []storage.Group `json:",omitempty"`
	Members []wasMember     `json:",omitempty"`
	Places  []wasPlace      `json:",omitempty"`
	Links   []storage.GroupLink
}

// wasMember is what somebody was in a group, Role "" for nothing.
type wasMember struct {
	Group, Person int64
	Role          string
}

// wasPlace is whose a place was, 0 for nobody's.
type wasPlace struct {
	Room  bot.Room
	Group int64
}

func (b before) act() *bot.Act {
	data, _ := json.Marshal(b) // numbers and words: cannot fail
	return &bot.Act{Name: "group.was", Data: string(data)}
}

// was puts things back as they stood.
func (d *desk) was(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var b before
	if err := json.Unmarshal([]byte(data), &b); err != nil {
		return bot.Reply{}, err
	}
	for _, g := range b.Groups {
		if _, err := d.db.SaveGroup(ctx, g); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, m := range b.Members {
		if err := d.setMember(ctx, c, m); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, p := range b.Places {
		if err := d.setPlace(ctx, c, p); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, l := range b.Links {
		if err := d.db.SetGroupLink(ctx, l, c.Time); err != nil {
			return bot.Reply{}, err
		}
	}
	if b.Drop != 0 {
		return bot.Reply{}, d.db.DropGroup(ctx, b.Drop)
	}
	return bot.Reply{}, nil
}

func (d *desk) setMember(ctx context.Context, c *bot.Call, m wasMember) error {
	if m.Role == "" {
		return d.db.DropGroupMember(ctx, m.Group, m.Person)
	}
	return d.db.SetGroupMember(ctx, m.Group, m.Person, m.Role, c.Time)
}

func (d *desk) setPlace(ctx context.Context, c *bot.Call, p wasPlace) error {
	if p.Group == 0 {
		return d.db.UnbindPlace(ctx, p.Room)
	}
	return d.db.BindPlace(ctx, storage.Place{Room: p.Room, Group: p.Group, At: c.Time})
}

// forget takes a person out of all groups.
func (d *desk) forget(ctx context.Context, p bot.Person) error {
	if p.ID == 0 {
		return nil
	}
	return d.db.DropFromGroups(ctx, p.ID)
}
