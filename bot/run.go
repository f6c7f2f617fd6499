package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// run decides what a message wants and does it; it returns what is to be said.
func (b *Bot) run(ctx context.Context, w *work) ([]Post, error) {
	c := w.call
	switch c.Kind {
	case Reacted:
		return b.touched(ctx, w, true)
	case Deleted:
		return b.deleted(ctx, w)
	case Edited:
		return b.edited(ctx, w)
	}
	if !w.meant {
		return b.overheard(ctx, w)
	}
	w.handled = true
	if err := b.who(ctx, c); err != nil {
		return nil, err
	}
	if yesNo(c.Text) != 0 { // "!yes" to a question is a yes to it, whatever else the word is for
		if posts, done, err := b.repliedTo(ctx, w); done || err != nil {
			return posts, err
		}
	}
	if q, ok, err := b.mem.QuestionIn(ctx, c.Room, c.From.ID, c.Time); err != nil {
		return nil, err
	} else if ok && (w.command == nil || c.Direct && yesNo(c.Text) != 0) {
		return b.answerInWords(ctx, w, q)
	}
	return b.command(ctx, w)
}

// who looks up the person behind a call.
func (b *Bot) who(ctx context.Context, c *Call) (err error) {
	c.Person, err = b.mem.Person(ctx, c.Room.Site, c.From)
	return err
}

// command runs the command that a message calls, if there is one and its sender may.
func (b *Bot) command(ctx context.Context, w *work) ([]Post, error) {
	c := w.call
	switch b.limits.allow(c.Room.Site+"/"+c.From.ID, c.Time) {
	case tell:
		return []Post{b.reply(c, fmt.Sprintf("That is more than %d commands in a minute. I will answer you again in a minute.", b.PerPerson), 0)}, nil
	case silence:
		return nil, nil
	}
	if w.command == nil {
		return b.unknown(w), nil
	}
	if w.command.Run == nil {
		return []Post{b.reply(c, b.wrongSub(w), 0)}, nil
	}
	if c.Person.Role < w.command.Needs {
		return []Post{b.reply(c, b.notAllowed(w.words(), w.command.Needs, c.Person), 0)}, nil
	}
	late := b.Now().Sub(c.Time)
	if w.command.Effect && late > b.Stale {
		return b.posts(ctx, c, b.stillWanted(w))
	}
	if w.asked != nil {
		return nil, w.asked
	}
	reply, err := w.command.Run(ctx, c)
	if err != nil {
		return nil, err
	}
	if late > b.Stale && reply.Text != "" {
		reply.Text = fmt.Sprintf("(You asked at %s, while I was away.) %s", c.Time.In(c.Zone).Format("15:04"), reply.Text)
	}
	return b.posts(ctx, c, reply)
}

// stillWanted asks about a command with effects that had to wait too long.
func (b *Bot) stillWanted(w *work) Reply {
	c := w.call
	return Reply{
		Text: fmt.Sprintf("You asked `%s` at %s, while I was away. Do you still want it?", Code(clip(firstLine(unquoted(c.Text)), 60)), c.Time.In(c.Zone).Format("Mon 15:04")),
		Ask:  &Ask{Act: Act{Name: "bot.again", Data: unquoted(c.Text)}, For: 24 * time.Hour},
	}
}

// again runs a command that its sender still wants.
func (b *Bot) again(ctx context.Context, c *Call, text string) (Reply, error) {
	m := c.Message
	m.Text, m.Direct = text, true
	line, _, _ := b.words.line(&m)
	cmd, args, _ := b.words.find(line)
	if cmd == nil || cmd.Run == nil {
		return Reply{}, Errorf("I no longer know that command. Try `!help`.")
	}
	if c.Person.Role < cmd.Needs {
		return Reply{}, Errorf("%s", b.notAllowed(cmd.Name, cmd.Needs, c.Person))
	}
	c.Args = args
	if cmd.Ask != nil {
		told, err := cmd.Ask(ctx, c)
		if err != nil {
			return Reply{}, err
		}
		c.Told = told
	}
	return cmd.Run(ctx, c)
}

// posts turns a reply into posts, and writes down its effects and its question.
func (b *Bot) posts(ctx context.Context, c *Call, r Reply) ([]Post, error) {
	answer := b.reply(c, r.Text, 0)
	answer.Mentions, answer.Loud, answer.File, answer.Why = r.Mentions, r.Loud, r.File, r.Why
	if answer.File != nil {
		answer.Kind = Attach
		if strings.HasPrefix(r.File.MIME, "image/") {
			answer.Kind = Image
		}
	}
	if r.Direct && !c.Direct {
		answer.To, answer.Room, answer.ReplyTo = c.From.ID, Room{Site: c.Room.Site}, ""
	}
	if r.Ask != nil {
		if err := b.ask(ctx, c, &answer, *r.Ask); err != nil {
			return nil, err
		}
	}
	message := c.ID
	if c.Kind == Edited {
		message = c.Of // a later edit or deletion is about the original too
	}
	for _, e := range r.Did {
		entry := Entry{At: c.Now, Person: c.Person.ID, User: c.From.ID, Room: c.Room, Message: message, Post: answer.Key, Effect: e}
		if err := b.mem.Log(ctx, entry); err != nil {
			return nil, err
		}
	}
	return b.collect(c, answer, r), nil
}

func (b *Bot) collect(c *Call, answer Post, r Reply) []Post {
	var posts []Post
	if answer.Text != "" || answer.File != nil {
		posts = append(posts, answer)
	}
	if r.React != "" {
		posts = append(posts, Post{Key: c.Key(0) + "/react", Room: c.Room, Kind: React, Text: r.React, OfID: c.ID, Made: c.Now})
	}
	for i, p := range r.Posts {
		if p.Key == "" {
			p.Key = c.Key(i + 1)
		}
		if p.Kind == "" {
			p.Kind = Say
		}
		if p.Room.Site == "" && p.To == "" {
			p.Room = c.Room
		}
		if p.Made.IsZero() {
			p.Made = c.Now
		}
		posts = append(posts, p)
	}
	return posts
}

// unknown answers a word that is no command: a suggestion for a slip of the
// finger, help for somebody who spoke to the bot, silence for other bots' words.
func (b *Bot) unknown(w *work) []Post {
	c := w.call
	if w.word == "" {
		return []Post{b.reply(c, b.hello(c), 0)}
	}
	shown := "`!" + Code(clip(w.word, 30)) + "`"
	near := b.words.near(w.word, c.Person.Role)
	switch {
	case c.Direct && yesNo(c.Text) != 0:
		return []Post{b.reply(c, "Nothing waits for a yes or a no from you: it has been answered, or it ran out. Please ask again.", 0)}
	case len(near) > 0:
		return []Post{b.reply(c, fmt.Sprintf("I don't know %s. Did you mean `!%s`?", shown, strings.Join(near, "` or `!")), 0)}
	case w.called:
		return []Post{b.reply(c, fmt.Sprintf("I don't know %s. %s lists what I can do.", shown, b.helpWords(c)), 0)}
	}
	return nil
}

func (b *Bot) wrongSub(w *work) string {
	names := make([]string, 0, len(w.command.Sub))
	for _, s := range w.command.Sub {
		if !s.Hidden {
			names = append(names, "`!"+w.command.Name+" "+s.Name+"`")
		}
	}
	if word, _ := cutWord(w.call.Args); word != "" {
		return fmt.Sprintf("I don't know “%s” after `!%s`. There is %s.", Plain(clip(word, 30)), w.command.Name, strings.Join(names, ", "))
	}
	return fmt.Sprintf("What about it? There is %s.", strings.Join(names, ", "))
}

// words are the words that called the command: "skill add".
func (w *work) words() string {
	if w.command.Name == w.word {
		return w.word
	}
	for i := range w.command.Aliases {
		if w.command.Aliases[i] == w.word {
			return w.command.Name
		}
	}
	return strings.ToLower(Code(clip(w.word, 20))) + " " + w.command.Name
}

func (b *Bot) notAllowed(words string, needs Role, p Person) string {
	switch needs {
	case Member:
		return fmt.Sprintf("`!%s` is for people who act for a co-op. Tell me yours with `!iam <co-op>`.", words)
	case Coordinator:
		return fmt.Sprintf("`!%s` is for coordinators. `!who coordinators` says whom to ask.", words)
	}
	return fmt.Sprintf("`!%s` needs the role of %s; you have that of %s.", words, needs, p.Role)
}

// overheard hands a message that was no command to whoever listens, or, if
// it answers something the bot said, to the question it answers.
func (b *Bot) overheard(ctx context.Context, w *work) ([]Post, error) {
	c := w.call
	if posts, done, err := b.repliedTo(ctx, w); done || err != nil {
		return posts, err
	}
	var posts []Post
	for i := range b.features {
		f := &b.features[i]
		if f.Listen == nil || f.Hears == nil || !f.Hears(ctx, c.Room) {
			continue
		}
		if err := b.who(ctx, c); err != nil {
			return nil, err
		}
		r, err := f.Listen(ctx, c)
		if err != nil {
			return nil, err
		}
		more, err := b.posts(ctx, c, r)
		if err != nil {
			return nil, err
		}
		posts = append(posts, more...)
	}
	return posts, nil
}

// followed hands what became of a message that was no command to whoever
// listens in its room.
func (b *Bot) followed(ctx context.Context, w *work) ([]Post, error) {
	c := w.call
	var posts []Post
	for i := range b.features {
		f := &b.features[i]
		if f.Follow == nil || f.Hears == nil || !f.Hears(ctx, c.Room) {
			continue
		}
		if err := b.who(ctx, c); err != nil {
			return nil, err
		}
		w.handled = w.handled || c.Kind == Reacted // the emoji is needed again when it is taken off
		r, err := f.Follow(ctx, c)
		if err != nil {
			return nil, err
		}
		more, err := b.posts(ctx, c, r)
		if err != nil {
			return nil, err
		}
		posts = append(posts, more...)
	}
	return posts, nil
}
