package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// setTo returns the command that makes a rule of a level.
func (d *desk) setTo(level string) func(context.Context, *bot.Call) (bot.Reply, error) {
	return func(ctx context.Context, c *bot.Call) (bot.Reply, error) {
		f := c.Told.(found)
		if err := d.may(ctx, c); err != nil {
			return bot.Reply{}, err
		}
		if f.target.restricted && c.Person.Role < bot.Coordinator {
			return bot.Reply{}, bot.Errorf("%s is not open to everybody on %s, so only a coordinator can bring its topics to another place. `!who coordinators` says whom to ask.", bot.Plain(f.target.name), forumName(f.forum))
		}
		if err := d.db.SaveForumCategories(ctx, f.forum, f.categories); err != nil {
			return bot.Reply{}, err
		}
		return d.set(ctx, c, f.target, level)
	}
}

func (d *desk) set(ctx context.Context, c *bot.Call, t target, level string) (bot.Reply, error) {
	old, had, err := d.db.FeedOf(ctx, here(c), t.forum, t.what, t.value)
	if err != nil {
		return bot.Reply{}, err
	}
	if had && old.Level == level {
		return bot.Reply{Text: d.already(old, c)}, nil
	}
	person, err := d.db.Know(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	f := storage.Feed{Room: here(c), Forum: t.forum, What: t.what, Value: t.value, Name: t.name, Level: level, Person: person, At: c.Time}
	if f.ID, err = d.db.SaveFeed(ctx, f); err != nil {
		return bot.Reply{}, err
	}
	text, err := d.accepted(ctx, f)
	return bot.Reply{Text: text, Did: []bot.Effect{{What: did(f), Undo: undo(f, old, had)}}}, err
}

func did(f storage.Feed) string {
	return map[string]string{"follow": "added the feed ", "watch": "watched ", "mute": "muted "}[f.Level] + f.Name
}

func (d *desk) already(f storage.Feed, c *bot.Call) string {
	by := ""
	if f.By != "" {
		by = ", since " + bot.Plain(f.By) + " asked for it"
	}
	verb := map[string]string{"follow": "follows", "watch": "watches", "mute": "has muted"}[f.Level]
	return fmt.Sprintf("This room already %s **%s**%s on %s. `!feeds` lists what it hears of.", verb, bot.Plain(f.Name), by, f.At.In(c.Zone).Format("2 January"))
}

// accepted says what a new rule means.
func (d *desk) accepted(ctx context.Context, f storage.Feed) (string, error) {
	what := d.described(f)
	if f.Level == "mute" {
		all, err := d.db.FeedsIn(ctx, f.Room)
		if err != nil {
			return "", err
		}
		text := fmt.Sprintf("This room hears nothing of %s.", what)
		if !hears(all) {
			return text + " It follows nothing yet either: `!feed add events` begins.", nil
		}
		return text + fmt.Sprintf(" `!feed remove %s` ends that.", removeWord(f)), nil
	}
	return fmt.Sprintf("This room now hears of %s: %s.%s\n`!feed test` shows how that looks; `!feed remove %s` ends it.",
		told(f), d.rhythm(), d.hours(), removeWord(f)), nil
}

// told is what a rule lets a room hear of: "new topics in the category **Events** on hub".
func told(f storage.Feed) string {
	of := "new topics"
	if f.Level == "watch" {
		of = "new topics and replies"
	}
	name, forum := "**"+bot.Plain(f.Name)+"**", bot.Plain(forumName(f.Forum))
	switch f.What {
	case "all":
		return of + " on the whole forum **" + forum + "**"
	case "author":
		return of + " by " + name + " on " + forum
	case "tag":
		return of + " with the tag " + name + " on " + forum
	}
	return of + " in the category " + name + " on " + forum
}

// described is a rule's subject in words: "the category **Events** on hub".
func (d *desk) described(f storage.Feed) string {
	name := "**" + bot.Plain(f.Name) + "**"
	switch f.What {
	case "all":
		return "the whole forum **" + bot.Plain(forumName(f.Forum)) + "**"
	case "author":
		return "what " + name + " writes on " + bot.Plain(forumName(f.Forum))
	}
	return "the " + f.What + " " + name + " on " + bot.Plain(forumName(f.Forum))
}

// rhythm is how topics are told.
func (d *desk) rhythm() string {
	if d.Delay <= 0 {
		return "a quiet line each, nothing older"
	}
	seconds := int(d.Delay.Seconds())
	if seconds%60 == 0 && seconds > 60 {
		return fmt.Sprintf("a quiet line each after %d minutes, nothing older", seconds/60)
	}
	if seconds == 60 {
		return "a quiet line each after a minute, nothing older"
	}
	return fmt.Sprintf("a quiet line each after %d seconds, nothing older", seconds)
}

func (d *desk) hours() string {
	if d.Loud {
		return ""
	}
	return " At night, at weekends and on holidays they wait."
}

func removeWord(f storage.Feed) string {
	if f.What == "all" {
		return "everything"
	}
	return bot.Code(strings.ToLower(f.Name))
}

func hears(all []storage.Feed) bool {
	for _, f := range all {
		if f.Level != "mute" {
			return true
		}
	}
	return false
}

// remove is `!feed remove events`, or the number that `!feeds` shows.
func (d *desk) remove(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.may(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	all, err := d.db.FeedsIn(ctx, here(c))
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{}, bot.Errorf("There is nothing to end: this room follows and mutes nothing. `!feed add events` begins.")
	}
	w := d.parse(c.Args)
	if w.name == "" && w.what != "all" {
		return bot.Reply{}, bot.Errorf("Which one? Try `!feed remove %s`, or its number in `!feeds`.", removeWord(all[0]))
	}
	var hits []storage.Feed
	for _, f := range all {
		if w.fits(f) {
			hits = append(hits, f)
		}
	}
	switch len(hits) {
	case 0:
		return bot.Reply{}, bot.Errorf("This room has no rule about “%s”. `!feeds` lists them with their numbers.", bot.Plain(bot.Clip(oneLine(c.Args), 60)))
	case 1:
		return d.drop(ctx, c, hits[0])
	}
	return bot.Reply{}, bot.Errorf("There are %d rules of that name here. Take the number: `!feed remove %d`; `!feeds` lists them.", len(hits), hits[0].ID)
}

// fits reports whether a wish names a rule.
func (w wish) fits(f storage.Feed) bool {
	if w.forum != "" && !strings.EqualFold(w.forum, forumName(f.Forum)) || w.what != "" && w.what != f.What {
		return false
	}
	if w.what == "" && w.name == fmt.Sprint(f.ID) {
		return true
	}
	return f.What == "all" && w.what == "all" || f.What != "all" && (strings.EqualFold(w.name, f.Name) || w.what == f.What && strings.EqualFold(w.name, f.Value))
}

func (d *desk) drop(ctx context.Context, c *bot.Call, f storage.Feed) (bot.Reply, error) {
	if err := d.db.DropFeed(ctx, f.ID); err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("Ended: this room no longer hears of %s. What I said of it stays, and still follows its topics.", d.described(f))
	if f.Level == "mute" {
		text = fmt.Sprintf("%s is no longer muted here.", upper(d.described(f)))
	}
	return bot.Reply{Text: text, Did: []bot.Effect{{What: "ended the feed " + f.Name, Undo: undo(storage.Feed{}, f, true)}}}, d.promise(ctx, f.Room)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// before is a room's rule as it was.
type before struct {
	Now int64        // the rule that goes, 0 for none
	Was storage.Feed // the rule that comes back
	Had bool
}

func undo(now, was storage.Feed, had bool) *bot.Act {
	data, _ := json.Marshal(before{now.ID, was, had}) // numbers and words: cannot fail
	return &bot.Act{Name: "feed.was", Data: string(data)}
}

// was brings a rule back as it was before.
func (d *desk) was(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var b before
	if err := json.Unmarshal([]byte(data), &b); err != nil {
		return bot.Reply{}, err
	}
	if b.Had {
		_, err := d.db.SaveFeed(ctx, b.Was)
		return bot.Reply{Text: fmt.Sprintf("As before: %s.", d.described(b.Was)+levelWords(b.Was))}, err
	}
	f, ok, err := d.db.Feed(ctx, b.Now)
	if err != nil || !ok {
		return bot.Reply{}, err
	}
	if err := d.db.DropFeed(ctx, f.ID); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Taken back: the rule about %s.", d.described(f))}, d.promise(ctx, f.Room)
}

func levelWords(f storage.Feed) string {
	return map[string]string{"follow": ", new topics", "watch": ", topics and replies", "mute": ", muted"}[f.Level]
}
