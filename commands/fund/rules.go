package fund

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/money"
	"git.coop/cotech/wortley/bot/when"
	"git.coop/cotech/wortley/storage"
)

// A kind of rule: what its value is, and how it is said.
type kindOfRule struct {
	name   string
	amount bool // its value is an amount
	words  bool // its value is a sentence
	most   int64
	say    string // %s is the value
	none   string // what holds without it
}

var kindsOfRules = []kindOfRule{
	{name: "cap", amount: true, say: "A co-op may pledge at most %s to one proposal", none: "No cap on what a co-op may pledge to one proposal has been agreed"},
	{name: "vetoes", most: 20, say: "Vetoes from %s different co-ops block a proposal", none: ""},
	{name: "objection_days", most: 60, say: "Co-ops have %s days to object to a spend from the common fund", none: ""},
	{name: "second_above", amount: true, say: "Above %s a second person of the co-op confirms a pledge", none: "No pledge needs a second person"},
	{name: "ask_above", amount: true, say: "Above %s I ask before I write a pledge down", none: ""},
	{name: "contributors_only", most: 1, say: "Only contributors may object to a spend", none: "Any co-op may object to a spend, contributor or not"},
	{name: "running_down", words: true, say: "The fund is being run down: %s", none: ""},
}

func ruleNamed(name string) (kindOfRule, bool) {
	for _, k := range kindsOfRules {
		if k.name == name {
			return k, true
		}
	}
	return kindOfRule{}, false
}

// configure writes down what the configuration says of the rules, if that is new.
func (d *desk) configure(ctx context.Context, now time.Time) error {
	values := map[string]string{"contributors_only": ""}
	if d.ContributorsOnly {
		values["contributors_only"] = "1"
	}
	for name, text := range map[string]string{"cap": d.Cap, "second_above": d.Second, "ask_above": d.Ask} {
		values[name] = ""
		if r := money.Read(text, d.Currency); text != "" && r.OK() && r.Amount.Currency == d.Currency {
			values[name] = strconv.FormatInt(r.Amount.Minor, 10)
		}
	}
	if err := d.db.FundConfigure(ctx, values, now); !errors.Is(err, storage.ErrFundStopped) {
		return err
	}
	return nil // it is written down when somebody has looked at the ledger
}

// fixed are the rules of the votes of 2017 and 2019 that are not numbers.
const fixed = "- One account per co-op: its people act for it, and it counts once (CoTech_Cobudget)\n" +
	"- All or nothing, unless a proposal says beforehand that part of it would do (CoTech_Cobudget)\n" +
	"- Any co-op may propose, also one that cannot pledge (CoTech_Cobudget)\n" +
	"- No escrow: co-ops pay the beneficiary themselves, and nobody's money passes through me (CoTech_Cobudget)\n"

// rules is `!fund rules`.
func (d *desk) rules(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.configure(ctx, c.Received()); err != nil {
		return bot.Reply{}, err
	}
	rules, err := d.db.FundRules(ctx, c.Received().UTC().Format(time.DateOnly))
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	t.WriteString("**What was agreed about the fund**\n" + fixed)
	for _, k := range kindsOfRules {
		r, ok := rules[k.name]
		switch {
		case ok:
			fmt.Fprintf(&t, "- %s (since %s: %s)\n", d.sayRule(k, r.Value), sayDay(r.Since), sayLink(r.Source))
		case k.none != "":
			fmt.Fprintf(&t, "- %s\n", k.none)
		}
	}
	t.WriteString("The wiki has the votes: https://wiki.coops.tech/wiki/CoTech_Cobudget and https://wiki.coops.tech/wiki/Newcastle_2019/Fund. A coordinator writes a new decision down with `!fund rule`.")
	return bot.Reply{Text: t.String()}, nil
}

func (d *desk) sayRule(k kindOfRule, value string) string {
	if k.amount {
		minor, _ := strconv.ParseInt(value, 10, 64) // only whole numbers are written
		value = d.say(minor)
	}
	if !strings.Contains(k.say, "%s") {
		return k.say
	}
	return fmt.Sprintf(k.say, bot.Plain(value))
}

// A decision is a rule that waits for a yes.
type decision struct{ Name, Value, Source, Since string }

// rule is `!fund rule cap £500 https://…`.
func (d *desk) rule(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(c.Args), " ")
	k, ok := ruleNamed(strings.ToLower(word))
	if !ok {
		return bot.Reply{}, bot.Errorf("Which rule? Try `!fund rule cap £500 https://www.loomio.com/d/…` with the place where it was agreed. The rules are %s.", ruleNames())
	}
	i := strings.Index(rest, "http")
	if i < 0 {
		return bot.Reply{}, bot.Errorf("Where was that agreed? Please add a link to the decision: `!fund rule %s … https://…`. `none` as the value ends the rule.", k.name)
	}
	source := tidy(rest[i:], 200)
	value, err := d.ruleValue(k, tidy(rest[:i], 200))
	if err != nil {
		return bot.Reply{}, err
	}
	dec := decision{k.name, value, source, when.DateOf(c.Received().In(c.Zone)).String()}
	data, err := json.Marshal(dec)
	if err != nil {
		return bot.Reply{}, err
	}
	text := "From today: **" + d.sayRule(k, value) + "**"
	if value == "" {
		text = fmt.Sprintf("From today the rule `%s` **no longer holds**", k.name)
	}
	return bot.Reply{Text: fmt.Sprintf("%s (%s). What was pledged before stays. Shall I write that down?", text, sayLink(source)),
		Ask: &bot.Ask{Act: bot.Act{Name: "fund.rule", Data: string(data)}, Needs: bot.Coordinator}}, nil
}

func ruleNames() string {
	var names []string
	for _, k := range kindsOfRules {
		names = append(names, "`"+k.name+"`")
	}
	return strings.Join(names, ", ")
}

// ruleValue reads a rule's value; "" ends it.
func (d *desk) ruleValue(k kindOfRule, text string) (string, error) {
	switch {
	case strings.EqualFold(text, "none") && (k.none != "" || k.words || k.name == "ask_above"):
		return "", nil
	case k.words && text != "":
		return text, nil
	case k.amount:
		a, _, err := d.amount(text, "!fund rule "+k.name)
		return strconv.FormatInt(a.Minor, 10), err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > k.most {
		return "", bot.Errorf("`%s` is a whole number from 1 to %d, as in `!fund rule %s 2 https://…`.", k.name, k.most, k.name)
	}
	return text, nil
}

// ruleSet is the yes to a rule.
func (d *desk) ruleSet(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var dec decision
	if err := json.Unmarshal([]byte(data), &dec); err != nil {
		return bot.Reply{}, err
	}
	a := act(c, "rule", 0)
	a.Words = fmt.Sprintf("`%s` no longer holds (%s)", dec.Name, dec.Source)
	if k, ok := ruleNamed(dec.Name); ok && dec.Value != "" {
		a.Words = fmt.Sprintf("%s (%s)", d.sayRule(k, dec.Value), dec.Source)
	}
	if _, err := d.db.FundSetRule(ctx, a, storage.FundRule(dec)); err != nil {
		return d.refused(ctx, c, err, nil)
	}
	what := "rule of the fund: " + a.Words
	return bot.Reply{Text: "Written down, with its source and from when it holds. `!fund rules` shows them all.",
		Did: []bot.Effect{{What: what, Fixed: "The ledger is only ever added to: `!fund rule` writes down what holds instead."}}}, nil
}
