package about_test

import (
	"testing"

	"git.coop/cotech/wortley/bot"
	"git.coop/cotech/wortley/bot/bottest"
	"git.coop/cotech/wortley/commands"
	"git.coop/cotech/wortley/storage"
)

// TestOneMember plays somebody who is on Matrix, on a forum and in its chat.
func TestOneMember(t *testing.T) {
	p := &bottest.Player{Features: func(db *storage.DB) []bot.Feature { return commands.All(db, commands.Options{}) }}
	p.Run(t, "testdata/one-member.txt")
}
