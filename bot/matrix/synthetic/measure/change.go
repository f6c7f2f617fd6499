package measure

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// change is a change of the directory while commands are said: the most
// common skill gets one owner more.
type change struct {
	running sync.WaitGroup

	mu     sync.Mutex
	begun  time.Time // zero: not yet
	done   time.Time // when the bot's command to read the directory had ended
	skill  string
	owners int // of the skill, afterwards
	found  bool
}

// changeDirectory runs the first of the bot's commands on a changed directory,
// beside the bot.
func (r *runner) changeDirectory(ctx context.Context) {
	d := r.set.Directory
	c := &r.change
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun, c.skill, c.owners = time.Now(), d.Skills[0], d.Owners[d.Skills[0]]+1
	c.running.Go(func() {
		if err := r.readChanged(ctx); err != nil {
			r.fail(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.done = time.Now()
	})
}

func (r *runner) readChanged(ctx context.Context) error {
	file, err := r.set.Directory.withOneMore(r.bot.data)
	if err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	var parts []string
	for _, part := range r.bot.bot.Commands[0] {
		parts = append(parts, strings.ReplaceAll(part, "{directory}", file))
	}
	return r.bot.runOnce(ctx, parts)
}

// withOneMore writes a copy of the directory with one more owner of the most
// common skill into a folder.
func (d *Directory) withOneMore(dir string) (file string, err error) {
	text, err := os.ReadFile(d.File)
	if err != nil {
		return "", err
	}
	file = dir + "/changed.csv"
	row := "One More Co-op,https://one-more.example,Leeds,listed,,3," + d.Skills[0] + ",,2025-07-01,one-more,made up\n"
	return file, os.WriteFile(file, append(text, row...), 0o600)
}

// waiting reports whether the change has begun and has not been seen.
func (c *change) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.begun.IsZero() && !c.found
}

// notice notes that an answer shows the change.
func (c *change) notice(a synthetic.Answer, skill string) {
	if c.shown(a, skill) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.found = true
	}
}

// shown reports whether an answer is right after the change.
func (c *change) shown(a synthetic.Answer, skill string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.begun.IsZero() && skill == c.skill && right(a.Text, skill, c.owners)
}

// seen returns the milliseconds from the end of the change to the first
// answer that shows it, at least a hundredth; -1 if none does.
func (c *change) seen(answers []synthetic.Answer) float64 {
	for _, a := range answers {
		if c.shown(a, c.skill) {
			return max(0.01, ms(a.At.Sub(c.done)))
		}
	}
	return -1
}
