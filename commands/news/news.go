// Package news makes the network's newsletter: it collects items all month,
// builds the draft, and after one confirmation tells it to the forum, the
// rooms, the mail and the web, from where one word takes it back. Short
// announcements go the same way.
package news

import (
	"context"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// Options say what the newsletter is like and where it goes.
type Options struct {
	Title    string   // "CoTech newsletter"; "Newsletter" if empty
	Sections []string // in their order; those of the network if empty
	Day      int      // of the month, by whose noon items are in; 25 if 0
	Forums   []string // where it becomes a topic: "hub:16", a forum and the number of a category
	Tags     []string // of forum topics that propose themselves; "newsletter" if empty
	Webhooks []string // names of those that are configured
	Mail     bool     // mail can be sent
	BaseURL  string   // of the web pages, without a slash at the end; "" if they are nowhere

	Star       bot.Role      // who may put a message on the pile with a star; convenors if 0
	SecondCoop bool          // somebody of another co-op has to confirm
	UndoFor    time.Duration // how long a broadcast can be taken back; an hour if 0
	Everywhere bool          // announcements go to every room that has not said stop
	Pace       bot.Pace      // of broadcasts, to tell how long they take

	Nation when.Nation    // whose bank holidays are quiet
	Zone   *time.Location // London if nil

	// Token makes what stands in the links of an address's mails. It is
	// replaced only where conversations are played.
	Token func() string

	// Summarise, if set, proposes a short text for an item from the forum
	// thread that a link leads to, and says within it where it is from. ""
	// if there is nothing to say. It is shown as a proposal, never used by
	// itself.
	Summarise func(ctx context.Context, link string) (string, error)
}

// usual are the sections that the network's newsletter has had.
var usual = []string{"Welcome", "Get involved", "Featured co-op", "News", "Dates", "Call notes"}

func (o *Options) setDefaults() {
	if o.Title == "" {
		o.Title = "Newsletter"
	}
	if len(o.Sections) == 0 {
		o.Sections = usual
	}
	if o.Day == 0 {
		o.Day = 25
	}
	if len(o.Tags) == 0 {
		o.Tags = []string{"newsletter"}
	}
	if o.Star == 0 {
		o.Star = bot.Convenor
	}
	if o.UndoFor == 0 {
		o.UndoFor = time.Hour
	}
	if o.Nation == "" {
		o.Nation = when.EnglandWales
	}
	if o.Zone == nil {
		o.Zone = bot.London()
	}
}

// A desk is where the newsletter is made.
type desk struct {
	db *storage.DB
	Options
}

// New returns the feature over a database.
func New(db *storage.DB, o Options) bot.Feature {
	o.setDefaults()
	d := &desk{db, o}
	return bot.Feature{
		Name:     "Newsletter",
		Commands: []bot.Command{d.news(), d.announce()},
		Actions: []bot.Action{
			{Name: "news.drop", Run: d.undoAdd}, {Name: "news.was", Run: d.undoChange}, {Name: "news.room", Run: d.undoRoom},
			{Name: "news.issue", Run: d.undoIssue}, {Name: "news.publish", Run: d.publish}, {Name: "news.announce", Run: d.announced},
			{Name: "news.back", Run: d.takeBack}, {Name: "news.rota", Run: d.undoRota}, {Name: "news.featured", Run: d.undoFeatured},
			{Name: "news.correct", Run: d.corrected}, {Name: "news.consent", Run: d.consent}, {Name: "news.summary", Run: d.summarised},
		},
		Tellers: []bot.Teller{{Kind: deadlineKind, Tell: d.remind}, {Kind: progressKind, Tell: d.progress}, {Kind: beginKind, Tell: d.beginLater}, {Kind: subscribeKind, Tell: d.askAddress}},
		Pages:   d.web(),
		Jobs:    []bot.Job{{Name: "news", Every: 6 * time.Hour, Run: d.found}},
		Hears:   d.hears,
		Listen:  d.listen,
		Follow:  d.follow,
		Read:    d.read,
		Undo:    d.undoByCode,
		Forget:  func(ctx context.Context, p bot.Person) error { return d.db.ForgetNewsOf(ctx, p.ID) },
		Keeps:   "what you sent in for the newsletter, and your address if you get it by mail",
	}
}

// news is the command with its words.
func (d *desk) news() bot.Command {
	return bot.Command{
		Name: "news", Aliases: []string{"newsletter"}, Usage: "[number]", Short: "what the next newsletter has, or one item", Long: help, Run: d.overview,
		Sub: []bot.Command{
			{Name: "add", Usage: "<title> <text> <link>", Short: "send something in", Effect: true, Run: d.add},
			{Name: "edit", Usage: "<number> [title:|text:|link:] <new>", Short: "change an item", Effect: true, Run: d.edit},
			{Name: "summarise", Aliases: []string{"summary", "summarize"}, Usage: "<number>", Short: "propose a short text from the forum thread it leads to", Effect: true, Ask: d.readThread, Run: d.summarise},
			{Name: "move", Usage: "<number> <section|next|this>", Short: "to another section or issue", Effect: true, Run: d.move},
			{Name: "accept", Aliases: []string{"take"}, Usage: "<number>", Short: "it goes in", Effect: true, Run: d.accept},
			{Name: "hold", Usage: "<number> [why]", Short: "not now", Effect: true, Run: d.hold},
			{Name: "drop", Aliases: []string{"reject"}, Usage: "<number> [why]", Short: "not at all", Effect: true, Run: d.reject},
			{Name: "sections", Short: "which there are, and what they hold", Run: d.sections},
			{Name: "deadline", Usage: "[new time]", Short: "until when items count", Run: d.deadline},
			{Name: "draft", Usage: "[markdown|html]", Short: "as it stands, with what is missing", Run: d.draft},
			{Name: "publish", Usage: "[now]", Short: "shows everything, then asks", Effect: true, Run: d.preview},
			{Name: "missing", Short: "what is not in it yet, and who could send it", Run: d.missing},
			{Name: "correct", Usage: "<number> <new>", Short: "change an item that has gone out, everywhere", Effect: true, Run: d.correct},
			{Name: "rota", Usage: "[me|off|add <name>]", Short: "who makes it in turn", Effect: true, Run: d.rota},
			{Name: "handover", Aliases: []string{"hand-over"}, Usage: "[name]", Short: "pass the turn on", Effect: true, Run: d.handover},
			{Name: "featured", Usage: "[co-op|next]", Short: "which co-op tells about itself", Effect: true, Run: d.featured},
			{Name: "intro", Usage: "<words>", Short: "what stands at its top", Effect: true, Run: d.intro},
			{Name: "here", Usage: "[newsletter|announcements|reminders|tag <word>]", Short: "this room takes part", Effect: true, Run: d.here},
			{Name: "stop", Usage: "[newsletter|announcements|reminders|tag <word>]", Short: "it does not any more", Effect: true, Run: d.stop},
			{Name: "mail", Usage: "<address>|stop", Short: "get it by mail, or no longer", Run: d.mail},
			{Name: "log", Short: "what went where", Run: d.log},
		},
	}
}

const help = "- `!news add \"We won a bid with Autonomic\" https://…`: the first words are the title, the rest is the text\n" +
	"- `!news add dates: CSD meets on 18 December`: into a section of your choice\n" +
	"- `!news`, `!news 31`, `!news sections`, `!news deadline`\n" +
	"- for editors: `!news accept 31`, `!news edit 31 …`, `!news move 31 dates`, `!news hold 31`, `!news drop 31`\n" +
	"- `!news draft`, `!news publish`, `!news log`\n" +
	"- `!news here`: the newsletter comes to this room too"

// mayEdit reports whether somebody makes the newsletter: coordinators, and
// the editors on the rota.
func (d *desk) mayEdit(ctx context.Context, c *bot.Call) (bool, error) {
	if c.Person.Role >= bot.Coordinator {
		return true, nil
	}
	if c.Person.ID == 0 {
		return false, nil
	}
	editors, err := d.db.Editors(ctx)
	for _, e := range editors {
		if e.Person == c.Person.ID {
			return true, err
		}
	}
	return false, err
}

// editing refuses whoever does not make the newsletter.
func (d *desk) editing(ctx context.Context, c *bot.Call) error {
	may, err := d.mayEdit(ctx, c)
	if err == nil && !may {
		err = bot.Errorf("That is for the newsletter's editors and for coordinators. `!news add …` is for everybody.")
	}
	return err
}
