// Package minutes keeps what groups mean to talk about, what they said, and
// what somebody said they would do.
package minutes

import (
	"context"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// Options are what the feature has to be told.
type Options struct {
	// Forum is where minutes are published for groups that have no place of
	// their own on a forum: a category. None if its site is empty.
	Forum bot.Room
}

type desk struct {
	db *storage.DB
	Options
}

// New returns the feature.
func New(db *storage.DB, o Options) bot.Feature {
	d := &desk{db, o}
	return bot.Feature{
		Jobs: []bot.Job{{Name: "minutes missing", Every: 24 * time.Hour, At: 9*time.Hour + 30*time.Minute, Run: d.missing}},
		Name: "Agendas, minutes, actions",
		Commands: []bot.Command{
			{Name: "agenda", Usage: "[add|done|drop …]", Short: "what the group's next meeting is about", Long: agendaHelp, Run: d.agenda, Sub: []bot.Command{
				{Name: "add", Usage: "<item>", Short: "put something on it", Effect: true, Run: d.agendaAdd},
				{Name: "done", Usage: "<number>", Short: "it has been talked about", Effect: true, Run: d.agendaDone},
				{Name: "drop", Aliases: []string{"remove", "delete"}, Usage: "<number>", Short: "take it off", Effect: true, Run: d.agendaDrop},
			}},
			{Name: "minutes", Usage: "[day | find <words> | start]", Short: "what was said at a meeting; take minutes", Long: minutesHelp, Run: d.minutes, Sub: []bot.Command{
				{Name: "find", Aliases: []string{"search"}, Usage: "<words>", Short: "minutes with these words", Run: d.find},
				{Name: "list", Aliases: []string{"all"}, Short: "which minutes there are", Run: d.list},
				{Name: "start", Aliases: []string{"take"}, Usage: "[title]", Short: "take minutes in this room", Effect: true, Run: d.start},
				{Name: "stop", Aliases: []string{"end"}, Short: "keep them, and offer to publish them", Effect: true, Run: d.stop},
				{Name: "add", Usage: "[day:] <link or text>", Short: "keep minutes that were written elsewhere", Effect: true, Run: d.add},
				{Name: "publish", Usage: "[day]", Short: "put them on the forum", Effect: true, Run: d.publish},
			}},
			{Name: "action", Usage: "<@who> <what> by <day>", Short: "write down who does what", Long: actionHelp, Effect: true, Run: d.action, Sub: []bot.Command{
				{Name: "done", Usage: "<number>", Short: "it is done", Effect: true, Run: d.actionDone},
				{Name: "drop", Aliases: []string{"remove", "delete"}, Usage: "<number>", Short: "nobody will do it", Effect: true, Run: d.actionDrop},
				{Name: "due", Usage: "<number> <day>", Short: "when it is due", Effect: true, Run: d.actionDue},
				{Name: "give", Usage: "<number> <@who>", Short: "who does it", Effect: true, Run: d.actionGive},
			}},
			{Name: "actions", Usage: "[mine]", Short: "what is still to do", Run: d.actions},
		},
		Actions: []bot.Action{
			{Name: "agenda.state", Run: d.agendaBack}, {Name: "action.was", Run: d.actionBack}, {Name: "minutes.was", Run: d.minutesBack},
			{Name: "minutes.line", Run: d.lineBack}, {Name: "minutes.publish", Run: d.published},
		},
		Tellers:  []bot.Teller{{Kind: dueKind, Tell: d.tellDue}, {Kind: takingKind, Tell: d.tellTaking}, {Kind: publishKind, Tell: d.tellPublished}},
		Touchers: []bot.Toucher{{Prefix: "action/", Touch: d.touchDue}, {Prefix: "answer/", Touch: d.touchAnswer}},
		Hears:    d.hears,
		Listen:   d.listen,
		Follow:   d.follow,
		Forget:   d.db.ForgetInMinutes,
		Keeps:    "the agendas, actions and minutes that groups have me keep; while minutes are taken in a room, the lines that begin with `^` and no others",
	}
}

const agendaHelp = "- `!agenda`: what is on it, and what is still to do\n" +
	"- `!agenda add mentoring: who takes part?`\n" +
	"- `!agenda add 13 Feb: the accounts`: for the meeting on that day\n" +
	"- `!agenda done 2`, `!agenda drop 2`: by its number on the list\n" +
	"- What is not done stays on for the next meeting. Elsewhere than in the group's room, name the group: `!agenda csd`."

const minutesHelp = "- `!minutes`: the last ones; `!minutes 10 Oct`: those of a day; `!minutes list`\n" +
	"- `!minutes find mentoring`: where something was talked about\n" +
	"- `!minutes start`: I keep lines that begin with `^`, and nothing else: `^topic budget`, `^note …`, `^agreed …`, `^action @sal write the brief by Friday`, `^present …`. Edit or delete a line and I follow. `!minutes stop` ends it\n" +
	"- `!minutes add https://…` or `!minutes add 10 Oct: …`: minutes that were written elsewhere"

const actionHelp = "- `!action @sal write the brief by Friday`; `!action me book the hall by 16 Jan`\n" +
	"- `!actions`, `!actions mine`\n" +
	"- `!action done 12` or ✅ on what I said about it; `!action drop 12`; `!action due 12 next Friday`; `!action give 12 @ana`\n" +
	"- I remind its owner on the day, and three working days later."

// tidy makes what a person typed one line of at most n letters.
func tidy(s string, n int) string {
	s = strings.Join(strings.Fields(bot.Printable(strings.ToValidUTF8(s, ""))), " ")
	return bot.Clip(s, n)
}

// room is where a call was made, without its thread.
func room(c *bot.Call) bot.Room { return bot.Room{Site: c.Room.Site, ID: c.Room.ID} }

// forGroup is what a call is about.
type forGroup struct {
	storage.Group
	here bool   // it was made where the group talks
	args string // without the group's name
}

// about finds the group that a call is about: that of the room, the one that
// is named first, or the only one that the person is in.
func (d *desk) about(ctx context.Context, c *bot.Call) (f forGroup, err error) {
	f.args = strings.TrimSpace(c.Args)
	g, here, err := d.db.GroupAt(ctx, room(c))
	if err != nil {
		return f, err
	}
	word, rest := cutWord(f.args)
	named := false
	if word != "" && (!here || rest == "") {
		var other storage.Group
		if other, named, err = d.db.GroupNamed(ctx, strings.TrimRight(word, ":,")); err != nil {
			return f, err
		}
		if named {
			f.Group, f.args = other, rest
			f.here = here && other.ID == g.ID
			return f, d.mayRead(ctx, c, f)
		}
	}
	if here {
		f.Group, f.here = g, true
		return f, nil
	}
	return d.onlyOne(ctx, c, f)
}

func (d *desk) onlyOne(ctx context.Context, c *bot.Call, f forGroup) (forGroup, error) {
	if c.Person.ID != 0 {
		mine, err := d.db.GroupsOf(ctx, c.Person.ID)
		if err != nil {
			return f, err
		}
		if len(mine) == 1 {
			g, _, err := d.db.Group(ctx, mine[0].Group)
			f.Group = g
			return f, err
		}
	}
	all, err := d.db.Groups(ctx)
	if err != nil {
		return f, err
	}
	if len(all) == 0 {
		return f, bot.Errorf("I know no groups yet, and this belongs to one. A coordinator makes one with `!group create`.")
	}
	var words []string
	for _, g := range all[:min(len(all), 5)] {
		words = append(words, "`"+bot.Code(g.Slug)+"`")
	}
	return f, bot.Errorf("For which group? Ask me in its room, or put its word right after the command: %s.", strings.Join(words, ", "))
}

// mayRead refuses what a group wrote to people who have nothing to do with the network.
func (d *desk) mayRead(ctx context.Context, c *bot.Call, f forGroup) error {
	if f.here || c.Person.Role >= bot.Member {
		return nil
	}
	role, err := d.db.GroupRole(ctx, f.ID, c.Person.ID)
	if err == nil && role == "" {
		err = bot.Errorf("That is for people of the network. Tell me your co-op with `!iam <co-op>`, or ask in the group's room.")
	}
	return err
}

// mayWrite refuses changes from outside a group, but for coordinators.
func (d *desk) mayWrite(ctx context.Context, c *bot.Call, f forGroup) error {
	if f.here || c.Person.Role >= bot.Coordinator {
		return nil
	}
	role, err := d.db.GroupRole(ctx, f.ID, c.Person.ID)
	if err == nil && role == "" {
		err = bot.Errorf("%s keeps its own list: do that in its room, or join it with `!join %s`.", bot.Plain(f.Name), bot.Code(f.Slug))
	}
	return err
}

// change is about for what is written.
func (d *desk) change(ctx context.Context, c *bot.Call) (forGroup, error) {
	f, err := d.about(ctx, c)
	if err != nil {
		return f, err
	}
	return f, d.mayWrite(ctx, c, f)
}

func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, " \n\t"); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// answer is a reply for the asker alone unless they ask where the group talks.
func (f forGroup) answer(text string) bot.Reply { return bot.Reply{Text: text, Direct: !f.here} }
