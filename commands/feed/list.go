package feed

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// silent is how long a forum may not be heard of before that is said.
const silent = 5 * time.Minute

// list is `!feeds`.
func (d *desk) list(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	all, err := d.db.FeedsIn(ctx, here(c))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		if len(d.Forums) == 0 {
			return bot.Reply{Text: "This room hears of no forum, and I am on none yet. An operator can change that."}, nil
		}
		return bot.Reply{Text: fmt.Sprintf("This room hears nothing of the forum yet. `!feed add events` lets it hear of new topics in a category; `!help feed` has more. %s", d.onForums())}, nil
	}
	var t strings.Builder
	t.WriteString("**This room and the forum**")
	for _, f := range all {
		last, err := d.last(ctx, f, c.Now)
		if err != nil {
			return bot.Reply{}, err
		}
		fmt.Fprintf(&t, "\n- `%d` %s: %s%s", f.ID, d.described(f), map[string]string{"follow": "new topics", "watch": "topics and replies", "mute": "muted"}[f.Level], last)
	}
	notes, err := d.notes(ctx, all, c)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, n := range notes {
		t.WriteString("\n" + n)
	}
	fmt.Fprintf(&t, "\n`!feed remove %d` ends one.", all[0].ID)
	return bot.Reply{Text: t.String()}, nil
}

func (d *desk) onForums() string {
	var names []string
	for _, f := range d.Forums {
		names = append(names, "**"+bot.Plain(f.Name())+"**")
	}
	return "I am on " + strings.Join(names, " and ") + "."
}

// last says what was last told for a rule.
func (d *desk) last(ctx context.Context, f storage.Feed, now time.Time) (string, error) {
	if f.Level == "mute" {
		return "", nil
	}
	l, ok, err := d.db.LastFeedLine(ctx, f.ID)
	if err != nil || !ok {
		return " · nothing yet", err
	}
	return fmt.Sprintf(" · last %s, %s", link(bot.Clip(l.Title, 60), l.URL), when.Relative(l.At, now, d.Zone)), nil
}

// notes are what goes or went wrong, and what waits.
func (d *desk) notes(ctx context.Context, all []storage.Feed, c *bot.Call) ([]string, error) {
	var notes []string
	waiting, err := d.db.WaitingFeedLines(ctx, here(c))
	if err != nil {
		return nil, err
	}
	if n := len(waiting); n > 0 {
		notes = append(notes, fmt.Sprintf("%s until %s.", plural(n, "line waits", "lines wait"), earliest(waiting).In(d.Zone).Format("Mon 2 Jan 15:04")))
	}
	trouble, at, err := d.db.FeedTrouble(ctx, here(c))
	if err != nil {
		return nil, err
	}
	if trouble != "" {
		notes = append(notes, fmt.Sprintf("The last line could not be said (%s): %s.", when.Relative(at, c.Now, d.Zone), bot.Plain(bot.Clip(trouble, 120))))
	}
	seen := map[string]bool{}
	for _, f := range all {
		if !seen[f.Forum] {
			seen[f.Forum] = true
			notes = append(notes, d.unheard(f.Forum, c.Now)...)
		}
	}
	return notes, nil
}

// unheard says that a forum is not heard of, if it is so.
func (d *desk) unheard(forum string, now time.Time) []string {
	if d.Heard == nil {
		return nil
	}
	at := d.Heard(forum)
	switch {
	case at.IsZero():
		return []string{fmt.Sprintf("I have not heard of the forum %s since I started.", bot.Plain(forumName(forum)))}
	case now.Sub(at) > silent:
		return []string{fmt.Sprintf("I last heard of the forum %s %s; its news will follow.", bot.Plain(forumName(forum)), when.Relative(at, now, d.Zone))}
	}
	return nil
}

// test is `!feed test`: it shows here, and only here, what lines look like.
func (d *desk) test(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	all, err := d.db.FeedsIn(ctx, here(c))
	if err != nil {
		return bot.Reply{}, err
	}
	l := storage.FeedLine{Number: 1, Title: "A topic that I made up", URL: "https://forum.example/t/1", Author: bot.User{Name: "somebody"}, Label: "Events", At: c.Time, Due: c.Time}
	from := "an example"
	for _, f := range all {
		last, ok, err := d.db.LastFeedLine(ctx, f.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		if ok && last.Number == 1 {
			l, from = last, "the last one"
		}
		l.Label = cmp.Or(l.Label, f.Name)
	}
	l.Due = l.At
	text := fmt.Sprintf("A new topic looks like this (%s, shown only here):\n%s", from, d.line(l))
	l.Number = 2
	text += fmt.Sprintf("\nAnd a reply, if you watch: %s\nMore than %d at once come in one message.", d.line(l), alone)
	if !hears(all) {
		text += " This room follows nothing yet: `!feed add events` begins."
	}
	return bot.Reply{Text: text}, nil
}
