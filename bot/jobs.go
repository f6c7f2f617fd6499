package bot

import (
	"context"
	"fmt"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// DueAt returns when a job is due after it last ran. A job that never ran is
// due at once, or, if it has a time of day, at that time.
func (j Job) DueAt(last, now time.Time) time.Time {
	if j.At == 0 {
		if last.IsZero() {
			return now
		}
		return last.Add(j.Every)
	}
	day := now.UTC().Truncate(24 * time.Hour)
	if !last.IsZero() {
		day = last.UTC().Truncate(24 * time.Hour)
	}
	at := day.Add(j.At)
	for !last.IsZero() && !at.After(last) {
		at = at.Add(max(j.Every, 24*time.Hour))
	}
	return at
}

// Jobs runs the features' chores until ctx ends. A run that was missed is
// made up for at once; a run never overlaps with itself; a panic ends only the run.
func (b *Bot) Jobs(ctx context.Context) error {
	s, err := gocron.NewScheduler(gocron.WithLocation(time.UTC))
	if err != nil {
		return fmt.Errorf("bot: jobs: %w", err)
	}
	for _, f := range b.features {
		for _, j := range f.Jobs {
			if err := b.schedule(ctx, s, j); err != nil {
				return fmt.Errorf("bot: job %s: %w", j.Name, err)
			}
		}
	}
	s.Start()
	<-ctx.Done()
	return s.Shutdown()
}

func (b *Bot) schedule(ctx context.Context, s gocron.Scheduler, j Job) error {
	last, err := b.mem.Ran(ctx, j.Name)
	if err != nil {
		return err
	}
	now := b.Now()
	first := gocron.WithStartImmediately()
	if due := j.DueAt(last, now); due.After(now) {
		first = gocron.WithStartDateTime(due)
	}
	every := j.Every
	if j.At > 0 {
		every = max(every, 24*time.Hour)
	}
	_, err = s.NewJob(gocron.DurationJob(every),
		gocron.NewTask(func() { b.runJob(ctx, j) }),
		gocron.WithName(j.Name),
		gocron.WithSingletonMode(gocron.LimitModeReschedule),
		gocron.WithStartAt(first))
	return err
}

// runJob runs a chore and remembers that it ran, whether or not it worked:
// the next try is the next run.
func (b *Bot) runJob(ctx context.Context, j Job) {
	now := b.Now()
	err := func() (err error) {
		defer recovered(&err)
		posts, err := j.Run(ctx, now)
		if err != nil {
			return err
		}
		return b.mem.Do(ctx, func(ctx context.Context) error {
			if err := b.mem.SetRan(ctx, j.Name, now); err != nil {
				return err
			}
			return b.mem.Owe(ctx, b.stamp(posts)...)
		})
	}()
	if err != nil && ctx.Err() == nil {
		b.Log.Error("job failed", "job", j.Name, "err", err)
		if err := b.mem.SetRan(ctx, j.Name, now); err != nil {
			b.Log.Error("job not written down", "job", j.Name, "err", err)
		}
	}
	b.Wake()
}
