// Package fund keeps the network's money promises in the open: proposals and
// what co-ops pledge to them, objections to what the common fund spends, the
// books of that fund, and the models by which contributions are reckoned.
//
// The bot never holds or moves money. A pledge is a promise; after success the
// bot lists who pays whom, and writes down what people say has arrived. What
// is written is only ever added to: see storage/fundledger.go.
package fund

import (
	"context"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// Options are what the configuration says of the fund.
type Options struct {
	Currency string         // ISO 4217, GBP if ""
	Zone     *time.Location // in which what nobody asked for is said; London's if nil
	Announce bot.Room       // where proposals are announced; the room they are made in if none
	Topics   bot.Room       // a forum's category in which each proposal without a link gets a topic; none if zero
	Cap      string         // the most a co-op may pledge to one proposal, "" if none is agreed
	Second   string         // above this a second person of the co-op confirms, "" for never
	Ask      string         // above this a pledge is asked about first, "" for never

	ContributorsOnly bool // whether only contributors may object to a spend
}

// A desk is where co-ops come with their promises.
type desk struct {
	Options
	db *storage.DB
}

// New returns the feature over a database.
func New(db *storage.DB, o Options) bot.Feature {
	if o.Currency == "" {
		o.Currency = "GBP"
	}
	if o.Zone == nil {
		o.Zone = bot.London()
	}
	d := &desk{Options: o, db: db}
	return bot.Feature{
		Name:     "The fund",
		Commands: d.commands(),
		Actions: []bot.Action{
			{Name: "fund.answer", Run: d.answered}, {Name: "fund.open", Run: d.open}, {Name: "fund.pledge", Run: d.pledgeSaid},
			{Name: "fund.second", Run: d.pledgeSeconded}, {Name: "fund.undo", Run: d.undo}, {Name: "fund.change", Run: d.changed},
			{Name: "fund.spend", Run: d.spendOpened}, {Name: "fund.rule", Run: d.ruleSet},
		},
		Tellers: []bot.Teller{{Kind: endKind, Tell: d.tellEnd}, {Kind: nearKind, Tell: d.tellNear}, {Kind: halfKind, Tell: d.tellHalf}},
		Jobs:    []bot.Job{{Name: "fund.check", Every: day, At: checkAt, Run: d.nightly}},
		Forget:  d.forget,
		Keeps:   "what your co-op pledged, objected to and was paid, under your number; your unfinished proposal, and whether you want to be reminded",
	}
}

func (d *desk) commands() []bot.Command {
	return []bot.Command{
		{Name: "fund", Usage: "[number]", Short: "what the common fund holds, and what is promised to whom", Long: help, Run: d.look, Sub: []bot.Command{
			{Name: "propose", Usage: "[what]", Short: "propose something for co-ops to pay together", Needs: bot.Member, Run: d.propose},
			{Name: "pledge", Usage: "<number> <amount>", Short: "promise an amount for your co-op", Needs: bot.Member, Effect: true, Run: d.pledge},
			{Name: "withdraw", Aliases: []string{"unpledge"}, Usage: "<number> [amount]", Short: "take back what your co-op promised", Needs: bot.Member, Effect: true, Run: d.withdraw},
			{Name: "veto", Aliases: []string{"object", "block"}, Usage: "<number> <reason>", Short: "object; `back` takes it back", Needs: bot.Member, Effect: true, Run: d.veto},
			{Name: "close", Usage: "<number>", Short: "end a proposal before its time", Needs: bot.Member, Effect: true, Run: d.close},
			{Name: "cancel", Usage: "<number> [reason]", Short: "call a proposal off", Needs: bot.Member, Effect: true, Run: d.cancel},
			{Name: "raise", Usage: "<number> <amount> [until <date>]", Short: "ask for more", Needs: bot.Member, Effect: true, Run: d.raise},
			{Name: "extend", Usage: "<number> <date>", Short: "give it more time", Needs: bot.Member, Effect: true, Run: d.extend},
			{Name: "link", Usage: "<number> <address>", Short: "where a proposal is talked about", Needs: bot.Member, Effect: true, Run: d.link},
			{Name: "settle", Usage: "<number>", Short: "who pays whom, and what has arrived", Run: d.settle},
			{Name: "paid", Usage: "<number> <co-op> [amount] [link]", Short: "say that money has arrived", Needs: bot.Member, Effect: true, Run: d.paid},
			{Name: "report", Usage: "<number> <what came of it>", Short: "say what came of it", Needs: bot.Member, Effect: true, Run: d.report},
			{Name: "spend", Usage: "<amount> \"what for\"", Short: "spend from the common fund, unless somebody objects", Needs: bot.Member, Effect: true, Run: d.spend},
			{Name: "ledger", Usage: "[number] [csv|hledger]", Short: "every entry, as a list or a file", Run: d.ledger},
			{Name: "books", Usage: "[year]", Short: "what came in and went out, by co-op and year", Run: d.books},
			{Name: "calc", Usage: "<model> key=value …", Short: "reckon a contribution, or compare the models", Long: calcHelp, Run: d.calc},
			{Name: "mine", Short: "what your co-op has pledged and contributes", Needs: bot.Member, Run: d.mine},
			{Name: "remind", Usage: "[number|off]", Short: "be told before proposals end", Needs: bot.Member, Effect: true, Run: d.remind},
			{Name: "rules", Short: "what was agreed about the fund, and where", Run: d.rules},
			{Name: "rule", Usage: "<name> <value> <source>", Short: "write down what was agreed", Needs: bot.Coordinator, Effect: true, Run: d.rule},
			{Name: "check", Short: "look whether the ledger is whole", Needs: bot.Coordinator, Run: d.check},
		}},
		{Name: "subs", Usage: "<payroll>", Short: "what a co-op pays to workers.coop in a year", Run: d.subs},
	}
}

const help = "In full: `!fund all` lists every proposal, `!fund pledge 7 £250` pledges, `!fund withdraw 7 all` takes that back, `!fund veto 7 because …` objects, and `!fund veto 7 back` no longer. " +
	"`!fund spend £105 \"hosting for a year\" to Webarchitects https://…` asks the common fund. " +
	"A pledge is a promise: I never hold or move money."

// key is what an act is written under: the event that asked for it.
func key(c *bot.Call, what string) string { return what + "/" + c.Room.Site + "/" + c.ID }

// act is the beginning of what a person does to a proposal for their co-op.
func act(c *bot.Call, what string, proposal int64) storage.FundAct {
	return storage.FundAct{Key: key(c, what), At: c.Received(), Proposal: proposal, Coop: c.Person.CoopID, Person: c.Person.ID}
}

// numbered cuts a proposal's number off the front: "7 £250", "#7".
func numbered(args string) (n int64, rest string, ok bool) {
	word, rest, _ := strings.Cut(strings.TrimSpace(args), " ")
	if word, more, cut := strings.Cut(word, "\n"); cut {
		return numbered(word + " " + more + " " + rest)
	}
	n, err := strconv.ParseInt(strings.Trim(word, "#:,."), 10, 64)
	return n, strings.TrimSpace(rest), err == nil && n > 0 && len(word) <= 9
}

// proposal finds the proposal that a command is about. What is overdue is
// decided first, so that nobody sees or uses a proposal past its time.
func (d *desk) proposal(ctx context.Context, c *bot.Call, try string) (p storage.FundProposal, rest string, late []bot.Post, err error) {
	n, rest, ok := numbered(c.Args)
	if !ok {
		return p, "", nil, bot.Errorf("Which proposal? Try `!fund %s`; `!fund` lists the open ones.", try)
	}
	late, err = d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return p, "", nil, err
	}
	p, err = d.db.FundProposal(ctx, n)
	if err == storage.ErrNotFound {
		return p, "", nil, bot.Errorf("There is no proposal #%d. `!fund` lists the open ones, `!fund all` the others too.", n)
	}
	return p, rest, late, err
}

// mayChange reports whether somebody may change a proposal: people of the
// co-op that made it, and coordinators.
func mayChange(c *bot.Call, p storage.FundProposal) error {
	if c.Person.CoopID == p.Owner || c.Person.Role >= bot.Coordinator {
		return nil
	}
	return bot.Errorf("%s is a proposal of %s: its people can change it, or a coordinator.", name(p), bot.Plain(p.OwnerName))
}

// forget removes what is a person's own: a draft and wishes to be reminded.
// What they did for their co-op stays in the ledger, under their number.
func (d *desk) forget(ctx context.Context, p bot.Person) error {
	if err := d.db.FundSetDraft(ctx, p.ID, "", p0); err != nil {
		return err
	}
	_, err := d.db.FundUnremind(ctx, p.ID, 0)
	return err
}
