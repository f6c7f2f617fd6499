package news

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// rota is `!news rota`: who makes the newsletter in turn.
func (d *desk) rota(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	editors, err := d.db.Editors(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(c.Args), " ")
	switch strings.ToLower(word) {
	case "":
		return bot.Reply{Text: d.sayRota(editors)}, nil
	case "me", "join":
		return d.onRota(ctx, c, editors)
	case "off", "leave":
		return d.offRota(ctx, c, editors, rest)
	case "add", "remove":
		if c.Person.Role < bot.Coordinator {
			return bot.Reply{}, bot.Errorf("Coordinators put others on the rota or take them off. `!news rota me` puts you on it.")
		}
		if word == "remove" {
			return d.offRota(ctx, c, editors, rest)
		}
		person, err := d.named(ctx, c, rest)
		if err != nil {
			return bot.Reply{}, err
		}
		return d.seated(ctx, editors, person)
	}
	return bot.Reply{}, bot.Errorf("`!news rota` shows it, `!news rota me` puts you on it, `!news rota off` takes you off, and coordinators can `!news rota add <name>`.")
}

func (d *desk) sayRota(editors []storage.Editor) string {
	if len(editors) == 0 {
		return "Nobody is on the newsletter's rota, so the coordinators make it. It takes about twenty minutes a month: `!news rota me` puts you on it."
	}
	var names []string
	for _, e := range editors {
		names = append(names, editorName(e))
	}
	text := fmt.Sprintf("It is the turn of %s to make the newsletter", names[0])
	if len(names) > 1 {
		text += ", then " + list(names[1:])
	}
	return text + ". `!news handover` passes the turn on; a coordinator can always publish."
}

func editorName(e storage.Editor) string {
	if e.Coop == "" {
		return bot.Plain(e.Name)
	}
	return fmt.Sprintf("%s (%s)", bot.Plain(e.Name), bot.Plain(e.Coop))
}

// onRota puts the asker on the rota; they have to act for a co-op.
func (d *desk) onRota(ctx context.Context, c *bot.Call, editors []storage.Editor) (bot.Reply, error) {
	if c.Person.Role < bot.Member {
		return bot.Reply{}, bot.Errorf("The rota is for people who act for a co-op. Tell me yours with `!iam <co-op>`.")
	}
	return d.seated(ctx, editors, c.Person.ID)
}

// seated puts a person at the end of the rota.
func (d *desk) seated(ctx context.Context, editors []storage.Editor, person int64) (bot.Reply, error) {
	last := 0
	for _, e := range editors {
		if e.Person == person {
			return bot.Reply{Text: "Already on it. " + d.sayRota(editors)}, nil
		}
		last = max(last, e.Turn)
	}
	if err := d.db.SetEditor(ctx, person, last+1); err != nil {
		return bot.Reply{}, err
	}
	return d.rotaChanged(ctx, editors, "Welcome. ", "put somebody on the newsletter's rota")
}

func (d *desk) offRota(ctx context.Context, c *bot.Call, editors []storage.Editor, name string) (bot.Reply, error) {
	person := c.Person.ID
	if name != "" {
		if c.Person.Role < bot.Coordinator {
			return bot.Reply{}, bot.Errorf("Coordinators take others off the rota. `!news rota off` takes you off.")
		}
		var err error
		if person, err = d.named(ctx, c, name); err != nil {
			return bot.Reply{}, err
		}
	}
	for _, e := range editors {
		if e.Person == person {
			if err := d.db.DropEditor(ctx, person); err != nil {
				return bot.Reply{}, err
			}
			return d.rotaChanged(ctx, editors, "Thank you for what you did. ", "took somebody off the newsletter's rota")
		}
	}
	return bot.Reply{Text: "Not on it, so all stays as it was. " + d.sayRota(editors)}, nil
}

// handover is `!news handover [name]`: the turn passes on.
func (d *desk) handover(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	editors, err := d.db.Editors(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(editors) == 0 {
		return bot.Reply{}, bot.Errorf("Nobody is on the rota yet. `!news rota me` puts you on it.")
	}
	if c.Person.ID != editors[0].Person && c.Person.Role < bot.Coordinator {
		return bot.Reply{}, bot.Errorf("It is the turn of %s, so they can pass it on, or a coordinator.", editorName(editors[0]))
	}
	next := int64(0)
	if c.Args != "" {
		if next, err = d.named(ctx, c, c.Args); err != nil {
			return bot.Reply{}, err
		}
	} else if len(editors) > 1 {
		next = editors[1].Person
	}
	if next == 0 || next == editors[0].Person {
		return bot.Reply{}, bot.Errorf("There is nobody else on the rota. `!news handover <name>` passes it to anybody I know.")
	}
	if err := d.pass(ctx, editors, next); err != nil {
		return bot.Reply{}, err
	}
	r, err := d.rotaChanged(ctx, editors, "Passed on. ", "passed on the newsletter")
	if err != nil {
		return bot.Reply{}, err
	}
	pack, err := d.pack(ctx, c, next)
	r.Posts = pack
	return r, err
}

// pass puts a person first, and whoever had the turn last.
func (d *desk) pass(ctx context.Context, editors []storage.Editor, next int64) error {
	first, last := editors[0].Turn, editors[len(editors)-1].Turn
	if err := d.db.SetEditor(ctx, editors[0].Person, last+1); err != nil {
		return err
	}
	return d.db.SetEditor(ctx, next, first-1)
}

// pack tells whoever has the turn now how things stand.
func (d *desk) pack(ctx context.Context, c *bot.Call, person int64) ([]bot.Post, error) {
	accounts, err := d.db.Accounts(ctx, person)
	if err != nil || len(accounts) == 0 || person == c.Person.ID {
		return nil, err
	}
	issue, items, err := d.making(ctx, c)
	if err != nil {
		return nil, err
	}
	a := accounts[0]
	for _, other := range accounts {
		if other.Site == storage.AccountSite(c.Room.Site) {
			a = other
		}
	}
	text := fmt.Sprintf("%s passed the newsletter on to you. Here is how it stands.\n\n%s\n\n`!help news` lists what an editor can do; `!news handover` passes it on again.",
		bot.Plain(c.From.Name), d.summary(d.compose(issue, items, storage.Accepted), items, c))
	return []bot.Post{{Key: c.Key(0) + "/handover", Room: bot.Room{Site: a.Site}, To: a.User, Text: text, Loud: true, Why: "You are on the newsletter's rota."}}, nil
}

func (d *desk) named(ctx context.Context, c *bot.Call, name string) (int64, error) {
	name = strings.TrimPrefix(line(name), "to ")
	if name == "" {
		return 0, bot.Errorf("Whom? Their name on this site comes after it, as in `!news rota add bob`.")
	}
	id, err := d.db.PersonNamed(ctx, c.Room.Site, name)
	if errors.Is(err, storage.ErrNotFound) {
		err = bot.Errorf("I know nobody called %s here. They can say `!news rota me` themselves.", bot.Plain(bot.Clip(name, 40)))
	}
	return id, err
}

// rotaChanged says what the rota is now, and how it was for undoing.
func (d *desk) rotaChanged(ctx context.Context, was []storage.Editor, words, what string) (bot.Reply, error) {
	now, err := d.db.Editors(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var order []int64
	for _, e := range was {
		order = append(order, e.Person)
	}
	data, _ := json.Marshal(order) // numbers: cannot fail
	return bot.Reply{Text: words + d.sayRota(now), Did: []bot.Effect{{What: what, Undo: &bot.Act{Name: "news.rota", Data: string(data)}}}}, nil
}

// undoRota brings back an earlier order.
func (d *desk) undoRota(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var order []int64
	if err := json.Unmarshal([]byte(data), &order); err != nil {
		return bot.Reply{}, err
	}
	now, err := d.db.Editors(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, e := range now {
		if err := d.db.DropEditor(ctx, e.Person); err != nil {
			return bot.Reply{}, err
		}
	}
	for i, person := range order {
		if err := d.db.SetEditor(ctx, person, i+1); err != nil {
			return bot.Reply{}, err
		}
	}
	if now, err = d.db.Editors(ctx); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "As it was. " + d.sayRota(now)}, nil
}

// turnOver gives the turn to the next editor when a newsletter has gone out.
func (d *desk) turnOver(ctx context.Context) error {
	editors, err := d.db.Editors(ctx)
	if err != nil || len(editors) < 2 {
		return err
	}
	return d.db.SetEditor(ctx, editors[0].Person, editors[len(editors)-1].Turn+1)
}

// featured is `!news featured [co-op|next]`: which co-op tells about itself.
func (d *desk) featured(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	issue, err := d.current(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	coop, err := d.db.Featured(ctx, issue.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	word := line(c.Args)
	if word == "" && coop != 0 {
		return d.sayFeatured(ctx, issue, coop)
	}
	if may, err := d.mayEdit(ctx, c); err == nil && !may && word == "" {
		return bot.Reply{Text: "No co-op has been chosen for the next newsletter yet; its editors do that."}, nil
	}
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	return d.feature(ctx, c, issue, coop, word)
}

func (d *desk) sayFeatured(ctx context.Context, issue storage.NewsIssue, coop int64) (bot.Reply, error) {
	one, err := d.db.Coop(ctx, coop)
	return bot.Reply{Text: fmt.Sprintf("The %s newsletter features **%s**. If that is you: `!news add featured: what you are up to, in 60 to 90 words`. `!news featured next` asks another co-op.", monthName(issue), bot.Plain(one.Name))}, err
}

// feature chooses the co-op whose turn it is, or one by name, and asks its people.
func (d *desk) feature(ctx context.Context, c *bot.Call, issue storage.NewsIssue, was int64, word string) (bot.Reply, error) {
	coop, err := d.chosenCoop(ctx, issue, was, word)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.SetFeatured(ctx, issue.ID, coop); err != nil {
		return bot.Reply{}, err
	}
	one, err := d.db.Coop(ctx, coop)
	if err != nil {
		return bot.Reply{}, err
	}
	who, err := d.db.AccountsFor(ctx, coop)
	if err != nil {
		return bot.Reply{}, err
	}
	data := fmt.Sprintf("%d/%d", issue.ID, was)
	r := bot.Reply{Text: fmt.Sprintf("The %s newsletter features **%s**.", monthName(issue), bot.Plain(one.Name)),
		Did: []bot.Effect{{What: "chose the featured co-op", Undo: &bot.Act{Name: "news.featured", Data: data}}}}
	if len(who) == 0 {
		r.Text += " I know nobody of theirs, so somebody has to ask them; `!news featured next` chooses another."
		return r, nil
	}
	r.Text += " I have asked them for a few lines."
	r.Posts = []bot.Post{{Key: c.Key(0) + "/featured", Room: bot.Room{Site: who[0].Site}, To: who[0].User, Loud: true,
		Text: fmt.Sprintf("This month it is **%s**'s turn to be the featured co-op of the newsletter. What are you up to, what are you proud of, what do you look for? 60 to 90 words are best: `!news add featured: …` before %s.",
			bot.Plain(one.Name), issue.Deadline.In(d.Zone).Format("Monday 2 January")),
		Why: "You act for the co-op whose turn it is."}}
	return r, nil
}

// chosenCoop is the co-op that is named, or the next in turn.
func (d *desk) chosenCoop(ctx context.Context, issue storage.NewsIssue, was int64, word string) (int64, error) {
	if word != "" && !strings.EqualFold(word, "next") {
		all, err := d.db.Coops(ctx)
		for _, one := range all {
			if strings.EqualFold(one.Name, word) || folded(one.Name) == folded(word) {
				return one.ID, err
			}
		}
		if err == nil {
			err = bot.Errorf("I know no co-op called %s. `!coops` lists them; `!news featured next` takes the one whose turn it is.", bot.Plain(bot.Clip(word, 40)))
		}
		return 0, err
	}
	coop, err := d.db.NextFeatured(ctx, was)
	if err == nil && coop == 0 {
		err = bot.Errorf("There is no co-op in the directory that could have its turn.")
	}
	return coop, err
}

func (d *desk) undoFeatured(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	a, b, _ := strings.Cut(data, "/")
	issue, err := strconv.ParseInt(a, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	coop, err := strconv.ParseInt(b, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "The featured co-op is what it was."}, d.db.SetFeatured(ctx, issue, coop)
}
