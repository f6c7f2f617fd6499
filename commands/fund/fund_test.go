package fund_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/commands/fund"
	"git.coop/cotech/wortley/commands/fund/ledgerfile"
	"git.coop/cotech/wortley/storage"
)

// player plays conversations with the settings that their own lines change.
func player() *bottest.Player {
	var o fund.Options
	return &bottest.Player{
		Features: func(db *storage.DB) []bot.Feature {
			all := commands.All(db, commands.Options{Fund: o})
			return slices.DeleteFunc(all, func(f bot.Feature) bool { return f.Name != "The fund" && !answersForAll(f) })
		},
		Import: load,
		Set: func(_ *bot.Options, key, value string) error {
			switch key {
			case "fund.announce":
				o.Announce = bot.Room{Site: "matrix", ID: value}
			case "fund.topics":
				name, id, _ := strings.Cut(value, ":")
				o.Topics = bot.Room{Site: "discourse/" + name, ID: id}
			case "fund.cap":
				o.Cap = value
			case "fund.second_above":
				o.Second = value
			case "fund.ask_above":
				o.Ask = value
			case "fund.contributors_only":
				o.ContributorsOnly = value == "yes"
			default:
				return fmt.Errorf("no setting called %q", key)
			}
			return nil
		},
	}
}

// answersForAll finds the feature that has "!forget me"; what the others say
// on the way is their business.
func answersForAll(f bot.Feature) bool {
	return slices.ContainsFunc(f.Commands, func(c bot.Command) bool { return c.Name == "forget" })
}

// load brings in books or members, by the file's ending.
func load(ctx context.Context, db *storage.DB, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if strings.HasSuffix(path, ".csv") {
		members, problems := ledgerfile.ReadMembers(string(text), "GBP")
		if len(problems) > 0 {
			return fmt.Errorf("%v", problems)
		}
		return fund.ImportMembers(ctx, db, members, time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC))
	}
	books, problems := fund.ReadBooks(string(text), filepath.Base(path), "GBP")
	if len(problems) > 0 {
		return fmt.Errorf("%v", problems)
	}
	_, err = books.Import(ctx, db, books.AsOf())
	return err
}

func TestConversations(t *testing.T) {
	for _, file := range files(t) {
		player().Run(t, file) // each with settings of its own
	}
}

func files(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(all) == 0 {
		t.Fatalf("no conversation files (%v)", err)
	}
	return all
}
