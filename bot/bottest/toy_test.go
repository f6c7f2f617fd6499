package bottest_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/storage"
)

// toy is a feature that uses each part of the loop once: it keeps ladders in
// the job table, which spares a migration.
func toy(db *storage.DB) []bot.Feature {
	t := &toys{db}
	return []bot.Feature{{
		Name: "Toys",
		Commands: []bot.Command{
			{Name: "have", Usage: "<thing>", Short: "say what you have", Effect: true, Run: t.have},
			{Name: "lend", Usage: "<thing>", Short: "lend it, after a yes", Effect: true, Run: t.lend},
			{Name: "count", Short: "how many things there are", Run: t.count},
			{Name: "later", Usage: "<hours>", Short: "be told later", Effect: true, Run: t.later},
			{Name: "name", Short: "be asked for a word", Run: t.name},
			{Name: "boom", Short: "breaks", Run: t.boom},
			{Name: "crash", Short: "breaks badly", Run: t.crash},
			{Name: "slow", Short: "asks the world", Ask: t.world, Run: t.told},
			{Name: "rule", Short: "for coordinators", Needs: bot.Coordinator, Run: t.count},
		},
		Actions: []bot.Action{
			{Name: "toy.drop", Run: t.drop}, {Name: "toy.lend", Run: t.lent}, {Name: "toy.named", Run: t.named},
		},
		Tellers: []bot.Teller{{Kind: "toy", Tell: t.tell}},
		Hears:   func(_ context.Context, room bot.Room) bool { return room.ID == "shed" },
		Listen:  func(context.Context, *bot.Call) (bot.Reply, error) { return bot.Reply{}, nil },
		Follow:  t.follow,
		Undo:    t.undo,
	}}
}

type toys struct{ db *storage.DB }

func (t *toys) have(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if c.Args == "" {
		return bot.Reply{}, bot.Errorf("What do you have? Try `!have ladder`.")
	}
	if err := t.db.SetRan(ctx, "toy "+c.Args, c.Time); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("%s: thank you, written down.", bot.Plain(c.Args)),
		Did:  []bot.Effect{{What: "wrote down " + c.Args, Undo: &bot.Act{Name: "toy.drop", Data: c.Args}}},
	}, nil
}

// follow says what it heard.
func (t *toys) follow(_ context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: strings.TrimSpace(fmt.Sprintf("%s: %s", c.Kind, bot.Plain(c.Text)))}, nil
}

func (t *toys) undo(ctx context.Context, c *bot.Call, code string) (bot.Reply, bool, error) {
	return bot.Reply{Text: "The ladder is back."}, code == "LADDER", nil
}

func (t *toys) drop(ctx context.Context, c *bot.Call, thing string) (bot.Reply, error) {
	_, err := t.db.Exec(ctx, `DELETE FROM job WHERE name = $1`, "toy "+thing)
	return bot.Reply{Text: bot.Plain(thing) + ": forgotten."}, err
}

func (t *toys) lend(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: "Lend " + bot.Plain(c.Args) + "?", Ask: &bot.Ask{Act: bot.Act{Name: "toy.lend", Data: c.Args}}}, nil
}

func (t *toys) lent(ctx context.Context, c *bot.Call, thing string) (bot.Reply, error) {
	return bot.Reply{Text: "Lent: " + bot.Plain(thing) + "."}, nil
}

func (t *toys) count(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	var n int
	err := t.db.QueryRow(ctx, `SELECT count(*) FROM job WHERE name LIKE 'toy %'`).Scan(&n)
	return bot.Reply{Text: fmt.Sprintf("There are %d.", n)}, err
}

func (t *toys) later(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	hours, err := strconv.Atoi(c.Args)
	if err != nil {
		return bot.Reply{}, bot.Errorf("In how many hours? Try `!later 2`.")
	}
	at := c.Time.Add(time.Duration(hours) * time.Hour)
	return bot.Reply{Text: "I will tell you at " + at.In(c.Zone).Format("15:04") + "."}, t.db.Promise(ctx, "toy", c.From.ID, at)
}

func (t *toys) tell(ctx context.Context, d bot.Due, now time.Time) ([]bot.Post, time.Time, error) {
	return []bot.Post{{Key: fmt.Sprintf("toy/%s/%d", d.Ref, d.At.Unix()), Room: bot.Room{Site: "matrix"}, To: d.Ref, Loud: true, Text: "It is time."}}, time.Time{}, nil
}

func (t *toys) name(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: "What shall it be called?", Ask: &bot.Ask{Act: bot.Act{Name: "toy.named"}, Words: true}}, nil
}

func (t *toys) named(ctx context.Context, c *bot.Call, _ string) (bot.Reply, error) {
	return bot.Reply{Text: "Called " + bot.Plain(c.Args) + "."}, nil
}

func (t *toys) boom(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := t.db.SetRan(ctx, "toy boom", c.Time); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{}, errors.New("boom")
}

func (t *toys) crash(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	if err := t.db.SetRan(ctx, "toy crash", c.Time); err != nil {
		return bot.Reply{}, err
	}
	panic("crash")
}

func (t *toys) world(ctx context.Context, c *bot.Call) (any, error) {
	return strings.ToUpper(c.Args), nil
}

func (t *toys) told(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	return bot.Reply{Text: "The world says " + bot.Plain(c.Told.(string)) + "."}, nil
}

func TestConversations(t *testing.T) {
	(&bottest.Player{Features: toy}).Run(t, "testdata/*.txt")
}
