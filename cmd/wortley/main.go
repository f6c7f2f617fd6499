// Wortley is the network coordinator that a federation of co-ops kept wishing
// it could afford.
//
// Try it without accounts or a network:
//
//	go run -tags goolm ./cmd/wortley demo
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
	"time"

	// kong reads the command line: subcommands as structs, help from their
	// tags, and mistakes answered with a suggestion. The standard library's
	// flag package would need most of that written again.
	"github.com/alecthomas/kong"
	"github.com/posener/complete"
	// kongplete answers the shell when Tab is pressed, from the same structs.
	"github.com/willabides/kongplete"
)

// The exit codes. Operators and unit files rely on them.
const (
	exitFine     = 0
	exitWrong    = 1 // something went wrong; trying again may help
	exitCall     = 2 // the command line is wrong
	exitOperator = 3 // somebody has to change something first: the configuration, a login
)

// An operatorError is one that trying again cannot mend.
type operatorError struct{ error }

func (e operatorError) Unwrap() error { return e.error }

// cli is the command line.
type cli struct {
	Config string `short:"c" predictor:"file" placeholder:"FILE" env:"WORTLEY_CONFIG" help:"The configuration; wortley.yaml if there is one here. Every setting can also come from the environment."`

	Demo demoCmd `cmd:"" group:"Try it" help:"Talk to the bot in this terminal: a throw-away database, a real directory, no accounts, no network."`

	Init   initCmd   `cmd:"" group:"A bot of your own" help:"Write a commented configuration."`
	Doctor doctorCmd `cmd:"" group:"A bot of your own" help:"Check the configuration, the data and the login, and say exactly what is missing."`
	Run    runCmd    `cmd:"" group:"A bot of your own" help:"Be the bot, until told to stop."`

	Import  importCmd  `cmd:"" group:"Looking after it" help:"Bring data in."`
	Export  exportCmd  `cmd:"" group:"Looking after it" help:"Take data out."`
	Backup  backupCmd  `cmd:"" group:"Looking after it" help:"Write a verified copy of everything but keys, while the bot runs."`
	Restore restoreCmd `cmd:"" group:"Looking after it" help:"Put a backup in the place of the database."`
	Health  healthCmd  `cmd:"" group:"Looking after it" help:"Ask the running bot how it is; for containers."`

	Play playCmd `cmd:"" group:"Testing it" help:"Play conversation files on a false clock, with the bot's real answers."`

	When  whenCmd  `cmd:"" group:"Testing it" help:"Say how a phrase about time is read."`
	Money moneyCmd `cmd:"" group:"Testing it" help:"Say how an amount is read."`
	Calc  calcCmd  `cmd:"" group:"Testing it" help:"Say what a contribution model comes to."`

	Completion completionCmd `cmd:"" group:"Help" help:"Print what makes Tab complete: source <(wortley completion bash)."`
	Version    versionCmd    `cmd:"" group:"Help" help:"Say which version this is."`
}

const description = `The bot that knows who does what in a network of co-ops.

Begin with "wortley demo". For a bot of your own: "wortley init", fill in what
it wrote, "wortley doctor", "wortley run".`

// app is what every subcommand is given.
type app struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	err    io.Writer
	config string // path of the configuration, "" if none was named
	now    func() time.Time
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program. It returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	var c cli
	code, exited := 0, false
	parser, err := kong.New(&c, kong.Name("wortley"), kong.Description(description), kong.Writers(out, errs),
		kong.Exit(func(n int) { code, exited = n, true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 90}))
	if err != nil {
		panic(err) // the struct tags are wrong
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kongplete.Complete(parser, kongplete.WithPredictor("file", complete.PredictFiles("*")),
		kongplete.WithExitFunc(func(int) { exited = true }))
	if exited {
		return exitFine // the shell asked what may come next
	}
	call, err := parser.Parse(withText(args))
	if exited {
		return code // --help was answered
	}
	if err != nil {
		fmt.Fprintf(errs, "wortley: %s\nTry \"wortley --help\".\n", err)
		return exitCall
	}
	err = call.Run(&app{ctx: ctx, in: in, out: out, err: errs, config: c.Config, now: time.Now})
	return exitCode(err, errs)
}

// aboutText begins an argument that is text, though it begins as a flag: -£5.
var aboutText = regexp.MustCompile(`^-($|[^-a-zA-Z])`)

// withText marks where the flags end for the commands that read what people
// write, so that "wortley money -£5" is about five pounds.
func withText(args []string) []string {
	if args[0] != "money" && args[0] != "when" {
		return args
	}
	for i, a := range args {
		switch {
		case a == "--":
			return args
		case aboutText.MatchString(a):
			return slices.Insert(slices.Clone(args), i, "--")
		}
	}
	return args
}

// exitCode says what went wrong and returns the code for it.
func exitCode(err error, errs io.Writer) int {
	var operator operatorError
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errSaid):
		return exitWrong
	}
	fmt.Fprintf(errs, "wortley: %s\n", err)
	if errors.As(err, &operator) {
		return exitOperator
	}
	return exitWrong
}

// errSaid is an error that has been said to the operator already.
var errSaid = errors.New("already said")
