package group

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/storage"
)

var (
	kindAtEnd   = regexp.MustCompile(`^(.*?)\s*\(([^()]+)\)$`)
	slugAtFront = regexp.MustCompile(`^([\pL\pN][\pL\pN-]{0,23})\s*[=:]\s*(.+)$`)
)

// create is `!group create [slug =] <name> [(kind)]`.
func (d *desk) create(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g := storage.Group{Kind: "circle", State: "open", Made: c.Time}
	said := strings.Join(strings.Fields(bot.Printable(c.Args)), " ")
	if m := kindAtEnd.FindStringSubmatch(said); m != nil {
		kind, ok := kinds[strings.ToLower(m[2])]
		if !ok {
			return bot.Reply{}, bot.Errorf("I do not know that kind of group. It can be %s.", allKinds)
		}
		said, g.Kind = m[1], kind
	}
	if m := slugAtFront.FindStringSubmatch(said); m != nil {
		g.Slug, said = strings.ToLower(m[1]), m[2]
	}
	g.Name = strings.Trim(said, "\"'“” ")
	if n := len([]rune(g.Name)); n < 2 || n > 80 {
		return bot.Reply{}, bot.Errorf("What is it called? Try `!group create Movement Building (strategy)`; the kinds are %s.", allKinds)
	}
	if err := d.free(ctx, &g); err != nil {
		return bot.Reply{}, err
	}
	var err error
	if g.ID, err = d.db.SaveGroup(ctx, g); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{
		Text: fmt.Sprintf("%s begins. Next: `!group purpose %s: …`, `!join %[2]s`, and `!group bind %[2]s` in its room.", title(g), bot.Code(g.Slug)),
		Did:  []bot.Effect{{What: "began the group " + g.Name, Undo: before{Drop: g.ID}.act()}}}, nil
}

// free makes sure that no other group has the name, and finds a word for it.
func (d *desk) free(ctx context.Context, g *storage.Group) error {
	if old, taken, err := d.db.GroupNamed(ctx, g.Name); err != nil {
		return err
	} else if taken && old.State == "closed" {
		return bot.Errorf("**%s** existed and is closed. `!group reopen %s` begins it again.", bot.Plain(old.Name), bot.Code(old.Slug))
	} else if taken {
		return bot.Errorf("There is a group **%s** (`%s`). `!group %[2]s` shows it.", bot.Plain(old.Name), bot.Code(old.Slug))
	}
	if g.Slug != "" {
		old, taken, err := d.db.GroupNamed(ctx, g.Slug)
		if err == nil && taken {
			err = bot.Errorf("`%s` is the word for **%s**. Choose another, as in `!group create other = %s`.", bot.Code(g.Slug), bot.Plain(old.Name), bot.Code(g.Name))
		}
		return err
	}
	base := shortWord(g.Name)
	for n := 1; ; n++ {
		g.Slug = base
		if n > 1 {
			g.Slug = fmt.Sprintf("%s%d", base, n)
		}
		if _, taken, err := d.db.GroupNamed(ctx, g.Slug); err != nil || !taken {
			return err
		}
	}
}

// shortWord makes the word that people type from a name: "csd" of Co-op
// Support and Development, "website" of Website.
func shortWord(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' })
	small := map[string]bool{"and": true, "of": true, "the": true, "for": true, "to": true, "in": true, "on": true, "a": true}
	var kept []string
	for _, w := range words {
		if !small[w] && strings.Trim(w, "-") != "" {
			kept = append(kept, strings.Trim(w, "-"))
		}
	}
	if len(kept) == 0 {
		return "group"
	}
	word := kept[0]
	if len(kept) > 1 {
		word = ""
		for _, w := range kept {
			word += string([]rune(w)[0])
		}
	}
	if r := []rune(word); len(r) > 20 {
		word = string(r[:20])
	}
	return strings.Trim(word, "-")
}

// change saves a group that was changed by somebody who may.
func (d *desk) change(ctx context.Context, c *bot.Call, old, g storage.Group, what, text string) (bot.Reply, error) {
	if err := d.settles(ctx, c, old); err != nil {
		return bot.Reply{}, err
	}
	if _, err := d.db.SaveGroup(ctx, g); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: text, Did: []bot.Effect{{What: what, Undo: before{Groups: []storage.Group{old}}.act()}}}, nil
}

// rename is `!group rename [group:] <new name>`.
func (d *desk) rename(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, name, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if here, bound, err := d.db.GroupAt(ctx, c.Room); err != nil {
		return bot.Reply{}, err
	} else if bound && name == "" && c.Args != "" && here.ID != g.ID {
		return bot.Reply{}, bot.Errorf("There is a group **%s** (`%s`) already.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	old := g
	g.Name = strings.Trim(strings.Join(strings.Fields(bot.Printable(name)), " "), "\"'“” ")
	if m := slugAtFront.FindStringSubmatch(g.Name); m != nil {
		g.Slug, g.Name = strings.ToLower(m[1]), m[2]
	}
	if n := len([]rune(g.Name)); n < 2 || n > 80 {
		return bot.Reply{}, bot.Errorf("What is **%s** to be called? Try `!group rename %s: Co-op Development`.", bot.Plain(old.Name), bot.Code(old.Slug))
	}
	for _, word := range []string{g.Name, g.Slug} {
		if other, taken, err := d.db.GroupNamed(ctx, word); err != nil {
			return bot.Reply{}, err
		} else if taken && other.ID != g.ID {
			return bot.Reply{}, bot.Errorf("There is a group **%s** (`%s`) already.", bot.Plain(other.Name), bot.Code(other.Slug))
		}
	}
	return d.change(ctx, c, old, g, fmt.Sprintf("renamed %s to %s", old.Name, g.Name),
		fmt.Sprintf("**%s** is called **%s** now. `%s` is still the word for it.", bot.Plain(old.Name), bot.Plain(g.Name), bot.Code(g.Slug)))
}

// purpose is `!group purpose [group:] <text>`.
func (d *desk) purpose(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, text, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	if text == "" {
		return bot.Reply{}, bot.Errorf("What is **%s** for? Try `!group purpose %s: members help co-ops to start and grow`.", bot.Plain(g.Name), bot.Code(g.Slug))
	}
	if len([]rune(text)) > 400 {
		return bot.Reply{}, bot.Errorf("That is longer than a card should be. Say it in two or three sentences, and keep the rest behind `!links %s: purpose https://…`.", bot.Code(g.Slug))
	}
	old := g
	g.Purpose = strings.Join(strings.Fields(bot.Printable(text)), " ")
	return d.change(ctx, c, old, g, "said what "+g.Name+" is for", fmt.Sprintf("**%s** is for: %s", bot.Plain(g.Name), bot.Plain(g.Purpose)))
}

// kind is `!group kind [group:] <kind>`.
func (d *desk) kind(ctx context.Context, c *bot.Call) (bot.Reply, error) {
	g, word, err := d.which(ctx, c)
	if err != nil {
		return bot.Reply{}, err
	}
	kind, ok := kinds[strings.ToLower(strings.TrimSpace(word))]
	if !ok {
		return bot.Reply{}, bot.Errorf("**%s** is a %s. It can be a %s.", bot.Plain(g.Name), kindNames[g.Kind], allKinds)
	}
	old := g
	g.Kind = kind
	return d.change(ctx, c, old, g, fmt.Sprintf("made %s a %s", g.Name, kindNames[kind]), fmt.Sprintf("**%s** is a %s now.", bot.Plain(g.Name), kindNames[kind]))
}
