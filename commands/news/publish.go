package news

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A plan is what was shown before somebody confirmed it.
type plan struct {
	Issue int64    `json:",omitempty"`
	Mark  string   // of what was shown: anything else is shown again
	Now   bool     `json:",omitempty"` // in quiet hours too
	Text  string   `json:",omitempty"` // of an announcement
	Tags  []string `json:",omitempty"` // of the rooms it is for; all if empty
	Asker int64    // who wanted it
	Coop  int64    // whom they act for
}

func (p plan) act(name string) bot.Act {
	data, _ := json.Marshal(p) // plain fields: cannot fail
	return bot.Act{Name: name, Data: string(data)}
}

// preview is `!news publish`: it shows the exact result for each place, and asks.
func (d *desk) preview(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	now := strings.EqualFold(strings.TrimSpace(c.Args), "now")
	if c.Args != "" && !now {
		return bot.Reply{}, bot.Errorf("`!news publish` shows everything and asks. `!news publish now` does not wait for the morning.")
	}
	issue, items, err := d.making(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	p := d.compose(issue, items, storage.Accepted)
	if p.items == 0 {
		return bot.Reply{}, bot.Errorf("There is nothing in the %s newsletter yet. `!news` shows what was suggested, `!news accept <number>` takes it in.", monthName(issue))
	}
	earlier, err := d.db.BroadcastsOf(ctx, issue.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	out, err := d.outlets(ctx, p, earlier)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(out.all()) == 0 && d.BaseURL == "" {
		return bot.Reply{}, bot.Errorf("It would go nowhere yet. Say `!news here` in a room that wants it, or have a forum category set as `newsletter.forums`.")
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	shown := plan{Issue: issue.ID, Mark: mark(p), Now: now, Asker: person, Coop: c.Person.CoopID}
	return bot.Reply{Text: d.showPlan(p, out, c, now), Ask: d.asking(shown.act("news.publish"))}, nil
}

// asking is the question before a broadcast.
func (d *desk) asking(act bot.Act) *bot.Ask {
	wait := 30 * time.Minute
	if d.SecondCoop {
		wait = 24 * time.Hour
	}
	return &bot.Ask{Act: act, For: wait, Needs: bot.Coordinator, Anybody: true}
}

// showPlan is the preview of an issue.
func (d *desk) showPlan(p paper, out outlets, c *bot.Call, now bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** would go to %s.%s\n\n", bot.Plain(p.title), out.say(d), d.whenSent(c.Now, now, out))
	whole, short := p.markdown(), p.short()
	if place := out.longPlaces(); place != "" && len(whole) > maxRoom/2 {
		fmt.Fprintf(&b, "**%s**, under the title “%s”: what `!news draft markdown` gives you as a file.\n\n", place, bot.Plain(out.title))
	} else if place != "" {
		fmt.Fprintf(&b, "**%s**, under the title “%s”:\n\n%s\n\n", place, bot.Plain(out.title), whole)
	}
	switch {
	case len(out.rooms)+len(out.hooks) == 0:
	case out.longPlaces() != "" && strings.HasSuffix(short, whole):
		fmt.Fprintf(&b, "**%s**: the same, with the title above it.\n\n", out.shortPlaces())
	default:
		fmt.Fprintf(&b, "**%s**:\n\n%s\n\n", out.shortPlaces(), short)
	}
	if d.SecondCoop {
		b.WriteString("A coordinator of another co-op has to confirm it.")
	} else {
		b.WriteString("Shall I send it? A coordinator has to say so.")
	}
	return b.String()
}

// whenSent says how long it takes, and when it begins if that is not now.
func (d *desk) whenSent(at time.Time, now bool, out outlets) string {
	text := ""
	if long := d.takes(max(len(out.rooms), len(out.mails))); long > 0 {
		text = " That takes about " + when.SayMinutes(long) + "."
	}
	if begin := d.awake(at); !now && begin.After(at) {
		text += fmt.Sprintf(" It is quiet time, so it begins on %s; with `now` behind the command it begins at once.", when.Say(begin, d.Zone))
	}
	return text
}

// takes is how many minutes it takes to tell so many rooms, 0 for less than half a minute.
func (d *desk) takes(rooms int) int {
	if d.Pace.PerSecond <= 0 {
		return 0
	}
	seconds := float64(max(0, rooms-max(1, d.Pace.Burst)+2)) / d.Pace.PerSecond
	return int(seconds+30) / 60
}

// mark stands for all words of a newsletter.
func mark(p paper) string { return markOf(p.title + "\n" + p.markdown()) }

func markOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// publish sends an issue, after a yes.
func (d *desk) publish(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var shown plan
	if err := json.Unmarshal([]byte(data), &shown); err != nil {
		return bot.Reply{}, err
	}
	if err := d.mayConfirm(c, shown); err != nil {
		return bot.Reply{}, err
	}
	issue, ok, err := d.db.Issue(ctx, shown.Issue)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if sent, ok, err := d.db.BroadcastOf(ctx, issue.ID); err != nil {
		return bot.Reply{}, err
	} else if ok {
		return bot.Reply{}, bot.Errorf("The %s newsletter has been sent already: %s confirmed it at %s.", monthName(issue), bot.Plain(sent.ByName), sent.Begins.In(d.Zone).Format("15:04 on Monday 2 January"))
	}
	items, err := d.db.NewsOf(ctx, issue.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	p := d.compose(issue, items, storage.Accepted)
	if mark(p) != shown.Mark {
		return bot.Reply{}, bot.Errorf("The newsletter has changed since I showed it to you, so I have not sent it. Please look at it once more: `!news publish`.")
	}
	b := storage.Broadcast{Issue: issue.ID, Title: p.title, Text: p.short(), AskedBy: shown.Asker}
	return d.schedule(ctx, c, b, shown)
}

// mayConfirm refuses the asker's own co-op where two are wanted.
func (d *desk) mayConfirm(c *bot.Call, shown plan) error {
	if !d.SecondCoop {
		return nil
	}
	if c.Person.ID == shown.Asker || c.Person.CoopID == 0 || c.Person.CoopID == shown.Coop {
		return bot.Errorf("Somebody of another co-op has to confirm this. It still waits for them.")
	}
	return nil
}
