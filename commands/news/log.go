package news

import (
	"context"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// log is `!news log`: what went where, the newest first.
func (d *desk) log(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := d.editing(ctx, c); err != nil {
		return bot.Reply{}, err
	}
	if code := strings.ToUpper(strings.TrimSpace(c.Args)); code != "" {
		return d.logOf(ctx, code)
	}
	all, err := d.db.Broadcasts(ctx, 10)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: "Nothing has been sent yet. `!news draft` shows what is being made."}, nil
	}
	var b strings.Builder
	b.WriteString("What was sent last; `!news log <code>` shows the places.")
	for _, one := range all {
		copies, err := d.db.Copies(ctx, one.ID)
		if err != nil {
			return bot.Reply{}, err
		}
		fmt.Fprintf(&b, "\n- `%s` %s, %s: %s", one.Code, bot.Plain(one.Title), one.Begins.In(d.Zone).Format("Mon 2 Jan 15:04"), d.fate(one, count(copies)))
	}
	return bot.Reply{Text: b.String()}, nil
}

// fate is what became of a broadcast.
func (d *desk) fate(b storage.Broadcast, t tally) string {
	by := ""
	if b.ByName != "" {
		by = ", confirmed by " + bot.Plain(b.ByName)
	}
	switch b.State {
	case "waiting":
		return "waits for the morning" + by
	case "undone":
		if t == (tally{}) {
			return "stopped before it was sent" + by
		}
		return "taken back at " + b.Ended.In(d.Zone).Format("15:04") + by
	}
	text := fmt.Sprintf("%d of %s", t.sent, places(t.sent+t.owed+t.failed))
	if t.failed > 0 {
		text += fmt.Sprintf(", %d not reached", t.failed)
	}
	return text + by
}

// maxLog is how many places of a broadcast are listed.
const maxLog = 40

func (d *desk) logOf(ctx context.Context, code string) (bot.Reply, error) {
	one, ok, err := d.db.BroadcastByCode(ctx, code)
	if err != nil {
		return bot.Reply{}, err
	}
	if !ok {
		return bot.Reply{}, bot.Errorf("Nothing was sent under the code %s. `!news log` lists what was.", bot.Plain(bot.Clip(code, 12)))
	}
	copies, err := d.db.Copies(ctx, one.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**: %s.", bot.Plain(one.Title), d.fate(one, count(copies)))
	for n, p := range copies {
		if n == maxLog {
			fmt.Fprintf(&b, "\n- and %d more", len(copies)-n)
			break
		}
		at := ""
		if p.State == "sent" {
			at = " at " + p.Sent.In(d.Zone).Format("15:04:05")
		}
		fmt.Fprintf(&b, "\n- %s (%s): %s%s", placeName(p), bot.Plain(p.Room.Site), p.State, at)
	}
	return bot.Reply{Text: b.String()}, nil
}
