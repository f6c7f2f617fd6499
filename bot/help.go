package bot

import (
	"context"
	"fmt"
	"sort"
	"strings"
)

// own is the feature made of the loop's own commands.
func (b *Bot) own() Feature {
	return Feature{
		Name: "About me",
		Commands: []Command{
			{Name: "help", Aliases: []string{"?", "commands"}, Usage: "[word]", Short: "what I can do here", Run: b.help},
			{Name: "why", Short: "as a reply: why I said that", Run: b.why},
			{Name: "undo", Usage: "[CODE]", Short: "as a reply, or with its code: take it back", Run: b.undo},
			{Name: "confirm", Usage: "CODE", Short: "say yes to a question of mine", Hidden: true, Run: b.confirm},
			{Name: "cancel", Usage: "CODE", Short: "say no to a question of mine", Hidden: true, Run: b.cancel},
		},
		Actions: []Action{{Name: "bot.again", Run: b.again}},
	}
}

func (b *Bot) hello(c *Call) string {
	return "Hello. " + b.helpWords(c) + " lists what I can do; `!whohas <skill>` finds a co-op that does something."
}

// helpWords is how to ask for help where a call was made: a bare `!help` in a
// shared room may wake other bots, and is answered only where that is switched on.
func (b *Bot) helpWords(c *Call) string { return HelpWords(b.Names[0], c.Direct || b.HelpInRooms) }

// HelpWords is how to ask a bot of that name for help.
func HelpWords(name string, bare bool) string {
	if bare {
		return "`!help`"
	}
	return "`" + Code(name) + ": help`"
}

// help is `!help`: one screen of what the asker may do here; with a word it searches.
func (b *Bot) help(ctx context.Context, c *Call) (Reply, error) {
	if c.Args != "" {
		return b.helpAbout(c, strings.ToLower(strings.TrimPrefix(c.Args, "!")))
	}
	if !c.Direct && !b.HelpInRooms && !b.words.calledByName(&c.Message) {
		return Reply{}, nil
	}
	var t strings.Builder
	t.WriteString("**What I can do here** (`!help word` tells more)\n")
	for _, f := range b.features {
		var words []string
		for i := range f.Commands {
			if cmd := &f.Commands[i]; !cmd.Hidden && cmd.Needs <= c.Person.Role {
				words = append(words, "`!"+cmd.Name+"`")
			}
		}
		if len(words) > 0 {
			fmt.Fprintf(&t, "- %s: %s\n", f.Name, strings.Join(words, " "))
		}
	}
	if c.Person.CoopID == 0 {
		t.WriteString("Tell me your co-op with `!iam <co-op>` and I can do more for you.")
	} else {
		t.WriteString("Every answer of mine takes `!why` and `!undo` as a reply.")
	}
	return Reply{Text: strings.TrimSpace(t.String())}, nil
}

func (w *words) calledByName(m *Message) bool {
	_, called, _ := w.line(m)
	return called
}

func (b *Bot) helpAbout(c *Call, word string) (Reply, error) {
	if cmd, _, _ := b.words.find(word); cmd != nil && cmd.Needs <= c.Person.Role {
		return Reply{Text: describe(cmd)}, nil
	}
	var found []string
	for _, cmd := range b.words.listed {
		if cmd.Hidden || cmd.Needs > c.Person.Role {
			continue
		}
		if strings.Contains(strings.ToLower(cmd.Name+" "+cmd.Short+" "+cmd.Long+" "+strings.Join(cmd.Aliases, " ")), word) {
			found = append(found, fmt.Sprintf("- `!%s`: %s", strings.TrimSpace(cmd.Name+" "+cmd.Usage), cmd.Short))
		}
	}
	if len(found) == 0 {
		if near := b.words.near(word, c.Person.Role); len(near) > 0 {
			return Reply{}, Errorf("I have no help on “%s”. Did you mean `!help %s`?", Plain(clip(word, 30)), near[0])
		}
		return Reply{}, Errorf("I have no help on “%s”. `!help` lists everything.", Plain(clip(word, 30)))
	}
	sort.Strings(found)
	return Reply{Text: fmt.Sprintf("About “%s”:\n%s", Plain(clip(word, 30)), strings.Join(found[:min(len(found), 12)], "\n"))}, nil
}

// describe is the help on one command.
func describe(cmd *Command) string {
	var t strings.Builder
	fmt.Fprintf(&t, "`!%s`: %s", strings.TrimSpace(cmd.Name+" "+cmd.Usage), cmd.Short)
	for i := range cmd.Sub {
		if s := &cmd.Sub[i]; !s.Hidden {
			fmt.Fprintf(&t, "\n- `!%s`: %s", strings.TrimSpace(cmd.Name+" "+s.Name+" "+s.Usage), s.Short)
		}
	}
	if cmd.Long != "" {
		t.WriteString("\n" + cmd.Long)
	}
	if len(cmd.Aliases) > 0 {
		fmt.Fprintf(&t, "\nAlso: `!%s`.", strings.Join(cmd.Aliases, "`, `!"))
	}
	if cmd.Needs > Anyone {
		fmt.Fprintf(&t, "\nFor: %s.", cmd.Needs)
	}
	return t.String()
}
