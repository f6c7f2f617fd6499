package news

import (
	"context"
	"fmt"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// missing is `!news missing`: the gaps, and who could fill them.
func (d *desk) missing(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	issue, items, err := d.making(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	var lines []string
	if empty := d.emptySections(items); len(empty) > 0 {
		lines = append(lines, "- Nothing yet under "+list(empty)+".")
	}
	if bare := bareItems(items); len(bare) > 0 {
		lines = append(lines, fmt.Sprintf("- Without a text: %s. `!news edit <number> text: …`", list(bare)))
	}
	if waits := waitingItems(items); len(waits) > 0 {
		lines = append(lines, fmt.Sprintf("- Not accepted yet: %s.", list(waits)))
	}
	groups, err := d.undated(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(groups) > 0 {
		lines = append(lines, fmt.Sprintf("- No next date from %s.", list(groups)))
	}
	more, err := d.featuredGap(ctx, issue, items)
	if err != nil {
		return bot.Reply{}, err
	}
	lines = append(lines, more...)
	if len(lines) == 0 {
		return bot.Reply{Text: fmt.Sprintf("Nothing is missing from the %s newsletter. `!news draft` shows it.", monthName(issue))}, nil
	}
	return bot.Reply{Text: fmt.Sprintf("What the %s newsletter has not got:\n%s", monthName(issue), strings.Join(lines, "\n"))}, nil
}

func (d *desk) emptySections(items []storage.NewsItem) (empty []string) {
	for _, s := range d.Sections {
		full := strings.Contains(folded(s), "featured") // has a line of its own
		for _, i := range items {
			full = full || i.Section == s && alive(i)
		}
		if !full {
			empty = append(empty, bot.Plain(s))
		}
	}
	return empty
}

func bareItems(items []storage.NewsItem) (bare []string) {
	for _, i := range items {
		if alive(i) && i.Text == "" && i.Origin == "person" && !strings.Contains(folded(i.Section), "date") {
			bare = append(bare, fmt.Sprintf("#%d %s", i.ID, bot.Plain(bot.Clip(i.Title, 40))))
		}
	}
	return bare[:min(len(bare), 8)]
}

func waitingItems(items []storage.NewsItem) (waits []string) {
	for _, i := range items {
		if i.State == storage.Suggested {
			waits = append(waits, fmt.Sprintf("#%d", i.ID))
		}
	}
	return waits[:min(len(waits), 20)]
}

// undated names the open groups that have no meeting ahead.
func (d *desk) undated(ctx context.Context, now time.Time) (names []string, err error) {
	groups, err := d.db.Groups(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if g.State != "open" {
			continue
		}
		m, ok, err := d.db.NextMeeting(ctx, g.ID, now)
		if err != nil {
			return nil, err
		}
		if !ok || m.Start.After(now.AddDate(0, 0, 60)) {
			names = append(names, bot.Plain(g.Name))
		}
	}
	return names, nil
}

// featuredGap says whether the featured co-op has sent its lines.
func (d *desk) featuredGap(ctx context.Context, issue storage.NewsIssue, items []storage.NewsItem) ([]string, error) {
	section, has := d.sectionWith("featured")
	if !has {
		return nil, nil
	}
	for _, i := range items {
		if i.Section == section && alive(i) {
			return nil, nil
		}
	}
	coop, err := d.db.Featured(ctx, issue.ID)
	if err != nil {
		return nil, err
	}
	if coop == 0 {
		return []string{"- No featured co-op. `!news featured next` chooses the one whose turn it is, and asks it."}, nil
	}
	one, err := d.db.Coop(ctx, coop)
	return []string{fmt.Sprintf("- Nothing from the featured co-op yet: %s.", bot.Plain(one.Name))}, err
}

// intro is `!news intro …`: a few words at the top.
func (d *desk) intro(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	issue, err := d.current(ctx, c.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	was := issue
	issue.Intro = paragraphs(strings.ToValidUTF8(c.Args, ""))
	switch {
	case issue.Intro == "" && was.Intro == "":
		return bot.Reply{}, bot.Errorf("What should stand at the top? Try `!news intro Hello from a rainy Sheffield.`")
	case issue.Intro == "none":
		issue.Intro = ""
	case issue.Intro == "":
		return bot.Reply{Text: "At the top stands:\n\n" + safeText(was.Intro) + "\n\n`!news intro none` takes it away."}, nil
	case len([]rune(issue.Intro)) > maxText:
		return bot.Reply{}, bot.Errorf("That is longer than an item may be. Please send me the short of it, at most %d letters.", maxText)
	}
	if err := d.db.SaveIssue(ctx, issue); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: "Written at the top of the " + monthName(issue) + " newsletter.", Did: []bot.Effect{{What: "changed the newsletter's first words", Undo: issueAct(was)}}}, nil
}
