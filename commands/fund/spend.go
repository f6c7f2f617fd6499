package fund

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// spendWords splits `£105 "hosting for a year" to Webarchitects https://…`,
// and `£105 for hosting`.
var spendWords = regexp.MustCompile(`(?is)^(.+?)\s*(?:["“”](.+?)["“”]|\bfor\s+(.+?))(?:\s+to\s+(.+?))?(?:\s+(https?://\S+))?$`)

// A request is a spend that waits for a yes.
type request struct {
	Minor              int64
	Title, Payee, Link string
	Room               bot.Room
}

// spend is `!fund spend £105 "hosting for a year"`.
func (d *desk) spend(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	m := spendWords.FindStringSubmatch(strings.TrimSpace(c.Args))
	if m == nil {
		return bot.Reply{}, bot.Errorf("How much, and what for? Try `!fund spend £105 \"hosting for a year\" to Webarchitects https://…`, with a link to where it is talked about.")
	}
	a, bare, err := d.amount(m[1], "!fund spend")
	if err != nil {
		return bot.Reply{}, err
	}
	r := request{Minor: a.Minor, Title: upper(tidy(m[2]+m[3], 120)), Payee: tidy(m[4], 80), Link: m[5]}
	if !c.Direct {
		r.Room = c.Room
	}
	if len([]rune(r.Title)) < 3 {
		return bot.Reply{}, bot.Errorf("What is it for? Try `!fund spend %v \"hosting for a year\"`.", a)
	}
	days, err := d.number(ctx, "objection_days", c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	data, err := json.Marshal(r)
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	if bare {
		fmt.Fprintf(&t, "You wrote no currency; I take it as %v. ", a)
	}
	fmt.Fprintf(&t, "Ask for **%v** from the common fund for **%s**%s?\n", a, bot.Plain(r.Title), payTo(storage.FundProposal{Details: storage.FundDetails{Payee: r.Payee}}))
	totals, err := d.db.FundTotals(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.holds(ctx, &t, totals, c.Received(), c.Zone); err != nil {
		return bot.Reply{}, err
	}
	fmt.Fprintf(&t, "Co-ops then have %d days to object, until %s; silence is consent, and one objection stops the clock.", days, sayUntil(c.Received().AddDate(0, 0, int(days)), c.Zone))
	if r.Link == "" {
		t.WriteString(" It helps to have a topic: a link at the end of the command is shown with it.")
	}
	return bot.Reply{Text: t.String(), Ask: &bot.Ask{Act: bot.Act{Name: "fund.spend", Data: string(data)}, Needs: bot.Member}}, nil
}

// spendOpened is the yes to a spend.
func (d *desk) spendOpened(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var r request
	if err := json.Unmarshal([]byte(data), &r); err != nil {
		return bot.Reply{}, err
	}
	days, err := d.number(ctx, "objection_days", c.Received())
	if err != nil {
		return bot.Reply{}, err
	}
	p := storage.FundProposal{Kind: storage.FundSpend, Title: r.Title, Owner: c.Person.CoopID, OwnerName: c.Person.Coop, Person: c.Person.ID,
		Currency: d.Currency, Minimum: r.Minor, Target: r.Minor, Details: storage.FundDetails{Payee: r.Payee, Link: r.Link},
		Deadline: c.Received().AddDate(0, 0, int(days)).Truncate(time.Second), Room: r.Room}
	if d.Announce.ID != "" {
		p.Room = d.Announce
	}
	p, again, err := d.db.FundOpen(ctx, act(c, "open", 0), p)
	if err != nil {
		return d.refused(ctx, c, err, nil)
	}
	reply := bot.Reply{Text: fmt.Sprintf("%s is open: %s%s is approved on %s unless somebody objects with `!fund veto %d because …`.", name(p), sum(p, p.Target), payTo(p), sayUntil(p.Deadline, c.Zone), p.ID)}
	if again {
		return reply, nil
	}
	reply.Did = []bot.Effect{{What: fmt.Sprintf("%s asked for %s from the common fund, #%d", p.OwnerName, sum(p, p.Target), p.ID),
		Fixed: fmt.Sprintf("Others have seen #%d, so it stays. `!fund cancel %d` calls it off.", p.ID, p.ID)}}
	reply.Posts = d.announced(p, c.Received(), c.Zone)
	return reply, d.schedule(ctx, p, c.Received(), c.Zone)
}
