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
	if last.IsZero() && at.Before(now) {
		return at.Add(24 * time.Hour) // a bot that has just begun has missed nothing
	}
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

// schedule has a job run when it is due, and from then on at its interval or
// its time of day. A run that was missed while the bot was away comes at once.
func (b *Bot) schedule(ctx context.Context, s gocron.Scheduler, j Job) error {
	last, err := b.mem.Ran(ctx, j.Name)
	if err != nil {
		return err
	}
	now := b.Now()
	due := j.DueAt(last, now)
	task := gocron.NewTask(func() { b.runJob(ctx, j) })
	options := []gocron.JobOption{gocron.WithName(j.Name), gocron.WithSingletonMode(gocron.LimitModeReschedule)}
	if j.At > 0 {
		if !due.After(now) {
			b.stopped.Go(func() { b.runJob(ctx, j) })
		}
		at := gocron.NewAtTime(uint(j.At.Hours()), uint(j.At.Minutes())%60, 0)
		_, err = s.NewJob(gocron.DailyJob(max(1, uint(j.Every.Hours()/24)), gocron.NewAtTimes(at)), task, options...)
		return err
	}
	first := gocron.WithStartImmediately()
	if due.After(now) {
		first = gocron.WithStartDateTime(due)
	}
	_, err = s.NewJob(gocron.DurationJob(j.Every), task, append(options, gocron.WithStartAt(first))...)
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
