// Package about lets the bot speak of itself: what it keeps, how it is, what
// it may do, and whom to ask.
package about

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// Options are what the feature has to be told.
type Options struct {
	Version   string
	Retention storage.Retention
	Operator  string // who runs the bot and answers for it; "" if nobody said

	// Check says what the bot may do in a room and what the asker may, a line
	// each; the key is the site the room is on, or the part before its slash.
	Check map[string]func(ctx context.Context, room bot.Room, user bot.User) ([]string, error)
	// Status has a line or two for each part of the program that can tell how it is.
	Status []func(ctx context.Context) []string
	// Keeps are the features' lines about what they keep.
	Keeps []string
	// Forget are the features' own ways to forget a person.
	Forget []func(ctx context.Context, p bot.Person) error
	// Started is when the program began.
	Started time.Time
}

type desk struct {
	db *storage.DB
	Options
}

// New returns the feature.
func New(db *storage.DB, o Options) bot.Feature {
	d := &desk{db, o}
	return bot.Feature{
		Name: "Trust",
		Commands: []bot.Command{
			{Name: "privacy", Short: "what I keep about you, and for how long", Run: d.privacy},
			{Name: "forget", Usage: "me", Short: "erase who you are from what I keep", Effect: true, Run: d.forget},
			{Name: "status", Short: "how I am", Run: d.status},
			{Name: "doctor", Short: "what I may do here, what you may do, and what is missing", Ask: d.examine, Run: d.doctor},
			{Name: "who", Usage: "coordinators", Short: "whom to ask", Run: d.who},
		},
		Actions: []bot.Action{{Name: "about.forget", Run: d.forgotten}},
	}
}

func days(d time.Duration) string {
	n := int(d.Hours() / 24)
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// privacy is `!privacy`.
func (d *desk) privacy(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	var t strings.Builder
	fmt.Fprintf(&t, "**What I keep**\n"+
		"- The words of commands and my answers for %s; that there was one for %s, so that I never answer twice.\n"+
		"- Of everything else said in rooms, only how many messages there were each day. Never the words, never by whom.\n",
		days(d.Retention.Words), days(d.Retention.Rows))
	for _, k := range d.Keeps {
		fmt.Fprintf(&t, "- %s.\n", strings.ToUpper(k[:1])+k[1:])
	}
	t.WriteString("- Who changed what, for `!why` and `!undo`.\n")
	if d.Operator != "" {
		fmt.Fprintf(&t, "I run on a computer kept by %s. ", bot.Plain(d.Operator))
	}
	t.WriteString("I pass nothing on, and no language model reads it unless the coordinators switch one on. `!forget me` erases who you are.")
	return bot.Reply{Text: t.String()}, nil
}

// forget is `!forget me`.
func (d *desk) forget(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if strings.ToLower(strings.TrimSpace(c.Args)) != "me" {
		return bot.Reply{}, bot.Errorf("I can forget you, and only you can ask for it: `!forget me`.")
	}
	return bot.Reply{
		Direct: true,
		Text: "Shall I forget who you are? I erase your name and accounts, your open questions and the words I still hold of yours, and you no longer act for a co-op or have a role here. " +
			"What was decided stays in the log under a number that leads to nobody. This cannot be undone.",
		Ask: &bot.Ask{Act: bot.Act{Name: "about.forget"}},
	}, nil
}

func (d *desk) forgotten(ctx context.Context, c *bot.Call, _ string) (bot.Reply, error) {
	for _, f := range d.Forget {
		if err := f(ctx, c.Person); err != nil {
			return bot.Reply{}, err
		}
	}
	n, err := d.db.ForgetPerson(ctx, c.Room.Site, c.From)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: fmt.Sprintf("Done: %d entries no longer say who you are. If you talk to me again we start afresh.", n)}, d.db.Log(ctx, bot.Entry{At: c.Time, Person: c.Person.ID, Room: bot.Room{Site: c.Room.Site}, Effect: bot.Effect{What: "forgot a person"}})
}

// status is `!status`.
func (d *desk) status(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	s, err := d.db.Status(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "**I am well.** Wortley %s", d.Version)
	if !d.Started.IsZero() {
		fmt.Fprintf(&t, ", up since %s", d.Started.In(c.Zone).Format("Monday 2 January, 15:04"))
	}
	fmt.Fprintf(&t, ".\n- Co-ops on the list: %d; %s.\n", s.Coops, promises(s.Promises))
	if s.Owed > 0 {
		fmt.Fprintf(&t, "- %d posts wait to be sent, the oldest since %s.\n", s.Owed, s.OldestOwed.In(c.Zone).Format("15:04 on 2 January"))
	}
	if s.GivenUp > 0 {
		fmt.Fprintf(&t, "- %d posts of the last week could not be sent: %s.\n", s.GivenUp, bot.Plain(bot.Clip(s.LastNote, 120)))
	}
	if !s.Backup.IsZero() {
		fmt.Fprintf(&t, "- The last backup is of %s.\n", s.Backup.In(c.Zone).Format("Monday 2 January, 15:04"))
	}
	for _, f := range d.Status {
		for _, line := range f(ctx) {
			fmt.Fprintf(&t, "- %s\n", line)
		}
	}
	return bot.Reply{Text: strings.TrimSpace(t.String())}, nil
}

func promises(n int) string {
	switch n {
	case 0:
		return "nothing is promised for later"
	case 1:
		return "1 thing is promised for later"
	}
	return fmt.Sprintf("%d things are promised for later", n)
}

// examine asks the site what may be done in the room.
func (d *desk) examine(ctx context.Context, c *bot.Call) (any, error) {
	site, _, _ := strings.Cut(c.Room.Site, "/")
	check := d.Check[c.Room.Site]
	if check == nil {
		check = d.Check[site]
	}
	if check == nil {
		return []string(nil), nil
	}
	return check(ctx, c.Room, c.From)
}

// doctor is `!doctor`.
func (d *desk) doctor(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	var t strings.Builder
	t.WriteString("**Here**\n")
	lines, _ := c.Told.([]string)
	if len(lines) == 0 {
		lines = []string{"I can read what is said to me, and answer. This site has no rights that could be missing."}
	}
	for _, l := range lines {
		fmt.Fprintf(&t, "- %s\n", l)
	}
	fmt.Fprintf(&t, "**You** have the role of %s", c.Person.Role)
	if c.Person.Coop != "" {
		fmt.Fprintf(&t, ", and act for %s", bot.Plain(c.Person.Coop))
	}
	t.WriteString(".")
	switch {
	case c.Person.CoopID == 0:
		t.WriteString(" To change skills and capacity, tell me your co-op: `!iam <co-op>`.")
	case c.Person.Role < bot.Coordinator:
		t.WriteString(" `!who coordinators` says who can do more.")
	}
	return bot.Reply{Text: t.String()}, nil
}

// who is `!who coordinators`.
func (d *desk) who(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	switch strings.ToLower(strings.TrimSpace(c.Args)) {
	case "coordinators", "coordinator", "is coordinator", "are the coordinators", "":
	default:
		return bot.Reply{}, bot.Errorf("I can say who the coordinators are: `!who coordinators`. For skills try `!whohas %s`.", bot.Code(bot.Clip(strings.TrimSpace(c.Args), 40)))
	}
	all, err := d.db.AccountsWith(ctx, bot.Coordinator)
	if err != nil {
		return bot.Reply{}, err
	}
	var names []string
	seen := map[int64]bool{}
	for _, a := range all {
		if !seen[a.Person] {
			names = append(names, bot.Plain(a.Name))
		}
		seen[a.Person] = true
	}
	if len(names) == 0 {
		return bot.Reply{Text: "There are no coordinators yet. Whoever runs me names the first ones in my configuration, under `coordinators`."}, nil
	}
	return bot.Reply{Text: "Coordinators: " + strings.Join(names, ", ") + "."}, nil
}
