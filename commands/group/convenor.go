package group

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

const convenorHelp = "- `!convenor`: who calls the meetings\n" +
	"- `!convenor me`: you will, or stand by as deputy where somebody does\n" +
	"- `!convenor sal`: hand it to Sal, who is asked first; `!convenor deputy sal`\n" +
	"- `!convenor step back`: not you any more, and that is fine"

// convenor is `!convenor`.
func (d *desk) convenor(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, rest, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	switch strings.ToLower(strings.Trim(rest, " .!")) {
	case "":
		return d.whoConvenes(ctx, g)
	case "me", "i will", "volunteer", "i'll do it", "take over":
		return d.volunteer(ctx, c, g)
	case "step back", "stepback", "step down", "stop", "not me", "resign", "rest":
		return d.stepBack(ctx, c, g)
	}
	if name, ok := cutPrefixFold(rest, "deputy "); ok {
		return d.offer(ctx, c, g, name, "deputy")
	}
	return d.offer(ctx, c, g, rest, "convenor")
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return strings.TrimSpace(s[len(prefix):]), true
}

func (d *desk) whoConvenes(ctx context.Context, g storage.Group) (bot.Reply, error) {
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("**%s**: %s.", bot.Plain(g.Name), lower(leaders(members, g)))
	if len(named(members, "convenor")) > 0 {
		text += " `!convenor me` offers to help; `!convenor step back` hands it back, any time."
	}
	return bot.Reply{Text: text}, nil
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// volunteer makes somebody convenor where there is none, and deputy where there is.
func (d *desk) volunteer(ctx context.Context, c *bot.Call, g storage.Group) (bot.Reply, error) {
	if g.State == "closed" {
		return bot.Reply{}, bot.Errorf("**%s** is closed. `!group reopen %s` begins again.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	person, role, err := d.roleOf(ctx, c, g)
	if err != nil {
		return bot.Reply{}, err
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	led := named(members, "convenor")
	switch {
	case role == "convenor":
		return bot.Reply{Text: fmt.Sprintf("You are convenor of **%s** already. `!convenor step back` ends it without fuss.", bot.Plain(g.Name))}, nil
	case role == "deputy" && len(led) > 0:
		return bot.Reply{Text: fmt.Sprintf("You are deputy of **%s**; %s can hand it to you with `!convenor %s`.", bot.Plain(g.Name), strings.Join(led, " or "), bot.Code(c.From.Name))}, nil
	}
	become, text := "convenor", "Thank you: you call the meetings of **%s** from now on. A good first one: a date. `!convenor step back` ends it, any time."
	if len(led) > 0 {
		become, text = "deputy", "Thank you: you stand by as deputy of **%s**. "+strings.Join(led, " or ")+" can hand it to you with `!convenor "+bot.Code(c.From.Name)+"`."
	}
	if err := d.db.SetGroupMember(ctx, g.ID, person, become, c.Time); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf(text, bot.Plain(g.Name)),
		Did: []bot.Effect{{What: fmt.Sprintf("became %s of %s", become, g.Name), Undo: before{Members: []wasMember{{g.ID, person, role}}}.act()}}}, nil
}

// stepBack ends somebody's turn, and asks the deputy alone.
func (d *desk) stepBack(ctx context.Context, c *bot.Call, g storage.Group) (bot.Reply, error) {
	person, role, err := d.roleOf(ctx, c, g)
	if err != nil {
		return bot.Reply{}, err
	}
	if role != "convenor" && role != "deputy" {
		return bot.Reply{Text: fmt.Sprintf("You do not call the meetings of **%s**, so there is nothing to hand back.", bot.Plain(g.Name))}, nil
	}
	if err := d.db.SetGroupMember(ctx, g.ID, person, "member", c.Time); err != nil {
		return bot.Reply{}, err
	}
	posts, without, err := d.successor(ctx, c, g, role)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Thank you for having looked after **%s**. It is off your shoulders now; you are still a member.", bot.Plain(g.Name)) + without, Posts: posts,
		Did: []bot.Effect{{What: fmt.Sprintf("stepped back as %s of %s", role, g.Name), Undo: before{Members: []wasMember{{g.ID, person, role}}}.act()}}}, nil
}

// successor asks the deputies whether they would, once a group has lost its
// last convenor. It returns what to add to the answer.
func (d *desk) successor(ctx context.Context, c *bot.Call, g storage.Group, lost string) (posts []bot.Post, text string, err error) {
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil || lost != "convenor" {
		return nil, "", err
	}
	if left := named(members, "convenor"); len(left) > 0 {
		return nil, fmt.Sprintf(" %s carries on.", strings.Join(left, " and ")), nil
	}
	deputies := 0
	for _, m := range members {
		if m.Role != "deputy" {
			continue
		}
		deputies++
		to, ok, err := d.reach(ctx, m.Person)
		if err != nil {
			return nil, "", err
		}
		if !ok {
			continue
		}
		to.Key = fmt.Sprintf("group/convenor/%d/%d/%d", g.ID, m.Person, c.Time.Unix())
		to.Text = fmt.Sprintf("**%s** has no convenor at the moment, and you are its deputy. Would you call the next meeting? `!convenor %s: me` says yes; `!convenor %[2]s: step back` says no, and that is fine too.", bot.Plain(g.Name), bot.Code(g.Slug))
		to.Why = fmt.Sprintf("You are deputy of %s, whose convenor has stepped back.", g.Name)
		posts = append(posts, to)
	}
	switch {
	case deputies == 1:
		return posts, " I have asked the deputy.", nil
	case deputies > 1:
		return posts, " I have asked the deputies.", nil
	}
	return nil, fmt.Sprintf(" **%s** has no convenor now: `!convenor me` would make somebody one.", bot.Plain(g.Name)), nil
}

// reach returns a direct post to a person, on the site where they can be
// reached best: false if on none.
func (d *desk) reach(ctx context.Context, person int64) (bot.Post, bool, error) {
	accounts, err := d.db.Accounts(ctx, person)
	if err != nil || len(accounts) == 0 {
		return bot.Post{}, false, err
	}
	best := accounts[0]
	for _, a := range accounts {
		if a.Site == "matrix" {
			best = a
		}
	}
	return bot.Post{Room: bot.Room{Site: best.Site}, To: best.User, Rank: bot.Reminder}, true, nil
}

// handing is an offer that waits for the yes of the person it is made to.
type handing struct {
	Group, To, From int64
	Role            string
}

// offer asks a member to be convenor or deputy.
func (d *desk) offer(ctx context.Context, c *bot.Call, g storage.Group, name, role string) (bot.Reply, error) {
	if err := d.settles(ctx, c, g); err != nil {
		return bot.Reply{}, err
	}
	members, err := d.db.GroupMembers(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	m, err := d.member(ctx, members, g, name)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case m.Person == c.Person.ID && role == "convenor":
		return d.volunteer(ctx, c, g)
	case m.Role == role:
		return bot.Reply{Text: fmt.Sprintf("%s is %s of **%s** already.", bot.Plain(m.Name), role, bot.Plain(g.Name))}, nil
	}
	h := handing{Group: g.ID, To: m.Person, Role: role}
	if mine, err := d.db.GroupRole(ctx, g.ID, c.Person.ID); err != nil {
		return bot.Reply{}, err
	} else if mine == "convenor" && role == "convenor" {
		h.From = c.Person.ID
	}
	data, _ := json.Marshal(h) // numbers: cannot fail
	return bot.Reply{
		Text: fmt.Sprintf("%s, would you be %s of **%s**? Nothing changes until you say yes, and no is a fine answer.", bot.Plain(m.Name), role, bot.Plain(g.Name)),
		Ask:  &bot.Ask{Act: bot.Act{Name: "group.hand", Data: string(data)}, Anybody: true, For: 14 * 24 * 3600e9}}, nil
}

// member finds somebody in a group by name or account.
func (d *desk) member(ctx context.Context, members []storage.GroupMember, g storage.Group, name string) (storage.GroupMember, error) {
	name = strings.TrimSpace(name)
	bare := strings.TrimPrefix(name, "@")
	var found []storage.GroupMember
	for _, m := range members {
		accounts, err := d.db.Accounts(ctx, m.Person)
		if err != nil {
			return m, err
		}
		if strings.EqualFold(m.Name, bare) || has(accounts, name, bare) {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return storage.GroupMember{}, bot.Errorf("I do not know anybody called “%s” in **%s**. They join with `!join %s`; after that you can hand it to them.", bot.Plain(bot.Clip(name, 40)), bot.Plain(g.Name), bot.Code(g.Slug))
	}
	return storage.GroupMember{}, bot.Errorf("There are %d members called “%s”. Name the one by account, as in `!convenor @ana:example.org`.", len(found), bot.Plain(bot.Clip(name, 40)))
}

func has(accounts []storage.Account, names ...string) bool {
	for _, a := range accounts {
		for _, n := range names {
			if strings.EqualFold(a.User, n) {
				return true
			}
		}
	}
	return false
}

// accepted is a member's yes to being convenor or deputy.
func (d *desk) accepted(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var h handing
	if err := json.Unmarshal([]byte(data), &h); err != nil {
		return bot.Reply{}, err
	}
	if c.Person.ID != h.To {
		return bot.Reply{}, bot.Errorf("That question was for somebody else: only they can say yes to it.")
	}
	g, _, err := d.db.Group(ctx, h.Group)
	if err != nil {
		return bot.Reply{}, err
	}
	was := before{}
	change := func(person int64, role string) error {
		old, err := d.db.GroupRole(ctx, h.Group, person)
		if err != nil {
			return err
		}
		was.Members = append(was.Members, wasMember{h.Group, person, old})
		return d.db.SetGroupMember(ctx, h.Group, person, role, c.Time)
	}
	if err := change(h.To, h.Role); err != nil {
		return bot.Reply{}, err
	}
	if h.From != 0 {
		if err := change(h.From, "member"); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Text: fmt.Sprintf("Thank you: %s is %s of **%s** from now on.", bot.Plain(c.Person.Name), h.Role, bot.Plain(g.Name)),
		Did: []bot.Effect{{What: fmt.Sprintf("became %s of %s", h.Role, g.Name), Undo: was.act()}}}, nil
}
