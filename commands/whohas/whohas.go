// Package whohas finds out who does what in the network, and keeps the
// directory that knows it: co-ops, their skills, their capacity, and who acts
// for them.
package whohas

import (
	"context"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// A desk answers questions about the directory.
type desk struct {
	db    *storage.DB
	words *directory.Words
	lex   lexicons
	found answers
}

// New returns the feature over a database.
func New(db *storage.DB) bot.Feature {
	d := &desk{db: db, words: directory.Vocabulary()}
	return bot.Feature{
		Name: "Who does what",
		Commands: []bot.Command{
			{Name: "whohas", Aliases: []string{"who-has", "whodoes"}, Usage: "<skill>", Short: "which co-ops do or use something", Long: searchHelp, Run: d.whohas},
			{Name: "coop", Aliases: []string{"co-op"}, Usage: "<name>", Short: "what I know about a co-op", Run: d.card},
			{Name: "coops", Aliases: []string{"co-ops"}, Usage: "[near <town>]", Short: "who is in the network, or near a town", Run: d.list},
			{Name: "skills", Usage: "[co-op]", Short: "what a co-op lists, yours if you name none", Run: d.skills},
			{Name: "skill", Usage: "add <skill>", Short: "add or remove a skill of your co-op", Needs: bot.Member, Sub: []bot.Command{
				{Name: "add", Usage: "<skill> [expert|can do|learning]", Short: "your co-op does or uses it", Needs: bot.Member, Effect: true, Run: d.skillAdd},
				{Name: "remove", Aliases: []string{"drop", "delete"}, Usage: "<skill>", Short: "it does not any more", Needs: bot.Member, Effect: true, Run: d.skillRemove},
			}},
			{Name: "capacity", Usage: "[what you have time for]", Short: "who has time, or say that you have", Long: capacityHelp, Run: d.capacity},
			{Name: "wanted", Short: "what was looked for and not found", Run: d.wanted},
			{Name: "alias", Usage: "<word> = <skill or co-op>", Short: "suggest another word for something", Effect: true, Run: d.alias},
			{Name: "iam", Aliases: []string{"i-am"}, Usage: "<co-op>", Short: "say which co-op you act for", Effect: true, Run: d.iam},
			{Name: "delist", Usage: "<co-op>", Short: "propose that a co-op leaves the list", Needs: bot.Coordinator, Effect: true, Run: d.delist},
			{Name: "relist", Usage: "<co-op>", Short: "bring a co-op back to the list", Needs: bot.Coordinator, Effect: true, Run: d.relist},
			{Name: "imports", Usage: "[undo <number>]", Short: "what was imported, and taking it back", Needs: bot.Coordinator, Run: d.imports},
			{Name: "link", Usage: "[code]", Short: "join your Matrix and forum accounts", Effect: true, Run: d.link},
		},
		Actions: []bot.Action{
			{Name: "skill.was", Run: d.was}, {Name: "capacity.was", Run: d.undoCapacity}, {Name: "capacity.stop", Run: d.stopped},
			{Name: "iam.join", Run: d.join, May: mayConfirm}, {Name: "iam.back", Run: d.back}, {Name: "link.cut", Run: d.cut},
			{Name: "import.back", Run: d.importBack}, {Name: "import.undo", Run: d.undoImport},
			{Name: "coop.delist", Run: d.delisted}, {Name: "coop.was", Run: d.coopWas},
			{Name: "alias.accept", Run: d.accept}, {Name: "alias.drop", Run: d.drop},
		},
		Tellers: []bot.Teller{{Kind: promptKind, Tell: d.prompt}},
		Keeps:   "which co-op you act for, and your accounts if you linked them; what your co-op says of its skills and capacity",
	}
}

const searchHelp = "- `!whohas nextcloud`\n" +
	"- `!whohas film + web design`: both\n" +
	"- `!whohas drupal or wordpress`: either; `!whohas php not wordpress`\n" +
	"- `!whohas hosting near Sheffield`, or `in Scotland`\n" +
	"- `!whohas drupal with capacity`: who says they have time\n" +
	"- `!whohas discourse former`: co-ops that have left the list\n" +
	"- `!whohas development more`: the rest of a long list"

const capacityHelp = "- `!capacity 2 people from March: design, 6 weeks`\n" +
	"- `!capacity none`: no time any more\n" +
	"- `!capacity ask me`: I ask you once a month; `!capacity stop asking`"

// whohas is `!whohas`.
func (d *desk) whohas(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	asked := tidy(c.Args)
	if asked == "" {
		return bot.Reply{}, bot.Errorf("Which skill are you looking for? Try `!whohas nextcloud`, or `!help whohas` for more ways to ask.")
	}
	edition, err := d.db.Edition(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	page := pageOf(asked, c)
	if text, ok := d.found.get(page, edition); ok {
		return bot.Reply{Text: text}, nil
	}
	text, kept, err := d.look(ctx, asked, c)
	if err == nil && kept {
		d.found.put(page, edition, text)
	}
	return bot.Reply{Text: text}, err
}

// look answers a question. The answer may be kept if giving it wrote nothing.
func (d *desk) look(ctx context.Context, asked string, c *bot.Call) (text string, kept bool, err error) {
	q := parseQuery(asked, d.known(ctx))
	if q.nowhere != "" {
		return "", false, bot.Errorf("%s", unknownTown(q.nowhere))
	}
	if len(q.any) == 0 {
		text, err = d.coopsNear(ctx, q, c)
		return text, false, err
	}
	return d.search(ctx, q, c)
}

// maxAsked is how much of a question is read. Nobody means more.
const maxAsked = 200

// tidy makes what a person typed one line of plain words.
func tidy(s string) string {
	if len(s) > 4*maxAsked {
		s = s[:4*maxAsked]
	}
	s = strings.Join(strings.Fields(bot.Printable(strings.ToValidUTF8(s, ""))), " ")
	s = strings.TrimRight(strings.Trim(s, "?! \"'“”‘’`<>*_"), ". ")
	if r := []rune(s); len(r) > maxAsked {
		s = string(r[:maxAsked])
	}
	return s
}
