package fund

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/commands/fund/ledgerfile"
	"git.coop/cotech/wortley/storage"
)

// Books are read books, ready to be imported.
type Books struct {
	journal ledgerfile.Journal
	row     storage.FundBooks
}

// ReadBooks reads a plain-text ledger. With problems there are no books.
func ReadBooks(text, source, currency string) (Books, []ledgerfile.Problem) {
	j, problems := ledgerfile.Read(text, currency)
	if len(problems) > 0 {
		return Books{}, problems
	}
	if len(j.Entries) == 0 {
		return Books{}, []ledgerfile.Problem{{Text: "there is no entry in this file"}}
	}
	return booksOf(j, source), nil
}

func booksOf(j ledgerfile.Journal, source string) Books {
	s := j.Summary()
	b := storage.FundBooks{Source: source, Currency: j.Currency, From: s.From, AsOf: s.AsOf, Balance: s.Balance.Minor}
	for i := len(s.Years) - 1; i >= 0; i-- {
		y := storage.FundYear{Year: s.Years[i].Year}
		for _, l := range s.Years[i].In {
			y.In = append(y.In, storage.FundLine{Account: l.Account, Amount: l.Amount.Minor})
		}
		for _, l := range s.Years[i].Out {
			y.Out = append(y.Out, storage.FundLine{Account: l.Account, Amount: l.Amount.Minor})
		}
		b.Years = append(b.Years, y)
	}
	return Books{journal: j, row: b}
}

// AsOf is noon on the last day of the books.
func (b Books) AsOf() time.Time {
	t, err := time.Parse(time.DateOnly, b.row.AsOf)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// String says what the books come to.
func (b Books) String() string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s: %s entries, %s to %s.\nBalance: %v", b.row.Source, fmt.Sprint(len(b.journal.Entries)), sayDay(b.row.From), sayDay(b.row.AsOf), money.Amount{Minor: b.row.Balance, Currency: b.row.Currency})
	for _, y := range b.row.Years {
		fmt.Fprintf(&t, "\n%s: %v in, %v out", y.Year, b.row.Sum(y.In), b.row.Sum(y.Out))
	}
	return t.String()
}

// Import makes these the books of the common fund. The same books are
// imported once: again is true if they are there already.
func (b Books) Import(ctx context.Context, db *storage.DB, now time.Time) (again bool, err error) {
	var text strings.Builder
	if err := ledgerfile.WriteHledger(&text, b.journal); err != nil {
		return false, err
	}
	b.row.Text = text.String()
	sum := sha256.Sum256([]byte(b.row.Source + "\n" + b.row.Text))
	print := hex.EncodeToString(sum[:])
	latest, err := db.FundBooksText(ctx)
	if err == nil && latest == b.row.Text {
		return true, nil
	}
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return false, err
	}
	n, _, err := db.FundHead(ctx)
	if err != nil {
		return false, err
	}
	return db.FundImport(ctx, storage.FundAct{Key: fmt.Sprintf("books/%s/%d", print[:16], n), At: now, Data: fmt.Sprintf(`{"sha256":%q}`, print)}, b.row)
}

// WriteBooks writes the latest books of the common fund for hledger or
// beancount, with what co-ops paid and what was spent.
func WriteBooks(ctx context.Context, db *storage.DB, w io.Writer, form string) error {
	b, err := db.FundBooks(ctx)
	if errors.Is(err, storage.ErrNotFound) {
		return errors.New("fund: there are no books yet; wortley import fund brings them in")
	}
	if err != nil {
		return err
	}
	text, err := db.FundBooksText(ctx)
	if err != nil {
		return err
	}
	j, problems := ledgerfile.Read(text, b.Currency)
	if len(problems) > 0 {
		return fmt.Errorf("fund: reading the books again: %v", problems[0])
	}
	if form == "beancount" {
		return ledgerfile.WriteBeancount(w, j)
	}
	return ledgerfile.WriteHledger(w, j)
}

// ImportMembers replaces what co-ops said they give, from a members.csv.
func ImportMembers(ctx context.Context, db *storage.DB, members []ledgerfile.Member, now time.Time) error {
	var all []storage.FundMember
	for _, m := range members {
		all = append(all, storage.FundMember{Name: m.Coop, Amount: m.Contribution.Minor})
	}
	n, _, err := db.FundHead(ctx)
	if err != nil {
		return err
	}
	_, err = db.FundSetMembers(ctx, storage.FundAct{Key: fmt.Sprintf("members/%d", n), At: now}, all)
	return err
}

// Demo imports what the network's fund published of 2019 to 2021, and opens a
// proposal to play with.
func Demo(ctx context.Context, db *storage.DB, now time.Time) error {
	books := booksOf(ledgerfile.History().Journal(), "accounts the fund published, community.coops.tech/t/2560 and /t/3051")
	if _, err := books.Import(ctx, db, now); err != nil {
		return err
	}
	owner, err := db.EnsureCoop(ctx, "Autonomic")
	if err != nil {
		return err
	}
	giver, err := db.EnsureCoop(ctx, "Calverts")
	if err != nil {
		return err
	}
	end := when.At(when.DateOf(now.In(when.London)).AddDays(24), when.HM(23, 59), when.London)
	p, _, err := db.FundOpen(ctx, storage.FundAct{Key: "demo/open", At: now}, storage.FundProposal{Kind: storage.FundPledges, Title: "A map of the network (made up, to play with)",
		Owner: owner, Currency: "GBP", Minimum: 120000, Target: 120000, Deadline: end.UTC(),
		Details: storage.FundDetails{Benefit: "people find the co-op next door", Done: "every co-op is on the map", Payee: "Autonomic", PayWhen: "on completion"}})
	if err != nil {
		return err
	}
	_, _, err = db.FundPledge(ctx, storage.FundAct{Key: "demo/pledge", At: now, Proposal: p.ID, Coop: giver, Amount: 40000})
	return err
}

// books is `!fund books [2021]`.
func (d *desk) books(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	b, err := d.db.FundBooks(ctx)
	if errors.Is(err, storage.ErrNotFound) {
		return bot.Reply{}, bot.Errorf("I have not seen the books of the common fund yet. Its treasurer can give them to whoever runs me: `wortley import fund`.")
	}
	if err != nil {
		return bot.Reply{}, err
	}
	year := strings.TrimSpace(c.Args)
	var t strings.Builder
	fmt.Fprintf(&t, "**Books of the common fund**: %v on %s (source: %s)\n", money.Amount{Minor: b.Balance, Currency: b.Currency}, sayDay(b.AsOf), bot.Plain(b.Source))
	if year == "" {
		for _, y := range b.Years {
			fmt.Fprintf(&t, "- %s: %v in from %s, %s\n", y.Year, b.Sum(y.In), plural(int64(len(y.In)), "co-op"), spent(b, y))
		}
		if len(b.Years) > 0 {
			fmt.Fprintf(&t, "`!fund books %s` lists that year by co-op. ", b.Years[0].Year)
		}
		fmt.Fprintf(&t, "Imported on %s.", b.At.In(c.Zone).Format("2 January 2006"))
		return bot.Reply{Text: t.String()}, nil
	}
	for _, y := range b.Years {
		if y.Year == year {
			fmt.Fprintf(&t, "%s in, %v:\n%s", y.Year, b.Sum(y.In), lines(b, y.In))
			if len(y.Out) > 0 {
				fmt.Fprintf(&t, "%s out, %v:\n%s", y.Year, b.Sum(y.Out), lines(b, y.Out))
			}
			return bot.Reply{Text: strings.TrimSpace(t.String())}, nil
		}
	}
	return bot.Reply{}, bot.Errorf("The books go from %s to %s; there is nothing about “%s”.", sayDay(b.From), sayDay(b.AsOf), bot.Plain(bot.Clip(year, 20)))
}

// spent says what went out in a year.
func spent(b storage.FundBooks, y storage.FundYear) string {
	if len(y.Out) == 0 {
		return "no spending listed"
	}
	return b.Sum(y.Out).String() + " out"
}

// lines lists accounts and their sums, the largest first.
func lines(b storage.FundBooks, all []storage.FundLine) string {
	var t strings.Builder
	for _, l := range all {
		fmt.Fprintf(&t, "- %s: %v\n", bot.Plain(account(l.Account)), money.Amount{Minor: l.Amount, Currency: b.Currency})
	}
	return t.String()
}

// account is the last part of an account's name.
func account(name string) string { return ledgerfile.Line{Account: name}.Name() }

// contributed returns what a co-op gave in the last year of the books.
func (d *desk) contributed(ctx context.Context, coop string) (minor int64, year string, err error) {
	b, err := d.db.FundBooks(ctx)
	if errors.Is(err, storage.ErrNotFound) || err == nil && len(b.Years) == 0 {
		return 0, "the fund", nil
	}
	if err != nil {
		return 0, "", err
	}
	for _, l := range b.Years[0].In {
		if same(account(l.Account), coop) {
			minor += l.Amount
		}
	}
	return minor, b.Years[0].Year, nil
}

// fold makes names comparable: "CooperativeWeb" is "Co-operative Web".
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r > 127:
			return r
		}
		return -1
	}, name)
}

// same reports whether two names are of the same co-op, with or without its
// legal form.
func same(a, b string) bool {
	x, y := fold(a), fold(b)
	return x == y && x != "" || x != "" && strings.TrimSuffix(x, "coop") == strings.TrimSuffix(y, "coop")
}
