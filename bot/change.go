package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// deleted takes back what a deleted message did, and the answer to it.
// A deleted reaction is told to whoever heard of it.
func (b *Bot) deleted(ctx context.Context, w *work) ([]Post, error) {
	c := w.call
	old, known, err := b.mem.Heard(ctx, c.Room.Site, c.Of)
	if err != nil || !known {
		return nil, err
	}
	if old.Kind == Reacted {
		gone := *c
		gone.Of, gone.Text, gone.From = old.Of, old.Text, old.From
		return b.touched(ctx, &work{call: &gone}, false)
	}
	said, answered, err := b.mem.SaidKey(ctx, answerKey(c.Room.Site+"/"+c.Of, 0))
	if err != nil {
		return nil, err
	}
	w.handled = true
	c.From = old.From
	if err := b.who(ctx, c); err != nil {
		return nil, err
	}
	kept, err := b.takeBack(ctx, c, old)
	if err != nil {
		return nil, err
	}
	if kept != "" {
		return []Post{b.reply(c, kept, 0)}, nil
	}
	if !answered {
		return b.followed(ctx, w)
	}
	return []Post{{Key: c.Key(0), Room: said.Room, To: said.To, Kind: Withdraw, Of: said.Key, Made: c.Time, Why: "The message it answered was deleted."}}, nil
}

// edited undoes what the old words of a message did, and does what the new ones say.
func (b *Bot) edited(ctx context.Context, w *work) ([]Post, error) {
	c := w.call
	old, known, err := b.mem.Heard(ctx, c.Room.Site, c.Of)
	if err != nil {
		return nil, err
	}
	if known && old.From.ID != c.From.ID {
		return nil, nil
	}
	first := answerKey(c.Room.Site+"/"+c.Of, 0)
	said, answered, err := b.mem.SaidKey(ctx, first)
	if err != nil {
		return nil, err
	}
	if !answered && !w.meant {
		return b.followed(ctx, w)
	}
	w.handled = true
	if err := b.who(ctx, c); err != nil {
		return nil, err
	}
	if known {
		kept, err := b.takeBack(ctx, c, old)
		if err != nil {
			return nil, err
		}
		if kept != "" {
			return []Post{b.reply(c, kept, 0)}, nil
		}
	}
	if !w.meant {
		return b.unasked(ctx, w, said)
	}
	posts, err := b.command(ctx, w)
	if err != nil || !answered {
		return posts, err
	}
	return amend(posts, said, c), nil
}

// unasked takes back the answer to a message that no longer asks for anything,
// unless somebody who listens has another one.
func (b *Bot) unasked(ctx context.Context, w *work, said Post) ([]Post, error) {
	c := w.call
	posts, err := b.followed(ctx, w)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(posts, func(p Post) bool { return p.Key == c.Key(0) }) {
		posts = append(posts, Post{Key: c.Key(0), Room: said.Room, To: said.To, Kind: Withdraw, Of: said.Key, Made: c.Time, Why: "The message it answered no longer asks for anything."})
	}
	return amend(posts, said, c), nil
}

// amend turns the answer to an edited message into an edit of the answer
// that was already given.
func amend(posts []Post, said Post, c *Call) []Post {
	for i := range posts {
		p := &posts[i]
		if p.Key == c.Key(0) && p.Kind == Say {
			p.Kind, p.Of, p.Room, p.To, p.ReplyTo = Edit, said.Key, said.Room, said.To, ""
		}
	}
	return posts
}

// takeBack undoes what a message did. It returns a sentence if some of it stands.
func (b *Bot) takeBack(ctx context.Context, c *Call, old Message) (string, error) {
	entries, err := b.mem.Effects(ctx, old.Room.Site, old.ID)
	if err != nil {
		return "", err
	}
	if q, open, err := b.mem.QuestionByPost(ctx, answerKey(old.Room.Site+"/"+old.ID, 0)); err != nil {
		return "", err
	} else if open {
		if err := b.mem.Closed(ctx, q.Code, c.Time); err != nil {
			return "", err
		}
	}
	for _, e := range entries {
		if e.Effect.Fixed != "" {
			return e.Effect.Fixed, nil
		}
	}
	for _, e := range entries {
		if _, err := b.undoEntry(ctx, c, e); err != nil {
			return "", err
		}
	}
	return "", nil
}

func (b *Bot) undoEntry(ctx context.Context, c *Call, e Entry) (Reply, error) {
	if e.Effect.Undo == nil {
		return Reply{}, nil
	}
	if err := b.mem.Undone(ctx, e.ID, c.Time); err != nil {
		return Reply{}, err
	}
	r, err := b.act(ctx, c, *e.Effect.Undo)
	if err != nil {
		return Reply{}, err
	}
	r.Did = append(r.Did, Effect{What: "took back: " + e.Effect.What})
	return r, nil
}

// UndoFor is how long an effect can be undone with a bare `!undo`.
const UndoFor = 24 * time.Hour

// undo is `!undo`, as a reply to what the bot said, or bare for one's last effect in the room.
func (b *Bot) undo(ctx context.Context, c *Call) (Reply, error) {
	if code := strings.TrimSpace(c.Args); code != "" {
		return b.undoCode(ctx, c, strings.ToUpper(code))
	}
	entries, err := b.undoable(ctx, c)
	if err != nil {
		return Reply{}, err
	}
	var done []string
	var all Reply
	for _, e := range entries {
		if e.User != c.From.ID && c.Person.Role < Coordinator {
			return Reply{}, Errorf("That was somebody else's doing. They can undo it, or a coordinator.")
		}
		if e.Effect.Undo == nil {
			why := e.Effect.Fixed
			if why == "" {
				why = "I cannot take that back: " + e.Effect.What + "."
			}
			return Reply{}, Errorf("%s", why)
		}
		r, err := b.undoEntry(ctx, c, e)
		if err != nil {
			return Reply{}, err
		}
		done = append(done, e.Effect.What)
		all.Posts, all.Did = append(all.Posts, r.Posts...), append(all.Did, r.Did...)
		if r.Text != "" {
			all.Text += r.Text + "\n"
		}
	}
	if all.Text == "" {
		all.Text = "Undone: " + strings.Join(done, "; ") + "."
	}
	all.Text = strings.TrimSpace(all.Text)
	return all, nil
}

// undoCode is `!undo CODE`, for what a feature has given a code.
func (b *Bot) undoCode(ctx context.Context, c *Call, code string) (Reply, error) {
	for _, f := range b.features {
		if f.Undo == nil {
			continue
		}
		if r, known, err := f.Undo(ctx, c, code); known || err != nil {
			return r, err
		}
	}
	return Reply{}, Errorf("I know nothing to undo with the code %s. Reply `!undo` to my answer instead, or say `!undo` alone for the last thing you did here.", Plain(clip(code, 12)))
}

func (b *Bot) undoable(ctx context.Context, c *Call) ([]Entry, error) {
	if c.ReplyTo == "" {
		e, ok, err := b.mem.LastEffect(ctx, c.Person.ID, c.Room.Site, c.From.ID, c.Room, c.Time.Add(-UndoFor))
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, Errorf("You have done nothing here in the last day that I can undo. For something older, reply `!undo` to my answer.")
		}
		return []Entry{e}, nil
	}
	message := c.ReplyTo
	if post, ours, err := b.mem.Said(ctx, c.Room.Site, c.ReplyTo); err != nil {
		return nil, err
	} else if ours {
		message = callOf(post.Key)
	}
	entries, err := b.mem.Effects(ctx, c.Room.Site, message)
	if err == nil && len(entries) == 0 {
		err = Errorf("Nothing stands behind that message that I could undo.")
	}
	return entries, err
}

// callOf returns the ID of the message that an answer's key stands for, "" for other keys.
func callOf(key string) string {
	rest, ok := strings.CutPrefix(key, "answer/")
	if !ok {
		return ""
	}
	rest = strings.TrimSuffix(rest, "/react")
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		rest = rest[:i]
	}
	for range strings.Count(siteOf(rest), "/") + 1 {
		_, rest, _ = strings.Cut(rest, "/")
	}
	return rest
}

// siteOf returns the site at the front of a call's key: forums have two parts.
func siteOf(key string) string {
	first, rest, _ := strings.Cut(key, "/")
	switch first {
	case "discourse", "chat", "webhook":
		second, _, _ := strings.Cut(rest, "/")
		return first + "/" + second
	}
	return first
}

// why is `!why`, as a reply to something the bot said.
func (b *Bot) why(ctx context.Context, c *Call) (Reply, error) {
	if c.ReplyTo == "" {
		return Reply{}, Errorf("Reply `!why` to something I said, and I will tell you why I said it.")
	}
	post, ours, err := b.mem.Said(ctx, c.Room.Site, c.ReplyTo)
	if err != nil {
		return Reply{}, err
	}
	if !ours {
		return Reply{}, Errorf("I did not say that, or it is so long ago that I no longer know.")
	}
	if post.Why != "" {
		return Reply{Text: post.Why}, nil
	}
	asked, known, err := b.mem.Heard(ctx, c.Room.Site, callOf(post.Key))
	if err != nil {
		return Reply{}, err
	}
	if !known {
		return Reply{Text: "I said it because of something that I no longer keep the words of."}, nil
	}
	words := "asked me"
	if asked.Text != "" {
		words = "wrote `" + Code(clip(firstLine(unquoted(asked.Text)), 80)) + "`"
	}
	return Reply{Text: fmt.Sprintf("Because %s %s here on %s.", Plain(asked.From.Name), words, asked.Time.In(c.Zone).Format("Monday 2 January at 15:04"))}, nil
}
