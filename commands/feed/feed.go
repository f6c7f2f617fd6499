// Package feed brings the forum's news to rooms: `!feed add events here`.
//
// A rule says what a room hears of: a category, a tag, an author, or
// everything. What happens on a forum is told to it in [bot.Feature].Read,
// which writes down a line for each room that is to hear of it. The line waits
// a minute, so that moderators can act first, or until people are awake, and
// is then said: by itself, or in one digest where there are many. What becomes
// of the topic afterwards changes the line.
package feed

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A Forum is one the bot is on.
type Forum struct {
	Site string // "discourse/hub"
	URL  string // "https://hub.example", as in addresses that people paste
	Ask  Source
}

// Name is what people call it: "hub".
func (f Forum) Name() string { return forumName(f.Site) }

func forumName(site string) string { return strings.TrimPrefix(site, "discourse/") }

// A Source knows what there is to follow on a forum. Its methods ask the forum.
type Source interface {
	Categories(ctx context.Context) ([]storage.ForumCategory, error)
	Tags(ctx context.Context) ([]string, error)
	// Person returns the user with that name, false if there is none.
	Person(ctx context.Context, name string) (bot.User, bool, error)
}

// Options say which forums there are and how their news is told.
type Options struct {
	Forums []Forum
	Delay  time.Duration // how long news waits for moderators
	Loud   bool          // told at night, at weekends and on holidays too
	Zone   *time.Location
	// Heard returns when a site was last heard of, zero if it has not been;
	// nil if nobody knows.
	Heard func(site string) time.Time
	Log   *slog.Logger
}

type desk struct {
	db *storage.DB
	Options
}

// New returns the feature.
func New(db *storage.DB, o Options) bot.Feature {
	d := &desk{db, o}
	d.Zone = cmp.Or(d.Zone, bot.London())
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return bot.Feature{
		Name: "The forum's news",
		Commands: []bot.Command{
			{Name: "feed", Usage: "add <category, tag or author>", Short: "let this room hear of the forum", Long: help, Run: d.bare, Sub: []bot.Command{
				{Name: "add", Aliases: []string{"follow"}, Usage: "<category, tag or author> [here]", Short: "hear of new topics", Effect: true, Ask: d.find, Run: d.setTo("follow")},
				{Name: "watch", Usage: "<category, tag or author>", Short: "hear of replies too", Effect: true, Ask: d.find, Run: d.setTo("watch")},
				{Name: "mute", Usage: "<category, tag or author>", Short: "hear nothing of it", Effect: true, Ask: d.find, Run: d.setTo("mute")},
				{Name: "remove", Aliases: []string{"unmute", "unfollow", "unwatch", "drop", "delete", "stop"}, Usage: "<name or number>", Short: "end it", Effect: true, Run: d.remove},
				{Name: "list", Short: "what this room hears of", Run: d.list},
				{Name: "test", Short: "show here what a line looks like", Run: d.test},
			}},
			{Name: "feeds", Short: "what this room hears of the forum, and how it goes", Run: d.list},
		},
		Actions: []bot.Action{{Name: "feed.was", Run: d.was}},
		Tellers: []bot.Teller{{Kind: kind, Tell: d.tell}},
		Jobs: []bot.Job{
			{Name: "forum categories", Every: time.Hour, Run: d.learn},
			{Name: "old feed lines", Every: 24 * time.Hour, At: 3 * time.Hour, Run: d.clean},
		},
		Read:   d.read,
		Forget: d.forget,
		Keeps:  "who asked for the forum's news in a room; titles and authors of forum topics that rooms were told of, for 90 days",
	}
}

const help = "- `!feed add events`: this room hears of each new topic in the category Events, once and quietly\n" +
	"- `!feed add tag jobs`, `!feed add author ana`, `!feed add category 5`, `!feed add everything`\n" +
	"- `!feed add events on hub`, where there are two forums\n" +
	"- `!feed watch events`: replies too\n" +
	"- `!feed mute tag jobs`: nothing of that\n" +
	"- An author's rule goes before a tag's, a tag's before a category's; of two rules of a kind, mute wins.\n" +
	"- `!feeds` lists the rules; `!feed remove events` ends one; `!feed test` shows how a line looks\n" +
	"- The convenor of the room's group says what it hears of, or a coordinator; where there is no convenor, anybody who acts for a co-op."

// bare is `!feed` without a word that we know after it.
func (d *desk) bare(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if word := oneLine(c.Args); word != "" {
		return bot.Reply{}, bot.Errorf("Do you want to hear of it, or not? Try `!feed add %s`, or `!feed mute %[1]s`.", bot.Code(bot.Clip(word, 40)))
	}
	return d.list(ctx, c)
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(bot.Printable(strings.ToValidUTF8(s, ""))), " ")
}

// here is the room a command is about. Threads are part of it.
func here(c *bot.Call) bot.Room { return bot.Room{Site: c.Room.Site, ID: c.Room.ID} }

// may returns a refusal if the person may not say what the room hears of.
func (d *desk) may(ctx context.Context, c *bot.Call) error {
	if strings.HasPrefix(c.Room.Site, "discourse/") {
		return bot.Errorf("This is the forum itself: its own bell follows categories and tags. I bring its news to rooms and chat channels; ask me there.")
	}
	if c.Direct || c.Person.Role >= bot.Coordinator {
		return nil
	}
	group, ok, err := d.db.GroupAt(ctx, here(c))
	if err != nil {
		return err
	}
	if ok {
		led, err := d.ledBy(ctx, c, group)
		if led || err != nil {
			return err
		}
	}
	if c.Person.CoopID == 0 && c.Person.Role < bot.Member {
		return bot.Errorf("Feeds are set by people who act for a co-op. Tell me yours with `!iam <co-op>`.")
	}
	return nil
}

// ledBy reports whether the person leads the group. If somebody else does, it
// returns a refusal; if nobody does, neither.
func (d *desk) ledBy(ctx context.Context, c *bot.Call, group storage.Group) (bool, error) {
	members, err := d.db.GroupMembers(ctx, group.ID)
	if err != nil {
		return false, err
	}
	someone := false
	for _, m := range members {
		if m.Role == "member" {
			continue
		}
		if m.Person == c.Person.ID {
			return true, nil
		}
		someone = true
	}
	if someone {
		return false, bot.Errorf("What %s hears of is for its convenor to say, or a coordinator. In a direct message with me you can follow what you like yourself.", bot.Plain(group.Name))
	}
	return false, nil
}

// learn asks each forum what its categories are called.
func (d *desk) learn(ctx context.Context, _ time.Time) ([]bot.Post, error) {
	for _, f := range d.Forums {
		all, err := f.Ask.Categories(ctx)
		if err != nil {
			d.Log.Warn("categories not asked for", "site", f.Site, "err", err)
			continue
		}
		if err := d.db.SaveForumCategories(ctx, f.Site, all); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// kept is how long lines can still change with their topics.
const kept = 90 * 24 * time.Hour

func (d *desk) clean(ctx context.Context, now time.Time) ([]bot.Post, error) {
	return nil, d.db.CleanFeedLines(ctx, now.Add(-kept))
}

func (d *desk) forget(ctx context.Context, p bot.Person) error {
	accounts, err := d.db.Accounts(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if err := d.db.ForgetAuthor(ctx, a.Site, a.User); err != nil {
			return err
		}
	}
	return nil
}
