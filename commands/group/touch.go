package group

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// touch hears of reactions to what was said about a group. Anybody who was
// told may react; each sign has a word that does the same.
func (d *desk) touch(ctx context.Context, c *bot.Call, key, emoji string, on bool) (bot.Reply, error) {
	g, step, ok, err := d.about(ctx, key)
	if err != nil || !ok || !on {
		return bot.Reply{}, err
	}
	if _, err := d.db.Know(ctx, c.Room.Site, c.From); err != nil {
		return bot.Reply{}, err
	}
	switch emoji {
	case "✅", "👍":
		return d.findDate(ctx, c, g)
	case "💤", "😴":
		return d.restTill(ctx, c, g, today(c).AddDays(restDays))
	case "🔕":
		return d.mute(ctx, c, g, step)
	case "🆘":
		return d.needsHands(ctx, c, g)
	case "🙂", "😀", "😊":
		return d.well(ctx, g)
	case "🕊":
		ask := *c
		ask.Args = g.Slug
		return d.close(ctx, &ask)
	}
	return bot.Reply{}, nil
}

// about reads whom and which step a post's key is about: "care/7/1/1715070600".
func (d *desk) about(ctx context.Context, key string) (g storage.Group, step int, ok bool, err error) {
	parts := strings.Split(key, "/")
	if len(parts) < 4 {
		return g, 0, false, nil
	}
	id, bad := strconv.ParseInt(parts[1], 10, 64)
	step, worse := strconv.Atoi(parts[2])
	if bad != nil || worse != nil {
		return g, 0, false, nil
	}
	g, ok, err = d.db.Group(ctx, id)
	return g, step, ok && g.State != "closed", err
}

// findDate starts a poll in the group's room, in the name of whoever reacted.
func (d *desk) findDate(ctx context.Context, c *bot.Call, g storage.Group) (bot.Reply, error) {
	if d.Poll == nil {
		return bot.Reply{}, nil
	}
	h, _, err := d.db.Health(ctx, g.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	f, lastHuman, err := d.facts(ctx, g, h, c.Time)
	if err != nil {
		return bot.Reply{}, err
	}
	n := nudge{g: g, s: statusOf(h), f: f, now: c.Time, lastHuman: lastHuman}
	place, found, err := d.talkingPlace(ctx, g)
	if err != nil {
		return bot.Reply{}, err
	}
	if !found {
		return bot.Reply{Text: fmt.Sprintf("**%s** has no room that I know of, so there is nobody to ask. `!group bind %s` in its room gives it one.", bot.Plain(g.Name), bot.Code(g.Slug))}, nil
	}
	if open, is, err := d.db.OpenPoll(ctx, g.ID); err != nil {
		return bot.Reply{}, err
	} else if is {
		return bot.Reply{Text: fmt.Sprintf("A poll is open already, until %s.", when.SayShort(open.Closes, c.Time, zone(g)))}, nil
	}
	c.Room, c.Direct, c.Args = place, false, n.poll()
	return d.Poll(ctx, c)
}

// talkingPlace is the first room in which people talk, no category and no tag.
func (d *desk) talkingPlace(ctx context.Context, g storage.Group) (bot.Room, bool, error) {
	places, err := d.db.Places(ctx, g.ID)
	for _, p := range places {
		if !isTag(p.Room) && !isCategory(p.Room) {
			return p.Room, true, err
		}
	}
	return bot.Room{}, false, err
}

// mute is 🔕: a person is told no more about the group, or the group itself.
func (d *desk) mute(ctx context.Context, c *bot.Call, g storage.Group, step int) (bot.Reply, error) {
	if step != toGroup {
		if err := d.db.SetCareMuted(ctx, g.ID, c.Person.ID, true); err != nil {
			return bot.Reply{}, err
		}
		return bot.Reply{Text: fmt.Sprintf("All right, I tell you no more about **%s**. `!quiet %s off` changes that.", bot.Plain(g.Name), bot.Code(g.Slug))}, nil
	}
	h, known, err := d.db.Health(ctx, g.ID)
	if err != nil || !known {
		return bot.Reply{}, err
	}
	h.Muted = true
	return bot.Reply{Text: fmt.Sprintf("All right, I leave **%s** alone. `!quiet off` changes that; `!health` still answers.", bot.Plain(g.Name))}, d.db.SaveHealth(ctx, h)
}

// well is 🙂: somebody who knows says that nothing is wrong.
func (d *desk) well(ctx context.Context, g storage.Group) (bot.Reply, error) {
	h, known, err := d.db.Health(ctx, g.ID)
	if err != nil || !known {
		return bot.Reply{}, err
	}
	h.Step, h.Unanswered = noStep, 0
	h.Asked = max(h.Asked, 3) // and leave its convenor in peace for a month
	return bot.Reply{Text: fmt.Sprintf("Good to hear. I leave **%s** in peace for a month.", bot.Plain(g.Name))}, d.db.SaveHealth(ctx, h)
}

// needsHands is 🆘: the group is looked for as a skill is, offered to the
// newsletter, and shown on its card.
func (d *desk) needsHands(ctx context.Context, c *bot.Call, g storage.Group) (bot.Reply, error) {
	needs, err := d.db.Needs(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if at, already := needs[g.ID]; already && c.Time.Sub(at) < 30*dayLong {
		return bot.Reply{Text: fmt.Sprintf("It is known already that **%s** needs hands.", bot.Plain(g.Name))}, nil
	}
	if err := d.db.SetNeed(ctx, g.ID, c.Time); err != nil {
		return bot.Reply{}, err
	}
	word := "hands for " + g.Name
	if err := d.db.Want(ctx, "hands for "+g.Slug, word, today(c).String()); err != nil {
		return bot.Reply{}, err
	}
	if err := d.offerNews(ctx, g, c.Time); err != nil {
		return bot.Reply{}, err
	}
	posts, err := d.toCoordinators(ctx, fmt.Sprintf("🆘 **%s** says that it needs hands. It is in `!wanted` and suggested for the newsletter; perhaps you know somebody? `!whohas` knows who does what.", bot.Plain(g.Name)),
		fmt.Sprintf("need/%d/%d", g.ID, c.Time.Unix()), fmt.Sprintf("Somebody put 🆘 on my message about %s.", g.Name))
	return bot.Reply{Posts: posts,
		Text: fmt.Sprintf("Thank you for saying so. “%s” is in `!wanted` now and suggested for the newsletter, and the coordinators know.", bot.Plain(word)),
		Did:  []bot.Effect{{What: g.Name + " needs hands", Undo: &bot.Act{Name: "group.helped", Data: strconv.FormatInt(g.ID, 10)}}}}, err
}

// offerNews suggests a newsletter item, if there is an issue to put it in.
func (d *desk) offerNews(ctx context.Context, g storage.Group, at time.Time) error {
	issue, open, err := d.db.CurrentIssue(ctx)
	if err != nil || !open {
		return err
	}
	ref := fmt.Sprintf("need/%d/%s", g.ID, issue.Month)
	if _, known, err := d.db.NewsAbout(ctx, ref); err != nil || known {
		return err
	}
	text := fmt.Sprintf("%s is looking for more hands.", g.Name)
	if g.Purpose != "" {
		text += " It is for: " + g.Purpose
	}
	_, err = d.db.SaveNews(ctx, storage.NewsItem{Issue: issue.ID, Section: "Groups", State: storage.Suggested, Title: g.Name + " needs hands", Text: text, Origin: "group", Ref: ref, Made: at})
	return err
}

// helped undoes 🆘.
func (d *desk) helped(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	id, err := strconv.ParseInt(data, 10, 64)
	if err != nil {
		return bot.Reply{}, err
	}
	g, _, err := d.db.Group(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.DropWant(ctx, "hands for "+g.Slug); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, d.db.SetNeed(ctx, id, time.Time{})
}
