// Command measure asks bots commands on a synthetic Matrix homeserver and
// prints how they did, a table or one JSON object a run.
//
//	measure -bot raw -bot bare -scenario latency,backlog
//	measure -bot 'mine=/path/to/mine import {directory} && /path/to/mine run' -scenario troubles -seeds 3 -json
//
// In a bot's commands {homeserver}, {user}, {token}, {password}, {data} and
// {directory} are replaced; everything before the last && prepares its data.
// The bots "raw" and "bare" are built by themselves.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"git.coop/cotech/wortley/bot/matrix/synthetic/measure"
)

// list is a flag that may be given several times.
type list []string

// String implements [flag.Value].
func (l *list) String() string { return strings.Join(*l, " ") }

// Set implements [flag.Value].
func (l *list) Set(text string) error { *l = append(*l, text); return nil }

// call is what the command line asks for.
type call struct {
	bots, env       list
	scenarios, also string
	rows            string
	rounds          int
	seed, seeds     uint64
	json            bool
	keep            string
	set             measure.Setup
}

func main() {
	var c call
	flag.Var(&c.bots, "bot", "raw, bare, or `NAME=COMMAND`; again for more bots")
	flag.Var(&c.env, "env", "`KEY=VALUE` for every bot but the yardsticks; may be given again")
	flag.StringVar(&c.scenarios, "scenario", "latency,backlog", "`names`, \"troubles\" or \"all\"")
	flag.StringVar(&c.also, "also", "", "another scenario whose `troubles` come on top")
	flag.StringVar(&c.rows, "rows", "10000", "sizes of the directory: co-ops × skills, `numbers`")
	flag.IntVar(&c.rounds, "rounds", 1, "each run so `often`, the bots in turn")
	flag.Uint64Var(&c.seed, "seed", 1, "the first `seed` of what is random")
	flag.Uint64Var(&c.seeds, "seeds", 1, "so many seeds")
	flag.BoolVar(&c.json, "json", false, "print one JSON object a run")
	flag.StringVar(&c.keep, "keep", "", "keep data and logs of the runs in this `folder`")
	flag.StringVar(&c.set.Txns, "txns", "kept", "transaction ids: kept, lost (with an outage) or off")
	flag.DurationVar(&c.set.Quiet, "quiet", 12*time.Second, "a run ends when nothing was answered for so long")
	flag.DurationVar(&c.set.Deadline, "deadline", 5*time.Minute, "the longest time of a run")
	flag.StringVar(&c.set.Ask, "ask", "!whohas {skill}", "the `command`")
	flag.StringVar(&c.set.Say, "broadcast", "!broadcast {text}", "the broadcast `command`")
	flag.StringVar(&c.set.Confirm, "confirm", "", "the `reply` that confirms a broadcast")
	flag.Usage = usage
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", strings.TrimPrefix(err.Error(), "measure: "))
		os.Exit(1)
	}
}

func usage() {
	fmt.Fprintln(flag.CommandLine.Output(), "usage: measure -bot raw|bare|NAME=COMMAND … [flags]")
	flag.PrintDefaults()
	fmt.Fprintln(flag.CommandLine.Output(), "scenarios:")
	for _, s := range measure.Scenarios {
		fmt.Fprintf(flag.CommandLine.Output(), "  %-21s %s\n", s.Name, s.Short)
	}
}

func (c *call) run(ctx context.Context) error {
	dir := c.keep
	if dir == "" {
		tmp, err := os.MkdirTemp("", "measure-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	}
	scenarios, err := c.chosen()
	if err != nil {
		return err
	}
	bots, err := c.build(ctx, dir)
	if err != nil {
		return err
	}
	var results []measure.Result
	for _, rows := range strings.Split(c.rows, ",") {
		more, err := c.size(ctx, dir, rows, scenarios, bots)
		results = append(results, more...)
		if err != nil {
			return err
		}
	}
	if c.json {
		return nil
	}
	return measure.Table(os.Stdout, results)
}

// chosen returns the scenarios that were named.
func (c *call) chosen() ([]measure.Scenario, error) {
	var names []string
	for _, name := range strings.Split(c.scenarios, ",") {
		switch name {
		case "all":
			for _, s := range measure.Scenarios {
				names = append(names, s.Name)
			}
		case "troubles":
			names = append(names, measure.Troubles...)
		default:
			names = append(names, name)
		}
	}
	var scenarios []measure.Scenario
	for _, name := range names {
		s, ok := measure.Find(name)
		if !ok {
			return nil, fmt.Errorf("there is no scenario %q", name)
		}
		if c.also != "" {
			other, ok := measure.Find(c.also)
			if !ok {
				return nil, fmt.Errorf("there is no scenario %q", c.also)
			}
			s = s.With(other)
		}
		scenarios = append(scenarios, s)
	}
	return scenarios, nil
}

// build returns the bots, the yardsticks built.
func (c *call) build(ctx context.Context, dir string) ([]measure.Bot, error) {
	if len(c.bots) == 0 {
		return nil, fmt.Errorf("no bot is named: -bot raw, -bot bare or -bot NAME=COMMAND")
	}
	var bots []measure.Bot
	for _, text := range c.bots {
		name, command, own := strings.Cut(text, "=")
		if !own {
			bot, err := measure.Yardstick(ctx, name, dir)
			if err != nil {
				return nil, err
			}
			bots = append(bots, bot)
			continue
		}
		bot := measure.Bot{Name: name, Env: c.env}
		for _, part := range strings.Split(command, "&&") {
			words := strings.Fields(part)
			if len(words) == 0 {
				return nil, fmt.Errorf("bot %s: an empty command", name)
			}
			bot.Commands = append(bot.Commands, words)
		}
		bots = append(bots, bot)
	}
	return bots, nil
}

// size measures everything over one directory.
func (c *call) size(ctx context.Context, dir, text string, scenarios []measure.Scenario, bots []measure.Bot) ([]measure.Result, error) {
	var rows int
	if _, err := fmt.Sscan(text, &rows); err != nil {
		return nil, fmt.Errorf("-rows %q: %w", text, err)
	}
	directory, err := measure.MakeDirectory(filepath.Join(dir, "coops-"+text+".csv"), rows)
	if err != nil {
		return nil, err
	}
	var results []measure.Result
	for _, s := range scenarios {
		for round := range c.rounds * int(c.seeds) {
			for _, bot := range bots {
				set := c.set
				set.Seed, set.Directory = c.seed+uint64(round)%c.seeds, directory
				set.Dir = filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%d", s.Name, bot.Name, text, round))
				result, err := measure.Run(ctx, s, bot, set)
				if err != nil {
					return results, err
				}
				results = append(results, result)
				if err := c.show(result); err != nil {
					return results, err
				}
			}
		}
	}
	return results, nil
}

// show prints a result as soon as it is there: as JSON, or as a sign of life.
func (c *call) show(r measure.Result) error {
	if c.json {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	_, err := fmt.Fprintf(os.Stderr, "%s, %s: %d of %d answered, %d twice, %d outages, %d ends\n",
		r.Scenario, r.Bot, r.Answered, r.Commands, r.Duplicates, r.Outages, r.Ends)
	return err
}
