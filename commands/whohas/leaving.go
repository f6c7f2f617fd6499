package whohas

import (
	"context"
	"encoding/json"
	"fmt"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

// delist is `!delist <co-op>`: proposed by one coordinator, done after a yes,
// and never more than a change of status: everything is still there.
func (d *desk) delist(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	coop, err := d.coop(ctx, c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if coop.Status != "listed" {
		return bot.Reply{}, bot.Errorf("**%s** is not on the list. `!relist %s` puts it there.", bot.Plain(coop.Name), bot.Code(shortName(coop.Name)))
	}
	n, err := d.db.ActsFor(ctx, coop.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	text := fmt.Sprintf("Take **%s** off the list? It stays in the directory as a former member, and `!relist` brings it back whole.", bot.Plain(coop.Name))
	if n > 0 {
		text += fmt.Sprintf(" %s here act for it.", people(n))
	}
	return bot.Reply{Text: text, Ask: &bot.Ask{Act: bot.Act{Name: "coop.delist", Data: coop.Name}, Needs: bot.Coordinator, Anybody: true, For: 7 * 24 * 3600e9}}, nil
}

func (d *desk) delisted(ctx context.Context, c *bot.Call, name string) (bot.Reply, error) {
	return d.move(ctx, c, name, "former", day(c), "**%s** is off the list. `!undo` or `!relist` brings it back.")
}

// relist is `!relist <co-op>`.
func (d *desk) relist(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	coop, err := d.coop(ctx, c.Args)
	if err != nil {
		return bot.Reply{}, err
	}
	if coop.Status == "listed" {
		return bot.Reply{Text: fmt.Sprintf("**%s** is on the list.", bot.Plain(coop.Name))}, nil
	}
	return d.move(ctx, c, coop.Name, "listed", "", "**%s** is on the list again, with all that it listed before.")
}

func (d *desk) move(ctx context.Context, c *bot.Call, name, status, delistedOn, said string) (bot.Reply, error) {
	coop, err := d.coop(ctx, name)
	if err != nil {
		return bot.Reply{}, err
	}
	was, _ := json.Marshal(coop) // words and numbers: cannot fail
	coop.Status, coop.DelistedOn = status, delistedOn
	if _, err := d.db.SaveCoop(ctx, coop); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf(said, bot.Plain(coop.Name)),
		Did:  []bot.Effect{{What: fmt.Sprintf("made %s %s", coop.Name, status), Undo: &bot.Act{Name: "coop.was", Data: string(was)}}},
	}, nil
}

func (d *desk) coopWas(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var coop storage.Coop
	if err := json.Unmarshal([]byte(data), &coop); err != nil {
		return bot.Reply{}, err
	}
	_, err := d.db.SaveCoop(ctx, coop)
	return bot.Reply{}, err
}
