package measure

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot/matrix/child"
)

const patience = 10 * time.Second // for a bot that is asked to end

// Bot is a bot to be measured. In its commands and environment {homeserver},
// {user}, {token}, {password}, {data} (a folder of its own) and {directory}
// (a CSV file) are replaced. It is also given WORTLEY_MATRIX_HOMESERVER, _USER,
// _TOKEN and _ENCRYPTION=off, and WORTLEY_DATA.
type Bot struct {
	Name     string
	Commands [][]string // programs with arguments; the last is the bot, those before it prepare its data
	Env      []string   // KEY=VALUE
}

// subject is a bot under measurement: one process after another.
type subject struct {
	bot     Bot
	replace *strings.Replacer
	data    string
	log     *os.File

	mu    sync.Mutex
	run   *child.Process
	peak  int64         // KiB, of the processes before this one
	spent time.Duration // processor time of the processes before this one
}

func newSubject(b Bot, dir string, values map[string]string) (*subject, error) {
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.Mkdir(data, 0o700); err != nil { // data of an earlier run would change this one
		return nil, err
	}
	pairs := []string{"{data}", data}
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", value)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	return &subject{bot: b, replace: strings.NewReplacer(pairs...), data: data, log: log}, nil
}

// command makes one of the bot's commands ready.
func (s *subject) command(parts []string) *exec.Cmd {
	var args []string
	for _, part := range parts {
		args = append(args, s.replace.Replace(part))
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = s.data
	cmd.Stdout, cmd.Stderr = s.log, s.log
	cmd.Env = os.Environ()
	for _, pair := range append([]string{"WORTLEY_MATRIX_HOMESERVER={homeserver}", "WORTLEY_MATRIX_USER={user}",
		"WORTLEY_MATRIX_TOKEN={token}", "WORTLEY_MATRIX_ENCRYPTION=off", "WORTLEY_DATA={data}"}, s.bot.Env...) {
		cmd.Env = append(cmd.Env, s.replace.Replace(pair))
	}
	return cmd
}

// prepare runs the commands before the last.
func (s *subject) prepare(ctx context.Context) error {
	for _, parts := range s.bot.Commands[:len(s.bot.Commands)-1] {
		if err := s.runOnce(ctx, parts); err != nil {
			return err
		}
	}
	return nil
}

// runOnce runs one of the bot's commands to its end.
func (s *subject) runOnce(ctx context.Context, parts []string) error {
	p, err := child.Start(s.command(parts))
	if err != nil {
		return fmt.Errorf("measure: preparing %s: %w", s.bot.Name, err)
	}
	select {
	case <-p.Done:
	case <-ctx.Done():
		p.Kill()
		return fmt.Errorf("measure: preparing %s: %w", s.bot.Name, ctx.Err())
	}
	if code := p.ExitCode(); code != 0 {
		return fmt.Errorf("measure: preparing %s: %q ended with %d: see %s", s.bot.Name, parts, code, s.log.Name())
	}
	return nil
}

func (s *subject) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := child.Start(s.command(s.bot.Commands[len(s.bot.Commands)-1]))
	if err != nil {
		return fmt.Errorf("measure: starting %s: %w", s.bot.Name, err)
	}
	s.run = p
	return nil
}

// end ends the process, gently or not, and returns when it has ended.
func (s *subject) end(gently bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		return
	}
	_, peak := memory(s.run.PID())
	s.peak = max(s.peak, peak)
	if gently {
		s.run.Stop(patience)
	} else {
		s.run.Kill()
	}
	s.spent += s.run.CPU()
	s.run = nil
}

// cpu returns the processor time used so far.
func (s *subject) cpu() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		return s.spent
	}
	return s.spent + processorTime(s.run.PID())
}

// rss returns the memory in use now and the most so far, in KiB.
func (s *subject) rss() (now, peak int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run == nil {
		return 0, s.peak
	}
	now, peak = memory(s.run.PID())
	return now, max(peak, s.peak)
}

// ended says whether the bot has ended by itself.
func (s *subject) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run != nil && s.run.Ended()
}

func (s *subject) close() {
	s.end(true)
	s.log.Close()
}
