package bot

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

// ask remembers the question of a reply and says how to answer it.
func (b *Bot) ask(ctx context.Context, c *Call, answer *Post, ask Ask) error {
	if ask.For == 0 {
		ask.For = 10 * time.Minute
	}
	q := Question{Code: questionCode(answer.Key), Post: answer.Key, Room: answer.Room, User: c.From.ID, Ask: ask, Until: c.Now.Add(ask.For)}
	if answer.To != "" {
		q.Room = Room{Site: c.Room.Site}
	}
	if !ask.Words {
		until := q.Until.In(c.Zone)
		form := "15:04"
		if until.Sub(c.Now) > 12*time.Hour {
			form = "Mon 2 Jan 15:04"
		}
		answer.Text += fmt.Sprintf("\n✅ or `yes` as a reply, or `!confirm %s`, until %s. ❌ or `no` leaves it.", q.Code, until.Format(form))
	}
	return b.mem.Question(ctx, q)
}

// codeLetters leaves out what is easily misread.
const codeLetters = "ABCDEFGHJKMNPQRSTVWXYZ23456789"

// questionCode returns four letters made from the key of the asking post, so
// that asking again after a crash gives the same code.
func questionCode(key string) string {
	sum := sha256.Sum256([]byte("question/" + key))
	code := make([]byte, 4)
	for i := range code {
		code[i] = codeLetters[int(sum[i])%len(codeLetters)]
	}
	return string(code)
}

// yesNo reads a short answer: 1 for yes, -1 for no, 0 for anything else.
func yesNo(text string) int {
	switch strings.ToLower(strings.Trim(unquoted(text), " .!✅❌👍👎")) {
	case "":
		if strings.ContainsAny(text, "✅👍") {
			return 1
		}
		if strings.ContainsAny(text, "❌👎") {
			return -1
		}
	case "yes", "y", "yes please", "ok", "okay", "confirm", "do it", "yep", "aye":
		return 1
	case "no", "n", "no thanks", "cancel", "stop", "leave it", "nope":
		return -1
	}
	return 0
}

func emojiYesNo(emoji string) int {
	switch emoji {
	case "✅", "👍", "☑", "✔":
		return 1
	case "❌", "👎", "✖", "🚫":
		return -1
	}
	return 0
}

// repliedTo answers a reply to something the bot said: a yes, a no, or words it asked for.
func (b *Bot) repliedTo(ctx context.Context, w *work) (posts []Post, done bool, err error) {
	c := w.call
	if c.ReplyTo == "" {
		return nil, false, nil
	}
	post, ours, err := b.mem.Said(ctx, c.Room.Site, c.ReplyTo)
	if err != nil || !ours {
		return nil, false, err
	}
	q, open, err := b.mem.QuestionByPost(ctx, post.Key)
	if err != nil || !open {
		return nil, false, err
	}
	if err := b.who(ctx, c); err != nil {
		return nil, true, err
	}
	posts, err = b.answerInWords(ctx, w, q)
	return posts, true, err
}

// answerInWords takes a person's words for the answer to a question.
func (b *Bot) answerInWords(ctx context.Context, w *work, q Question) ([]Post, error) {
	c := w.call
	yes := yesNo(c.Text)
	if q.Ask.Words && yes >= 0 {
		w.handled = true
		c.Args = unquoted(c.Text)
		return b.settle(ctx, c, q, 1)
	}
	if yes == 0 {
		if !w.meant {
			return nil, nil
		}
		return b.command(ctx, w)
	}
	w.handled = true
	return b.settle(ctx, c, q, yes)
}

// settle ends a question with a yes (1) or a no (-1).
func (b *Bot) settle(ctx context.Context, c *Call, q Question, yes int) ([]Post, error) {
	switch {
	case !q.Ask.Anybody && q.User != c.From.ID:
		return []Post{b.reply(c, "That question was not for you: only the person I asked can answer it.", 0)}, nil
	case yes < 0 && q.User != c.From.ID && c.Person.Role < Coordinator && !b.mayAnswer(ctx, c, q):
		return []Post{b.reply(c, "Only the person who asked, or somebody who could have said yes, can say no to this.", 0)}, nil
	case c.Person.Role < q.Ask.Needs:
		return []Post{b.reply(c, fmt.Sprintf("Only a %s can confirm this.", q.Ask.Needs), 0)}, nil
	case c.Time.After(q.Until):
		return []Post{b.reply(c, fmt.Sprintf("That question ran out at %s, so I have left things as they are. Please ask me again.", q.Until.In(c.Zone).Format("15:04 on Mon 2 Jan")), 0)}, nil
	}
	if err := b.mem.Closed(ctx, q.Code, c.Time); err != nil {
		return nil, err
	}
	if yes < 0 {
		return []Post{b.reply(c, "All right, I have left it as it was.", 0)}, nil
	}
	r, err := b.act(ctx, c, q.Ask.Act)
	if err != nil {
		return nil, err
	}
	return b.posts(ctx, c, r)
}

// mayAnswer reports whether somebody could have said yes to a question, and
// so may say no to it.
func (b *Bot) mayAnswer(ctx context.Context, c *Call, q Question) bool {
	action := b.actions[q.Ask.Act.Name]
	if c.Person.Role < q.Ask.Needs {
		return false
	}
	return action.May == nil || action.May(c, q.Ask.Act.Data)
}

// act carries out an act for a person.
func (b *Bot) act(ctx context.Context, c *Call, a Act) (Reply, error) {
	action, ok := b.actions[a.Name]
	if !ok {
		return Reply{}, fmt.Errorf("bot: no action called %q", a.Name)
	}
	return action.Run(ctx, c, a.Data)
}

// confirm is `!confirm CODE`.
func (b *Bot) confirm(ctx context.Context, c *Call) (Reply, error) { return b.byCode(ctx, c, 1) }

// cancel is `!cancel CODE`.
func (b *Bot) cancel(ctx context.Context, c *Call) (Reply, error) { return b.byCode(ctx, c, -1) }

func (b *Bot) byCode(ctx context.Context, c *Call, yes int) (Reply, error) {
	code := strings.ToUpper(strings.TrimSpace(c.Args))
	if code == "" {
		return Reply{}, Errorf("Which one? The code stands at the end of my question, as in `!confirm 8F2K`.")
	}
	q, ok, err := b.mem.QuestionByCode(ctx, code)
	if err != nil {
		return Reply{}, err
	}
	if !ok {
		return Reply{}, Errorf("Nothing waits for the code %s. It may have been answered already.", Plain(clip(code, 12)))
	}
	posts, err := b.settle(ctx, c, q, yes)
	return Reply{Posts: posts}, err
}

// nothing reports whether a reply neither says nor does anything.
func (r Reply) nothing() bool {
	return r.Text == "" && r.React == "" && r.File == nil && r.Ask == nil && len(r.Posts)+len(r.Did) == 0
}

// touched handles a reaction to something the bot said.
func (b *Bot) touched(ctx context.Context, w *work, on bool) ([]Post, error) {
	c := w.call
	post, ours, err := b.mem.Said(ctx, c.Room.Site, c.Of)
	if err != nil {
		return nil, err
	}
	if !ours {
		return b.followed(ctx, w)
	}
	w.handled = true
	if err := b.who(ctx, c); err != nil {
		return nil, err
	}
	if yes := emojiYesNo(c.Text); on && yes != 0 {
		q, open, err := b.mem.QuestionByPost(ctx, post.Key)
		if err != nil {
			return nil, err
		}
		if open && !q.Ask.Words {
			return b.settle(ctx, c, q, yes)
		}
	}
	for i := range b.features {
		for _, t := range b.features[i].Touchers {
			if !strings.HasPrefix(post.Key, t.Prefix) {
				continue
			}
			r, err := t.Touch(ctx, c, post.Key, c.Text, on)
			if err != nil {
				return nil, err
			}
			if r.nothing() {
				continue // it is somebody else's
			}
			return b.posts(ctx, c, r)
		}
	}
	return nil, nil
}
