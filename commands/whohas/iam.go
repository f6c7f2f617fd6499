package whohas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// joining is a person who would like to act for a co-op.
type joining struct {
	Site string
	User bot.User
	Coop int64
	Was  int64 // whom they acted for before
}

// leaving is what undoing needs. It names nobody: the log outlives a wish to
// be forgotten.
type leaving struct{ Person, Was int64 }

func (l leaving) act() *bot.Act {
	data, _ := json.Marshal(l) // numbers: cannot fail
	return &bot.Act{Name: "iam.back", Data: string(data)}
}

func (j joining) act(name string) bot.Act {
	data, _ := json.Marshal(j) // numbers and words: cannot fail
	return bot.Act{Name: name, Data: string(data)}
}

// iam is `!iam <co-op>`.
func (d *desk) iam(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	name := tidy(c.Args)
	switch strings.ToLower(name) {
	case "":
		return d.whoAmI(ctx, c)
	case "nobody", "none", "no one", "noone":
		return d.leave(ctx, c)
	}
	coop, err := d.coop(ctx, name)
	if err != nil {
		return bot.Reply{}, err
	}
	if coop.ID == c.Person.CoopID {
		return bot.Reply{Text: fmt.Sprintf("Yes: you act for **%s**. `!skills` shows what it lists.", bot.Plain(coop.Name))}, nil
	}
	j := joining{Site: c.Room.Site, User: c.From, Coop: coop.ID, Was: c.Person.CoopID}
	if c.Person.Role == bot.Coordinator {
		return d.joined(ctx, c, j, coop)
	}
	return d.askToJoin(ctx, c, j, coop)
}

func (d *desk) whoAmI(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Person.CoopID == 0 {
		return bot.Reply{}, bot.Errorf("I do not know yet whom you act for. Tell me with `!iam <co-op>`, as in `!iam outlandish`.")
	}
	text := fmt.Sprintf("You act for **%s**", bot.Plain(c.Person.Coop))
	if c.Person.Role > bot.Member {
		text += ", and have the role of " + c.Person.Role.String()
	}
	accounts, err := d.db.Accounts(ctx, c.Person.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(accounts) > 1 {
		text += fmt.Sprintf(", from %d linked accounts", len(accounts))
	}
	return bot.Reply{Text: text + ". `!iam <co-op>` changes it, `!iam nobody` ends it."}, nil
}

func (d *desk) leave(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Person.CoopID == 0 {
		return bot.Reply{Text: "You act for nobody, as far as I know."}, nil
	}
	if err := d.db.SetCoop(ctx, c.Person.ID, 0); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("You no longer act for **%s**. What you did for it stays.", bot.Plain(c.Person.Coop)),
		Did:  []bot.Effect{{What: "stopped acting for " + c.Person.Coop, Undo: leaving{c.Person.ID, c.Person.CoopID}.act()}},
	}, nil
}

// askToJoin asks those who can confirm it: people who act for the co-op
// already, or the coordinators where there are none.
func (d *desk) askToJoin(ctx context.Context, c *bot.Call, j joining, coop storage.Coop) (bot.Reply, error) {
	who, err := d.db.AccountsFor(ctx, coop.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	whom := "somebody who acts for it already, or a coordinator,"
	if len(who) == 0 {
		whom = "a coordinator"
		if who, err = d.db.AccountsWith(ctx, bot.Coordinator); err != nil {
			return bot.Reply{}, err
		}
		if len(who) == 0 {
			return bot.Reply{}, bot.Errorf("You would be the first of **%s** here, and a coordinator has to confirm that, but none is configured yet. Please ask whoever runs me to name one.", bot.Plain(coop.Name))
		}
	}
	r := bot.Reply{
		Text: fmt.Sprintf("Welcome, %s. Before you act for **%s**, %s confirms it; I have asked.", bot.Plain(c.From.Name), bot.Plain(coop.Name), whom),
		Ask:  &bot.Ask{Act: j.act("iam.join"), For: 7 * 24 * time.Hour, Anybody: true},
	}
	r.Posts = ask(c, who, coop)
	return r, nil
}

// ask tells up to three people where they can be reached that somebody waits for them.
func ask(c *bot.Call, who []storage.Account, coop storage.Coop) []bot.Post {
	var posts []bot.Post
	asked := map[int64]bool{c.Person.ID: true}
	for _, a := range who {
		if asked[a.Person] || a.Site != storage.AccountSite(c.Room.Site) || len(posts) == 3 {
			continue
		}
		asked[a.Person] = true
		posts = append(posts, bot.Post{
			Key: c.Key(0) + "/ask/" + a.User, Room: bot.Room{Site: c.Room.Site}, To: a.User, Loud: true,
			Text: fmt.Sprintf("%s (%s) says they act for **%s**. If that is so: `!confirm %s`; if not: `!cancel %s`.",
				bot.Plain(c.From.Name), bot.Plain(c.From.ID), bot.Plain(coop.Name), c.Code(), c.Code()),
			Why: "You can confirm who acts for " + coop.Name + ".",
		})
	}
	return posts
}

// mayConfirm reports whether somebody acts for the co-op that is asked about.
func mayConfirm(c *bot.Call, data string) bool {
	var j joining
	return json.Unmarshal([]byte(data), &j) == nil && c.Person.CoopID == j.Coop
}

// join carries out a confirmed `!iam`.
func (d *desk) join(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var j joining
	if err := json.Unmarshal([]byte(data), &j); err != nil {
		return bot.Reply{}, err
	}
	if !mayConfirm(c, data) && c.Person.Role < bot.Coordinator {
		return bot.Reply{}, bot.Errorf("Only somebody who acts for that co-op already, or a coordinator, can confirm this.")
	}
	coop, err := d.db.Coop(ctx, j.Coop)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.joined(ctx, c, j, coop)
}

func (d *desk) joined(ctx context.Context, c *bot.Call, j joining, coop storage.Coop) (bot.Reply, error) {
	id, err := d.db.Know(ctx, j.Site, j.User)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.SetCoop(ctx, id, coop.ID); err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{
		Text: fmt.Sprintf("%s now acts for **%s**. Try `!skills`, `!skill add …` and `!capacity …`.", bot.Plain(j.User.Name), bot.Plain(coop.Name)),
		Did:  []bot.Effect{{What: "let somebody act for " + coop.Name, Undo: leaving{id, j.Was}.act()}},
	}
	if j.User.ID != c.From.ID && c.Direct {
		r.Posts = []bot.Post{{Key: c.Key(0) + "/tell", Room: bot.Room{Site: j.Site}, To: j.User.ID, Loud: true, Text: r.Text, Why: "You asked me with `!iam`."}}
	}
	return r, nil
}

// back undoes a change of co-op.
func (d *desk) back(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var l leaving
	if err := json.Unmarshal([]byte(data), &l); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.db.SetCoop(ctx, l.Person, l.Was)
}

// linkFor is how long a one-time code can be used.
const linkFor = 15 * time.Minute

// link is `!link` and `!link CODE`: two accounts of one person.
func (d *desk) link(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	code := strings.ToUpper(tidy(c.Args))
	if code != "" {
		return d.useCode(ctx, c, code)
	}
	if _, err := d.db.Know(ctx, c.Room.Site, c.From); err != nil {
		return bot.Reply{}, err
	}
	code = c.Secret()
	if err := d.db.SetLinkCode(ctx, code, c.Room.Site, c.From.ID, c.Time.Add(linkFor)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Direct: true, Text: fmt.Sprintf("Your code is `%s`. From your other account, on the forum or on Matrix, send me `!link %s` as a personal message before %s. It joins the two; do not give it to anybody else.",
		code, code, c.Time.Add(linkFor).In(c.Zone).Format("15:04"))}, nil
}

func (d *desk) useCode(ctx context.Context, c *bot.Call, code string) (bot.Reply, error) {
	if !c.Direct {
		return bot.Reply{}, bot.Errorf("Codes are for personal messages only. Please ask me for a new one with `!link`, and send it to me directly.")
	}
	site, user, err := d.db.UseLinkCode(ctx, code, c.Time)
	if errors.Is(err, storage.ErrNotFound) {
		return bot.Reply{}, bot.Errorf("I do not know that code, or it has run out. Send me `!link` from your other account for a new one.")
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if site == storage.AccountSite(c.Room.Site) && user == c.From.ID {
		return bot.Reply{}, bot.Errorf("That is the account the code came from. Send it from your other one; here is nothing to join.")
	}
	if c.Person.CoopID != 0 || c.Person.Role > bot.Anyone {
		return bot.Reply{}, bot.Errorf("This account acts for %s already. Say `!iam nobody` here first if it is to be joined to the other one.", bot.Plain(c.Person.Coop))
	}
	other, err := d.db.Person(ctx, site, bot.User{ID: user})
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.Link(ctx, c.Room.Site, c.From.ID, other.ID); err != nil {
		return bot.Reply{}, err
	}
	act := joining{Site: c.Room.Site, User: c.From}.act("link.cut")
	text := "Joined: I know you here as the same person now."
	if other.Coop != "" {
		text = fmt.Sprintf("Joined: you act for **%s** here too.", bot.Plain(other.Coop))
	}
	return bot.Reply{Text: text + " `!undo` parts the two again.", Did: []bot.Effect{{What: "linked two accounts", Undo: &act}}}, nil
}

// cut parts two linked accounts.
func (d *desk) cut(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var j joining
	if err := json.Unmarshal([]byte(data), &j); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "Parted: I no longer know this account as the other one's."}, d.db.Unlink(ctx, j.Site, j.User.ID)
}
