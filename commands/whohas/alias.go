package whohas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// aliasAct is an alias on its way in or out.
type aliasAct struct {
	Word string
	Name string // the skill or co-op it is to mean
	Coop bool
}

func (a aliasAct) act(name string) *bot.Act {
	data, _ := json.Marshal(a) // words: cannot fail
	return &bot.Act{Name: name, Data: string(data)}
}

// alias is `!alias word = skill`; bare, it lists what waits.
func (d *desk) alias(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	word, name, ok := strings.Cut(tidy(c.Args), "=")
	word, name = tidy(word), tidy(name)
	word = strings.TrimSpace(strings.TrimPrefix(word, "suggest "))
	word = tidy(word)
	if !ok || word == "" || name == "" {
		if c.Args == "" {
			return d.waiting(ctx, c)
		}
		return bot.Reply{}, bot.Errorf("Say what means what: `!alias wp sites = WordPress`, or for a co-op `!alias webarch = Webarchitects`.")
	}
	if err := checkSkill(word); err != nil {
		return bot.Reply{}, err
	}
	a, err := d.aliasFor(ctx, word, name)
	if err != nil {
		return bot.Reply{}, err
	}
	if c.Person.Role >= bot.Coordinator {
		return d.acceptAlias(ctx, c, a)
	}
	return d.suggest(ctx, c, a)
}

// aliasFor finds what a word is to mean: a skill, or else a co-op.
func (d *desk) aliasFor(ctx context.Context, word, name string) (aliasAct, error) {
	if t, ok := d.words.Lookup(word); ok {
		return aliasAct{}, bot.Errorf("“%s” means %s already.", bot.Plain(word), t.Name)
	}
	if m, ok, err := d.exactly(ctx, name); err != nil {
		return aliasAct{}, err
	} else if ok {
		if len(m.skill) == 0 {
			return aliasAct{}, bot.Errorf("Nobody lists %s yet, so there is nothing for “%s” to lead to.", bot.Plain(m.label), bot.Plain(word))
		}
		return aliasAct{Word: word, Name: m.skill[0].Name}, nil
	}
	coop, err := d.coop(ctx, name)
	var refusal *bot.Refusal
	if errors.As(err, &refusal) {
		return aliasAct{}, bot.Errorf("I know neither a skill nor a co-op called “%s”. Try `!whohas %s` first.", bot.Plain(bot.Clip(name, 40)), bot.Code(bot.Clip(name, 40)))
	}
	return aliasAct{Word: word, Name: coop.Name, Coop: true}, err
}

// suggest asks the coordinators about an alias.
func (d *desk) suggest(ctx context.Context, c *bot.Call, a aliasAct) (bot.Reply, error) {
	if !a.Coop {
		s, err := d.db.SkillByKey(ctx, directory.Key(a.Name))
		if err != nil {
			return bot.Reply{}, err
		}
		if err := d.db.SetAlias(ctx, storage.Alias{Key: directory.Key(a.Word), Alias: a.Word, Skill: s.ID}); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{
		Text: fmt.Sprintf("Thank you. “%s” = %s waits for a coordinator.", bot.Plain(a.Word), bot.Plain(a.Name)),
		Ask:  &bot.Ask{Act: *a.act("alias.accept"), For: 28 * 24 * 3600e9, Anybody: true, Needs: bot.Coordinator},
		Did:  []bot.Effect{{What: fmt.Sprintf("suggested that %s means %s", a.Word, a.Name), Undo: a.act("alias.drop")}},
	}, nil
}

func (d *desk) acceptAlias(ctx context.Context, c *bot.Call, a aliasAct) (bot.Reply, error) {
	if err := d.setAlias(ctx, a); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("“%s” now means **%s**.", bot.Plain(a.Word), bot.Plain(a.Name)),
		Did:  []bot.Effect{{What: fmt.Sprintf("made %s mean %s", a.Word, a.Name), Undo: a.act("alias.drop")}},
	}, nil
}

func (d *desk) setAlias(ctx context.Context, a aliasAct) error {
	key := directory.Key(a.Word)
	if a.Coop {
		coop, err := d.coop(ctx, a.Name)
		if err != nil {
			return err
		}
		return d.db.NameCoop(ctx, key, a.Word, coop.ID)
	}
	s, err := d.db.SkillByKey(ctx, directory.Key(a.Name))
	if err != nil {
		return err
	}
	if err := d.db.DropWant(ctx, key); err != nil {
		return err
	}
	return d.db.SetAlias(ctx, storage.Alias{Key: key, Alias: a.Word, Skill: s.ID, Accepted: true})
}

// accept carries out a coordinator's yes.
func (d *desk) accept(ctx context.Context, c *bot.Call, data string) (bot.Reply, error) {
	var a aliasAct
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return bot.Reply{}, err
	}
	return d.acceptAlias(ctx, c, a)
}

// drop takes an alias away again.
func (d *desk) drop(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var a aliasAct
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return bot.Reply{}, err
	}
	if a.Coop {
		return bot.Reply{}, d.db.UnnameCoop(ctx, directory.Key(a.Word))
	}
	return bot.Reply{}, d.db.DropAlias(ctx, directory.Key(a.Word))
}

// waiting lists the words that people suggested and nobody has accepted.
func (d *desk) waiting(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	all, err := d.db.Aliases(ctx, false)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: "No words wait to be accepted. Suggest one: `!alias wp sites = WordPress`."}, nil
	}
	var t strings.Builder
	t.WriteString("Words that wait for a coordinator:\n")
	for _, a := range all[:min(len(all), 12)] {
		fmt.Fprintf(&t, "- “%s” = %s\n", bot.Plain(a.Alias), bot.Plain(a.SkillName))
	}
	if c.Person.Role >= bot.Coordinator {
		fmt.Fprintf(&t, "Accept one: `!alias %s = %s`.", bot.Code(all[0].Alias), bot.Code(all[0].SkillName))
	}
	return bot.Reply{Text: strings.TrimSpace(t.String())}, nil
}

// wanted is `!wanted`.
func (d *desk) wanted(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	all, err := d.db.Wanted(ctx, c.Time.AddDate(-1, 0, 0).In(c.Zone).Format("2006-01-02"), 12)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(all) == 0 {
		return bot.Reply{Text: "Nothing has been looked for in vain in the last year. I count the words, never who asked."}, nil
	}
	var t strings.Builder
	t.WriteString("**Looked for and not found** (in the last year; I count the words, never who asked)\n")
	for _, w := range all {
		fmt.Fprintf(&t, "- %s ×%d\n", bot.Plain(w.Word), w.Times)
	}
	fmt.Fprintf(&t, "Does your co-op do one of them? `!skill add %s`.", bot.Code(all[0].Word))
	return bot.Reply{Text: t.String()}, nil
}
