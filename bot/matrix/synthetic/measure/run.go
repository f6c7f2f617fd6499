// Package measure asks a bot commands on a synthetic homeserver, in quiet and
// in trouble, and reports how fast it answers, what is lost or doubled, and
// what the bot costs. The program is cmd/measure.
package measure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic"
)

// Setup is what a run needs beside the scenario and the bot.
type Setup struct {
	Dir       string // for the bot's data and its log
	Directory *Directory
	Seed      uint64
	Txns      string        // transaction ids are "kept", "lost" with an outage, or "off"
	Quiet     time.Duration // a run ends when nothing was answered for so long; default 12 s
	Deadline  time.Duration // of the whole run; default 5 min

	Ask     string // the command; {skill} is replaced; default "!whohas {skill}"
	Say     string // the broadcast; {text} is replaced; default "!broadcast {text}"
	Confirm string // what confirms a broadcast, said in reply to the bot's answer; "": nothing is asked
}

func (s *Setup) defaults() {
	for _, d := range []struct {
		value *string
		usual string
	}{{&s.Txns, "kept"}, {&s.Ask, "!whohas {skill}"}, {&s.Say, "!broadcast {text}"}} {
		if *d.value == "" {
			*d.value = d.usual
		}
	}
	if s.Quiet == 0 {
		s.Quiet = 12 * time.Second
	}
	if s.Deadline == 0 {
		s.Deadline = 5 * time.Minute
	}
}

// startTime is how long a bot may take to its first sync and to its first answer.
const startTime = time.Minute

// question is a command that was said.
type question struct {
	skill    string
	answered bool
}

// runner is one run.
type runner struct {
	sc     Scenario
	set    Setup
	srv    *synthetic.Server
	bot    *subject
	rooms  []string
	random *rand.Rand // of the one goroutine that says things
	change change

	mu      sync.Mutex
	asked   map[string]*question
	ids     []string // of asked, in order
	count   int      // of those answered
	last    time.Time
	outages int
	ends    int
	busy    int   // outages and restarts under way
	failure error // of those
	news    chan struct{}
}

// Run measures a bot once. An error means that nothing was measured; a bot that
// loses everything is a result.
func Run(ctx context.Context, sc Scenario, b Bot, set Setup) (Result, error) {
	set.defaults()
	ctx, cancel := context.WithTimeout(ctx, set.Deadline)
	defer cancel()
	srv, err := synthetic.New(synthetic.Options{Rooms: sc.Rooms, Members: sc.Members, Seed: set.Seed, NoTxnMemory: set.Txns == "off"})
	if err != nil {
		return Result{}, err
	}
	defer srv.Close()
	bot, err := newSubject(b, set.Dir, map[string]string{"homeserver": srv.URL, "user": srv.User,
		"token": srv.Token, "password": synthetic.Password, "directory": set.Directory.File})
	if err != nil {
		return Result{}, err
	}
	defer bot.close()
	r := &runner{sc: sc, set: set, srv: srv, bot: bot, rooms: srv.Rooms(), random: rand.New(rand.NewPCG(set.Seed, 3)), news: make(chan struct{}, 1)}
	r.forget()
	srv.OnAnswer(r.onAnswer)
	result := Result{Scenario: sc.Name, Bot: b.Name, Rows: set.Directory.Rows, Seed: set.Seed}
	if err := r.begin(ctx, &result); err != nil {
		return result, err
	}
	switch {
	case sc.Idle > 0:
		err = r.idle(ctx, &result)
	case sc.Broadcast:
		err = r.broadcast(ctx, &result)
	default:
		err = r.commands(ctx, &result)
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return result, err
	}
	result.TimedOut = err != nil
	r.report(&result)
	return result, r.failed()
}

// begin brings the bot to where the measurement starts.
func (r *runner) begin(ctx context.Context, res *Result) error {
	if err := r.bot.prepare(ctx); err != nil {
		return err
	}
	var err error
	if res.ColdStart, err = r.timeStart(ctx); err != nil {
		return err
	}
	if r.sc.Restart {
		r.bot.end(true)
		if res.Restart, err = r.timeStart(ctx); err != nil {
			return err
		}
	}
	for range r.sc.Warm {
		if err := r.askAndWait(ctx, startTime); err != nil {
			return fmt.Errorf("measure: warming up: %w", err)
		}
	}
	if err := pause(ctx, time.Second); err != nil {
		return err
	}
	res.RSSIdle, _ = r.bot.rss()
	r.forget()
	return nil
}

// timeStart starts the bot and returns the milliseconds until it has answered
// a command that is said the moment it has synced.
func (r *runner) timeStart(ctx context.Context) (float64, error) {
	if err := r.until(ctx, startTime, func(s synthetic.Stats) bool { return s.Waiting == 0 }); err != nil {
		return 0, fmt.Errorf("measure: the sync of the last process goes on: %w", err)
	}
	before := r.srv.Stats().Syncs
	begun := time.Now()
	if err := r.bot.start(); err != nil {
		return 0, err
	}
	err := r.until(ctx, startTime, func(s synthetic.Stats) bool { return s.Syncs > before || s.Waiting > 0 })
	if err != nil {
		return 0, fmt.Errorf("measure: %s does not sync: %w; see %s", r.bot.bot.Name, err, r.bot.log.Name())
	}
	if err := r.askAndWait(ctx, startTime); err != nil {
		return 0, fmt.Errorf("measure: %s does not answer: %w; see %s", r.bot.bot.Name, err, r.bot.log.Name())
	}
	answers := r.srv.Answers()
	return ms(answers[len(answers)-1].At.Sub(begun)), nil
}

// until waits for the server's counts to be as wanted.
func (r *runner) until(ctx context.Context, limit time.Duration, wanted func(synthetic.Stats) bool) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for !wanted(r.srv.Stats()) {
		if r.bot.ended() {
			return errors.New("the bot has ended")
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// idle measures what the bot does when nothing happens.
func (r *runner) idle(ctx context.Context, res *Result) error {
	if err := pause(ctx, 2*time.Second); err != nil {
		return err
	}
	before := r.bot.cpu()
	err := pause(ctx, r.sc.Idle)
	res.IdleCPU = (r.bot.cpu() - before).Seconds() * float64(time.Minute) / float64(r.sc.Idle)
	return err
}

// commands asks what the scenario asks, in its trouble, and waits for the end.
func (r *runner) commands(ctx context.Context, res *Result) error {
	before := r.bot.cpu()
	r.trouble()
	err := r.feed(ctx)
	if err == nil {
		err = r.settle(ctx)
	}
	r.change.running.Wait()
	used := r.bot.cpu() - before
	res.CPU = used.Seconds()
	if n := r.answered(); n > 0 {
		res.CPUEach = float64(used.Microseconds()) / float64(n)
	}
	return err
}

// report fills in what the server knows.
func (r *runner) report(res *Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	tally := r.srv.Tally(r.ids)
	res.Commands, res.Answered, res.Missed = len(r.ids), tally.Answered, tally.Missed
	res.Duplicates, res.OutOfOrder = tally.Duplicates, tally.OutOfOrder
	var first []synthetic.Answer
	seen := map[string]bool{}
	for _, a := range r.srv.Answers() {
		q := r.asked[a.To]
		if q == nil || seen[a.To] {
			continue
		}
		seen[a.To] = true
		first = append(first, a)
		if !right(a.Text, q.skill, r.set.Directory.Owners[q.skill]) && !r.change.shown(a, q.skill) {
			res.Wrong++
		}
	}
	res.latencies(first)
	if r.sc.Change {
		res.ChangeSeen = r.change.seen(first)
	}
	res.RSSAfter, res.RSSPeak = r.bot.rss()
	res.Outages, res.Ends = r.outages, r.ends
	res.Server = r.srv.Stats()
	res.InFlight = res.Server.InFlightSends
}

func (r *runner) failed() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure
}

// command words a command about a skill.
func (r *runner) command(skill string) string { return strings.ReplaceAll(r.set.Ask, "{skill}", skill) }
