package fund

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// A draft is a proposal that only its writer has seen.
type draft struct {
	storage.FundDetails
	Title    string   `json:"title,omitempty"`
	Target   int64    `json:"target,omitempty"`
	Minimum  int64    `json:"minimum,omitempty"`
	Deadline int64    `json:"deadline,omitempty"` // Unix seconds
	Room     bot.Room `json:"room"`
	Skipped  []string `json:"skipped,omitempty"` // fields that were left out on purpose
}

// A field is one thing that a proposal has to say.
type field struct {
	name  string
	also  []string
	ask   string
	skip  bool // may be left out
	set   func(d *desk, r *draft, text string, c *bot.Call) error
	empty func(r *draft) bool
}

// text makes a field of plain words.
func text(name string, also []string, ask string, skip bool, at func(r *draft) *string) field {
	most := 500
	if name == "what" {
		most = 120 // it stands in every line about the proposal
	}
	return field{name: name, also: also, ask: ask, skip: skip,
		set: func(_ *desk, r *draft, text string, _ *bot.Call) error {
			said := tidy(text, most)
			if said == "" {
				return bot.Errorf("That is empty.")
			}
			*at(r) = said
			return nil
		},
		empty: func(r *draft) bool { return *at(r) == "" }}
}

// fields are asked for in this order. They are those of the vote of 2017:
// specific, measurable, actionable, relevant, time-bound; who is paid and
// when; and who mediates.
var fields = []field{
	text("what", []string{"title", "name"}, "**What is it?** One line, as in `A website for the network`.", false, func(r *draft) *string { return &r.Title }),
	text("benefit", []string{"why", "benefits"}, "**How does the network benefit from it?**", false, func(r *draft) *string { return &r.Benefit }),
	text("done", []string{"measure", "success", "done when"}, "**How shall we know that it is done?** Something that one can see or count, as in `the site is online and every co-op has a page`.", false, func(r *draft) *string { return &r.Done }),
	text("payee", []string{"pay", "to", "paid to", "beneficiary"}, "**Who is paid?** The co-op or person that sends the invoices. Co-ops pay them directly; there is no account in between.", false, func(r *draft) *string { return &r.Payee }),
	{name: "target", also: []string{"amount", "goal", "cost"}, ask: "**How much is needed?** As in `£1,500`.", set: setTarget, empty: func(r *draft) bool { return r.Target == 0 }},
	{name: "minimum", also: []string{"min", "least"}, ask: "**Would part of it do?** The smallest amount that is of use, or `all` for all or nothing.", set: setMinimum, empty: func(r *draft) bool { return r.Minimum == 0 }},
	{name: "by", also: []string{"deadline", "until", "when"}, ask: "**By when must the pledges be in?** As in `31 January` or `in 3 weeks`.", set: setBy, empty: func(r *draft) bool { return r.Deadline == 0 }},
	text("paid", []string{"pay when", "paid when", "payment"}, "**When is it paid?** Before, on completion, or in stages.", false, func(r *draft) *string { return &r.PayWhen }),
	text("mediator", nil, "**Who mediates if there is a conflict?** Somebody outside it; `skip` leaves that open.", true, func(r *draft) *string { return &r.Mediator }),
	{name: "link", also: []string{"discussion", "topic", "thread"}, ask: "**Where is it talked about?** A link to the topic; `skip` if there is none yet.", skip: true, set: setLink, empty: func(r *draft) bool { return r.Link == "" }},
}

// roles are what a proposal for a paid role may say as well; it is not asked for.
var roles = []string{"employs", "contract", "invoices", "manages", "inclusion"}

func fieldNamed(word string) (field, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	for _, f := range fields {
		if f.name == word {
			return f, true
		}
		for _, a := range f.also {
			if a == word {
				return f, true
			}
		}
	}
	for _, r := range roles {
		if r == word {
			return field{name: r, set: func(_ *desk, d *draft, text string, _ *bot.Call) error {
				if d.More == nil {
					d.More = map[string]string{}
				}
				d.More[r] = tidy(text, 500)
				return nil
			}}, true
		}
	}
	return field{}, false
}

func setTarget(d *desk, r *draft, text string, _ *bot.Call) error {
	a, _, err := d.amount(text, "")
	if err != nil {
		return err
	}
	if r.Minimum == r.Target || r.Minimum > a.Minor {
		r.Minimum = 0 // asked again: it hangs on the target
	}
	r.Target = a.Minor
	return nil
}

func setMinimum(d *desk, r *draft, text string, _ *bot.Call) error {
	switch strings.ToLower(strings.Trim(text, " .!")) {
	case "all", "all or nothing", "no", "nope", "none", "everything":
		r.Minimum = r.Target
		return nil
	}
	a, _, err := d.amount(text, "")
	if err != nil {
		return err
	}
	if r.Target > 0 && a.Minor > r.Target {
		return bot.Errorf("The minimum cannot be more than the target of %s.", d.say(r.Target))
	}
	r.Minimum = a.Minor
	return nil
}

func setBy(d *desk, r *draft, text string, c *bot.Call) error {
	at, err := readDeadline(text, c.Received(), c.Zone)
	if err != nil {
		return err
	}
	r.Deadline = at.Unix()
	return nil
}

func setLink(_ *desk, r *draft, text string, _ *bot.Call) error {
	l, err := readLink(text)
	r.Link = l
	return err
}

// readLink reads a web address.
func readLink(text string) (string, error) {
	text = strings.Trim(strings.TrimSpace(text), "<>")
	rest, ok := strings.CutPrefix(text, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(text, "http://")
	}
	if !ok || !strings.Contains(rest, ".") || strings.ContainsAny(text, " \n\t\"<>`*[]|\\") || len(text) > 500 {
		return "", bot.Errorf("Please give a web address that begins with https://.")
	}
	return text, nil
}

// missing is the first field that the draft does not have.
func (r *draft) missing() (field, bool) {
	for _, f := range fields {
		if f.empty(r) && !contains(r.Skipped, f.name) {
			return f, true
		}
	}
	return field{}, false
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// take puts words into a field. "skip" leaves out what may be left out.
func (d *desk) take(r *draft, f field, words string, c *bot.Call) error {
	if w := strings.ToLower(strings.Trim(words, " .!")); f.skip && (w == "skip" || w == "none" || w == "-") {
		r.Skipped = append(r.Skipped, f.name)
		return nil
	}
	return f.set(d, r, words, c)
}

// takeAll reads "benefit: …" lines, or one field and its value; anything else
// is the title, if there is none yet.
func (d *desk) takeAll(r *draft, args string, c *bot.Call) error {
	for l := range strings.Lines(args) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		head, rest, colon := strings.Cut(l, ":")
		f, ok := fieldNamed(head)
		if !colon || !ok {
			head, rest, _ = strings.Cut(l, " ")
			f, ok = fieldNamed(head)
			ok = ok && r.Title != ""
		}
		if !ok {
			if r.Title != "" {
				return bot.Errorf("Which part of your proposal is “%s”? Begin it with its name: `!fund propose benefit …`. The parts are %s.", bot.Plain(bot.Clip(l, 40)), fieldNames())
			}
			f, rest = fields[0], l
		}
		if strings.TrimSpace(rest) == "" {
			return bot.Errorf("What about “%s”? Try `!fund propose %s …`.", bot.Plain(head), f.name)
		}
		if err := d.take(r, f, strings.TrimSpace(rest), c); err != nil {
			return err
		}
	}
	return nil
}

func fieldNames() string {
	var names []string
	for _, f := range fields {
		names = append(names, "`"+f.name+"`")
	}
	return strings.Join(names, ", ")
}

// written returns a person's draft; a new one if there is none.
func (d *desk) written(ctx context.Context, person int64) (r draft, old bool, err error) {
	data, err := d.db.FundDraft(ctx, person)
	if errors.Is(err, storage.ErrNotFound) {
		return draft{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(data), &r)
	}
	return r, true, err
}

func (d *desk) keep(ctx context.Context, person int64, r draft, now time.Time) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return d.db.FundSetDraft(ctx, person, string(data), now)
}

// proposal is what the draft would become.
func (r draft) proposal(d *desk, c *bot.Call) storage.FundProposal {
	return storage.FundProposal{Kind: storage.FundPledges, Title: r.Title, Owner: c.Person.CoopID, OwnerName: c.Person.Coop, Person: c.Person.ID,
		Currency: d.Currency, Minimum: r.Minimum, Target: r.Target, Details: r.FundDetails, Deadline: time.Unix(r.Deadline, 0).UTC(),
		State: storage.FundOpen, Room: r.Room}
}

// preview is what people will see, before anybody does.
func (d *desk) preview(ctx context.Context, c *bot.Call, r draft) (string, error) {
	p := r.proposal(d, c)
	limit, err := d.number(ctx, "cap", c.Received())
	if err != nil {
		return "", err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "**This is what people will see**; so far only you do.\n**%s**, proposed by %s\n", bot.Plain(p.Title), bot.Plain(p.OwnerName))
	details(&t, p)
	needs := "all or nothing"
	if p.Minimum < p.Target {
		needs = "goes ahead from " + sum(p, p.Minimum)
	}
	fmt.Fprintf(&t, "- Needed: %s (%s). %s\n", sum(p, p.Target), needs, capWords(p.Currency, limit))
	fmt.Fprintf(&t, "- Open until %s, %s\n", sayUntil(p.Deadline, c.Zone), sayLeft(p.Deadline.Sub(c.Received())))
	t.WriteString("To change a part: `!fund propose target £900`; to drop it: `!fund propose drop`. Shall I open it for everybody?")
	return t.String(), nil
}
