package bot

import (
	"context"
	"fmt"
	"time"
)

// remindLoop keeps promises as they come due. It sleeps until the earliest.
func (b *Bot) remindLoop(ctx context.Context) error {
	wait := backoff{b: b}
	for ctx.Err() == nil {
		n, err := b.remindSome(ctx)
		if err != nil {
			if ctx.Err() == nil {
				b.Log.Error("promises not kept, will try again", "err", err)
				wait.sleep(ctx)
			}
			continue
		}
		wait.reset()
		if n > 0 {
			b.owe()
			continue
		}
		next, err := b.mem.NextDue(ctx)
		if err != nil {
			b.Log.Error("schedule not read", "err", err)
		}
		b.pause(ctx, b.wakeRemind, next)
	}
	return nil
}

// remindSome turns what is due into posts. The keys of the posts come from
// the due time, so that keeping a promise twice still says it once.
func (b *Bot) remindSome(ctx context.Context) (int, error) {
	due, err := b.mem.Due(ctx, b.Now(), 500)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	return len(due), b.mem.Do(ctx, func(ctx context.Context) error {
		for len(due) > 0 {
			n := alike(due)
			if err := b.keepAll(ctx, due[:n]); err != nil {
				return err
			}
			due = due[n:]
		}
		return nil
	})
}

// alike is how many promises at the front are of one kind.
func alike(due []Due) int {
	n := 1
	for n < len(due) && due[n].Kind == due[0].Kind {
		n++
	}
	return n
}

// keepAll keeps promises of one kind: together if their teller can, or else
// one by one.
func (b *Bot) keepAll(ctx context.Context, due []Due) error {
	if teller := b.tellers[due[0].Kind]; teller.TellAll != nil && len(due) > 1 {
		err := b.mem.Try(ctx, func(ctx context.Context) (err error) {
			defer recovered(&err)
			all, err := teller.TellAll(ctx, due, b.Now())
			if err != nil {
				return err
			}
			for _, told := range all {
				if err := b.mem.Owe(ctx, b.stamp(told.Posts)...); err != nil {
					return err
				}
				if err := b.mem.Kept(ctx, told.Due, told.Next); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
		b.Log.Error("promises not kept together, will try each", "kind", due[0].Kind, "err", err)
	}
	for _, d := range due {
		if err := b.keep(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// keep keeps one promise; if its teller fails, it is put off for five minutes.
func (b *Bot) keep(ctx context.Context, d Due) error {
	var next time.Time
	err := b.mem.Try(ctx, func(ctx context.Context) (err error) {
		defer recovered(&err)
		teller, ok := b.tellers[d.Kind]
		if !ok {
			return fmt.Errorf("nobody keeps promises of kind %q", d.Kind)
		}
		var posts []Post
		posts, next, err = teller.Tell(ctx, d, b.Now())
		if err != nil {
			return err
		}
		return b.mem.Owe(ctx, b.stamp(posts)...)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		b.Log.Error("promise not kept, will try again", "kind", d.Kind, "ref", d.Ref, "err", err)
		next = b.Now().Add(5 * time.Minute)
	}
	return b.mem.Kept(ctx, d, next)
}

func (b *Bot) stamp(posts []Post) []Post {
	for i := range posts {
		if posts[i].Kind == "" {
			posts[i].Kind = Say
		}
		if posts[i].Made.IsZero() {
			posts[i].Made = b.Now()
		}
	}
	return posts
}
