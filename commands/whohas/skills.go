package whohas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

// levels are what people may say of their skill, by the words they use.
var levels = map[string]string{
	"expert": "expert", "experts": "expert", "expertly": "expert", "very good": "expert",
	"can do": "can do", "ok": "can do", "okay": "can do", "good": "can do",
	"learning": "learning", "beginner": "learning", "beginners": "learning", "interested": "learning",
}

var levelWords = regexp.MustCompile(`(?i)[\s,:]+\(?(experts?|very good|can do|ok(?:ay)?|good|learning|beginners?|interested)\)?$`)

// change is what undoing a change to a co-op's skill needs.
type change struct {
	Skill int64
	Coop  int64
	Had   bool
	Was   storage.Can
}

func (c change) act() *bot.Act {
	data, _ := json.Marshal(c) // numbers and words: cannot fail
	return &bot.Act{Name: "skill.was", Data: string(data)}
}

// was puts a skill back as it was.
func (d *desk) was(ctx context.Context, _ *bot.Call, data string) (bot.Reply, error) {
	var c change
	if err := json.Unmarshal([]byte(data), &c); err != nil {
		return bot.Reply{}, err
	}
	if c.Had {
		return bot.Reply{}, d.db.SetSkill(ctx, c.Was)
	}
	return bot.Reply{}, d.db.DropSkill(ctx, c.Skill, c.Coop)
}

// maxSkill is the longest name of a skill, in letters.
const maxSkill = 40

// skillAdd is `!skill add`.
func (d *desk) skillAdd(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	what := tidy(c.Args)
	if what == "" {
		return bot.Reply{}, bot.Errorf("What does %s do? Try `!skill add drupal expert`.", bot.Plain(c.Person.Coop))
	}
	level := ""
	if m := levelWords.FindStringSubmatch(what); m != nil && !d.known(ctx)(what) {
		level, what = levels[strings.ToLower(m[1])], levelWords.ReplaceAllString(what, "")
	}
	if err := checkSkill(what); err != nil {
		return bot.Reply{}, err
	}
	if t, ok := d.words.Lookup(what); ok && t.Kind == directory.Group {
		return bot.Reply{}, bot.Errorf("%s stands for several skills: %s. Please add the ones you have.", t.Name, sayList(d.words.Members(t.Name)))
	}
	s, err := d.skillToAdd(ctx, what)
	if err != nil {
		return bot.Reply{}, err
	}
	old, err := d.db.GetSkill(ctx, s.ID, c.Person.CoopID)
	had := err == nil
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return bot.Reply{}, err
	}
	can := storage.Can{Skill: s.ID, Coop: c.Person.CoopID, Level: level, AsOf: day(c), From: byMember}
	if err := d.db.SetSkill(ctx, can); err != nil {
		return bot.Reply{}, err
	}
	if err := d.db.DropWant(ctx, directory.Key(s.Name)); err != nil {
		return bot.Reply{}, err
	}
	ch := change{Skill: s.ID, Coop: c.Person.CoopID, Had: had, Was: old}
	return bot.Reply{
		Text: added(c, s, level, had, what),
		Did:  []bot.Effect{{What: fmt.Sprintf("%s: added %s", c.Person.Coop, s.Name), Undo: ch.act()}},
	}, nil
}

func added(c *bot.Call, s storage.Skill, level string, had bool, asked string) string {
	name := bot.Plain(s.Name)
	if level != "" {
		name += " (" + level + ")"
	}
	text := fmt.Sprintf("**%s**: added for %s, as of today.", name, bot.Plain(c.Person.Coop))
	if had {
		text = fmt.Sprintf("**%s**: %s had that already; it is now confirmed as of today.", name, bot.Plain(c.Person.Coop))
	}
	if directory.Key(asked) != directory.Key(s.Name) {
		text += fmt.Sprintf(" (“%s” is listed under that name.)", bot.Plain(asked))
	}
	return text + " `!skills` shows everything you list."
}

// skillToAdd finds the skill that a member means, or makes it. A word that is
// nearly one we know is asked about: it is rarely a new skill.
func (d *desk) skillToAdd(ctx context.Context, what string) (storage.Skill, error) {
	if m, ok, err := d.exactly(ctx, what); err != nil {
		return storage.Skill{}, err
	} else if ok && m.term == "" {
		return m.skill[0], nil
	} else if ok {
		return skillNamed(ctx, d.db, m.term, "service")
	}
	if m, ok, err := d.slip(ctx, what); err != nil {
		return storage.Skill{}, err
	} else if ok {
		return storage.Skill{}, bot.Errorf("Do you mean %s? Then say `!skill add %s`. If “%s” is something else, add a word to it.", bot.Plain(m.label), bot.Code(m.label), bot.Plain(what))
	}
	return skillNamed(ctx, d.db, what, "service")
}

// checkSkill refuses what cannot be the name of a skill.
func checkSkill(what string) error {
	switch {
	case directory.Key(what) == "":
		return bot.Errorf("I need a word for the skill. Try `!skill add drupal expert`.")
	case strings.ContainsAny(what, ",;") || strings.Contains(what, " + "):
		return bot.Errorf("One at a time, please: `!skill add php`, then the next.")
	case len([]rune(what)) > maxSkill:
		return bot.Errorf("That is long for a skill: please keep it under %d letters, and add several one by one.", maxSkill)
	case strings.ContainsAny(what, "<>[]{}|`\\") || strings.Contains(what, "://"):
		return bot.Errorf("Please write the skill in plain words, without brackets or links.")
	case strings.Contains(what, "@"):
		return bot.Errorf("Please write the skill without names of people or rooms.")
	}
	return nil
}

// skillRemove is `!skill remove`.
func (d *desk) skillRemove(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	what := tidy(c.Args)
	if what == "" {
		return bot.Reply{}, bot.Errorf("Which one? `!skills` shows what you list; then `!skill remove drupal`.")
	}
	m, err := d.resolve(ctx, what)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, s := range m.skill {
		old, err := d.db.GetSkill(ctx, s.ID, c.Person.CoopID)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return bot.Reply{}, err
		}
		if err := d.db.DropSkill(ctx, s.ID, c.Person.CoopID); err != nil {
			return bot.Reply{}, err
		}
		ch := change{Skill: s.ID, Coop: c.Person.CoopID, Had: true, Was: old}
		return bot.Reply{
			Text: fmt.Sprintf("**%s**: removed from %s. `!undo` brings it back.", bot.Plain(s.Name), bot.Plain(c.Person.Coop)),
			Did:  []bot.Effect{{What: fmt.Sprintf("%s: removed %s", c.Person.Coop, s.Name), Undo: ch.act()}},
		}, nil
	}
	return bot.Reply{}, bot.Errorf("%s does not list “%s”. `!skills` shows what it lists.", bot.Plain(c.Person.Coop), bot.Plain(bot.Clip(what, 60)))
}

// skills is `!skills [co-op]`.
func (d *desk) skills(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	id := c.Person.CoopID
	if tidy(c.Args) != "" {
		coop, err := d.coop(ctx, c.Args)
		if err != nil {
			return bot.Reply{}, err
		}
		id = coop.ID
	}
	if id == 0 {
		return bot.Reply{}, bot.Errorf("Whose skills? Try `!skills autonomic`, or tell me your co-op with `!iam <co-op>`.")
	}
	coop, err := d.db.Coop(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	lines, err := d.skillLines(ctx, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if lines == "" {
		text := fmt.Sprintf("**%s** lists no skills yet.", bot.Plain(coop.Name))
		if id == c.Person.CoopID {
			text += " Add one: `!skill add drupal expert`."
		}
		return bot.Reply{Text: text}, nil
	}
	text := fmt.Sprintf("**%s**\n%s", bot.Plain(coop.Name), lines)
	if id == c.Person.CoopID {
		text += "\nChange it with `!skill add …` and `!skill remove …`."
	}
	return bot.Reply{Text: text}, nil
}

// skillLines lists what a co-op does: services, then technologies.
func (d *desk) skillLines(ctx context.Context, coop int64) (string, error) {
	all, err := d.db.SkillsOf(ctx, coop)
	if err != nil || len(all) == 0 {
		return "", err
	}
	var does, uses []string
	fresh := hit{}
	for _, o := range all {
		name := bot.Plain(o.SkillName)
		if o.Level != "" {
			name += " (" + o.Level + ")"
		}
		if o.SkillKind == "technology" {
			uses = append(uses, name)
		} else {
			does = append(does, name)
		}
		fresh.skills = append(fresh.skills, o)
	}
	var lines []string
	if len(does) > 0 {
		lines = append(lines, "- Does: "+strings.Join(does, ", "))
	}
	if len(uses) > 0 {
		lines = append(lines, "- Uses: "+strings.Join(uses, ", "))
	}
	if f := freshness([]hit{fresh}); f != "" {
		lines = append(lines, "- Skills "+f)
	}
	return strings.Join(lines, "\n"), nil
}

// day is the date of a call where it was made.
func day(c *bot.Call) string { return c.Time.In(c.Zone).Format(time.DateOnly) }
