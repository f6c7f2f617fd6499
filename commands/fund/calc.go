package fund

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/commands/fund/contribution"
)

const calcHelp = "- `!fund calc compare members=9 payroll=£320k revenue=£480k profit=£30k`: every model side by side\n" +
	"- `!fund calc cotech_per_member_week members=9`: one model, with its formula, rounding and source\n" +
	"- `!fund calc`: the models and what they need\n" +
	"- `!subs £320k`: what workers.coop asks for"

// inputName is where an input begins.
var inputName = regexp.MustCompile(`(?:^|\s)([a-z][a-z0-9_]*)=`)

// calc is `!fund calc MODEL key=value …`.
func (d *desk) calc(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	model, rest, _ := strings.Cut(strings.TrimSpace(c.Args), " ")
	if model == "" {
		return bot.Reply{Text: models()}, nil
	}
	if strings.Contains(model, "=") {
		return bot.Reply{}, bot.Errorf("By which model? `!fund calc compare %s` shows all of them; `!fund calc` lists them.", bot.Code(bot.Clip(c.Args, 100)))
	}
	inputs, err := inputs(rest)
	if err != nil {
		return bot.Reply{}, err
	}
	if strings.EqualFold(model, "compare") {
		return compare(inputs)
	}
	out, err := contribution.Calc(model, inputs)
	if err != nil {
		return refusedInput(err, "!fund calc "+model)
	}
	return bot.Reply{Text: reckoned(out)}, nil
}

// inputs reads "members=9 payroll=£320k"; a value goes on to the next name.
func inputs(text string) (map[string]string, error) {
	all := map[string]string{}
	at := inputName.FindAllStringSubmatchIndex(text, -1)
	if before := strings.TrimSpace(text); len(at) > 0 && strings.TrimSpace(text[:at[0][0]]) != "" || len(at) == 0 && before != "" {
		return nil, bot.Errorf("I read inputs as `members=9 payroll=£320k`: a name, an equals sign, a value. I cannot read “%s”.", bot.Plain(bot.Clip(before, 60)))
	}
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name := text[m[2]:m[3]]
		if _, twice := all[name]; twice {
			return nil, bot.Errorf("%s is given twice; please give it once.", bot.Plain(name))
		}
		all[name] = strings.TrimSpace(text[m[1]:end])
	}
	return all, nil
}

func refusedInput(err error, command string) (bot.Reply, error) {
	var in *contribution.InputError
	if !errors.As(err, &in) {
		return bot.Reply{}, err
	}
	return bot.Reply{}, bot.Errorf("%s. `!fund calc` lists the models and what they need.", bot.Plain(upper(in.Why)))
}

// reckoned is one model's result, with everything one needs to check it.
func reckoned(out contribution.Result) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(out.Text()), "\n")
	var t strings.Builder
	t.WriteString("**" + first + "**\n")
	for l := range strings.SplitSeq(rest, "\n") {
		if head, after, ok := strings.Cut(l, ": "); ok && head == "Formula" {
			l = head + ": `" + bot.Code(after) + "`"
		}
		t.WriteString("- " + l + "\n")
	}
	return strings.TrimSpace(t.String())
}

// compare is every model side by side.
func compare(inputs map[string]string) (bot.Reply, error) {
	if len(inputs) == 0 {
		return bot.Reply{}, bot.Errorf("Compare what? Try `!fund calc compare members=9 payroll=£320k revenue=£480k profit=£30k`.")
	}
	rows, err := contribution.Compare(inputs)
	if err != nil {
		return refusedInput(err, "!fund calc compare")
	}
	var given []string
	for _, k := range []string{"members", "payroll", "revenue", "profit"} {
		if v, ok := inputs[k]; ok {
			given = append(given, k+" "+bot.Plain(v))
		}
	}
	return bot.Reply{Text: fmt.Sprintf("**What a co-op would give in a year** (%s)\n%sFor the formula, rounding and source of one: `!fund calc vawc_dues_and_fund revenue=… profit=…`.", strings.Join(given, ", "), contribution.CompareText(rows))}, nil
}

// models lists the models and what they need.
func models() string {
	var t strings.Builder
	t.WriteString("**Models of contribution**\n")
	for _, m := range contribution.Models() {
		var needs []string
		for _, in := range m.Inputs {
			if in.Default == "" && !in.Optional {
				needs = append(needs, strings.TrimSuffix(strings.TrimSuffix(in.Name, "_pence"), "_hundredths"))
			}
		}
		fmt.Fprintf(&t, "- `%s` %s\n", m.ID, strings.Join(needs, ", "))
	}
	t.WriteString("As in `!fund calc cotech_per_member_week members=9`. `!fund calc compare members=9 payroll=£320k` shows them side by side.")
	return t.String()
}

// subs is `!subs £320k`.
func (d *desk) subs(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	payroll := strings.TrimSpace(c.Args)
	if payroll == "" {
		return bot.Reply{}, bot.Errorf("What are wages and payments to members in a year, together? Try `!subs £320k`.")
	}
	out, err := contribution.Subs(payroll)
	if err != nil {
		var in *contribution.InputError
		if errors.As(err, &in) {
			return bot.Reply{}, bot.Errorf("%s. Try `!subs £320k`: wages and payments to members in a year.", bot.Plain(upper(in.Why)))
		}
		return bot.Reply{}, err
	}
	return bot.Reply{Text: reckoned(out)}, nil
}
