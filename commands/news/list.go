package news

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// overview is `!news` and `!news 31`.
func (d *desk) overview(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	args := strings.TrimSpace(c.Args)
	if strings.TrimLeft(args, "#0123456789") != args {
		return d.show(ctx, c)
	}
	if args != "" && args != "more" {
		return bot.Reply{}, bot.Errorf("I don't know `!news %s`. Try `!news add …`, `!news 31`, or `!help news` for the rest.", bot.Code(bot.Clip(firstWords(args, 2), 40)))
	}
	issue, items, err := d.making(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: d.listed(issue, items, c, args == "more")}, nil
}

// shown is how many items a short list has.
const shown = 20

// listed is what is in the queue for an issue.
func (d *desk) listed(issue storage.NewsIssue, items []storage.NewsItem, c *bot.Call, all bool) string {
	var b strings.Builder
	b.WriteString(d.sayDeadline(issue, c.Now))
	n, waiting, aside := 0, 0, map[string][]string{}
	for _, s := range d.allSections(items) {
		for _, i := range items {
			if i.Section != s {
				continue
			}
			if i.Why == takenBack {
				continue
			}
			if !alive(i) {
				aside[i.State] = append(aside[i.State], fmt.Sprintf("#%d", i.ID))
				continue
			}
			if i.State == storage.Suggested && i.Consent != "asked" {
				waiting++
			}
			if n++; all || n <= shown {
				fmt.Fprintf(&b, "\n- #%d %s", i.ID, d.inShort(i))
			}
		}
	}
	if n == 0 {
		b.WriteString("\nIt is empty so far.")
	}
	if !all && n > shown {
		fmt.Fprintf(&b, "\n%d more: `!news more`.", n-shown)
	}
	for _, state := range []string{storage.OnHold, storage.Rejected} {
		if len(aside[state]) > 0 {
			name := strings.ToUpper(state[:1]) + state[1:]
			fmt.Fprintf(&b, "\n%s: %s.", name, strings.Join(aside[state], ", "))
		}
	}
	if waiting > 0 {
		fmt.Fprintf(&b, "\n%s an editor: `!news accept <number>`.", plural(waiting, "waits for", "wait for"))
	}
	return b.String()
}

// allSections are the sections in their order, and those of items that were
// sent in under another setting.
func (d *desk) allSections(items []storage.NewsItem) []string {
	all := append([]string{}, d.Sections...)
	known := map[string]bool{}
	for _, s := range all {
		known[s] = true
	}
	for _, i := range items {
		if !known[i.Section] {
			known[i.Section] = true
			all = append(all, i.Section)
		}
	}
	return all
}

// plural is "1 item", "2 items".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %s", thousands(n), many)
}
