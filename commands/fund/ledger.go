package fund

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/commands/fund/ledgerfile"
	"git.coop/cotech/wortley/storage"
)

// ledger is `!fund ledger [7] [csv|hledger|beancount]`.
func (d *desk) ledger(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	late, err := d.decideDue(ctx, c.Received(), c.Zone)
	if err != nil {
		return bot.Reply{}, err
	}
	form, id := "", int64(0)
	for _, w := range strings.Fields(strings.ToLower(c.Args)) {
		switch n, _, ok := numbered(w); {
		case ok:
			id = n
		case w == "csv" || w == "hledger" || w == "beancount":
			form = w
		case w == "ledger" || w == "journal":
			form = "hledger"
		default:
			return bot.Reply{}, bot.Errorf("`!fund ledger` lists the last entries, `!fund ledger 7` those of a proposal; `csv`, `hledger` or `beancount` after it makes a file. I don't know “%s”.", bot.Plain(bot.Clip(w, 30)))
		}
	}
	if id != 0 {
		if _, err := d.db.FundProposal(ctx, id); err != nil {
			return bot.Reply{}, bot.Errorf("There is no proposal #%d. `!fund ledger` lists the last entries of all.", id)
		}
	}
	if form == "" {
		text, err := d.entries(ctx, c, id)
		return bot.Reply{Text: text, Posts: late}, err
	}
	r, err := d.file(ctx, c, id, form)
	r.Posts = late
	return r, err
}

// entries lists the last entries.
func (d *desk) entries(ctx context.Context, c *bot.Call, id int64) (string, error) {
	const most = 20
	all, err := d.db.FundEntries(ctx, id, most)
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "The ledger is empty. `!fund propose` begins a proposal.", nil
	}
	var t strings.Builder
	known := map[int64]storage.FundProposal{}
	for _, e := range all {
		p, ok := known[e.Proposal]
		if !ok && e.Proposal != 0 {
			if p, err = d.db.FundProposal(ctx, e.Proposal); err != nil {
				return "", err
			}
			known[e.Proposal] = p
		}
		about := ""
		if e.Proposal != 0 && id == 0 {
			about = fmt.Sprintf("#%d ", e.Proposal)
		}
		fmt.Fprintf(&t, "- %d · %s · %s%s\n", e.ID, e.At.In(c.Zone).Format("2 Jan 2006 15:04"), about, said(p, e))
	}
	n, hash, err := d.db.FundHead(ctx)
	if err != nil {
		return "", err
	}
	head := "**The ledger**"
	if id != 0 {
		head += " of " + name(known[id])
	}
	if len(all) == most {
		head += fmt.Sprintf(", the last %d entries", most)
	}
	return fmt.Sprintf("%s\n%sEntry %d seals all before it: `%s`. Nothing in it is ever changed. `!fund ledger csv` has everything as a file.", head, t.String(), n, hash[:16]), nil
}

// file is the ledger as a file; on a forum it is a post.
func (d *desk) file(ctx context.Context, c *bot.Call, id int64, form string) (bot.Reply, error) {
	var b bytes.Buffer
	if err := Write(ctx, d.db, &b, form, id, d.Currency, c.Zone); err != nil {
		return bot.Reply{}, err
	}
	about := "the ledger"
	if id != 0 {
		about = fmt.Sprintf("the ledger of #%d", id)
	}
	if strings.HasPrefix(c.Room.Site, "discourse/") || strings.HasPrefix(c.Room.Site, "chat/") {
		const most = 30_000 // a post has a limit
		if b.Len() > most {
			return bot.Reply{}, bot.Errorf("That is too long for a post. `!fund ledger 7 %s` has one proposal, or ask me in a Matrix room, where I can attach a file.", form)
		}
		return bot.Reply{Text: fmt.Sprintf("Here is %s as %s, as of %s.\n```text\n%s```", about, form, sayAsOf(c.Received(), c.Zone), b.String())}, nil
	}
	file := &bot.File{Name: fileName(id, form), MIME: "text/plain", Alt: about + " as " + form, Data: b.Bytes()}
	if form == "csv" {
		file.MIME = "text/csv"
	}
	return bot.Reply{Text: fmt.Sprintf("Here is %s as %s, as of %s.", about, form, sayAsOf(c.Received(), c.Zone)), File: file}, nil
}

func fileName(id int64, form string) string {
	name, ending := "fund", map[string]string{"csv": ".csv", "hledger": ".journal", "beancount": ".beancount"}[form]
	if id != 0 {
		name += "-" + strconv.FormatInt(id, 10)
	}
	return name + ending
}

// Write writes the ledger, or what concerns one proposal, as csv, hledger or
// beancount. Days are those of the zone.
func Write(ctx context.Context, db *storage.DB, w io.Writer, form string, proposal int64, currency string, zone *time.Location) error {
	entries, err := db.FundEntries(ctx, proposal, 0)
	if err != nil {
		return err
	}
	if form == "csv" {
		return writeCSV(ctx, db, w, proposal, entries)
	}
	j, err := journal(ctx, db, proposal, entries, currency, zone)
	if err != nil {
		return err
	}
	if form == "beancount" {
		return ledgerfile.WriteBeancount(w, j)
	}
	return ledgerfile.WriteHledger(w, j)
}

// writeCSV writes a line for each transfer, and one for each entry without any.
func writeCSV(ctx context.Context, db *storage.DB, w io.Writer, proposal int64, entries []storage.FundEntry) error {
	legs, err := db.FundLegs(ctx, proposal)
	if err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Write([]string{"entry", "time", "proposal", "kind", "coop", "from", "to", "amount", "currency", "words", "state", "hash"})
	for _, e := range entries {
		row := []string{strconv.FormatInt(e.ID, 10), e.At.UTC().Format(time.RFC3339), "", e.Kind, e.CoopName, "", "", "", "", plainCell(e.Words), string(e.State), e.Hash}
		if e.Proposal != 0 {
			row[2] = strconv.FormatInt(e.Proposal, 10)
		}
		none := true
		for ; len(legs) > 0 && legs[0].Entry <= e.ID; legs = legs[1:] {
			if l := legs[0]; l.Entry == e.ID {
				row[5], row[6], row[7], row[8] = l.From, l.To, money.Amount{Minor: l.Amount, Currency: l.Currency}.Decimal(), l.Currency
				out.Write(row)
				none = false
			}
		}
		if none {
			out.Write(row)
		}
	}
	out.Flush()
	return out.Error()
}

// plainCell keeps a spreadsheet from taking words for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
		return "'" + s
	}
	return s
}

// journal is the ledger as books: what co-ops have promised is the equity of
// what lies with proposals.
func journal(ctx context.Context, db *storage.DB, proposal int64, entries []storage.FundEntry, currency string, zone *time.Location) (ledgerfile.Journal, error) {
	j := ledgerfile.Journal{Currency: currency}
	legs, err := db.FundLegs(ctx, proposal)
	if err != nil {
		return j, err
	}
	names, err := accountNames(ctx, db, legs)
	if err != nil {
		return j, err
	}
	for _, e := range entries {
		out := ledgerfile.Entry{Date: e.At.In(zone).Format(time.DateOnly), Status: "*", Code: strconv.FormatInt(e.ID, 10),
			Payee: strings.TrimSpace(fmt.Sprintf("%s %s", e.Kind, e.CoopName)), Comment: e.Words}
		for ; len(legs) > 0 && legs[0].Entry <= e.ID; legs = legs[1:] {
			l := legs[0]
			if l.Entry != e.ID {
				continue
			}
			a := money.Amount{Minor: l.Amount, Currency: l.Currency}
			minus, err := a.Neg()
			if err != nil {
				return j, err
			}
			out.Postings = append(out.Postings, ledgerfile.Posting{Account: names[l.From], Amount: minus}, ledgerfile.Posting{Account: names[l.To], Amount: a})
		}
		if len(out.Postings) > 0 {
			j.Entries = append(j.Entries, out)
		}
	}
	return j, nil
}

// accountNames names the accounts of transfers as books do.
func accountNames(ctx context.Context, db *storage.DB, legs []storage.FundLeg) (map[string]string, error) {
	names := map[string]string{"fund/0": "equity:common fund", "paid/0": "expenses:paid by co-ops", "spent/0": "expenses:paid by the common fund"}
	for _, l := range legs {
		for _, a := range []string{l.From, l.To} {
			if names[a] != "" {
				continue
			}
			kind, ref, _ := strings.Cut(a, "/")
			id, err := strconv.ParseInt(ref, 10, 64)
			if err != nil {
				return nil, err
			}
			if kind == "proposal" {
				names[a] = fmt.Sprintf("assets:promised:proposal-%d", id)
				continue
			}
			coop, err := db.Coop(ctx, id)
			if err != nil {
				return nil, err
			}
			names[a] = "equity:co-ops:" + accountPart(coop.Name)
		}
	}
	return names, nil
}

// accountPart makes a name one part of an account.
func accountPart(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(":;\"()[]*!£€$¥\t\n", r) {
			return ' '
		}
		return r
	}, s)
	if s = strings.Join(strings.Fields(s), " "); s == "" {
		return "unnamed"
	}
	return s
}
