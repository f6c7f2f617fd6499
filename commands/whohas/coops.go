package whohas

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// card is `!coop <name>`.
func (d *desk) card(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	name := tidy(c.Args)
	if name == "" {
		if c.Person.CoopID == 0 {
			return bot.Reply{}, bot.Errorf("Which co-op? Try `!coop outlandish`, or `!coops` for all of them.")
		}
		name = c.Person.Coop
	}
	coop, err := d.coop(ctx, name)
	if err != nil {
		return bot.Reply{}, err
	}
	var t strings.Builder
	fmt.Fprintf(&t, "**%s**%s\n", bot.Plain(coop.Name), facts(coop))
	if coop.Website != "" {
		fmt.Fprintf(&t, "- %s\n", coop.Website)
	}
	if s := standing(coop); s != "" {
		fmt.Fprintf(&t, "- %s\n", s)
	}
	lines, err := d.skillLines(ctx, coop.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	if lines == "" {
		lines = "- No skills listed yet"
	}
	t.WriteString(lines + "\n")
	time, err := d.timeLine(ctx, coop.ID, day(c))
	if err != nil {
		return bot.Reply{}, err
	}
	t.WriteString(time)
	n, err := d.db.ActsFor(ctx, coop.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	switch n {
	case 0:
		t.WriteString("\nNobody from there has told me that they act for it. If you do: `!iam " + bot.Code(shortName(coop.Name)) + "`.")
	case 1:
		t.WriteString("\n1 person here acts for it.")
	default:
		fmt.Fprintf(&t, "\n%d people here act for it.", n)
	}
	return bot.Reply{Text: t.String()}, nil
}

func facts(c storage.Coop) string {
	var list []string
	if c.Town != "" {
		list = append(list, bot.Plain(c.Town))
	}
	if c.Members > 0 {
		list = append(list, people(c.Members))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// standing says what the directory knows about membership of the list.
func standing(c storage.Coop) string {
	switch {
	case c.Status == "former" && c.DelistedOn != "":
		return "Not on the network's list since " + month(c.DelistedOn)
	case c.Status == "former":
		return "No longer on the network's list"
	case c.Status == "mentioned":
		return "Known by name only: it has never been on the network's list"
	}
	return ""
}

// timeLine says what a co-op has told about its capacity.
func (d *desk) timeLine(ctx context.Context, coop int64, today string) (string, error) {
	k, err := d.db.CapacityOf(ctx, coop)
	if errors.Is(err, storage.ErrNotFound) {
		return "- Capacity: has not told me", nil
	}
	if err != nil {
		return "", err
	}
	if k.Until < today {
		return fmt.Sprintf("- Capacity: last told me on %s", sayDay(k.SaidOn)), nil
	}
	return fmt.Sprintf("- Capacity: %s (said on %s, until %s)", bot.Plain(k.Words), sayDay(k.SaidOn), sayDay(k.Until)), nil
}

// list is `!coops [near …] [former]`.
func (d *desk) list(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	asked := tidy(c.Args)
	if asked == "" {
		return d.everyone(ctx)
	}
	q := parseQuery(asked, func(string) bool { return false })
	if strings.EqualFold(asked, "former") {
		q = query{former: true}
	}
	if q.nowhere != "" {
		return bot.Reply{}, bot.Errorf("%s", unknownTown(q.nowhere))
	}
	if len(q.any) > 0 {
		p, isTown := directory.Town(asked)
		a, isArea := directory.Region(asked)
		switch {
		case isTown:
			q = query{place: &p}
		case isArea:
			q = query{area: &a}
		default:
			return bot.Reply{}, bot.Errorf("I can list co-ops by place: `!coops near Newcastle`, `!coops in Scotland`, `!coops former`. For a skill try `!whohas %s`.", bot.Code(bot.Clip(asked, 40)))
		}
	}
	text, err := d.coopsNear(ctx, q, c)
	return bot.Reply{Text: text}, err
}

// everyone lists the names of all co-ops on the list.
func (d *desk) everyone(ctx context.Context) (bot.Reply, error) {
	all, err := d.db.Coops(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	var names []string
	left := 0
	for _, c := range all {
		if c.Status == "listed" {
			names = append(names, bot.Plain(c.Name))
		} else {
			left++
		}
	}
	if len(names) == 0 {
		return bot.Reply{Text: "The directory is empty. A coordinator can load it with `wortley import coops FILE`."}, nil
	}
	more := ""
	if len(names) > 60 {
		more = fmt.Sprintf(" and %d more", len(names)-60)
		names = names[:60]
	}
	return bot.Reply{Text: fmt.Sprintf("**%d co-ops** on the network's list: %s%s.\n`!coop <name>` shows one; `!coops near Newcastle` those near you; %d former or only mentioned ones are kept apart (`!coops former`).",
		len(all)-left, strings.Join(names, ", "), more, left)}, nil
}
