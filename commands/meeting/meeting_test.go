package meeting_test

import (
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/storage"
)

func player() *bottest.Player {
	return &bottest.Player{Features: func(db *storage.DB) []bot.Feature { return commands.All(db, commands.Options{}) }}
}

func TestConversations(t *testing.T) { player().Run(t, "testdata/*.txt") }
