package whohas_test

import (
	"context"
	"os"
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands/whohas"
	"git.coop/cotech/wortley/integrations/directory"
	"git.coop/cotech/wortley/storage"
)

func player() *bottest.Player {
	return &bottest.Player{
		Features: func(db *storage.DB) []bot.Feature { return []bot.Feature{whohas.New(db)} },
		Import:   load,
	}
}

func load(ctx context.Context, db *storage.DB, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	entries, _, err := directory.ReadCSV(f)
	if err != nil {
		return err
	}
	return whohas.Load(ctx, db, entries)
}

func TestConversations(t *testing.T) { player().Run(t, "testdata/*.txt") }
