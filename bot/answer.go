package bot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync"
	"time"
)

// answerLoop answers whatever waits, until ctx ends.
func (b *Bot) answerLoop(ctx context.Context) error {
	wait := backoff{b: b}
	for ctx.Err() == nil {
		if b.crowded() {
			b.pause(ctx, b.wakeAnswer, b.Now().Add(crowd))
		}
		_, more, err := b.answerSome(ctx)
		if err != nil && ctx.Err() == nil {
			b.Log.Error("answers not saved, will try again", "err", err)
			wait.sleep(ctx)
			continue
		}
		wait.reset()
		if !more {
			b.pause(ctx, b.wakeAnswer, time.Time{})
		}
	}
	b.busy.wait()
	return nil
}

// answerSome answers the oldest waiting messages. What their commands write,
// their answers and "answered" share one commit; each command has its own
// savepoint in it, so that one that fails undoes only itself. Commands that
// have to ask the outside world first are answered beside the others. It
// returns how many it answered, and whether there may be more.
func (b *Bot) answerSome(ctx context.Context) (n int, more bool, err error) {
	most := b.BatchSize + b.busy.count()
	waiting, err := b.mem.Waiting(ctx, most)
	if err != nil {
		return 0, false, err
	}
	var now, later []work
	blocked := map[Room]bool{}
	for _, m := range waiting {
		room := Room{Site: m.Room.Site, ID: m.Room.ID}
		if blocked[room] || b.busy.has(room) {
			continue
		}
		w := b.understand(m)
		if w.command != nil && w.command.Ask != nil {
			blocked[room] = true
			later = append(later, w)
			continue
		}
		now = append(now, w)
	}
	if len(now) > 0 {
		if err := b.answerAll(ctx, now); err != nil {
			return 0, false, err
		}
	}
	for _, w := range later {
		b.answerBeside(ctx, w)
	}
	n = len(now) + len(later)
	return n, n > 0 && len(waiting) == most, nil
}

// answerAll answers messages in one transaction, and hands what is to be said
// to the senders once it is saved.
func (b *Bot) answerAll(ctx context.Context, all []work) error {
	var laid []offered
	err := b.mem.Do(ctx, func(ctx context.Context) (err error) {
		var posts []Post
		for _, w := range all {
			more, err := b.answer(ctx, w)
			if err != nil {
				return err
			}
			posts = append(posts, more...)
		}
		laid, err = b.offer(ctx, posts)
		return err
	})
	if err != nil {
		return err
	}
	b.layDown(laid)
	b.Stats.Answered.Add(int64(len(all)))
	wake(b.wakeRemind)
	return nil
}

// answerBeside asks the outside world in a goroutine of its own, then answers.
func (b *Bot) answerBeside(ctx context.Context, w work) {
	room := Room{Site: w.call.Room.Site, ID: w.call.Room.ID}
	b.busy.enter(room)
	b.busy.running.Go(func() {
		defer wake(b.wakeAnswer)
		defer b.busy.leave(room)
		w.call.Told, w.asked = b.askOutside(ctx, w)
		if ctx.Err() != nil {
			return // it is still waiting in the inbox
		}
		if err := b.answerAll(ctx, []work{w}); err != nil {
			b.Log.Error("answer not saved, will try again", "err", err)
		}
	})
}

func (b *Bot) askOutside(ctx context.Context, w work) (told any, err error) {
	defer recovered(&err)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return w.command.Ask(ctx, w.call)
}

// work is a message and what the bot understood of it.
type work struct {
	call    *Call
	command *Command // nil if there is none
	word    string   // the word that was not understood
	called  bool     // by name, or directly
	meant   bool     // the text is for the bot
	asked   error    // what Ask returned
	handled bool
}

// understand reads a message without looking anything up.
func (b *Bot) understand(m Message) work {
	w := work{call: &Call{Message: m, Zone: b.Zone, Now: m.Time, bot: b, key: m.Room.Site + "/" + m.ID}}
	if m.Kind != Said && m.Kind != Edited {
		return w
	}
	line, called, ok := b.words.line(&m)
	if !ok {
		return w
	}
	w.meant, w.called = true, called
	w.command, w.call.Args, w.word = b.words.find(line)
	return w
}

func answerKey(call string, n int) string { return "answer/" + call + "/" + strconv.Itoa(n) }

// answer runs what a message asks for, within the transaction of ctx, marks
// it as answered, and returns what it owes for it. It returns an error only
// if that cannot be saved.
func (b *Bot) answer(ctx context.Context, w work) (posts []Post, err error) {
	err = b.mem.Try(ctx, func(ctx context.Context) (err error) {
		defer recovered(&err)
		posts, err = b.run(ctx, &w)
		if err != nil {
			return err
		}
		return b.mem.Owe(ctx, posts...)
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		posts = b.apology(w, err)
		if err := b.mem.Owe(ctx, posts...); err != nil {
			return nil, err
		}
	}
	return posts, b.mem.Answered(ctx, w.call.Message, w.handled, b.Now())
}

// apology turns an error into an answer: a refusal into its words, anything
// else into an apology with an id that the log has too.
func (b *Bot) apology(w work, err error) []Post {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return []Post{b.reply(w.call, refusal.Text, 0)}
	}
	id := make([]byte, 3)
	rand.Read(id)
	ref := hex.EncodeToString(id)
	b.Log.Error("command failed", "id", ref, "word", w.word, "err", err)
	return []Post{b.reply(w.call, fmt.Sprintf("Sorry, that went wrong on my side, and nothing was changed. A coordinator can find it in my log as `%s`.", ref), 0)}
}

// reply returns the n-th answer to a call, in the thread it was asked in.
func (b *Bot) reply(c *Call, text string, n int) Post {
	p := Post{Key: c.Key(n), Room: c.Room, Kind: Say, Text: text, Made: c.Time}
	if c.Kind == Said || c.Kind == Edited {
		p.ReplyTo = c.ID
	}
	if c.Kind == Edited {
		p.ReplyTo = c.Of
	}
	return p
}

func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
	}
}

// busyRooms are the rooms in which a command is asking the outside world.
type busyRooms struct {
	mu      sync.Mutex
	rooms   map[Room]bool
	running sync.WaitGroup
}

func (s *busyRooms) has(r Room) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rooms[r]
}

func (s *busyRooms) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rooms) * 4
}

func (s *busyRooms) enter(r Room) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rooms == nil {
		s.rooms = map[Room]bool{}
	}
	s.rooms[r] = true
}

func (s *busyRooms) leave(r Room) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rooms, r)
}

func (s *busyRooms) wait() { s.running.Wait() }
